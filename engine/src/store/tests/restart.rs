//! The board comes back as it was.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use domain::{Change, EventKind, EventNumber, Gap, Outcome, Span, Uptime};
use proptest::prelude::*;

use super::story::{Story, blind, draft, group, id, name, pass, refused, target, without_lanes, wrong_code};
use super::{TempDir, open};
use crate::store::{Batch, EventFilter, Store};

/// Copies the file as it is on the disk now, as a crash would leave it. Another process does it, because closing a file
/// would take SQLite's own locks on it away from this one.
fn copy_as_after_a_crash(from: &Path, to: &Path) {
    for suffix in ["", "-wal"] {
        let from = format!("{}{suffix}", from.display());
        let to = format!("{}{suffix}", to.display());
        assert!(Command::new("cp").args([from, to]).status().unwrap().success());
    }
}

#[tokio::test]
async fn an_empty_store_is_an_empty_board() {
    let dir = TempDir::new();
    let (_, _, restored) = open(&dir.file()).await;
    assert_eq!(restored.board, domain::Board::default());
    assert_eq!((restored.last_seen, restored.number), (None, EventNumber(0)));
}

#[tokio::test]
async fn after_a_crash_everything_that_was_acknowledged_is_there() {
    let dir = TempDir::new();
    let (mut writer, _reader, _) = open(&dir.file()).await;
    let mut story = Story::with_targets(3);
    for outcome in [pass(), refused(), refused(), blind()] {
        story.pass_ms(1000);
        story.check("web", id(0), outcome);
        writer.write(&story.take(), &[], false).await.unwrap();
    }
    let copy = dir.path().join("copy.db");
    copy_as_after_a_crash(&dir.file(), &copy);

    let (_, reader, restored) = open(&copy).await;
    assert_eq!(without_lanes(restored.board), story.restored());
    assert_eq!(restored.last_seen, Some(story.now));
    assert_eq!(restored.number, story.board.number);
    assert_eq!(reader.observations(id(0), None, 9).await.unwrap().len(), 4);
}

#[tokio::test]
async fn a_transaction_that_fails_half_way_leaves_nothing() {
    let dir = TempDir::new();
    let (mut writer, reader, _) = open(&dir.file()).await;
    let mut story = Story::with_targets(1);
    writer.write(&story.take(), &[], true).await.unwrap();
    let before = story.restored();

    story.check("web", id(0), pass());
    let mut events = story.take();
    let mut orphan = events[0].clone();
    orphan.number = orphan.number.next();
    orphan.kind = EventKind::TargetRegistered(target("nowhere", 5));
    events.push(orphan);
    writer.write(&events, &[], false).await.unwrap_err();

    assert_eq!(reader.observations(id(0), None, 9).await.unwrap(), []);
    assert_eq!(reader.events(EventFilter { limit: 9, ..EventFilter::default() }).await.unwrap().len(), 2);
    writer.close().await;
    assert_eq!(without_lanes(open(&dir.file()).await.2.board), before);
}

#[tokio::test]
async fn a_write_that_is_given_up_is_whole_or_not_there() {
    let dir = TempDir::new();
    let (mut writer, _reader, _) = open(&dir.file()).await;
    let mut story = Story::with_targets(50);
    let mut boards = vec![domain::Board::default(), story.restored()];
    let events = story.take();
    tokio::select! {
        biased;
        _ = writer.write(&events, &[], true) => {}
        () = tokio::task::yield_now() => {}
    }
    story.change(Change::CreateGroup(group("api")));
    let later = story.take();
    writer.write(&later, &[], true).await.unwrap();
    drop(writer);
    for board in &mut boards {
        board.number = story.board.number;
        board.groups.insert(name("api"), domain::GroupState::new(group("api")));
    }
    let board = without_lanes(reopen(&dir.file()).await);
    assert!(boards.contains(&board), "{board:#?}");
}

#[tokio::test]
async fn a_closed_store_is_one_file_and_can_be_opened_again() {
    let dir = TempDir::new();
    let (mut writer, reader, _) = open(&dir.file()).await;
    let mut story = Story::with_targets(2);
    writer.write(&story.take(), &[], false).await.unwrap();
    writer.close().await;
    assert!(reader.observations(id(0), None, 1).await.is_err());
    assert!(!dir.path().join("board.db-wal").exists());
    assert_eq!(without_lanes(reopen(&dir.file()).await), story.restored());
}

#[tokio::test]
async fn after_a_time_without_the_store_the_board_is_written_as_it_is() {
    let dir = TempDir::new();
    let (mut writer, reader, _) = open(&dir.file()).await;
    let mut story = Story::with_targets(3);
    story.check("web", id(0), pass());
    story.check("web", id(1), pass());
    writer.write(&story.take(), &[], false).await.unwrap();
    // Written, but thought to have failed, so it is not on the board.
    let mut unconfirmed = Story { board: story.board.clone(), now: story.now, unwritten: Vec::new() };
    unconfirmed.change(Change::CreateGroup(group("ghost")));
    unconfirmed.change(Change::Register(name("web"), vec![target("web", 8)]));
    writer.write(&unconfirmed.take(), &[], true).await.unwrap();

    // Of the first ones only what is on record was kept.
    let from = story.now;
    let mut batches = Vec::new();
    for outcomes in [[pass(), refused(), wrong_code()], [wrong_code(), pass(), pass()]] {
        let mut standings = Vec::new();
        for outcome in outcomes {
            story.pass_ms(1000);
            let before = story.board.clone();
            story.check("web", id(0), outcome);
            standings.extend(before.standing_changes(&story.unwritten[story.unwritten.len() - 1..]));
        }
        let mut events = story.take();
        events.retain(|event| !batches.is_empty() || event.kind.is_on_record());
        batches.push(Batch { events: Arc::new(events), standings });
    }
    let gap = Gap { from, to: story.now.plus_millis(-2500) };
    writer.heal(&story.board, &batches, Some(gap), story.now).await.unwrap();

    let seen = reader.observations(id(0), None, 9).await.unwrap();
    assert_eq!(seen.len(), 1 + 1 + 3, "before the gap, the change in it, and all after it: {seen:?}");
    let whole = Span::new(from, story.now).unwrap();
    assert_eq!(reader.gaps(whole), [gap]);
    // It was seen to be down after three of these seconds; of the first three and a half nothing is known.
    let uptime = reader.uptimes(&[id(0)], &[whole]).await.unwrap()[&id(0)][0];
    assert_eq!(uptime, Uptime { up_ms: 0, down_ms: 2500, out_ms: 0, unknown_ms: 3500 });
    drop(writer);
    let mut expected = story.restored();
    let mut board = without_lanes(reopen(&dir.file()).await);
    for board in [&mut expected, &mut board] {
        board.groups.values_mut().flat_map(|g| g.targets.values_mut()).for_each(|t| t.beats = Default::default());
    }
    assert_eq!(board, expected);
}

#[tokio::test]
async fn a_store_that_heals_knows_of_all_times_without_data_in_their_order() {
    let dir = TempDir::new();
    let (mut writer, reader, _) = open(&dir.file()).await;
    let mut story = Story::with_targets(1);
    (0..5).for_each(|_| story.check("web", id(0), pass()));
    let standings = story.board.standings(story.now);
    writer.write(&story.take(), &standings, false).await.unwrap();
    // Off for an hour, then half a minute of which all checks are lost, then a pause.
    let began = story.now;
    let mut gap = |ms: i64| {
        let from = story.now;
        story.pass_ms(ms);
        Gap { from, to: story.now }
    };
    let (off, lost, paused) = (gap(3_600_000), gap(30_000), gap(8000));
    story.happen(EventKind::Paused { gap: paused });
    story.happen(EventKind::Started { version: "2".to_owned(), gap: Some(off) });
    let batch = Batch { events: Arc::new(story.take()), standings: Vec::new() };
    story.check("web", id(0), pass());
    story.pass_ms(2000);
    writer.heal(&story.board, &[batch], Some(lost), story.now).await.unwrap();
    let whole = Span::new(began, story.now).unwrap();
    let uptime = reader.uptimes(&[id(0)], &[whole]).await.unwrap()[&id(0)][0];
    assert_eq!(uptime, Uptime { up_ms: 2000, down_ms: 0, out_ms: 0, unknown_ms: 3_638_000 });
    drop(writer);
    let (_, reader, _) = open(&dir.file()).await;
    assert_eq!(reader.uptimes(&[id(0)], &[whole]).await.unwrap()[&id(0)][0], uptime, "also as it is read again");
}

#[tokio::test]
async fn checks_that_were_switched_on_again_begin_anew_after_a_restart_too() {
    let dir = TempDir::new();
    let (mut writer, reader, _) = open(&dir.file()).await;
    let mut story = Story::with_targets(2);
    for outcome in [pass(), refused(), blind()] {
        story.pass_ms(1000);
        story.check("web", id(0), outcome);
    }
    story.check("web", id(1), refused());
    for enabled in [false, true] {
        story.pass_ms(60_000);
        let mut edited = group("web");
        edited.check.enabled = enabled;
        story.change(Change::EditGroup(edited));
    }
    writer.write(&story.take(), &[], true).await.unwrap();
    assert_eq!(reader.observations(id(0), None, 9).await.unwrap().len(), 3, "what was seen stays on the record");
    writer.close().await;
    let board = reopen(&dir.file()).await;
    let state = board.target(&name("web"), id(0)).unwrap();
    assert_eq!((&state.health, &state.blind, &state.last), (&domain::Health::new(), &None, &None));
    assert_eq!(without_lanes(board), story.restored());
}

/// Opens a file that was dropped a moment ago, closes it again, and gives the board.
async fn reopen(file: &Path) -> domain::Board {
    let (writer, _, restored) = Store::open(file).await.unwrap();
    writer.close().await;
    restored.board
}

/// Something that happens in a random story.
#[derive(Clone, Debug)]
enum Turn {
    Create(u8),
    Edit(u8, bool, u8),
    Delete(u8),
    Register(u8, u32),
    Move(u8, u32, u32),
    Deregister(u8, u32),
    Check(u8, u32, Outcome),
    Stop,
    Resume,
    Pass(i64),
    Write,
    Restart,
}

fn turn() -> impl Strategy<Value = Turn> {
    let (group, target) = (0..2u8, 0..3u32);
    let outcome = prop_oneof![3 => Just(pass()), 2 => Just(refused()), 1 => Just(wrong_code()), 1 => Just(blind())];
    prop_oneof![
        1 => group.clone().prop_map(Turn::Create),
        1 => (group.clone(), any::<bool>(), 1..4u8).prop_map(|(g, on, fall)| Turn::Edit(g, on, fall)),
        1 => group.clone().prop_map(Turn::Delete),
        2 => (group.clone(), target.clone()).prop_map(|(g, t)| Turn::Register(g, t)),
        1 => (group.clone(), target.clone(), 0..9u32).prop_map(|(g, t, d)| Turn::Move(g, t, d)),
        1 => (group.clone(), target.clone()).prop_map(|(g, t)| Turn::Deregister(g, t)),
        20 => (group, target, outcome).prop_map(|(g, t, o)| Turn::Check(g, t, o)),
        1 => Just(Turn::Stop),
        1 => Just(Turn::Resume),
        4 => (1..70_000i64).prop_map(Turn::Pass),
        4 => Just(Turn::Write),
        1 => Just(Turn::Restart),
    ]
}

impl Story {
    fn turn(&mut self, turn: Turn) {
        // Each group has targets of its own.
        let target_of = |group: u8, n: u32| u32::from(group) * 10 + n;
        let named = |group: u8| ["web", "api"][usize::from(group)];
        self.pass_ms(1);
        match turn {
            Turn::Create(g) => self.change(Change::CreateGroup(group(named(g)))),
            Turn::Edit(g, enabled, fall) => {
                let mut edited = group(named(g));
                (edited.check.enabled, edited.check.unhealthy_threshold) = (enabled, fall);
                self.change(Change::EditGroup(edited));
            }
            Turn::Delete(g) => self.change(Change::DeleteGroup(name(named(g)))),
            Turn::Register(g, t) => {
                let target = target(named(g), target_of(g, t));
                if self.board.target(&target.group, target.id).is_none() {
                    self.change(Change::Register(name(named(g)), vec![target]));
                }
            }
            Turn::Move(g, t, d) => self.change(Change::EditTarget(name(named(g)), id(target_of(g, t)), draft(d))),
            Turn::Deregister(g, t) => {
                self.change(Change::Deregister(name(named(g)), vec![id(target_of(g, t))], super::story::wish()))
            }
            Turn::Check(g, t, outcome) => self.check(named(g), id(target_of(g, t)), outcome),
            Turn::Stop => self.happen(EventKind::RecordingStopped { why: domain::StoreFault::Slow }),
            Turn::Resume => self.happen(EventKind::RecordingResumed { gap: None }),
            Turn::Pass(ms) => self.pass_ms(ms),
            Turn::Write | Turn::Restart => {}
        }
    }
}

/// Runs a story against a file: at every restart and at the end the board is the one in memory.
async fn play(turns: Vec<Turn>) {
    let dir = TempDir::new();
    let (mut writer, _, _) = open(&dir.file()).await;
    let mut story = Story::with_targets(2);
    for turn in turns.into_iter().chain([Turn::Restart]) {
        match turn {
            Turn::Write => writer.write(&story.take(), &[], false).await.unwrap(),
            Turn::Restart => {
                writer.write(&story.take(), &[], false).await.unwrap();
                writer.close().await;
                let (opened, _, restored) = open(&dir.file()).await;
                assert_eq!(without_lanes(restored.board), story.restored());
                writer = opened;
            }
            turn => story.turn(turn),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, max_shrink_iters: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_story_comes_back_as_it_was(turns in prop::collection::vec(turn(), 0..40)) {
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(play(turns));
    }
}
