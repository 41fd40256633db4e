//! One backend of four hangs (SIGSTOP) under load, behind an HAProxy as it comes: what it costs with and without us.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use serde_json::json;

use super::board::Board;
use super::clients::{Clients, Request};
use super::haproxy::Haproxy;
use super::options::Options;
use super::{Place, backend};
use crate::bench::pause::pause;
use crate::bench::peers::free_address;
use crate::bench::schedule::percentile;

/// As in the measurements that HAProxy's own figures are from.
const CLIENTS: usize = 32;
const TAKES: Duration = Duration::from_millis(5);

/// So long all is well before the backend hangs.
const BEFORE: Duration = Duration::from_secs(4);

/// So long is watched after it.
const AFTER: Duration = Duration::from_secs(14);

/// The rate is told of times so long.
const SLICE: Duration = Duration::from_millis(50);

pub(super) fn measure(place: &Place<'_>, _: &Options) -> Result<Vec<String>> {
    let alone = run(place, false)?.line("without Drainboard", "known as 5 s and more");
    let with = run(place, true)?.line("with Drainboard, automatic, closing sessions", "below 90 % for less than 0.9 s");
    let lead = "one of four backends hangs, 32 clients, HAProxy inter 1s fall 3".to_owned();
    Ok(vec![lead, alone, with])
}

fn run(place: &Place<'_>, with_drainboard: bool) -> Result<Cost> {
    let addresses = (0..4).map(|_| free_address()).collect::<Result<Vec<_>>>()?;
    let backends = addresses.iter().map(|address| backend::start(*address, TAKES, place.dir));
    let backends = backends.collect::<Result<Vec<_>>>()?;
    let haproxy = Haproxy::start(&addresses, place.dir)?;
    let board = with_drainboard.then(|| Board::start(place)).transpose()?;
    if let Some(board) = &board {
        let check = json!({"interval_ms": 200, "timeout_ms": 150, "unhealthy_threshold": 2, "healthy_threshold": 2,
            "fast_interval_ms": 20, "sentinel": true});
        board.group(&check, &addresses)?;
        board.bind(&haproxy.socket(), true)?;
        // Automatic mode takes nothing out right after a start.
        pause(Duration::from_secs(11));
    }
    let clients = Clients::start(CLIENTS, haproxy.front);
    pause(BEFORE);
    let hung = backends.last().context("there is no backend")?;
    let at = Instant::now();
    hung.signal("STOP")?;
    pause(AFTER);
    hung.signal("CONT")?;
    Ok(Cost::of(&clients.end(), at))
}

/// What a hang cost.
struct Cost {
    /// Requests a second before it.
    rate: f64,
    /// So long fewer than nine tenths of that were served.
    short: Duration,
    failed: usize,
    longest: Duration,
}

impl Cost {
    fn of(requests: &[Request], at: Instant) -> Cost {
        let served = |from: Instant, to: Instant| {
            let inside = requests.iter().filter(|request| request.is_well && (from..to).contains(&request.ended));
            inside.count() as f64
        };
        // The first second is for the caches to get warm.
        let calm = BEFORE - Duration::from_secs(1);
        let rate = served(at - calm, at) / calm.as_secs_f64();
        let slices = u32::try_from(AFTER.as_millis() / SLICE.as_millis()).unwrap_or(u32::MAX);
        let is_short = |slice: &u32| {
            let from = at + SLICE * *slice;
            served(from, from + SLICE) < 0.9 * rate * SLICE.as_secs_f64()
        };
        let short = SLICE * u32::try_from((0..slices).filter(is_short).count()).unwrap_or(u32::MAX);
        let after = || requests.iter().filter(|request| at <= request.ended);
        let mut took: Vec<Duration> = after().map(|request| request.took).collect();
        took.sort_unstable();
        let failed = after().filter(|request| !request.is_well).count();
        Cost { rate, short, failed, longest: percentile(&took, 1.0).unwrap_or_default() }
    }

    fn line(&self, who: &str, bar: &str) -> String {
        format!(
            "  {who}: {:.2} s below 90 % of {:.0} requests a second, {} requests failed, the longest took {:.2} s ({bar})",
            self.short.as_secs_f64(),
            self.rate,
            self.failed,
            self.longest.as_secs_f64()
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_hang_cost_is_told_from_the_requests_alone() {
        let at = Instant::now() + Duration::from_secs(60);
        let request = |ended: Instant, is_well| Request { ended, took: TAKES, is_well };
        let steady = (0..180).map(|tenth| at - BEFORE + SLICE * 2 * tenth + SLICE / 2);
        let twice = steady.flat_map(|moment| [request(moment, true), request(moment + SLICE, true)]);
        // For a second from the hang on nothing is served, and one request fails.
        let is_gap = |it: &Request| (at..at + Duration::from_secs(1)).contains(&it.ended);
        let mut requests: Vec<Request> = twice.filter(|it| !is_gap(it)).collect();
        requests.push(request(at + SLICE / 2, false));
        let cost = Cost::of(&requests, at);
        assert_eq!((cost.rate, cost.short, cost.failed), (20.0, Duration::from_secs(1), 1));
    }
}
