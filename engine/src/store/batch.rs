//! What is written in one transaction.

use std::sync::Arc;

use domain::{Event, StandingChange, Timestamp};

/// Events, and what they change in statuses. Cheap to clone, since most change none.
#[derive(Clone, Debug, Default)]
pub struct Batch {
    /// The events in their order.
    pub events: Arc<Vec<Event>>,
    /// What they change in statuses, in their order.
    pub standings: Vec<StandingChange>,
}

impl Batch {
    /// From when on something is told in it; none: nothing is.
    pub fn begins(&self) -> Option<Timestamp> {
        let first = self.events.first()?;
        let gap = first.kind.gap();
        Some(gap.map_or(first.at, |gap| gap.from.min(first.at)))
    }
}
