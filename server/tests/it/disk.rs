//! A disk that takes nothing more while Drainboard runs.

use std::process::Command;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::backend::Backend;
use crate::feed::Feed;
use crate::program::{Place, Program, eventually};

/// No file of the program can grow any more, or all can again. (`-f` is soft only, so it can be taken back.)
fn limit_files(program: &Program, limit: &str) {
    let pid = program.pid().to_string();
    let status = Command::new("prlimit").args(["--pid", &pid, &format!("--fsize={limit}:")]).status();
    assert!(status.expect("prlimit of util-linux").success());
}

async fn readiness(program: &Program, ready: bool) -> Value {
    eventually("readiness", || async {
        let response = program.get("/readyz").await;
        let is_ready = response.status() == StatusCode::OK;
        (is_ready == ready).then_some(response)
    })
    .await
    .json()
    .await
    .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_stops_the_record_and_not_the_board_and_heals_and_nothing_is_lost() {
    let place = Place::new();
    let program = place.start();
    let backend = Backend::start().await;
    program.make_group("web").await;
    let target = program.make_target("web", backend.port).await;
    program.status(&target, "healthy").await;
    readiness(&program, true).await;
    let mut feed = Feed::open(&program, "/api/v1/events", None).await;

    limit_files(&program, "1");
    assert!(feed.next_named("recording_stopped").await.data["cause"].is_string());
    let told = readiness(&program, false).await;
    assert_eq!(told["database"]["writable"], false);
    assert!(told["database"]["not_recorded_since"].is_string() && told["database"]["why"].is_string(), "{told}");

    let port = backend.kill().await;
    assert_eq!(feed.next_named("status_changed").await.data["transition"]["to"], "unhealthy");
    let (status, problem) = program.send(Method::PATCH, &target, json!({"label": "lost"})).await;
    assert_eq!((status, &problem["type"]), (StatusCode::SERVICE_UNAVAILABLE, &json!("urn:drainboard:not-recorded")));
    assert_eq!(program.json(&target).await["label"], "web-1");
    let backend = Backend::on(port).await;
    assert_eq!(feed.next_named("status_changed").await.data["transition"]["to"], "healthy");

    limit_files(&program, "unlimited");
    let resumed = feed.next_named("recording_resumed").await.data;
    assert_eq!(resumed["gap"], Value::Null, "what was seen meanwhile was kept: {resumed}");
    assert_eq!(readiness(&program, true).await["database"]["why"], Value::Null);
    let (status, changed) = program.send(Method::PATCH, &target, json!({"label": "kept"})).await;
    assert_eq!(status, StatusCode::OK, "{changed}");
    program.kill();

    let program = place.start();
    assert_eq!(program.json(&target).await["label"], "kept");
    let events = program.json("/api/v1/events?limit=1000").await;
    let kinds: Vec<_> = events["items"].as_array().unwrap().iter().map(|e| e["kind"].as_str().unwrap()).collect();
    assert!(kinds.contains(&"recording_resumed"), "{kinds:?}");
    backend.kill().await;
}
