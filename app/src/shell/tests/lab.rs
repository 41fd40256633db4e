//! The lab's page, and who is offered one.

use domain::{
    Lab, LabAnswer, LabBackend, LabBalancer, LabDoing, LabGroups, LabManners, LabRequest, LabStage, LabStep, LabTally,
    LabTrouble,
};

use super::*;
use crate::LabIs;

fn idle() -> LabView {
    LabView::Idle { install: None }
}

fn backend(number: u8, doing: LabDoing) -> LabBackend {
    let start_command = format!("drainboard lab-backend {number} /data/board.db-lab");
    LabBackend { number, port: 8100 + u16::from(number), target: None, doing, start_command }
}

fn answer(number: u64, answer: LabAnswer, us: u32) -> LabRequest {
    LabRequest { number, at: Timestamp::from_millis(START), took: Micros(us), answer }
}

/// A lab whose second server is gone and whose third is slow.
fn lab() -> Lab {
    let well = LabDoing::Answering { pid: 4711, manners: LabManners::Well };
    let slow = LabDoing::Answering { pid: 4713, manners: LabManners::Slowly };
    let answers = vec![
        answer(1, LabAnswer::Served(1), 900),
        answer(2, LabAnswer::TimedOut, 2_000_000),
        answer(3, LabAnswer::Served(3), 301_000),
    ];
    let mut tally = LabTally::default();
    answers.iter().for_each(|answer| tally.add(answer));
    Lab {
        id: 1,
        started_at: Timestamp::from_millis(START),
        stage: LabStage::Active,
        backends: vec![backend(1, well), backend(2, LabDoing::Gone), backend(3, slow)],
        balancer: LabBalancer::Haproxy {
            proxy: "lab".parse().unwrap(),
            pid: Some(4714),
            network_port: 8000,
            application_port: 8080,
        },
        groups: Some(LabGroups { web: "lab-web".parse().unwrap(), api: "lab-api".parse().unwrap() }),
        rate_per_s: 10,
        tally,
        answers,
    }
}

/// The page of a server with this lab.
fn with(view: LabView, page: PageData) -> PageData {
    PageData { lab_is: LabIs::from(&view), lab: view.into(), ..page }
}

fn shown(lab: Lab, language: Language) -> String {
    body(&PageData { language, ..with(LabView::Open(Box::new(lab)), World::new().page("/lab")) })
}

fn has_all(html: &str, wanted: &[&str]) {
    for text in wanted {
        assert!(html.contains(text), "{text} is not in {html}");
    }
}

#[test]
fn an_empty_board_offers_the_lab_where_one_may_be() {
    let page = World::new().page("/");
    assert!(!body(&page).contains("action=\"/lab\""));
    has_all(&body(&with(idle(), page)), &["action=\"/lab\"", "Start the lab"]);
}

#[test]
fn a_board_with_groups_offers_no_lab_and_its_page_still_does() {
    let mut world = World::new();
    world.group("web");
    let html = body(&with(idle(), world.page("/")));
    assert!(!html.contains("/lab"), "{html}");
    has_all(&body(&with(idle(), world.page("/lab"))), &["Start the lab", "drainboard lab"]);
}

#[test]
fn while_a_lab_runs_every_page_leads_to_it() {
    let page = World::new().page("/events");
    has_all(&body(&with(LabView::Open(Box::new(lab())), page)), &["href=\"/lab\""]);
}

#[test]
fn the_strip_says_who_served_what_failed_and_what_was_slow() {
    let html = shown(lab(), Language::En);
    has_all(
        &html,
        &[
            "title=\"server 1 · 0.90 ms\"",
            "title=\"no answer within 2 s · 2.00 s\"",
            "class=\"lab-3 lab-slow\"",
            "1 of the last 3",
            "33 %",
        ],
    );
}

#[test]
fn each_server_has_its_buttons_and_the_commands_that_do_the_same() {
    let html = shown(lab(), Language::En);
    has_all(
        &html,
        &[
            "kill -9 4711",
            "kill -USR1 4713",
            "kill -HUP 4713",
            "drainboard lab-backend 2 /data/board.db-lab",
            "action=\"/lab/servers/2/bring-back\"",
            "http://127.0.0.1:8000/",
            "http://127.0.0.1:8080/api/hello",
        ],
    );
    assert!(!html.contains("kill -USR2 4713"), "it is slow already");
}

#[test]
fn a_lab_that_is_set_up_says_how_far_it_is_and_one_that_failed_why() {
    let stage = |stage| shown(Lab { stage, ..lab() }, Language::En);
    has_all(
        &stage(LabStage::Provisioning(LabStep::Balancer)),
        &["Provisioning", "HAProxy starts", "under way", "to come"],
    );
    let failed = LabStage::Failed(LabTrouble::Balancer("no port is free".to_owned()));
    has_all(&stage(failed), &["HAProxy did not start: no port is free."]);
}

#[test]
fn without_haproxy_the_page_says_which_command_gets_it() {
    let balancer = LabBalancer::Missing { install: "sudo apt-get install haproxy".to_owned() };
    let html = shown(Lab { balancer, answers: Vec::new(), ..lab() }, Language::En);
    has_all(&html, &["sudo apt-get install haproxy", "HAProxy is not installed."]);
    assert!(!html.contains("lab-strip"), "nobody sends requests");
}

#[test]
fn a_haproxy_that_has_ended_is_told() {
    let balancer =
        LabBalancer::Haproxy { proxy: "lab".parse().unwrap(), pid: None, network_port: 8000, application_port: 8080 };
    has_all(&shown(Lab { balancer, ..lab() }, Language::En), &["HAProxy has ended"]);
}

#[test]
fn the_lab_speaks_korean() {
    has_all(&shown(lab(), Language::Ko), &["실습", "누가 응답하나", "프로세스 없음", "되살리기", "2초 안에 응답 없음"]);
}
