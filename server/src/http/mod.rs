//! HTTP coming in.

mod api;
mod assets;
mod body;
mod caller;
mod connections;
mod guard;
mod health;
mod hosts;
mod limits;
mod live;
mod metrics;
mod pages;
mod problem;
mod query;
mod refusals;
mod router;
mod sse;
#[cfg(test)]
mod tests;

use std::net::SocketAddr;
use std::sync::Arc;

use engine::Engine;
use tokio_util::task::TaskTracker;

pub(crate) use connections::Connections;
pub(crate) use limits::Crowd;
pub(crate) use router::router;

use hosts::AllowedHosts;
use live::Presses;
use sse::Streams;

/// What every request can reach.
#[derive(Clone, Debug)]
pub(crate) struct Site {
    engine: Engine,
    hosts: Arc<AllowedHosts>,
    streams: Streams,
    presses: Presses,
}

impl Site {
    /// A site that answers on `address` and to these further names. What goes on beside the requests is among `tasks`.
    pub(crate) fn new(
        engine: Engine,
        address: SocketAddr,
        allowed_hosts: &[String],
        crowd: Crowd,
        tasks: TaskTracker,
    ) -> Self {
        let hosts = Arc::new(AllowedHosts::new(address, allowed_hosts));
        Self { engine, hosts, streams: Streams::new(crowd.streams), presses: Presses::new(tasks) }
    }
}
