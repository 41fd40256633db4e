//! The lab: three servers, a target group and a load balancer on this machine, to be broken on purpose.
//!
//! What is shown of it. What runs is the engine's.

use serde::{Deserialize, Serialize};

use crate::{GroupName, ProxyName, Timestamp};

mod backend;
mod comparison;
mod request;
mod stage;

pub use backend::{LabBackend, LabDoing, LabFault, LabManners};
pub use comparison::{CompareStep, LAB_STARTER, LabComparison, TierRun};
pub use request::{LabAnswer, LabRequest, LabShares, LabTally, SLOW_FROM_US};
pub use stage::{LabStage, LabStep, LabTrouble};

/// So many backends a lab has.
pub const LAB_BACKENDS: u8 = 3;

/// So many of the last answers are shown.
pub const LAB_STRIP_MAX: usize = 60;

/// Requests that the synthetic client sends in a second, at most.
pub const LAB_RATE_MAX: u32 = 200;

/// Requests that the synthetic client sends in a second unless somebody wants otherwise.
pub const LAB_RATE: u32 = 10;

/// Whether there is a lab, or may be one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "is", content = "with")]
pub enum LabView {
    /// Others can reach this server, so there is no lab.
    #[default]
    Closed,
    /// None runs, and one may be started.
    Idle {
        /// The command that installs HAProxy, where it is missing.
        install: Option<String>,
    },
    /// One runs.
    Open(Box<Lab>),
}

/// A lab that runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lab {
    /// Differs for each lab.
    pub id: u64,
    /// When it was started.
    pub started_at: Timestamp,
    /// How far it is.
    pub stage: LabStage,
    /// Its servers, in the order of their numbers.
    pub backends: Vec<LabBackend>,
    /// What stands before them.
    pub balancer: LabBalancer,
    /// Its groups, once they have names.
    pub groups: Option<LabGroups>,
    /// Requests that the synthetic client sends in a second.
    pub rate_per_s: u32,
    /// What became of all requests since the start.
    pub tally: LabTally,
    /// The last requests that ended, oldest first; at most [`LAB_STRIP_MAX`].
    pub answers: Vec<LabRequest>,
}

/// The groups of a lab.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LabGroups {
    /// All servers.
    pub web: GroupName,
    /// The servers to which the application load balancer sends `/api/…`.
    pub api: GroupName,
}

/// What stands before the servers of a lab.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "is", content = "with")]
pub enum LabBalancer {
    /// Nothing: HAProxy is not installed. Nobody sends requests then.
    Missing {
        /// The command that installs it.
        install: String,
    },
    /// HAProxy is here and was not started yet.
    Awaited,
    /// HAProxy.
    Haproxy {
        /// The proxy's name on the board.
        proxy: ProxyName,
        /// Its process, while it runs.
        pid: Option<u32>,
        /// The port of the network load balancer, which knows addresses and ports.
        network_port: u16,
        /// The port of the application load balancer, which knows paths, too.
        application_port: u16,
    },
}

impl Lab {
    /// The lab as `newer` says, whose answers are only those that are new.
    #[must_use]
    pub fn followed_by(self, newer: Self) -> Self {
        if self.id != newer.id {
            return newer;
        }
        let known = self.answers.last().map_or(0, |last| last.number);
        let fresh = newer.answers.into_iter().filter(|answer| known < answer.number);
        let mut answers: Vec<LabRequest> = self.answers.into_iter().chain(fresh).collect();
        answers.drain(..answers.len().saturating_sub(LAB_STRIP_MAX));
        Self { answers, ..newer }
    }

    /// Who served the answers that are shown.
    pub fn shares(&self) -> LabShares {
        LabShares::of(&self.answers)
    }

    /// The backend of this number.
    pub fn backend(&self, number: u8) -> Option<&LabBackend> {
        self.backends.iter().find(|backend| backend.number == number)
    }
}

impl LabView {
    /// The lab that runs.
    pub fn lab(&self) -> Option<&Lab> {
        match self {
            Self::Open(lab) => Some(lab),
            Self::Closed | Self::Idle { .. } => None,
        }
    }

    /// What is known after `newer` was heard, whose answers are only those that are new.
    #[must_use]
    pub fn followed_by(self, newer: Self) -> Self {
        match (self, newer) {
            (Self::Open(lab), Self::Open(newer)) => Self::Open(Box::new(lab.followed_by(*newer))),
            (_, newer) => newer,
        }
    }
}

#[cfg(test)]
mod tests;
