//! `cargo xtask bench crash`: Drainboard is killed at random moments under load, and what it kept is looked at.

use std::collections::HashSet;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, Result, bail};
use serde_json::{Value, json};

use super::farm::Manner;
use super::http::{get, patch, post};
use super::options::Load;
use super::pause::pause;
use super::peers::Peer as _;
use super::peers::drainboard::{Drainboard, Filling};
use super::report::built;
use super::schedule::percentile;
use super::stage::Stage;
use crate::workspace::Workspace;

const USAGE: &str = "cargo xtask bench crash [ROUNDS] [--built]";

/// So many times it is killed, unless said otherwise.
const ROUNDS: u32 = 1000;

/// It is killed within this time after its start.
const LIFE_MAX: Duration = Duration::from_millis(1500);

/// A group whose description is a number, one more with each change.
const NOTES: &str = "/api/v1/target-groups/notes";

/// The newest events, as many as the API gives at once.
const EVENTS: &str = "/api/v1/events?group=notes&limit=1000";

pub(crate) fn bench(workspace: &Workspace, args: &[&str]) -> Result<()> {
    let (rounds, rest) = match args {
        [rounds, rest @ ..] if *rounds != "--built" => (rounds.parse().with_context(|| USAGE)?, rest),
        rest => (ROUNDS, rest),
    };
    let mut report = built(workspace, rest)?;
    let mut stage = Stage::set(workspace, Load::from((200, 1)), Filling::COMPARED, Manner::Steady)?;
    let notes = json!({"name": "notes", "protocol": "HTTP", "port": 80, "description": "0"});
    post(stage.drainboard.address(), "/api/v1/target-groups", &notes.to_string())?;
    let mut seen = Seen::default();
    for round in 1..=rounds {
        // Moments that cover the time evenly, in no order.
        let moment = LIFE_MAX.mul_f64(f64::from(round) * 0.618_033_988_749_895 % 1.0);
        // Each change takes the checks before it along, so every other life has only one.
        seen.life(&mut stage.drainboard, moment, round % 2 == 0)?;
        if round % 50 == 0 {
            eprintln!("» killed {round} times; {}", seen.told());
        }
    }
    report.row("killed", "1,000 times", &format!("{rounds} times, {} changes acknowledged", seen.acknowledged));
    report.row("damaged (a copy of the file, read from end to end)", "0", &seen.damaged.to_string());
    report.row("acknowledged changes that were not there after the start", "0", &seen.lost_changes.to_string());
    report.row("acknowledged changes that were not in the events", "0", &seen.lost_events.to_string());
    seen.gaps.sort_unstable_by(f64::total_cmp);
    let gap = |share| percentile(&seen.gaps, share).unwrap_or(f64::NAN);
    let said = format!("p50 {:.0}, p99 {:.0}, at most {:.0} ms", gap(0.5), gap(0.99), gap(1.0));
    report.row("from the last that was stored to the kill", "≤ 1,000 ms", &said);
    stage.strike()?;
    report.print()
}

/// What was seen so far.
#[derive(Default)]
struct Seen {
    acknowledged: u64,
    damaged: u32,
    lost_changes: u32,
    lost_events: u64,
    gaps: Vec<f64>,
}

impl Seen {
    /// Changes things until it is killed, or once, and starts it again.
    fn life(&mut self, drainboard: &mut Drainboard, moment: Duration, is_quiet: bool) -> Result<()> {
        let (address, before) = (drainboard.address(), self.acknowledged);
        let process = drainboard.processes().first().copied().context("Drainboard does not run")?;
        let (acknowledged, killed_at) = std::thread::scope(|scope| {
            let killer = scope.spawn(|| {
                pause(moment);
                process.signal("KILL").and_then(|()| since_1970())
            });
            let mut acknowledged = before;
            while patch(address, NOTES, &json!({"description": (acknowledged + 1).to_string()}).to_string()).is_ok() {
                acknowledged += 1;
                if is_quiet {
                    break;
                }
            }
            (acknowledged, killer.join())
        });
        let Ok(killed_at) = killed_at else { bail!("the killer broke down") };
        let killed_at = killed_at?.as_secs_f64();
        drainboard.forget();
        self.damaged += u32::from(!is_sound(drainboard)?);

        drainboard.run()?;
        let group: Value = serde_json::from_str(&get(address, NOTES)?)?;
        let kept = number(&group["description"]).context("the group has no number")?;
        // One that was under way may have been stored and not acknowledged.
        self.lost_changes += u32::from(!(acknowledged..=acknowledged + 1).contains(&kept));
        let told = told_since(address, before)?;
        self.lost_events += (before + 1..=acknowledged).filter(|change| !told.contains(change)).count() as u64;
        self.acknowledged = kept.max(acknowledged);
        let newest: Value = serde_json::from_str(&get(address, "/api/v1/events?limit=1000")?)?;
        let started = newest["items"].as_array().and_then(|events| events.iter().find(|it| it["kind"] == "started"));
        let from = started.and_then(|it| it["gap"]["from"].as_str()).context("a start without a gap")?;
        let from = humantime::parse_rfc3339(from)?.duration_since(UNIX_EPOCH)?.as_secs_f64();
        self.gaps.push((killed_at - from).max(0.0) * 1000.0);
        Ok(())
    }

    fn told(&self) -> String {
        let (damaged, changes, events) = (self.damaged, self.lost_changes, self.lost_events);
        format!("damaged {damaged}, changes lost {changes}, events lost {events}")
    }
}

/// The changes that the events tell, back to this one at least where it is there.
fn told_since(address: SocketAddr, before: u64) -> Result<HashSet<u64>> {
    let (mut told, mut cursor) = (HashSet::new(), String::new());
    loop {
        let page: Value = serde_json::from_str(&get(address, &format!("{EVENTS}{cursor}"))?)?;
        let events = page["items"].as_array().context("no events")?;
        told.extend(events.iter().filter_map(|event| number(&event["settings"]["description"])));
        match page["next_cursor"].as_str() {
            Some(next) if !told.contains(&before) => cursor = format!("&cursor={next}"),
            _ => return Ok(told),
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "what it keeps says times of day")]
fn since_1970() -> Result<Duration> {
    Ok(SystemTime::now().duration_since(UNIX_EPOCH)?)
}

fn number(text: &Value) -> Option<u64> {
    text.as_str()?.parse().ok()
}

/// Whether SQLite finds the file whole, in a copy of it as it was left.
fn is_sound(drainboard: &Drainboard) -> Result<bool> {
    let copy: PathBuf = drainboard.database().with_extension("copy");
    let status = drainboard.command().arg("backup").arg(&copy).arg("--database").arg(drainboard.database()).output()?;
    remove(&copy);
    Ok(status.status.success())
}

fn remove(file: &Path) {
    // It is not there where the copy failed.
    let _ = std::fs::remove_file(file);
}
