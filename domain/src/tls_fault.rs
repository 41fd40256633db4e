//! Why TLS failed: data, so that it can be told in the reader's language.

use serde::{Deserialize, Serialize};

use crate::Timestamp;

/// Why TLS failed. `Display` is the detail in English.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case", tag = "is", content = "with")]
pub enum TlsFault {
    /// The certificate was good until then.
    #[error("certificate expired on {0}")]
    Expired(Timestamp),
    /// The certificate is good only from then on.
    #[error("certificate not valid before {0}")]
    NotYetValid(Timestamp),
    /// The certificate is for other names.
    #[error("certificate is not for {wanted}; it names {presented}")]
    WrongName {
        /// The name we asked for.
        wanted: String,
        /// What the certificate names.
        presented: String,
    },
    /// No trusted authority issued the certificate (self-signed, or an unknown one).
    #[error("certificate issued by nobody we trust")]
    UnknownIssuer,
    /// The certificate was taken back.
    #[error("certificate revoked")]
    Revoked,
    /// Another fault of the certificate.
    #[error("certificate not accepted: {0}")]
    Certificate(CertificateFault),
    /// No common version or cipher.
    #[error("no TLS version or cipher in common (TLS 1.2 and 1.3 are spoken)")]
    Incompatible,
    /// What answers does not speak TLS.
    #[error("the port does not speak TLS")]
    NotTls,
    /// The target refused with an alert.
    #[error("TLS refused by the target: {0}")]
    Alert(TlsAlert),
    /// The host is no name that TLS can ask for.
    #[error("{0} cannot be a server name in TLS; set another in the check")]
    NotAServerName(String),
    /// The target did what TLS does not allow.
    #[error("the target does not keep to the rules of TLS")]
    Misbehaved,
    /// Anything else.
    #[error("TLS failed")]
    Failed,
}

/// What is wrong with a certificate. `Display` is the detail in English.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum CertificateFault {
    /// The target sent none.
    #[error("none was sent")]
    NoneSent,
    /// The target sent too many.
    #[error("the chain is longer than 64 KiB")]
    TooLong,
    /// It may issue certificates, and so may not be a server's.
    #[error("it is an authority's own certificate (self-signed with CA:TRUE), not a server's")]
    Authority,
    /// Its issuer did not sign it.
    #[error("its signature is not its issuer's")]
    Signature,
    /// It is no certificate.
    #[error("it cannot be read")]
    Unreadable,
    /// X.509 version 1.
    #[error("it is a certificate of version 1, which is not supported; issue one of version 3")]
    Version1,
    /// The algorithm is unknown or too weak.
    #[error("its signature is made by an algorithm that is not supported")]
    Algorithm,
    /// Its extended key usage leaves servers out.
    #[error("it is not meant for servers (extended key usage)")]
    Purpose,
    /// Anything else.
    #[error("it breaks the rules for certificates (RFC 5280)")]
    Rules,
    /// In words that are not ours.
    #[error("{0}")]
    #[serde(untagged)]
    Other(String),
}

/// What an alert of the target says. `Display` is the detail in English.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum TlsAlert {
    /// It found no settings in common.
    #[error("handshake failure")]
    HandshakeFailure,
    /// It asks for stronger settings than ours.
    #[error("insufficient security")]
    InsufficientSecurity,
    /// It wants a certificate of ours.
    #[error("certificate required")]
    CertificateRequired,
    /// It does not accept our certificate.
    #[error("bad certificate")]
    BadCertificate,
    /// It does not let us in.
    #[error("access denied")]
    AccessDenied,
    /// It does not know the name that we asked for.
    #[error("unrecognized name")]
    UnrecognizedName,
    /// It does not speak HTTP/1.1.
    #[error("no application protocol")]
    NoApplicationProtocol,
    /// It failed itself.
    #[error("internal error")]
    InternalError,
    /// It could not read what we sent.
    #[error("decode error")]
    DecodeError,
    /// Another alert, by its number (RFC 8446, section 6).
    #[error("alert {0}")]
    Number(u8),
    /// In words that are not ours.
    #[error("{0}")]
    #[serde(untagged)]
    Other(String),
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(fault: &TlsFault, json: &str) {
        assert_eq!(serde_json::to_string(fault).unwrap(), json);
        assert_eq!(&serde_json::from_str::<TlsFault>(json).unwrap(), fault);
    }

    #[test]
    fn faults_survive_the_wire_and_words_of_others_are_kept() {
        check(&TlsFault::Certificate(CertificateFault::Version1), r#"{"is":"certificate","with":"version1"}"#);
        check(&TlsFault::Alert(TlsAlert::Number(21)), r#"{"is":"alert","with":{"number":21}}"#);
        check(&TlsFault::Alert(TlsAlert::Other("so it said".to_owned())), r#"{"is":"alert","with":"so it said"}"#);
    }
}
