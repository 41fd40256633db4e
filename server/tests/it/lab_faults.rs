//! Every fault of the lab: what the process does, what the board says, and where the traffic goes.

use reqwest::StatusCode;
use serde_json::Value;

use crate::lab_world::{LabWorld, shell, signal};

/// Who served the last `count` requests; 0 for one that failed.
fn last(lab: &Value, count: usize) -> Vec<u64> {
    let last = lab["requests"]["last"].as_array().unwrap();
    let served = last.iter().rev().take(count);
    served.map(|r| if r["outcome"] == "served" { r["backend"].as_u64().unwrap() } else { 0 }).collect()
}

/// Breaks server 2, sees it on the board and the traffic on the others, and brings it back.
async fn check(fault: &str, state: &str) {
    let world = LabWorld::start(50).await;
    let target = world.target(2).await;
    let (status, server) = world.inflict(2, fault).await;
    assert_eq!((status, &server["state"]), (StatusCode::OK, &state.into()), "{fault}: {server}");
    world.program.status(&target, "unhealthy").await;
    let served_by_others = |lab: &Value| {
        let last = last(lab, 20);
        last.len() == 20 && last.iter().all(|number| [1, 3].contains(number))
    };
    world.until("the others serve everything", served_by_others).await;
    let (status, problem) = world.inflict(2, fault).await;
    assert_eq!(status, StatusCode::CONFLICT, "{problem}");

    let (status, server) = world.inflict(2, "bring-back").await;
    assert_eq!((status, &server["state"]), (StatusCode::OK, &"answering".into()), "{fault}: {server}");
    world.program.status(&target, "healthy").await;
    world.until("server 2 serves again", |lab| last(lab, 20).contains(&2)).await;
    world.stop_program().await;
}

#[tokio::test]
async fn a_server_that_is_killed_is_replaced_by_a_new_process() {
    check("kill", "gone").await;
}

#[tokio::test]
async fn a_server_that_is_stopped_is_replaced_by_a_new_process() {
    check("stop", "gone").await;
}

#[tokio::test]
async fn a_server_that_hangs_goes_on() {
    check("hang", "hanging").await;
}

#[tokio::test]
async fn a_server_that_answers_503_answers_well_again() {
    check("answer-503", "answering_503").await;
}

#[tokio::test]
async fn a_slow_server_stays_healthy_and_its_users_suffer() {
    let world = LabWorld::start(50).await;
    let (_, server) = world.inflict(2, "slow").await;
    assert_eq!(server["state"], "slow");
    let suffers = |lab: &Value| {
        let last = lab["requests"]["last"].as_array().unwrap();
        last.iter().any(|request| request["slow"] == true && request["backend"] == 2)
    };
    world.until("requests are slow", suffers).await;
    assert_eq!(world.program.json(&world.target(2).await).await["status"], "healthy");
    let (_, server) = world.inflict(2, "bring-back").await;
    assert_eq!(server["state"], "answering");
    world.stop_program().await;
}

#[tokio::test]
async fn what_is_done_in_a_terminal_is_seen_as_well() {
    let world = LabWorld::start(20).await;
    let state = |wanted: &'static str| move |lab: &Value| lab["backends"][2]["state"] == wanted;
    let pid = u32::try_from(world.server(3).await["pid"].as_u64().unwrap()).unwrap();
    for (name, wanted) in [("USR1", "answering_503"), ("USR2", "slow"), ("HUP", "answering"), ("STOP", "hanging")] {
        signal(name, pid);
        world.until(wanted, state(wanted)).await;
    }
    signal("CONT", pid);
    world.until("answering", state("answering")).await;
    signal("KILL", pid);
    world.until("gone", state("gone")).await;
    let command = world.server(3).await["start_command"].as_str().unwrap().to_owned();
    shell(&format!("{command} &"));
    let lab = world.until("started by hand", state("answering")).await;
    assert_ne!(lab["backends"][2]["pid"].as_u64(), Some(pid.into()));
    let (_, traces) = world.stop_program().await;
    assert_eq!(traces.processes(), Vec::<u32>::new(), "also what was started by hand is ended");
}

#[tokio::test]
async fn what_cannot_be_done_is_refused_with_what_to_do() {
    let world = LabWorld::start(10).await;
    world.inflict(1, "hang").await;
    let (status, problem) = world.inflict(1, "slow").await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert!(problem["detail"].as_str().unwrap().contains("bring it back"), "{problem}");
    for (number, fault) in [(4, "kill"), (0, "kill"), (1, "explode")] {
        assert_eq!(world.inflict(number, fault).await.0, StatusCode::NOT_FOUND, "{number} {fault}");
    }
    world.stop_program().await;
}

#[tokio::test]
async fn a_second_lab_does_not_take_the_port_of_a_server_that_was_killed() {
    let first = LabWorld::start(10).await;
    let (status, _) = first.inflict(3, "kill").await;
    assert_eq!(status, StatusCode::OK);
    let second = LabWorld::start(10).await;
    let (status, server) = first.inflict(3, "bring-back").await;
    assert_eq!((status, &server["state"]), (StatusCode::OK, &"answering".into()), "{server}");
    first.stop_program().await;
    second.stop_program().await;
}
