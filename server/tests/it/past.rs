//! The past over the API: what a real target did is told, exported and replayed.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::backend::Backend;
use crate::program::{Place, Program, eventually};

/// A program with a target that was healthy, is down, and was seen so more than once.
async fn with_an_outage(place: &Place) -> (Program, String) {
    let program = place.start();
    let backend = Backend::start().await;
    program.make_group("web").await;
    let target = program.make_target("web", backend.port).await;
    program.status(&target, "healthy").await;
    backend.kill().await;
    program.status(&target, "unhealthy").await;
    (program, target)
}

fn statuses(states: &Value) -> Vec<&str> {
    states.as_array().unwrap().iter().map(|run| run["status"].as_str().unwrap_or("no data")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn history_tells_what_a_target_was_and_time_before_it_is_no_data() {
    let place = Place::new();
    let (program, target) = with_an_outage(&place).await;
    let history = eventually("the failures are stored", || async {
        let history = program.json(&format!("{target}/history?range=1h")).await;
        (history["fails"].as_u64().unwrap() >= 2).then_some(history)
    })
    .await;
    assert_eq!(statuses(&history["states"]), ["no data", "initial", "healthy", "unhealthy"]);
    assert_eq!(history["failures"][0]["reason"], "Target.FailedHealthChecks");
    assert!(history["phases_ms"]["total"]["p50"].as_f64().unwrap() > 0.0, "{history}");
    assert_eq!(history["phases_ms"]["tls"], Value::Null);
    let uptime = &history["uptime"];
    let parts = ["up_ms", "down_ms", "out_ms", "unknown_ms"].map(|part| uptime[part].as_u64().unwrap());
    assert_eq!(parts.iter().sum::<u64>(), 3_600_000, "{uptime}");
    assert!(parts[0] > 0 && parts[1] > 0 && parts[3] > 3_000_000, "{uptime}");

    let group = program.json("/api/v1/target-groups/web/history?range=1h").await;
    assert_eq!(statuses(&group["targets"][0]["states"]), ["no data", "initial", "healthy", "unhealthy"]);
    assert_eq!(group["targets"][0]["deregistered_at"], Value::Null);
    let uptimes = program.json("/api/v1/target-groups/web/uptime?windows=1h,400d").await;
    let windows: Vec<_> = uptimes["uptime"].as_array().unwrap().iter().map(|of| of["window"].clone()).collect();
    assert_eq!(windows, [json!("1h"), json!("400d")]);
}

#[tokio::test(flavor = "multi_thread")]
async fn single_checks_are_exported_whole_in_both_forms() {
    let place = Place::new();
    let (program, target) = with_an_outage(&place).await;
    let checks = eventually("the failures are stored", || async {
        let checks = program.json(&format!("{target}/checks?range=1h")).await;
        let items = checks["items"].as_array().unwrap().clone();
        items.iter().any(|check| check["outcome"] == "fail").then_some(items)
    })
    .await;
    let first = checks.first().unwrap()["at"].as_str().unwrap();
    let last = checks.last().unwrap()["at"].as_str().unwrap();
    let stretch = format!("from={first}&to={last}");
    let json = program.json(&format!("{target}/checks?{stretch}")).await;
    assert_eq!(json["items"].as_array().unwrap().len(), checks.len() - 1, "the end is not in it");
    let response = program.get(&format!("{target}/checks?{stretch}&format=csv")).await;
    assert_eq!(response.headers()["content-type"], "text/csv; charset=utf-8");
    assert!(response.headers()["content-disposition"].to_str().unwrap().ends_with(".csv\""));
    let text = response.text().await.unwrap();
    let lines: Vec<&str> = text.split_terminator("\r\n").collect();
    assert_eq!(lines.len(), checks.len(), "{text}");
    assert!(lines[0].starts_with("at,outcome,reason,detail"), "{text}");
    assert!(lines[1].starts_with(&format!("{first},pass,,")), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn other_settings_are_replayed_and_what_nobody_saw_is_refused() {
    let place = Place::new();
    let (program, target) = with_an_outage(&place).await;
    let path = format!("{target}/what-if?range=1h");
    let body = json!({"unhealthy_threshold": 1});
    let verdict = eventually("the outage is stored", || async {
        let (status, verdict) = program.send(Method::POST, &path, body.clone()).await;
        assert_eq!(status, StatusCode::OK, "{verdict}");
        (verdict["outages"]["as_set"] == 1).then_some(verdict)
    })
    .await;
    let detection = &verdict["detections"][0]["found_after_ms"];
    assert_eq!(detection["what_if"], 0, "{verdict}");
    assert!(detection["as_set"].as_u64().unwrap() > 0, "{verdict}");
    let fields = |body: Value| crate::api::wrong(&program, &path, body);
    let refused = fields(json!({"interval_ms": 100})).await;
    assert_eq!(refused[0].0, "interval_ms", "{refused:?}");
    assert_eq!(fields(json!({"interval_ms": 300})).await[0].0, "interval_ms");
    assert_eq!(fields(json!({"matcher": "302"})).await[0].0, "matcher");
}

#[tokio::test]
async fn a_stretch_that_is_none_is_refused_with_the_field() {
    let place = Place::new();
    let program = place.start();
    program.make_group("web").await;
    for (query, field) in [
        ("range=soon", "range"),
        ("range=401d", "range"),
        ("to=2026-11-22T10:04:12Z", "from"),
        ("from=2026-11-22T10:04:12Z&to=2026-11-22T10:04:12Z", "to"),
        ("from=2026-11-22T10:04:12Z&to=later", "to"),
        ("points=5", "points"),
        ("phase=nose", "phase"),
        ("rage=1h", "rage"),
    ] {
        let response = program.get(&format!("/api/v1/target-groups/web/history?{query}")).await;
        assert_eq!(response.status(), StatusCode::UNPROCESSABLE_ENTITY, "{query}");
        let problem: Value = response.json().await.unwrap();
        assert_eq!(problem["errors"][0]["field"], field, "{problem}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_group_tells_exports_and_replays_what_its_targets_did_also_those_that_are_gone() {
    let place = Place::new();
    let (program, gone) = with_an_outage(&place).await;
    let backend = Backend::start().await;
    let there = program.make_target("web", backend.port).await;
    program.status(&there, "healthy").await;
    let (status, _) = program.send(Method::DELETE, &gone, json!({})).await;
    assert_eq!(status, StatusCode::NO_CONTENT);
    let id_of = |target: &str| target.rsplit('/').next().unwrap().to_owned();

    let group = "/api/v1/target-groups/web";
    let exported = eventually("checks of both are stored", || async {
        let checks = program.json(&format!("{group}/checks?range=1h")).await;
        let items = checks["items"].as_array().unwrap().clone();
        items.iter().any(|check| check["target"] == id_of(&there)).then_some(items)
    })
    .await;
    let whose: Vec<_> = exported.iter().map(|check| check["target"].as_str().unwrap()).collect();
    let first_of_second = whose.iter().position(|id| *id == id_of(&there)).unwrap();
    assert!(first_of_second > 2 && whose[..first_of_second].iter().all(|id| *id == id_of(&gone)), "{whose:?}");
    let text = program.get(&format!("{group}/checks?range=1h&format=csv")).await.text().await.unwrap();
    assert!(text.starts_with("target,name,address,at,outcome"), "{text}");
    assert!(text.contains(&format!("\r\n{},web-1,127.0.0.1:", id_of(&gone))), "{text}");

    let history = program.json(&format!("{group}/history?range=1h")).await;
    let failed = history["failed_checks"].as_array().unwrap();
    assert!(failed.len() >= 2 && failed.iter().all(|failed| failed["target"] == id_of(&gone)), "{failed:?}");
    let body = json!({"unhealthy_threshold": 1});
    let (status, verdict) = program.send(Method::POST, &format!("{group}/what-if?range=1h"), body.clone()).await;
    assert_eq!(status, StatusCode::OK, "{verdict}");
    assert_eq!((&verdict["outages"]["as_set"], &verdict["ever_healthy"]), (&json!(1), &json!(true)), "{verdict}");
    assert_eq!(verdict["detections"][0]["target"], id_of(&gone));

    // By itself, too, though it is not on the board.
    assert_eq!(program.get(&gone).await.status(), StatusCode::NOT_FOUND);
    let history = program.json(&format!("{gone}/history?range=1h")).await;
    assert_eq!(statuses(&history["states"]), ["no data", "initial", "healthy", "unhealthy", "no data"]);
    let checks = program.json(&format!("{gone}/checks?range=1h")).await;
    assert_eq!(checks["items"].as_array().unwrap().len(), first_of_second);
    let (status, verdict) = program.send(Method::POST, &format!("{gone}/what-if?range=1h"), body).await;
    assert_eq!((status, &verdict["outages"]["as_set"]), (StatusCode::OK, &json!(1)), "{verdict}");
    let page = |suffix: &str| format!("/groups/web/targets/{}{suffix}", id_of(&gone));
    assert_eq!(program.get(&page("")).await.status(), StatusCode::NOT_FOUND);
    let past = program.get(&page("/history")).await;
    assert_eq!(past.status(), StatusCode::OK);
    assert!(past.text().await.unwrap().contains("deregistered"));
    let nobody = format!("{group}/targets/{}/history", "01a00000-0000-7000-8000-000000000000");
    assert_eq!(program.get(&nobody).await.status(), StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_target_that_moved_is_told_as_what_it_was_at_each_address() {
    let place = Place::new();
    let (program, target) = with_an_outage(&place).await;
    let backend = Backend::start().await;
    let (status, _) = program.send(Method::PATCH, &target, json!({"port": backend.port})).await;
    assert_eq!(status, StatusCode::OK);
    program.status(&target, "healthy").await;
    let history = program.json(&format!("{target}/history?range=1h")).await;
    let told = statuses(&history["states"]);
    assert_eq!(told[..4], ["no data", "initial", "healthy", "unhealthy"]);
    assert_eq!(told.last(), Some(&"healthy"));
    let down = history["uptime"]["down_ms"].as_u64().unwrap();
    assert!(down > 0, "{history}");
    let uptimes = program.json("/api/v1/target-groups/web/uptime?windows=1h").await;
    let of_target = &uptimes["targets"][0]["uptime"][0];
    assert_eq!(of_target["down_ms"].as_u64(), Some(down));
    let parts = ["up_ms", "down_ms", "out_ms", "unknown_ms"].map(|part| of_target[part].as_u64().unwrap());
    assert_eq!(parts.iter().sum::<u64>(), 3_600_000);
    let checks = program.json("/api/v1/target-groups/web/checks?range=1h").await;
    let checks = checks["items"].as_array().unwrap();
    let new = format!("127.0.0.1:{}", backend.port);
    assert!(checks.iter().filter(|check| check["outcome"] == "fail").all(|check| check["address"] != new.as_str()));
    assert!(checks.iter().any(|check| check["address"] == new.as_str()), "{checks:?}");
    backend.kill().await;
}
