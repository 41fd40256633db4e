//! What other settings would have made of the checks that are stored.

use serde::{Deserialize, Serialize};

use crate::draft::{number, threshold};
use crate::{Check, Event, EventKind, Invalid, Matcher, Problem, Span, Thresholds};

mod run;

pub use run::{Discovery, WhatIfRun, WhatIfVerdict};

/// An interval to try may be so long, in milliseconds: an hour.
const INTERVAL_MAX_MS: u32 = 3_600_000;

/// Settings to try on stored checks, beside those by which the checks were made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WhatIf {
    recorded: Settings,
    wanted: Settings,
}

/// What decides when a target is called unhealthy.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Settings {
    interval_ms: u32,
    thresholds: Thresholds,
    matcher: Matcher,
}

impl Settings {
    fn of(check: &Check) -> Self {
        Self { interval_ms: check.interval_ms, thresholds: check.thresholds(), matcher: check.matcher.clone() }
    }
}

/// By what the last checks of a stretch were made, and the end of the stretch in which all were made so. `events` are those
/// that made or edited the group before the end of the stretch, newest first; none if nothing is known of it.
pub fn made_by<'a>(events: impl IntoIterator<Item = &'a Event>, span: Span) -> Option<(Check, Span)> {
    let mut found = None;
    for event in events {
        let (group, is_first) = match &event.kind {
            EventKind::GroupCreated(group) => (group, true),
            EventKind::GroupEdited(group) => (group, false),
            _ => continue,
        };
        let (check, since) = found.get_or_insert_with(|| (group.check.clone(), event.at));
        if Settings::of(check) != Settings::of(&group.check) {
            break;
        }
        *since = if is_first { span.from() } else { event.at };
        if is_first {
            break;
        }
    }
    let (check, since) = found?;
    Some((check, Span::new(span.from().max(since), span.to()).unwrap_or(span)))
}

/// Settings to try, as texts of a form or of the API. What is empty stays as it was set.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WhatIfDraft {
    /// From one check to the next, in milliseconds.
    pub interval_ms: String,
    /// Passes in a row that make an unhealthy target healthy.
    pub healthy_threshold: String,
    /// Failures in a row that make a target unhealthy.
    pub unhealthy_threshold: String,
    /// The status codes that pass.
    pub matcher: String,
}

impl WhatIfDraft {
    /// What can be tried on checks that were made by `check`, or everything that is wrong. Only what somebody saw can be
    /// replayed: a multiple of the interval, and status codes where the checks ask for them.
    pub fn validate(&self, check: &Check) -> Result<WhatIf, Vec<Invalid>> {
        let mut wrong = Vec::new();
        let recorded = Settings::of(check);
        let Thresholds { rise, fall } = recorded.thresholds;
        let mut judge = Judge(&mut wrong);
        let wanted = Settings {
            interval_ms: judge
                .read("interval_ms", &self.interval_ms, check.interval_ms, |text| interval(text, check.interval_ms)),
            thresholds: Thresholds {
                rise: judge.read("healthy_threshold", &self.healthy_threshold, rise, threshold),
                fall: judge.read("unhealthy_threshold", &self.unhealthy_threshold, fall, threshold),
            },
            matcher: judge.read("matcher", &self.matcher, recorded.matcher.clone(), |text| {
                if check.protocol.is_http() {
                    text.parse().map_err(|_| Problem::Matcher)
                } else {
                    Err(Problem::NotWith(check.protocol.to_string()))
                }
            }),
        };
        if wrong.is_empty() { Ok(WhatIf { recorded, wanted }) } else { Err(wrong) }
    }
}

fn interval(text: &str, recorded: u32) -> Result<u32, Problem> {
    match number(text, 1, INTERVAL_MAX_MS)? {
        wanted if wanted < recorded => Err(Problem::ReplayMoreOften(recorded)),
        wanted if !wanted.is_multiple_of(recorded) => Err(Problem::ReplayNotAMultiple(recorded)),
        wanted => Ok(wanted),
    }
}

/// Gathers what is wrong.
struct Judge<'a>(&'a mut Vec<Invalid>);

impl Judge<'_> {
    fn read<T>(&mut self, field: &str, text: &str, usual: T, parse: impl Fn(&str) -> Result<T, Problem>) -> T {
        match text.trim() {
            "" => usual,
            text => parse(text).unwrap_or_else(|problem| {
                self.0.push(Invalid::new(field, problem));
                usual
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::slot::tests::{outcome, seen};
    use super::*;
    use crate::{EventNumber, Failure, GroupDraft, Observation, Outcome, Protocol, Timestamp};
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

    fn run(check: &Check, draft: WhatIfDraft, checks: impl IntoIterator<Item = Observation>) -> WhatIfVerdict {
        let mut run = draft.validate(check).unwrap().begin();
        checks.into_iter().for_each(|observation| run.observe(&observation));
        run.finish()
    }

    fn text(number: impl ToString) -> String {
        number.to_string()
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
        let draft = WhatIfDraft { unhealthy_threshold: text(3), ..WhatIfDraft::default() };
        let verdict = run(&check, draft, checks("++-+-+----++"));
        assert_eq!((verdict.changes_then, verdict.changes_now), (6, 2));
        assert_eq!((verdict.missed, verdict.added), (2, 0));
        assert_eq!(told(&verdict), [(2, Some(0), None), (4, Some(0), None), (6, Some(0), Some(2000))]);
        assert_eq!(verdict.mean_shift_ms, Some(2000));
    }

    #[test]
    fn at_another_address_it_is_another_machine() {
        let check = recorded(1, 2);
        let mut run =
            WhatIfDraft { unhealthy_threshold: text(1), ..WhatIfDraft::default() }.validate(&check).unwrap().begin();
        checks("++--").iter().for_each(|observation| run.observe(observation));
        run.move_on();
        (100..).zip("-++".chars()).for_each(|(second, letter)| {
            run.observe(&seen(second * 1000, outcome(letter), 1000));
        });
        let verdict = run.finish();
        assert_eq!(
            (verdict.outages_then, verdict.outages_now),
            (1, 2),
            "one failure of the new one is none as it was set"
        );
        assert_eq!((verdict.unhealthy_ms_then, verdict.unhealthy_ms_now), (0, 1000 + 1000));
    }

    #[test]
    fn of_several_targets_everything_is_added_up() {
        let check = recorded(1, 1);
        let target = |n| crate::TargetId::from_uuid(uuid::Uuid::from_u128(n));
        let draft = WhatIfDraft { unhealthy_threshold: text(2), ..WhatIfDraft::default() };
        let of = |letters| run(&check, draft.clone(), checks(letters));
        let verdict = WhatIfVerdict::of_all([(target(1), of("+--+")), (target(2), of("+-+-----+"))]).unwrap();
        assert_eq!((verdict.checks, verdict.changes_then, verdict.changes_now), (13, 6, 4));
        assert_eq!((verdict.outages_then, verdict.missed, verdict.mean_shift_ms), (3, 1, Some(1000)));
        assert!(verdict.healthy_now);
        let whose: Vec<_> = verdict.detections.iter().map(|found| found.target).collect();
        assert_eq!(whose, [1, 2, 2].map(|n| Some(target(n))), "oldest first");
        let never = WhatIfVerdict::of_all([(target(1), of("++")), (target(2), of("--"))]).unwrap();
        assert!(!never.healthy_now);
        assert_eq!(WhatIfVerdict::of_all([]), None);
    }

    #[test]
    fn a_longer_interval_takes_every_nth_check() {
        let check = recorded(1, 1);
        let draft = WhatIfDraft { interval_ms: text(3000), ..WhatIfDraft::default() };
        let verdict = run(&check, draft, checks("++-+--------++++"));
        assert_eq!((verdict.checks, verdict.checks_now), (16, 6));
        assert_eq!(told(&verdict), [(2, Some(0), None), (4, Some(0), Some(2000))]);
    }

    #[test]
    fn checks_that_begin_late_and_extra_ones_do_not_shift_the_others() {
        let check = recorded(1, 1);
        let draft = WhatIfDraft { interval_ms: text(2000), ..WhatIfDraft::default() };
        let moments = [0, 990, 2010, 2500, 3000, 3990, 5001, 6000, 9000, 10_010];
        let verdict = run(&check, draft, moments.map(|at| seen(at, Outcome::Pass, 10)));
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
        let draft = WhatIfDraft { matcher: text(302), ..WhatIfDraft::default() };
        let verdict = run(
            &check,
            draft,
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

    /// The interval of the last checks in seconds, and since when in the stretch from 100 to 200; of settings that were made
    /// (`+`) or edited at some second.
    fn made(edits: &[(i64, char, u32)]) -> Option<(u32, i64)> {
        let at = |second: i64| Timestamp::from_millis(second * 1000);
        let events: Vec<Event> = edits
            .iter()
            .map(|(second, what, interval)| {
                let draft = GroupDraft { name: "web".to_owned(), ..GroupDraft::default_for(Protocol::Http) };
                let mut group = draft.validate().unwrap();
                group.check.interval_ms = interval * 1000;
                let kind = if *what == '+' { EventKind::GroupCreated(group) } else { EventKind::GroupEdited(group) };
                Event { number: EventNumber(1), at: at(*second), by: None, why: None, kind }
            })
            .collect();
        let found = made_by(events.iter().rev(), Span::new(at(100), at(200)).unwrap());
        found.map(|(check, span)| (check.interval_ms / 1000, span.from().as_millis() / 1000))
    }

    #[test]
    fn checks_are_replayed_by_the_settings_that_made_them() {
        assert_eq!(made(&[]), None);
        assert_eq!(made(&[(10, '+', 1)]), Some((1, 100)));
        assert_eq!(made(&[(150, '+', 1)]), Some((1, 100)), "nothing is left out before a group was there");
        assert_eq!(made(&[(10, '+', 1), (50, '~', 5)]), Some((5, 100)));
        assert_eq!(made(&[(10, '+', 1), (150, '~', 5)]), Some((5, 150)));
        assert_eq!(made(&[(10, '+', 1), (150, '~', 1)]), Some((1, 100)), "something else was edited");
        assert_eq!(made(&[(10, '+', 1), (120, '~', 5), (150, '~', 5)]), Some((5, 120)));
        assert_eq!(made(&[(150, '~', 5)]), Some((5, 150)), "what was before is not kept");
        assert_eq!(made(&[(120, '+', 1), (150, '+', 5)]), Some((5, 100)), "a group of that name was there before");
    }

    #[test]
    fn what_is_never_healthy_avoids_nothing() {
        let draft = WhatIfDraft { matcher: text(404), ..WhatIfDraft::default() };
        let answered =
            |second: i64, letter| Observation { status_code: Some(200), ..seen(second * 1000, outcome(letter), 1000) };
        let checks = (0..).zip("++-+--++".chars()).map(|(second, letter)| answered(second, letter));
        let verdict = run(&recorded(1, 1), draft, checks);
        assert!(!verdict.healthy_now);
        assert_eq!((verdict.unhealthy_ms_then, verdict.unhealthy_ms_now), (3000, 7000));
        assert_eq!(verdict.mean_shift_ms, None, "it goes on from before");
    }

    #[test]
    fn what_nobody_saw_is_refused() {
        let check = recorded(1, 1);
        let refused = |draft: WhatIfDraft, check: &Check| draft.validate(check).err().unwrap_or_default();
        let with = |interval: &str| WhatIfDraft { interval_ms: interval.to_owned(), ..WhatIfDraft::default() };
        let wrong = |problem| vec![Invalid::new("interval_ms", problem)];
        assert_eq!(refused(with("500"), &check), wrong(Problem::ReplayMoreOften(1000)));
        assert_eq!(refused(with("1500"), &check), wrong(Problem::ReplayNotAMultiple(1000)));
        assert_eq!(refused(with("soon"), &check), wrong(Problem::NotANumber));
        assert_eq!(refused(with(" 3000 "), &check), []);
        let tcp = Check { interval_ms: 1000, ..Check::default_for(Protocol::Tcp) };
        let draft = WhatIfDraft { matcher: text(302), ..WhatIfDraft::default() };
        assert_eq!(refused(draft, &tcp), [Invalid::new("matcher", Problem::NotWith("TCP".to_owned()))]);
    }

    proptest! {
        #[test]
        fn the_same_settings_give_the_same_result(rise in 1u8..5, fall in 1u8..5, letters in "[-+?~]{0,80}") {
            let check = recorded(rise, fall);
            let verdict = run(&check, WhatIfDraft::default(), checks(&letters));
            prop_assert_eq!(verdict.checks, verdict.checks_now);
            prop_assert_eq!(verdict.changes_then, verdict.changes_now);
            prop_assert_eq!(verdict.outages_then, verdict.outages_now);
            prop_assert!(verdict.detections.iter().all(|detection| detection.then_ms == detection.now_ms));
            prop_assert_eq!((verdict.missed, verdict.added), (0, 0));
        }

        #[test]
        fn a_higher_threshold_never_sees_more(fall in 1u8..5, more in 0u8..5, letters in "[-+?~]{0,80}") {
            let check = recorded(1, fall);
            let draft = WhatIfDraft { unhealthy_threshold: text(fall + more), ..WhatIfDraft::default() };
            let verdict = run(&check, draft, checks(&letters));
            prop_assert!(verdict.outages_now <= verdict.outages_then);
            prop_assert_eq!(verdict.added, 0);
            for detection in verdict.detections {
                prop_assert!(detection.now_ms.is_none_or(|now| detection.then_ms <= Some(now)));
            }
        }
    }
}
