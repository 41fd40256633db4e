//! HAProxy, by its runtime API (management.txt, section 9.3).

mod csv;
mod look;
mod socket;
mod states;
mod wire;

use domain::{Order, ProxyAddress, ProxyLook};

use super::transcript::Purpose;
use super::{Adapter, ProxyError, Transcript};

/// An HAProxy.
#[derive(Clone, Debug)]
pub struct Haproxy {
    address: ProxyAddress,
    transcript: Transcript,
}

impl Haproxy {
    pub(super) fn new(address: ProxyAddress, transcript: Transcript) -> Self {
        Self { address, transcript }
    }

    async fn ask<T>(
        &self,
        purpose: Purpose,
        commands: &str,
        read: impl FnOnce(&str) -> Result<T, ProxyError> + Send,
    ) -> Result<T, ProxyError> {
        let begun = self.transcript.begin();
        let reply = socket::exchange(&self.address, commands).await;
        let (answered, result) = match reply {
            Ok(reply) => {
                let result = read(&reply);
                (reply, result)
            }
            Err(error) => (error.to_string(), Err(error)),
        };
        let answered = match &result {
            Err(error) if answered.is_empty() => error.to_string(),
            _ => answered,
        };
        self.transcript.record(begun, purpose, commands, &answered, result.is_ok());
        result
    }
}

impl Adapter for Haproxy {
    async fn look(&self) -> Result<ProxyLook, ProxyError> {
        self.ask(Purpose::Routine, look::COMMANDS, look::read).await
    }

    /// HAProxy keeps a server that it is told not to use.
    async fn prepare(&self, _: &str, _: &str, _: Order) -> Result<Option<String>, ProxyError> {
        Ok(None)
    }

    async fn tell(&self, backend: &str, server: &str, order: Order, _kept: Option<&str>) -> Result<String, ProxyError> {
        let command = wire::command(backend, server, order)?;
        self.ask(Purpose::Order, &command, wire::read_done).await
    }
}
