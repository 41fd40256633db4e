//! How far a lab is.

use serde::{Deserialize, Serialize};

/// How far a lab is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "is", content = "with")]
pub enum LabStage {
    /// It is being set up; this step is under way.
    Provisioning(LabStep),
    /// It serves.
    Active,
    /// It could not be set up. What there is of it stays until it is ended.
    Failed(LabTrouble),
    /// It is being removed.
    Ending,
}

/// A step of setting a lab up, in the order in which they are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LabStep {
    /// The three server processes start.
    Servers,
    /// HAProxy starts.
    Balancer,
    /// Groups, targets, proxy and bindings are registered.
    Registration,
    /// The first checks pass, and the first request is answered.
    FirstChecks,
}

impl LabStep {
    /// All of them, in order.
    pub const ALL: [Self; 4] = [Self::Servers, Self::Balancer, Self::Registration, Self::FirstChecks];
}

/// Why a lab could not be set up. The texts are the system's, in English.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "is", content = "with")]
pub enum LabTrouble {
    /// The lab's directory could not be made or written.
    Directory(String),
    /// A server did not start.
    Server(u8, String),
    /// HAProxy did not start.
    Balancer(String),
    /// Something could not be registered.
    Registration(String),
    /// The step was not done in time.
    Late(LabStep),
    /// A part of the lab ended by itself.
    Broken,
}
