//! One checker with one load: warm up, look, wait, look again.

use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use super::arrivals::{Arrivals, Farm};
use super::farm::Manner;
use super::options::{Load, Options};
use super::pause::pause;
use super::peers::{Checker, Peer, Verdict};
use super::proc::{Memory, busy_time, cpu_time, memory};
use super::process::Process;
use super::schedule::{fit, percentile};
use crate::workspace::Workspace;

/// What was seen in the window, unless another time is named.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Figures {
    pub(crate) checks: u64,
    pub(crate) checks_per_second: f64,
    pub(crate) cpu_us_per_check: f64,
    pub(crate) memory: Memory,
    /// p50, p99 and p99.9 over all checks of all targets, in milliseconds.
    pub(crate) late_ms: [f64; 3],
    /// The median over all targets.
    pub(crate) drift_ppm: f64,
    /// From the start until every target was checked once; nothing if one was not.
    pub(crate) covered_after: Option<Duration>,
    pub(crate) verdict: Verdict,
    /// From before the start until after the stop; nothing for who keeps nothing.
    pub(crate) bytes_per_check: Option<f64>,
    /// So many processors were kept busy by programs that have nothing to do with this.
    pub(crate) others_cores: f64,
}

pub(crate) fn measure(workspace: &Workspace, checker: Checker, load: Load, options: &Options) -> Result<Figures> {
    let dir = workspace.target().join("bench");
    if dir.exists() {
        fs::remove_dir_all(&dir)?;
    }
    fs::create_dir_all(&dir)?;
    let mut farm = Farm::start(load, Manner::Steady, &dir)?;
    let mut peer = checker.prepare(workspace, load, &dir)?;
    let disk_before = peer.disk()?;
    let mut stress = options.stress.then(|| disturb(workspace, &dir)).transpose()?;
    farm.mark()?;
    peer.start()?;
    pause(load.warm_up());
    let before = peer.verdict()?;
    let spent_before = Spent::until_now(peer.as_ref(), &farm)?;
    farm.mark()?;
    pause(options.window);
    farm.mark()?;
    let spent = Spent::until_now(peer.as_ref(), &farm)?.since(spent_before);
    let memory = memory_of(peer.as_ref())?;
    let after = peer.verdict()?;
    peer.stop()?;
    stress.as_mut().map_or(Ok(()), Process::stop)?;
    let disk = peer.disk()?.zip(disk_before).map(|(after, before)| after.saturating_sub(before));
    let verdict = Verdict { failed: after.failed.saturating_sub(before.failed), down: after.down };
    let others_cores = spent.others.as_secs_f64() / options.window.as_secs_f64();
    let figures = Figures { memory, verdict, others_cores, ..Figures::default() };
    figures.with(&farm.end()?, load, spent.checker, disk)
}

impl Figures {
    /// Adds what the arrivals tell. The marks are the start, and the window's two ends.
    fn with(mut self, arrivals: &Arrivals, load: Load, cpu: Duration, disk: Option<u64>) -> Result<Figures> {
        let [start, from, to] = arrivals.marks[..] else { bail!("the farm saw other marks than were made") };
        let interval = u64::try_from(load.interval.as_micros())?;
        let since_start = arrivals.targets.iter().map(|target| target.iter().filter(|at| **at >= start));
        let all: usize = since_start.clone().map(Iterator::count).sum();
        let first = since_start.map(|mut target| target.next()).collect::<Option<Vec<_>>>();
        self.covered_after =
            first.and_then(|first| first.into_iter().max()).map(|last| Duration::from_micros(last - start));

        let mut late = Vec::new();
        let mut drift = Vec::new();
        for target in &arrivals.targets {
            let inside: Vec<u64> = target.iter().copied().filter(|at| (from..to).contains(at)).collect();
            let fit = fit(&inside, interval);
            late.extend(fit.lateness);
            drift.extend(fit.drift_ppm);
        }
        late.sort_unstable();
        drift.sort_unstable_by(f64::total_cmp);
        self.late_ms = [0.5, 0.99, 0.999].map(|share| percentile(&late, share).unwrap_or(0) as f64 / 1000.0);
        self.drift_ppm = percentile(&drift, 0.5).unwrap_or(0.0);
        self.checks = u64::try_from(late.len())?;
        self.checks_per_second = self.checks as f64 / Duration::from_micros(to - from).as_secs_f64();
        self.cpu_us_per_check = cpu.as_secs_f64() * 1e6 / self.checks as f64;
        self.bytes_per_check = disk.map(|bytes| bytes as f64 / all as f64);
        Ok(self)
    }
}

fn disturb(workspace: &Workspace, dir: &Path) -> Result<Process> {
    Process::start(workspace.command("stress-ng").args(["--cpu", "8"]), &dir.join("stress-ng.log"))
}

/// Time on the processors.
#[derive(Clone, Copy)]
struct Spent {
    checker: Duration,
    others: Duration,
}

impl Spent {
    fn until_now(peer: &dyn Peer, farm: &Farm) -> Result<Spent> {
        let of_checker = peer.processes().iter().map(|process| cpu_time(process.id())).sum::<Result<Duration>>();
        let checker = of_checker.context("a checker is gone")?;
        let ours = checker + cpu_time(farm.id())? + cpu_time(std::process::id())?;
        Ok(Spent { checker, others: busy_time()?.saturating_sub(ours) })
    }

    fn since(self, before: Spent) -> Spent {
        let (checker, others) = (self.checker - before.checker, self.others.saturating_sub(before.others));
        Spent { checker, others }
    }
}

fn memory_of(peer: &dyn Peer) -> Result<Memory> {
    let mut sum = Memory::default();
    for process in peer.processes() {
        let memory = memory(process.id())?;
        sum = Memory { now: sum.now + memory.now, peak: sum.peak + memory.peak };
    }
    Ok(sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(times: &[f64]) -> Vec<u64> {
        times.iter().map(|time| (time * 1e6) as u64).collect()
    }

    #[test]
    fn what_came_before_the_start_or_outside_the_window_does_not_count_there() {
        let targets = vec![seconds(&[0.5, 1.5, 2.5, 3.5, 4.5, 5.5]), seconds(&[2.0, 3.0, 4.001, 5.0, 6.0])];
        let arrivals = Arrivals { targets, marks: seconds(&[1.0, 2.2, 5.2]) };
        let (cpu, load) = (Duration::from_micros(600), Load::from((2, 1)));
        let figures = Figures::default().with(&arrivals, load, cpu, Some(1000)).unwrap();
        assert_eq!((figures.checks, figures.checks_per_second, figures.cpu_us_per_check), (6, 2.0, 100.0));
        assert_eq!(figures.covered_after, Some(Duration::from_secs(1)));
        assert_eq!((figures.late_ms, figures.drift_ppm), ([0.0, 1.0, 1.0], 0.0));
        assert_eq!(figures.bytes_per_check, Some(100.0));
    }

    #[test]
    fn a_target_that_was_never_checked_is_said() {
        let arrivals = Arrivals { targets: vec![seconds(&[2.0]), Vec::new()], marks: seconds(&[1.0, 1.5, 3.0]) };
        let figures = Figures::default().with(&arrivals, Load::from((2, 1)), Duration::ZERO, None).unwrap();
        assert_eq!((figures.covered_after, figures.bytes_per_check), (None, None));
    }
}
