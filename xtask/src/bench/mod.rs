//! `cargo xtask bench`: what a check costs, beside the peers in the same run. docs/benchmarks.md says how.

#[cfg(feature = "bench")]
mod arrivals;
#[cfg(feature = "bench")]
mod crash;
#[cfg(feature = "bench")]
mod failover;
#[cfg(feature = "bench")]
mod farm;
#[cfg(feature = "bench")]
mod http;
#[cfg(feature = "bench")]
mod measure;
#[cfg(feature = "bench")]
mod options;
#[cfg(feature = "bench")]
mod page;
#[cfg(feature = "bench")]
mod pause;
#[cfg(feature = "bench")]
mod peers;
#[cfg(feature = "bench")]
mod proc;
#[cfg(feature = "bench")]
mod process;
#[cfg(feature = "bench")]
mod readers;
#[cfg(feature = "bench")]
mod report;
#[cfg(feature = "bench")]
mod run;
#[cfg(feature = "bench")]
mod schedule;
#[cfg(feature = "bench")]
mod stage;
#[cfg(feature = "bench")]
mod stream;
#[cfg(feature = "bench")]
mod table;

use anyhow::Result;

#[cfg(feature = "bench")]
pub(crate) use self::{failover::backend, farm::farm};

/// The benchmark that the first word names; without one, what a check costs.
#[cfg(feature = "bench")]
pub(crate) fn bench(workspace: &Workspace, args: &[&str]) -> Result<()> {
    match args {
        ["page", options @ ..] => page::bench(workspace, options),
        ["stream", options @ ..] => stream::bench(workspace, options),
        ["crash", options @ ..] => crash::bench(workspace, options),
        ["failover", options @ ..] => failover::failover(workspace, options),
        options => run::bench(workspace, options),
    }
}

use crate::shell::run as run_to_end;
use crate::workspace::{Profile, Workspace};

/// What history costs: a program of the engine's own, in a release build.
pub(crate) fn history(workspace: &Workspace, args: &[&str]) -> Result<()> {
    let place = workspace.target().join("bench-history");
    let cargo =
        ["run", "--quiet", "--locked", "--release", "--package", "drainboard-engine", "--example", "history", "--"];
    run_to_end(workspace.cargo(Profile::Release, &cargo).arg(place).args(args))
}

/// Only who measures compiles what measuring needs.
pub(crate) fn in_a_build_of_its_own(workspace: &Workspace, args: &[&str]) -> Result<()> {
    let cargo = ["run", "--quiet", "--locked", "--package", "xtask", "--features", "bench", "--", "bench-here"];
    run_to_end(workspace.cargo(Profile::Dev, &cargo).args(args))
}
