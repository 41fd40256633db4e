//! What is written in one transaction.

use std::sync::Arc;

use domain::{Event, StandingChange};

/// Events, and what they change in statuses. Cheap to clone, since most change none.
#[derive(Clone, Debug, Default)]
pub struct Batch {
    /// The events in their order.
    pub events: Arc<Vec<Event>>,
    /// What they change in statuses, in their order.
    pub standings: Vec<StandingChange>,
}
