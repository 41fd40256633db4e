//! Why a proxy did not do what it was asked, by what can be done about it.

use std::io;
use std::time::Duration;

use domain::{ProxyAddress, clean};

/// So many characters of what a proxy said are told.
const EXCERPT_MAX: usize = 200;

/// Why a proxy did not do what it was asked. Each says what to do next.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProxyError {
    /// It cannot be reached, or does not answer. Trying again may help.
    #[error("{0}")]
    Unreachable(String),
    /// It said no. Trying the same again does not help.
    #[error("the proxy refused: {0}")]
    Refused(String),
    /// HAProxy's socket may only look.
    #[error("this socket may only look: write `level admin` in its `stats socket` line and reload HAProxy")]
    ReadOnly,
    /// There is no such backend.
    #[error("the proxy has no such backend: choose one of those that it lists")]
    NoSuchBackend,
    /// There is no such server in the backend.
    #[error("the backend has no such server: choose one of those that the proxy lists")]
    NoSuchServer,
    /// Whatever answers does not speak the protocol that it should; with what it said.
    #[error("what answers is not the proxy that it should be; check its kind and address. It said: {0}")]
    Garbage(String),
    /// Caddy would be left without any upstream.
    #[error("it is the last upstream of this handler: put another one into service first")]
    LastUpstream,
    /// Somebody else changed Caddy's configuration at every try.
    #[error("somebody else keeps changing the proxy's configuration: try again when they are done")]
    Conflict,
    /// The same name stands for several upstreams.
    #[error("the list has this address more than once: leave only one of them in the proxy's configuration")]
    Ambiguous,
}

impl ProxyError {
    pub(super) fn garbage(said: &str) -> Self {
        let excerpt = clean(said, EXCERPT_MAX);
        Self::Garbage(if excerpt.is_empty() { "nothing".to_owned() } else { excerpt })
    }

    pub(super) fn refused(said: &str) -> Self {
        Self::Refused(clean(said, EXCERPT_MAX))
    }

    pub(super) fn silent(address: &ProxyAddress, deadline: Duration) -> Self {
        let seconds = deadline.as_secs();
        Self::Unreachable(format!("{address} did not answer within {seconds} s: see whether the proxy hangs"))
    }

    pub(super) fn hung_up(address: &ProxyAddress) -> Self {
        Self::Unreachable(format!("{address} closes the connection without an answer: see whether the proxy restarts"))
    }

    pub(super) fn wrong_address(address: &ProxyAddress, wanted: &str) -> Self {
        Self::Unreachable(format!("{address} is no address of this kind of proxy: give {wanted}"))
    }

    pub(super) fn io(address: &ProxyAddress, error: &io::Error) -> Self {
        Self::Unreachable(match (error.kind(), address) {
            (io::ErrorKind::NotFound, ProxyAddress::Unix(_)) => {
                format!("there is no socket {address}: start HAProxy with a `stats socket` line for it")
            }
            (io::ErrorKind::PermissionDenied, ProxyAddress::Unix(_)) => {
                format!("{address} may not be opened: let Drainboard's user into the group of the socket")
            }
            (io::ErrorKind::ConnectionRefused, _) => {
                format!("nobody listens at {address}: start the proxy, or correct the address")
            }
            _ => format!("{address} cannot be reached: {error}"),
        })
    }
}
