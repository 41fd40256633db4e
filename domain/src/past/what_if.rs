//! What other settings would have made of the checks that are stored.

use serde::{Deserialize, Serialize};

use crate::{Check, Failure, Matcher, Observation, Outage, Outcome, Replay, Thresholds, Timestamp};

/// Settings to try.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WhatIf {
    /// From one check to the next, in milliseconds.
    pub interval_ms: u32,
    /// Results in a row that change what we believe.
    pub thresholds: Thresholds,
    /// The status codes that pass.
    pub matcher: Matcher,
}

/// Why stored checks cannot show what settings would have done. `Display` is the sentence in English.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case", tag = "is", content = "with")]
pub enum CannotReplay {
    /// Nobody looked in between.
    #[error("the checks are {recorded_ms} ms apart; what checks in between would have seen is not known")]
    MoreOften {
        /// The interval of the checks, in milliseconds.
        recorded_ms: u32,
    },
    /// Nobody looked at those moments.
    #[error("give a multiple of {recorded_ms} ms, the interval of the checks; nobody looked at other moments")]
    NotAMultiple {
        /// The interval of the checks, in milliseconds.
        recorded_ms: u32,
    },
    /// The checks ask for no status code.
    #[error("checks of this protocol have no status code")]
    NoStatusCodes,
}

/// A replay under way: the same checks under the settings of the group and under others.
#[derive(Clone, Debug)]
pub struct WhatIfRun {
    settings: WhatIf,
    /// So many milliseconds between checks are as recorded; none: all checks are taken.
    thin: Option<Thin>,
    other_matcher: bool,
    checks: u64,
    checks_taken: u64,
    then: Replay,
    now: Replay,
}

/// Takes one check out of each interval.
#[derive(Clone, Copy, Debug)]
struct Thin {
    recorded_ms: i64,
    interval_ms: i64,
    first: Option<Timestamp>,
    taken: i64,
}

/// What came of a replay.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WhatIfVerdict {
    /// Checks that were replayed.
    pub checks: u64,
    /// Checks that there would have been.
    pub checks_now: u64,
    /// Changes between healthy and unhealthy under the settings of the group.
    pub changes_then: u64,
    /// Changes under the other settings.
    pub changes_now: u64,
    /// Outages under the settings of the group.
    pub outages_then: u64,
    /// Outages under the other settings.
    pub outages_now: u64,
    /// Outages that only the settings of the group see, as far as `detections` goes.
    pub missed: u64,
    /// Outages that only the other settings see, as far as `detections` goes.
    pub added: u64,
    /// The outages of both, oldest first; at most twice [`crate::OUTAGES_MAX`].
    pub detections: Vec<Detection>,
}

/// How an outage is found under both settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Detection {
    /// When the first failed check ended.
    pub first_failure: Timestamp,
    /// From then until the target was called unhealthy, in milliseconds; none: it was not.
    pub then_ms: Option<u64>,
    /// The same under the other settings.
    pub now_ms: Option<u64>,
}

impl WhatIf {
    /// The settings as they are.
    pub fn as_set(check: &Check) -> Self {
        let Check { interval_ms, matcher, .. } = check;
        Self { interval_ms: *interval_ms, thresholds: check.thresholds(), matcher: matcher.clone() }
    }

    /// Begins a replay of checks that were made by `check`.
    pub fn begin(self, check: &Check) -> Result<WhatIfRun, CannotReplay> {
        let recorded_ms = check.interval_ms;
        let other_matcher = self.matcher != check.matcher;
        if self.interval_ms < recorded_ms {
            return Err(CannotReplay::MoreOften { recorded_ms });
        }
        if !self.interval_ms.is_multiple_of(recorded_ms) {
            return Err(CannotReplay::NotAMultiple { recorded_ms });
        }
        if other_matcher && !check.protocol.is_http() {
            return Err(CannotReplay::NoStatusCodes);
        }
        Ok(WhatIfRun {
            thin: (self.interval_ms != recorded_ms).then(|| Thin::new(recorded_ms, self.interval_ms)),
            other_matcher,
            checks: 0,
            checks_taken: 0,
            then: Replay::new(check.thresholds()),
            now: Replay::new(self.thresholds),
            settings: self,
        })
    }
}

impl WhatIfRun {
    /// Takes in the next check, in the order of time.
    pub fn observe(&mut self, observation: &Observation) {
        let ended = observation.ended_at();
        self.checks += 1;
        self.then.observe(ended, &observation.outcome);
        if self.thin.as_mut().is_none_or(|thin| thin.takes(observation.at)) {
            self.checks_taken += 1;
            match self.judge_again(observation) {
                Some(outcome) => self.now.observe(ended, &outcome),
                None => self.now.observe(ended, &observation.outcome),
            }
        }
    }

    /// What came of it.
    pub fn finish(self) -> WhatIfVerdict {
        let detections = pair(self.then.outages(), self.now.outages());
        let count = |only: fn(&Detection) -> bool| detections.iter().filter(|d| only(d)).count() as u64;
        WhatIfVerdict {
            checks: self.checks,
            checks_now: self.checks_taken,
            changes_then: self.then.changes(),
            changes_now: self.now.changes(),
            outages_then: self.then.outage_count(),
            outages_now: self.now.outage_count(),
            missed: count(|d| d.now_ms.is_none()),
            added: count(|d| d.then_ms.is_none()),
            detections,
        }
    }

    /// The outcome under the other matcher, where it may be another: a check without a status code, or that failed for
    /// another reason than its code, keeps its verdict if the code passes.
    fn judge_again(&self, observation: &Observation) -> Option<Outcome> {
        let code = observation.status_code.filter(|_| self.other_matcher)?;
        let matches = self.settings.matcher.matches(code);
        match &observation.outcome {
            Outcome::Unknown(_) => None,
            Outcome::Fail(Failure::Status { .. }) if matches => Some(Outcome::Pass),
            Outcome::Pass | Outcome::Fail(_) if matches => None,
            Outcome::Pass | Outcome::Fail(_) => {
                Some(Outcome::Fail(Failure::Status { code, expected: self.settings.matcher.clone() }))
            }
        }
    }
}

impl Thin {
    fn new(recorded_ms: u32, interval_ms: u32) -> Self {
        Self { recorded_ms: recorded_ms.into(), interval_ms: interval_ms.into(), first: None, taken: -1 }
    }

    /// The first check of each interval is taken. Half a recorded interval is left for checks that began early or late.
    fn takes(&mut self, at: Timestamp) -> bool {
        let first = *self.first.get_or_insert(at);
        let since_first = at.as_millis() - first.as_millis() + self.recorded_ms / 2;
        let interval = since_first / self.interval_ms;
        let takes = self.taken < interval;
        self.taken = self.taken.max(interval);
        takes
    }
}

/// Outages that overlap are the same, seen twice. One that overlaps an outage which is told already adds nothing.
fn pair(then: &[Outage], now: &[Outage]) -> Vec<Detection> {
    let found = |ours: &Outage, others: &[Outage]| {
        let other = others.iter().find(|other| overlap(ours, other))?;
        Some(other.found.millis_since(ours.first_failure))
    };
    let both = then.iter().map(|outage| Detection {
        first_failure: outage.first_failure,
        then_ms: Some(outage.found.millis_since(outage.first_failure)),
        now_ms: found(outage, now),
    });
    let added = now.iter().filter(|outage| !then.iter().any(|other| overlap(outage, other))).map(|outage| Detection {
        first_failure: outage.first_failure,
        then_ms: None,
        now_ms: Some(outage.found.millis_since(outage.first_failure)),
    });
    let mut detections: Vec<Detection> = both.chain(added).collect();
    detections.sort_by_key(|detection| detection.first_failure);
    detections
}

fn overlap(one: &Outage, other: &Outage) -> bool {
    let begins_in = |one: &Outage, other: &Outage| other.over.is_none_or(|over| one.first_failure < over);
    begins_in(one, other) && begins_in(other, one)
}

#[cfg(test)]
mod tests {
    use super::super::slot::tests::{outcome, seen};
    use super::*;
    use crate::Protocol;
    use proptest::prelude::*;

    /// A check a second.
    fn recorded(rise: u8, fall: u8) -> Check {
        Check {
            interval_ms: 1000,
            healthy_threshold: rise,
            unhealthy_threshold: fall,
            ..Check::default_for(Protocol::Http)
        }
    }

    fn run(settings: WhatIf, check: &Check, checks: impl IntoIterator<Item = Observation>) -> WhatIfVerdict {
        let mut run = settings.begin(check).unwrap();
        checks.into_iter().for_each(|observation| run.observe(&observation));
        run.finish()
    }

    fn checks(letters: &str) -> Vec<Observation> {
        (0..).zip(letters.chars()).map(|(second, letter)| seen(second * 1000, outcome(letter), 1000)).collect()
    }

    fn told(verdict: &WhatIfVerdict) -> Vec<(i64, Option<u64>, Option<u64>)> {
        verdict.detections.iter().map(|d| (d.first_failure.as_millis() / 1000, d.then_ms, d.now_ms)).collect()
    }

    #[test]
    fn a_higher_threshold_avoids_flaps_and_finds_later() {
        let check = recorded(1, 1);
        let settings = WhatIf { thresholds: Thresholds { rise: 1, fall: 3 }, ..WhatIf::as_set(&check) };
        let verdict = run(settings, &check, checks("++-+-+----++"));
        assert_eq!((verdict.changes_then, verdict.changes_now), (6, 2));
        assert_eq!((verdict.missed, verdict.added), (2, 0));
        assert_eq!(told(&verdict), [(2, Some(0), None), (4, Some(0), None), (6, Some(0), Some(2000))]);
    }

    #[test]
    fn a_longer_interval_takes_every_nth_check() {
        let check = recorded(1, 1);
        let settings = WhatIf { interval_ms: 3000, ..WhatIf::as_set(&check) };
        let verdict = run(settings, &check, checks("++-+--------++++"));
        assert_eq!((verdict.checks, verdict.checks_now), (16, 6));
        assert_eq!(told(&verdict), [(2, Some(0), None), (4, Some(0), Some(2000))]);
    }

    #[test]
    fn checks_that_begin_late_and_extra_ones_do_not_shift_the_others() {
        let check = recorded(1, 1);
        let settings = WhatIf { interval_ms: 2000, ..WhatIf::as_set(&check) };
        let moments = [0, 990, 2010, 2500, 3000, 3990, 5001, 6000, 9000, 10_010];
        let verdict = run(settings, &check, moments.map(|at| seen(at, Outcome::Pass, 10)));
        assert_eq!(verdict.checks_now, 6); // 0, 2010, 3990, 6000, 9000, 10010
    }

    #[test]
    fn another_matcher_judges_by_the_status_code() {
        let check = recorded(1, 1);
        let answer = |second: i64, code: u16, outcome| Observation {
            status_code: Some(code),
            ..seen(second * 1000, outcome, 10)
        };
        let mismatch = |code| Outcome::Fail(Failure::Status { code, expected: Matcher::default() });
        let settings = WhatIf { matcher: "302".parse().unwrap(), ..WhatIf::as_set(&check) };
        let verdict = run(
            settings,
            &check,
            [
                answer(0, 302, mismatch(302)),
                answer(1, 200, Outcome::Pass),
                answer(2, 302, Outcome::Fail(Failure::BodyMismatch("ok".to_owned()))),
                seen(3000, outcome('-'), 10),
                answer(4, 302, mismatch(302)),
            ],
        );
        assert_eq!((verdict.changes_then, verdict.changes_now), (2, 2));
        assert_eq!(told(&verdict), [(0, Some(0), None), (2, Some(0), Some(0))]);
    }

    #[test]
    fn what_nobody_saw_is_refused() {
        let check = recorded(1, 1);
        let with = |interval_ms| WhatIf { interval_ms, ..WhatIf::as_set(&check) }.begin(&check).err();
        assert_eq!(with(500), Some(CannotReplay::MoreOften { recorded_ms: 1000 }));
        assert_eq!(with(1500), Some(CannotReplay::NotAMultiple { recorded_ms: 1000 }));
        assert_eq!(with(3000), None);
        let tcp = Check::default_for(Protocol::Tcp);
        let settings = WhatIf { matcher: "302".parse().unwrap(), ..WhatIf::as_set(&tcp) };
        assert_eq!(settings.begin(&tcp).err(), Some(CannotReplay::NoStatusCodes));
    }

    proptest! {
        #[test]
        fn the_same_settings_give_the_same_result(rise in 1u8..5, fall in 1u8..5, letters in "[-+?~]{0,80}") {
            let check = recorded(rise, fall);
            let verdict = run(WhatIf::as_set(&check), &check, checks(&letters));
            prop_assert_eq!(verdict.checks, verdict.checks_now);
            prop_assert_eq!(verdict.changes_then, verdict.changes_now);
            prop_assert_eq!(verdict.outages_then, verdict.outages_now);
            prop_assert!(verdict.detections.iter().all(|detection| detection.then_ms == detection.now_ms));
            prop_assert_eq!((verdict.missed, verdict.added), (0, 0));
        }

        #[test]
        fn a_higher_threshold_never_sees_more(fall in 1u8..5, more in 0u8..5, letters in "[-+?~]{0,80}") {
            let check = recorded(1, fall);
            let thresholds = Thresholds { rise: 1, fall: fall + more };
            let verdict = run(WhatIf { thresholds, ..WhatIf::as_set(&check) }, &check, checks(&letters));
            prop_assert!(verdict.outages_now <= verdict.outages_then);
            prop_assert_eq!(verdict.added, 0);
            for detection in verdict.detections {
                prop_assert!(detection.now_ms.is_none_or(|now| detection.then_ms <= Some(now)));
            }
        }
    }
}
