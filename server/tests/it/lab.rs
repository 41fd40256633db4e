//! The lab, for real: set up, looked at, and removed without a trace.

use std::process::Stdio;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::feed::Feed;
use crate::lab_world::{LabWorld, Traces, shell};
use crate::program::{Place, eventually};

/// Who answers at an address.
async fn who(world: &LabWorld, url: &str) -> String {
    let answer = world.program.client.get(url).send().await.unwrap();
    answer.headers()["drainboard-lab-server"].to_str().unwrap().to_owned()
}

/// Asserts that nothing of the lab is on the board, on the disk, or running.
async fn assert_no_trace(program: &crate::program::Program, traces: &Traces) {
    for list in ["/api/v1/target-groups", "/api/v1/proxies"] {
        assert_eq!(program.json(list).await["items"], json!([]), "{list}");
    }
    assert!(!traces.directory().exists());
    assert_eq!(traces.processes(), Vec::<u32>::new());
}

#[tokio::test]
async fn a_lab_is_there_for_real_and_ends_without_a_trace() {
    let world = LabWorld::start(50).await;
    let lab = world.active().await;
    assert_eq!(lab["groups"], json!({"web": "lab-web", "api": "lab-api"}));
    let processes = world.traces().processes();
    let mut told: Vec<u64> = (0..3).map(|n| lab["backends"][n]["pid"].as_u64().unwrap()).collect();
    told.push(lab["load_balancer"]["pid"].as_u64().unwrap());
    assert_eq!(processes.len(), 4, "{processes:?}");
    assert!(told.iter().all(|pid| processes.contains(&u32::try_from(*pid).unwrap())), "{told:?} {processes:?}");

    // The board has it as if somebody had made it by hand.
    let group = world.program.json("/api/v1/target-groups/lab-web").await;
    assert_eq!(group["counts"]["healthy"], 3);
    let proxy = world.program.json("/api/v1/proxies/lab").await;
    assert_eq!((&proxy["reachable"], proxy["bindings"].as_array().unwrap().len()), (&json!(true), 3));

    // Round robin, as the synthetic client sees it.
    world.until("60 requests have ended", |lab| lab["requests"]["last"].as_array().unwrap().len() == 60).await;
    let lab = world.active().await;
    let count = |number: u8| {
        let last = lab["requests"]["last"].as_array().unwrap();
        last.iter().filter(|request| request["backend"] == number).count()
    };
    assert!([1, 2, 3].into_iter().all(|number| (19..=21).contains(&count(number))), "{lab}");
    assert_eq!(lab["requests"]["failed"], 0);

    // Layer 4 knows no paths, layer 7 does.
    let network = lab["load_balancer"]["network_url"].as_str().unwrap();
    let application = lab["load_balancer"]["application_url"].as_str().unwrap();
    for number in ["1", "2", "3"] {
        let found = eventually("every server answers at the network load balancer, whatever the path", || async {
            (who(&world, &format!("{network}api/hello")).await == number).then_some(())
        });
        found.await;
    }
    for _ in 0..6 {
        assert_ne!(who(&world, &format!("{application}api/hello")).await, "1");
    }

    let (status, _) = world.program.send(Method::DELETE, "/api/v1/lab", Value::Null).await;
    assert_eq!(status, StatusCode::NO_CONTENT);
    assert_no_trace(&world.program, world.traces()).await;
    assert!(world.program.client.get(network).send().await.is_err());
    assert_eq!(world.program.json("/api/v1/lab").await["state"], "idle");
}

#[tokio::test]
async fn what_a_kill_left_behind_is_removed_at_the_next_start() {
    let world = LabWorld::start(20).await;
    let before = world.traces().processes();
    let (place, traces) = world.kill_program();
    assert_eq!(traces.processes().len(), 4, "the processes outlive the program: {before:?}");
    let program = place.start();
    assert_no_trace(&program, &traces).await;
    // Nothing stands in the way of the next one.
    let (status, _) = program.send(Method::POST, "/api/v1/lab", json!({})).await;
    assert_eq!(status, StatusCode::ACCEPTED);
    assert!(program.stop().await.success());
    assert_eq!(traces.processes(), Vec::<u32>::new());
}

#[tokio::test]
async fn stopping_the_program_removes_the_lab_also_while_it_is_being_set_up() {
    for rate in [1, 200] {
        let world = LabWorld::start(rate).await;
        let (place, traces) = world.stop_program().await;
        assert!(!traces.directory().exists());
        assert_eq!(traces.processes(), Vec::<u32>::new());
        let program = place.start();
        program.send(Method::POST, "/api/v1/lab", json!({})).await;
        assert!(program.stop().await.success());
        assert_eq!(traces.processes(), Vec::<u32>::new());
        assert_no_trace(&place.start(), &traces).await;
    }
}

#[tokio::test]
async fn a_lab_takes_other_names_and_ports_where_its_own_are_taken() {
    let first = LabWorld::start(10).await;
    let place = Place::new();
    let traces = Traces::beside(&place.database());
    let program = place.start();
    program.make_group("lab-web").await;
    let kept =
        program.make("/api/v1/proxies", json!({"name": "lab", "kind": "haproxy", "address": "unix:/none"})).await;
    program.send(Method::POST, "/api/v1/lab", json!({})).await;
    let lab = eventually("the second lab is active", || async {
        let lab = program.json("/api/v1/lab").await;
        (lab["state"] == "active").then_some(lab)
    })
    .await;
    assert_eq!(lab["groups"], json!({"web": "lab-web-2", "api": "lab-api"}));
    assert_eq!(lab["load_balancer"]["proxy"], "lab-2");
    let other = first.active().await;
    assert_ne!(lab["load_balancer"]["network_url"], other["load_balancer"]["network_url"]);
    assert_ne!(lab["backends"][0]["port"], other["backends"][0]["port"]);
    program.send(Method::DELETE, "/api/v1/lab", Value::Null).await;
    assert_eq!(program.json("/api/v1/target-groups").await["items"].as_array().unwrap().len(), 1);
    assert_eq!(program.json("/api/v1/proxies/lab").await["address"], kept["address"]);
    assert_eq!(traces.processes(), Vec::<u32>::new());
    // Ending one leaves the other alone.
    assert_eq!(first.traces().processes().len(), 4);
    let (_place, traces) = first.stop_program().await;
    assert_eq!(traces.processes(), Vec::<u32>::new());
}

#[tokio::test]
async fn there_is_one_lab_at_a_time_and_its_rate_has_limits() {
    let world = LabWorld::start(10).await;
    let (status, problem) = world.program.send(Method::POST, "/api/v1/lab", json!({})).await;
    assert_eq!(
        (status, problem["detail"].as_str().unwrap()),
        (StatusCode::CONFLICT, "A lab runs already. End it first.")
    );
    for rate in [0, 201] {
        let (status, _) = world.program.send(Method::PATCH, "/api/v1/lab", json!({"rate_per_s": rate})).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{rate}");
    }
    let (status, lab) = world.program.send(Method::PATCH, "/api/v1/lab", json!({"rate_per_s": 200})).await;
    assert_eq!((status, &lab["rate_per_s"]), (StatusCode::OK, &json!(200)));
    let ended = |lab: &Value| {
        let served = lab["requests"]["served"].as_object().unwrap().values().filter_map(Value::as_u64).sum::<u64>();
        500 < served
    };
    world.until("many requests are served", ended).await;
    world.stop_program().await;
}

#[tokio::test]
async fn the_live_stream_tells_each_answer_once_to_whoever_looks_at_the_lab() {
    let world = LabWorld::start(100).await;
    let number = world.program.json("/api/v1/events").await["items"][0]["number"].clone();
    let page = world.program.request(Method::GET, "/lab").header("accept", "application/json").send().await.unwrap();
    let boot = page.json::<Value>().await.unwrap()["boot"].clone();
    let mut feed = Feed::open(&world.program, &format!("/live?after={number}&boot={boot}&lab=1"), None).await;
    let mut seen: Vec<u64> = Vec::new();
    for _ in 0..5 {
        let frame = feed.next_named("lab").await;
        let answers = frame.data["with"]["answers"].as_array().unwrap().clone();
        seen.extend(answers.iter().map(|answer| answer["number"].as_u64().unwrap()));
    }
    assert!(2 < seen.len() && seen.windows(2).all(|pair| pair[0] < pair[1]), "{seen:?}");
    world.program.send(Method::DELETE, "/api/v1/lab", Value::Null).await;
    while feed.next_named("lab").await.data["is"] != "idle" {}
}

#[tokio::test]
async fn without_haproxy_the_lab_says_how_to_get_it_and_nobody_sends_requests() {
    let place = Place::new();
    let traces = Traces::beside(&place.database());
    let program = place.start_with(&["--haproxy", "/nowhere/haproxy"]);
    let idle = program.json("/api/v1/lab").await;
    assert!(idle["install"].as_str().unwrap().contains("haproxy"), "{idle}");
    program.send(Method::POST, "/api/v1/lab", json!({})).await;
    let lab = eventually("the lab is active", || async {
        let lab = program.json("/api/v1/lab").await;
        (lab["state"] == "active").then_some(lab)
    })
    .await;
    assert_eq!(lab["load_balancer"], Value::Null);
    assert_eq!(lab["requests"]["last"], json!([]));
    assert_eq!(traces.processes().len(), 3);
    assert_eq!(program.json("/api/v1/proxies").await["items"], json!([]));
    assert!(program.stop().await.success());
    assert_eq!(traces.processes(), Vec::<u32>::new());
}

#[tokio::test]
async fn a_lab_can_be_started_with_the_program_but_only_on_loopback() {
    let place = Place::new();
    let program = place.start_as("lab", &[]);
    assert!(program.said.contains("/lab"), "{}", program.said);
    eventually("the lab is active", || async {
        (program.json("/api/v1/lab").await["state"] == "active").then_some(())
    })
    .await;
    assert!(program.stop().await.success());

    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_drainboard"));
    command.args(["lab", "--listen", "0.0.0.0:0", "--allow-unauthenticated", "--database"]).arg(place.database());
    let said = String::from_utf8(command.stderr(Stdio::piped()).output().unwrap().stderr).unwrap();
    assert!(said.contains("loopback"), "{said}");
}

#[tokio::test]
async fn a_server_that_is_started_where_no_lab_is_says_so() {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_drainboard"));
    let output = command.args(["lab-backend", "1", "/nowhere"]).output().unwrap();
    assert!(!output.status.success());
    assert!(String::from_utf8(output.stderr).unwrap().contains("no lab"));
}

#[tokio::test]
async fn a_server_that_somebody_starts_after_the_lab_is_gone_ends_by_itself() {
    let world = LabWorld::start(10).await;
    world.inflict(1, "kill").await;
    let command = world.server(1).await["start_command"].as_str().unwrap().to_owned();
    shell(&format!("{command} &"));
    world.until("the server is back", |lab| lab["backends"][0]["state"] == "answering").await;
    let (place, traces) = world.kill_program();
    std::fs::remove_dir_all(traces.directory()).unwrap();
    eventually("the servers have ended", || async { (traces.processes().len() <= 1).then_some(()) }).await;
    drop(place);
}
