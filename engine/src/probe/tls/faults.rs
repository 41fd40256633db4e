//! What an error of TLS means for the person who runs the target.

use domain::{CertificateFault, Timestamp, TlsAlert, TlsFault, clean};
use rustls::pki_types::UnixTime;
use rustls::{AlertDescription, CertificateError, Error, InvalidMessage};

use super::super::fault::TEXT_MAX;

/// The fault behind an error of TLS. The words of rustls are for programmers, so none of them is told.
pub(in super::super) fn fault_of(error: &Error) -> TlsFault {
    tracing::debug!(%error, "TLS with a target failed");
    match error {
        Error::InvalidCertificate(why) => certificate(why),
        Error::NoCertificatesPresented => TlsFault::Certificate(CertificateFault::NoneSent),
        Error::AlertReceived(AlertDescription::ProtocolVersion) | Error::PeerIncompatible(_) => TlsFault::Incompatible,
        Error::AlertReceived(alert) => TlsFault::Alert(told(*alert)),
        Error::InvalidMessage(
            InvalidMessage::CertificatePayloadTooLarge | InvalidMessage::HandshakePayloadTooLarge,
        ) => TlsFault::Certificate(CertificateFault::TooLong),
        Error::InvalidMessage(_) => TlsFault::NotTls,
        Error::PeerMisbehaved(_)
        | Error::InappropriateMessage { .. }
        | Error::InappropriateHandshakeMessage { .. }
        | Error::DecryptError
        | Error::PeerSentOversizedRecord => TlsFault::Misbehaved,
        _ => TlsFault::Failed,
    }
}

fn certificate(why: &CertificateError) -> TlsFault {
    match why {
        CertificateError::ExpiredContext { not_after, .. } => TlsFault::Expired(moment(*not_after)),
        CertificateError::NotValidYetContext { not_before, .. } => TlsFault::NotYetValid(moment(*not_before)),
        CertificateError::NotValidForNameContext { expected, presented } => {
            TlsFault::WrongName { wanted: clean(&expected.to_str(), TEXT_MAX), presented: names(presented) }
        }
        CertificateError::UnknownIssuer => TlsFault::UnknownIssuer,
        CertificateError::Revoked => TlsFault::Revoked,
        CertificateError::BadSignature => TlsFault::Certificate(CertificateFault::Signature),
        CertificateError::BadEncoding => TlsFault::Certificate(CertificateFault::Unreadable),
        CertificateError::UnsupportedSignatureAlgorithmContext { .. }
        | CertificateError::UnsupportedSignatureAlgorithmForPublicKeyContext { .. } => {
            TlsFault::Certificate(CertificateFault::Algorithm)
        }
        CertificateError::InvalidPurpose | CertificateError::InvalidPurposeContext { .. } => {
            TlsFault::Certificate(CertificateFault::Purpose)
        }
        CertificateError::Other(other) => TlsFault::Certificate(other_fault(&other.to_string())),
        _ => TlsFault::Certificate(CertificateFault::Rules),
    }
}

/// What rustls passes on from its verifier has no type here, only a name.
fn other_fault(name: &str) -> CertificateFault {
    if name.contains("CaUsedAsEndEntity") {
        CertificateFault::Authority
    } else if name.contains("UnsupportedCertVersion") {
        CertificateFault::Version1
    } else {
        CertificateFault::Rules
    }
}

/// The names of a certificate, without rustls' notation around them (`DnsName("a.example")`).
fn names(presented: &[String]) -> String {
    let bare = presented.iter().map(|name| match (name.find('('), name.rfind(')')) {
        (Some(from), Some(to)) if from < to => name[from + 1..to].trim_matches('"'),
        _ => name,
    });
    let joined = clean(&bare.collect::<Vec<_>>().join(", "), TEXT_MAX);
    if joined.is_empty() { "no host".to_owned() } else { joined }
}

fn moment(time: UnixTime) -> Timestamp {
    Timestamp::from_millis(i64::try_from(time.as_secs()).unwrap_or(i64::MAX).saturating_mul(1000))
}

fn told(alert: AlertDescription) -> TlsAlert {
    match alert {
        AlertDescription::HandshakeFailure => TlsAlert::HandshakeFailure,
        AlertDescription::InsufficientSecurity => TlsAlert::InsufficientSecurity,
        AlertDescription::CertificateRequired => TlsAlert::CertificateRequired,
        AlertDescription::BadCertificate => TlsAlert::BadCertificate,
        AlertDescription::AccessDenied => TlsAlert::AccessDenied,
        AlertDescription::UnrecognisedName => TlsAlert::UnrecognizedName,
        AlertDescription::NoApplicationProtocol => TlsAlert::NoApplicationProtocol,
        AlertDescription::InternalError => TlsAlert::InternalError,
        AlertDescription::DecodeError => TlsAlert::DecodeError,
        other => TlsAlert::Number(other.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_bare_clean_and_cut() {
        let presented = ["DnsName(\"a.example\")".to_owned(), "IpAddress(10.0.0.5)".to_owned()];
        assert_eq!(names(&presented), "a.example, 10.0.0.5");
        assert_eq!(names(&[]), "no host");
        assert_eq!(names(&["b\u{202e}\r\nx".to_owned()]), "b  x");
        assert_eq!(names(&vec!["long.example".to_owned(); 100]).chars().count(), TEXT_MAX);
    }

    #[test]
    fn alerts_read_as_words() {
        let fault = |alert| fault_of(&Error::AlertReceived(alert)).to_string();
        assert_eq!(fault(AlertDescription::HandshakeFailure), "TLS refused by the target: handshake failure");
        assert_eq!(fault(AlertDescription::Unknown(200)), "TLS refused by the target: alert 200");
        assert_eq!(fault_of(&Error::AlertReceived(AlertDescription::ProtocolVersion)), TlsFault::Incompatible);
    }

    #[test]
    fn no_words_of_programmers_are_told() {
        for error in [
            Error::DecryptError,
            Error::General("internal".to_owned()),
            Error::PeerMisbehaved(rustls::PeerMisbehaved::TooManyEmptyFragments),
            Error::InvalidCertificate(CertificateError::UnhandledCriticalExtension),
        ] {
            let told = fault_of(&error).to_string();
            assert!(!told.contains(['{', '(', ':']) || told.contains("RFC 5280"), "{told}");
        }
    }
}
