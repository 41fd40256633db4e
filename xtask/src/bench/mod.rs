//! `cargo xtask bench`: what a check costs, beside the peers in the same run. docs/benchmarks.md says how.

#[cfg(feature = "bench")]
mod arrivals;
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
mod pause;
#[cfg(feature = "bench")]
mod peers;
#[cfg(feature = "bench")]
mod proc;
#[cfg(feature = "bench")]
mod process;
#[cfg(feature = "bench")]
mod run;
#[cfg(feature = "bench")]
mod schedule;
#[cfg(feature = "bench")]
mod table;

use anyhow::Result;

#[cfg(feature = "bench")]
pub(crate) use self::{failover::backend, failover::failover, farm::farm, run::bench};

use crate::shell::run as run_to_end;
use crate::workspace::{Profile, Workspace};

/// Only who measures compiles what measuring needs.
pub(crate) fn in_a_build_of_its_own(workspace: &Workspace, args: &[&str]) -> Result<()> {
    let cargo = ["run", "--quiet", "--locked", "--package", "xtask", "--features", "bench", "--", "bench-here"];
    run_to_end(workspace.cargo(Profile::Dev, &cargo).args(args))
}
