//! Standbys with a real HAProxy and real commands: who is promoted, what the proxy makes of it, and the way back.

use std::net::{TcpListener, TcpStream};

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::api::{pairs, wrong};
use crate::backend::Backend;
use crate::haproxy::{Haproxy, admin};
use crate::program::{Place, Program, eventually};

const GROUP: &str = "/api/v1/target-groups/web";

async fn set(program: &Program, path: &str, body: Value) -> Value {
    let (status, shown) = program.send(Method::PATCH, path, body).await;
    assert_eq!(status, StatusCode::OK, "{path}: {shown}");
    shown
}

async fn bind(program: &Program, haproxy: &Haproxy) {
    let address = format!("unix:{}", haproxy.socket.display());
    program.make("/api/v1/proxies", json!({"name": "edge", "kind": "haproxy", "address": address})).await;
    let binding = json!({"group": "web", "backend": "web", "mode": "by_hand"});
    program.make("/api/v1/proxies/edge/bindings", binding).await;
}

/// Waits until the promotion of a target is so far; null: there is none.
async fn step(program: &Program, target: &str, wanted: Value) -> Value {
    eventually(&format!("the promotion is {wanted}"), || async {
        let shown = program.json(target).await;
        (shown["promotion"]["step"] == wanted).then_some(shown)
    })
    .await
}

async fn kinds(program: &Program) -> Vec<String> {
    let events = program.json("/api/v1/events?since=0&group=web").await;
    let kinds = events["items"].as_array().unwrap().iter().map(|event| event["kind"].as_str().unwrap().to_owned());
    kinds.filter(|kind| kind.contains("promotion") || kind.contains("standby_") || kind.contains("starter")).collect()
}

#[tokio::test]
async fn a_warm_standby_takes_over_and_falls_back_also_over_a_kill() {
    let place = Place::new();
    let (one, two) = (Backend::start().await, Backend::start().await);
    let haproxy = Haproxy::start(&place, &[one.port, two.port]);
    let program = place.start();
    program.make_group("web").await;
    let active = program.make_target("web", one.port).await;
    let warm = program.make_target("web", two.port).await;
    set(&program, GROUP, json!({"standby": {"hold_down_s": 1}})).await;
    bind(&program, &haproxy).await;
    program.status(&warm, "healthy").await;
    program.status(&active, "healthy").await;
    set(&program, &warm, json!({"role": "standby", "tier": "warm"})).await;
    let shown = admin(&program, &warm, "maint").await;
    assert_eq!((&shown["role"], &shown["status"]), (&json!("standby"), &json!("healthy")));

    let port = one.kill().await;
    let shown = step(&program, &warm, json!("in")).await;
    assert_eq!(shown["promotion"]["cause"], "policy");
    admin(&program, &warm, "ready").await;
    // The answer is the same after a crash.
    program.kill();
    let program = place.start();
    let shown = admin(&program, &warm, "ready").await;
    assert_eq!(shown["promotion"]["step"], "in");

    let _back = Backend::on(port).await;
    program.status(&active, "healthy").await;
    step(&program, &warm, Value::Null).await;
    admin(&program, &warm, "maint").await;
    assert_eq!(kinds(&program).await, ["promotion_started", "standby_brought_in", "standby_fell_back"]);
    assert!(program.stop().await.success());
}

#[tokio::test]
async fn a_cold_standby_is_started_by_its_command_and_stopped_after_it_fell_back() {
    let place = Place::new();
    let one = Backend::start().await;
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let (config, pid) = (place.file("drainboard.toml"), place.file("pid"));
    let script = format!(
        "echo starting; python3 -m http.server {port} --bind 127.0.0.1 >/dev/null 2>&1 & echo $! > {}; echo begun",
        pid.display()
    );
    let bad = "[starter.bad]\ncommand = [\"false\"]\n";
    let stop = format!("kill $(cat {}) && echo halted", pid.display());
    let web = format!("command = [\"sh\", \"-c\", {script:?}]\nstop_command = [\"sh\", \"-c\", {stop:?}]\n");
    let text = format!("{bad}[starter.web]\n{web}timeout_s = 10\n");
    std::fs::write(&config, text).unwrap();
    let arguments = ["--config", config.to_str().unwrap()];
    let program = place.start_with(&arguments);
    program.make_group("web").await;
    set(&program, GROUP, json!({"standby": {"hold_down_s": 1}})).await;
    let active = program.make_target("web", one.port).await;
    let cold = program.make_target("web", port).await;
    program.status(&active, "healthy").await;
    let shown = set(&program, &cold, json!({"role": "standby", "tier": "cold", "starter": "web"})).await;
    assert_eq!((&shown["status"], &shown["promotion"]), (&json!("unused"), &Value::Null));
    assert_eq!(program.json(GROUP).await["counts"]["unhealthy"], 0);

    let back = one.kill().await;
    let shown = step(&program, &cold, json!("in")).await;
    assert_eq!((&shown["status"], &shown["last_stop"]), (&json!("healthy"), &Value::Null));
    let run = &shown["last_start"];
    assert_eq!((&run["ok"], &run["said"]), (&json!(true), &json!("exit status: 0")), "{run}");
    assert_eq!(run["output"], "starting\nbegun\n");
    assert_eq!(kinds(&program).await, ["promotion_started", "starter_finished", "standby_brought_in"]);

    let _back = Backend::on(back).await;
    let shown = eventually("it is stopped", || async {
        let shown = program.json(&cold).await;
        (shown["last_stop"] != Value::Null).then_some(shown)
    })
    .await;
    let stop = &shown["last_stop"];
    assert_eq!((&stop["ok"], &stop["output"]), (&json!(true), &json!("halted\n")), "{stop}");
    assert_eq!(kinds(&program).await[3..], ["standby_fell_back", "standby_stopped"]);
    eventually("nobody listens", || async { TcpStream::connect(("127.0.0.1", port)).is_err().then_some(()) }).await;
    assert!(program.stop().await.success());
}

#[tokio::test]
async fn after_a_kill_while_a_starter_runs_it_is_told_again_and_never_two_run_at_once() {
    let place = Place::new();
    let cold_server = Backend::start().await;
    let (config, runs, go) = (place.file("drainboard.toml"), place.file("runs"), place.file("go"));
    let wait = format!("while [ ! -e {} ]; do sleep 0.02; done", go.display());
    let script = format!("echo begin $$ >> {0}; {wait}; echo end $$ >> {0}", runs.display());
    std::fs::write(&config, format!("[starter.web]\ncommand = [\"sh\", \"-c\", {script:?}]\n")).unwrap();
    let arguments = ["--config", config.to_str().unwrap()];
    let lines = || {
        let text = std::fs::read_to_string(&runs).unwrap_or_default();
        text.lines().map(str::to_owned).collect::<Vec<_>>()
    };
    let begun = |count: usize| async move {
        eventually("it has begun", || async { Some(lines()).filter(|lines| lines.len() == count) }).await
    };
    let program = place.start_with(&arguments);
    program.make_group("web").await;
    let cold = program.make_target("web", cold_server.port).await;
    // Nobody is active, so it is promoted at once; it fails its checks meanwhile, so the starter is told.
    let port = cold_server.kill().await;
    program.status(&cold, "unhealthy").await;
    set(&program, &cold, json!({"role": "standby", "tier": "cold", "starter": "web"})).await;
    let first = begun(1).await;
    program.kill();

    let program = place.start_with(&arguments);
    let both = begun(2).await;
    let outlived = first[0].strip_prefix("begin ").unwrap();
    let stat = std::fs::read_to_string(format!("/proc/{outlived}/stat")).unwrap_or_default();
    assert!(stat.is_empty() || stat.contains(") Z "), "{stat}");
    assert_eq!(program.json(&cold).await["promotion"]["step"], "starting");
    let _cold = Backend::on(port).await;
    std::fs::write(&go, "").unwrap();
    step(&program, &cold, json!("in")).await;
    let second = both[1].strip_prefix("begin ").unwrap();
    assert_eq!(lines(), [both[0].clone(), both[1].clone(), format!("end {second}")]);
    assert_eq!(kinds(&program).await, ["promotion_started", "starter_finished", "standby_brought_in"]);
    assert!(program.stop().await.success());
}

#[tokio::test]
async fn a_starter_that_fails_is_told_and_nobody_is_brought_in() {
    let place = Place::new();
    let config = place.file("drainboard.toml");
    std::fs::write(&config, "[starter.bad]\ncommand = [\"sh\", \"-c\", \"echo no disk >&2; exit 3\"]\n").unwrap();
    let program = place.start_with(&["--config", config.to_str().unwrap()]);
    program.make_group("web").await;
    let cold = program.make_target("web", 9).await;
    set(&program, &cold, json!({"role": "standby", "tier": "cold", "starter": "bad"})).await;
    let shown = eventually("the starter has failed", || async {
        let shown = program.json(&cold).await;
        (shown["last_start"]["ok"] == false).then_some(shown)
    })
    .await;
    assert_eq!(shown["last_start"]["output"], "no disk\n");
    assert_eq!((&shown["promotion"], &shown["status"]), (&Value::Null, &json!("unused")));
    assert_eq!(kinds(&program).await, ["promotion_started", "promotion_failed"]);
}

#[tokio::test]
async fn roles_are_judged_and_starters_come_only_from_the_file() {
    let place = Place::new();
    let program = place.start();
    program.make_group("web").await;
    let target = program.make_target("web", 9).await;
    let missing = pairs(&[("tier", "This is needed.")]);
    assert_eq!(wrong_patch(&program, &target, json!({"role": "standby"})).await, missing);
    let body = json!({"role": "standby", "tier": "tepid"});
    assert_eq!(wrong_patch(&program, &target, body).await, pairs(&[("tier", "Use one of: hot, warm, cold.")]));
    let body = json!({"role": "standby", "tier": "cold", "starter": "rm"});
    let (code, problem) = program.send(Method::PATCH, &target, body).await;
    assert_eq!(code, StatusCode::CONFLICT);
    assert!(problem["detail"].as_str().unwrap().contains("configuration file"), "{problem}");
    let (code, _) = program.send(Method::POST, &format!("{target}/promote"), json!({})).await;
    assert_eq!(code, StatusCode::CONFLICT);
    let group = json!({"name": "b", "protocol": "TCP", "port": 80, "standby": {"hold_down_s": 86_401}});
    let expected = pairs(&[("standby.hold_down_s", "Give a number from 0 to 86400.")]);
    assert_eq!(wrong(&program, "/api/v1/target-groups", group).await, expected);
    let (code, said) = place.refused(&["--config", "/nowhere/drainboard.toml"]);
    assert_eq!(code, Some(1));
    assert!(said.contains("name one that is there"), "{said}");
}

async fn wrong_patch(program: &Program, path: &str, body: Value) -> Vec<(String, String)> {
    let (code, problem) = program.send(Method::PATCH, path, body).await;
    assert_eq!(code, StatusCode::UNPROCESSABLE_ENTITY, "{problem}");
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    problem["errors"].as_array().unwrap().iter().map(|e| (text(&e["field"]), text(&e["message"]))).collect()
}
