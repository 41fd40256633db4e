use super::*;
use crate::Micros;

fn request(number: u64, answer: LabAnswer) -> LabRequest {
    LabRequest { number, at: Timestamp::from_millis(0), took: Micros(900), answer }
}

fn backend(doing: LabDoing) -> LabBackend {
    LabBackend { number: 2, port: 8102, target: None, doing, start_command: "drainboard lab-backend 2".to_owned() }
}

fn lab(id: u64, numbers: impl IntoIterator<Item = u64>) -> Lab {
    Lab {
        id,
        started_at: Timestamp::from_millis(0),
        stage: LabStage::Active,
        backends: Vec::new(),
        balancer: LabBalancer::Missing { install: String::new() },
        groups: None,
        rate_per_s: LAB_RATE,
        tally: LabTally::default(),
        answers: numbers.into_iter().map(|number| request(number, LabAnswer::Served(1))).collect(),
    }
}

fn numbers(lab: &Lab) -> Vec<u64> {
    lab.answers.iter().map(|answer| answer.number).collect()
}

#[test]
fn new_answers_follow_the_known_ones_once() {
    assert_eq!(numbers(&lab(1, 1..=3).followed_by(lab(1, 2..=5))), [1, 2, 3, 4, 5]);
    assert_eq!(numbers(&lab(1, 1..=3).followed_by(lab(1, []))), [1, 2, 3]);
}

#[test]
fn the_strip_keeps_the_newest() {
    let max = LAB_STRIP_MAX as u64;
    let followed = lab(1, 1..=max).followed_by(lab(1, max + 1..=max + 5));
    assert_eq!(followed.answers.len(), LAB_STRIP_MAX);
    assert_eq!(numbers(&followed).first(), Some(&6));
}

#[test]
fn another_lab_begins_anew() {
    assert_eq!(numbers(&lab(1, 1..=9).followed_by(lab(2, 1..=2))), [1, 2]);
}

#[test]
fn shares_count_who_served_what_failed_and_what_was_slow() {
    let slow = LabRequest { took: Micros(SLOW_FROM_US), ..request(4, LabAnswer::Served(1)) };
    let late_failure = LabRequest { took: Micros(2_000_000), ..request(5, LabAnswer::TimedOut) };
    let requests = [request(1, LabAnswer::Served(1)), request(2, LabAnswer::Served(2)), slow, late_failure];
    let shares = LabShares::of(&requests);
    assert_eq!((shares.total(), shares.failed, shares.slow), (4, 1, 1));
    assert_eq!([1, 2, 3].map(|number| shares.percent(number)), [Some(50), Some(25), Some(0)]);
    assert_eq!(LabShares::default().percent(1), None);
    let mut tally = LabTally::default();
    requests.iter().for_each(|request| tally.add(request));
    assert_eq!((tally.ended(), tally.failed, tally.slow), (4, 1, 1));
}

#[test]
fn a_503_has_failed_although_somebody_answered() {
    let refused = request(1, LabAnswer::Status(503, Some(2)));
    assert_eq!((refused.is_served(), refused.by()), (false, Some(2)));
}

#[test]
fn what_can_be_done_depends_on_what_the_process_does() {
    let check = |doing: LabDoing, expected: &[&str]| {
        let taken: Vec<&str> =
            LabFault::ALL.into_iter().filter(|fault| doing.takes(*fault)).map(LabFault::as_str).collect();
        assert_eq!(taken, expected, "{doing:?}");
    };
    let pid = 7;
    check(LabDoing::Starting, &[]);
    check(LabDoing::Gone, &["bring-back"]);
    check(LabDoing::Hanging { pid, manners: LabManners::Well }, &["kill", "bring-back"]);
    check(LabDoing::Answering { pid, manners: LabManners::Well }, &["kill", "stop", "hang", "answer-503", "slow"]);
    check(
        LabDoing::Answering { pid, manners: LabManners::Slowly },
        &["kill", "stop", "hang", "answer-503", "bring-back"],
    );
}

#[test]
fn the_command_by_hand_brings_back_whatever_was_done() {
    let check = |doing: LabDoing, expected: &str| {
        assert_eq!(backend(doing).command(LabFault::BringBack).as_deref(), Some(expected));
    };
    let pid = 7;
    check(LabDoing::Gone, "drainboard lab-backend 2");
    check(LabDoing::Hanging { pid, manners: LabManners::Well }, "kill -CONT 7");
    check(LabDoing::Hanging { pid, manners: LabManners::With503 }, "kill -HUP 7; kill -CONT 7");
    check(LabDoing::Answering { pid, manners: LabManners::With503 }, "kill -HUP 7");
    assert_eq!(backend(LabDoing::Gone).command(LabFault::Kill), None);
}

#[test]
fn a_fault_is_read_as_it_is_written() {
    for fault in LabFault::ALL {
        assert_eq!(fault.as_str().parse(), Ok(fault));
        assert_eq!(serde_json::to_value(fault).unwrap(), fault.as_str());
    }
}
