//! The laws of the board.

use proptest::prelude::*;

use super::*;
use crate::{Actor, Failure, GroupDraft, Label, Phases, Protocol, TargetDraft};

fn group(fall: u8, rise: u8) -> Group {
    let mut draft = GroupDraft { name: "web".to_owned(), ..GroupDraft::default_for(Protocol::Http) };
    draft.check.unhealthy_threshold = fall.to_string();
    draft.check.healthy_threshold = rise.to_string();
    draft.validate().unwrap()
}

fn target(n: u128) -> Target {
    let TargetDraft { host, port, .. } = TargetDraft::parse("127.0.0.1", "8101", "", 80).unwrap();
    let id = TargetId::from_uuid(uuid::Uuid::from_u128(n));
    Target { id, group: "web".parse().unwrap(), label: Label::new("web-1"), host, port }
}

fn edited(target: Target) -> EventKind {
    EventKind::TargetEdited { target, was: None }
}

fn seen(at: i64, letter: char) -> Observation {
    let phases = Phases { dns: None, connect: None, tls: None, first_byte: None, total: Micros(2000) };
    let outcome = match letter {
        '+' => Outcome::Pass,
        '-' => Outcome::Fail(Failure::ConnectionRefused),
        _ => Outcome::Unknown(OwnFault::FileDescriptors),
    };
    Observation { at: Timestamp::from_millis(at), phases, status_code: None, outcome }
}

/// A board that writes down its own events.
struct Story {
    board: Board,
    events: Vec<Event>,
    now: i64,
}

impl Story {
    fn new(fall: u8, rise: u8) -> Self {
        let mut story = Self { board: Board::default(), events: Vec::new(), now: 0 };
        story.happens(EventKind::GroupCreated(group(fall, rise)));
        story.happens(EventKind::TargetRegistered(target(1)));
        story
    }

    fn happens(&mut self, kind: EventKind) {
        let at = Timestamp::from_millis(self.now);
        let event = Event { number: self.board.number.next(), at, by: Some(Actor::drainboard()), why: None, kind };
        self.board.apply(&event).unwrap();
        self.events.push(event);
    }

    fn sees(&mut self, outcomes: &str) -> &mut Self {
        for letter in outcomes.chars() {
            self.now += 1000;
            let now = Timestamp::from_millis(self.now + 2);
            let name = "web".parse().unwrap();
            let kind = self.board.judge(&name, target(1).id, seen(self.now, letter), now, self.due_at()).unwrap();
            self.happens(kind);
        }
        self
    }

    fn due_at(&self) -> Option<Timestamp> {
        Some(Timestamp::from_millis(self.now + 700))
    }

    fn next_check_at(&self) -> Option<Timestamp> {
        let group = &self.board.groups[&"web".parse().unwrap()];
        group.targets[&target(1).id].next_check_at(&group.group)
    }

    fn status(&self) -> Status {
        let group = &self.board.groups[&"web".parse().unwrap()];
        group.targets[&target(1).id].standing(&group.group).status
    }

    fn transitions(&self) -> Vec<(Status, Status)> {
        let changes = self.events.iter().filter_map(|event| match &event.kind {
            EventKind::Checked { transition: Some(change), .. } => Some((change.from, change.to)),
            _ => None,
        });
        changes.collect()
    }
}

fn check(fall: u8, rise: u8, outcomes: &str, expected: &[(Status, Status)]) {
    assert_eq!(Story::new(fall, rise).sees(outcomes).transitions(), expected, "{outcomes}");
}

use Status::{Healthy, Initial, Unavailable, Unhealthy};

#[test]
fn only_changes_of_status_are_transitions() {
    check(2, 2, "++-+--+-++", &[(Initial, Healthy), (Healthy, Unhealthy), (Unhealthy, Healthy)]);
}

#[test]
fn our_own_fault_is_unavailable_and_never_unhealthy() {
    check(1, 1, "+?-", &[(Initial, Healthy), (Healthy, Unavailable), (Unavailable, Unhealthy)]);
    check(1, 1, "+??+", &[(Initial, Healthy), (Healthy, Unavailable), (Unavailable, Healthy)]);
}

#[test]
fn a_transition_says_how_long_after_the_first_failure_it_was_found() {
    let mut story = Story::new(3, 2);
    story.sees("+---");
    let Some(EventKind::Checked { transition: Some(change), .. }) = story.events.last().map(|e| &e.kind) else {
        panic!("no transition")
    };
    assert_eq!(change.found_after_ms, 2000, "two intervals after the end of the first failed check");
}

#[test]
fn other_settings_leave_health_and_another_address_does_not() {
    let mut story = Story::new(2, 2);
    story.sees("+");
    story.happens(EventKind::GroupEdited(group(5, 5)));
    assert_eq!(story.status(), Healthy);
    story.happens(edited(Target { label: Label::new("새 이름"), ..target(1) }));
    assert_eq!(story.status(), Healthy);
    story.happens(edited(Target { port: 9, ..target(1) }));
    assert_eq!(story.status(), Initial);
}

#[test]
fn checks_that_are_switched_off_are_unavailable() {
    let mut story = Story::new(2, 2);
    story.sees("+");
    let mut off = group(2, 2);
    off.check.enabled = false;
    story.happens(EventKind::GroupEdited(off));
    assert_eq!(story.status(), Unavailable);
}

#[test]
fn checks_that_are_switched_on_again_begin_anew() {
    let mut story = Story::new(2, 2);
    story.sees("+-");
    let mut off = group(2, 2);
    off.check.enabled = false;
    story.happens(EventKind::GroupEdited(off));
    story.now += 3_600_000;
    story.happens(EventKind::GroupEdited(group(2, 2)));
    assert_eq!(story.status(), Initial);
    let state = &story.board.groups[&"web".parse().unwrap()].targets[&target(1).id];
    assert_eq!((&state.last, state.streak_since, state.health.clone()), (&None, None, Health::new()));
    assert_eq!(state.since, Timestamp::from_millis(story.now));
    assert_eq!(state.beats.iter().len(), 2, "what was seen stays on the record");

    story.sees("--");
    assert_eq!(story.transitions(), [(Initial, Healthy), (Initial, Unhealthy)]);
    let Some(EventKind::Checked { transition: Some(change), .. }) = story.events.last().map(|e| &e.kind) else {
        panic!("no transition")
    };
    assert_eq!(change.found_after_ms, 1000, "the failure before the pause is not counted");
}

#[test]
fn the_next_check_is_due_when_the_last_one_said_and_is_not_guessed() {
    let mut story = Story::new(2, 2);
    assert_eq!(story.next_check_at(), None);
    story.sees("+");
    assert_eq!(story.next_check_at(), story.due_at());
    story.happens(EventKind::GroupEdited(Group { port: 81, ..group(2, 2) }));
    assert_eq!(story.next_check_at(), story.due_at(), "the same check goes on");
    story.happens(EventKind::GroupEdited(group(3, 2)));
    assert_eq!(story.next_check_at(), None, "another check has its own turns");
    story.sees("+");
    story.happens(EventKind::Started { version: "1".to_owned(), gap: None });
    assert_eq!(story.next_check_at(), None, "nothing is known after a start");
}

#[test]
fn a_left_out_event_is_noticed_and_a_repeated_one_passed_over() {
    let mut story = Story::new(2, 2);
    story.sees("++");
    let mut late = Board::default();
    late.apply(&story.events[0]).unwrap();
    late.apply(&story.events[0]).unwrap();
    assert_eq!(late.apply(&story.events[2]), Err(Missed { at: EventNumber(1), given: EventNumber(3) }));
}

proptest! {
    #[test]
    fn replaying_the_events_gives_the_board(fall in 1u8..=10, rise in 1u8..=10, outcomes in "[-+?]{0,80}") {
        let mut story = Story::new(fall, rise);
        story.sees(&outcomes);
        let mut replayed = Board::default();
        for event in &story.events {
            let sent: Event = serde_json::from_str(&serde_json::to_string(event).unwrap()).unwrap();
            replayed.apply(&sent).unwrap();
        }
        prop_assert_eq!(&replayed, &story.board);
    }

    #[test]
    fn a_board_survives_the_wire(outcomes in "[-+?]{0,80}") {
        let mut story = Story::new(2, 2);
        story.sees(&outcomes);
        let sent: Board = serde_json::from_str(&serde_json::to_string(&story.board).unwrap()).unwrap();
        prop_assert_eq!(&sent, &story.board);
    }
}

#[test]
fn what_was_believed_before_a_start_is_not_known_until_a_check_confirms_it() {
    let mut story = Story::new(2, 1);
    story.sees("+");
    story.happens(EventKind::Started { version: "2".to_owned(), gap: None });
    let statuses = |changes: Vec<StandingChange>| changes.iter().map(|change| change.status).collect::<Vec<_>>();
    assert_eq!(statuses(story.board.standings(Timestamp::from_millis(story.now))), [None]);
    assert_eq!(story.status(), Healthy, "the board shows what was believed, and says so");
    for (outcomes, expected) in [("-", vec![Some(Healthy)]), ("-", vec![Some(Unhealthy)]), ("-", vec![])] {
        let before = story.board.clone();
        story.sees(outcomes);
        let event = story.events.last().unwrap().clone();
        assert_eq!(statuses(before.standing_changes(&[event])), expected);
    }
}
