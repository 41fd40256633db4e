//! A target group: targets that do one job, with one way of checking them.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Check, GroupName, Protocol, StandbyRule, clean};

/// Free text about a group; Korean or anything else.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Description(String);

impl Description {
    /// Characters that a description may have.
    pub const MAX: usize = 200;

    /// The text without invisible characters.
    pub fn new(text: &str) -> Self {
        Self(clean(text, Self::MAX))
    }

    /// As text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether nothing is said.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for Description {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The settings of a target group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// Its name; it never changes.
    pub name: GroupName,
    /// What it is for.
    pub description: Description,
    /// How its targets serve.
    pub protocol: Protocol,
    /// The port of targets that are registered without one.
    pub port: u16,
    /// How long a target may finish its connections when it is deregistered, in seconds
    /// (ELBv2 `deregistration_delay.timeout_seconds`).
    pub deregistration_delay_s: u32,
    /// So many healthy targets stay in service: a drain that would leave fewer is refused
    /// (ELBv2 `target_group_health.unhealthy_state_routing.minimum_healthy_targets.count`).
    #[serde(default = "minimum_healthy_targets")]
    pub minimum_healthy_targets: u32,
    /// How its standbys are used.
    #[serde(default)]
    pub standby: StandbyRule,
    /// How its targets are checked.
    pub check: Check,
}

/// ELBv2's default.
fn minimum_healthy_targets() -> u32 {
    1
}
