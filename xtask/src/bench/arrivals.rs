//! The farm seen from outside: start it, mark moments, end it, and read who was checked when.

use std::fs::{self, File};
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};

use anyhow::{Context, Result, bail};

use super::farm::Manner;
use super::options::Load;

/// A farm that runs. It ends by itself when we do.
pub(crate) struct Farm {
    process: Child,
    input: Option<ChildStdin>,
    stamps: PathBuf,
    targets: usize,
}

impl Farm {
    pub(crate) fn start(load: Load, manner: Manner, dir: &Path) -> Result<Farm> {
        let stamps = dir.join("stamps");
        // Not by the program's path: cargo may have put another build there meanwhile.
        let mut command = Command::new("/proc/self/exe");
        command.arg("farm").arg(load.targets.to_string()).arg(manner.as_str()).arg(&stamps);
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let log = dir.join("farm.log");
        command.stderr(File::create(&log)?);
        let mut process = command.spawn().context("cannot start the farm")?;
        let input = process.stdin.take();
        let mut ready = String::new();
        BufReader::new(process.stdout.take().context("no pipe to read from")?).read_line(&mut ready)?;
        if ready.is_empty() {
            bail!("the farm did not start: {}", fs::read_to_string(&log)?.trim());
        }
        Ok(Farm { process, input, stamps, targets: usize::try_from(load.targets)? })
    }

    pub(crate) fn id(&self) -> u32 {
        self.process.id()
    }

    /// Marks this moment among the arrivals.
    pub(crate) fn mark(&mut self) -> Result<()> {
        let input = self.input.as_mut().context("the farm has ended")?;
        input.write_all(b"!").context("the farm broke down")
    }

    pub(crate) fn end(mut self) -> Result<Arrivals> {
        self.input = None;
        let status = self.process.wait()?;
        if !status.success() {
            bail!("the farm broke down ({status})");
        }
        Arrivals::parse(&fs::read_to_string(&self.stamps)?, self.targets)
    }
}

impl Drop for Farm {
    fn drop(&mut self) {
        self.input = None;
        let _ = self.process.wait();
    }
}

/// When each target was checked, in microseconds on the farm's clock.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Arrivals {
    pub(crate) targets: Vec<Vec<u64>>,
    pub(crate) marks: Vec<u64>,
}

impl Arrivals {
    fn parse(text: &str, targets: usize) -> Result<Arrivals> {
        let mut arrivals = Arrivals { targets: vec![Vec::new(); targets], marks: Vec::new() };
        for line in text.lines() {
            let stamp = line.split_once(' ').and_then(|(index, at)| Some((index.parse().ok()?, at.parse().ok()?)));
            let (index, at): (usize, u64) = stamp.with_context(|| format!("`{line}` is not a stamp"))?;
            arrivals.targets.get_mut(index).unwrap_or(&mut arrivals.marks).push(at);
        }
        Ok(arrivals)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stamps_are_sorted_by_target_and_marks_apart() {
        let arrivals = Arrivals::parse("2 5\n0 7\n1 9\n0 11\n", 2).unwrap();
        assert_eq!(arrivals, Arrivals { targets: vec![vec![7, 11], vec![9]], marks: vec![5] });
    }
}
