//! `drainboard`: one program that checks targets, keeps what it saw, and serves the board.

mod cli;
mod config;
mod http;
mod lifecycle;
mod serve;
mod telemetry;

use std::process::ExitCode;

use clap::Parser as _;

/// Fewer workers than this would let one busy task hold up the checks.
const WORKERS_MIN: usize = 2;

fn main() -> ExitCode {
    let settings = cli::Cli::parse().into_settings();
    match run(settings) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("drainboard: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(settings: config::Settings) -> anyhow::Result<ExitCode> {
    telemetry::start(&settings.log)?;
    let crowd = http::Crowd::for_files(raise_file_limit()?);
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(cores.max(WORKERS_MIN)).enable_all().build()?;
    let ended = runtime.block_on(serve::serve(settings, crowd));
    // What is still open has had its time.
    runtime.shutdown_background();
    ended
}

/// Each check and each browser needs a file descriptor, and the usual soft limit is small for historical reasons only.
/// Says how many there are.
fn raise_file_limit() -> std::io::Result<u64> {
    if let Err(error) = rlimit::increase_nofile_limit(u64::MAX) {
        tracing::warn!(%error, "the limit of open files stays as it is");
    }
    let (files, _) = rlimit::Resource::NOFILE.get()?;
    tracing::debug!(files, "limit of open files");
    Ok(files)
}
