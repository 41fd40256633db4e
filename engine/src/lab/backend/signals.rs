//! The signals that a server of the lab understands.

use std::io;

use domain::LabManners;
use tokio::signal::unix::{Signal, SignalKind, signal};

/// The signals that it understands.
pub(super) struct Signals {
    well: Signal,
    with_503: Signal,
    slowly: Signal,
    end: Signal,
    interrupt: Signal,
}

impl Signals {
    /// Begins to listen for them.
    pub(super) fn listen() -> io::Result<Self> {
        Ok(Self {
            well: signal(SignalKind::hangup())?,
            with_503: signal(SignalKind::user_defined1())?,
            slowly: signal(SignalKind::user_defined2())?,
            end: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    /// How to answer from now on; none to end.
    pub(super) async fn next(&mut self) -> Option<LabManners> {
        tokio::select! {
            _ = self.end.recv() => None,
            _ = self.interrupt.recv() => None,
            _ = self.well.recv() => Some(LabManners::Well),
            _ = self.with_503.recv() => Some(LabManners::With503),
            _ = self.slowly.recv() => Some(LabManners::Slowly),
        }
    }
}
