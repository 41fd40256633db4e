//! What a prober is made with.

use std::net::SocketAddr;

use rustls::pki_types::CertificateDer;

/// Where names are asked and which certificates are trusted. The default is the system's.
#[derive(Clone, Debug, Default)]
pub struct ProberSettings {
    /// Where names are asked.
    pub name_servers: NameServers,
    /// Whose certificates are trusted.
    pub trusted_roots: TrustedRoots,
}

/// Where names are asked.
#[derive(Clone, Debug, Default)]
pub enum NameServers {
    /// The servers of `/etc/resolv.conf`; read again when it changes.
    #[default]
    System,
    /// These servers.
    These(Vec<SocketAddr>),
}

/// Whose certificates are trusted.
#[derive(Clone, Debug, Default)]
pub enum TrustedRoots {
    /// The authorities that the system trusts.
    #[default]
    System,
    /// These authorities.
    These(Vec<CertificateDer<'static>>),
}
