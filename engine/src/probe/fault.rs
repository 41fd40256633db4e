//! Why a check did not pass, and whose fault it is.

use std::io::{Error, ErrorKind};

use domain::{DnsFault, Failure, Outcome, OwnFault, TlsFault, clean};

/// Why a check did not pass: by the target's fault, or by ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// The target's.
    Target(Failure),
    /// Ours.
    Own(OwnFault),
}

/// Texts from outside are cut to so many characters.
pub(super) const TEXT_MAX: usize = 200;

const ENFILE: i32 = 23;
const EMFILE: i32 = 24;
const ENOBUFS: i32 = if cfg!(target_os = "linux") { 105 } else { 55 };

impl Fault {
    /// What an error of a socket means.
    pub(super) fn from_io(error: &Error) -> Self {
        if let Some(tls) = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
            return super::tls::fault_of(tls).into();
        }
        match error.raw_os_error() {
            Some(EMFILE | ENFILE) => return OwnFault::FileDescriptors.into(),
            Some(ENOBUFS) => return OwnFault::Memory.into(),
            _ => {}
        }
        match error.kind() {
            ErrorKind::ConnectionRefused => Failure::ConnectionRefused.into(),
            ErrorKind::ConnectionReset | ErrorKind::BrokenPipe | ErrorKind::ConnectionAborted => {
                Failure::ConnectionReset.into()
            }
            ErrorKind::UnexpectedEof | ErrorKind::NotConnected => Failure::ConnectionClosed.into(),
            ErrorKind::HostUnreachable => Failure::HostUnreachable.into(),
            ErrorKind::NetworkUnreachable | ErrorKind::NetworkDown => OwnFault::NoNetwork.into(),
            ErrorKind::AddrNotAvailable => OwnFault::LocalPorts.into(),
            ErrorKind::OutOfMemory => OwnFault::Memory.into(),
            ErrorKind::PermissionDenied => OwnFault::Firewall.into(),
            _ => Failure::Connection(clean(&error.to_string(), TEXT_MAX)).into(),
        }
    }

    /// Whether it can be seen only because we did not read or write in time.
    pub(super) fn may_come_from_our_being_late(&self) -> bool {
        matches!(
            self,
            Self::Target(
                Failure::ConnectionReset
                    | Failure::ConnectionClosed
                    | Failure::Connection(_)
                    | Failure::Timeout { .. }
                    | Failure::Tls(TlsFault::Alert(_))
            )
        )
    }

    /// How much it tells: of several addresses' faults the one that tells most is reported.
    ///
    /// A target that answers, if only with a refusal, tells more than a silent one. Only when we lack what every
    /// connection needs can nothing be said at all.
    pub(super) fn weight(&self) -> u8 {
        match self {
            Self::Own(OwnFault::FileDescriptors | OwnFault::Memory) => 5,
            Self::Target(Failure::ConnectionRefused | Failure::ConnectionReset) => 4,
            Self::Target(Failure::HostUnreachable) => 2,
            Self::Target(_) => 3,
            Self::Own(_) => 1,
        }
    }
}

impl From<Failure> for Fault {
    fn from(failure: Failure) -> Self {
        Self::Target(failure)
    }
}

impl From<DnsFault> for Fault {
    fn from(fault: DnsFault) -> Self {
        Self::Target(Failure::Dns(fault))
    }
}

impl From<TlsFault> for Fault {
    fn from(fault: TlsFault) -> Self {
        Self::Target(Failure::Tls(fault))
    }
}

impl From<OwnFault> for Fault {
    fn from(fault: OwnFault) -> Self {
        Self::Own(fault)
    }
}

impl From<Fault> for Outcome {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Target(failure) => Self::Fail(failure),
            Fault::Own(fault) => Self::Unknown(fault),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(errno: i32, expected: impl Into<Fault>) {
        assert_eq!(Fault::from_io(&Error::from_raw_os_error(errno)), expected.into());
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn the_systems_errors_are_told_apart_by_whose_fault_they_are() {
        check(111, Failure::ConnectionRefused);
        check(104, Failure::ConnectionReset);
        check(32, Failure::ConnectionReset);
        check(113, Failure::HostUnreachable);
        check(23, OwnFault::FileDescriptors);
        check(24, OwnFault::FileDescriptors);
        check(99, OwnFault::LocalPorts);
        check(105, OwnFault::Memory);
        check(12, OwnFault::Memory);
        check(101, OwnFault::NoNetwork);
        check(100, OwnFault::NoNetwork);
        check(13, OwnFault::Firewall);
        check(1, OwnFault::Firewall);
    }
}
