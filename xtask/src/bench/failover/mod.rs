//! `cargo xtask bench failover`: how soon a fault is found and what it costs, measured on real processes.

mod backend;
mod board;
mod clients;
mod figures;
mod haproxy;
mod hung;
mod killed;
mod options;
mod stopped;

use std::fs;
use std::io::Write as _;
use std::path::Path;

use anyhow::{Context as _, Result};

pub(crate) use backend::serve as backend;
use options::Options;

use super::run::machine;
use crate::shell::{run as run_to_end, say};
use crate::workspace::{Profile, Workspace};
use crate::{packages, run};

/// Where one scene plays: the program that is measured, and a directory that is empty before.
struct Place<'a> {
    program: &'a Path,
    dir: &'a Path,
}

pub(crate) fn failover(workspace: &Workspace, args: &[&str]) -> Result<()> {
    let options = Options::parse(args)?;
    packages::for_the_benchmark(workspace).context("the failover benchmark needs HAProxy")?;
    let profile = if options.debug { Profile::Dev } else { Profile::Release };
    match profile {
        Profile::Dev => run_to_end(&mut workspace.cargo(profile, &["build", "--package", "drainboard"]))?,
        Profile::Release => run::build_release(workspace)?,
    }
    let mut report = vec![machine(workspace)];
    report.push(format!("Drainboard's build: {}", if options.debug { "for development" } else { "release" }));
    let program = workspace.server_binary(profile);
    type Scene = fn(&Place<'_>, &Options) -> Result<Vec<String>>;
    let scenes: [(&str, Scene); 3] =
        [("killed", killed::measure), ("stopped", stopped::measure), ("hung", hung::measure)];
    for (name, scene) in scenes {
        say(&format!("failover: {name}"));
        let dir = workspace.target().join("bench").join(name);
        if dir.exists() {
            fs::remove_dir_all(&dir)?;
        }
        fs::create_dir_all(&dir)?;
        report.extend(scene(&Place { program: &program, dir: &dir }, &options)?);
    }
    std::io::stdout().write_all(format!("\n{}\n", report.join("\n")).as_bytes())?;
    Ok(())
}
