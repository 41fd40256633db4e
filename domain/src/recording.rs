//! Whether what is shown is also stored.

use serde::{Deserialize, Serialize};

use crate::Timestamp;
use crate::tagged::read_tagged;

/// Whether the store takes what we see.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "is")]
pub enum Recording {
    /// It does.
    #[default]
    On,
    /// It cannot; checking and showing go on from memory.
    Off {
        /// Nothing was stored since then.
        since: Timestamp,
        /// Why.
        why: StoreFault,
    },
}

impl Recording {
    /// Whether it does.
    pub fn is_on(&self) -> bool {
        *self == Self::On
    }

    /// Since when nothing is stored.
    pub fn off_since(&self) -> Option<Timestamp> {
        match self {
            Self::On => None,
            Self::Off { since, .. } => Some(*since),
        }
    }
}

read_tagged! {
    Recording { On {} Off { since, why } }
    with { since: Timestamp, why: StoreFault }
}

/// Why the store does not take what we see. `Display` is the sentence in English.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum StoreFault {
    /// No space.
    #[error("the disk is full; free some space")]
    Full,
    /// The file or its file system does not take writes.
    #[error("the data file is read-only; make the file, its directory and its file system writable")]
    ReadOnly,
    /// The file is not in its place any more.
    #[error("the data file was moved or deleted; put it back, or restart to begin with an empty one")]
    Gone,
    /// The disk fails.
    #[error("the disk of the data file fails; look at the system's log ({0})")]
    Io(String),
    /// Another program holds the lock.
    #[error("another program keeps the data file locked; close what has it open (a sqlite3 shell, a backup)")]
    Busy,
    /// The file is damaged.
    #[error("the data file is damaged; stop Drainboard and restore it from a backup ({0})")]
    Corrupt(String),
    /// A write has not ended in time; what it is of is shown all the same.
    #[error("the disk has not finished a write for over a second")]
    Slow,
    /// A write has not ended in time; what it is of is not shown, and may be saved.
    #[error(
        "the disk has not confirmed it within 3 s. It may still be saved: look at the page again before you repeat it"
    )]
    Unconfirmed,
    /// In words that are not ours.
    #[error("{0}")]
    #[serde(untagged)]
    Other(String),
}

/// A time for which nothing is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gap {
    /// Its first moment.
    pub from: Timestamp,
    /// The first moment after it.
    pub to: Timestamp,
}
