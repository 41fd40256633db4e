//! Taking targets out of service and bringing them back, as far as that goes without a proxy that answers.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::api::{pairs, wrong};
use crate::program::{Place, Program};

const GROUP: &str = "/api/v1/target-groups/web";

/// A group whose one target is never checked, served by a proxy that does not answer; gives the target's path.
async fn make_world(program: &Program) -> String {
    let group = json!({"name": "web", "protocol": "TCP", "port": 80, "health_check": {"enabled": false}});
    program.make("/api/v1/target-groups", group).await;
    let target = program.make_target("web", 9).await;
    let proxy = json!({"name": "edge", "kind": "haproxy", "address": "unix:/nowhere/admin.sock"});
    program.make("/api/v1/proxies", proxy).await;
    let binding = json!({"group": "web", "backend": "web", "mode": "by_hand"});
    program.make("/api/v1/proxies/edge/bindings", binding).await;
    target
}

async fn post(program: &Program, path: &str, body: Value) -> (StatusCode, Value) {
    program.send(Method::POST, path, body).await
}

fn id(target: &str) -> &str {
    target.rsplit('/').next().unwrap()
}

#[tokio::test]
async fn without_a_proxy_nothing_can_be_drained() {
    let place = Place::new();
    let program = place.start();
    program.make_group("web").await;
    let target = program.make_target("web", 9).await;
    let shown = program.json(&target).await;
    let in_service = json!({"state": "in_service", "reason": null, "by": null, "at": null, "expires_at": null,
        "delay_ends_at": null, "after_delay": null, "overdue_since": null, "purpose": null});
    assert_eq!((&shown["admission"], &shown["proxies"]), (&in_service, &json!([])));
    let (code, problem) = post(&program, &format!("{target}/drain"), json!({"reason": "disk"})).await;
    assert_eq!(code, StatusCode::CONFLICT);
    assert!(problem["detail"].as_str().unwrap().starts_with("No proxy in which Drainboard may drain"), "{problem}");
    assert_eq!(problem["consequence"], Value::Null);
    let (code, shown) = post(&program, &format!("{target}/return"), json!({})).await;
    assert_eq!((code, &shown["admission"]["state"]), (StatusCode::OK, &json!("in_service")));
}

#[tokio::test]
async fn wrong_fields_of_a_drain_are_told_all_at_once() {
    let place = Place::new();
    let program = place.start();
    let target = make_world(&program).await;
    let path = format!("{target}/drain");
    let body =
        json!({"reason": "x".repeat(201), "expires_in_s": 2_592_001, "after_delay": "kill", "override": 1, "by": "me"});
    let expected = pairs(&[
        ("override", "Use one of: true, false."),
        ("reason", "Use at most 200 characters."),
        ("expires_in_s", "Give a number from 1 to 2592000."),
        ("after_delay", "Use one of: wait, cut."),
        ("by", "There is no such field."),
    ]);
    assert_eq!(wrong(&program, &path, body).await, expected);
    for nothing in [json!({}), json!({"reason": ""}), json!({"reason": " \u{200b} "}), json!({"reason": null})] {
        assert_eq!(wrong(&program, &path, nothing).await, pairs(&[("reason", "This is needed.")]));
    }
    let lease = json!({"reason": "disk", "expires_in_s": 0});
    assert_eq!(wrong(&program, &path, lease).await, pairs(&[("expires_in_s", "Give a number from 1 to 2592000.")]));
}

#[tokio::test]
async fn the_last_target_is_drained_only_by_override_and_comes_back() {
    let place = Place::new();
    let program = place.start();
    let target = make_world(&program).await;
    let path = format!("{target}/drain");
    let (code, problem) = post(&program, &path, json!({"reason": "disk"})).await;
    assert_eq!(code, StatusCode::CONFLICT);
    assert_eq!(problem["type"], "urn:drainboard:conflict");
    let remaining = json!({"proxy": "edge", "backend": "web", "drains": true, "reachable": false, "stays": 0, "of": 0,
        "sessions": null, "missing": 0, "closes_web_sockets": false});
    let consequence =
        json!({"in_service": 1, "stays": 0, "minimum_healthy_targets": 1, "under_way": 0, "proxies": [remaining]});
    assert_eq!(problem["consequence"], consequence);

    let ask = json!({"reason": "디스크", "expires_in_s": 60, "after_delay": "cut", "override": true});
    let (code, shown) = post(&program, &path, ask).await;
    assert_eq!((code, &shown["status"]), (StatusCode::OK, &json!("draining")), "{shown}");
    let admission = &shown["admission"];
    assert_eq!((&admission["state"], &admission["reason"]), (&json!("draining"), &json!("디스크")));
    assert_eq!((&admission["after_delay"], &admission["by"]["via"]), (&json!("cut"), &json!("api")));
    assert!(admission["expires_at"].is_string() && admission["delay_ends_at"].is_string(), "{admission}");
    let front = &shown["proxies"][0];
    assert_eq!((&front["proxy"], &front["server"], &front["sessions"]), (&json!("edge"), &Value::Null, &Value::Null));

    let (code, shown) = post(&program, &format!("{target}/return"), json!({})).await;
    assert_eq!((code, &shown["admission"]["state"]), (StatusCode::OK, &json!("in_service")));
    let events = program.json("/api/v1/events?since=0&group=web").await;
    let find = |kind: &str| events["items"].as_array().unwrap().iter().find(|event| event["kind"] == kind).unwrap();
    let drained = find("target_drained");
    assert_eq!((&drained["drain"]["reason"], &drained["why"]), (&json!("디스크"), &json!("디스크")));
    assert_eq!(find("target_returned")["cause"], "asked");
}

#[tokio::test]
async fn many_are_drained_and_returned_all_or_none() {
    let place = Place::new();
    let program = place.start();
    let one = make_world(&program).await;
    let two = program.make_target("web", 10).await;
    let both = [id(&one), id(&two)];
    let drain = format!("{GROUP}/drain");
    let nobody =
        json!({"targets": [both[0], "0192a000-0000-7000-8000-000000000000"], "reason": "disk", "override": true});
    assert_eq!(post(&program, &drain, nobody).await.0, StatusCode::NOT_FOUND);
    assert_eq!(program.json(&one).await["admission"]["state"], "in_service");
    let expected = pairs(&[("targets", "There is no web-1. Choose one that is there."), ("reason", "This is needed.")]);
    assert_eq!(wrong(&program, &drain, json!({"targets": ["web-1"]})).await, expected);
    let expected = pairs(&[("targets", "This is needed.")]);
    assert_eq!(wrong(&program, &drain, json!({"targets": [], "reason": "disk"})).await, expected);
    assert_eq!(wrong(&program, &format!("{GROUP}/return"), json!({})).await, expected);
    let (code, _) = post(&program, &drain, json!({"targets": both, "reason": "disk"})).await;
    assert_eq!(code, StatusCode::CONFLICT);

    for (verb, body, state) in [
        ("drain", json!({"targets": both, "reason": "disk", "override": true}), "draining"),
        ("return", json!({"targets": both}), "in_service"),
    ] {
        let (code, list) = post(&program, &format!("{GROUP}/{verb}"), body).await;
        assert_eq!(code, StatusCode::OK, "{list}");
        let states: Vec<_> =
            list["items"].as_array().unwrap().iter().map(|t| t["admission"]["state"].clone()).collect();
        assert_eq!(states, [state, state]);
    }
}

#[tokio::test]
async fn a_target_that_may_be_served_is_drained_before_it_is_deregistered() {
    let place = Place::new();
    let program = place.start();
    let target = make_world(&program).await;
    let (code, problem) = program.send(Method::DELETE, &target, json!({})).await;
    assert_eq!((code, problem["consequence"].is_object()), (StatusCode::CONFLICT, true), "{problem}");
    let (code, shown) = program.send(Method::DELETE, &format!("{target}?override=true"), json!({})).await;
    assert_eq!((code, &shown["admission"]["purpose"]), (StatusCode::ACCEPTED, &json!("deregistration")), "{shown}");
    assert_eq!(shown["status"], "draining");
    let refused = program.send(Method::DELETE, &format!("{target}?overide=true"), json!({})).await;
    assert_eq!(refused.0, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn the_minimum_of_a_group_is_read_written_and_kept() {
    let place = Place::new();
    let program = place.start();
    let target = make_world(&program).await;
    assert_eq!(program.json(GROUP).await["minimum_healthy_targets"], 1);
    for wrong in [json!(1001), json!(-1), json!("1")] {
        let body = json!({"minimum_healthy_targets": wrong});
        let (code, problem) = program.send(Method::PATCH, GROUP, body).await;
        assert_eq!(code, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(problem["errors"][0]["field"], "minimum_healthy_targets");
    }
    let (code, group) = program.send(Method::PATCH, GROUP, json!({"minimum_healthy_targets": 0})).await;
    assert_eq!((code, &group["minimum_healthy_targets"]), (StatusCode::OK, &json!(0)));
    let (code, shown) = post(&program, &format!("{target}/drain"), json!({"reason": "disk"})).await;
    assert_eq!(code, StatusCode::OK, "{shown}");
}
