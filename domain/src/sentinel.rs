//! The sentinel: an idle connection to a target, held so that its end tells of the target's end at once.
//!
//! Its end is never a failure by itself: it only starts a check. Servers close idle connections by themselves, too; then
//! checks pass, and the sentinel comes back later each time.

use serde::{Deserialize, Serialize};

use crate::tagged::read_tagged;
use crate::{Check, Failure, Health, Outcome, OwnFault, Timestamp};

/// How it stands with the sentinel of a target.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "is")]
pub enum Sentinel {
    /// The connection is held.
    Held {
        /// Since then.
        since: Timestamp,
    },
    /// There is none: the target is not known to be well.
    Down,
    /// The target ended the connection and passed its checks; it is opened again.
    Pausing {
        /// Then.
        until: Timestamp,
    },
    /// The target ends idle connections by itself, so their end says nothing. It is tried again.
    Useless {
        /// So long the last one was held, in milliseconds.
        closed_after_ms: u64,
        /// Then it is tried again.
        until: Timestamp,
    },
    /// It could not be opened although the target passes its checks.
    NotOpened {
        /// Why.
        why: NotOpened,
        /// Then it is tried again.
        until: Timestamp,
    },
    /// As many connections are held as Drainboard may hold.
    NoRoom {
        /// So many.
        max: u32,
        /// Then it is tried again.
        until: Timestamp,
    },
}

read_tagged! {
    Sentinel {
        Held { since }
        Down {}
        Pausing { until }
        Useless { closed_after_ms, until }
        NotOpened { why, until }
        NoRoom { max, until }
    }
    with { since: Timestamp, until: Timestamp, closed_after_ms: u64, why: NotOpened, max: u32 }
}

/// Why a sentinel could not be opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case", tag = "is", content = "why")]
pub enum NotOpened {
    /// By the target's fault.
    #[error("{0}")]
    Target(Failure),
    /// By ours.
    #[error("{0}")]
    Own(OwnFault),
}

impl Sentinel {
    /// The API's word.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Held { .. } => "held",
            Self::Down => "down",
            Self::Pausing { .. } => "pausing",
            Self::Useless { .. } => "useless",
            Self::NotOpened { .. } => "not_opened",
            Self::NoRoom { .. } => "no_room",
        }
    }

    /// When it is opened again; none while it is held or must not be opened.
    pub fn until(&self) -> Option<Timestamp> {
        match self {
            Self::Held { .. } | Self::Down => None,
            Self::Pausing { until }
            | Self::Useless { until, .. }
            | Self::NotOpened { until, .. }
            | Self::NoRoom { until, .. } => Some(*until),
        }
    }
}

/// How often in a row it was for nothing that a sentinel was opened: what decides when it is opened again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Patience {
    in_vain: u32,
}

/// The first pause before a sentinel is opened again, in milliseconds. Each one in a row is twice as long.
const PAUSE_MS: u64 = 1_000;

/// The longest pause, in milliseconds.
const PAUSE_MAX_MS: u64 = 600_000;

/// A connection that was held so long was worth it, whoever ended it. Milliseconds.
const WORTH_IT_MS: u64 = 600_000;

/// After so many ends in a row for which the checks found no reason, the server does it by itself.
const USELESS_AFTER: u32 = 3;

impl Patience {
    /// The server ended a connection that was held for so long, and checks pass: what becomes of the sentinel.
    #[must_use]
    pub fn after_end(self, held_ms: u64, now: Timestamp) -> (Self, Sentinel) {
        let before = if held_ms >= WORTH_IT_MS { 0 } else { self.in_vain };
        let patience = Self { in_vain: before.saturating_add(1) };
        let until = now.plus_millis(patience.pause_ms());
        let is_useless = patience.in_vain >= USELESS_AFTER;
        let sentinel = if is_useless {
            Sentinel::Useless { closed_after_ms: held_ms, until }
        } else {
            Sentinel::Pausing { until }
        };
        (patience, sentinel)
    }

    /// It could not be opened although checks pass.
    #[must_use]
    pub fn after_refusal(self, why: NotOpened, now: Timestamp) -> (Self, Sentinel) {
        let patience = Self { in_vain: self.in_vain.saturating_add(1) };
        (patience, Sentinel::NotOpened { why, until: now.plus_millis(patience.pause_ms()) })
    }

    /// There are too many already.
    #[must_use]
    pub fn without_room(self, max: u32, now: Timestamp) -> (Self, Sentinel) {
        let patience = Self { in_vain: self.in_vain.saturating_add(1) };
        (patience, Sentinel::NoRoom { max, until: now.plus_millis(patience.pause_ms()) })
    }

    fn pause_ms(self) -> i64 {
        let doubled = PAUSE_MS.saturating_mul(1 << self.in_vain.saturating_sub(1).min(20));
        i64::try_from(doubled.min(PAUSE_MAX_MS)).unwrap_or(i64::MAX)
    }
}

impl Check {
    /// When the next check begins after one that ended so, in milliseconds from the beginning of that one; none: with
    /// its turn.
    ///
    /// Only what may yet make the target unhealthy is hurried. Whether it is well again is nothing to hurry about: a
    /// target that flaps would be back in service between two faults. A check that we could not make hurries nothing.
    pub fn hurry_ms(&self, health: &Health, outcome: &Outcome) -> Option<u32> {
        let is_open = matches!(outcome, Outcome::Fail(_)) && health.fails() > 0;
        self.fast_interval_ms.filter(|_| is_open)
    }

    /// Whether a sentinel is held to a target of which we believe this: its end can tell something only of one that is
    /// well.
    pub fn holds_sentinel(&self, health: &Health) -> bool {
        self.sentinel && matches!(health, Health::Healthy { fails: 0 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Protocol;
    use proptest::prelude::*;

    fn at(ms: i64) -> Timestamp {
        Timestamp::from_millis(ms)
    }

    /// The states after ends of connections that were held for so many milliseconds: `p` pausing, `u` useless, with the
    /// seconds until it is opened again.
    fn check(held_ms: &[u64], expected: &str) {
        let mut patience = Patience::default();
        let mut told = Vec::new();
        for held in held_ms {
            let (next, sentinel) = patience.after_end(*held, at(0));
            patience = next;
            let seconds = sentinel.until().map_or(0, |until| until.as_millis() / 1000);
            told.push(format!("{}{seconds}", sentinel.as_str().chars().next().unwrap_or_default()));
        }
        assert_eq!(told.join(" "), expected);
    }

    #[test]
    fn a_server_that_closes_idle_connections_is_left_in_peace_more_and_more() {
        check(&[5_000; 12], "p1 p2 u4 u8 u16 u32 u64 u128 u256 u512 u600 u600");
    }

    #[test]
    fn a_connection_that_was_held_for_long_is_opened_again_soon() {
        check(&[5_000, 5_000, 5_000, 700_000, 700_000, 5_000], "p1 p2 u4 p1 p1 p2");
    }

    #[test]
    fn only_a_failure_that_settles_nothing_is_hurried() {
        let check = Check { fast_interval_ms: Some(50), ..Check::default_for(Protocol::Http) };
        let fail = || Outcome::Fail(Failure::ConnectionRefused);
        let hurry = |health: Health, outcome: &Outcome| check.hurry_ms(&health, outcome);
        assert_eq!(hurry(Health::Healthy { fails: 1 }, &fail()), Some(50));
        assert_eq!(hurry(Health::Initial { fails: 1 }, &fail()), Some(50));
        assert_eq!(hurry(Health::Healthy { fails: 0 }, &Outcome::Pass), None);
        assert_eq!(hurry(Health::Healthy { fails: 1 }, &Outcome::Unknown(OwnFault::Resolver)), None);
        let unhealthy = Health::Unhealthy { passes: 0, cause: Failure::ConnectionRefused };
        assert_eq!(hurry(unhealthy.clone(), &fail()), None);
        assert_eq!(hurry(unhealthy, &Outcome::Pass), None);
        assert_eq!(Check::default_for(Protocol::Http).hurry_ms(&Health::Healthy { fails: 1 }, &fail()), None);
    }

    proptest! {
        #[test]
        fn pauses_never_shrink_while_it_is_in_vain(held in proptest::collection::vec(0..WORTH_IT_MS, 1..40)) {
            let (mut patience, mut before) = (Patience::default(), 0);
            for held in held {
                let (next, sentinel) = patience.after_end(held, at(0));
                let until = sentinel.until().map_or(0, Timestamp::as_millis);
                prop_assert!(before <= until && until <= 600_000);
                (patience, before) = (next, until);
            }
        }
    }
}
