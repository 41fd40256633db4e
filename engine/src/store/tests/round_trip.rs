//! What is written is what is read.

use domain::{Actor, Change, EventKind, Gap, Timestamp};
use sqlx::{Executor, SqlSafeStr};

use super::story::{
    Story, blind, draft, group, id, name, number, numbers, observation, pass, refused, target, wrong_code,
};
use super::{TempDir, open};
use crate::store::{Cutoffs, EventFilter, connect, sql};

/// A story in which every kind of event happens.
fn everything() -> Story {
    let mut story = Story::with_targets(3);
    let mut edited = group("web");
    edited.check.unhealthy_threshold = 3;
    story.change(Change::EditGroup(edited));
    story.change(Change::EditTarget(name("web"), id(0), draft(7)));
    for outcome in [pass(), refused(), wrong_code(), wrong_code(), blind(), refused(), pass()] {
        story.pass_ms(1000);
        story.check("web", id(1), outcome);
    }
    story.change(Change::Deregister(name("web"), vec![id(2)], super::story::wish()));
    story.change(Change::CreateGroup(group("api")));
    story.change(Change::DeleteGroup(name("api")));
    let gap = Gap { from: Timestamp::from_millis(5), to: story.now };
    story.happen_by(
        EventKind::Started { version: "0.1.0".to_owned(), gap: Some(gap) },
        Some(Actor::drainboard()),
        None,
    );
    story.happen(EventKind::RecordingStopped { why: domain::StoreFault::Full });
    story.happen(EventKind::RecordingResumed { gap: Some(gap) });
    super::proxies::everything(&mut story);
    story
}

#[tokio::test]
async fn every_kind_of_event_comes_back_as_it_was() {
    let dir = TempDir::new();
    let (mut writer, reader, _) = open(&dir.file()).await;
    let mut story = everything();
    let events = story.take();
    writer.write(&events, &[], true).await.unwrap();

    let on_record: Vec<_> = events.into_iter().filter(|event| event.kind.is_on_record()).collect();
    let kinds: std::collections::BTreeSet<_> = on_record.iter().map(|event| event.kind.as_str()).collect();
    assert_eq!(kinds.len(), 28, "{kinds:?}");
    let read = reader.events(EventFilter { since: number(0), limit: 100, ..EventFilter::default() }).await.unwrap();
    assert_eq!(read, on_record);
}

#[tokio::test]
async fn events_are_filtered_and_paged_from_both_ends() {
    let dir = TempDir::new();
    let (mut writer, reader, _) = open(&dir.file()).await;
    let mut story = Story::with_targets(2); // 1 the group, 2 and 3 its targets
    story.change(Change::CreateGroup(group("api"))); // 4
    story.change(Change::Register(name("api"), vec![target("api", 9)])); // 5
    story.check("api", id(9), pass()); // 6
    story.pass_ms(1);
    story.check("api", id(9), pass()); // 7, not on record
    writer.write(&story.take(), &[], false).await.unwrap();

    let all = EventFilter { limit: 100, ..EventFilter::default() };
    let api = EventFilter { group: Some(name("api")), ..all.clone() };
    let target = EventFilter { target: Some(id(9)), ..all.clone() };
    let elsewhere = EventFilter { group: Some(name("web")), ..target.clone() };
    for (filter, expected) in [
        (all.clone(), vec![6, 5, 4, 3, 2, 1]),
        (EventFilter { limit: 2, ..all.clone() }, vec![6, 5]),
        (EventFilter { limit: 2, before: number(5), ..all.clone() }, vec![4, 3]),
        (EventFilter { limit: 2, since: number(1), ..all.clone() }, vec![2, 3]),
        (EventFilter { since: number(6), ..all.clone() }, vec![]),
        (EventFilter { limit: 0, ..all }, vec![]),
        (api.clone(), vec![6, 5, 4]),
        (EventFilter { since: number(4), ..api }, vec![5, 6]),
        (target.clone(), vec![6, 5]),
        (EventFilter { since: number(0), before: number(6), ..target }, vec![5]),
        (elsewhere, vec![]),
    ] {
        assert_eq!(numbers(&reader.events(filter.clone()).await.unwrap()), expected, "{filter:?}");
    }
}

#[tokio::test]
async fn observations_of_one_target_come_newest_first_and_page_by_page() {
    let dir = TempDir::new();
    let (mut writer, reader, _) = open(&dir.file()).await;
    let mut story = Story::with_targets(2);
    let mut expected = Vec::new();
    for outcome in [pass(), refused(), blind(), wrong_code(), pass()] {
        story.pass_ms(70_000);
        story.check("web", id(0), outcome.clone());
        story.check("web", id(1), pass());
        expected.insert(0, observation(story.now, outcome));
    }
    writer.write(&story.take(), &[], false).await.unwrap();

    assert_eq!(reader.observations(id(0), None, 100).await.unwrap(), expected);
    assert_eq!(reader.observations(id(0), None, 2).await.unwrap(), expected[..2]);
    assert_eq!(reader.observations(id(0), Some(expected[1].at), 2).await.unwrap(), expected[2..4]);
    assert_eq!(reader.observations(id(5), None, 2).await.unwrap(), []);
}

#[tokio::test]
async fn of_two_checks_in_one_millisecond_the_later_one_stays() {
    let dir = TempDir::new();
    let (mut writer, reader, _) = open(&dir.file()).await;
    let mut story = Story::with_targets(1);
    story.check("web", id(0), refused());
    story.check("web", id(0), pass());
    writer.write(&story.take(), &[], false).await.unwrap();
    story.check("web", id(0), blind());
    writer.write(&story.take(), &[], false).await.unwrap();

    assert_eq!(reader.observations(id(0), None, 9).await.unwrap(), [observation(story.now, blind())]);
}

#[tokio::test]
async fn at_another_address_a_target_begins_anew_and_with_another_label_it_does_not() {
    let dir = TempDir::new();
    let (mut writer, reader, _) = open(&dir.file()).await;
    let mut story = Story::with_targets(1);
    story.check("web", id(0), pass());
    let mut renamed = draft(0);
    renamed.label = domain::Label::new("other");
    story.change(Change::EditTarget(name("web"), id(0), renamed));
    writer.write(&story.take(), &[], true).await.unwrap();
    assert_eq!(reader.observations(id(0), None, 9).await.unwrap().len(), 1);

    story.change(Change::EditTarget(name("web"), id(0), draft(3)));
    writer.write(&story.take(), &[], true).await.unwrap();
    assert_eq!(reader.observations(id(0), None, 9).await.unwrap(), []);
}

#[tokio::test]
async fn old_events_go_in_steps_and_new_ones_stay() {
    let dir = TempDir::new();
    let (mut writer, reader, _) = open(&dir.file()).await;
    let mut story = Story::with_targets(3);
    story.pass_ms(1000);
    story.check("web", id(0), pass());
    writer.write(&story.take(), &[], false).await.unwrap();
    let cutoffs = |at| Cutoffs { checks: at, hours: at, events: at };
    let mut steps = Vec::new();
    while steps.last() != Some(&0) {
        steps.push(writer.prune(cutoffs(story.now), 3).await.unwrap());
    }
    // The events are the group, its targets, and a change of status.
    assert_eq!(steps, [3, 1, 0]);
    assert_eq!(reader.events(EventFilter { limit: 9, ..EventFilter::default() }).await.unwrap().len(), 1);
    assert_eq!(reader.observations(id(0), None, 9).await.unwrap().len(), 1, "what is in no chunk yet stays");
}

#[tokio::test]
async fn every_statement_fits_the_schema() {
    let dir = TempDir::new();
    drop(open(&dir.file()).await);
    let mut connection = connect::reopen(&dir.file()).await.unwrap();
    for (name, statement) in sql::ALL {
        let prepared = connection.prepare(statement.into_sql_str()).await;
        assert!(prepared.is_ok(), "{name}: {}", prepared.err().unwrap());
    }
}

#[tokio::test]
async fn no_statement_that_runs_often_reads_a_whole_table() {
    let dir = TempDir::new();
    drop(open(&dir.file()).await);
    let mut connection = connect::reopen(&dir.file()).await.unwrap();
    for (name, statement) in sql::ALL {
        let often = name.starts_with("PUT_") || name.starts_with("EVENTS_OF") || name.starts_with("OBSERVATIONS_OF");
        if often || name.starts_with("PRUNE_") || name.starts_with("SET_") {
            let plan = format!("explain query plan {statement}");
            let steps: Vec<(i64, i64, i64, String)> =
                sqlx::query_as(sqlx::AssertSqlSafe(plan)).fetch_all(&mut connection).await.unwrap();
            let allowed = |step: &str| {
                !step.starts_with("SCAN")
                    || step.contains("VIRTUAL TABLE")
                    || step == "SCAN c"
                    || step.contains("CONSTANT ROW")
                    || step.contains("meta")
                    || step.contains("SCAN (subquery")
                    // These have a limit.
                    || matches!((*name, step), ("PRUNE_EVENTS", "SCAN events") | ("PRUNE_CHUNKS", "SCAN chunks"))
                    || matches!((*name, step), ("PRUNE_FAILOVERS", "SCAN failovers"))
            };
            assert!(steps.iter().all(|step| allowed(&step.3)), "{name}: {steps:#?}");
        }
    }
}
