//! How soon a fault is found: what the settings of a check imply, before anything is measured.
//!
//! What they leave out is small beside them: how late our checks begin, the round trips, and the time to write down what
//! was seen (`detection theory`: the mean of the wait for the next turn is half an interval).

use serde::{Deserialize, Serialize};

use crate::Check;

/// A time that is not exceeded, and the one to expect. Milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bound {
    /// On average, when the fault comes at any moment between two turns.
    pub mean_ms: u64,
    /// At most.
    pub worst_ms: u64,
}

/// From a fault to the end of the check that makes the target unhealthy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Detection {
    /// The process ends: its connections end with it, and new ones are refused.
    pub killed: Bound,
    /// It answers at once, and not as it should, such as with a 503.
    pub wrong: Bound,
    /// It takes connections and says nothing, or the machine is gone.
    pub hang: Bound,
}

impl Check {
    /// How soon faults of a healthy target are found with these settings.
    pub fn detection(&self) -> Detection {
        let (interval, timeout) = (u64::from(self.interval_ms), u64::from(self.timeout_ms));
        let more = u64::from(self.unhealthy_threshold.saturating_sub(1));
        let step = self.fast_interval_ms.map_or(interval, u64::from);
        let after_turn = |rest: u64| Bound { mean_ms: interval / 2 + rest, worst_ms: interval + rest };
        let at_once = |rest: u64| Bound { mean_ms: rest, worst_ms: rest };
        let wrong = after_turn(more * step);
        Detection {
            killed: if self.sentinel { self.killed_under_watch(more, wrong, at_once) } else { wrong },
            wrong,
            // A check that hangs ends with its timeout, and the next one does not begin before that.
            hang: after_turn(timeout + more * step.max(timeout)),
        }
    }

    /// The end of a held connection starts the first check. Without a fast interval the others wait for their turns.
    fn killed_under_watch(&self, more: u64, turns: Bound, at_once: impl Fn(u64) -> Bound) -> Bound {
        match self.fast_interval_ms {
            Some(fast) => at_once(more * u64::from(fast)),
            None if more == 0 => at_once(0),
            // One failure less to wait for; the first of the others comes with the next turn.
            None => {
                let interval = u64::from(self.interval_ms);
                Bound { mean_ms: turns.mean_ms - interval, worst_ms: turns.worst_ms - interval }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Failure, Health, Outcome, Protocol};
    use proptest::prelude::*;

    fn check(interval_ms: u32, timeout_ms: u32, fall: u8, fast_interval_ms: Option<u32>, sentinel: bool) -> Check {
        let default = Check::default_for(Protocol::Http);
        Check { interval_ms, timeout_ms, unhealthy_threshold: fall, fast_interval_ms, sentinel, ..default }
    }

    fn pairs(check: &Check) -> [(u64, u64); 3] {
        let Detection { killed, wrong, hang } = check.detection();
        [killed, wrong, hang].map(|bound| (bound.mean_ms, bound.worst_ms))
    }

    #[test]
    fn a_killed_process_a_wrong_answer_and_a_hang() {
        assert_eq!(pairs(&check(1000, 500, 3, None, false)), [(2500, 3000), (2500, 3000), (3000, 3500)]);
        assert_eq!(pairs(&check(1000, 500, 3, Some(100), false)), [(700, 1200), (700, 1200), (2000, 2500)]);
        assert_eq!(pairs(&check(1000, 20, 2, Some(50), false)), [(550, 1050), (550, 1050), (570, 1070)]);
        assert_eq!(pairs(&check(30_000, 500, 2, Some(20), true)), [(20, 20), (15_020, 30_020), (16_000, 31_000)]);
        assert_eq!(pairs(&check(1000, 500, 3, None, true)), [(1500, 2000), (2500, 3000), (3000, 3500)]);
        assert_eq!(pairs(&check(1000, 500, 1, None, true)), [(0, 0), (500, 1000), (1000, 1500)]);
    }

    prop_compose! {
        fn any_check()(
            interval in 200u32..=300_000, timeout in 20u32..=120_000, fall in 1u8..=10,
            fast in proptest::option::of(20u32..=300_000), sentinel: bool,
        ) -> Check {
            check(interval, timeout.min(interval), fall, fast.map(|fast| fast.min(interval)), sentinel)
        }
    }

    proptest! {
        #[test]
        fn the_worst_is_never_better_than_the_mean(check in any_check()) {
            prop_assert!(pairs(&check).iter().all(|(mean, worst)| mean <= worst));
        }

        #[test]
        fn what_costs_more_finds_nothing_later(check in any_check(), fast in 20u32..=300_000) {
            let plain = Check { fast_interval_ms: None, sentinel: false, ..check.clone() };
            let fast = Check { fast_interval_ms: Some(fast.min(check.interval_ms)), ..plain.clone() };
            let both = Check { sentinel: true, ..fast.clone() };
            for (dear, cheap) in [(&fast, &plain), (&both, &fast), (&both, &plain)] {
                for (dear, cheap) in pairs(dear).into_iter().zip(pairs(cheap)) {
                    prop_assert!(dear.0 <= cheap.0 && dear.1 <= cheap.1);
                }
            }
        }

        /// Plays a fault against the rule that says when the next check comes.
        #[test]
        fn no_fault_outlasts_the_bound(check in any_check(), moment in 0.0f64..1.0, kind in 0usize..3) {
            let bounds = pairs(&check);
            let (takes, alarmed) = (if kind == 2 { check.timeout_ms } else { 0 }, kind == 0 && check.sentinel);
            let to_turn = (f64::from(check.interval_ms) * moment) as u64;
            let mut begins = if alarmed { 0 } else { to_turn };
            let mut turn = to_turn;
            let mut health = Health::Healthy { fails: 0 };
            let found = loop {
                let ends = begins + u64::from(takes);
                health = health.observe(&Outcome::Fail(Failure::ConnectionRefused), check.thresholds());
                if matches!(health, Health::Unhealthy { .. }) {
                    break ends;
                }
                while turn <= begins || turn < ends {
                    turn += u64::from(check.interval_ms);
                }
                let hurried = check.hurry_ms(&health, &Outcome::Fail(Failure::ConnectionRefused));
                begins = hurried.map_or(turn, |ms| turn.min(ends.max(begins + u64::from(ms))));
            };
            prop_assert!(found <= bounds[kind].1, "{found} ms, at most {} ms", bounds[kind].1);
        }
    }
}
