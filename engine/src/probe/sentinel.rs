//! An idle connection that is held to a target, for the sake of its end.
//!
//! Nothing is sent over it. Of what a target says by itself (a greeting, a complaint about the silence) nothing is kept.

use std::time::Duration;

use domain::{Check, Failure, Host, NotOpened};
use socket2::{SockRef, TcpKeepalive};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::fault::Fault;
use super::run::Run;
use super::{Prober, close};

/// A silent connection is probed so often, so that a machine that is gone ends it, too, and no router forgets it.
const KEEPALIVE: Duration = Duration::from_secs(15);

/// A probe without an answer is sent again after so long.
const KEEPALIVE_AGAIN: Duration = Duration::from_secs(5);

/// So many probes without an answer end the connection.
const KEEPALIVE_TRIES: u32 = 3;

/// A target that says more than this by itself holds no idle connection. Bytes.
const TALK_MAX: usize = 64 * 1024;

/// A connection that is open and idle.
#[derive(Debug)]
pub(crate) struct Held {
    stream: TcpStream,
    heard: usize,
}

impl Prober {
    /// Opens a connection to hold, to where the check connects. Ends by the check's timeout.
    pub(crate) async fn hold(&self, check: &Check, host: &Host, port: u16) -> Result<Held, NotOpened> {
        let mut run = Run::begin(self.inner.clock, check.timeout_ms);
        let connected = timeout(run.timeout(), self.inner.connect(host, port, &mut run)).await;
        let stream = connected.unwrap_or(Err(Failure::Timeout { after_ms: check.timeout_ms }.into()))?;
        let keepalive = TcpKeepalive::new().with_time(KEEPALIVE).with_interval(KEEPALIVE_AGAIN);
        // Without it the end of a process is seen all the same.
        let _ = SockRef::from(&stream).set_tcp_keepalive(&keepalive.with_retries(KEEPALIVE_TRIES));
        Ok(Held { stream, heard: 0 })
    }
}

impl Held {
    /// Waits until the target ends the connection, in whatever way. Safe to drop and to call again.
    pub(crate) async fn ended(&mut self) {
        let mut heard = [0; 1024];
        while self.heard <= TALK_MAX && self.stream.readable().await.is_ok() {
            match self.stream.try_read(&mut heard) {
                Ok(0) => return,
                Ok(count) => self.heard += count,
                Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {}
                Err(_) => return,
            }
        }
    }

    /// Ends it from our side.
    pub(crate) fn let_go(self) {
        close::orderly(self.stream);
    }
}

impl From<Fault> for NotOpened {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Target(failure) => Self::Target(failure),
            Fault::Own(fault) => Self::Own(fault),
        }
    }
}
