//! Laws over all routes, and the API's description against them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use axum::response::Response;
use axum::routing::MethodFilter;
use axum::{Router, body};
use serde_json::{Value, json};
use tower::ServiceExt as _;

use super::router::ROUTES;
use super::{Site, api, router};

const HOST: &str = "127.0.0.1:3000";

/// Forms of pages: they share one route, and the guard stands before it, too.
const FORMS: [&str; 3] = ["/groups/new", "/preferences", "/groups/web/targets/add"];

/// All routes of an engine that checks nothing, on a data file of its own.
struct World {
    router: Router,
    engine: engine::Engine,
    directory: PathBuf,
}

impl World {
    async fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("drainboard-http-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let directory = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&directory).unwrap();
        let engine = engine::Engine::start(engine::Config::new(directory.join("test.db"))).await.unwrap();
        let site = Site::new(
            engine.clone(),
            HOST.parse().unwrap(),
            &[],
            super::Crowd::MAX,
            tokio_util::task::TaskTracker::new(),
        );
        Self { router: router(site), engine, directory }
    }

    async fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Response {
        let mut request = Request::builder().method(method).uri(path);
        if !headers.iter().any(|(name, _)| *name == "host") {
            request = request.header("host", HOST);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.router.clone().oneshot(request.body(Body::from(body.to_owned())).unwrap()).await.unwrap()
    }

    async fn json(&self, method: &str, path: &str, value: Value) -> (StatusCode, Value) {
        let response = self.send(method, path, &[("content-type", "application/json")], &value.to_string()).await;
        let status = response.status();
        let bytes = body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
        (status, serde_json::from_slice(&bytes).unwrap())
    }

    async fn end(self) {
        self.engine.stop().await;
        std::fs::remove_dir_all(self.directory).unwrap();
    }
}

fn name_of(method: MethodFilter) -> &'static str {
    let names = [
        (MethodFilter::GET, "GET"),
        (MethodFilter::POST, "POST"),
        (MethodFilter::PATCH, "PATCH"),
        (MethodFilter::DELETE, "DELETE"),
    ];
    names.iter().find(|(filter, _)| *filter == method).unwrap().1
}

fn filled_in(path: &str) -> String {
    let id = "0192a000-0000-7000-8000-000000000000";
    path.replace("{name}", "web")
        .replace("{id}", id)
        .replace("{server}", "127.0.0.1%3A8101")
        .replace("{number}", "2")
        .replace("{fault}", "kill")
}

fn everything() -> Vec<(&'static str, String)> {
    let routes = ROUTES.iter().map(|route| (name_of(route.method), filled_in(route.path)));
    let forms = FORMS.iter().flat_map(|path| [("GET", (*path).to_owned()), ("POST", (*path).to_owned())]);
    routes.chain(forms).collect()
}

fn assert_strict(headers: &HeaderMap, what: &str) {
    let policy = headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
    assert!(policy.starts_with("default-src 'none'; script-src 'self' 'wasm-unsafe-eval';"), "{what}: {policy}");
    assert!(!policy.contains("unsafe-inline"), "{what}: {policy}");
    assert_eq!(headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff", "{what}");
    assert_eq!(headers[header::CACHE_CONTROL], "no-store", "{what}");
}

#[tokio::test]
async fn every_route_refuses_a_foreign_host() {
    let world = World::new().await;
    for (method, path) in everything() {
        for host in ["evil.example:3000", "127.0.0.1:3001", ""] {
            let response = world.send(method, &path, &[("host", host)], "").await;
            assert_eq!(response.status(), StatusCode::MISDIRECTED_REQUEST, "{method} {path} for {host:?}");
            assert_strict(response.headers(), &path);
        }
    }
    world.end().await;
}

#[tokio::test]
async fn every_unsafe_route_refuses_a_page_of_another_site() {
    let world = World::new().await;
    let unsafe_ones: Vec<_> = everything().into_iter().filter(|(method, _)| *method != "GET").collect();
    assert!(unsafe_ones.len() >= 8 + FORMS.len());
    let foreign = [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("origin", "http://evil.example"),
        ("origin", "http://127.0.0.1:8000"),
        ("origin", "null"),
    ];
    for (method, path) in unsafe_ones {
        for header in foreign {
            let response = world.send(method, &path, &[header, ("content-type", "application/json")], "{}").await;
            assert_eq!(response.status(), StatusCode::FORBIDDEN, "{method} {path} with {header:?}");
            assert_strict(response.headers(), &path);
        }
    }
    world.end().await;
}

#[tokio::test]
async fn every_path_of_the_api_answers_a_wrong_method_with_a_problem() {
    let world = World::new().await;
    let paths: BTreeSet<_> = ROUTES.iter().map(|route| route.path).filter(|path| path.starts_with("/api/")).collect();
    for path in paths {
        let response = world.send("PUT", &filled_in(path), &[], "").await;
        assert_eq!(response.status(), StatusCode::METHOD_NOT_ALLOWED, "{path}");
        assert_eq!(response.headers()[header::CONTENT_TYPE], "application/problem+json", "{path}");
        assert!(response.headers().contains_key(header::ALLOW), "{path}");
    }
    world.end().await;
}

#[test]
fn the_description_of_the_api_names_exactly_its_routes() {
    let document: Value = serde_json::from_str(api::openapi::DOCUMENT).unwrap();
    let mut described = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for method in item.as_object().unwrap().keys().filter(|key| *key != "parameters") {
            described.insert((method.to_uppercase(), path.clone()));
        }
    }
    let api = ROUTES.iter().filter(|route| route.path.starts_with("/api/"));
    let routed: BTreeSet<_> = api.map(|route| (name_of(route.method).to_owned(), route.path.to_owned())).collect();
    assert_eq!(described, routed);
}

#[test]
fn every_reference_in_the_description_leads_somewhere() {
    fn collect(value: &Value, references: &mut Vec<String>) {
        match value {
            Value::Object(object) => {
                references.extend(object.get("$ref").and_then(Value::as_str).map(str::to_owned));
                object.values().for_each(|value| collect(value, references));
            }
            Value::Array(items) => items.iter().for_each(|value| collect(value, references)),
            _ => {}
        }
    }
    let document: Value = serde_json::from_str(api::openapi::DOCUMENT).unwrap();
    let mut references = Vec::new();
    collect(&document, &mut references);
    assert!(!references.is_empty());
    for reference in references {
        assert!(document.pointer(reference.trim_start_matches('#')).is_some(), "{reference}");
    }
}

/// The names of the fields of an object, and of the objects in it.
fn shape(value: &Value) -> BTreeMap<String, Vec<String>> {
    let names = |object: &serde_json::Map<String, Value>| object.keys().cloned().collect::<Vec<_>>();
    let object = value.as_object().unwrap();
    let inner = object.iter().filter_map(|(name, value)| Some((name.clone(), names(value.as_object()?))));
    std::iter::once((String::new(), names(object))).chain(inner).collect()
}

fn described(document: &Value, schema: &str) -> Vec<String> {
    let properties = &document["components"]["schemas"][schema]["properties"];
    properties.as_object().unwrap().keys().cloned().collect()
}

#[tokio::test]
async fn what_is_answered_has_the_fields_that_are_described() {
    let world = World::new().await;
    let document: Value = serde_json::from_str(api::openapi::DOCUMENT).unwrap();
    let body = json!({"name": "web", "protocol": "TCP", "port": 9, "health_check": {"enabled": false}});
    let (status, group) = world.json("POST", "/api/v1/target-groups", body).await;
    assert_eq!(status, StatusCode::CREATED);
    assert_eq!(shape(&group)[""], described(&document, "TargetGroup"));
    assert_eq!(shape(&group)["health_check"], described(&document, "HealthCheck"));
    let body = json!({"targets": [{"host": "127.0.0.1"}]});
    let (status, list) = world.json("POST", "/api/v1/target-groups/web/targets", body).await;
    assert_eq!(status, StatusCode::CREATED);
    assert_eq!(shape(&list["items"][0])[""], described(&document, "Target"));
    assert_eq!(shape(&list["items"][0])["admission"], described(&document, "Admission"));
    let (_, seen) = world.json("POST", "/api/v1/check", json!({"host": "127.0.0.1", "port": 1})).await;
    assert_eq!(shape(&seen)[""], described(&document, "Observation"));
    let (_, problem) = world.json("POST", "/api/v1/target-groups", json!({})).await;
    assert_eq!(shape(&problem)[""], described(&document, "Problem"));
    world.end().await;
}

fn sorted(mut names: Vec<String>) -> Vec<String> {
    names.sort_unstable();
    names
}

#[tokio::test]
async fn what_is_answered_about_the_past_has_the_fields_that_are_described() {
    let world = World::new().await;
    let document: Value = serde_json::from_str(api::openapi::DOCUMENT).unwrap();
    let has = |answer: &Value, schema: &str| assert_eq!(shape(answer)[""], sorted(described(&document, schema)));
    let body = json!({"name": "web", "protocol": "TCP", "port": 9, "health_check": {"enabled": false}});
    world.json("POST", "/api/v1/target-groups", body).await;
    let body = json!({"targets": [{"host": "127.0.0.1"}]});
    let (_, list) = world.json("POST", "/api/v1/target-groups/web/targets", body).await;
    let target = format!("/api/v1/target-groups/web/targets/{}", list["items"][0]["id"].as_str().unwrap());
    let (_, history) = world.json("GET", &format!("{target}/history"), Value::Null).await;
    has(&history, "History");
    has(&history["states"][0], "StateRun");
    has(&history["uptime"], "Uptime");
    let (_, history) = world.json("GET", "/api/v1/target-groups/web/history?range=90d", Value::Null).await;
    has(&history, "GroupHistory");
    has(&history["targets"][0], "TargetPast");
    let (_, uptimes) = world.json("GET", "/api/v1/target-groups/web/uptime", Value::Null).await;
    has(&uptimes, "Uptimes");
    let (_, verdict) = world.json("POST", &format!("{target}/what-if"), json!({})).await;
    has(&verdict, "WhatIfVerdict");
    let (_, checks) = world.json("GET", &format!("{target}/checks"), Value::Null).await;
    has(&checks, "ObservationList");
    world.end().await;
}

#[tokio::test]
async fn where_no_lab_may_be_the_answer_says_so_and_starting_one_says_why_not() {
    let world = World::new().await;
    let document: Value = serde_json::from_str(api::openapi::DOCUMENT).unwrap();
    let (status, lab) = world.json("GET", "/api/v1/lab", json!({})).await;
    assert_eq!((status, &lab["state"]), (StatusCode::OK, &json!("closed")));
    assert_eq!(shape(&lab)[""], described(&document, "Lab"));
    let (status, problem) = world.json("POST", "/api/v1/lab", json!({})).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert!(problem["detail"].as_str().unwrap().contains("loopback"), "{problem}");
    let (status, _) = world.json("POST", "/api/v1/lab", json!({"rate_per_s": 201})).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    let (status, _) = world.json("POST", "/api/v1/lab/backends/2/kill", json!({})).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    world.end().await;
}

#[tokio::test]
async fn what_is_answered_about_proxies_has_the_fields_that_are_described() {
    let world = World::new().await;
    let document: Value = serde_json::from_str(api::openapi::DOCUMENT).unwrap();
    let group = json!({"name": "web", "protocol": "TCP", "port": 9, "health_check": {"enabled": false}});
    world.json("POST", "/api/v1/target-groups", group).await;
    let body = json!({"name": "edge", "kind": "haproxy", "address": "unix:/nowhere/admin.sock"});
    let (status, proxy) = world.json("POST", "/api/v1/proxies", body).await;
    assert_eq!((status, &shape(&proxy)[""]), (StatusCode::CREATED, &described(&document, "Proxy")));
    let body = json!({"group": "web", "backend": "web", "mode": "by_hand"});
    let (status, binding) = world.json("POST", "/api/v1/proxies/edge/bindings", body).await;
    assert_eq!((status, &shape(&binding)[""]), (StatusCode::CREATED, &described(&document, "Binding")));
    let body = json!({"targets": [{"host": "127.0.0.1"}]});
    let (_, list) = world.json("POST", "/api/v1/target-groups/web/targets", body).await;
    let target = &list["items"][0];
    assert_eq!(shape(&target["proxies"][0])[""], described(&document, "Front"));
    let drain = format!("/api/v1/target-groups/web/targets/{}/drain", target["id"].as_str().unwrap());
    let (status, problem) = world.json("POST", &drain, json!({"reason": "disk"})).await;
    assert_eq!((status, &shape(&problem)["consequence"]), (StatusCode::CONFLICT, &described(&document, "Consequence")));
    world.end().await;
}

#[test]
fn servers_and_events_have_the_fields_that_are_described() {
    let document: Value = serde_json::from_str(api::openapi::DOCUMENT).unwrap();
    let (proxy, events) = api::boards::shown();
    assert_eq!(shape(&proxy["backends"][0]["servers"][0])[""], described(&document, "Server"));
    assert_eq!(shape(&proxy["backends"][0]["servers"][0])["held"], described(&document, "Hold"));
    let fields = described(&document, "Event");
    for event in events {
        let unknown: Vec<_> = shape(&event)[""].iter().filter(|field| !fields.contains(field)).cloned().collect();
        assert_eq!(unknown, Vec::<String>::new(), "{event}");
    }
}
