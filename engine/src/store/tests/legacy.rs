//! A store of the time when every check was a row.

use domain::{Phase, Source, Span, Status};
use sqlx::Connection;

use super::story::{Story, id, name, pass, refused};
use super::{TempDir, open};
use crate::store::{Curve, connect};

#[tokio::test]
async fn checks_of_an_older_version_are_there_and_so_are_its_statuses() {
    let dir = TempDir::new();
    let mut story = Story::with_targets(2);
    let registered = story.now;
    {
        // Targets and events are written as they were then; checks by hand.
        let (mut writer, _, _) = open(&dir.file()).await;
        for n in 0..5000 {
            story.pass_ms(1000);
            story.check("web", id(0), if n < 10 { refused() } else { pass() });
        }
        let mut events = story.take();
        events.retain(|event| event.kind.is_on_record());
        writer.write(&events, &[], true).await.unwrap();
        writer.close().await;
    }
    let mut old = connect::reopen(&dir.file()).await.unwrap();
    let observations = include_str!("../../../../migrations/0001_board.sql");
    let begins = observations.find("create table observations").unwrap();
    let ends = begins + observations[begins..].find(';').unwrap();
    for statement in [
        &observations[begins..ends],
        "delete from _sqlx_migrations where version > 3",
        "drop table failovers",
        "drop table standbys",
        "drop table drill_schedules",
        "drop table filling",
        "drop index lives_of_target",
        "delete from growing",
        "delete from chunks",
        "delete from log",
        "delete from hours",
        "delete from group_hours",
        "delete from standings",
    ] {
        sqlx::query(sqlx::AssertSqlSafe(statement)).execute(&mut old).await.unwrap();
    }
    for n in 0..5000i64 {
        let failed = n < 10;
        sqlx::query(
            "insert into observations (at, target, total_us, connect_us, status_code, outcome, why)
            select ?1, key, 700, 100, ?2, ?3, ?4 from targets where id = ?5",
        )
        .bind(registered.as_millis() + (n + 1) * 1000)
        .bind((!failed).then_some(204))
        .bind(i64::from(failed))
        .bind(failed.then(|| serde_json::to_string(&domain::Failure::ConnectionRefused).unwrap()))
        .bind(id(0).to_string())
        .execute(&mut old)
        .await
        .unwrap();
    }
    old.close().await.unwrap();

    let (writer, reader, _) = open(&dir.file()).await;
    let span = Span::new(registered, story.now.plus_millis(1)).unwrap();
    let curve = Curve { span, points: 1000, source: Source::Checks, phase: Phase::Total };
    let history = reader.target_history(&name("web"), id(0), curve).await.unwrap().history;
    assert_eq!((history.passes, history.fails), (4990, 10));
    let statuses: Vec<_> = history.states.iter().filter_map(|run| run.status).collect();
    assert_eq!(statuses, [Status::Initial, Status::Unhealthy, Status::Healthy]);
    assert_eq!(reader.observations(id(0), None, 5).await.unwrap().len(), 5);
    writer.close().await;
    assert_eq!(open(&dir.file()).await.1.observations(id(0), None, 5).await.unwrap().len(), 5, "and it stays so");
}
