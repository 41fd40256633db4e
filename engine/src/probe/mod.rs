//! The only sockets to targets: one new connection for each check, one deadline for all of it; and where it is wanted
//! one that is held for its end.
//!
//! A check never follows a redirect, never asks the environment for a proxy and never reads more than its limits. What
//! it saw is data: a target that fails is a [`domain::Failure`], and what is our own fault is a [`domain::OwnFault`].

mod close;
mod connect;
mod dns;
mod fault;
mod http;
mod run;
mod sentinel;
mod settings;
mod tls;

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;

use domain::{Check, Host, Observation, Protocol};
use tokio::net::TcpStream;
use tokio::time::timeout_at;

use crate::{Clock, StartError};
use dns::Names;
use fault::Fault;
use run::{Run, Stage};
pub(crate) use sentinel::Held;
pub use settings::{NameServers, ProberSettings, TrustedRoots};
use tls::Tls;

/// Makes checks. Cheap to clone; all clones share the cache of names and the TLS settings.
#[derive(Clone)]
pub struct Prober {
    inner: Arc<Inner>,
}

struct Inner {
    clock: Clock,
    names: Names,
    tls: Tls,
}

impl Prober {
    /// A prober with the system's name servers and trusted certificates.
    pub fn new(clock: Clock) -> Result<Self, StartError> {
        Self::with_settings(clock, ProberSettings::default())
    }

    /// A prober with name servers and trusted certificates of the caller's choice.
    pub fn with_settings(clock: Clock, settings: ProberSettings) -> Result<Self, StartError> {
        let names = Names::new(clock, settings.name_servers)?;
        let tls = Tls::new(settings.trusted_roots)?;
        Ok(Self { inner: Arc::new(Inner { clock, names, tls }) })
    }

    /// Checks a host on a port once. Ends by the check's timeout, whatever the target does.
    pub async fn check(&self, check: &Check, host: &Host, port: u16) -> Observation {
        let mut run = Run::begin(self.inner.clock, check.timeout_ms);
        // The answer is polled before the deadline: when we come late and the answer is there, the answer counts.
        let seen = timeout_at(run.deadline(), self.inner.look(check, host, port, &mut run)).await;
        run.observation(seen.ok())
    }
}

impl Inner {
    async fn look(&self, check: &Check, host: &Host, port: u16, run: &mut Run) -> Result<(), Fault> {
        let stream = self.connect(host, port, run).await?;
        match check.protocol {
            Protocol::Tcp => {
                close::orderly(stream);
                Ok(())
            }
            Protocol::Http => self.ask(stream, check, host, port, run).await,
            Protocol::Https => Box::pin(self.ask_over_tls(stream, check, host, port, run)).await,
        }
    }

    async fn connect(&self, host: &Host, port: u16, run: &mut Run) -> Result<TcpStream, Fault> {
        let begun = run.now();
        run.stage = Stage::Name;
        let addresses = self.names.addresses(host, run.timeout()).await?;
        run.stage = Stage::Target;
        run.phases.dns = matches!(host, Host::Name(_)).then(|| run.since(begun));

        let begun = run.now();
        let addresses: Vec<_> = addresses.iter().map(|ip| SocketAddr::new(*ip, port)).collect();
        let stream = connect::first(self.clock, &addresses, run.timeout()).await?;
        run.phases.connect = Some(run.since(begun));
        close::without_time_wait(&stream);
        Ok(stream)
    }

    async fn ask(
        &self,
        mut stream: TcpStream,
        check: &Check,
        host: &Host,
        port: u16,
        run: &mut Run,
    ) -> Result<(), Fault> {
        let verdict = http::ask(&mut stream, check, host, port, run).await;
        close::orderly(stream);
        verdict
    }

    async fn ask_over_tls(
        &self,
        stream: TcpStream,
        check: &Check,
        host: &Host,
        port: u16,
        run: &mut Run,
    ) -> Result<(), Fault> {
        let mut stream = self.tls.handshake(stream, check, host, run).await?;
        let verdict = http::ask(&mut stream, check, host, port, run).await;
        close::orderly_tls(stream);
        verdict
    }
}

impl fmt::Debug for Prober {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Prober").finish_non_exhaustive()
    }
}
