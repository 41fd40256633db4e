//! What the kernel says of a process: its time on the processors and its memory.

use std::fs;
use std::time::Duration;

use anyhow::{Context, Result};

/// The kernel counts in hundredths of a second, whatever its own clock is.
const TICK: Duration = Duration::from_millis(10);

/// In bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Memory {
    pub(crate) now: u64,
    pub(crate) peak: u64,
}

/// Time on the processors, in user and kernel mode, of a process and of the children it waited for.
pub(crate) fn cpu_time(process: u32) -> Result<Duration> {
    let stat = read(process, "stat")?;
    parse_stat(&stat).with_context(|| format!("/proc/{process}/stat is in no form that is known here"))
}

/// Resident memory of a process.
pub(crate) fn memory(process: u32) -> Result<Memory> {
    let status = read(process, "status")?;
    parse_status(&status).with_context(|| format!("/proc/{process}/status is in no form that is known here"))
}

/// Time that all programs together spent on the processors.
pub(crate) fn busy_time() -> Result<Duration> {
    let stat = fs::read_to_string("/proc/stat").context("cannot read /proc/stat")?;
    parse_busy(&stat).context("/proc/stat is in no form that is known here")
}

fn read(process: u32, file: &str) -> Result<String> {
    let path = format!("/proc/{process}/{file}");
    fs::read_to_string(&path).with_context(|| format!("cannot read {path}"))
}

/// See proc_pid_stat(5). The name, in parentheses, may hold spaces and parentheses.
fn parse_stat(text: &str) -> Option<Duration> {
    let (_, after_name) = text.rsplit_once(')')?;
    // utime, stime, cutime and cstime are fields 14 to 17; the first one after the name is the third.
    let times: Vec<&str> = after_name.split_whitespace().skip(11).take(4).collect();
    let ticks = times.iter().map(|ticks| ticks.parse::<u32>().ok()).sum::<Option<u32>>()?;
    (times.len() == 4).then_some(TICK * ticks)
}

/// The first line: user, nice and system; the kernel's interrupts belong to no program.
fn parse_busy(text: &str) -> Option<Duration> {
    let times = text.lines().next()?.strip_prefix("cpu ")?;
    let ticks = times.split_whitespace().take(3).map(|ticks| ticks.parse::<u32>().ok()).sum::<Option<u32>>()?;
    Some(TICK * ticks)
}

fn parse_status(text: &str) -> Option<Memory> {
    let bytes = |name: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
        Some(line.trim().strip_suffix(" kB")?.parse::<u64>().ok()? * 1024)
    };
    Some(Memory { now: bytes("VmRSS")?, peak: bytes("VmHWM")? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_times_count_and_a_name_does_not_mislead() {
        let stat = "42 (a) b (c) S 1 42 42 0 -1 4194560 1 2 3 4 120 30 5 1 20 0 3 0 100 1 2";
        assert_eq!(parse_stat(stat), Some(Duration::from_millis(1560)));
        assert_eq!(parse_stat("42 (a) S 1 42"), None);
    }

    #[test]
    fn what_is_idle_or_interrupts_is_not_busy() {
        let stat = "cpu  100 20 3 9999 8 7 6 5 0 0\ncpu0 50 10 2 5000 4 3 3 2 0 0\n";
        assert_eq!(parse_busy(stat), Some(Duration::from_millis(1230)));
    }

    #[test]
    fn memory_is_now_and_at_its_peak() {
        let status = "Name:\tx\nVmPeak:\t  9 kB\nVmHWM:\t   24 kB\nVmRSS:\t    8 kB\n";
        assert_eq!(parse_status(status), Some(Memory { now: 8 * 1024, peak: 24 * 1024 }));
        assert_eq!(parse_status("Name:\tzombie\n"), None);
    }

    #[test]
    fn this_process_can_be_read() {
        assert!(cpu_time(std::process::id()).unwrap() <= busy_time().unwrap());
        assert!(memory(std::process::id()).unwrap().now > 0);
    }
}
