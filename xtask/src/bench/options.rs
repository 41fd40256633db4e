//! What is to be measured.

use std::fmt;
use std::net::Ipv4Addr;
use std::str::FromStr;
use std::time::Duration;

use anyhow::{Context, Result, bail};

const USAGE: &str = "cargo xtask bench [--size 1000x1s]… [--seconds 60] [--stress]";

/// As many targets as Drainboard takes.
const TARGETS_MAX: u32 = 20_000;

/// What the command line says.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Options {
    pub(crate) loads: Vec<Load>,
    /// How long is measured, after the warm-up.
    pub(crate) window: Duration,
    /// Whether `stress-ng` takes the processors meanwhile.
    pub(crate) stress: bool,
}

impl Options {
    pub(crate) fn parse(args: &[&str]) -> Result<Options> {
        let mut options = Options { loads: Vec::new(), window: Duration::from_secs(60), stress: false };
        let mut args = args.iter();
        while let Some(arg) = args.next() {
            let mut value = || args.next().with_context(|| format!("{arg} needs a value: {USAGE}"));
            match *arg {
                "--size" => options.loads.push(value()?.parse()?),
                "--seconds" => options.window = Duration::from_secs(seconds(value()?)?),
                "--stress" => options.stress = true,
                _ => bail!("`{arg}` is not an option: {USAGE}"),
            }
        }
        if options.loads.is_empty() {
            options.loads = [(1000, 1), (1000, 10), (5000, 10), (10_000, 10)].map(Load::from).to_vec();
        }
        Ok(options)
    }
}

/// So many targets, each checked once in an interval.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Load {
    pub(crate) targets: u32,
    pub(crate) interval: Duration,
}

impl Load {
    /// How long a check may take: the same for all checkers.
    pub(crate) fn timeout(self) -> Duration {
        if self.interval < Duration::from_secs(2) { Duration::from_millis(500) } else { Duration::from_secs(2) }
    }

    /// After this time every checker has spread its checks and found its pace.
    pub(crate) fn warm_up(self) -> Duration {
        (self.interval * 2).max(Duration::from_secs(10))
    }

    /// Where the targets are. With an address each, no checker runs out of local ports.
    pub(crate) fn addresses(self) -> impl Iterator<Item = Ipv4Addr> {
        (0..self.targets).map(|index| {
            let [_, _, high, low] = (index / 250 * 256 + index % 250 + 1).to_be_bytes();
            Ipv4Addr::new(127, 42, high, low)
        })
    }
}

impl From<(u32, u64)> for Load {
    fn from((targets, seconds): (u32, u64)) -> Self {
        Self { targets, interval: Duration::from_secs(seconds) }
    }
}

impl FromStr for Load {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> Result<Load> {
        let parts = text.split_once('x').and_then(|(targets, interval)| Some((targets, interval.strip_suffix('s')?)));
        let (targets, interval) = parts.with_context(|| format!("`{text}` is not a size such as 1000x1s"))?;
        let targets = targets.parse().ok().filter(|targets| (1..=TARGETS_MAX).contains(targets));
        let targets = targets.with_context(|| format!("`{text}`: 1 to {TARGETS_MAX} targets can be measured"))?;
        Ok(Load::from((targets, seconds(interval)?)))
    }
}

impl fmt::Display for Load {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} × {} s", self.targets, self.interval.as_secs())
    }
}

fn seconds(text: &str) -> Result<u64> {
    let seconds = text.parse().ok().filter(|seconds| (1..=3600).contains(seconds));
    seconds.with_context(|| format!("`{text}` is not a number of seconds from 1 to 3600"))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn all_sizes_are_measured_unless_one_is_named() {
        assert_eq!(Options::parse(&[]).unwrap().loads.len(), 4);
        let options = Options::parse(&["--size", "200x1s", "--seconds", "5", "--stress"]).unwrap();
        let window = Duration::from_secs(5);
        assert_eq!(options, Options { loads: vec![Load::from((200, 1))], window, stress: true });
    }

    #[test]
    fn what_cannot_be_measured_is_refused() {
        for args in [&["--size", "1000"][..], &["--size", "0x1s"], &["--size", "20001x1s"], &["--seconds"], &["-v"]] {
            assert!(Options::parse(args).is_err(), "{args:?}");
        }
    }

    #[test]
    fn every_target_has_an_address_of_its_own() {
        let addresses: HashSet<_> = Load::from((20_000, 1)).addresses().collect();
        assert_eq!(addresses.len(), 20_000);
        assert!(addresses.iter().all(Ipv4Addr::is_loopback));
        assert_eq!(Load::from((1, 1)).addresses().next(), Some(Ipv4Addr::new(127, 42, 0, 1)));
    }
}
