//! What was measured beside what is to be reached, as Markdown for docs/benchmarks.md.

use std::io::Write as _;

use anyhow::{Result, bail};

use super::run::{load_before, machine};
use crate::shell::output;
use crate::workspace::{Profile, Workspace};

/// Rows and notes so far.
pub(crate) struct Report {
    rows: Vec<[String; 3]>,
    notes: Vec<String>,
}

/// Builds a release, unless what is built is to be measured, and begins a report about it.
pub(crate) fn built(workspace: &Workspace, args: &[&str]) -> Result<Report> {
    match args {
        [] => crate::run::build_release(workspace)?,
        ["--built"] => {}
        _ => bail!("`{}` is not an option: there is only --built", args.join(" ")),
    }
    let program = workspace.server_binary(Profile::Release);
    let version = output(workspace.command(&program.to_string_lossy()).arg("--version")).unwrap_or_default();
    Ok(Report { rows: Vec::new(), notes: vec![machine(workspace), load_before(), version.trim().to_owned()] })
}

impl Report {
    pub(crate) fn row(&mut self, what: &str, bar: &str, reached: &str) {
        eprintln!("» {what}: {reached} ({bar})");
        self.rows.push([what, bar, reached].map(str::to_owned));
    }

    pub(crate) fn note(&mut self, note: &str) {
        self.notes.push(note.to_owned());
    }

    pub(crate) fn print(&self) -> Result<()> {
        let mut text = String::from("\n| what | bar | measured |\n|---|---|---|\n");
        for [what, bar, reached] in &self.rows {
            text.push_str(&format!("| {what} | {bar} | {reached} |\n"));
        }
        text.push_str(&format!("\n{}\n", self.notes.join("\n")));
        Ok(std::io::stdout().write_all(text.as_bytes())?)
    }
}

pub(crate) fn megabytes(bytes: u64) -> String {
    format!("{:.1} MB", bytes as f64 / 1e6)
}
