//! How long rows are kept. They go in small steps, so that checking never waits for it.

use std::time::Duration;

use domain::Timestamp;

use crate::Config;

/// From one step to the next.
const PERIOD: Duration = Duration::from_secs(1);

/// How long rows are kept.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Retention {
    observations: Duration,
    events: Duration,
}

impl Retention {
    pub(crate) fn new(config: &Config) -> Self {
        Self { observations: config.keep_observations, events: config.keep_events }
    }

    /// From one step to the next.
    pub(crate) fn period(&self) -> Duration {
        PERIOD
    }

    /// Observations and events from before these moments go.
    pub(crate) fn limits(&self, now: Timestamp) -> (Timestamp, Timestamp) {
        let ago = |age: Duration| now.plus_millis(-i64::try_from(age.as_millis()).unwrap_or(i64::MAX));
        (ago(self.observations), ago(self.events))
    }
}
