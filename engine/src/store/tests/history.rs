//! What was is told as it was, wherever it is kept by now.

use domain::{Change, Gap, GroupHistory, Observation, Phase, Source, Span, StandingChange, Status, Timestamp, Uptime};

use super::story::{Story, blind, draft, id, name, pass, refused, wrong_code};
use super::{TempDir, open};
use crate::store::{Curve, Cutoffs, Reader, Writer};

const HOUR: i64 = 3_600_000;

/// A target that was checked so often, every ten seconds, and failed now and then.
fn checked(story: &mut Story, times: usize) -> Vec<Observation> {
    let mut seen = Vec::new();
    for n in 0..times {
        story.pass_ms(10_000);
        let outcome = match n % 100 {
            40..43 => refused(),
            50 => wrong_code(),
            60 => blind(),
            _ => pass(),
        };
        seen.push(super::story::observation(story.now, outcome.clone()));
        story.check("web", id(0), outcome);
    }
    seen
}

async fn fold_all(writer: &mut Writer, now: Timestamp) {
    while writer.fold(now).await.unwrap() {}
}

fn all(story: &Story) -> Span {
    Span::new(Timestamp::from_millis(0).max(story.now.plus_millis(-300 * 24 * HOUR)), story.now.plus_millis(1)).unwrap()
}

/// Nothing is kept more exactly than this.
fn is_as_seen(kept: &Observation, seen: &Observation) -> bool {
    (kept.at.as_millis() - seen.at.as_millis()).abs() <= 5
        && (&kept.outcome, kept.status_code) == (&seen.outcome, seen.status_code)
        && kept.phases.total.0.abs_diff(seen.phases.total.0) <= 60
}

async fn check_that_all_is_there(reader: &Reader, story: &Story, seen: &[Observation]) {
    let kept = reader.checks(&name("web"), id(0), all(story), 10_000).await.unwrap();
    assert_eq!(kept.len(), seen.len());
    assert!(kept.iter().zip(seen).all(|(kept, seen)| is_as_seen(kept, seen)));
    let (mut paged, mut rest) = (Vec::new(), Some(all(story)));
    while let Some(span) = rest {
        let page = reader.checks(&name("web"), id(0), span, 700).await.unwrap();
        let after = page.last().map(|last| last.at.plus_millis(1));
        rest = after.filter(|_| page.len() >= 700).and_then(|after| Span::new(after, span.to()).ok());
        paged.extend(page);
    }
    assert!(paged == kept, "page by page it is the same");
    let newest = reader.observations(id(0), None, 50).await.unwrap();
    assert_eq!(newest.len(), 50);
    assert!(newest.iter().zip(seen.iter().rev()).all(|(kept, seen)| is_as_seen(kept, seen)));
    let older = reader.observations(id(0), Some(newest[49].at), 5000).await.unwrap();
    assert!(older.iter().zip(seen.iter().rev().skip(50)).all(|(kept, seen)| is_as_seen(kept, seen)));
    assert_eq!(older.len(), (seen.len() - 50).min(5000));
}

#[tokio::test]
async fn checks_are_there_before_while_and_after_they_move_and_after_a_restart() {
    let dir = TempDir::new();
    let (mut writer, reader, _) = open(&dir.file()).await;
    let mut story = Story::with_targets(2);
    let mut seen = Vec::new();
    for _ in 0..9 {
        // More than one chunk in the end.
        seen.extend(checked(&mut story, 1000));
        story.check("web", id(1), pass());
        writer.write(&story.take(), &[], false).await.unwrap();
        check_that_all_is_there(&reader, &story, &seen).await;
        fold_all(&mut writer, story.now).await;
        check_that_all_is_there(&reader, &story, &seen).await;
    }
    writer.close().await;
    let (mut writer, reader, restored) = open(&dir.file()).await;
    check_that_all_is_there(&reader, &story, &seen).await;
    let restored = restored.board.target(&name("web"), id(0)).unwrap().beats.clone();
    assert_eq!(restored, story.board.target(&name("web"), id(0)).unwrap().beats);

    fold_all(&mut writer, story.now.plus_millis(HOUR)).await;
    let never = Timestamp::from_millis(0);
    let keep_all = Cutoffs { checks: never, hours: never, events: never };
    assert!(writer.prune(keep_all, 1000).await.unwrap() > 0, "what is in chunks leaves the log");
    assert_eq!(writer.prune(keep_all, 1000).await.unwrap(), 0);
    writer.close().await;
    check_that_all_is_there(&open(&dir.file()).await.1, &story, &seen).await;
}

#[tokio::test]
async fn checks_that_became_one_moment_are_on_one_page() {
    let dir = TempDir::new();
    let (mut writer, reader, _) = open(&dir.file()).await;
    let mut story = Story::with_targets(1);
    for _ in 0..20 {
        story.pass_ms(997);
        story.check("web", id(0), pass());
        story.pass_ms(3);
        story.check("web", id(0), refused());
    }
    writer.write(&story.take(), &[], false).await.unwrap();
    fold_all(&mut writer, story.now.plus_millis(HOUR)).await;
    let (mut span, mut count) = (all(&story), 0);
    loop {
        let page = reader.checks(&name("web"), id(0), span, 3).await.unwrap();
        count += page.len();
        let Some(last) = page.last() else { break };
        match Span::new(last.at.plus_millis(1), span.to()) {
            Ok(rest) => span = rest,
            Err(_) => break,
        }
    }
    assert_eq!(count, 40);
}

#[tokio::test]
async fn a_reader_sees_each_check_once_while_they_move() {
    let dir = TempDir::new();
    let (mut writer, reader, _) = open(&dir.file()).await;
    let mut story = Story::with_targets(1);
    let count = checked(&mut story, 1500).len();
    writer.write(&story.take(), &[], false).await.unwrap();
    let span = all(&story);
    let reads = async {
        for _ in 0..50 {
            assert_eq!(reader.checks(&name("web"), id(0), span, 10_000).await.unwrap().len(), count);
        }
    };
    tokio::join!(reads, fold_all(&mut writer, story.now));
}

#[tokio::test]
async fn old_chunks_go_and_hours_stay() {
    let dir = TempDir::new();
    let (mut writer, reader, _) = open(&dir.file()).await;
    let mut story = Story::with_targets(1);
    checked(&mut story, 30_000);
    for events in story.take().chunks(1000) {
        writer.write(events, &[], false).await.unwrap();
    }
    fold_all(&mut writer, story.now.plus_millis(HOUR)).await;
    let cutoff = story.now.plus_millis(-HOUR);
    let cutoffs = Cutoffs { checks: cutoff, hours: story.now.plus_millis(-400 * 24 * HOUR), events: cutoff };
    while writer.prune(cutoffs, 1000).await.unwrap() > 0 {}
    let kept = reader.checks(&name("web"), id(0), all(&story), 10_000).await.unwrap();
    assert!(!kept.is_empty() && kept.len() < 10_000, "{}", kept.len());
    let curve = Curve { span: all(&story), points: 1000, source: Source::Hours, phase: Phase::Total };
    let history = reader.group_history(&name("web"), curve).await.unwrap().history;
    assert_eq!(history.passes + history.fails + history.unknown, 30_000);

    let storage = reader.storage().await.unwrap();
    let file = std::fs::metadata(dir.file()).unwrap().len();
    assert!(storage.file_bytes >= file && storage.checks_bytes > 0 && storage.rest_bytes() > 0, "{storage:?} {file}");
    assert!(storage.oldest_check.unwrap().as_millis() > storage.oldest_hour.unwrap().as_millis());
}

#[tokio::test]
async fn hours_say_what_the_checks_say() {
    let dir = TempDir::new();
    let (mut writer, reader, _) = open(&dir.file()).await;
    let mut story = Story::with_targets(2);
    for part in 0..3 {
        checked(&mut story, 1100);
        story.check("web", id(1), refused());
        writer.write(&story.take(), &[], false).await.unwrap();
        if part < 2 {
            fold_all(&mut writer, story.now).await;
        }
    }
    let curve = |source| Curve { span: all(&story), points: 2000, source, phase: Phase::Total };
    let of_target = async |source| {
        let history = reader.target_history(&name("web"), id(0), curve(source)).await.unwrap().history;
        (history.passes, history.fails, history.unknown, history.failures, history.phases)
    };
    let of_group = async |source| {
        let history = reader.group_history(&name("web"), curve(source)).await.unwrap().history;
        (history.passes, history.fails, history.unknown, history.failures)
    };
    let checks = of_target(Source::Checks).await;
    let hours = of_target(Source::Hours).await;
    assert_eq!((checks.0, checks.1, checks.2, &checks.3), (hours.0, hours.1, hours.2, &hours.3));
    assert_eq!(checks.0 + checks.1 + checks.2, 3300);
    assert_eq!(of_group(Source::Checks).await, of_group(Source::Hours).await);
    assert_eq!(of_group(Source::Hours).await.1, checks.1 + 3);
}

impl Story {
    /// Writes what has happened, with the statuses that it changes, as the recorder does.
    async fn write(&mut self, writer: &mut Writer, before: &domain::Board) {
        let standings = before.standing_changes(&self.unwritten);
        writer.write(&self.take(), &standings, false).await.unwrap();
    }
}

/// Something happens, and is written.
async fn then(story: &mut Story, writer: &mut Writer, what: impl FnOnce(&mut Story)) {
    let before = story.board.clone();
    what(story);
    story.write(writer, &before).await;
}

#[tokio::test]
async fn uptime_is_told_from_statuses_and_a_time_without_data_is_not_up() {
    let dir = TempDir::new();
    let (mut writer, _, _) = open(&dir.file()).await;
    let mut story = Story::new();
    then(&mut story, &mut writer, |story| {
        story.change(Change::CreateGroup(super::story::group("web")));
        story.change(Change::Register(name("web"), vec![super::story::target("web", 0)]));
    })
    .await;
    let began = story.now;
    for (ms, outcome) in [(1000, pass()), (60_000, refused()), (1000, refused()), (30_000, pass())] {
        story.pass_ms(ms);
        then(&mut story, &mut writer, |story| {
            (0..5).for_each(|_| story.check("web", id(0), outcome.clone()));
        })
        .await;
    }
    writer.close().await;

    // Not running for an hour, then as it was, for another ten seconds.
    let (mut writer, reader, restored) = open(&dir.file()).await;
    assert_eq!(restored.last_seen, Some(story.now));
    let gap = Gap { from: story.now, to: story.now.plus_millis(HOUR) };
    story.now = gap.to;
    story.happen(domain::EventKind::Started { version: "2".to_owned(), gap: Some(gap) });
    let standings = story.board.standings(story.now);
    writer.write(&story.take(), &standings, false).await.unwrap();
    // What was believed before is not known to be so until a check says it.
    story.pass_ms(4000);
    then(&mut story, &mut writer, |story| story.check("web", id(0), pass())).await;
    story.pass_ms(10_000);

    let whole = Span::new(began, story.now).unwrap();
    let uptime = reader.uptimes(&[id(0)], &[whole]).await.unwrap()[&id(0)][0];
    let expected =
        Uptime { up_ms: 60_000 + 10_000, down_ms: 1000 + 30_000, out_ms: 0, unknown_ms: 1000 + 3_600_000 + 4000 };
    let curve = Curve { span: whole, points: 100, source: Source::Checks, phase: Phase::Total };
    let history = reader.target_history(&name("web"), id(0), curve).await.unwrap().history;
    assert_eq!(history.uptime, uptime, "{:#?}", history.states);
    assert_eq!(uptime.total_ms(), expected.total_ms());
    assert_eq!(uptime.unknown_ms, expected.unknown_ms, "{uptime:?}");
    assert_eq!(
        history.states.iter().filter(|run| run.status.is_none()).map(|run| (run.from, run.to)).collect::<Vec<_>>(),
        [(gap.from, gap.to.plus_millis(4000))]
    );
    assert_eq!(reader.gaps(whole), [gap]);
}

#[tokio::test]
async fn a_target_that_is_gone_is_in_the_history_of_its_group() {
    let dir = TempDir::new();
    let (mut writer, reader, _) = open(&dir.file()).await;
    let mut story = Story::new();
    // Lives end by the clock of the machine.
    story.now = crate::Clock.now();
    then(&mut story, &mut writer, |story| {
        story.change(Change::CreateGroup(super::story::group("web")));
        story.change(Change::Register(
            name("web"),
            vec![super::story::target("web", 0), super::story::target("web", 1)],
        ));
        story.check("web", id(0), pass());
    })
    .await;
    story.pass_ms(1000);
    then(&mut story, &mut writer, |story| story.check("web", id(1), refused())).await;
    story.pass_ms(1000);
    then(&mut story, &mut writer, |story| story.change(Change::EditTarget(name("web"), id(1), draft(7)))).await;
    story.pass_ms(1000);
    then(&mut story, &mut writer, |story| story.check("web", id(1), wrong_code())).await;
    then(&mut story, &mut writer, |story| {
        story.change(Change::Deregister(name("web"), vec![id(0)], super::story::wish()));
    })
    .await;
    fold_all(&mut writer, story.now).await;
    let span = Span::new(story.now.plus_millis(-HOUR), story.now.plus_millis(HOUR)).unwrap();
    let curve = Curve { span, points: 100, source: Source::Checks, phase: Phase::Total };
    let GroupHistory { history, targets: lives, failed } = reader.group_history(&name("web"), curve).await.unwrap();
    assert_eq!((history.passes, history.fails), (1, 2));
    let moved = reader.checks(&name("web"), id(1), span, 10).await.unwrap();
    assert_eq!(moved.len(), 2, "from both addresses");
    let ended: Vec<_> = lives.iter().map(|life| (life.id, life.until.is_some())).collect();
    assert_eq!(ended, [(id(0), true), (id(1), true), (id(1), false)], "moved is another life");
    assert_eq!(lives[0].states.iter().find_map(|run| run.status), Some(Status::Healthy));

    // Its checks, too.
    let kept = reader.checks(&name("web"), id(0), span, 10).await.unwrap();
    assert_eq!(kept.iter().map(|check| &check.outcome).collect::<Vec<_>>(), [&pass()]);
    let past = reader.last_life(&name("web"), id(0)).await.unwrap().unwrap();
    assert_eq!((past.id, past.until.is_some()), (id(0), true));
    assert_eq!(reader.last_life(&name("web"), id(9)).await.unwrap(), None);
    let lives = reader.lives_in(&name("web"), span).await.unwrap();
    let told: Vec<_> = lives.iter().map(|life| (life.past.id, life.past.until.is_some())).collect();
    assert_eq!(told, [(id(0), true), (id(1), true), (id(1), false)]);
    assert_ne!(lives[1].past.address, lives[2].past.address);
    assert!(lives[1].past.until <= lives[2].past.from, "at no time at both");
    let failed: Vec<_> = failed.iter().map(|failed| (failed.target, &failed.check.outcome)).collect();
    assert_eq!(failed, [(id(1), &wrong_code()), (id(1), &refused())], "newest first");
}

#[tokio::test]
async fn a_status_that_is_told_again_says_nothing_new() {
    let dir = TempDir::new();
    let (mut writer, reader, _) = open(&dir.file()).await;
    let mut story = Story::with_targets(1);
    writer.write(&story.take(), &[], true).await.unwrap();
    for (ms, status) in [(0, Status::Initial), (10, Status::Healthy), (20, Status::Healthy), (30, Status::Draining)] {
        let at = story.now.plus_millis(ms);
        let change = StandingChange { target: id(0), at, status: Some(status), reason: None };
        writer.write(&[], &[change], false).await.unwrap();
    }
    let span = Span::new(story.now, story.now.plus_millis(50)).unwrap();
    let uptime = reader.uptimes(&[id(0), id(5)], &[span]).await.unwrap();
    assert_eq!(uptime.len(), 1, "there is no other");
    assert_eq!(uptime[&id(0)], [Uptime { up_ms: 20, down_ms: 0, out_ms: 20, unknown_ms: 10 }]);
}
