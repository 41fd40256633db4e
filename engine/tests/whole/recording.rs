//! A store that cannot write: checking goes on, changes are refused, and it heals.

use domain::{EventKind, Phase, Recording, Span, Status, Target, Uptime};
use engine::{ChangeError, Engine, EventFilter};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Executor};

use crate::world::*;

/// Holds the database so that nobody else can write, as a backup tool that misbehaves does.
async fn hold(folder: &Folder) -> SqliteConnection {
    let mut connection = SqliteConnectOptions::new().filename(folder.database()).connect().await.unwrap();
    connection.execute("begin immediate").await.unwrap();
    connection
}

/// An engine that checks one target, which answers.
async fn watched(folder: &Folder) -> (Engine, Backend, Target) {
    let engine = folder.engine().await;
    let backend = Backend::answers().await;
    engine.create_group(group(|_| {}), me()).await.unwrap();
    let target = register(&engine, &[backend.port]).await.remove(0);
    (engine, backend, target)
}

fn last_hour(engine: &Engine) -> Span {
    let now = engine.clock().now();
    Span::new(now.plus_millis(-3_600_000), now).unwrap()
}

async fn uptime_of(engine: &Engine, target: &Target) -> Uptime {
    let uptimes = engine.uptimes(Some(&web()), &[last_hour(engine)]).await.unwrap();
    uptimes[0].targets.iter().find(|(id, _)| *id == target.id).unwrap().1[0]
}

#[tokio::test]
async fn checking_goes_on_while_the_store_cannot_write_and_what_it_saw_is_stored_then() {
    let folder = Folder::new();
    let (engine, backend, target) = watched(&folder).await;
    until(&engine, &target, Status::Healthy).await;

    let (mut events, mut all) = (follow(&engine), follow(&engine));
    let mut holder = hold(&folder).await;
    next(&mut events, |event| matches!(event.kind, EventKind::RecordingStopped { .. }).then_some(())).await;
    backend.dies().await;
    until(&engine, &target, Status::Unhealthy).await;
    let open = engine.gaps(last_hour(&engine));
    assert_eq!(open.len(), 1, "what is not stored is not known");
    let (first, then) = (uptime_of(&engine, &target).await, uptime_of(&engine, &target).await);
    assert_eq!((first.up_ms, first.down_ms), (then.up_ms, 0));
    assert!(open[0].from < engine.clock().now());
    assert!(engine.with_board(|board| matches!(board.recording, Recording::Off { .. })));
    let refused = engine.delete_group(web(), engine::WithBindings::Refuse, me()).await;
    assert!(matches!(refused, Err(ChangeError::NotRecorded(_))), "{refused:?}");

    let mut events = follow(&engine);
    holder.execute("rollback").await.unwrap();
    let gap = next(&mut events, |event| match &event.kind {
        EventKind::RecordingResumed { gap } => Some(*gap),
        _ => None,
    });
    assert_eq!(gap.await, None, "all of it was kept");
    assert_eq!(engine.with_board(|board| board.recording.clone()), Recording::On);
    assert_eq!(engine.gaps(last_hour(&engine)), []);
    let (mut seen, mut fell) = (Vec::new(), None);
    next(&mut all, |event| match &event.kind {
        EventKind::Checked { observation, transition, .. } => {
            seen.push(observation.at);
            fell = fell.or(transition.as_ref().map(|_| event.at));
            None
        }
        EventKind::RecordingResumed { .. } => Some(()),
        _ => None,
    })
    .await;
    let stored = engine.checks(&web(), target.id, last_hour(&engine), None, 10_000).await.unwrap();
    let stored: Vec<_> = stored.iter().map(|check| check.at).filter(|at| seen.contains(at)).collect();
    assert_eq!(stored, seen);
    let past = engine.group_history(&web(), last_hour(&engine), 100, Phase::Total).await.unwrap();
    let down = past.targets[0].states.iter().find(|run| run.status == Some(Status::Unhealthy));
    assert_eq!(down.map(|run| run.from), fell, "since it was seen, not since it was stored");
    engine.stop().await;

    let engine = folder.engine().await;
    assert_eq!(status_of(&engine, &target), Status::Unhealthy, "what happened meanwhile is stored");
    let stored = engine.events(EventFilter { limit: 1000, ..EventFilter::default() }).await.unwrap();
    let words: Vec<_> = stored.iter().rev().map(|event| event.kind.as_str()).collect();
    let meanwhile: Vec<_> = words.iter().skip_while(|word| **word != "recording_stopped").collect();
    assert!(meanwhile.contains(&&"status_changed") && meanwhile.contains(&&"recording_resumed"), "{words:?}");
    engine.stop().await;
}

#[tokio::test]
async fn a_stop_during_an_outage_ends() {
    let folder = Folder::new();
    let (engine, _backend, _) = watched(&folder).await;
    let mut events = follow(&engine);
    let _holder = hold(&folder).await;
    next(&mut events, |event| matches!(event.kind, EventKind::RecordingStopped { .. }).then_some(())).await;
    tokio::time::timeout(NEVER, engine.stop()).await.unwrap();
}

#[tokio::test]
async fn what_was_kept_is_stored_at_a_stop() {
    let folder = Folder::new();
    let (engine, _backend, target) = watched(&folder).await;
    let mut events = follow(&engine);
    let mut holder = hold(&folder).await;
    next(&mut events, |event| matches!(event.kind, EventKind::RecordingStopped { .. }).then_some(())).await;
    let seen = check_of(&mut events, &target).await;
    holder.execute("rollback").await.unwrap();
    engine.stop().await;

    let engine = folder.engine().await;
    let stored = engine.checks(&web(), target.id, last_hour(&engine), None, 10_000).await.unwrap();
    assert!(stored.contains(&seen), "{seen:?} {stored:?}");
    engine.stop().await;
}
