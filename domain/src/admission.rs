//! What a person wants of a target: in service, or out of it. A wish; what proxies make of it is another matter.

use serde::{Deserialize, Serialize};

use crate::{Actor, Status, Timestamp, clean};

/// A target that is to be out of service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drain {
    /// Why, in the words of who wants it.
    pub reason: DrainReason,
    /// Who wants it.
    pub by: Actor,
    /// Since when.
    pub at: Timestamp,
    /// When connections that are still open then may be cut (ELBv2 `deregistration_delay.timeout_seconds`).
    pub delay_ends_at: Timestamp,
    /// What becomes of connections that are still open then.
    pub after_delay: AfterDelay,
    /// When it returns by itself, if it is healthy then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
    /// What it is for.
    #[serde(default)]
    pub purpose: Purpose,
    /// How far it is.
    #[serde(default)]
    pub stage: DrainStage,
    /// It should have returned then, and did not, since it was not healthy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overdue_since: Option<Timestamp>,
}

/// Why a target is taken out; at most [`DrainReason::MAX`] characters.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DrainReason(String);

impl DrainReason {
    /// Characters that a reason may have.
    pub const MAX: usize = 200;

    /// The text without invisible characters.
    pub fn new(text: &str) -> Self {
        Self(clean(text, Self::MAX))
    }

    /// As text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What becomes of connections that are still open after the deregistration delay.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AfterDelay {
    /// They may take as long as they like.
    #[default]
    Wait,
    /// They are closed, where the proxy can do that.
    Cut,
}

impl AfterDelay {
    /// The API's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Wait => "wait",
            Self::Cut => "cut",
        }
    }
}

impl std::str::FromStr for AfterDelay {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        [Self::Wait, Self::Cut].into_iter().find(|after| after.as_str() == text).ok_or(())
    }
}

/// What a drain is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// Work on the target; it comes back.
    #[default]
    Maintenance,
    /// The target is deregistered as soon as it is empty, or after the delay.
    Deregistration,
}

/// How far a drain is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DrainStage {
    /// Some proxy still uses it, or cannot tell that it does not.
    #[default]
    Draining,
    /// No proxy uses it: safe to work on.
    Empty,
}

impl DrainStage {
    /// The status of a target that is so far.
    pub fn status(self) -> Status {
        match self {
            Self::Draining => Status::Draining,
            Self::Empty => Status::Unused,
        }
    }
}

/// So old a drain is pointed out, whatever its lease.
pub const DRAIN_OLD_AFTER_MS: i64 = 24 * 3600 * 1000;

/// So long a drain may be leased: 30 days, in seconds.
pub const LEASE_MAX_S: u32 = 30 * 24 * 3600;

impl Drain {
    /// Whether somebody should be reminded of it: it is past its lease, or older than a day.
    pub fn is_forgotten(&self, now: Timestamp) -> bool {
        self.overdue_since.is_some() || self.forgotten_at() <= now
    }

    /// From when on somebody should be reminded of it, whatever its lease.
    pub fn forgotten_at(&self) -> Timestamp {
        self.at.plus_millis(DRAIN_OLD_AFTER_MS + 1)
    }
}

/// A drain as somebody asks for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DrainWish {
    /// See [`Drain::reason`].
    pub reason: DrainReason,
    /// See [`Drain::by`].
    pub by: Actor,
    /// When it was asked for.
    pub at: Timestamp,
    /// How long it may last before it returns by itself, in seconds.
    pub lease_s: Option<u32>,
    /// See [`Drain::after_delay`].
    pub after_delay: AfterDelay,
    /// Whether the group's minimum may be undercut.
    pub floor: FloorRule,
}

/// Whether the group's minimum of healthy targets holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FloorRule {
    /// A change that would leave fewer is refused.
    Keep,
    /// Somebody knows that fewer will be left, and wants it.
    Override,
}

/// Why a target comes back into service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReturnCause {
    /// Somebody wants it.
    Asked,
    /// Its lease ended, and it is healthy.
    Expired,
    /// No proxy in which we may drain stands before the group any more.
    Unbound,
}
