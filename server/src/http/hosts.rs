//! The names by which this server may be asked for. A page of a foreign name that was made to point here (DNS
//! rebinding) could otherwise read and change everything.

use std::net::{IpAddr, SocketAddr};

/// The names by which this server may be asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AllowedHosts {
    listen: SocketAddr,
    further: Vec<String>,
}

impl AllowedHosts {
    /// The address itself, the names of this machine for itself, and `further` ones with or without a port.
    pub(crate) fn new(listen: SocketAddr, further: &[String]) -> Self {
        Self { listen, further: further.iter().map(|host| normal(host)).filter(|host| !host.is_empty()).collect() }
    }

    /// Whether `host`, the value of a Host header, is one of them.
    pub(crate) fn allows(&self, host: &str) -> bool {
        let host = normal(host);
        let (name, port) = split(&host);
        let is_further = self.further.iter().any(|further| *further == host || further == name);
        is_further || (port == self.listen.port() && self.is_own(name))
    }

    fn is_own(&self, name: &str) -> bool {
        match name.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>() {
            Ok(ip) if ip == self.listen.ip() => true,
            // No name stands in such a request, so none can have been made to point here.
            Ok(ip) => ip.to_canonical().is_loopback() || self.listen.ip().is_unspecified(),
            Err(_) => name == "localhost",
        }
    }
}

fn normal(host: &str) -> String {
    host.trim().trim_end_matches('.').to_ascii_lowercase()
}

/// Name and port; 80 where no port is given.
fn split(host: &str) -> (&str, u16) {
    match host.rsplit_once(':') {
        Some((name, port)) if !port.ends_with(']') => (name, port.parse().unwrap_or(0)),
        _ => (host, 80),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(listen: &str, further: &[&str], host: &str) -> bool {
        let further: Vec<String> = further.iter().map(|&host| host.to_owned()).collect();
        AllowedHosts::new(listen.parse().unwrap(), &further).allows(host)
    }

    #[test]
    fn a_server_on_loopback_answers_to_the_names_of_loopback_with_its_port() {
        for host in ["127.0.0.1:3000", "localhost:3000", "LOCALHOST:3000", "[::1]:3000"] {
            assert!(check("127.0.0.1:3000", &[], host), "{host}");
        }
        for host in ["127.0.0.1", "127.0.0.1:3001", "evil.example:3000", "localhost.evil.example:3000", "10.0.0.1:3000"]
        {
            assert!(!check("127.0.0.1:3000", &[], host), "{host}");
        }
        assert!(!check("127.0.0.1:3000", &[], ""));
    }

    #[test]
    fn further_names_are_taken_with_any_port_or_with_the_one_that_was_given() {
        assert!(check("127.0.0.1:3000", &["board.example"], "board.example"));
        assert!(check("127.0.0.1:3000", &["board.example"], "Board.Example:8443"));
        assert!(check("127.0.0.1:3000", &["board.example:8443"], "board.example:8443"));
        assert!(!check("127.0.0.1:3000", &["board.example:8443"], "board.example:9000"));
        assert!(!check("127.0.0.1:3000", &[""], ":3000"));
    }

    #[test]
    fn a_server_on_every_address_answers_to_any_address_and_to_no_foreign_name() {
        assert!(check("0.0.0.0:3000", &[], "192.168.1.10:3000"));
        assert!(check("[::]:3000", &[], "[fd00::1]:3000"));
        assert!(!check("0.0.0.0:3000", &[], "evil.example:3000"));
    }

    #[test]
    fn port_80_may_be_left_out() {
        assert!(check("127.0.0.1:80", &[], "localhost"));
    }
}
