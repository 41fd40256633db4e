//! Pages about the past: the curve, the board at a moment, what-if.

use std::collections::BTreeMap;

use domain::{
    Check, Fold, Life, Phase, Source, Span, StateChange, Stretch, TargetPast, Uptime, WhatIfDraft, Window, state_runs,
};

use super::proxies::{assert_no_english, korean};
use super::*;
use crate::state::{Later, Past, PastAsk};

const NAME: &str = "shop-web";

impl World {
    /// The past as the store would tell it: everything until now, looked at `at` milliseconds after the start.
    fn past(&self, target: Option<TargetId>, at: Option<i64>) -> Past {
        let span = Span::new(Timestamp::from_millis(START - 5_000), self.now.plus_millis(5)).unwrap();
        let mut fold = Fold::new(span, 100, Source::Checks, Phase::Total);
        for event in self.events.iter().rev() {
            if let EventKind::Checked { target: of, observation, .. } = &event.kind
                && target.is_none_or(|target| target == *of)
            {
                fold.check(observation);
            }
        }
        let targets = self.lives(span);
        let states = targets.iter().find(|past| Some(past.id) == target).map(|past| past.states.clone());
        let states = states.unwrap_or_default();
        let uptime = Uptime::of(&states);
        let ask = PastAsk {
            stretch: Stretch::Between(span),
            phase: Phase::Total,
            at: at.map(|ms| Timestamp::from_millis(START + ms)),
            after: None,
            all_lanes: false,
            what_if: None,
        };
        Past {
            ask,
            wrong: None,
            history: fold.finish(states, uptime),
            targets: if target.is_none() { targets } else { Vec::new() },
            failed: Vec::new(),
            life: None,
            uptimes: vec![(Window::DAY, uptime), (Window::days(7), Uptime::default())],
            checks: Vec::new(),
            more_after: None,
            what_if: None,
        }
    }

    /// What each target was, told by the events.
    fn lives(&self, span: Span) -> Vec<TargetPast> {
        let mut board = Board::default();
        let mut changes: BTreeMap<TargetId, Vec<StateChange>> = BTreeMap::new();
        for event in self.events.iter().rev() {
            board.apply(event).unwrap();
            for group in board.groups.values() {
                for (id, target) in &group.targets {
                    let standing = target.standing(&group.group);
                    let next = StateChange { at: event.at, status: Some(standing.status), reason: standing.reason };
                    let known = changes.entry(*id).or_default();
                    if known.last().is_none_or(|last| last.status != next.status) {
                        known.push(next);
                    }
                }
            }
        }
        let targets = board.groups.values().flat_map(|group| group.targets.values());
        let past = |target: &domain::TargetState| {
            let changes = changes.get(&target.target.id).map(Vec::as_slice).unwrap_or_default();
            let from = changes.first().map(|change| change.at);
            TargetPast {
                id: target.target.id,
                name: target.target.display_name(),
                address: target.target.address(),
                from,
                until: None,
                states: state_runs(span, Life { from, until: None }, changes, &[]),
            }
        };
        targets.map(past).collect()
    }

    fn page_of_past(&self, target: Option<TargetId>, past: Past) -> PageData {
        let group: GroupName = NAME.parse().unwrap();
        let route = match target {
            Some(id) => Route::TargetHistory(group, id),
            None => Route::Group(group, Tab::History),
        };
        let page = self.page(&route.to_string());
        PageData { path: format!("{route}{}", past.ask), past: Some(past).into(), ..page }
    }
}

fn row(html: &str, name: &str) -> String {
    let rows = html.split("<li class=\"lane-row\"").skip(1);
    rows.map(|row| text(&format!("<{}", row.split("</li>").next().unwrap()))).find(|row| row.contains(name)).unwrap()
}

#[test]
fn the_board_at_a_moment_shows_what_was_known_then() {
    let (world, ..) = shop();
    let at = |ms| body(&world.page_of_past(None, world.past(None, Some(ms))));
    let before = at(-1_000);
    assert!(row(&before, "web-3").contains("not registered"), "{}", row(&before, "web-3"));
    check(&before, &["No target was registered then."]);
    let first = at(500);
    assert!(row(&first, "web-1").contains("Initial"), "{}", row(&first, "web-1"));
    let last = at(8_003);
    assert!(row(&last, "web-1").contains("Healthy"));
    assert!(row(&last, "web-3").contains("UnhealthyTarget.Timeout"), "{}", row(&last, "web-3"));
    check(&last, &["1unhealthy", "2healthy"]);
    assert!(last.contains("aria-label=\"Change before\""));
}

#[test]
fn targets_that_were_alike_share_a_lane() {
    let mut world = World::new();
    let shop = world.group(NAME);
    for number in 1..=9 {
        world.target(&shop, &format!("web-{number}"), number);
    }
    let html = body(&world.page_of_past(None, world.past(None, None)));
    check(&html, &["web-1 and 8 more alike", "web-2, web-3"]);
    assert_eq!(html.matches("<li class=\"lane-row\"").count(), 1);
}

#[test]
fn a_time_that_is_not_known_is_no_zero() {
    let (world, _, three) = shop();
    let html = body(&world.page_of_past(Some(three), world.past(Some(three), None)));
    check(&html, &["1 check passed, 2 failed", "Target.Timeout", "7.9 ms", "within 15 %", "7 d", "unknown"]);
    check(&html, &["No single check of this stretch is kept."]);
    let unread = PageData { past: Later::default(), ..world.page_of_past(Some(three), world.past(Some(three), None)) };
    check(&body(&unread), &["What is stored cannot be read at the moment."]);
}

#[test]
fn what_if_is_told_in_sentences_and_its_mistakes_stand_beside_their_fields() {
    let (world, _, three) = shop();
    let check_settings = Check { interval_ms: 1000, unhealthy_threshold: 2, ..Check::default_for(Protocol::Http) };
    let with = |draft: WhatIfDraft| {
        let mut past = world.past(Some(three), None);
        past.what_if = Some(draft.validate(&check_settings).map(|settings| {
            let mut run = settings.begin();
            for event in world.events.iter().rev() {
                if let EventKind::Checked { target, observation, .. } = &event.kind
                    && *target == three
                {
                    run.observe(observation);
                }
            }
            run.finish()
        }));
        past.ask.what_if = Some(draft);
        body(&world.page_of_past(Some(three), past))
    };
    let sooner = with(WhatIfDraft { unhealthy_threshold: "1".to_owned(), ..WhatIfDraft::default() });
    check(&sooner, &["The one outage would have been seen.", "Outages would have been found 1 s sooner on average."]);
    let never = with(WhatIfDraft { unhealthy_threshold: "3".to_owned(), ..WhatIfDraft::default() });
    check(&never, &["0 changes between healthy and unhealthy instead of 1.", "1 of 1 outages", "not seen"]);
    assert!(!never.contains("avoided"), "an outage that nobody sees is no flap that is avoided");
    let wrong = with(WhatIfDraft { interval_ms: "700".to_owned(), ..WhatIfDraft::default() });
    check(&wrong, &["The checks are 1000 ms apart"]);
    assert!(wrong.contains("value=\"700\""), "what was typed is kept");
}

#[test]
fn the_past_is_told_in_korean() {
    let (world, _, three) = shop();
    let target = korean(world.page_of_past(Some(three), world.past(Some(three), None)));
    check(&target, &["응답 시간", "가동률", "설정을 바꿨다면"]);
    let group = korean(world.page_of_past(None, world.past(None, None)));
    check(&group, &["그때의 상태판", "재생"]);
    for html in [target, group] {
        assert_no_english(&html);
    }
}
