//! The only sockets to proxies. A new kind of proxy is one folder here and one arm of [`Connector`].
//!
//! Nothing here decides: it looks, and gives the orders that it is told to give. In each folder `mod.rs` says what an
//! order is in that proxy's words, one file has the sockets, and the others are text in and values out.

mod caddy;
mod error;
mod haproxy;
mod redact;
mod transcript;

use std::future::Future;

use domain::{Order, Proxy, ProxyKind, ProxyLook};

pub use caddy::Caddy;
pub use error::ProxyError;
pub use haproxy::Haproxy;
pub use transcript::Transcript;

/// What can be done with a proxy of any kind.
pub trait Adapter {
    /// Everything that the proxy says, in one go.
    fn look(&self) -> impl Future<Output = Result<ProxyLook, ProxyError>> + Send;

    /// What must be stored *before* the order is given, so that it can be undone exactly; none if there is nothing to
    /// store. None never means that what was stored earlier is of no use any more.
    fn prepare(
        &self,
        backend: &str,
        server: &str,
        order: Order,
    ) -> impl Future<Output = Result<Option<String>, ProxyError>> + Send;

    /// Gives an order, and says what the proxy answered. An order for what already holds is done. `kept` is what
    /// [`Adapter::prepare`] gave when the server was taken out.
    fn tell(
        &self,
        backend: &str,
        server: &str,
        order: Order,
        kept: Option<&str>,
    ) -> impl Future<Output = Result<String, ProxyError>> + Send;
}

/// A proxy that can be talked to.
#[derive(Clone, Debug)]
pub enum Connector {
    /// By HAProxy's runtime API.
    Haproxy(Haproxy),
    /// By Caddy's admin API.
    Caddy(Caddy),
}

impl Connector {
    /// Talks to `proxy`, and writes what is said into `transcript`. Connects only when something is asked.
    pub fn new(proxy: &Proxy, transcript: Transcript) -> Self {
        let address = proxy.address.clone();
        match proxy.kind {
            ProxyKind::Haproxy => Self::Haproxy(Haproxy::new(address, transcript)),
            ProxyKind::Caddy => Self::Caddy(Caddy::new(address, transcript)),
        }
    }
}

impl Adapter for Connector {
    async fn look(&self) -> Result<ProxyLook, ProxyError> {
        match self {
            Self::Haproxy(haproxy) => haproxy.look().await,
            Self::Caddy(caddy) => caddy.look().await,
        }
    }

    async fn prepare(&self, backend: &str, server: &str, order: Order) -> Result<Option<String>, ProxyError> {
        match self {
            Self::Haproxy(haproxy) => haproxy.prepare(backend, server, order).await,
            Self::Caddy(caddy) => caddy.prepare(backend, server, order).await,
        }
    }

    async fn tell(&self, backend: &str, server: &str, order: Order, kept: Option<&str>) -> Result<String, ProxyError> {
        match self {
            Self::Haproxy(haproxy) => haproxy.tell(backend, server, order, kept).await,
            Self::Caddy(caddy) => caddy.tell(backend, server, order, kept).await,
        }
    }
}
