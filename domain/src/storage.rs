//! What is kept, for how long, and what that costs on disk.

use serde::{Deserialize, Serialize};

use crate::Timestamp;

/// What the data file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Storage {
    /// The file, in bytes, without its write-ahead log.
    pub file_bytes: u64,
    /// What of it is free for what comes next.
    pub free_bytes: u64,
    /// What single checks take, in bytes: reckoned from the newest ones, since counting all would read the whole file.
    pub checks_bytes: u64,
    /// The oldest single check; none before the first was put where it stays.
    pub oldest_check: Option<Timestamp>,
    /// The oldest hour whose sums are kept.
    pub oldest_hour: Option<Timestamp>,
    /// How long single checks are kept, in seconds.
    pub keep_checks_s: u64,
    /// How long the sums of hours are kept, in seconds.
    pub keep_hours_s: u64,
    /// How long events are kept, in seconds.
    pub keep_events_s: u64,
}

impl Storage {
    /// What is neither free nor single checks: hours, statuses, events, settings.
    pub fn rest_bytes(&self) -> u64 {
        self.file_bytes.saturating_sub(self.free_bytes).saturating_sub(self.checks_bytes)
    }
}
