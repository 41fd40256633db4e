//! `kill -9` of one backend of four, again and again: until the API says so, and until the proxy does not use it.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use serde_json::json;

use super::board::{Board, Target};
use super::figures::Times;
use super::haproxy::Haproxy;
use super::options::Options;
use super::{Place, backend};
use crate::bench::pause::pause;
use crate::bench::peers::free_address;

/// Nothing that is waited for takes so long: automatic mode may have used up its changes of the minute.
const PATIENCE: Duration = Duration::from_secs(90);

pub(super) fn measure(place: &Place<'_>, options: &Options) -> Result<Vec<String>> {
    let addresses = (0..4).map(|_| free_address()).collect::<Result<Vec<_>>>()?;
    let backends = addresses.iter().map(|address| backend::start(*address, Duration::ZERO, place.dir));
    let mut backends = backends.collect::<Result<Vec<_>>>()?;
    let haproxy = Haproxy::start(&addresses, place.dir)?;
    let board = Board::start(place)?;
    let check = json!({"interval_ms": 30_000, "timeout_ms": 500, "unhealthy_threshold": 2, "healthy_threshold": 1,
        "fast_interval_ms": 20, "sentinel": true});
    let targets = board.group(&check, &addresses)?;
    board.bind(&haproxy.socket(), false)?;
    // Automatic mode takes nothing out right after a start.
    pause(Duration::from_secs(11));
    let (mut found, mut out) = (Times::default(), Times::default());
    for _ in 0..options.rounds {
        for target in &targets {
            board.until(target, "watched", |state| state["sentinel"]["state"] == "held")?;
        }
        let began = Instant::now();
        backends.truncate(3);
        let (found_at, out_at) = watch(&board, &haproxy, targets.last())?;
        found.add(found_at - began);
        out.add(out_at - began);
        if let (Some(address), Some(target)) = (addresses.last(), targets.last()) {
            backends.push(backend::start(*address, Duration::ZERO, place.dir)?);
            board.check_now(target)?;
        }
        until_says(&haproxy, |word| word == "UP" || word.starts_with("UP "))?;
    }
    let mut orders = Times::default();
    board.orders()?.into_iter().for_each(|took| orders.add(took));
    Ok(vec![
        found.line("kill -9 to `unhealthy` in the API, interval 30 s", "p50 at most 60 ms, p99 at most 200 ms"),
        out.line("kill -9 to out of service in HAProxy", "no bar of its own"),
        orders.line("decision to carried out by HAProxy", "p99 at most 5 ms"),
    ])
}

/// When the API says that the last target is unhealthy, and when HAProxy does not use it any more: asked at the same
/// time, since neither may wait for the other.
fn watch(board: &Board, haproxy: &Haproxy, target: Option<&Target>) -> Result<(Instant, Instant)> {
    let Some(target) = target else { bail!("there is no target") };
    std::thread::scope(|scope| {
        let out = scope.spawn(|| until_says(haproxy, |word| word.starts_with("DRAIN") || word.starts_with("MAINT")));
        let found = board.until(target, "unhealthy", |state| state["status"] == "unhealthy")?;
        match out.join() {
            Ok(out) => Ok((found, out?)),
            Err(_) => bail!("HAProxy could not be watched"),
        }
    })
}

fn until_says(haproxy: &Haproxy, is_so: impl Fn(&str) -> bool) -> Result<Instant> {
    let began = Instant::now();
    loop {
        let word = haproxy.says("s3")?;
        let now = Instant::now();
        if is_so(&word) {
            return Ok(now);
        }
        if began.elapsed() > PATIENCE {
            bail!("HAProxy goes on saying {word:?}");
        }
        pause(Duration::from_millis(1));
    }
}
