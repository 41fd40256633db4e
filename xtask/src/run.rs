//! The dashboard, from sources to a running program or to a file to ship.

use std::os::unix::process::CommandExt;
use std::process::Command;

use anyhow::{Context, Result};

use crate::shell::{run as run_to_end, say};
use crate::workspace::{Profile, Workspace};
use crate::{packages, precompress, site, wasm};

/// Builds what has changed and becomes the dashboard: `serve`, or `lab`.
pub(crate) fn run(workspace: &Workspace, job: &str, flags: &[&str]) -> Result<()> {
    packages::for_the_lab(workspace);
    site::build(workspace, Profile::Dev)?;
    say("compiling the server");
    run_to_end(&mut workspace.cargo(Profile::Dev, &["build", "--package", "drainboard"]))?;
    say("starting the dashboard");
    let server = workspace.server_binary(Profile::Dev);
    // In the caller's directory, where the caller's relative paths mean what the caller means.
    let error = Command::new(&server).arg(job).args(flags).exec();
    Err(error).with_context(|| format!("cannot start {}", server.display()))
}

/// Builds the one file to ship.
pub(crate) fn build_release(workspace: &Workspace) -> Result<()> {
    build_site(workspace)?;
    say("compiling the server for release");
    run_to_end(&mut workspace.cargo(Profile::Release, &["build", "--locked", "--release", "--package", "drainboard"]))?;
    say(&format!("done: {}", workspace.server_binary(Profile::Release).display()));
    Ok(())
}

/// Builds the browser's files as they are shipped.
pub(crate) fn build_site(workspace: &Workspace) -> Result<()> {
    let is_new = site::build(workspace, Profile::Release)?;
    precompress::shrink(workspace, is_new)?;
    wasm::done(workspace)?;
    precompress::in_a_build_of_its_own(workspace)
}
