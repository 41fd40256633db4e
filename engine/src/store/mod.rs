//! The only SQL.

use domain::{EventNumber, GroupName, TargetId};

/// Why the store was not opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Placeholder until the store stands.
    #[error("not yet")]
    NotYet,
}

/// Why the store could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// Placeholder until the store stands.
    #[error("not yet")]
    NotYet,
}

/// Which events are wanted.
#[derive(Clone, Debug, Default)]
pub struct EventFilter {
    /// Only events after this number; the oldest first then.
    pub since: Option<EventNumber>,
    /// Only events before this number.
    pub before: Option<EventNumber>,
    /// Only events of this group.
    pub group: Option<GroupName>,
    /// Only events of this target.
    pub target: Option<TargetId>,
    /// At most so many; newest first unless `since` is given.
    pub limit: u32,
}
