//! Opens the connection: to the first address that answers (happy eyeballs, RFC 8305).

use std::io;
use std::net::{SocketAddr, UdpSocket};
use std::time::Duration;

use domain::{Failure, OwnFault};
use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use tokio::net::TcpStream;
use tokio::time::sleep_until;

use super::fault::Fault;
use crate::Clock;

/// An address that has not answered for so long gets company.
const STAGGER_MAX: Duration = Duration::from_millis(250);

/// Connects to the first of `addresses` that answers. The others are dropped.
pub(super) async fn first(clock: Clock, addresses: &[SocketAddr], timeout: Duration) -> Result<TcpStream, Fault> {
    match addresses {
        [only] => attempt(clock, *only).await,
        many => race(clock, many, stagger(many.len(), timeout)).await,
    }
}

/// All addresses get their chance before the deadline.
fn stagger(addresses: usize, timeout: Duration) -> Duration {
    let shares = u32::try_from(addresses).unwrap_or(u32::MAX).saturating_add(1);
    STAGGER_MAX.min(timeout / shares)
}

async fn race(clock: Clock, addresses: &[SocketAddr], stagger: Duration) -> Result<TcpStream, Fault> {
    let mut to_come = addresses.iter();
    let mut under_way = FuturesUnordered::new();
    let mut told: Option<Fault> = None;
    let mut next_at = clock.instant();
    loop {
        tokio::select! {
            biased;
            Some(result) = under_way.next() => match result {
                Ok(stream) => return Ok(stream),
                Err(fault) => {
                    told = Some(more_telling(told, fault));
                    next_at = clock.instant();
                }
            },
            () = sleep_until(next_at), if to_come.len() > 0 => {
                under_way.extend(to_come.next().map(|address| attempt(clock, *address)));
                next_at = clock.instant() + stagger;
            }
            else => return Err(told.unwrap_or(Failure::HostUnreachable.into())),
        }
    }
}

fn more_telling(told: Option<Fault>, fault: Fault) -> Fault {
    told.filter(|told| told.weight() >= fault.weight()).unwrap_or(fault)
}

async fn attempt(clock: Clock, address: SocketAddr) -> Result<TcpStream, Fault> {
    let begun = clock.instant();
    TcpStream::connect(address).await.map_err(|error| match error.kind() {
        // The system gave up before our deadline.
        io::ErrorKind::TimedOut => {
            let after = clock.instant().saturating_duration_since(begun).as_millis();
            Failure::Timeout { after_ms: u32::try_from(after).unwrap_or(u32::MAX) }.into()
        }
        io::ErrorKind::AddrNotAvailable if !has_source_for(address) => OwnFault::NoNetwork.into(),
        _ => Fault::from_io(&error),
    })
}

/// EADDRNOTAVAIL has two meanings: no port is left, or this machine has no address of that family. Connecting a UDP
/// socket sends nothing and needs no TCP port, so it fails only for the second.
fn has_source_for(address: SocketAddr) -> bool {
    let any: SocketAddr = if address.is_ipv6() { ([0u16; 8], 0).into() } else { ([0u8; 4], 0).into() };
    UdpSocket::bind(any).and_then(|socket| socket.connect(address)).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_address_gets_its_chance_before_the_deadline() {
        assert_eq!(stagger(2, Duration::from_secs(10)), STAGGER_MAX);
        assert_eq!(stagger(16, Duration::from_millis(1700)), Duration::from_millis(100));
    }

    #[test]
    fn what_the_target_said_outweighs_what_we_lack() {
        let refused = Fault::from(Failure::ConnectionRefused);
        let no_network = Fault::from(OwnFault::NoNetwork);
        assert_eq!(more_telling(Some(no_network.clone()), refused.clone()), refused);
        assert_eq!(more_telling(Some(refused.clone()), no_network), refused);
    }
}
