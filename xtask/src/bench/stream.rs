//! `cargo xtask bench stream`: what readers of the live stream cost, and how long changes take to reach them.

use std::time::Duration;

use anyhow::{Context, Result};

use super::farm::Manner;
use super::options::Load;
use super::pause::pause;
use super::peers::Peer as _;
use super::peers::drainboard::{Filling, place};
use super::proc::cpu_time;
use super::readers::{Readers, Reading, changes, micros};
use super::report::{Report, built, megabytes};
use super::schedule::percentile;
use super::stage::Stage;
use crate::workspace::Workspace;

/// At rest.
const READERS: usize = 10_000;

/// While things change.
const BUSY_READERS: usize = 1000;

/// Readers that take nothing more after their request.
const STALLED: usize = 100;

const WINDOW: Duration = Duration::from_secs(10);

/// Streams find their pace in this time.
const SETTLE: Duration = Duration::from_secs(5);

pub(crate) fn bench(workspace: &Workspace, args: &[&str]) -> Result<()> {
    let mut report = built(workspace, args)?;
    at_rest(workspace, &mut report)?;
    busy(workspace, &mut report)?;
    report.print()
}

/// What a reader costs that is told little.
fn at_rest(workspace: &Workspace, report: &mut Report) -> Result<()> {
    let load = Load::from((100, 10));
    let stage = Stage::set(workspace, load, Filling::COMPARED, Manner::Steady)?;
    pause(load.warm_up());
    let before = stage.memory()?.now;
    let mut readers = Readers::new()?;
    for _ in 0..100 {
        readers.open(stage.drainboard.address(), &live(&stage)?, READERS / 100, Reading::Noted)?;
        readers.read(Duration::from_millis(50))?;
    }
    readers.read(SETTLE)?;
    let each = stage.memory()?.now.saturating_sub(before) as f64 / READERS as f64;
    let said = format!("{:.1} KB ({} open)", each / 1e3, readers.open_count());
    report.row("10,000 readers: memory of each", "≤ 10 KB", &said);
    let spent = cpu(&stage)?;
    readers.read(WINDOW)?;
    let share = (cpu(&stage)? - spent).as_secs_f64() / WINDOW.as_secs_f64();
    report.row("10,000 readers: processor time", "–", &format!("{:.1} % of one", share * 100.0));
    stage.strike().map(drop)
}

/// How long 1,000 changes a second take, without and with readers that stall.
fn busy(workspace: &Workspace, report: &mut Report) -> Result<()> {
    let load = Load::from((1000, 1));
    let stage = Stage::set(workspace, load, Filling { group: 100, fall: 1, rise: 1 }, Manner::Flipping)?;
    pause(load.warm_up());
    for (stalled, what) in [(0, "1,000 readers, 1,000 changes/s"), (STALLED, "the same beside 100 that stall")] {
        let mut stuck = Readers::new()?;
        stuck.open(stage.drainboard.address(), &live(&stage)?, stalled, Reading::Noted)?;
        let mut readers = Readers::new()?;
        readers.open(stage.drainboard.address(), &live(&stage)?, 1, Reading::Kept)?;
        readers.open(stage.drainboard.address(), &live(&stage)?, BUSY_READERS - 1, Reading::Noted)?;
        readers.read(SETTLE)?;
        let (spent, began, since) = (cpu(&stage)?, readers.bytes(), micros());
        readers.read(WINDOW)?;
        let share = (cpu(&stage)? - spent).as_secs_f64() / WINDOW.as_secs_f64();
        let rate = (readers.bytes() - began) as f64 / BUSY_READERS as f64 / WINDOW.as_secs_f64() / 1e3;
        let late = late_ms(&readers, since)?;
        let of = |share| percentile(&late, share).unwrap_or(f64::NAN);
        let said = format!("p50 {:.0}, p99 {:.0}, at most {:.0} ms", of(0.5), of(0.99), of(1.0));
        report.row(&format!("{what}: change to reader"), "p99 ≤ 300 ms", &said);
        let said = format!("{:.0} % of a processor, {rate:.1} KB/s each, {} open", share * 100.0, readers.open_count());
        report.row(&format!("{what}: cost"), "–", &said);
        report.row(&format!("{what}: memory of Drainboard"), "–", &megabytes(stage.memory()?.now));
    }
    stage.strike().map(drop)
}

/// The stream of a page of all groups that was made now.
fn live(stage: &Stage) -> Result<String> {
    Ok(format!("/live{}&of=overview", place(stage.drainboard.address())?))
}

fn cpu(stage: &Stage) -> Result<Duration> {
    cpu_time(stage.drainboard.processes().first().context("Drainboard does not run")?.id())
}

/// From each change of status after `since` to each reader, in milliseconds, sorted. What was judged before, while the
/// streams were opened one after the other, waited for the readers.
fn late_ms(readers: &Readers, since: u64) -> Result<Vec<f64>> {
    let changes = changes(readers.text()?)?;
    let mut late = Vec::new();
    for arrivals in readers.arrivals() {
        let mut arrivals = arrivals.iter().peekable();
        for (number, at) in changes.iter().filter(|(_, at)| since <= *at) {
            while arrivals.next_if(|arrival| arrival.upto < *number).is_some() {}
            late.extend(arrivals.peek().map(|arrival| arrival.at.saturating_sub(*at) as f64 / 1000.0));
        }
    }
    late.sort_unstable_by(f64::total_cmp);
    Ok(late)
}
