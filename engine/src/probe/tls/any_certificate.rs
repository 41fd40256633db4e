//! For checks that do not verify: any certificate will do, but the peer must hold its key.
//!
//! Certificates of version 1, which old devices make for themselves, cannot be read by rustls; their key can.

use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, DigitallySignedStruct, Error, SignatureScheme};

use super::certificate::Parts;

/// Accepts every certificate.
#[derive(Debug)]
pub(super) struct AnyCertificate {
    provider: Arc<CryptoProvider>,
}

impl AnyCertificate {
    /// With the algorithms of `provider` for the signature of the handshake.
    pub(super) fn new(provider: Arc<CryptoProvider>) -> Self {
        Self { provider }
    }

    /// The signature of a handshake by the key of a certificate that rustls cannot read.
    fn verify_by_key(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let parts = Parts::of(certificate).ok_or(CertificateError::BadEncoding)?;
        let known = self.provider.signature_verification_algorithms.mapping.iter();
        let offered = known.filter(|(scheme, _)| *scheme == dss.scheme).flat_map(|(_, algorithms)| *algorithms);
        let mut fitting = offered.filter(|algorithm| algorithm.public_key_alg_id().as_ref() == parts.algorithm);
        match fitting.any(|algorithm| algorithm.verify_signature(parts.key, message, dss.signature()).is_ok()) {
            true => Ok(HandshakeSignatureValid::assertion()),
            false => Err(CertificateError::BadSignature.into()),
        }
    }
}

impl ServerCertVerifier for AnyCertificate {
    fn verify_server_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        if ParsedCertificate::try_from(cert).is_err() {
            return self.verify_by_key(message, cert, dss);
        }
        verify_tls12_signature(message, cert, dss, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        if ParsedCertificate::try_from(cert).is_err() {
            return self.verify_by_key(message, cert, dss);
        }
        verify_tls13_signature(message, cert, dss, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
