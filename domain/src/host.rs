//! Where a target is: an address or a DNS name.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr};
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// An IPv4 or IPv6 address or a DNS name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Host {
    /// An address.
    Ip(IpAddr),
    /// A name to be resolved before each check.
    Name(DnsName),
}

/// A DNS name in lower case: letters, digits, hyphens, underscores and dots (RFC 1035, RFC 2181).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DnsName(String);

impl DnsName {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The text names no host.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("give an IPv4 or IPv6 address or a DNS name")]
pub struct NotAHost;

impl FromStr for Host {
    type Err = NotAHost;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
        match (bare, text.parse::<IpAddr>()) {
            (Some(v6), _) => v6.parse().map(|v6| Self::Ip(IpAddr::V6(v6))).map_err(|_| NotAHost),
            (None, Ok(ip)) => Ok(Self::Ip(ip)),
            (None, Err(_)) => dns_name(text).map(Self::Name),
        }
    }
}

/// A name whose last label is a number is an address in disguise (`127.1`, `2130706433`, `0x7f.1`) and refused.
fn dns_name(text: &str) -> Result<DnsName, NotAHost> {
    let name = text.strip_suffix('.').unwrap_or(text).to_ascii_lowercase();
    let labels_are_good = name.split('.').all(is_label);
    let last = name.rsplit('.').next().unwrap_or("");
    let looks_like_a_number = last.bytes().all(|b| b.is_ascii_digit()) || last.starts_with("0x");
    if name.len() <= 253 && labels_are_good && !looks_like_a_number { Ok(DnsName(name)) } else { Err(NotAHost) }
}

fn is_label(label: &str) -> bool {
    let fits = (1..=63).contains(&label.len());
    let good = label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    fits && good && !label.starts_with('-') && !label.ends_with('-')
}

/// Whether no single machine has this address: it is nobody's, or a whole group's.
pub(crate) fn is_of_no_machine(ip: IpAddr) -> bool {
    match ip.to_canonical() {
        IpAddr::V4(v4) => v4.is_unspecified() || v4.is_multicast() || v4.is_broadcast(),
        IpAddr::V6(v6) => v6.is_unspecified() || v6.is_multicast(),
    }
}

/// Whether an address is never connected to: link-local addresses, where clouds keep their metadata services, and
/// AWS's IPv6 one; and those that no machine has. Asked again for every address that a name resolves to.
pub fn is_forbidden(ip: IpAddr) -> bool {
    const AWS_METADATA_V6: Ipv6Addr = Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254);
    match ip.to_canonical() {
        ip if is_of_no_machine(ip) => true,
        IpAddr::V4(v4) => v4.is_link_local(),
        IpAddr::V6(v6) => v6.is_unicast_link_local() || v6 == AWS_METADATA_V6,
    }
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ip(ip) => ip.fmt(f),
            Self::Name(name) => f.write_str(&name.0),
        }
    }
}

impl TryFrom<String> for Host {
    type Error = NotAHost;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Host> for String {
    fn from(host: Host) -> String {
        host.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(text: &str, expected: Option<&str>) {
        assert_eq!(text.parse::<Host>().ok().map(|h| h.to_string()).as_deref(), expected, "{text:?}");
    }

    #[test]
    fn addresses_and_names() {
        check("10.0.0.5", Some("10.0.0.5"));
        check("[::1]", Some("::1"));
        check("2001:DB8::1", Some("2001:db8::1"));
        check("Web-1.Example.", Some("web-1.example"));
        check("my_service", Some("my_service"));
    }

    #[test]
    fn disguised_and_hostile_hosts_are_refused() {
        for text in [
            "",
            ".",
            "127.1",
            "2130706433",
            "0x7f.1",
            "a..b",
            "-a",
            "a b",
            "a@b",
            "http://a",
            "<b>",
            "[1.2.3.4]",
            "a/b",
            "웹",
        ] {
            check(text, None);
        }
    }

    #[test]
    fn metadata_services_are_never_reached() {
        for text in ["169.254.169.254", "::ffff:169.254.169.254", "fe80::1", "fd00:ec2::254", "0.0.0.0", "::"] {
            assert!(is_forbidden(text.parse().unwrap()), "{text}");
        }
        for text in ["127.0.0.1", "::1", "10.0.0.1", "fd00::1", "192.0.2.1"] {
            assert!(!is_forbidden(text.parse().unwrap()), "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_printed_parses_to_the_same(text in "[a-zA-Z0-9.:_-]{1,40}") {
            if let Ok(host) = text.parse::<Host>() {
                prop_assert_eq!(host.to_string().parse::<Host>(), Ok(host));
            }
        }
    }
}
