//! From an empty machine to a board that tells the truth, through stops and crashes.

use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::backend::Backend;
use crate::feed::Feed;
use crate::program::Place;

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_backend_turns_unhealthy_with_its_reason_and_healthy_when_it_is_back() {
    let place = Place::new();
    let program = place.start();
    let backend = Backend::start().await;
    let mut feed = Feed::open(&program, "/api/v1/events?since=0", None).await;
    assert_eq!(feed.next().await.unwrap().event, "started");

    let group = program.make_group("web").await;
    assert_eq!(group["counts"]["healthy"], 0);
    assert_eq!(feed.next().await.unwrap().event, "group_created");
    let target = program.make_target("web", backend.port).await;
    let registered = feed.next().await.unwrap();
    assert_eq!(
        (registered.event.as_str(), &registered.data["settings"]["label"]),
        ("target_registered", &json!("web-1"))
    );
    let up = feed.next().await.unwrap().data;
    assert_eq!((&up["transition"]["from"], &up["transition"]["to"]), (&json!("initial"), &json!("healthy")));

    let port = backend.kill().await;
    let down = feed.next().await.unwrap().data;
    assert_eq!(down["transition"]["to"], "unhealthy");
    assert_eq!(down["transition"]["reason"], "Target.FailedHealthChecks");
    assert_eq!(down["transition"]["detail"], "connection refused");
    let shown = program.json(&target).await;
    assert_eq!((&shown["status"], &shown["description"]), (&json!("unhealthy"), &json!("Health checks failed")));
    assert_eq!(shown["last_check"]["detail"], "connection refused");
    assert!(shown["fails"].as_u64().unwrap() >= 2, "{shown}");
    assert_eq!(program.json("/api/v1/target-groups/web").await["counts"]["unhealthy"], 1);

    let backend = Backend::on(port).await;
    assert_eq!(feed.next().await.unwrap().data["transition"]["to"], "healthy");
    let seen = program.send(Method::POST, &format!("{target}/check"), json!({})).await;
    assert_eq!((seen.0, &seen.1["outcome"]), (StatusCode::OK, &json!("pass")));
    backend.kill().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_is_there_after_a_restart_and_unconfirmed_until_it_is_checked() {
    let place = Place::new();
    let program = place.start();
    let backend = Backend::start().await;
    program.make_group("web").await;
    let target = program.make_target("web", backend.port).await;
    program.status(&target, "healthy").await;
    let slow = json!({"health_check": {"interval_ms": 300_000}, "description": "seldom"});
    let (status, before) = program.send(Method::PATCH, "/api/v1/target-groups/web", slow).await;
    assert_eq!(status, StatusCode::OK, "{before}");
    assert!(program.stop().await.success());

    let program = place.start();
    assert_eq!(program.json("/api/v1/target-groups/web").await, before);
    let shown = program.json(&target).await;
    assert_eq!((&shown["status"], &shown["confirmed"]), (&json!("healthy"), &json!(false)));
    let (status, _) = program.send(Method::POST, &format!("{target}/check"), json!({})).await;
    assert_eq!(status, StatusCode::OK);
    let shown = program.json(&target).await;
    assert_eq!((&shown["status"], &shown["confirmed"]), (&json!("healthy"), &json!(true)));
    backend.kill().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_crash_the_board_is_as_it_was_without_false_transitions() {
    let place = Place::new();
    let program = place.start();
    let (good, bad) = (Backend::start().await, Backend::start().await);
    program.make_group("web").await;
    let up = program.make_target("web", good.port).await;
    let down = program.make_target("web", bad.kill().await).await;
    program.status(&up, "healthy").await;
    program.status(&down, "unhealthy").await;
    let before = program.json("/api/v1/events?limit=1000").await;
    program.kill();

    let program = place.start();
    for (target, status) in [(&up, "healthy"), (&down, "unhealthy")] {
        assert_eq!(program.json(target).await["status"], status);
    }
    for target in [&up, &down] {
        crate::program::eventually("checked again", || async {
            program.json(target).await["confirmed"].as_bool().filter(|confirmed| *confirmed)
        })
        .await;
    }
    let after = program.json("/api/v1/events?limit=1000").await;
    let new = after["items"].as_array().unwrap().len() - before["items"].as_array().unwrap().len();
    assert_eq!((new, &after["items"][0]["kind"]), (1, &json!("started")), "{after}");
    good.kill().await;
}
