//! The API's shapes and its refusals.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::program::{Place, Program};

const GROUPS: &str = "/api/v1/target-groups";

/// Sends something wrong, and gives what is said of each field.
pub(crate) async fn wrong(program: &Program, path: &str, body: Value) -> Vec<(String, String)> {
    let (status, problem) = program.send(Method::POST, path, body).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{problem}");
    assert_eq!(problem["type"], "urn:drainboard:invalid");
    let text = |error: &Value, name: &str| error[name].as_str().unwrap().to_owned();
    problem["errors"].as_array().unwrap().iter().map(|error| (text(error, "field"), text(error, "message"))).collect()
}

/// Fields with their sentences.
pub(crate) fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(field, message)| ((*field).to_owned(), (*message).to_owned())).collect()
}

#[tokio::test]
async fn wrong_fields_are_told_all_at_once_and_nothing_is_saved() {
    let place = Place::new();
    let program = place.start();
    let body = json!({"name": "no spaces", "protocol": "UDP", "colour": 1,
        "health_check": {"interval_ms": "5 s", "timeout_ms": 0, "matcher": "999", "enabled": "yes", "retries": 3}});
    let expected = pairs(&[
        ("health_check.enabled", "Use one of: true, false."),
        ("health_check.interval_ms", "Give a whole number."),
        ("health_check.retries", "There is no such field."),
        ("name", "Use 1 to 32 letters a to z, digits and hyphens, with no hyphen at the ends."),
        ("protocol", "Use one of: HTTP, HTTPS, TCP."),
        ("port", "This is needed."),
        ("health_check.matcher", "Give status codes from 100 to 599, such as 200, 200,204 or 200-399."),
        ("health_check.timeout_ms", "Give a number from 20 to 120000."),
        ("colour", "There is no such field."),
    ]);
    assert_eq!(wrong(&program, GROUPS, body).await, expected);
    assert_eq!(program.json(GROUPS).await, json!({"items": [], "next_cursor": null}));
}

#[tokio::test]
async fn registering_is_all_or_nothing() {
    let place = Place::new();
    let program = place.start();
    program.make_group("web").await;
    let targets = "/api/v1/target-groups/web/targets";
    let body = json!({"targets": [{"host": "127.0.0.1", "port": 1}, {"host": "169.254.169.254"}, {"port": 70_000}, 5]});
    let fields: Vec<String> = wrong(&program, targets, body).await.into_iter().map(|(field, _)| field).collect();
    assert_eq!(fields, ["targets[1].host", "targets[2].host", "targets[2].port", "targets[3]"]);
    let twice = json!({"targets": [{"host": "127.0.0.1", "port": 1}, {"host": "127.0.0.1", "port": 1}]});
    let expected = pairs(&[("targets", "127.0.0.1:1 is in this group already.")]);
    assert_eq!(wrong(&program, targets, twice).await, expected);
    assert_eq!(wrong(&program, targets, json!({})).await, pairs(&[("targets", "This is needed.")]));
    assert_eq!(program.json(targets).await["items"], json!([]));
}

#[tokio::test]
async fn what_is_not_there_not_json_not_small_or_not_allowed_is_a_problem() {
    let place = Place::new();
    let program = place.start();
    program.make_group("web").await;
    let large = format!("{{\"description\": \"{}\"}}", "x".repeat(1024 * 1024));
    let json = "application/json";
    let nobody = "/api/v1/target-groups/web/targets/0192a000-0000-7000-8000-000000000000";
    let cases: [(Method, &str, &str, &str, u16); 13] = [
        (Method::GET, "/api/v1/target-groups/nobody", json, "", 404),
        (Method::GET, "/api/v1/target-groups/no%20body", json, "", 404),
        (Method::GET, nobody, json, "", 404),
        (Method::GET, "/api/v1/target-groups/web/targets/1", json, "", 404),
        (Method::DELETE, nobody, json, "", 404),
        (Method::GET, "/api/v2/anything", json, "", 404),
        (Method::PUT, "/api/v1/target-groups/web", json, "{}", 405),
        (Method::POST, GROUPS, "text/plain", "{}", 415),
        (Method::POST, GROUPS, json, "{\"name\": ", 400),
        (Method::POST, GROUPS, json, "[]", 400),
        (Method::POST, GROUPS, json, &large, 413),
        (Method::GET, "/api/v1/target-groups?limit=5000", json, "", 422),
        (Method::GET, "/api/v1/events?sinse=1", json, "", 422),
    ];
    for (method, path, kind, body, status) in cases {
        let request = program.request(method.clone(), path).header("content-type", kind).body(body.to_owned());
        let response = request.send().await.unwrap();
        assert_eq!(response.status().as_u16(), status, "{method} {path}");
        assert_eq!(response.headers()["content-type"], "application/problem+json", "{method} {path}");
        let problem: Value = response.json().await.unwrap();
        assert_eq!(problem["status"], status, "{method} {path}");
        assert!(problem["detail"].as_str().is_some_and(|detail| !detail.is_empty()), "{method} {path}");
    }
}

#[tokio::test]
async fn a_group_is_made_changed_and_deleted_with_who_and_why() {
    let place = Place::new();
    let program = place.start();
    let body = json!({"name": "web", "protocol": "HTTP", "port": 8000, "health_check": {"matcher": "200-399"}});
    let request = program.request(Method::POST, GROUPS).header("drainboard-why", "가을 행사").json(&body);
    let response = request.send().await.unwrap();
    assert_eq!(response.status(), StatusCode::CREATED);
    assert_eq!(response.headers()["location"], "/api/v1/target-groups/web");
    let made: Value = response.json().await.unwrap();
    let expected = json!({"name": "web", "description": "", "protocol": "HTTP", "port": 8000, "deregistration_delay_s": 300,
        "standby": {"wanted_active": null, "hold_down_s": 60, "fall_back": "by_itself"},
        "minimum_healthy_targets": 1,
        "health_check": {"enabled": true, "protocol": "HTTP", "port": "traffic-port", "path": "/", "method": "GET",
            "host": null, "matcher": "200-399", "body_contains": null, "tls_verify": true, "server_name": null,
            "interval_ms": 30_000, "timeout_ms": 6000, "healthy_threshold": 5, "unhealthy_threshold": 2,
            "fast_interval_ms": null, "sentinel": false},
        "counts": {"initial": 0, "healthy": 0, "unhealthy": 0, "draining": 0, "unused": 0, "unavailable": 0}});
    assert_eq!(made, expected);

    let change = json!({"description": "shop", "health_check": {"interval_ms": 10_000, "matcher": null}});
    let (status, changed) = program.send(Method::PATCH, "/api/v1/target-groups/web", change).await;
    assert_eq!(status, StatusCode::OK, "{changed}");
    let check = &changed["health_check"];
    assert_eq!(
        (&check["interval_ms"], &check["matcher"], &check["timeout_ms"]),
        (&json!(10_000), &json!("200"), &json!(6000))
    );
    for (change, expected) in [
        (json!({"fast_interval_ms": 50, "sentinel": true}), (json!(50), json!(true))),
        (json!({"matcher": "200"}), (json!(50), json!(true))),
        (json!({"fast_interval_ms": null, "sentinel": null}), (json!(null), json!(false))),
    ] {
        let (_, changed) =
            program.send(Method::PATCH, "/api/v1/target-groups/web", json!({"health_check": change})).await;
        let check = &changed["health_check"];
        assert_eq!((&check["fast_interval_ms"], &check["sentinel"]), (&expected.0, &expected.1));
    }
    let (status, _) = program.send(Method::PATCH, "/api/v1/target-groups/web", json!({"name": "other"})).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    let (status, _) = program.send(Method::POST, GROUPS, body).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "the name is taken");
    let (status, _) = program.send(Method::DELETE, "/api/v1/target-groups/web", json!({})).await;
    assert_eq!(status, StatusCode::NO_CONTENT);

    let events = program.json("/api/v1/events?since=0").await;
    let items = events["items"].as_array().unwrap();
    let kinds: Vec<_> = items.iter().map(|event| event["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["started", "group_created", "group_edited", "group_edited", "group_edited", "group_deleted"]);
    assert_eq!(items[1]["by"], json!({"via": "api", "address": "127.0.0.1"}));
    assert_eq!(items[1]["why"], "가을 행사");
}

#[tokio::test]
async fn a_target_is_changed_and_deregistered() {
    let place = Place::new();
    let program = place.start();
    program.make_group("web").await;
    let target = program.make_target("web", 9).await;
    let (status, changed) = program.send(Method::PATCH, &target, json!({"label": "db <1>"})).await;
    assert_eq!(status, StatusCode::OK, "{changed}");
    assert_eq!((&changed["label"], &changed["port"]), (&json!("db <1>"), &json!(9)));
    let (status, _) = program.send(Method::DELETE, &target, json!({})).await;
    assert_eq!(status, StatusCode::NO_CONTENT);
    assert_eq!(program.get(&target).await.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_trial_saves_nothing_and_tells_what_it_saw() {
    let place = Place::new();
    let program = place.start();
    let backend = crate::backend::Backend::start().await;
    let body = json!({"host": "127.0.0.1", "port": backend.port, "health_check": {"matcher": "204"}});
    let (status, seen) = program.send(Method::POST, "/api/v1/check", body).await;
    assert_eq!(status, StatusCode::OK, "{seen}");
    assert_eq!((&seen["outcome"], &seen["status_code"]), (&json!("fail"), &json!(200)));
    assert_eq!(
        (&seen["reason"], &seen["detail"]),
        (&json!("Target.ResponseCodeMismatch"), &json!("200, expected 204"))
    );
    assert!(seen["phases_ms"]["total"].is_f64() && seen["phases_ms"]["dns"].is_null(), "{seen}");
    assert_eq!(program.json(GROUPS).await["items"], json!([]));
    backend.kill().await;
}

#[tokio::test]
async fn lists_are_paged() {
    let place = Place::new();
    let program = place.start();
    for name in ["a", "b", "c"] {
        program.make_group(name).await;
    }
    let (mut names, mut cursor) = (Vec::new(), String::new());
    for _ in 0..3 {
        let page = program.json(&format!("{GROUPS}?limit=2&cursor={cursor}")).await;
        names.extend(page["items"].as_array().unwrap().iter().map(|g| g["name"].as_str().unwrap().to_owned()));
        match page["next_cursor"].as_str() {
            Some(next) => cursor = next.to_owned(),
            None => break,
        }
    }
    assert_eq!(names, ["a", "b", "c"]);
    let newest = program.json("/api/v1/events?limit=2").await;
    let older =
        program.json(&format!("/api/v1/events?limit=2&cursor={}", newest["next_cursor"].as_str().unwrap())).await;
    let group = |page: &Value, index: usize| page["items"][index]["group"].clone();
    assert_eq!((group(&newest, 0), group(&newest, 1), group(&older, 0)), (json!("c"), json!("b"), json!("a")));
    assert_eq!(older["next_cursor"], Value::Null);
}
