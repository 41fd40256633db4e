//! Why a check did not pass: data, so that it can be told in the reader's language.

use serde::{Deserialize, Serialize};

use crate::{MalformedAnswer, Matcher, Reason, TlsFault};

/// Why a target failed a check. `Display` is the detail in English. Texts in it come from outside: they are cut and
/// cleaned where they are taken in, and escaped where they are shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case", tag = "is", content = "with")]
pub enum Failure {
    /// The port is closed (RST to our SYN).
    #[error("connection refused")]
    ConnectionRefused,
    /// The connection was reset while we used it.
    #[error("connection reset by the target")]
    ConnectionReset,
    /// The connection was closed before a whole answer.
    #[error("connection closed before an answer was complete")]
    ConnectionClosed,
    /// The network says that the host cannot be reached.
    #[error("host unreachable")]
    HostUnreachable,
    /// Another error of the connection.
    #[error("connection failed: {0}")]
    Connection(String),
    /// The deadline of the check passed.
    #[error("no answer within {after_ms} ms")]
    Timeout {
        /// The deadline, in milliseconds.
        after_ms: u32,
    },
    /// A status code that the matcher does not allow.
    #[error("{code}, expected {expected}")]
    Status {
        /// What came.
        code: u16,
        /// What would have passed.
        expected: Matcher,
    },
    /// The wanted text does not occur in the body.
    #[error("the body does not contain {0:?}")]
    BodyMismatch(String),
    /// What came is not an HTTP/1.x answer that we can follow.
    #[error("malformed answer: {0}")]
    Malformed(MalformedAnswer),
    /// More headers than we read.
    #[error("the answer's headers are too large")]
    HeadersTooLarge,
    /// TLS failed.
    #[error("{0}")]
    Tls(TlsFault),
    /// The name did not lead to an address.
    #[error("{0}")]
    Dns(DnsFault),
    /// The name leads to an address that is never checked.
    #[error("the name leads to {0}, which is never checked")]
    Forbidden(String),
}

/// Why a name led to no address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case", tag = "is", content = "with")]
pub enum DnsFault {
    /// NXDOMAIN.
    #[error("DNS: the name {0} does not exist")]
    NoSuchName(String),
    /// The name exists and has no address.
    #[error("DNS: the name {0} has no address")]
    NoAddress(String),
    /// The name cannot be asked for.
    #[error("DNS: {0} is no name that can be asked for")]
    NotAName(String),
    /// What the servers answered cannot be read.
    #[error("DNS: the servers' answer for {0} cannot be read")]
    Unreadable(String),
    /// The servers answered with an error.
    #[error("DNS: the servers answered {code} for {name}")]
    Refused {
        /// The name asked for.
        name: String,
        /// The answer (SERVFAIL, FORMERR, …).
        code: String,
    },
}

impl Failure {
    /// The ELBv2 reason code.
    pub fn reason(&self) -> Reason {
        match self {
            Self::Timeout { .. } => Reason::Timeout,
            Self::Status { .. } => Reason::ResponseCodeMismatch,
            _ => Reason::FailedHealthChecks,
        }
    }
}

/// Why we could not check. The fault is ours, so it says nothing about the target.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case", tag = "is", content = "with")]
pub enum OwnFault {
    /// EMFILE, ENFILE.
    #[error("Drainboard has no file descriptors left; raise its limit (LimitNOFILE, ulimit -n)")]
    FileDescriptors,
    /// EADDRNOTAVAIL.
    #[error("no local port is left for a connection; check fewer targets per address or widen ip_local_port_range")]
    LocalPorts,
    /// ENOBUFS, ENOMEM.
    #[error("the system has no memory for a connection")]
    Memory,
    /// ENETUNREACH, ENETDOWN.
    #[error("this machine has no route to the target's network")]
    NoNetwork,
    /// EACCES, EPERM.
    #[error("this machine's firewall does not let the check out")]
    Firewall,
    /// We were too late to judge: the machine was asleep, paused or overloaded.
    #[error("Drainboard itself was late by {by_ms} ms, so the result says nothing")]
    Late {
        /// By how much, in milliseconds.
        by_ms: u32,
    },
    /// So many checks were under way that this one could not begin in time.
    #[error("too many checks are under way at once; raise the limits or the interval")]
    Overloaded,
    /// The DNS servers are silent, or answer for no name.
    #[error("no DNS server gives an answer")]
    Resolver,
    /// Anything else of ours.
    #[error("{0}")]
    Other(String),
}

impl OwnFault {
    /// The ELBv2 reason code: the fault is not the target's.
    pub fn reason(&self) -> Reason {
        Reason::InternalError
    }
}
