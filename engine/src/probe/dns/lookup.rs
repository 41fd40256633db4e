//! Asks the name servers, for both families at once.

use std::net::IpAddr;
use std::time::Duration;

use domain::{DnsFault, DnsName, Failure, OwnFault, clean};
use futures_util::FutureExt;
use futures_util::future::select;
use hickory_resolver::TokioResolver;
use hickory_resolver::net::{DnsError, NetError};
use hickory_resolver::proto::op::ResponseCode;
use hickory_resolver::proto::rr::{Name, RecordType};
use tokio::time::{Instant, timeout};

use super::super::fault::{Fault, TEXT_MAX};
use super::instant;

/// An answer is used for so long, whatever its TTL says.
pub(super) const FRESH_MIN: Duration = Duration::from_secs(1);
/// When one family is there, the other gets so long, or the caller's limit if that is less.
const OTHER_FAMILY_MAX: Duration = Duration::from_millis(250);

/// The addresses of a name.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    /// At least one.
    pub(super) addresses: Vec<IpAddr>,
    /// When to ask again.
    pub(super) fresh_until: Instant,
}

/// Asks for IPv6 and IPv4 addresses.
pub(super) async fn both_families(
    servers: &TokioResolver,
    name: &DnsName,
    limit: Duration,
    now: Instant,
) -> Result<Answer, Fault> {
    let v6 = one_family(servers, name, RecordType::AAAA).boxed();
    let v4 = one_family(servers, name, RecordType::A).boxed();
    let (first, other) = select(v6, v4).await.factor_first();
    let second = match &first {
        Ok(_) => timeout(OTHER_FAMILY_MAX.min(limit), other).await.unwrap_or(Err(OwnFault::Resolver.into())),
        Err(_) => other.await,
    };
    together(first, second, now)
}

fn together(first: Result<Answer, Fault>, second: Result<Answer, Fault>, now: Instant) -> Result<Answer, Fault> {
    match (first, second) {
        (Ok(mut first), Ok(second)) => {
            first.addresses.extend(second.addresses);
            first.fresh_until = first.fresh_until.min(second.fresh_until).max(now + FRESH_MIN);
            Ok(first)
        }
        // Half an answer is not kept: the other half may be the one that works.
        (Ok(half), Err(fault)) | (Err(fault), Ok(half)) if is_silence(&fault) => {
            Ok(Answer { fresh_until: now + FRESH_MIN, ..half })
        }
        (Ok(one), Err(_)) | (Err(_), Ok(one)) => Ok(one),
        (Err(first), Err(second)) => Err(if weight(&second) > weight(&first) { second } else { first }),
    }
}

/// Whether the servers did not say what they should know. An old answer is better than that (RFC 8767).
pub(super) fn is_silence(fault: &Fault) -> bool {
    matches!(fault, Fault::Own(_) | Fault::Target(Failure::Dns(DnsFault::Refused { .. } | DnsFault::Unreadable(_))))
}

/// Whether the servers could not find out. That is the name's own fault only if they can find out about others.
pub(super) fn is_servfail(fault: &Fault) -> bool {
    matches!(fault, Fault::Target(Failure::Dns(DnsFault::Refused { code, .. })) if code == SERVFAIL)
}

/// What one family's fault says about the name: that it does not exist is true of both families, that it has no address
/// of one family says nothing about the other.
fn weight(fault: &Fault) -> u8 {
    match fault {
        Fault::Target(Failure::Dns(DnsFault::NoSuchName(_))) => 3,
        Fault::Own(OwnFault::FileDescriptors | OwnFault::Memory) => 2,
        Fault::Target(Failure::Dns(DnsFault::NoAddress(_))) => 0,
        _ => 1,
    }
}

async fn one_family(servers: &TokioResolver, name: &DnsName, family: RecordType) -> Result<Answer, Fault> {
    // As it is written: reading it as an international name would refuse some that exist.
    let asked = Name::from_ascii(name.as_str()).map_err(|_| DnsFault::NotAName(name.to_string()))?;
    let found = servers.lookup(asked, family).await.map_err(|error| fault_of(&error, name))?;
    let addresses: Vec<_> = found.answers().iter().filter_map(|record| record.data.ip_addr()).collect();
    if addresses.is_empty() {
        return Err(DnsFault::NoAddress(name.to_string()).into());
    }
    Ok(Answer { addresses, fresh_until: instant(found.valid_until()) })
}

fn fault_of(error: &NetError, name: &DnsName) -> Fault {
    let refused = |code: String| DnsFault::Refused { name: name.to_string(), code }.into();
    match error {
        NetError::Dns(DnsError::NoRecordsFound(none)) => match none.response_code {
            ResponseCode::NXDomain => DnsFault::NoSuchName(name.to_string()).into(),
            ResponseCode::NoError => DnsFault::NoAddress(name.to_string()).into(),
            ResponseCode::Refused => OwnFault::Resolver.into(),
            code => refused(code_text(code)),
        },
        // They do not serve us, whatever the name.
        NetError::Dns(DnsError::ResponseCode(ResponseCode::Refused)) => OwnFault::Resolver.into(),
        NetError::Dns(DnsError::ResponseCode(code)) => refused(code_text(*code)),
        NetError::Io(error) => match Fault::from_io(error) {
            Fault::Own(own @ (OwnFault::FileDescriptors | OwnFault::Memory)) => own.into(),
            _ => OwnFault::Resolver.into(),
        },
        NetError::Timeout | NetError::NoConnections | NetError::Busy => OwnFault::Resolver.into(),
        other => {
            tracing::debug!(%name, error = %other, "an answer of the DNS servers cannot be read");
            DnsFault::Unreadable(name.to_string()).into()
        }
    }
}

const SERVFAIL: &str = "SERVFAIL";

/// As `dig` writes it.
fn code_text(code: ResponseCode) -> String {
    match code {
        ResponseCode::ServFail => SERVFAIL.to_owned(),
        ResponseCode::FormErr => "FORMERR".to_owned(),
        ResponseCode::NotImp => "NOTIMP".to_owned(),
        other => clean(&other.to_string(), TEXT_MAX),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Clock;

    fn no_such_name() -> Fault {
        DnsFault::NoSuchName("a".to_owned()).into()
    }

    fn no_address() -> Fault {
        DnsFault::NoAddress("a".to_owned()).into()
    }

    fn check(first: Fault, second: Fault, expected: &Fault) {
        let now = Clock.instant();
        for (one, other) in [(first.clone(), second.clone()), (second, first)] {
            assert_eq!(together(Err(one), Err(other), now).map(|answer| answer.addresses), Err(expected.clone()));
        }
    }

    #[tokio::test]
    async fn of_two_faults_the_one_that_is_true_of_the_name_counts() {
        let silent = Fault::from(OwnFault::Resolver);
        check(no_such_name(), no_address(), &no_such_name());
        check(no_such_name(), silent.clone(), &no_such_name());
        check(no_address(), silent.clone(), &silent);
        check(no_address(), no_address(), &no_address());
    }

    #[tokio::test]
    async fn half_an_answer_is_used_and_soon_asked_again() {
        let now = Clock.instant();
        let half = Answer { addresses: vec![IpAddr::from([10, 0, 0, 1])], fresh_until: now + Duration::from_secs(99) };
        let kept = together(Err(no_address()), Ok(half.clone()), now).unwrap();
        assert_eq!(kept.fresh_until, half.fresh_until);
        let kept = together(Err(OwnFault::Resolver.into()), Ok(half), now).unwrap();
        assert_eq!(kept.fresh_until, now + FRESH_MIN);
    }
}
