//! The failover record: what was seen, told and lost from the first failure of a target until it serves again.
//!
//! [`Chronicle`] decides when a record begins and ends and puts into it what belongs there. [`Figures`] are reckoned from
//! what is in a record, never stored apart from it: what was not measured is missing, with the reason.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{BackendName, Check, Failure, GroupName, LabFault, Mode, ProxyName, Reason, TargetId, Timestamp};

mod bounds;
mod chronicle;
mod evidence;
mod figures;
mod outlook;
mod traffic;

pub use bounds::{Loss, Promise, Term, Unbound};
pub use chronicle::{Chronicle, Turn};
pub use evidence::{Belief, Evidence, Kept, Opinion, SeenCheck, Tick, Told};
pub use figures::{Counted, Figure, Figures, Missing};
pub use outlook::{Alternative, Outlook};
pub use traffic::{COLUMNS, Column, Traffic};

/// The identity of a record: a UUID v7.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FailoverId(Uuid);

impl FailoverId {
    /// The identity that this UUID names.
    pub fn from_uuid(uuid: Uuid) -> Self {
        Self(uuid)
    }
}

impl FromStr for FailoverId {
    type Err = uuid::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

impl fmt::Display for FailoverId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Why a target left service, or how it came back without having been seen to leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// Its checks failed.
    FailedChecks,
    /// A person drained it.
    Drained,
    /// It was deregistered.
    Deregistered,
    /// A drill treated it as unhealthy.
    Drill,
    /// It came back after an absence whose beginning is on no record.
    CameBack,
}

impl Cause {
    /// The API's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::FailedChecks => "failed_checks",
            Self::Drained => "drained",
            Self::Deregistered => "deregistered",
            Self::Drill => "drill",
            Self::CameBack => "came_back",
        }
    }
}

/// How a record ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// The target serves again.
    Whole,
    /// The target was deregistered, moved to another address, or its group deleted.
    Gone,
    /// No proxy serves the group any more, or its checks were switched off.
    Unwatched,
    /// Drainboard stopped before it was over.
    Interrupted,
}

impl Ending {
    /// The API's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Whole => "whole",
            Self::Gone => "gone",
            Self::Unwatched => "unwatched",
            Self::Interrupted => "interrupted",
        }
    }
}

/// A fault whose moment is known, because Drainboard itself inflicted it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// When.
    pub at: Timestamp,
    /// What.
    pub what: LabFault,
}

/// A proxy that serves the group, and what we may do there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Served {
    /// The proxy.
    pub proxy: ProxyName,
    /// Its backend.
    pub backend: BackendName,
    /// What we may do.
    pub mode: Mode,
    /// Whether automatic mode closes the sessions of what it takes out.
    pub cut_unhealthy: bool,
    /// Whether the proxy tells what its own checks say.
    pub tells_health: bool,
}

/// What is written down of one failover.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failover {
    /// Its identity.
    pub id: FailoverId,
    /// The group.
    pub group: GroupName,
    /// The target.
    pub target: TargetId,
    /// Its name on the screen then.
    pub name: String,
    /// Its host and port then.
    pub address: String,
    /// Why it left.
    pub cause: Cause,
    /// The ELBv2 reason, once it is believed to be unhealthy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
    /// What failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<Failure>,
    /// The moment from which everything is counted: of the fault where that is known, else the end of the first check
    /// that failed, or the moment at which somebody took it out.
    pub started_at: Timestamp,
    /// The fault, where its moment is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fault: Option<Fault>,
    /// The end of the last check that passed before; the fault came after that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_good: Option<Timestamp>,
    /// When it was over; none before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Timestamp>,
    /// How it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ending: Option<Ending>,
    /// Nothing is added any more.
    #[serde(default)]
    pub frozen: bool,
    /// The settings of the check then.
    pub check: Check,
    /// The proxies that served the group then.
    #[serde(default)]
    pub served: Vec<Served>,
    /// The names of other targets of the group that could serve when it began.
    #[serde(default)]
    pub others: Vec<String>,
    /// What was seen.
    #[serde(default)]
    pub evidence: Evidence,
    /// What a synthetic client saw, where there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub traffic: Option<Traffic>,
    /// The drill that it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drill: Option<crate::Drill>,
}

/// A record as it stands in a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Brief {
    /// Its identity.
    pub id: FailoverId,
    /// The group.
    pub group: GroupName,
    /// The target.
    pub target: TargetId,
    /// Its name on the screen then.
    pub name: String,
    /// Why it left.
    pub cause: Cause,
    /// The ELBv2 reason.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
    /// The fault, where its moment is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fault: Option<Fault>,
    /// From when everything is counted.
    pub started_at: Timestamp,
    /// When it was over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Timestamp>,
    /// How it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ending: Option<Ending>,
    /// The figures.
    pub figures: Figures,
    /// The drill that it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drill: Option<crate::Drill>,
}

/// What is told of a record when it begins and when it is frozen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FailoverNote {
    /// Its identity.
    pub id: FailoverId,
    /// The group.
    pub group: GroupName,
    /// The target.
    pub target: TargetId,
    /// Its name on the screen then.
    pub name: String,
    /// Why it left.
    pub cause: Cause,
    /// How it ended; none when it has only begun.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ending: Option<Ending>,
    /// Milliseconds until it was found, out of service, and whole again, as far as measured.
    #[serde(default)]
    pub took_ms: [Option<f64>; 3],
    /// Requests that were lost, as far as measured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lost: Option<f64>,
}

impl Eq for FailoverNote {}

impl FailoverNote {
    /// What is told of a record now.
    pub fn of(failover: &Failover) -> Self {
        let figures = failover.figures();
        let Figures { detect_ms, out_of_service_ms, recover_ms, requests_lost, .. } = figures;
        Self {
            id: failover.id,
            group: failover.group.clone(),
            target: failover.target,
            name: failover.name.clone(),
            cause: failover.cause,
            ending: failover.ending.filter(|_| failover.frozen),
            took_ms: [detect_ms, out_of_service_ms, recover_ms].map(|figure| figure.value),
            lost: requests_lost.value,
        }
    }
}

impl Failover {
    /// As it stands in a list.
    pub fn brief(&self) -> Brief {
        Brief {
            id: self.id,
            group: self.group.clone(),
            target: self.target,
            name: self.name.clone(),
            cause: self.cause,
            reason: self.reason,
            fault: self.fault,
            started_at: self.started_at,
            ended_at: self.ended_at,
            ending: self.ending,
            figures: self.figures(),
            drill: self.drill.clone(),
        }
    }

    /// Milliseconds from the beginning to `at`; zero before it.
    pub fn after(&self, at: Timestamp) -> u64 {
        at.millis_since(self.started_at)
    }

    /// Drainboard stopped before it was over: nothing is known of the rest.
    pub fn interrupt(&mut self) {
        if !self.frozen {
            self.ending = self.ending.or(Some(Ending::Interrupted));
            self.frozen = true;
        }
    }
}

#[cfg(test)]
mod tests;
