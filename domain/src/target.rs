//! A target: host and port in a group.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::host::is_of_no_machine;
use crate::{GroupName, Host, Invalid, Problem, TargetId, clean, is_forbidden};

/// The name of a target on the screen; anything, Korean included. Empty: the address is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Label(String);

impl Label {
    /// Characters that a label may have.
    pub const MAX: usize = 64;

    /// The text without invisible characters.
    pub fn new(text: &str) -> Self {
        Self(clean(text, Self::MAX))
    }

    /// As text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A registered target.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    /// Its identity.
    pub id: TargetId,
    /// The group that it is in.
    pub group: GroupName,
    /// Its name on the screen.
    pub label: Label,
    /// Where it is.
    pub host: Host,
    /// The port on which it serves.
    pub port: u16,
}

impl Target {
    /// The name to show: the label, or else the address.
    pub fn display_name(&self) -> String {
        if self.label.as_str().is_empty() { self.address() } else { self.label.as_str().to_owned() }
    }

    /// `host:port`, with brackets around an IPv6 address.
    pub fn address(&self) -> String {
        address(&self.host, self.port)
    }
}

/// `host:port`, with brackets around an IPv6 address.
pub(crate) fn address(host: &Host, port: u16) -> String {
    match host {
        Host::Ip(ip) if ip.is_ipv6() => format!("[{ip}]:{port}"),
        host => format!("{host}:{port}"),
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.display_name())
    }
}

/// A target as somebody asks for it, valid, but not yet registered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TargetDraft {
    /// Its name on the screen.
    pub label: Label,
    /// Where it is.
    pub host: Host,
    /// The port on which it serves.
    pub port: u16,
}

impl TargetDraft {
    /// Reads the three fields of a form or of the API, or says what is wrong. An empty port means `default_port`.
    pub fn parse(host: &str, port: &str, label: &str, default_port: u16) -> Result<Self, Vec<Invalid>> {
        let mut wrong = Vec::new();
        let host = match host.parse::<Host>() {
            _ if host.trim().is_empty() => Err(Problem::Missing),
            Ok(Host::Ip(ip)) if is_of_no_machine(ip) => Err(Problem::NotAMachine(ip.to_string())),
            Ok(Host::Ip(ip)) if is_forbidden(ip) => Err(Problem::ForbiddenHost),
            Ok(host) => Ok(host),
            Err(_) if host.chars().any(|c| !c.is_ascii() && c.is_alphanumeric()) => Err(Problem::Punycode),
            Err(_) => Err(Problem::Host),
        }
        .map_err(|problem| wrong.push(Invalid::new("host", problem)));
        let port = match port.trim() {
            "" => Ok(default_port),
            text => text.parse::<u16>().ok().filter(|port| *port > 0).ok_or(Problem::Port),
        }
        .map_err(|problem| wrong.push(Invalid::new("port", problem)));
        if label.trim().chars().count() > Label::MAX {
            wrong.push(Invalid::new("label", Problem::TooLong(Label::MAX as u32)));
        }
        match (host, port) {
            (Ok(host), Ok(port)) if wrong.is_empty() => Ok(Self { label: Label::new(label), host, port }),
            _ => Err(wrong),
        }
    }

    /// `host:port`.
    pub fn address(&self) -> String {
        address(&self.host, self.port)
    }

    /// The name to show: the label, or else the address.
    pub fn display_name(&self) -> String {
        if self.label.as_str().is_empty() { self.address() } else { self.label.as_str().to_owned() }
    }
}

impl From<Target> for TargetDraft {
    fn from(Target { label, host, port, .. }: Target) -> Self {
        Self { label, host, port }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(host: &str, expected: Problem) {
        let wrong = TargetDraft::parse(host, "", "", 80).unwrap_err();
        assert_eq!(wrong, [Invalid::new("host", expected)], "{host}");
    }

    #[test]
    fn what_is_wrong_with_a_host_is_told() {
        for ip in ["0.0.0.0", "::", "224.0.0.1", "255.255.255.255", "ff02::1"] {
            check(ip, Problem::NotAMachine(ip.to_owned()));
        }
        check("169.254.169.254", Problem::ForbiddenHost);
        check("상점.example", Problem::Punycode);
        check("a b", Problem::Host);
    }
}
