//! The log: lines that a person can read, or JSON.

use std::io::IsTerminal as _;

use anyhow::Context as _;
use tracing_subscriber::EnvFilter;

use crate::config::LogSettings;

/// Begins to log to standard error.
pub(crate) fn start(settings: &LogSettings) -> anyhow::Result<()> {
    let filter = EnvFilter::builder().parse(&settings.filter).with_context(|| {
        format!("--log {:?} is not a filter; try info, debug or engine=debug,warn", settings.filter)
    })?;
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        // Its complaint that the log cannot be written goes to the same full disk, and panics.
        .log_internal_errors(false);
    let started = match settings.json {
        true => log.json().flatten_event(true).try_init(),
        false => log.with_ansi(std::io::stderr().is_terminal()).with_target(false).try_init(),
    };
    started.map_err(|error| anyhow::anyhow!("the log cannot be started: {error}"))
}
