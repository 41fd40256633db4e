//! Ports on loopback that are free now. Whoever listens on them a moment later may still fail, and then asks again.

use std::net::{Ipv4Addr, TcpListener};

/// So many ports after the wished one are tried.
const TRIED_MAX: u16 = 500;

/// The first free port from `wished` on that is none of `taken`.
pub(super) fn free_from(wished: u16, taken: &[u16]) -> Option<u16> {
    let wished_and_after = wished..=wished.saturating_add(TRIED_MAX);
    wished_and_after.into_iter().find(|port| !taken.contains(port) && is_free(*port))
}

fn is_free(port: u16) -> bool {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok()
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
}
