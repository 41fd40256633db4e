//! The whole benchmark: one checker after the other, size after size, so that they do not disturb each other.

use std::fs;
use std::io::Write as _;

use anyhow::Result;

use super::measure::{Figures, measure};
use super::options::{Load, Options};
use super::peers::Checker;
use super::table::Table;
use crate::shell::{output, say};
use crate::workspace::Workspace;
use crate::{packages, run};

pub(crate) fn bench(workspace: &Workspace, args: &[&str]) -> Result<()> {
    let options = Options::parse(args)?;
    if let Err(error) = packages::for_the_benchmark(workspace) {
        say(&format!("going on without what is missing: {error:#}"));
    }
    run::build_release(workspace)?;
    let (mut table, mut notes) = (Table::default(), about(workspace, &options));
    for checker in Checker::ALL {
        match checker.version(workspace) {
            None => notes.push(format!("{checker} is left out: it is not installed.")),
            Some(version) => notes.push(format!("{checker}: {version}")),
        }
    }
    for load in &options.loads {
        for checker in Checker::ALL.into_iter().filter(|checker| checker.version(workspace).is_some()) {
            say(&format!("{load}: {checker}"));
            match measure(workspace, checker, *load, &options) {
                Ok(figures) => {
                    notes.push(company(*load, checker, &figures));
                    table.add(*load, checker, figures);
                }
                Err(error) => notes.push(format!("{checker} is left out at {load}: {error:#}")),
            }
        }
    }
    std::io::stdout().write_all(format!("\n{table}\n{}\n", notes.join("\n")).as_bytes())?;
    Ok(())
}

/// Who is not alone on the machine measures the others, too.
fn company(load: Load, checker: Checker, figures: &Figures) -> String {
    format!("{load}, {checker}: other programs kept {:.2} processors busy", figures.others_cores)
}

/// The machine and the manner, without which the figures mean little.
fn about(workspace: &Workspace, options: &Options) -> Vec<String> {
    let stress = if options.stress { ", with stress-ng --cpu 8 beside it" } else { "" };
    vec![machine(workspace), format!("{} s measured{stress}; {}", options.window.as_secs(), load_before())]
}

/// The processors and the kernel.
pub(crate) fn machine(workspace: &Workspace) -> String {
    let processor = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = processor.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let kernel = output(workspace.command("uname").arg("-r")).unwrap_or_default();
    format!("{cores} × {}, Linux {}", model.map_or("unknown processor", |(_, model)| model), kernel.trim())
}

/// How busy the machine was.
pub(crate) fn load_before() -> String {
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    format!("load before it: {}", load.trim())
}
