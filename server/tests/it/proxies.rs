//! Proxies and what they serve, as far as that goes without a proxy that answers.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::api::{pairs, wrong};
use crate::program::{Place, Program};

const PROXIES: &str = "/api/v1/proxies";
const EDGE: &str = "/api/v1/proxies/edge";
const GROUP: &str = "/api/v1/target-groups/web";

/// A place where no proxy is.
const NOWHERE: &str = "unix:/nowhere/admin.sock";

/// Connects `edge`, which does not answer.
async fn make_edge(program: &Program) -> Value {
    program.make(PROXIES, json!({"name": "edge", "kind": "haproxy", "address": NOWHERE})).await
}

/// Lets a backend of `edge` serve `web`, and gives the path of the binding.
async fn bind(program: &Program, mode: &str) -> String {
    let body = json!({"group": "web", "backend": "web", "mode": mode});
    let made = program.make(&format!("{EDGE}/bindings"), body).await;
    format!("{EDGE}/bindings/{}", made["id"].as_str().unwrap())
}

async fn status(program: &Program, method: Method, path: &str, body: Value) -> StatusCode {
    program.send(method, path, body).await.0
}

#[tokio::test]
async fn wrong_fields_of_a_proxy_are_told_all_at_once() {
    let place = Place::new();
    let program = place.start();
    let body = json!({"name": "no spaces", "kind": "nginx", "address": "https://localhost", "port": 1});
    let expected = pairs(&[
        ("name", "Use 1 to 32 letters a to z, digits and hyphens, with no hyphen at the ends."),
        ("kind", "Use one of: haproxy, caddy."),
        ("address", "Give unix:/path, tcp://host:port or http://host:port."),
        ("port", "There is no such field."),
    ]);
    assert_eq!(wrong(&program, PROXIES, body).await, expected);
    let needed = "This is needed.";
    let expected = pairs(&[("name", needed), ("kind", needed), ("address", needed)]);
    assert_eq!(wrong(&program, PROXIES, json!({})).await, expected);
    let body = json!({"name": "edge", "kind": "caddy", "address": NOWHERE});
    let expected = pairs(&[("address", "Caddy is reached at http://host:port. Give such an address.")]);
    assert_eq!(wrong(&program, PROXIES, body).await, expected);
    assert_eq!(program.json(PROXIES).await, json!({"items": [], "next_cursor": null}));
}

#[tokio::test]
async fn a_proxy_is_connected_moved_and_forgotten() {
    let place = Place::new();
    let program = place.start();
    let body = json!({"name": "edge", "kind": "haproxy", "address": NOWHERE});
    let response = program.request(Method::POST, PROXIES).json(&body).send().await.unwrap();
    assert_eq!((response.status(), &response.headers()["location"]), (StatusCode::CREATED, &EDGE.parse().unwrap()));
    let made: Value = response.json().await.unwrap();
    assert_eq!((&made["name"], &made["kind"], &made["address"]), (&json!("edge"), &json!("haproxy"), &json!(NOWHERE)));
    assert_eq!((&made["reachable"], &made["version"]), (&json!(false), &Value::Null));
    assert_eq!((&made["backends"], &made["bindings"]), (&json!([]), &json!([])));
    assert_eq!(made["capabilities"]["sessions_observable"], true);
    assert_eq!(
        wrong(&program, PROXIES, body).await[0].1,
        "A proxy with this name exists already. Choose another name."
    );

    let moved = json!({"address": "tcp://127.0.0.1:1", "name": "edge", "kind": "haproxy"});
    let (code, moved) = program.send(Method::PATCH, EDGE, moved).await;
    assert_eq!((code, &moved["address"]), (StatusCode::OK, &json!("tcp://127.0.0.1:1")), "{moved}");
    for (body, field) in [
        (json!({"name": "other"}), "name"),
        (json!({"kind": "caddy", "address": "http://127.0.0.1:1"}), "kind"),
        (json!({"address": "http://127.0.0.1:1"}), "address"),
        (json!({"address": null}), "address"),
        (json!({"mode": "observe"}), "mode"),
    ] {
        let (code, problem) = program.send(Method::PATCH, EDGE, body).await;
        assert_eq!(code, StatusCode::UNPROCESSABLE_ENTITY, "{problem}");
        assert_eq!(problem["errors"][0]["field"], field, "{problem}");
    }
    let refused = status(&program, Method::DELETE, &format!("{EDGE}?put_back=no"), json!({})).await;
    assert_eq!(refused, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(status(&program, Method::DELETE, EDGE, json!({})).await, StatusCode::NO_CONTENT);
    assert_eq!(program.get(EDGE).await.status(), StatusCode::NOT_FOUND);
    let events = program.json("/api/v1/events?since=0&proxy=edge").await;
    let kinds: Vec<_> = events["items"].as_array().unwrap().iter().map(|event| event["kind"].clone()).collect();
    assert_eq!(kinds.first(), Some(&json!("proxy_created")));
    assert_eq!(kinds.last(), Some(&json!("proxy_deleted")));
    assert_eq!(events["items"][0]["settings"], json!({"kind": "haproxy", "address": NOWHERE}));
}

#[tokio::test]
async fn a_proxy_may_have_any_name_and_lists_of_them_are_paged() {
    let place = Place::new();
    let program = place.start();
    for name in ["test", "bindings", "a"] {
        program.make(PROXIES, json!({"name": name, "kind": "caddy", "address": "http://127.0.0.1:1"})).await;
        assert_eq!(program.json(&format!("{PROXIES}/{name}")).await["name"], name);
    }
    let page = program.json(&format!("{PROXIES}?limit=2")).await;
    assert_eq!((&page["items"][0]["name"], &page["next_cursor"]), (&json!("a"), &json!("bindings")));
    let page = program.json(&format!("{PROXIES}?limit=2&cursor=bindings")).await;
    assert_eq!((&page["items"][0]["name"], &page["next_cursor"]), (&json!("test"), &Value::Null));
}

#[tokio::test]
async fn a_backend_is_bound_once_and_to_a_group_that_is_there() {
    let place = Place::new();
    let program = place.start();
    program.make_group("web").await;
    make_edge(&program).await;
    let bindings = format!("{EDGE}/bindings");
    let body = json!({"group": "shop", "backend": "web", "mode": "automatic"});
    let expected = pairs(&[("group", "There is no shop. Choose one that is there.")]);
    assert_eq!(wrong(&program, &bindings, body).await, expected);
    let body = json!({"group": "no group", "backend": "a\nb", "mode": "auto", "changes_per_minute": 61, "weight": 1});
    let expected = pairs(&[
        ("group", "There is no no group. Choose one that is there."),
        ("backend", "Give the name as the proxy lists it, without control characters."),
        ("mode", "Use one of: observe, by_hand, automatic."),
        ("changes_per_minute", "Give a number from 1 to 60."),
        ("weight", "There is no such field."),
    ]);
    assert_eq!(wrong(&program, &bindings, body).await, expected);
    let needed = "This is needed.";
    assert_eq!(wrong(&program, &bindings, json!({})).await, pairs(&[("group", needed), ("backend", needed)]));

    let made = program.make(&bindings, json!({"group": "web", "backend": "web"})).await;
    let expected = json!({"id": made["id"], "proxy": "edge", "backend": "web", "group": "web", "mode": "observe",
        "changes_per_minute": 3, "cut_unhealthy": false, "waiting": null, "trouble": null});
    assert_eq!(made, expected);
    assert_eq!(program.json(EDGE).await["bindings"], json!([expected]));
    let again = json!({"group": "web", "backend": "web"});
    let expected = pairs(&[("backend", "This backend is bound already. Remove that binding first.")]);
    assert_eq!(wrong(&program, &bindings, again).await, expected);
}

#[tokio::test]
async fn a_binding_is_changed_and_removed_at_its_own_proxy_only() {
    let place = Place::new();
    let program = place.start();
    program.make_group("web").await;
    make_edge(&program).await;
    program.make(PROXIES, json!({"name": "other", "kind": "haproxy", "address": NOWHERE})).await;
    let binding = bind(&program, "observe").await;
    let (code, changed) = program.send(Method::PATCH, &binding, json!({"mode": "by_hand"})).await;
    assert_eq!(
        (code, &changed["mode"], &changed["changes_per_minute"]),
        (StatusCode::OK, &json!("by_hand"), &json!(3))
    );
    let refused = status(&program, Method::PATCH, &binding, json!({"group": "web"})).await;
    assert_eq!(refused, StatusCode::UNPROCESSABLE_ENTITY);
    let elsewhere = binding.replace("/edge/", "/other/");
    assert_eq!(status(&program, Method::PATCH, &elsewhere, json!({})).await, StatusCode::NOT_FOUND);
    assert_eq!(status(&program, Method::DELETE, &elsewhere, json!({})).await, StatusCode::NOT_FOUND);
    for verb in ["adopt", "overrule"] {
        let path = format!("{binding}/servers/127.0.0.1%3A8101/{verb}");
        let (code, problem) = program.send(Method::POST, &path, json!({})).await;
        let detail = "Nobody else has changed 127.0.0.1:8101 meanwhile. Look at the page again.";
        assert_eq!((code, &problem["detail"]), (StatusCode::CONFLICT, &json!(detail)));
    }
    let removed = status(&program, Method::DELETE, &format!("{binding}?put_back=false"), json!({})).await;
    assert_eq!(removed, StatusCode::NO_CONTENT);
    assert_eq!(program.json(EDGE).await["bindings"], json!([]));
}

#[tokio::test]
async fn a_group_that_is_bound_is_deleted_only_with_its_bindings() {
    let place = Place::new();
    let program = place.start();
    program.make_group("web").await;
    make_edge(&program).await;
    bind(&program, "by_hand").await;
    let (code, problem) = program.send(Method::DELETE, GROUP, json!({})).await;
    assert_eq!(code, StatusCode::CONFLICT);
    assert!(problem["detail"].as_str().unwrap().contains("is bound to a proxy backend"), "{problem}");
    let refused = status(&program, Method::DELETE, &format!("{GROUP}?unbind=yes"), json!({})).await;
    assert_eq!(refused, StatusCode::UNPROCESSABLE_ENTITY);
    let deleted = status(&program, Method::DELETE, &format!("{GROUP}?unbind=true&put_back=false"), json!({})).await;
    assert_eq!(deleted, StatusCode::NO_CONTENT);
    assert_eq!(program.json(EDGE).await["bindings"], json!([]));
}

#[tokio::test]
async fn what_is_not_there_is_a_problem_and_trying_a_proxy_saves_nothing() {
    let place = Place::new();
    let program = place.start();
    for (method, path) in [
        (Method::GET, "/api/v1/proxies/nobody"),
        (Method::PATCH, "/api/v1/proxies/nobody"),
        (Method::DELETE, "/api/v1/proxies/no%20body"),
        (Method::GET, "/api/v1/proxies/nobody/transcript"),
        (Method::POST, "/api/v1/proxies/nobody/bindings"),
        (Method::DELETE, "/api/v1/proxies/nobody/bindings/0192a000-0000-7000-8000-000000000000"),
    ] {
        assert_eq!(status(&program, method.clone(), path, json!({})).await, StatusCode::NOT_FOUND, "{method} {path}");
    }
    let trial = "/api/v1/proxy-test";
    let body = json!({"kind": "haproxy", "address": "http://127.0.0.1:1", "name": "edge"});
    let expected = pairs(&[
        ("address", "HAProxy is reached at unix:/path or tcp://host:port. Give such an address."),
        ("name", "There is no such field."),
    ]);
    assert_eq!(wrong(&program, trial, body).await, expected);
    let (code, problem) = program.send(Method::POST, trial, json!({"kind": "haproxy", "address": NOWHERE})).await;
    assert_eq!((code, &problem["type"]), (StatusCode::BAD_GATEWAY, &json!("urn:drainboard:proxy")), "{problem}");
    assert_eq!(program.json(PROXIES).await["items"], json!([]));
    assert_eq!(program.json("/api/v1/disagreements").await, json!({"items": [], "next_cursor": null}));
    let both = program.get("/api/v1/events?group=web&proxy=edge").await;
    assert_eq!(both.status(), StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn proxies_are_in_the_metrics() {
    let place = Place::new();
    let program = place.start();
    program.make_group("web").await;
    make_edge(&program).await;
    bind(&program, "by_hand").await;
    let metrics = program.get("/metrics").await.text().await.unwrap();
    for line in [
        "# TYPE drainboard_proxy_up gauge",
        "drainboard_proxy_up{proxy=\"edge\",kind=\"haproxy\"} 0",
        "drainboard_proxy_holds{proxy=\"edge\",backend=\"web\",cause=\"person\"} 0",
        "drainboard_disagreements{proxy=\"edge\",dispute=\"not_taken_out\"} 0",
        "drainboard_drains{group=\"web\",stage=\"draining\"} 0",
    ] {
        assert!(metrics.lines().any(|found| found == line), "{line} is not in\n{metrics}");
    }
}
