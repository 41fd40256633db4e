//! The time during which the store cannot write: what is kept until it can, and what it still owes us.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use domain::{Event, StoreFault, Timestamp};
use tokio::time::Instant;

use super::scribe::Verdict;

/// So many events on record are kept in memory; the oldest go first.
const BACKLOG_MAX: usize = 10_000;

/// From one attempt to write again to the next.
pub(crate) const RETRY_EVERY: Duration = Duration::from_secs(1);

/// A time during which the store cannot write.
pub(crate) struct Outage {
    /// Nothing was stored since then.
    pub(crate) since: Timestamp,
    /// Why.
    pub(crate) why: StoreFault,
    /// When to try again.
    pub(crate) retry_at: Instant,
    /// A write that has not been answered.
    pub(crate) pending: Option<Pending>,
    backlog: VecDeque<Event>,
}

/// A write that has not been answered.
pub(crate) struct Pending {
    pub(crate) what: Owed,
    pub(crate) verdict: Verdict,
}

/// What an unanswered write was for.
pub(crate) enum Owed {
    /// Events that are shown already.
    Shown(Arc<Vec<Event>>),
    /// A change of the configuration that is not made yet, since nobody knows whether it was saved.
    Change(Arc<Vec<Event>>),
    /// The end of the outage itself.
    Heal,
}

impl Outage {
    pub(crate) fn new(since: Timestamp, why: StoreFault, retry_at: Instant) -> Self {
        Self { since, why, retry_at, pending: None, backlog: VecDeque::new() }
    }

    /// Keeps what belongs on the record until the store takes it.
    pub(crate) fn keep(&mut self, events: &[Event]) {
        self.backlog.extend(events.iter().filter(|event| event.kind.is_on_record()).cloned());
        let surplus = self.backlog.len().saturating_sub(BACKLOG_MAX);
        if surplus > 0 {
            tracing::error!(events = surplus, "the store has been away for so long that events are lost");
            self.backlog.drain(..surplus);
        }
    }

    /// Keeps events that came before all that are kept.
    pub(crate) fn keep_before(&mut self, events: &[Event]) {
        let later = std::mem::take(&mut self.backlog);
        self.keep(events);
        self.keep(&Vec::from(later));
    }

    /// What is to be stored when the store is back.
    pub(crate) fn backlog(&self) -> impl Iterator<Item = &Event> {
        self.backlog.iter()
    }
}
