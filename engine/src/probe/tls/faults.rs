//! What an error of TLS means for the person who runs the target.

use domain::{Timestamp, TlsFault, clean};
use rustls::pki_types::UnixTime;
use rustls::{AlertDescription, CertificateError, Error, InvalidMessage};

use super::super::fault::TEXT_MAX;

/// The fault behind an error of TLS.
pub(in super::super) fn fault_of(error: &Error) -> TlsFault {
    match error {
        Error::InvalidCertificate(why) => certificate(why),
        Error::NoCertificatesPresented => TlsFault::Certificate("none was sent".to_owned()),
        Error::AlertReceived(AlertDescription::ProtocolVersion) | Error::PeerIncompatible(_) => TlsFault::Incompatible,
        Error::AlertReceived(alert) => TlsFault::Alert(alert_text(*alert)),
        Error::InvalidMessage(
            InvalidMessage::CertificatePayloadTooLarge | InvalidMessage::HandshakePayloadTooLarge,
        ) => TlsFault::Certificate("the chain is longer than 64 KiB".to_owned()),
        Error::InvalidMessage(_) => TlsFault::NotTls,
        other => TlsFault::Other(clean(&other.to_string(), TEXT_MAX)),
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
        CertificateError::Other(other) if other.to_string().contains("CaUsedAsEndEntity") => TlsFault::Certificate(
            "it is an authority's own certificate (self-signed with CA:TRUE), not a server's".to_owned(),
        ),
        CertificateError::BadSignature => TlsFault::Certificate("its signature is not its issuer's".to_owned()),
        CertificateError::BadEncoding => TlsFault::Certificate("it cannot be read".to_owned()),
        other => TlsFault::Certificate(clean(&other.to_string(), TEXT_MAX)),
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

/// `HandshakeFailure` as "handshake failure".
fn alert_text(alert: AlertDescription) -> String {
    let mut text = String::new();
    for c in format!("{alert:?}").chars() {
        if c.is_ascii_uppercase() && !text.is_empty() {
            text.push(' ');
        }
        text.push(c.to_ascii_lowercase());
    }
    clean(&text, TEXT_MAX)
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
        assert_eq!(alert_text(AlertDescription::HandshakeFailure), "handshake failure");
        let old = Error::AlertReceived(AlertDescription::ProtocolVersion);
        assert_eq!(fault_of(&old), TlsFault::Incompatible);
    }
}
