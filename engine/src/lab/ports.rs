//! Ports on loopback that are free now. Whoever listens on them a moment later may still fail, and then asks again.
//!
//! A server that was killed leaves its port, and a second lab on the machine would take it: the first one's targets would
//! be answered by another's server. So a lab holds the UDP socket of the same number for as long as it runs, and passes
//! over a port of which somebody else holds it.

use std::net::{Ipv4Addr, TcpListener, UdpSocket};

/// So many ports after the wished one are tried.
const TRIED_MAX: u16 = 500;

/// A port that no other lab takes while this is held.
#[derive(Debug)]
pub(super) struct Claim {
    pub(super) port: u16,
    _held: UdpSocket,
}

/// The first free port from `wished` on that is none of `taken`.
pub(super) fn free_from(wished: u16, taken: &[u16]) -> Option<u16> {
    claim_from(wished, taken).map(|claim| claim.port)
}

/// Claims the first free port from `wished` on that is none of `taken`.
pub(super) fn claim_from(wished: u16, taken: &[u16]) -> Option<Claim> {
    let wished_and_after = wished..=wished.saturating_add(TRIED_MAX);
    wished_and_after.into_iter().filter(|port| !taken.contains(port)).find_map(claim)
}

fn claim(port: u16) -> Option<Claim> {
    let held = UdpSocket::bind((Ipv4Addr::LOCALHOST, port)).ok()?;
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).ok()?;
    Some(Claim { port, _held: held })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_that_somebody_has_is_passed_over() {
        let somebody = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = somebody.local_addr().unwrap().port();
        assert!(free_from(port, &[]).is_none_or(|free| port < free));
        let first = free_from(20_000, &[]).unwrap();
        assert!(first < free_from(first, &[first]).unwrap());
    }

    #[test]
    fn a_port_that_another_lab_holds_is_passed_over_although_nobody_listens_on_it() {
        let claim = claim_from(21_000, &[]).unwrap();
        assert!(claim.port < claim_from(claim.port, &[]).unwrap().port);
        assert!(TcpListener::bind((Ipv4Addr::LOCALHOST, claim.port)).is_ok(), "its own server can listen on it");
    }
}
