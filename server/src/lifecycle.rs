//! When the program is to end, and the order in which it does.

use std::io;
use std::process::ExitCode;
use std::time::Duration;

use engine::Engine;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use crate::http::Connections;

/// Requests that are open when the stop begins have so long to finish.
const REQUESTS_MAX: Duration = Duration::from_secs(1);

/// The engine has so long to empty its recorder and to close the store.
const ENGINE_MAX: Duration = Duration::from_millis(800);

/// A lab has so long to be removed; what is left then is removed at the next start.
const LAB_MAX: Duration = Duration::from_millis(1500);

/// The signals that ask the program to end.
pub(crate) struct Signals {
    interrupt: Signal,
    terminate: Signal,
    _file_too_large: Signal,
}

impl Signals {
    /// Begins to listen for them.
    pub(crate) fn listen() -> io::Result<Self> {
        /// `SIGXFSZ`: a limit of file sizes (`ulimit -f`) must look like a full disk, not end the program.
        const FILE_TOO_LARGE: i32 = 25;
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
            _file_too_large: signal(SignalKind::from_raw(FILE_TOO_LARGE))?,
        })
    }

    /// Waits for the next one and names it.
    pub(crate) async fn next(&mut self) -> &'static str {
        tokio::select! {
            _ = self.interrupt.recv() => "SIGINT",
            _ = self.terminate.recv() => "SIGTERM",
        }
    }
}

/// Stops everything in order: the streams, the listener and its requests, the lab, the checks, the recorder, the store.
pub(crate) async fn stop(engine: &Engine, accepting: &CancellationToken, connections: &Connections) -> ExitCode {
    engine.end_streams();
    accepting.cancel();
    if timeout(REQUESTS_MAX, connections.closed()).await.is_err() {
        tracing::warn!("some requests were still open after {} ms and are cut off", REQUESTS_MAX.as_millis());
    }
    if timeout(LAB_MAX, engine.lab().close()).await.is_err() {
        tracing::warn!("the lab could not be removed in time; the next start does the rest");
    }
    match timeout(ENGINE_MAX, engine.stop()).await {
        Ok(()) => {
            tracing::info!("stopped, the data file is closed");
            ExitCode::SUCCESS
        }
        Err(_) => {
            tracing::error!("the data file could not be closed in time; the last results may be missing from it");
            ExitCode::FAILURE
        }
    }
}
