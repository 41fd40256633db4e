//! How long what is stored is kept. It goes, and moves to where it is kept, in small steps, so that checking never waits.

use std::time::Duration;

use domain::Timestamp;

use crate::Config;
use crate::store::Cutoffs;

/// From one step of deleting to the next.
pub(crate) const PRUNE_PERIOD: Duration = Duration::from_secs(2);

/// From one step of moving checks from the log into chunks to the next.
pub(crate) const FOLD_PERIOD: Duration = Duration::from_millis(250);

/// How long what is stored is kept.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Retention {
    checks: Duration,
    hours: Duration,
    events: Duration,
}

impl Retention {
    pub(crate) fn new(config: &Config) -> Self {
        Self { checks: config.keep_observations, hours: config.keep_hours, events: config.keep_events }
    }

    /// What is older at `now` goes.
    pub(crate) fn cutoffs(&self, now: Timestamp) -> Cutoffs {
        let ago = |age: Duration| now.plus_millis(-i64::try_from(age.as_millis()).unwrap_or(i64::MAX));
        Cutoffs { checks: ago(self.checks), hours: ago(self.hours), events: ago(self.events) }
    }
}
