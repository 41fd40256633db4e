//! What a check costs. Run it alone: `cargo test -p drainboard-engine --test probe -- --ignored --nocapture cost`.

use std::fs;
use std::io::Write;

use domain::{Outcome, Protocol};
use futures_util::future::join_all;

use crate::target::{Target, hold, read_request};
use crate::world::{check, observe, prober};

const CHECKS: u32 = 1_000;

/// Nanoseconds that this thread ran on a CPU. The prober runs on it; the target has threads of its own.
fn cpu_ns() -> u64 {
    let text = fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    text.split_whitespace().next().unwrap().parse().unwrap()
}

#[tokio::test]
#[ignore = "a measurement"]
async fn cost_of_a_check() {
    let target = Target::new(|mut stream| {
        read_request(&mut stream);
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        hold(stream);
    });
    for protocol in [Protocol::Tcp, Protocol::Http] {
        let (prober, check) = (prober(), check(protocol));
        for at_once in [1, 50] {
            let before = cpu_ns();
            for _ in 0..CHECKS / at_once {
                let checks = (0..at_once).map(|_| observe(&prober, &check, "127.0.0.1", target.address.port()));
                let all_pass = join_all(checks).await.iter().all(|seen| seen.outcome == Outcome::Pass);
                assert!(all_pass);
            }
            let us = (cpu_ns() - before) as f64 / 1000.0 / f64::from(CHECKS);
            eprintln!("{protocol}: {us:.1} µs of CPU for a check, {at_once} at once");
        }
    }
}
