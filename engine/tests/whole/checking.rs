//! Who is checked when, and what comes of it.

use domain::{EventKind, Failure, Health, Outcome, OwnFault, Status};

use crate::world::*;

#[tokio::test]
async fn a_backend_that_dies_is_unhealthy_with_its_reason_and_healthy_when_it_is_back() {
    let folder = Folder::new();
    let engine = folder.engine().await;
    let backend = Backend::answers().await;
    engine.create_group(group(|_| {}), me()).await.unwrap();
    let target = register(&engine, &[backend.port]).await.remove(0);
    until(&engine, &target, Status::Healthy).await;
    let port = backend.dies().await;
    until(&engine, &target, Status::Unhealthy).await;
    engine.with_board(|board| {
        let health = &board.target(&web(), target.id).unwrap().health;
        assert!(matches!(health, Health::Unhealthy { cause: Failure::ConnectionRefused, .. }), "{health:?}");
    });
    let _back = Backend::answers_again_on(port).await;
    until(&engine, &target, Status::Healthy).await;
    engine.stop().await;
}

#[tokio::test]
async fn a_target_that_was_just_added_is_checked_long_before_its_interval_is_over() {
    let folder = Folder::new();
    let engine = folder.engine().await;
    let backend = Backend::answers().await;
    let slow = group(|draft| draft.check.interval_ms = "300000".to_owned());
    engine.create_group(slow, me()).await.unwrap();
    let target = register(&engine, &[backend.port]).await.remove(0);
    until(&engine, &target, Status::Healthy).await;
    engine.stop().await;
}

#[tokio::test]
async fn other_settings_take_effect_at_once_and_leave_health() {
    let folder = Folder::new();
    let engine = folder.engine().await;
    let backend = Backend::answers().await;
    let slow = group(|draft| draft.check.interval_ms = "300000".to_owned());
    engine.create_group(slow, me()).await.unwrap();
    let target = register(&engine, &[backend.port]).await.remove(0);
    until(&engine, &target, Status::Healthy).await;
    let mut events = follow(&engine);
    engine.edit_group(group(|_| {}), me()).await.unwrap();
    for _ in 0..3 {
        check_of(&mut events, &target).await;
        assert_eq!(status_of(&engine, &target), Status::Healthy);
    }
    engine.stop().await;
}

#[tokio::test]
async fn a_target_is_checked_once_at_a_time_even_if_it_hangs() {
    let folder = Folder::new();
    let engine = folder.engine().await;
    let backend = Backend::hangs().await;
    engine.create_group(group(|_| {}), me()).await.unwrap();
    let target = register(&engine, &[backend.port]).await.remove(0);
    until(&engine, &target, Status::Unhealthy).await;
    let asked = engine.check_now(&web(), target.id).await.unwrap();
    assert_eq!(asked.outcome, Outcome::Fail(Failure::Timeout { after_ms: 200 }));
    assert_eq!(backend.most_at_once(), 1);
    engine.stop().await;
}

#[tokio::test]
async fn more_checks_than_the_limit_lets_through_are_our_fault_and_not_the_targets() {
    let folder = Folder::new();
    let engine = folder.engine_with(|config| config.checks_per_host = 1).await;
    let backends = [Backend::hangs().await, Backend::hangs().await, Backend::hangs().await, Backend::hangs().await];
    engine.create_group(group(|_| {}), me()).await.unwrap();
    let mut events = follow(&engine);
    register(&engine, &backends.each_ref().map(|backend| backend.port)).await;
    let overloaded = next(&mut events, |event| match &event.kind {
        domain::EventKind::Checked { observation, target, .. } => {
            matches!(observation.outcome, Outcome::Unknown(OwnFault::Overloaded)).then_some(*target)
        }
        _ => None,
    })
    .await;
    engine.with_board(|board| {
        let group = &board.groups[&web()];
        let standing = group.targets[&overloaded].standing(&group.group);
        assert_ne!(standing.status, Status::Unhealthy);
    });
    engine.stop().await;
}

#[tokio::test]
async fn check_now_answers_with_what_is_on_the_board() {
    let folder = Folder::new();
    let engine = folder.engine().await;
    let backend = Backend::answers().await;
    engine.create_group(group(|draft| draft.check.interval_ms = "300000".to_owned()), me()).await.unwrap();
    let target = register(&engine, &[backend.port]).await.remove(0);
    until(&engine, &target, Status::Healthy).await;
    let before = backend.connections();
    let observation = engine.check_now(&web(), target.id).await.unwrap();
    assert_eq!(backend.connections(), before + 1);
    assert_eq!(observation.status_code, Some(200));
    engine.with_board(|board| {
        assert_eq!(board.target(&web(), target.id).unwrap().last, Some(observation.clone()));
    });
    engine.stop().await;
}

/// When the next check of the target is due, as the board says it.
fn due_at(engine: &engine::Engine, target: &domain::Target) -> Option<domain::Timestamp> {
    engine.with_board(|board| board.target(&web(), target.id)?.next_check_at(&board.groups[&web()].group))
}

#[tokio::test]
async fn the_next_check_comes_when_it_was_said_to_be_due() {
    let folder = Folder::new();
    let engine = folder.engine().await;
    let backend = Backend::answers().await;
    engine.create_group(group(|draft| draft.check.interval_ms = "1000".to_owned()), me()).await.unwrap();
    let mut events = follow(&engine);
    let target = register(&engine, &[backend.port]).await.remove(0);
    let said = next(&mut events, |event| match event.kind {
        EventKind::Checked { next_check_at, .. } => next_check_at,
        _ => None,
    });
    let said = said.await;
    let seen = check_of(&mut events, &target).await;
    assert!(said.plus_millis(-5) <= seen.at, "{} is before {said}", seen.at);
    engine.stop().await;
}

#[tokio::test]
async fn a_check_on_demand_does_not_put_off_the_next_turn() {
    let folder = Folder::new();
    let engine = folder.engine().await;
    let backend = Backend::answers().await;
    engine.create_group(group(|draft| draft.check.interval_ms = "300000".to_owned()), me()).await.unwrap();
    let target = register(&engine, &[backend.port]).await.remove(0);
    assert_eq!(due_at(&engine, &target), None, "nobody knows before the first check");
    until(&engine, &target, Status::Healthy).await;
    let before = due_at(&engine, &target).unwrap();
    engine.check_now(&web(), target.id).await.unwrap();
    let after = due_at(&engine, &target).unwrap();
    assert!(after.millis_since(before).max(before.millis_since(after)) < 5000, "{before} became {after}");
    engine.stop().await;
}

#[tokio::test]
async fn who_asks_while_an_asked_check_is_under_way_shares_its_result() {
    let folder = Folder::new();
    let engine = folder.engine().await;
    let backend = Backend::hangs().await;
    engine.create_group(group(|draft| draft.check.interval_ms = "300000".to_owned()), me()).await.unwrap();
    let target = register(&engine, &[backend.port]).await.remove(0);
    check_of(&mut follow(&engine), &target).await;
    let before = backend.connections();
    let group = web();
    let asked = futures_util::future::join_all((0..20).map(|_| engine.check_now(&group, target.id))).await;
    assert!(asked.iter().all(|seen| seen.is_ok()), "{asked:?}");
    let made = backend.connections() - before;
    assert!(made < 20, "{made} checks for 20 who asked at once");
    engine.stop().await;
}

#[tokio::test]
async fn checks_that_are_switched_off_are_not_made_and_the_status_says_so() {
    let folder = Folder::new();
    let engine = folder.engine().await;
    let backend = Backend::answers().await;
    engine.create_group(group(|draft| draft.check.enabled = "false".to_owned()), me()).await.unwrap();
    let target = register(&engine, &[backend.port]).await.remove(0);
    assert_eq!(status_of(&engine, &target), Status::Unavailable);
    assert_eq!(engine.check_now(&web(), target.id).await, Err(engine::CheckNowError::Disabled));
    engine.edit_group(group(|_| {}), me()).await.unwrap();
    until(&engine, &target, Status::Healthy).await;
    engine.stop().await;
}
