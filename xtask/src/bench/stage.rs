//! Drainboard with a farm behind it, and nobody before it yet.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use super::arrivals::{Arrivals, Farm};
use super::farm::Manner;
use super::options::Load;
use super::peers::Peer as _;
use super::peers::drainboard::{Drainboard, Filling};
use super::proc::{Memory, memory};
use crate::workspace::Workspace;

/// A stage with its players. The farm has one mark: the start of Drainboard with all its targets.
pub(crate) struct Stage {
    pub(crate) farm: Farm,
    pub(crate) drainboard: Drainboard,
}

impl Stage {
    /// Sets all of it up, and begins to check.
    pub(crate) fn set(workspace: &Workspace, load: Load, filling: Filling, manner: Manner) -> Result<Stage> {
        let dir = empty(&workspace.target().join("bench"))?;
        let mut farm = Farm::start(load, manner, &dir)?;
        let mut drainboard = Drainboard::prepare(workspace, load, filling, &dir)?;
        farm.mark()?;
        drainboard.run()?;
        Ok(Stage { farm, drainboard })
    }

    /// Resident memory of Drainboard.
    pub(crate) fn memory(&self) -> Result<Memory> {
        let process = self.drainboard.processes().first().map(|process| process.id());
        memory(process.context("Drainboard does not run")?)
    }

    /// Ends it all, and tells who was checked when.
    pub(crate) fn strike(mut self) -> Result<Arrivals> {
        self.drainboard.stop()?;
        self.farm.end()
    }
}

impl Arrivals {
    /// From the start of Drainboard until its first check, in microseconds.
    pub(crate) fn first_check(&self) -> Result<u64> {
        let [start] = self.marks[..] else { bail!("the farm saw other marks than were made") };
        let first = self.targets.iter().flatten().filter(|at| **at >= start).min();
        first.map(|at| at - start).context("nothing was checked")
    }
}

fn empty(dir: &Path) -> Result<PathBuf> {
    if dir.exists() {
        fs::remove_dir_all(dir)?;
    }
    fs::create_dir_all(dir)?;
    Ok(dir.to_owned())
}
