//! A binding: which backend of a proxy serves which target group, and what we may do there.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{Admin, BackendName, GroupName, Map, Order, ProxyName, ServerName, TargetId, Timestamp};

/// The identity of a binding: a UUID v7.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct BindingId(Uuid);

impl BindingId {
    /// The identity that this UUID names.
    pub fn from_uuid(uuid: Uuid) -> Self {
        Self(uuid)
    }
}

impl FromStr for BindingId {
    type Err = uuid::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

impl fmt::Display for BindingId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What we may do in a backend.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Only show.
    #[default]
    Observe,
    /// Drain and return what a person says.
    ByHand,
    /// Also take unhealthy targets out, and bring healthy ones back.
    Automatic,
}

impl Mode {
    /// All modes, the more careful first.
    pub const ALL: [Self; 3] = [Self::Observe, Self::ByHand, Self::Automatic];

    /// The API's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Observe => "observe",
            Self::ByHand => "by_hand",
            Self::Automatic => "automatic",
        }
    }

    /// Whether a person's drain is carried out in the backend.
    pub fn drains(self) -> bool {
        self != Self::Observe
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Mode {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|mode| mode.as_str() == text).ok_or(())
    }
}

/// The changes that automatic mode may make in a minute, unless the binding says otherwise.
pub const CHANGES_PER_MINUTE: u32 = 3;

/// The settings of a binding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Binding {
    /// Its identity.
    pub id: BindingId,
    /// The proxy.
    pub proxy: ProxyName,
    /// The proxy's backend.
    pub backend: BackendName,
    /// The group whose targets its servers are.
    pub group: GroupName,
    /// What we may do.
    pub mode: Mode,
    /// So many changes automatic mode makes in a minute at most.
    #[serde(default = "changes_per_minute")]
    pub changes_per_minute: u32,
    /// Whether automatic mode closes the sessions of a server that it takes out because its target is unhealthy: whoever
    /// waits for it goes elsewhere at once.
    #[serde(default)]
    pub cut_unhealthy: bool,
}

impl Binding {
    /// What we may do there.
    pub fn conduct(&self) -> Conduct {
        let Self { mode, changes_per_minute, cut_unhealthy, .. } = *self;
        Conduct { mode, changes_per_minute, cut_unhealthy }
    }

    /// The same backend and group, with another conduct.
    #[must_use]
    pub fn with(&self, Conduct { mode, changes_per_minute, cut_unhealthy }: Conduct) -> Self {
        Self { mode, changes_per_minute, cut_unhealthy, ..self.clone() }
    }
}

/// What we may do in a bound backend: the settings of a binding that can be changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Conduct {
    /// See [`Binding::mode`].
    pub mode: Mode,
    /// See [`Binding::changes_per_minute`].
    pub changes_per_minute: u32,
    /// See [`Binding::cut_unhealthy`].
    pub cut_unhealthy: bool,
}

impl Default for Conduct {
    fn default() -> Self {
        Self { mode: Mode::default(), changes_per_minute: CHANGES_PER_MINUTE, cut_unhealthy: false }
    }
}

fn changes_per_minute() -> u32 {
    CHANGES_PER_MINUTE
}

/// A binding on the board.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BindingState {
    /// Its settings.
    pub binding: Binding,
    /// The servers that we hold out of service, by the proxy's names of them.
    #[serde(default)]
    pub holds: Map<ServerName, Hold>,
    /// The servers that somebody else changed, and what they are since then.
    #[serde(default)]
    pub outside: Map<ServerName, Outside>,
    /// The orders that were not carried out, by server, until one is.
    #[serde(default)]
    pub troubles: Map<ServerName, Trouble>,
    /// Why automatic mode waits with what it would do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waiting: Option<Doubt>,
    /// The sessions of the servers that drain, oldest first.
    #[serde(default)]
    pub curves: Map<ServerName, Curve>,
}

impl BindingState {
    /// The newest order that was not carried out.
    pub fn trouble(&self) -> Option<&Trouble> {
        self.troubles.values().max_by_key(|trouble| trouble.at)
    }

    /// A binding that has done nothing yet.
    pub fn new(binding: Binding) -> Self {
        Self {
            binding,
            holds: Map::new(),
            outside: Map::new(),
            troubles: Map::new(),
            waiting: None,
            curves: Map::new(),
        }
    }
}

/// A server that we hold out of service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hold {
    /// What the proxy is told.
    pub order: Order,
    /// The target that it is; none once that was deregistered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<TargetId>,
    /// On whose behalf.
    pub cause: HoldCause,
    /// Since when.
    pub at: Timestamp,
    /// What is needed to undo it exactly.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kept: Option<String>,
    /// The instance of the proxy that has carried it out; none before that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub told: Option<String>,
    /// The proxy was reloaded or restarted since it first carried it out: sessions that the process before still has are
    /// not seen.
    #[serde(default)]
    pub lost_sight: bool,
    /// When sessions that outlasted the delay were last cut.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cut_at: Option<Timestamp>,
}

/// On whose behalf a server is held out of service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HoldCause {
    /// A person drained the target.
    Person,
    /// The target is unhealthy, and the binding is automatic.
    Policy,
    /// The target was deregistered: the proxy must not use the server again.
    Deregistered,
    /// The target is a standby that is not promoted.
    Standby,
}

impl HoldCause {
    /// The API's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Policy => "policy",
            Self::Deregistered => "deregistered",
            Self::Standby => "standby",
        }
    }
}

/// Something that somebody else changed in a proxy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outside {
    /// What holds now.
    pub admin: Admin,
    /// Since when we know it.
    pub since: Timestamp,
}

/// An order that a proxy did not carry out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trouble {
    /// When.
    pub at: Timestamp,
    /// The server.
    pub server: ServerName,
    /// What the proxy answered, or why it could not be asked.
    pub why: String,
    /// So often it was tried in a row, for the same reason.
    pub tries: u32,
}

/// An order that failed is given again after so long, and twice as long each time, in milliseconds.
const RETRY_AFTER_MS: u64 = 5_000;

/// An order that keeps failing is given again after so long at the latest, in milliseconds.
const RETRY_AFTER_MAX_MS: u64 = 60_000;

impl Trouble {
    /// Whether the order may be given again.
    pub fn may_retry(&self, now: Timestamp) -> bool {
        let pause = RETRY_AFTER_MS.saturating_mul(1 << self.tries.saturating_sub(1).min(10));
        pause.min(RETRY_AFTER_MAX_MS) <= now.millis_since(self.at)
    }
}

/// Why automatic mode waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum Doubt {
    /// Drainboard started a moment ago, or has not checked every target since.
    #[error("Drainboard has just started and waits until it has checked every target")]
    Grace,
    /// Some target could not be checked, and the fault is ours.
    #[error("Drainboard cannot check every target, and the fault is its own")]
    Blind,
    /// Everything that we check failed at once, which is more likely our own network.
    #[error("everything that is checked fails at once: the fault may be Drainboard's own network")]
    WholeFleet,
    /// One more would leave too few.
    #[error("one target less would leave fewer than the group's minimum in service")]
    Floor,
    /// Enough was changed in this minute.
    #[error("the changes allowed in a minute are used up")]
    Rate,
}

impl Doubt {
    /// The API's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Grace => "grace",
            Self::Blind => "blind",
            Self::WholeFleet => "whole_fleet",
            Self::Floor => "floor",
            Self::Rate => "rate",
        }
    }
}

/// So many looks a curve keeps.
pub const CURVE_MAX: usize = 90;

/// How many sessions a server had while it drained, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Curve {
    /// When, and how many.
    pub points: Vec<(Timestamp, u64)>,
    /// Sessions that the server ever had when the drain began, to tell new ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total_at_start: Option<u64>,
    /// When a new session was last seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_new: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    total: Option<u64>,
}

impl Curve {
    /// Adds a look; the one in the middle of the oldest goes when there are too many, so that the start stays.
    pub fn push(&mut self, at: Timestamp, sessions: u64, total: Option<u64>) {
        if let (Some(before), Some(now)) = (self.total, total)
            && before < now
        {
            self.last_new = Some(at);
        }
        self.total_at_start = self.total_at_start.or(total);
        self.total = total;
        if self.points.len() >= CURVE_MAX {
            self.points.remove(1);
        }
        self.points.push((at, sessions));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_curve_keeps_its_start_and_tells_new_sessions() {
        let mut curve = Curve::default();
        for n in 0..200_u64 {
            curve.push(Timestamp::from_millis(n as i64), 200 - n, Some(if n < 50 { 7 } else { 8 }));
        }
        assert_eq!(curve.points.len(), CURVE_MAX);
        assert_eq!(curve.points.first(), Some(&(Timestamp::from_millis(0), 200)));
        assert_eq!(curve.points.last(), Some(&(Timestamp::from_millis(199), 1)));
        assert_eq!(curve.last_new, Some(Timestamp::from_millis(50)));
    }
}
