//! A proxy as the API shows it, from a board on which something is drained.

use serde_json::{Value, json};

use super::*;
use crate::http::api::boards;

fn shown(board: &Board) -> Value {
    let proxy = board.proxies.values().next().unwrap();
    serde_json::to_value(ProxyView::new(board, proxy)).unwrap()
}

#[test]
fn a_server_is_shown_with_what_the_proxy_says_and_what_it_is_to_us() {
    let shown = shown(&boards::draining());
    assert_eq!((&shown["reachable"], &shown["version"], &shown["why"]), (&json!(true), &json!("2.6.12"), &Value::Null));
    let at = "2023-11-14T22:13:20.000Z";
    let expected = json!({
        "name": "web1", "address": "127.0.0.1:8101", "says": "UP", "is_up": true, "admin": "drain",
        "admin_cause": "forced", "weight": null, "backup": false, "sessions": 14, "sessions_total": null, "queue": null,
        "errors": null, "retries": null, "last_check": null, "since": at,
        "target": "0192a000-0000-7000-8000-000000000001",
        "held": {"order": "drain", "cause": "person", "at": at}, "outside": null});
    assert_eq!(shown["backends"][0]["servers"][0], expected);
    let other = &shown["backends"][0]["servers"][1];
    assert_eq!((&other["name"], &other["target"], &other["sessions"]), (&json!("web2"), &Value::Null, &Value::Null));
}

#[test]
fn a_server_that_is_held_and_not_listed_is_shown_as_absent() {
    let shown = shown(&boards::draining());
    let gone = &shown["backends"][0]["servers"][2];
    assert_eq!((&gone["name"], &gone["admin"], &gone["says"]), (&json!("gone"), &json!("absent"), &Value::Null));
    assert_eq!(gone["held"]["cause"], "deregistered");
}

#[test]
fn a_proxy_that_does_not_answer_says_why_and_is_shown_as_it_was() {
    let mut board = boards::draining();
    let why = "nobody listens there".to_owned();
    board
        .proxies
        .values_mut()
        .for_each(|proxy| proxy.link = Link::Unreachable { since: boards::at(), why: why.clone() });
    let shown = shown(&board);
    assert_eq!((&shown["reachable"], &shown["why"]), (&json!(false), &json!(why)));
    assert_eq!(shown["backends"][0]["servers"][0]["name"], "web1");
}

#[test]
fn a_target_tells_what_is_wanted_and_where_it_stands_in_its_proxies() {
    let board = boards::draining();
    let group = board.groups.values().next().unwrap();
    let target = group.targets.values().next().unwrap();
    let shown = serde_json::to_value(crate::http::api::view::TargetView::new(&board, &group.group, target)).unwrap();
    let at = "2023-11-14T22:13:20.000Z";
    let admission = json!({"state": "draining", "reason": "disk", "by": {"via": "drainboard", "address": null},
        "at": at, "expires_at": null, "delay_ends_at": "2023-11-14T22:18:20.000Z", "after_delay": "wait",
        "overdue_since": null, "purpose": "maintenance"});
    assert_eq!(shown["admission"], admission);
    let front = json!({"proxy": "edge", "binding": "0192a000-0000-7000-8000-000000000002", "backend": "web",
        "server": "web1", "mode": "by_hand", "reachable": true, "says": "UP", "is_up": true, "admin": "drain",
        "since": at, "sessions": 14, "sessions_observable": true, "queue": null,
        "held": {"order": "drain", "cause": "person", "at": at}, "outside": null, "dispute": null});
    assert_eq!(shown["proxies"], json!([front]));
}
