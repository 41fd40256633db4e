//! Errors of the verbs, by what the caller can do about them.

use domain::{GroupName, Invalid, Refusal, TargetId};

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

impl From<Refusal> for ChangeError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::NoSuchGroup(name) => Self::NoSuchGroup(name),
            Refusal::NoSuchTarget(id) => Self::NoSuchTarget(id),
            Refusal::Invalid(wrong) => Self::Invalid(wrong),
        }
    }
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
    /// A check that was asked for is under way already, or the target's settings changed meanwhile.
    #[error("This target is being checked right now. Try again in a moment.")]
    Busy,
    /// Drainboard is stopping.
    #[error("Drainboard is stopping. Try again when it runs.")]
    Stopping,
}
