//! Changes by people: all or nothing, on the record.

use domain::{EventKind, FloorRule, Invalid, Problem, Status, TargetDraft};
use engine::{ChangeError, EventFilter, WithBindings};

use crate::world::*;

#[tokio::test]
async fn registering_is_all_or_nothing() {
    let folder = Folder::new();
    let engine = folder.engine().await;
    engine.create_group(group(|_| {}), me()).await.unwrap();
    register(&engine, &[9]).await;
    let drafts = ["10", "9"].map(|port| TargetDraft::parse("127.0.0.1", port, "", 80).unwrap());
    let refused = engine.register(web(), drafts.to_vec(), me()).await;
    let duplicate = Invalid::new("targets", Problem::Duplicate("127.0.0.1:9".to_owned()));
    assert_eq!(refused, Err(ChangeError::Invalid(vec![duplicate])));
    assert_eq!(engine.with_board(|board| board.groups[&web()].targets.len()), 1);
    engine.stop().await;
}

#[tokio::test]
async fn every_change_is_on_the_record_with_who_and_why() {
    let folder = Folder::new();
    let engine = folder.engine().await;
    engine.create_group(group(|_| {}), me()).await.unwrap();
    let target = register(&engine, &[9]).await.remove(0);
    engine.deregister(web(), vec![target.id], FloorRule::Keep, me()).await.unwrap();
    engine.delete_group(web(), WithBindings::Refuse, me()).await.unwrap();
    let events = engine.events(EventFilter { limit: 100, ..EventFilter::default() }).await.unwrap();
    let changes = events.iter().rev().filter(|event| event.why.as_deref() == Some("test"));
    let words: Vec<_> = changes.map(|event| event.kind.as_str()).collect();
    assert_eq!(words, ["group_created", "target_registered", "target_deregistered", "group_deleted"]);
    engine.stop().await;
}

#[tokio::test]
async fn another_address_begins_anew_and_is_checked_at_once() {
    let folder = Folder::new();
    let engine = folder.engine().await;
    let (old, new) = (Backend::answers().await, Backend::answers().await);
    engine.create_group(group(|draft| draft.check.interval_ms = "300000".to_owned()), me()).await.unwrap();
    let target = register(&engine, &[old.port]).await.remove(0);
    until(&engine, &target, Status::Healthy).await;
    let draft = TargetDraft::parse("127.0.0.1", &new.port.to_string(), "새 서버", 80).unwrap();
    let mut events = follow(&engine);
    engine.edit_target(web(), target.id, draft, me()).await.unwrap();
    check_of(&mut events, &target).await;
    assert_eq!(new.connections(), 1);
    engine.stop().await;
}

#[tokio::test]
async fn everything_is_still_there_after_a_restart_and_waits_to_be_confirmed() {
    let folder = Folder::new();
    let engine = folder.engine().await;
    let backend = Backend::answers().await;
    engine.create_group(group(|_| {}), me()).await.unwrap();
    let target = register(&engine, &[backend.port]).await.remove(0);
    until(&engine, &target, Status::Healthy).await;
    let number = engine.with_board(|board| board.number);
    engine.stop().await;

    let engine = folder.engine().await;
    let mut events = follow(&engine);
    engine.with_board(|board| {
        let state = board.target(&web(), target.id).unwrap();
        assert_eq!((status_on(board, &target), state.restored), (Status::Healthy, true));
        assert!(board.number > number, "numbers go on");
    });
    check_of(&mut events, &target).await;
    assert!(!engine.with_board(|board| board.target(&web(), target.id).unwrap().restored));
    let started = engine.events(EventFilter { limit: 100, ..EventFilter::default() }).await.unwrap();
    let gaps = started.iter().filter(|event| matches!(event.kind, EventKind::Started { gap: Some(_), .. }));
    assert_eq!(gaps.count(), 1, "the time between is a gap");
    engine.stop().await;
}
