//! Reads what the server says.

use serde::Deserialize;
use serde::de::DeserializeOwned;

/// Reads an object from JSON.
///
/// It is taken in whole before its parts are read. Enums with a tag do so anyway, each for its own content, and what they
/// hold would be compiled twice: once for text, and once for what was taken in.
pub(crate) fn read<T: DeserializeOwned>(json: &str) -> serde_json::Result<T> {
    /// Flattening is what takes it in.
    #[derive(Deserialize)]
    struct Whole<T> {
        #[serde(flatten)]
        object: T,
    }

    serde_json::from_str(json).map(|Whole { object }| object)
}
