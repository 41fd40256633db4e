//! The word on the screen, and why: derived, never stored.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{DrainStage, Failure, Health, OwnFault};

/// The status of a target, in ELBv2's words (`TargetHealthStateEnum`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// The first checks are under way.
    Initial,
    /// It passes.
    Healthy,
    /// It fails.
    Unhealthy,
    /// It is being taken out.
    Draining,
    /// It is registered and serves nobody.
    Unused,
    /// Its health is not known.
    Unavailable,
}

impl Status {
    /// All statuses, in the API's order.
    pub const ALL: [Self; 6] =
        [Self::Initial, Self::Healthy, Self::Unhealthy, Self::Draining, Self::Unused, Self::Unavailable];

    /// The API's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Initial => "initial",
            Self::Healthy => "healthy",
            Self::Unhealthy => "unhealthy",
            Self::Draining => "draining",
            Self::Unused => "unused",
            Self::Unavailable => "unavailable",
        }
    }
}

impl Status {
    /// That of a target in service.
    pub fn derive(health: &Health, blind: Option<&OwnFault>, enabled: bool) -> Self {
        match (enabled, blind, health) {
            (false, _, _) | (true, Some(_), _) => Self::Unavailable,
            (true, None, Health::Healthy { .. }) => Self::Healthy,
            (true, None, Health::Unhealthy { .. }) => Self::Unhealthy,
            (true, None, Health::Initial { .. }) => Self::Initial,
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl std::str::FromStr for Status {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|status| status.as_str() == text).ok_or(())
    }
}

/// Why a status is what it is, in ELBv2's codes (`TargetHealthReasonEnum`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Reason {
    /// The target was registered and not checked yet.
    #[serde(rename = "Elb.RegistrationInProgress")]
    RegistrationInProgress,
    /// Not enough results yet.
    #[serde(rename = "Elb.InitialHealthChecking")]
    InitialHealthChecking,
    /// An HTTP status code that the matcher does not allow.
    #[serde(rename = "Target.ResponseCodeMismatch")]
    ResponseCodeMismatch,
    /// No answer in time.
    #[serde(rename = "Target.Timeout")]
    Timeout,
    /// The connection failed or the answer was malformed.
    #[serde(rename = "Target.FailedHealthChecks")]
    FailedHealthChecks,
    /// Checks are switched off.
    #[serde(rename = "Target.HealthCheckDisabled")]
    HealthCheckDisabled,
    /// The fault is Drainboard's or its machine's.
    #[serde(rename = "Elb.InternalError")]
    InternalError,
    /// It is being taken out.
    #[serde(rename = "Target.DeregistrationInProgress")]
    DeregistrationInProgress,
    /// It was taken out of service, and no proxy uses it any more.
    #[serde(rename = "Target.NotInUse")]
    NotInUse,
}

impl Reason {
    /// All reasons, in the order of their numbers in the store. New ones are added at the end.
    pub const ALL: [Self; 9] = [
        Self::RegistrationInProgress,
        Self::InitialHealthChecking,
        Self::ResponseCodeMismatch,
        Self::Timeout,
        Self::FailedHealthChecks,
        Self::HealthCheckDisabled,
        Self::InternalError,
        Self::DeregistrationInProgress,
        Self::NotInUse,
    ];

    /// Its number where it is stored as one.
    pub fn code(self) -> u8 {
        self as u8
    }

    /// The reason with this number.
    pub fn from_code(code: u8) -> Option<Self> {
        Self::ALL.get(usize::from(code)).copied()
    }

    /// The code.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::RegistrationInProgress => "Elb.RegistrationInProgress",
            Self::InitialHealthChecking => "Elb.InitialHealthChecking",
            Self::ResponseCodeMismatch => "Target.ResponseCodeMismatch",
            Self::Timeout => "Target.Timeout",
            Self::FailedHealthChecks => "Target.FailedHealthChecks",
            Self::HealthCheckDisabled => "Target.HealthCheckDisabled",
            Self::InternalError => "Elb.InternalError",
            Self::DeregistrationInProgress => "Target.DeregistrationInProgress",
            Self::NotInUse => "Target.NotInUse",
        }
    }

    /// ELBv2's description, as the AWS documentation gives it. `failure` fills in the code of a mismatch.
    pub fn description(self, failure: Option<&Failure>) -> String {
        match (self, failure) {
            (Self::ResponseCodeMismatch, Some(Failure::Status { code, .. })) => {
                format!("Health checks failed with these codes: [{code}]")
            }
            (Self::ResponseCodeMismatch, _) => "Health checks failed with unexpected codes".to_owned(),
            (Self::RegistrationInProgress, _) => "Target registration is in progress".to_owned(),
            (Self::InitialHealthChecking, _) => "Initial health checks in progress".to_owned(),
            (Self::Timeout, _) => "Request timed out".to_owned(),
            (Self::FailedHealthChecks, _) => "Health checks failed".to_owned(),
            (Self::HealthCheckDisabled, _) => "Health checks are disabled".to_owned(),
            (Self::InternalError, _) => "Health checks failed due to an internal error".to_owned(),
            (Self::DeregistrationInProgress, _) => "Target deregistration is in progress".to_owned(),
            (Self::NotInUse, _) => "Target is out of service".to_owned(),
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A status with its reason, made from what we believe and what we can see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The word.
    pub status: Status,
    /// The code; none when healthy.
    pub reason: Option<Reason>,
    /// ELBv2's description of the reason.
    pub description: Option<String>,
}

impl Standing {
    /// Derives the status of a target in service. `checked` says whether there was a check since registration.
    pub fn derive(health: &Health, blind: Option<&OwnFault>, enabled: bool, checked: bool) -> Self {
        let (reason, failure) = match (enabled, blind, health) {
            (false, _, _) => (Some(Reason::HealthCheckDisabled), None),
            (true, Some(fault), _) => (Some(fault.reason()), None),
            (true, None, Health::Healthy { .. }) => (None, None),
            (true, None, Health::Unhealthy { cause, .. }) => (Some(cause.reason()), Some(cause)),
            (true, None, Health::Initial { .. }) if checked => (Some(Reason::InitialHealthChecking), None),
            (true, None, Health::Initial { .. }) => (Some(Reason::RegistrationInProgress), None),
        };
        let status = Status::derive(health, blind, enabled);
        Self { status, reason, description: reason.map(|reason| reason.description(failure)) }
    }

    /// The status of a target that is to be out of service, whatever its health.
    pub fn drained(stage: DrainStage) -> Self {
        let reason = match stage {
            DrainStage::Draining => Reason::DeregistrationInProgress,
            DrainStage::Empty => Reason::NotInUse,
        };
        Self { status: stage.status(), reason: Some(reason), description: Some(reason.description(None)) }
    }
}

/// How many targets have each status.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Targets whose first checks are under way.
    pub initial: u32,
    /// Targets that pass.
    pub healthy: u32,
    /// Targets that fail.
    pub unhealthy: u32,
    /// Targets that are being taken out.
    pub draining: u32,
    /// Targets that serve nobody.
    pub unused: u32,
    /// Targets whose health is not known.
    pub unavailable: u32,
}

impl Counts {
    /// How many have `status`.
    pub fn of(&self, status: Status) -> u32 {
        match status {
            Status::Initial => self.initial,
            Status::Healthy => self.healthy,
            Status::Unhealthy => self.unhealthy,
            Status::Draining => self.draining,
            Status::Unused => self.unused,
            Status::Unavailable => self.unavailable,
        }
    }

    /// All targets.
    pub fn total(&self) -> u32 {
        Status::ALL.into_iter().map(|status| self.of(status)).sum()
    }

    /// Both together.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self {
            initial: self.initial + other.initial,
            healthy: self.healthy + other.healthy,
            unhealthy: self.unhealthy + other.unhealthy,
            draining: self.draining + other.draining,
            unused: self.unused + other.unused,
            unavailable: self.unavailable + other.unavailable,
        }
    }
}

impl FromIterator<Status> for Counts {
    fn from_iter<I: IntoIterator<Item = Status>>(statuses: I) -> Self {
        let mut counts = Self::default();
        for status in statuses {
            let slot = match status {
                Status::Initial => &mut counts.initial,
                Status::Healthy => &mut counts.healthy,
                Status::Unhealthy => &mut counts.unhealthy,
                Status::Draining => &mut counts.draining,
                Status::Unused => &mut counts.unused,
                Status::Unavailable => &mut counts.unavailable,
            };
            *slot += 1;
        }
        counts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_reasons_are_their_places() {
        for reason in Reason::ALL {
            assert_eq!(Reason::from_code(reason.code()), Some(reason));
        }
        assert_eq!((Reason::Timeout.code(), Reason::NotInUse.code(), Reason::from_code(9)), (3, 8, None));
    }
}
