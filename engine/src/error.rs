//! Errors of the verbs, by what the caller can do about them.

use domain::{GroupName, Invalid, TargetId};

use crate::store::OpenError;

/// Why the engine did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The store could not be opened.
    #[error(transparent)]
    Store(#[from] OpenError),
    /// What checks need could not be set up.
    #[error("checks cannot be made: {0}")]
    Probe(String),
}

/// Why a change was not made. Nothing of it was saved.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChangeError {
    /// There is no such group.
    #[error("There is no target group {0}.")]
    NoSuchGroup(GroupName),
    /// There is no such target.
    #[error("There is no target {0} in this group.")]
    NoSuchTarget(TargetId),
    /// What was asked for is not valid.
    #[error("The request is not valid.")]
    Invalid(Vec<Invalid>),
    /// The store cannot write.
    #[error("The change could not be saved, so it was not made: {0}")]
    NotRecorded(String),
    /// Drainboard is stopping.
    #[error("Drainboard is stopping. Try again when it runs.")]
    Stopping,
}

/// Why a target could not be checked at once.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CheckNowError {
    /// There is no such target.
    #[error("There is no target {0} in this group.")]
    NoSuchTarget(TargetId),
    /// Checks are switched off.
    #[error("Health checks of this group are disabled. Enable them first.")]
    Disabled,
    /// Drainboard is stopping.
    #[error("Drainboard is stopping. Try again when it runs.")]
    Stopping,
}
