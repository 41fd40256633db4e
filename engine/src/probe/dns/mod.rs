//! From a host to addresses: hosts file, cache, name servers; with answers that outlive servers that fall silent.

mod cache;
mod lately;
mod lookup;
mod source;

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use domain::{DnsName, Failure, Host, is_forbidden};
use tokio::time::{Instant, timeout};

use super::fault::{Fault, TEXT_MAX};
use super::settings::NameServers;
use crate::{Clock, StartError};
use cache::{Cache, Known};
use lookup::Answer;
use source::{Source, System};

/// So many addresses of a name are tried.
const ADDRESSES_MAX: usize = 16;
/// With an old answer at hand, the name servers get so long, or a quarter of the timeout if that is less.
const PATIENCE_MAX: Duration = Duration::from_secs(1);

/// Finds addresses.
pub(super) struct Names {
    clock: Clock,
    source: Source,
    cache: Mutex<Cache>,
}

impl Names {
    /// Asks `servers`.
    pub(super) fn new(clock: Clock, servers: NameServers) -> Result<Self, StartError> {
        let source = Source::new(servers, clock.instant())?;
        Ok(Self { clock, source, cache: Mutex::new(Cache::default()) })
    }

    /// The addresses of `host` that may be connected to, in the order in which they are tried.
    pub(super) async fn addresses(&self, host: &Host, timeout: Duration) -> Result<Vec<IpAddr>, Fault> {
        match host {
            Host::Ip(ip) => allowed(&[*ip]),
            Host::Name(name) => allowed(&self.resolve(name, timeout).await?),
        }
    }

    async fn resolve(&self, name: &DnsName, timeout: Duration) -> Result<Arc<[IpAddr]>, Fault> {
        let now = self.clock.instant();
        let known = self.cache().get(name, now);
        let old = match known {
            Known::Fresh(addresses) => return Ok(addresses),
            Known::Old(addresses) => Some(addresses),
            Known::Nothing => None,
        };
        let system = self.source.current(now);
        match self.ask(&system, name, timeout, old.is_some()).await {
            Ok(answer) => Ok(self.cache().put(name, answer, self.clock.instant())),
            Err(fault) => match old.filter(|_| lookup::is_silence(&fault)) {
                Some(addresses) => {
                    self.cache().servers_are_silent(name, self.clock.instant());
                    Ok(addresses)
                }
                None => {
                    self.cache().forget(name);
                    Err(fault)
                }
            },
        }
    }

    async fn ask(&self, system: &System, name: &DnsName, limit: Duration, is_known: bool) -> Result<Answer, Fault> {
        let now = self.clock.instant();
        if let Some(addresses) = system.without_servers(name) {
            return Ok(Answer { addresses, fresh_until: now + source::LOOK_EVERY });
        }
        let servers = system.servers.as_ref().ok_or(domain::OwnFault::Resolver)?;
        let asked = lookup::both_families(servers, name, limit / 4, now);
        let answer = if is_known {
            let patience = PATIENCE_MAX.min(limit / 4);
            timeout(patience, asked).await.unwrap_or(Err(domain::OwnFault::Resolver.into()))
        } else {
            asked.await
        };
        let now = self.clock.instant();
        match &answer {
            Ok(_) => system.lately().found(name, now),
            Err(fault) if lookup::is_servfail(fault) && !system.lately().found_another(name, now) => {
                return Err(domain::OwnFault::Resolver.into());
            }
            Err(_) => {}
        }
        answer
    }

    fn cache(&self) -> MutexGuard<'_, Cache> {
        // Nothing in the cache can be half done.
        self.cache.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The addresses that may be connected to, families taking turns, IPv6 first (RFC 8305).
fn allowed(found: &[IpAddr]) -> Result<Vec<IpAddr>, Fault> {
    let canonical = found.iter().map(IpAddr::to_canonical);
    let (forbidden, allowed): (Vec<_>, Vec<_>) = canonical.partition(|ip| is_forbidden(*ip));
    if allowed.is_empty() {
        let listed: Vec<_> = forbidden.iter().map(IpAddr::to_string).collect();
        return Err(Failure::Forbidden(domain::clean(&listed.join(", "), TEXT_MAX)).into());
    }
    let (v6, v4): (Vec<_>, Vec<_>) = allowed.into_iter().partition(IpAddr::is_ipv6);
    Ok(take_turns(&v6, &v4))
}

fn take_turns(first: &[IpAddr], second: &[IpAddr]) -> Vec<IpAddr> {
    let longest = first.len().max(second.len());
    let turns = (0..longest).flat_map(|turn| [first.get(turn), second.get(turn)]);
    turns.flatten().copied().take(ADDRESSES_MAX).collect()
}

/// RFC 6761: these names are this machine, whatever a name server says.
fn is_localhost(name: &DnsName) -> bool {
    name.as_str() == "localhost" || name.as_str().ends_with(".localhost")
}

const LOCALHOST: [IpAddr; 2] = [IpAddr::V6(Ipv6Addr::LOCALHOST), IpAddr::V4(Ipv4Addr::LOCALHOST)];

/// `instant` of the resolver as ours.
fn instant(instant: std::time::Instant) -> Instant {
    Instant::from_std(instant)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(found: &[&str], expected: Result<&[&str], &str>) {
        let found: Vec<IpAddr> = found.iter().map(|ip| ip.parse().unwrap()).collect();
        let expected = expected.map(|ips| ips.iter().map(|ip| ip.parse().unwrap()).collect());
        assert_eq!(allowed(&found), expected.map_err(|ips| Failure::Forbidden(ips.to_owned()).into()));
    }

    #[test]
    fn families_take_turns_and_ipv6_is_first() {
        check(&["10.0.0.1", "10.0.0.2", "fd00::1"], Ok(&["fd00::1", "10.0.0.1", "10.0.0.2"]));
        check(&["::ffff:10.0.0.1"], Ok(&["10.0.0.1"]));
    }

    #[test]
    fn forbidden_addresses_are_never_tried() {
        check(&["169.254.169.254"], Err("169.254.169.254"));
        check(&["::ffff:169.254.169.254", "fe80::1"], Err("169.254.169.254, fe80::1"));
        check(&["169.254.169.254", "10.0.0.1"], Ok(&["10.0.0.1"]));
    }

    #[test]
    fn both_families_are_among_the_few_that_are_tried() {
        let many: Vec<IpAddr> = (0..100).map(|i| IpAddr::V4(Ipv4Addr::new(10, 0, 0, i))).collect();
        let found: Vec<IpAddr> = many.into_iter().chain(["fd00::1".parse().unwrap()]).collect();
        let tried = allowed(&found).unwrap();
        assert_eq!((tried.len(), tried[0]), (ADDRESSES_MAX, "fd00::1".parse::<IpAddr>().unwrap()));
    }
}
