//! The settings of a health check. Names, ranges and defaults are those of ELBv2 target groups, wider where a
//! self-hosted user needs it.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{DnsName, Host, Matcher};

/// How a target is spoken to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Protocol {
    /// HTTP/1.1 in clear text.
    Http,
    /// HTTP/1.1 over TLS.
    Https,
    /// A TCP connection that opens.
    Tcp,
}

impl Protocol {
    /// All protocols, in the order in which forms offer them.
    pub const ALL: [Self; 3] = [Self::Http, Self::Https, Self::Tcp];

    /// As ELBv2 writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Http => "HTTP",
            Self::Https => "HTTPS",
            Self::Tcp => "TCP",
        }
    }

    /// Whether requests are made, so that paths and status codes have a meaning.
    pub fn is_http(self) -> bool {
        self != Self::Tcp
    }
}

impl fmt::Display for Protocol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Protocol {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|p| p.as_str().eq_ignore_ascii_case(text.trim())).ok_or(())
    }
}

/// The method of an HTTP check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Method {
    /// Ask for the body too.
    Get,
    /// Ask for the head alone.
    Head,
}

impl Method {
    /// As it stands in a request.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Head => "HEAD",
        }
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The port that is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum CheckPort {
    /// The port on which the target serves.
    TrafficPort,
    /// Another one.
    Port(u16),
}

impl CheckPort {
    /// The port to check on a target that serves on `traffic`.
    pub fn for_traffic(self, traffic: u16) -> u16 {
        match self {
            Self::TrafficPort => traffic,
            Self::Port(port) => port,
        }
    }
}

impl fmt::Display for CheckPort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TrafficPort => f.write_str("traffic-port"),
            Self::Port(port) => port.fmt(f),
        }
    }
}

impl FromStr for CheckPort {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.trim() {
            "" | "traffic-port" => Ok(Self::TrafficPort),
            number => match number.parse() {
                Ok(0) | Err(_) => Err("give a port from 1 to 65535 or traffic-port"),
                Ok(port) => Ok(Self::Port(port)),
            },
        }
    }
}

impl TryFrom<String> for CheckPort {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<CheckPort> for String {
    fn from(port: CheckPort) -> String {
        port.to_string()
    }
}

/// A path with an optional query, as it goes into the request line: printable ASCII that begins with `/`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CheckPath(String);

impl CheckPath {
    /// As it goes into the request line.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for CheckPath {
    fn default() -> Self {
        Self("/".to_owned())
    }
}

/// ELBv2's limit for `HealthCheckPath`, in characters.
pub(crate) const PATH_MAX: usize = 1024;

impl FromStr for CheckPath {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        let printable = text.bytes().all(|b| b.is_ascii_graphic() && b != b'#');
        if text.starts_with('/') && printable && text.len() <= PATH_MAX {
            Ok(Self(text.to_owned()))
        } else {
            Err("begin the path with / and use no spaces or control characters")
        }
    }
}

impl TryFrom<String> for CheckPath {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<CheckPath> for String {
    fn from(path: CheckPath) -> String {
        path.0
    }
}

impl fmt::Display for CheckPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The value of a Host header: a host, and a port if wanted (RFC 9110 §7.2).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct HeaderHost(String);

impl HeaderHost {
    /// As it goes into the header.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for HeaderHost {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        let (host, port) = match text.rsplit_once(':') {
            Some((host, port)) if !host.contains(':') || host.ends_with(']') => (host, port.parse::<u16>().ok()),
            _ => (text, Some(1)),
        };
        match (host.parse::<Host>(), port) {
            (Ok(Host::Ip(ip)), Some(_)) if ip.is_ipv6() && !host.starts_with('[') => Ok(Self(format!("[{ip}]"))),
            (Ok(_), Some(port)) if port > 0 => Ok(Self(text.to_owned())),
            _ => Err("give a host name or address, such as shop.example or 10.0.0.5:8080"),
        }
    }
}

impl TryFrom<String> for HeaderHost {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<HeaderHost> for String {
    fn from(host: HeaderHost) -> String {
        host.0
    }
}

impl fmt::Display for HeaderHost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How many results in a row change what we believe.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Thresholds {
    /// Passes in a row that make an unhealthy target healthy (ELBv2 `HealthyThresholdCount`).
    pub rise: u8,
    /// Failures in a row that make a target unhealthy (ELBv2 `UnhealthyThresholdCount`).
    pub fall: u8,
}

/// The settings of a health check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// Whether checks are made at all.
    pub enabled: bool,
    /// How the target is asked.
    pub protocol: Protocol,
    /// On which port.
    pub port: CheckPort,
    /// Path and query of an HTTP check.
    pub path: CheckPath,
    /// Method of an HTTP check.
    pub method: Method,
    /// Host header of an HTTP check; the target's own host and port where it is not set.
    pub host: Option<HeaderHost>,
    /// The status codes that pass.
    pub matcher: Matcher,
    /// A text that must occur in the first 64 KiB of the body.
    pub body_contains: Option<String>,
    /// Whether the certificate of an HTTPS check must be valid.
    pub tls_verify: bool,
    /// The name asked for and verified in TLS; the Host header's or the target's own where it is not set.
    pub server_name: Option<Host>,
    /// From one check to the next, in milliseconds.
    pub interval_ms: u32,
    /// Deadline of a whole check, in milliseconds.
    pub timeout_ms: u32,
    /// Passes in a row that make an unhealthy target healthy.
    pub healthy_threshold: u8,
    /// Failures in a row that make a target unhealthy.
    pub unhealthy_threshold: u8,
    /// After a failure that settles nothing the next checks come so soon, in milliseconds; none: they wait for their
    /// turn. Called *fast confirm*.
    #[serde(default)]
    pub fast_interval_ms: Option<u32>,
    /// Whether one idle connection is held to each target, whose end starts a check at once.
    #[serde(default)]
    pub sentinel: bool,
}

impl Check {
    /// ELBv2's defaults for a target group of this protocol (`CreateTargetGroup`).
    pub fn default_for(protocol: Protocol) -> Self {
        Self {
            enabled: true,
            protocol,
            port: CheckPort::TrafficPort,
            path: CheckPath::default(),
            method: Method::Get,
            host: None,
            matcher: Matcher::default(),
            body_contains: None,
            tls_verify: true,
            server_name: None,
            interval_ms: 30_000,
            timeout_ms: if protocol == Protocol::Http { 6_000 } else { 10_000 },
            healthy_threshold: 5,
            unhealthy_threshold: 2,
            fast_interval_ms: None,
            sentinel: false,
        }
    }

    /// Both thresholds.
    pub fn thresholds(&self) -> Thresholds {
        Thresholds { rise: self.healthy_threshold, fall: self.unhealthy_threshold }
    }

    /// The name for SNI and certificate: as set, else the Host header's, else the target's.
    pub fn tls_name(&self, target: &Host) -> Host {
        let from_header = self.host.as_ref().and_then(|host| {
            let text = host.as_str();
            let without_port = text.rsplit_once(':').filter(|(_, port)| port.bytes().all(|b| b.is_ascii_digit()));
            without_port.map_or(text, |(host, _)| host).parse().ok()
        });
        self.server_name.clone().or(from_header).unwrap_or_else(|| target.clone())
    }
}

impl fmt::Display for DnsName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_header_takes_a_port_and_nothing_else() {
        for good in ["shop.example", "shop.example:8080", "10.0.0.5:80", "[::1]:80", "[::1]"] {
            assert_eq!(good.parse::<HeaderHost>().map(|h| h.to_string()), Ok(good.to_owned()));
        }
        assert_eq!("::1".parse::<HeaderHost>().map(|h| h.to_string()), Ok("[::1]".to_owned()));
        for bad in ["", "a b", "a\r\nX: y", "a:0", "a:99999", "a:b", "http://a"] {
            assert!(bad.parse::<HeaderHost>().is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_path_cannot_smuggle_a_header() {
        assert!("/health?deep=1".parse::<CheckPath>().is_ok());
        for bad in ["", "health", "/a b", "/a\r\nX: y", "/웹", "/a#b"] {
            assert!(bad.parse::<CheckPath>().is_err(), "{bad:?}");
        }
    }

    #[test]
    fn the_tls_name_is_the_most_particular_one() {
        let target: Host = "10.0.0.5".parse().unwrap();
        let mut check = Check::default_for(Protocol::Https);
        assert_eq!(check.tls_name(&target), target);
        check.host = Some("shop.example:8443".parse().unwrap());
        assert_eq!(check.tls_name(&target).to_string(), "shop.example");
        check.server_name = Some("other.example".parse().unwrap());
        assert_eq!(check.tls_name(&target).to_string(), "other.example");
    }
}
