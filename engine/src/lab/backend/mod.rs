//! A server of the lab: a small program that answers with its number, in a process of its own.
//!
//! Signals change how it answers: SIGUSR1 with 503, SIGUSR2 late, SIGHUP well again, SIGTERM ends it. What it does it
//! writes into the lab's directory, so that the lab knows it whoever sent the signal, and whoever started it. It ends
//! when the lab is removed.

mod answer;
mod signals;

use std::io;
use std::net::Ipv4Addr;
use std::path::Path;
use std::time::Duration;

use domain::LabManners;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval, timeout};

use super::place::{Note, Place};
use answer::answer;
use signals::Signals;

/// So often it looks whether the lab is still there.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Answers that are under way at SIGTERM may take so long.
const FINISH_WITHIN: Duration = Duration::from_millis(500);

/// A connection that asks nothing is closed.
const REQUEST_WITHIN: Duration = Duration::from_secs(10);

/// So many connections may be open at once; more wait.
const CONNECTIONS_MAX: usize = 1000;

/// A connection that could not be accepted for want of file descriptors is tried again after so long.
const ACCEPT_AGAIN_AFTER: Duration = Duration::from_millis(50);

/// Why a server of the lab does not run.
#[derive(Debug, thiserror::Error)]
pub enum BackendError {
    /// There is no lab in the directory.
    #[error("no lab is in this directory; the lab's page says the whole command")]
    NoLab,
    /// The lab has no server of this number.
    #[error("the lab has no server {0}")]
    NoSuchServer(u8),
    /// The port cannot be listened on.
    #[error("port {0} cannot be listened on: {1}")]
    Port(u16, io::Error),
    /// Something else the system refused.
    #[error("the system refused it: {0}")]
    System(#[from] io::Error),
}

/// Serves as the server of this number until SIGTERM, or until the lab is removed.
pub async fn run(number: u8, directory: &Path) -> Result<(), BackendError> {
    let place = Place::at(directory);
    let manifest = place.manifest()?.ok_or(BackendError::NoLab)?;
    let port = number.checked_sub(1).and_then(|index| manifest.ports.get(usize::from(index)).copied());
    let port = port.ok_or(BackendError::NoSuchServer(number))?;
    let mut signals = Signals::listen()?;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await;
    let listener = listener.map_err(|error| BackendError::Port(port, error))?;
    let (manners, seen) = watch::channel(LabManners::Well);
    let note = || Note { pid: std::process::id(), manners: *seen.borrow() };
    place.write_note(number, &note())?;

    let mut connections = JoinSet::new();
    let mut looks = interval(LOOK_EVERY);
    looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            signal = signals.next() => match signal {
                Some(wanted) => {
                    manners.send_replace(wanted);
                    place.write_note(number, &note())?;
                }
                None => break,
            },
            _ = looks.tick() => if !place.has_manifest() { return Ok(()) },
            Some(_) = connections.join_next() => {}
            accepted = listener.accept(), if connections.len() < CONNECTIONS_MAX => match accepted {
                Ok((stream, _)) => drop(connections.spawn(serve(stream, number, seen.clone()))),
                Err(_) => tokio::time::sleep(ACCEPT_AGAIN_AFTER).await,
            },
        }
    }
    drop(listener);
    // Whoever has not got an answer by then gets none.
    let _ = timeout(FINISH_WITHIN, async { while connections.join_next().await.is_some() {} }).await;
    Ok(())
}

async fn serve(stream: TcpStream, number: u8, manners: watch::Receiver<LabManners>) {
    let service = service_fn(move |request| answer(request, number, manners.clone()));
    let connection = http1::Builder::new()
        .keep_alive(false)
        .timer(TokioTimer::new())
        .header_read_timeout(REQUEST_WITHIN)
        .serve_connection(TokioIo::new(stream), service);
    // A client that goes away is no event here.
    let _ = connection.await;
}
