//! A backend that hangs (SIGSTOP), at any moment between two turns: until the API says so.

use std::time::{Duration, Instant};

use anyhow::Result;
use serde_json::json;

use super::board::Board;
use super::figures::Times;
use super::options::Options;
use super::{Place, backend};
use crate::bench::pause::pause;
use crate::bench::peers::free_address;

const INTERVAL: Duration = Duration::from_secs(1);
const TIMEOUT: Duration = Duration::from_millis(200);
const FAST: Duration = Duration::from_millis(20);

pub(super) fn measure(place: &Place<'_>, options: &Options) -> Result<Vec<String>> {
    let address = free_address()?;
    let backend = backend::start(address, Duration::ZERO, place.dir)?;
    let board = Board::start(place)?;
    let check = json!({"interval_ms": INTERVAL.as_millis(), "timeout_ms": TIMEOUT.as_millis(),
        "unhealthy_threshold": 2, "healthy_threshold": 1, "fast_interval_ms": FAST.as_millis(), "sentinel": true});
    let targets = board.group(&check, &[address])?;
    let mut found = Times::default();
    let rounds = (options.rounds / 3).max(1);
    for round in 0..rounds {
        for target in &targets {
            // Moments that are spread evenly over the interval, without a turn's own rhythm.
            pause(INTERVAL.mul_f64(f64::from(round) / f64::from(rounds)));
            let began = Instant::now();
            backend.signal("STOP")?;
            let at = board.until(target, "unhealthy", |state| state["status"] == "unhealthy");
            backend.signal("CONT")?;
            found.add(at? - began);
            board.until(target, "healthy", |state| state["status"] == "healthy")?;
        }
    }
    let mean = INTERVAL / 2 + TIMEOUT + FAST.max(TIMEOUT);
    let bar = format!("mean at most {} ms", (mean + Duration::from_millis(50)).as_millis());
    Ok(vec![found.line("hang to `unhealthy` in the API, interval 1 s, timeout 200 ms", &bar)])
}
