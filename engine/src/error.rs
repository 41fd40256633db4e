//! Errors of the verbs, by what the caller can do about them.

use domain::{
    BindingId, Consequence, GroupName, Invalid, ProxyName, Refusal, ScheduleId, ServerName, StoreFault, TargetId,
};

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

/// Why a drill cannot be held.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DrillRefusal {
    /// No proxy serves the group.
    #[error("No proxy serves this group, so there is nothing to fail over. Bind a backend to it first.")]
    NotServed,
    /// The target does not serve.
    #[error("The target does not serve now. Hold the drill on one that is healthy and in service.")]
    NotServing,
    /// No other target serves.
    #[error("No other target serves, so a drill would be an outage. Bring another one into service first.")]
    NobodyElse,
    /// The target is no server of the lab.
    #[error("Drainboard can kill and hang only the servers of its own lab. Choose another kind of drill.")]
    NotInLab,
    /// The lab did not do it.
    #[error("{0}")]
    Lab(String),
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
    /// There is no such proxy.
    #[error("There is no proxy {0}.")]
    NoSuchProxy(ProxyName),
    /// There is no such binding.
    #[error("There is no binding {0}.")]
    NoSuchBinding(BindingId),
    /// No proxy in which we may drain stands before the group.
    #[error(
        "No proxy in which Drainboard may drain stands before the target group {0}. Bind a backend to it, by hand or automatic."
    )]
    NotBound(GroupName),
    /// Fewer than the group's minimum would stay in service.
    #[error(
        "That would leave {} healthy in service, and the group's minimum is {}. Return another target first, or override it.",
        .0.stays, .0.floor
    )]
    Floor(Box<Consequence>),
    /// No proxy takes targets of the group out by itself.
    #[error("Drainboard takes no target of {0} out by itself. Bind a backend to it in automatic mode first.")]
    NotAutomatic(GroupName),
    /// A drill cannot be held, and why.
    #[error("{0}")]
    NoDrill(#[from] DrillRefusal),
    /// The target is not a standby.
    #[error("The target {0} is not a standby. Make it one first.")]
    NotAStandby(TargetId),
    /// There is no such schedule of drills in the group.
    #[error("There is no schedule {0} of drills in this group.")]
    NoSuchSchedule(ScheduleId),
    /// No starter of this name is configured.
    #[error("No starter named {0:?} is in the configuration file. Add it there and start Drainboard again.")]
    NoSuchStarter(String),
    /// Nobody else changed this server.
    #[error("Nobody else has changed {0} meanwhile. Look at the page again.")]
    NotChangedOutside(ServerName),
    /// What we changed in a proxy could not be put back, so nothing was removed.
    #[error(
        "{0} Nothing was removed. Try again when the proxy answers, or remove it and leave the servers as they are."
    )]
    NotPutBack(String),
    /// The group is bound to a proxy.
    #[error("The target group {0} is bound to a proxy backend. Remove the binding first, or delete both at once.")]
    GroupIsBound(GroupName),
    /// The store cannot write.
    #[error("The change could not be saved, so it was not made: {0}")]
    NotRecorded(StoreFault),
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
            Refusal::NoSuchProxy(name) => Self::NoSuchProxy(name),
            Refusal::NoSuchBinding(id) => Self::NoSuchBinding(id),
            Refusal::NotBound(name) => Self::NotBound(name),
            Refusal::Floor(consequence) => Self::Floor(consequence),
            Refusal::NotAutomatic(group) => Self::NotAutomatic(group),
            Refusal::NotAStandby(id) => Self::NotAStandby(id),
            Refusal::NoSuchSchedule(id) => Self::NoSuchSchedule(id),
            Refusal::NotChangedOutside(server) => Self::NotChangedOutside(server),
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
    /// Too many wait for a check of it already, or the target's settings changed meanwhile.
    #[error("This target could not be checked right now. Try again in a moment.")]
    Busy,
    /// Drainboard is stopping.
    #[error("Drainboard is stopping. Try again when it runs.")]
    Stopping,
}
