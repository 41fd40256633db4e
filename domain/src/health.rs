//! What we believe of a target, and how a result changes it.

use serde::Serialize;

use crate::tagged::read_tagged;
use crate::{Failure, Outcome, Thresholds};

/// What we believe of a target.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "is")]
pub enum Health {
    /// Not decided yet.
    Initial {
        /// Failures in a row so far.
        fails: u8,
    },
    /// It does what it should.
    Healthy {
        /// Failures in a row so far.
        fails: u8,
    },
    /// It does not.
    Unhealthy {
        /// Passes in a row so far.
        passes: u8,
        /// The failure that was seen last.
        cause: Failure,
    },
}

read_tagged! {
    Health { Initial { fails } Healthy { fails } Unhealthy { passes, cause } }
    with { fails: u8, passes: u8, cause: Failure }
}

/// How far a target is from a change: so many of so many results in a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pips {
    /// Results in a row so far.
    pub done: u8,
    /// Results in a row that change what we believe.
    pub of: u8,
}

impl Health {
    /// A target that was just registered.
    pub fn new() -> Self {
        Self::Initial { fails: 0 }
    }

    /// What we believe after one more result. A result that we could not get changes nothing.
    ///
    /// The rules are ELBv2's: one pass makes a new target healthy; after that the thresholds count in a row.
    #[must_use]
    pub fn observe(self, outcome: &Outcome, Thresholds { rise, fall }: Thresholds) -> Self {
        use Health::{Healthy, Initial, Unhealthy};
        match (self, outcome) {
            (health, Outcome::Unknown(_)) => health,
            (Initial { .. }, Outcome::Pass) => Healthy { fails: 0 },
            (Healthy { .. }, Outcome::Pass) => Healthy { fails: 0 },
            (Unhealthy { passes, .. }, Outcome::Pass) if rise <= passes.saturating_add(1) => Healthy { fails: 0 },
            (Unhealthy { passes, cause }, Outcome::Pass) => Unhealthy { passes: passes + 1, cause },
            (Initial { fails } | Healthy { fails }, Outcome::Fail(cause)) if fall <= fails.saturating_add(1) => {
                Unhealthy { passes: 0, cause: cause.clone() }
            }
            (Initial { fails }, Outcome::Fail(_)) => Initial { fails: fails + 1 },
            (Healthy { fails }, Outcome::Fail(_)) => Healthy { fails: fails + 1 },
            (Unhealthy { .. }, Outcome::Fail(cause)) => Unhealthy { passes: 0, cause: cause.clone() },
        }
    }

    /// Failures in a row that have not changed what we believe yet.
    pub fn fails(&self) -> u8 {
        match self {
            Self::Initial { fails } | Self::Healthy { fails } => *fails,
            Self::Unhealthy { .. } => 0,
        }
    }

    /// Passes in a row that have not changed what we believe yet.
    pub fn passes(&self) -> u8 {
        match self {
            Self::Initial { .. } | Self::Healthy { .. } => 0,
            Self::Unhealthy { passes, .. } => *passes,
        }
    }

    /// How far the next change is: failures against a target that is not unhealthy, passes for one that is.
    pub fn pips(&self, Thresholds { rise, fall }: Thresholds) -> Pips {
        match self {
            Self::Initial { fails } | Self::Healthy { fails } => Pips { done: *fails, of: fall },
            Self::Unhealthy { passes, .. } => Pips { done: *passes, of: rise },
        }
    }

    /// Whether both stand for the same belief, whatever their counts.
    pub fn is_same_belief(&self, other: &Self) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(other)
    }
}

impl Default for Health {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::OwnFault;
    use proptest::prelude::*;

    fn letter(health: &Health) -> char {
        match health {
            Health::Initial { .. } => 'I',
            Health::Healthy { .. } => 'H',
            Health::Unhealthy { .. } => 'U',
        }
    }

    fn outcome(letter: char) -> Outcome {
        match letter {
            '+' => Outcome::Pass,
            '-' => Outcome::Fail(Failure::ConnectionRefused),
            _ => Outcome::Unknown(OwnFault::Resolver),
        }
    }

    fn run(rise: u8, fall: u8, outcomes: &str) -> Vec<Health> {
        let step = |health: &mut Health, letter| {
            *health = std::mem::take(health).observe(&outcome(letter), Thresholds { rise, fall });
            Some(health.clone())
        };
        outcomes.chars().scan(Health::new(), step).collect()
    }

    fn check(rise: u8, fall: u8, outcomes: &str, expected: &str) {
        assert_eq!(run(rise, fall, outcomes).iter().map(letter).collect::<String>(), expected, "{outcomes}");
    }

    #[test]
    fn one_pass_makes_a_new_target_healthy() {
        check(5, 2, "+", "H");
        check(5, 3, "--+", "IIH");
    }

    #[test]
    fn a_new_target_needs_the_threshold_to_become_unhealthy() {
        check(5, 2, "--", "IU");
        check(5, 1, "-", "U");
    }

    #[test]
    fn recovery_takes_passes_in_a_row() {
        check(2, 3, "+---+-++", "HHHUUUUH");
    }

    #[test]
    fn what_we_could_not_see_changes_nothing() {
        check(2, 2, "+-?-", "HHHU");
        check(2, 2, "???", "III");
        check(2, 1, "-+?+", "UUUH");
    }

    proptest! {
        #[test]
        fn never_a_change_without_the_threshold(rise in 1u8..=10, fall in 1u8..=10, outcomes in "[-+?]{0,60}") {
            let healths = run(rise, fall, &outcomes);
            let letters: Vec<char> = std::iter::once('I').chain(healths.iter().map(letter)).collect();
            for (index, pair) in letters.windows(2).enumerate() {
                let seen: Vec<char> = outcomes.chars().take(index + 1).filter(|c| *c != '?').collect();
                let run_of = |c| seen.iter().rev().take_while(|seen| **seen == c).count();
                match pair {
                    ['I', 'H'] => prop_assert!(run_of('+') >= 1),
                    ['U', 'H'] => prop_assert!(run_of('+') >= usize::from(rise)),
                    ['I' | 'H', 'U'] => prop_assert!(run_of('-') >= usize::from(fall)),
                    [before, after] => prop_assert_eq!(before, after),
                    _ => unreachable!(),
                }
            }
        }

        #[test]
        fn a_pass_resets_fails(rise in 1u8..=10, fall in 1u8..=10, outcomes in "[-+?]{0,60}") {
            let healths = run(rise, fall, &outcomes);
            for (health, letter) in healths.iter().zip(outcomes.chars()) {
                prop_assert!(letter != '+' || health.fails() == 0);
                prop_assert!(letter != '-' || health.passes() == 0);
            }
        }
    }
}
