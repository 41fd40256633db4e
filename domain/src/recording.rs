//! Whether what is shown is also stored.

use serde::{Deserialize, Serialize};

use crate::Timestamp;

/// Whether the store takes what we see.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "is")]
pub enum Recording {
    /// It does.
    #[default]
    On,
    /// It cannot; checking and showing go on from memory.
    Off {
        /// Nothing was stored since then.
        since: Timestamp,
        /// Why, for a person.
        why: String,
    },
}

/// A time for which nothing is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gap {
    /// Its first moment.
    pub from: Timestamp,
    /// The first moment after it.
    pub to: Timestamp,
}
