//! `cargo xtask bench page`: what a page costs, in real Chromium, before Drainboard with many targets.

use std::io::{BufRead as _, BufReader};
use std::process::Stdio;

use anyhow::{Context, Result};
use serde::Deserialize;

use super::farm::Manner;
use super::options::Load;
use super::pause::pause;
use super::peers::drainboard::Filling;
use super::proc::Memory;
use super::report::{Report, built, megabytes};
use super::schedule::percentile;
use super::stage::Stage;
use crate::packages;
use crate::workspace::{Profile, Workspace};

/// So long is an open page watched, in seconds.
const WATCHED_S: &str = "10";

/// A page before so many targets.
struct Scene {
    load: Load,
    filling: Filling,
    manner: Manner,
    path: &'static str,
    /// So many times slower is the browser's processor.
    throttle: &'static str,
}

/// What the browser tells: times in milliseconds since the navigation began, one of each visit.
#[derive(Debug, Deserialize)]
struct Seen {
    browser: String,
    html_ms: Vec<f64>,
    html_bytes: Vec<u64>,
    loaded_bytes: Vec<u64>,
    lcp_ms: Vec<f64>,
    live_ms: Vec<f64>,
    elements: u64,
    mutations: u64,
    long_ms: Vec<f64>,
}

/// What one scene showed.
struct Shown {
    seen: Seen,
    memory: Memory,
    first_check_us: u64,
}

pub(crate) fn bench(workspace: &Workspace, args: &[&str]) -> Result<()> {
    packages::for_the_browser(workspace)?;
    let mut report = built(workspace, args)?;
    let flipping = |group| Filling { group, fall: 1, rise: 1 };
    let overview = Scene {
        load: Load::from((1000, 1)),
        filling: Filling::COMPARED,
        manner: Manner::Steady,
        path: "/",
        throttle: "4",
    };
    let group = Scene {
        load: Load::from((2000, 10)),
        filling: flipping(2000),
        manner: Manner::Flipping,
        path: "/groups/farm-0",
        throttle: "1",
    };
    let many = Scene { load: Load::from((10_000, 10)), path: "/", throttle: "1", ..overview };
    let of_overview = play(workspace, &overview)?;
    report.note(&format!("Chromium {}, an empty cache, 1440 × 900", of_overview.seen.browser));
    let size = std::fs::metadata(workspace.server_binary(Profile::Release))?.len();
    report.row("the program, one file", "≤ 25 MB", &megabytes(size));
    let first = of_overview.first_check_us as f64 / 1000.0;
    report.row("start to the first check, 1,000 targets", "≤ 300 ms", &format!("{first:.0} ms"));
    tell_load(&mut report, "overview, 1,000 × 1 s, 4 × slower", &of_overview);
    tell_changes(&mut report, "overview, 1,000 checks/s, 4 × slower", &of_overview.seen);
    tell_memory(&mut report, "1,000 × 1 s", "≤ 40 MB", of_overview.memory);
    let of_group = play(workspace, &group)?;
    tell_load(&mut report, "group of 2,000", &of_group);
    tell_changes(&mut report, "group of 2,000, 200 changes/s", &of_group.seen);
    let of_many = play(workspace, &many)?;
    tell_load(&mut report, "overview, 10,000 × 10 s", &of_many);
    tell_memory(&mut report, "10,000 × 10 s", "≤ 100 MB", of_many.memory);
    report.print()
}

fn play(workspace: &Workspace, scene: &Scene) -> Result<Shown> {
    let stage = Stage::set(workspace, scene.load, scene.filling, scene.manner)?;
    pause(scene.load.warm_up());
    let url = format!("http://{}{}", stage.drainboard.address(), scene.path);
    let mut node = workspace.command("node");
    node.current_dir(workspace.root().join("end2end")).args(["bench/page.mjs", &url, scene.throttle, WATCHED_S]);
    let mut browser = node.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().context("cannot start node")?;
    let mut line = String::new();
    BufReader::new(browser.stdout.take().context("no pipe to read from")?).read_line(&mut line)?;
    let memory = stage.memory()?;
    drop(browser.stdin.take());
    browser.wait()?;
    let seen = serde_json::from_str(&line).with_context(|| format!("the browser told nothing of {url}"))?;
    let first_check_us = stage.strike()?.first_check()?;
    Ok(Shown { seen, memory, first_check_us })
}

fn tell_load(report: &mut Report, what: &str, shown: &Shown) {
    let Seen { html_ms, html_bytes, loaded_bytes, lcp_ms, live_ms, elements, .. } = &shown.seen;
    report.row(&format!("{what}: HTML"), "≤ 150 ms", &format!("{}, {}", spread(html_ms, "ms"), kilobytes(html_bytes)));
    report.row(&format!("{what}: first load"), "≤ 250 KB", &kilobytes(loaded_bytes));
    report.row(&format!("{what}: largest paint"), "≤ 800 ms", &spread(lcp_ms, "ms"));
    let live = format!("{} ({elements} elements)", spread(live_ms, "ms"));
    report.row(&format!("{what}: interactive and live"), "≤ 1,200 ms, group 1,000 ms", &live);
}

fn tell_changes(report: &mut Report, what: &str, seen: &Seen) {
    let worst = seen.long_ms.iter().copied().fold(0.0, f64::max);
    let told = format!("{} of {WATCHED_S} s, longest {worst:.0} ms; {} mutations", seen.long_ms.len(), seen.mutations);
    report.row(&format!("{what}: tasks over 50 ms"), "none", &told);
}

fn tell_memory(report: &mut Report, what: &str, bar: &str, memory: Memory) {
    let told = format!("{}, peak {}", megabytes(memory.now), megabytes(memory.peak));
    report.row(&format!("memory, {what}, one live browser"), bar, &told);
}

/// The median, and the worst.
fn spread(values: &[f64], unit: &str) -> String {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let of = |share| percentile(&sorted, share).unwrap_or(f64::NAN);
    format!("{:.0} {unit}, at most {:.0}", of(0.5), of(1.0))
}

fn kilobytes(values: &[u64]) -> String {
    format!("{:.0} KB", values.iter().copied().max().unwrap_or(0) as f64 / 1e3)
}
