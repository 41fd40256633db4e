//! Maps with numbers for keys.

use std::collections::BTreeMap;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

/// Reads one whose keys came as texts, as JSON has them, also where they were taken in as texts before.
pub(crate) fn read<'de, D, V>(deserializer: D) -> Result<BTreeMap<u8, V>, D::Error>
where
    D: Deserializer<'de>,
    V: Deserialize<'de>,
{
    let texts = BTreeMap::<String, V>::deserialize(deserializer)?;
    texts.into_iter().map(|(key, value)| Ok((key.parse().map_err(D::Error::custom)?, value))).collect()
}
