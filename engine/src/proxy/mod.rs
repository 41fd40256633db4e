//! The only sockets to proxies.

mod error;

pub use error::ProxyError;
