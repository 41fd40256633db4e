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
const BEFORE: Duration = Duration::from_secs(11);

/// So long is watched after it.
const AFTER: Duration = Duration::from_secs(14);

/// The rate is told of times so long.
const SLICE: Duration = Duration::from_millis(100);

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
    /// The share of the time before for which that was so: the noise of the machine.
    noise: f64,
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
        let short_in = |begin: Instant, length: Duration| {
            let slices = (0..u32::try_from(length.as_millis() / SLICE.as_millis()).unwrap_or(u32::MAX))
                .map(|n| begin + SLICE * n);
            let short = slices.filter(|from| served(*from, *from + SLICE) < 0.9 * rate * SLICE.as_secs_f64());
            SLICE * u32::try_from(short.count()).unwrap_or(u32::MAX)
        };
        let short = short_in(at, AFTER);
        let noise = short_in(at - calm, calm).as_secs_f64() / calm.as_secs_f64();
        let after = || requests.iter().filter(|request| at <= request.ended);
        let mut took: Vec<Duration> = after().map(|request| request.took).collect();
        took.sort_unstable();
        let failed = after().filter(|request| !request.is_well).count();
        Cost { rate, short, noise, failed, longest: percentile(&took, 1.0).unwrap_or_default() }
    }

    fn line(&self, who: &str, bar: &str) -> String {
        format!(
            "  {who}: {:.1} s of {} s below 90 % of {:.0} requests a second (before it {:.1} % of the time), {} requests failed, the longest took {:.2} s ({bar})",
            self.short.as_secs_f64(),
            AFTER.as_secs(),
            self.rate,
            self.noise * 100.0,
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
        let slices = u32::try_from((BEFORE + AFTER).as_millis() / SLICE.as_millis()).unwrap();
        let steady = (0..slices).map(|slice| request(at - BEFORE + SLICE * slice + SLICE / 2, true));
        // For a second from the hang on nothing is served, and one request fails.
        let is_gap = |it: &Request| (at..at + Duration::from_secs(1)).contains(&it.ended);
        let mut requests: Vec<Request> = steady.filter(|it| !is_gap(it)).collect();
        requests.push(request(at + SLICE / 2, false));
        let cost = Cost::of(&requests, at);
        assert_eq!((cost.rate, cost.short, cost.noise, cost.failed), (10.0, Duration::from_secs(1), 0.0, 1));
    }
}
