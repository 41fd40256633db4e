//! `drainboard`: one program that checks targets, keeps what it saw, and serves the board.

mod cli;
mod config;
mod config_file;
mod copies;
mod http;
mod lifecycle;
mod serve;
mod telemetry;

use std::path::Path;
use std::process::ExitCode;

use clap::Parser as _;

/// The C library's allocator keeps what threads freed for them alone: after some pages of ten thousand targets 157 MB
/// were in use, 84 with this one (docs/benchmarks.md).
#[global_allocator]
static MEMORY: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

/// Fewer workers than this would let one busy task hold up the checks.
const WORKERS_MIN: usize = 2;

fn main() -> ExitCode {
    let ended = match cli::Cli::parse().into_job() {
        cli::Job::Serve(settings) => run(*settings),
        cli::Job::Backup { database, file } => copies::backup(&database, &file),
        cli::Job::Restore { file, database } => copies::restore(&file, &database),
        cli::Job::LabBackend(number, directory) => lab_backend(number, &directory),
    };
    match ended {
        Ok(code) => code,
        Err(error) => {
            eprintln!("drainboard: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(mut settings: config::Settings) -> anyhow::Result<ExitCode> {
    telemetry::start(&settings.log)?;
    let files = raise_file_limit()?;
    if let Some(path) = &settings.config_file {
        settings.engine.starters = config_file::read(path)?;
    }
    settings.engine.sentinels_max = settings.sentinels.unwrap_or(usize::try_from(files).unwrap_or(usize::MAX) / 2);
    let crowd = http::Crowd::for_files(files);
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(cores.max(WORKERS_MIN)).enable_all().build()?;
    let ended = runtime.block_on(serve::serve(settings, crowd));
    // What is still open has had its time.
    runtime.shutdown_background();
    ended
}

/// A server of a lab is small: one thread does.
fn lab_backend(number: u8, directory: &Path) -> anyhow::Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(engine::run_backend(number, directory))?;
    Ok(ExitCode::SUCCESS)
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
