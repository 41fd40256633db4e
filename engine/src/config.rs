//! What the operator sets when Drainboard starts.

use std::path::PathBuf;
use std::time::Duration;

/// The engine's settings.
#[derive(Clone, Debug)]
pub struct Config {
    /// The SQLite file.
    pub database: PathBuf,
    /// How long single checks are kept.
    pub keep_observations: Duration,
    /// How long the sums of hours are kept, for long ranges.
    pub keep_hours: Duration,
    /// How long events are kept.
    pub keep_events: Duration,
    /// So many checks may be under way at once.
    pub checks_at_once: usize,
    /// So many checks may be under way at once to one host.
    pub checks_per_host: usize,
    /// So many idle connections may be held as sentinels, one file descriptor each.
    pub sentinels_max: usize,
    /// Automatic mode takes nothing out for so long after a start.
    pub automatic_grace: Duration,
    /// What a lab is made with; none where there shall be no lab.
    pub lab: Option<crate::LabConfig>,
    /// What starts cold standbys, by name.
    pub starters: crate::Starters,
    /// Drainboard's version, for the record.
    pub version: String,
}

impl Config {
    /// The defaults, on this file.
    pub fn new(database: impl Into<PathBuf>) -> Self {
        Self {
            database: database.into(),
            keep_observations: Duration::from_secs(30 * 24 * 3600),
            keep_hours: Duration::from_secs(400 * 24 * 3600),
            keep_events: Duration::from_secs(400 * 24 * 3600),
            checks_at_once: 4096,
            checks_per_host: 256,
            sentinels_max: 4096,
            automatic_grace: Duration::from_secs(10),
            lab: None,
            starters: crate::Starters::new(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
        }
    }
}
