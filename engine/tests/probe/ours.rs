//! Faults of ours, and an environment that would mislead us: rows 10 to 12 of the table of faults.

use std::fs::File;
use std::process::Command;
use std::time::Duration;

use domain::{Outcome, OwnFault, Protocol};

use crate::target::{Target, hold};
use crate::world::{SOON_MS, check, impatient, observe_at, prober};

/// Runs an ignored test of this program in a process of its own.
fn child(test: &str) -> Command {
    let mut command = Command::new("sh");
    let program = std::env::current_exe().unwrap();
    command.args(["-c", "ulimit -n 64; exec \"$0\" --ignored --exact \"$1\" --test-threads=1"]);
    command.arg(program).arg(test);
    command
}

fn assert_passes(mut command: Command) {
    let output = command.output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && text.contains("1 passed"), "{text}");
}

#[test]
fn the_environments_proxies_are_ignored() {
    let mut command = child("ours::a_plain_check_passes");
    for name in ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"] {
        command.env(name, "http://127.0.0.1:1");
    }
    command.env_remove("NO_PROXY").env_remove("no_proxy");
    assert_passes(command);
}

#[tokio::test]
#[ignore = "run by another test in an environment of its own"]
async fn a_plain_check_passes() {
    let target = Target::answering("HTTP/1.1 200 OK\r\n\r\n");
    assert_eq!(observe_at(&check(Protocol::Http), target.address).await.outcome, Outcome::Pass);
}

#[test]
fn too_few_file_descriptors_are_our_fault() {
    assert_passes(child("ours::no_file_descriptor_is_left"));
}

#[tokio::test]
#[ignore = "run by another test in a process of its own"]
async fn no_file_descriptor_is_left() {
    let target = Target::new(hold);
    let prober = prober();
    let all: Vec<File> = std::iter::from_fn(|| File::open("/dev/null").ok()).collect();
    let host = target.address.ip().to_string();
    let seen = prober.check(&check(Protocol::Http), &host.parse().unwrap(), target.address.port()).await;
    drop(all);
    assert_eq!(seen.outcome, Outcome::Unknown(OwnFault::FileDescriptors));
}

/// Keeps this thread busy, so that nothing else on it is polled: what a starved or stopped process looks like.
#[expect(clippy::disallowed_methods, reason = "to hold up the whole worker is what this is for")]
async fn starve() {
    tokio::task::yield_now().await;
    std::thread::sleep(Duration::from_millis(u64::from(SOON_MS) * 4));
}

#[tokio::test]
async fn whoever_is_late_does_not_judge() {
    let target = Target::new(hold);
    let (check, host) = (impatient(check(Protocol::Http)), target.address.ip().to_string().parse().unwrap());
    let prober = prober();
    let (seen, ()) = tokio::join!(prober.check(&check, &host, target.address.port()), starve());
    assert!(matches!(seen.outcome, Outcome::Unknown(OwnFault::Late { .. })), "{:?}", seen.outcome);
}

#[tokio::test]
async fn a_tcp_connection_that_stands_counts_however_late_we_look() {
    let target = Target::new(hold);
    let (check, host) = (impatient(check(Protocol::Tcp)), target.address.ip().to_string().parse().unwrap());
    let prober = prober();
    let (seen, ()) = tokio::join!(prober.check(&check, &host, target.address.port()), starve());
    assert_eq!(seen.outcome, Outcome::Pass);
}
