//! The TLS handshake of a check.

mod any_certificate;
mod certificate;
mod faults;
mod trusted_certificate;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use domain::{Check, Host, TlsFault};
use rustls::client::Resumption;
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::{CertificateDer, DnsName, ServerName};
use rustls::{ClientConfig, ConfigBuilder, RootCertStore, WantsVerifier};
use tokio::net::TcpStream;
use tokio::sync::Semaphore;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::fault::Fault;
use super::run::{Run, Stage};
use super::settings::TrustedRoots;
use crate::StartError;
use any_certificate::AnyCertificate;
pub(super) use faults::fault_of;
use trusted_certificate::TrustedCertificate;

/// So many handshakes begin at once: each costs about a millisecond of a CPU, and other checks wait meanwhile.
const HANDSHAKES_AT_ONCE: usize = 64;
/// A handshake that takes longer waits for its target, not for a CPU. It makes room then, so that targets that never
/// answer cannot keep the others from being checked.
const TURN: Duration = Duration::from_millis(50);

/// Makes TLS handshakes.
pub(super) struct Tls {
    verifying: TlsConnector,
    trusting: TlsConnector,
    turns: Semaphore,
}

impl Tls {
    /// TLS that trusts `roots`.
    pub(super) fn new(roots: TrustedRoots) -> Result<Self, StartError> {
        let provider = Arc::new(ring::default_provider());
        let trusted = Arc::new(TrustedCertificate::new(store(roots), Arc::clone(&provider)));
        let verifying = builder(&provider)?.dangerous().with_custom_certificate_verifier(trusted).with_no_client_auth();
        let any = Arc::new(AnyCertificate::new(Arc::clone(&provider)));
        let trusting = builder(&provider)?.dangerous().with_custom_certificate_verifier(any).with_no_client_auth();
        Ok(Self {
            verifying: connector(verifying),
            trusting: connector(trusting),
            turns: Semaphore::new(HANDSHAKES_AT_ONCE),
        })
    }

    /// Speaks TLS on `stream` from here on.
    pub(super) async fn handshake(
        &self,
        stream: TcpStream,
        check: &Check,
        host: &Host,
        run: &mut Run,
    ) -> Result<TlsStream<TcpStream>, Fault> {
        let name = server_name(&check.tls_name(host))?;
        let connector = if check.tls_verify { &self.verifying } else { &self.trusting };
        run.stage = Stage::Turn;
        let turn = self.turns.acquire().await;
        run.stage = Stage::Target;

        let begun = run.now();
        let mut handshake = Box::pin(connector.connect(name, stream));
        let result = match timeout(TURN, &mut handshake).await {
            Ok(result) => result,
            Err(_) => {
                drop(turn);
                handshake.await
            }
        };
        let stream = result.map_err(|error| Fault::from_io(&error))?;
        run.phases.tls = Some(run.since(begun));
        Ok(stream)
    }
}

fn server_name(host: &Host) -> Result<ServerName<'static>, Fault> {
    match host {
        Host::Ip(ip) => Ok(ServerName::IpAddress((*ip).into())),
        Host::Name(name) => match DnsName::try_from(name.as_str().to_owned()) {
            Ok(name) => Ok(ServerName::DnsName(name)),
            Err(_) => Err(TlsFault::NotAServerName(host.to_string()).into()),
        },
    }
}

fn builder(provider: &Arc<CryptoProvider>) -> Result<ConfigBuilder<ClientConfig, WantsVerifier>, StartError> {
    ClientConfig::builder_with_provider(Arc::clone(provider))
        .with_safe_default_protocol_versions()
        .map_err(|error| StartError::Probe(error.to_string()))
}

/// Without resumption: each check sees the whole handshake, certificate included.
fn connector(mut config: ClientConfig) -> TlsConnector {
    config.resumption = Resumption::disabled();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    TlsConnector::from(Arc::new(config))
}

fn store(roots: TrustedRoots) -> RootCertStore {
    let certificates = match roots {
        TrustedRoots::These(certificates) => certificates,
        TrustedRoots::System => system_roots(),
    };
    let mut store = RootCertStore::empty();
    store.add_parsable_certificates(certificates);
    store
}

/// None is not fatal: HTTPS checks that verify will say so precisely, and all others work.
fn system_roots() -> Vec<CertificateDer<'static>> {
    let found = rustls_native_certs::load_native_certs();
    for error in &found.errors {
        tracing::warn!(%error, "some of the system's trusted certificates cannot be read");
    }
    if found.certs.is_empty() {
        tracing::warn!("the system has no trusted certificates, so no certificate can be verified");
    }
    found.certs
}

impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tls").finish_non_exhaustive()
    }
}
