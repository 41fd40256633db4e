//! Accepting connections: with a limit of their number, and of the patience with slow ones.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower_service::Service as _;

use super::limits::{BUFFER_MAX, HEAD_MAX, HEAD_READ_MAX};
use super::refusals::Refusals;

/// The address that a request came from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Peer(pub(super) IpAddr);

/// What a connection over the limit is told.
const BUSY: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nConnection: close\r\n\
    Content-Type: text/plain; charset=utf-8\r\nContent-Length: 52\r\n\r\nToo many connections are open. Try again in a while.";

/// After an error such as "too many open files" a new try at once would only burn time.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// All open connections and the task that accepts new ones.
#[derive(Debug)]
pub(crate) struct Connections {
    tasks: TaskTracker,
}

impl Connections {
    /// Accepts at most `max` at a time until `stop`; then finishes the requests that are under way. `tasks` may have others that end with them.
    pub(crate) fn accept(
        listener: TcpListener,
        router: Router,
        max: usize,
        stop: CancellationToken,
        tasks: TaskTracker,
    ) -> Self {
        tasks.spawn(accept(listener, router, max, stop, tasks.clone()));
        tasks.close();
        Self { tasks }
    }

    /// Waits until nothing is accepted any more and every connection is closed.
    pub(crate) async fn closed(&self) {
        self.tasks.wait().await;
    }
}

async fn accept(listener: TcpListener, router: Router, max: usize, stop: CancellationToken, tasks: TaskTracker) {
    let places = Arc::new(Semaphore::new(max));
    let mut refusals = Refusals::default();
    loop {
        let accepted = tokio::select! {
            () = stop.cancelled() => return,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, peer)) => match Arc::clone(&places).try_acquire_owned() {
                Ok(place) => {
                    tasks.spawn(serve(stream, peer, router.clone(), stop.clone(), place));
                }
                Err(_) => turn_away(&stream, max),
            },
            Err(error) if is_the_clients(&error) => {}
            Err(error) => {
                if let Some(connections) = refusals.one_more(engine::Clock.instant()) {
                    tracing::error!(%error, connections, "connections cannot be accepted; trying again ten times a second");
                }
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

async fn serve(
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    stop: CancellationToken,
    place: OwnedSemaphorePermit,
) {
    // Events are small and must not wait for more.
    let _ = stream.set_nodelay(true);
    let address = Peer(peer.ip().to_canonical());
    // Not as a layer: that would make all routes anew for each connection.
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(address);
        router.clone().call(request)
    });
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEAD_READ_MAX);
    http.max_header_size(HEAD_MAX).max_buf_size(BUFFER_MAX);
    let mut connection = std::pin::pin!(http.serve_connection(TokioIo::new(stream), service));
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = stop.cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, %peer, "a connection ended badly");
    }
    drop(place);
}

fn turn_away(stream: &TcpStream, limit: usize) {
    // The answer fits any empty send buffer; a client that is gone already needs none.
    let _ = stream.try_write(BUSY);
    tracing::warn!(limit, "a connection was turned away, too many are open");
}

fn is_the_clients(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_answer_to_a_connection_too_many_is_whole() {
        let text = std::str::from_utf8(BUSY).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        assert!(head.ends_with(&format!("Content-Length: {}", body.len())), "{head}\n{}", body.len());
    }
}
