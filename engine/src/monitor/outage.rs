//! The time during which the store cannot write: what is kept until it can, and what it still owes us.

use std::time::Duration;

use domain::{Gap, StoreFault};
use tokio::time::Instant;

use super::arrears::{Arrears, joined};
use super::scribe::Verdict;
use crate::store::Batch;

/// From one attempt to write again to the next.
pub(crate) const RETRY_EVERY: Duration = Duration::from_secs(1);

/// A time during which the store cannot write.
pub(crate) struct Outage {
    /// Why, as it was told.
    pub(crate) why: StoreFault,
    /// When to try again.
    pub(crate) retry_at: Instant,
    /// A write that has not been answered.
    pub(crate) pending: Option<Pending>,
    /// What is to be written when it can be.
    pub(crate) arrears: Arrears,
    /// From the first to the last of what is lost, as far as that is stored: for telling alone.
    pub(crate) lost: Option<Gap>,
}

/// A write that has not been answered.
pub(crate) struct Pending {
    pub(crate) what: Owed,
    pub(crate) verdict: Verdict,
}

/// What an unanswered write was for.
pub(crate) enum Owed {
    /// Events that are shown already.
    Shown(Batch),
    /// A change of the configuration that is not made yet, since nobody knows whether it was saved.
    Change(Batch),
    /// What was kept until then.
    Arrears(Arrears),
}

impl Outage {
    /// The time whose checks are lost when these are stored, too.
    pub(crate) fn lost_with(&self, arrears: &Arrears) -> Option<Gap> {
        match (self.lost, arrears.gap()) {
            (Some(before), Some(gap)) => Some(joined(before, gap)),
            (before, gap) => gap.or(before),
        }
    }
}
