//! The programs that are compared. Each knows how it is set up, started, asked and stopped; none is told that it is
//! measured.

pub(crate) mod drainboard;
mod haproxy;
mod prometheus;

use std::fmt;
use std::fs;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::Path;

use anyhow::Result;

use super::options::Load;
use super::process::Process;
use crate::shell::output;
use crate::workspace::{Profile, Workspace};

/// Where HAProxy is.
pub(super) const HAPROXY: &str = haproxy::PROGRAM;

/// After so many failed or passed checks in a row a target is down, or up again, for who counts.
const FALL: u8 = 3;
const RISE: u8 = 2;

/// A checker and all it needs for a load, set up and not yet checking.
pub(crate) trait Peer {
    /// Starts to check.
    fn start(&mut self) -> Result<()>;

    /// What runs now.
    fn processes(&self) -> Vec<&Process>;

    /// What it thinks of its targets, all of which are well.
    fn verdict(&self) -> Result<Verdict>;

    /// Stops, and writes what is not written yet.
    fn stop(&mut self) -> Result<()>;

    /// Bytes in its files; nothing for one that keeps none.
    fn disk(&self) -> Result<Option<u64>>;
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Verdict {
    /// Checks since the start that did not pass.
    pub(crate) failed: u64,
    /// Targets that are down now.
    pub(crate) down: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Checker {
    Drainboard,
    Haproxy,
    Prometheus,
}

impl Checker {
    pub(crate) const ALL: [Checker; 3] = [Checker::Drainboard, Checker::Haproxy, Checker::Prometheus];

    pub(crate) fn prepare(self, workspace: &Workspace, load: Load, dir: &Path) -> Result<Box<dyn Peer>> {
        Ok(match self {
            Checker::Drainboard => {
                Box::new(drainboard::Drainboard::prepare(workspace, load, drainboard::Filling::COMPARED, dir)?)
            }
            Checker::Haproxy => Box::new(haproxy::Haproxy::prepare(load, dir)?),
            Checker::Prometheus => Box::new(prometheus::Prometheus::prepare(load, dir)?),
        })
    }

    /// What the program calls itself; nothing if it is not there.
    pub(crate) fn version(self, workspace: &Workspace) -> Option<String> {
        let ours = workspace.server_binary(Profile::Release);
        let mut command = match self {
            Checker::Drainboard => workspace.command(&ours.to_string_lossy()),
            Checker::Haproxy => workspace.command(haproxy::PROGRAM),
            Checker::Prometheus => {
                output(workspace.command(prometheus::EXPORTER).arg("--version"))?;
                workspace.command(prometheus::PROGRAM)
            }
        };
        let said = output(command.arg(if self == Checker::Haproxy { "-v" } else { "--version" }))?;
        said.lines().next().map(str::to_owned)
    }
}

impl fmt::Display for Checker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Checker::Drainboard => "Drainboard",
            Checker::Haproxy => "HAProxy",
            Checker::Prometheus => "Prometheus + blackbox",
        })
    }
}

/// An address on which nobody listens.
pub(super) fn free_address() -> Result<SocketAddr> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?)
}

/// Bytes in all files below a directory.
fn bytes_below(dir: &Path) -> Result<u64> {
    let mut bytes = 0;
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        let metadata = entry.metadata()?;
        bytes += if metadata.is_dir() { bytes_below(&entry.path())? } else { metadata.len() };
    }
    Ok(bytes)
}
