//! A proxy: a load balancer that we talk to, and what it says about its own servers.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::ids::NotAGroupName;
use crate::tagged::read_tagged;
use crate::{GroupName, Problem, Timestamp};

/// A proxy is looked at so often, in milliseconds.
pub const PROXY_LOOK_MS: u64 = 1_000;

/// The name of a proxy; the same characters as the name of a group, so that it can stand in every URL.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ProxyName(GroupName);

impl ProxyName {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl FromStr for ProxyName {
    type Err = NotAGroupName;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

impl fmt::Display for ProxyName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The kinds of proxies that we can talk to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ProxyKind {
    /// HAProxy, by its runtime API.
    Haproxy,
    /// Caddy, by its admin API.
    Caddy,
}

/// What can be observed of a proxy, and what a drain is worth in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Capabilities {
    /// It tells how many sessions a server has, also while it drains.
    pub sessions_observable: bool,
    /// Clients that stick to a server still reach it while it drains.
    pub drain_keeps_sticky: bool,
    /// A drain outlasts a reload of the proxy.
    pub survives_reload: bool,
    /// It tells what its own checks say of a server.
    pub reports_own_health: bool,
}

impl ProxyKind {
    /// All kinds.
    pub const ALL: [Self; 2] = [Self::Haproxy, Self::Caddy];

    /// The API's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Haproxy => "haproxy",
            Self::Caddy => "caddy",
        }
    }

    /// Its name as its makers write it.
    pub fn title(self) -> &'static str {
        match self {
            Self::Haproxy => "HAProxy",
            Self::Caddy => "Caddy",
        }
    }

    /// What can be observed of it, and what a drain is worth in it.
    pub fn capabilities(self) -> Capabilities {
        match self {
            // `set server … state drain` is forgotten by a reload and lets persistent connections in (management.txt §9.3).
            Self::Haproxy => Capabilities {
                sessions_observable: true,
                drain_keeps_sticky: true,
                survives_reload: false,
                reports_own_health: true,
            },
            // An upstream that left the configuration is not counted any more (caddy#7277). A change by the admin API is
            // autosaved, but `caddy reload` with a Caddyfile takes its place.
            Self::Caddy => Capabilities {
                sessions_observable: false,
                drain_keeps_sticky: false,
                survives_reload: false,
                reports_own_health: false,
            },
        }
    }
}

impl fmt::Display for ProxyKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for ProxyKind {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|kind| kind.as_str().eq_ignore_ascii_case(text)).ok_or(())
    }
}

/// Where a proxy listens for us: `unix:/path`, `tcp://host:port` or `http://host:port`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum ProxyAddress {
    /// A Unix socket, by its absolute path.
    Unix(String),
    /// `host:port` of a TCP socket that speaks the runtime API.
    Tcp(String),
    /// `host:port` of an HTTP server.
    Http(String),
}

/// Bytes of a path of a Unix socket (`sun_path` without its end).
const UNIX_PATH_MAX: usize = 107;

impl ProxyAddress {
    /// Whether a proxy of this kind can be reached in this way.
    pub fn goes_with(&self, kind: ProxyKind) -> bool {
        match self {
            Self::Unix(_) | Self::Tcp(_) => kind == ProxyKind::Haproxy,
            Self::Http(_) => kind == ProxyKind::Caddy,
        }
    }
}

impl FromStr for ProxyAddress {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        let text = text.trim();
        let path = text.strip_prefix("unix:").or_else(|| text.starts_with('/').then_some(text));
        if let Some(path) = path {
            let is_good = path.starts_with('/') && path.len() <= UNIX_PATH_MAX && !path.contains(char::is_control);
            return if is_good { Ok(Self::Unix(path.to_owned())) } else { Err(Problem::ProxyAddress) };
        }
        let (make, rest): (fn(String) -> Self, &str) = match text.split_once("://") {
            Some(("tcp", rest)) => (Self::Tcp, rest),
            Some(("http", rest)) => (Self::Http, rest.strip_suffix('/').unwrap_or(rest)),
            _ => return Err(Problem::ProxyAddress),
        };
        host_and_port(rest).map(make).ok_or(Problem::ProxyAddress)
    }
}

/// `host:port` in one way of writing.
fn host_and_port(text: &str) -> Option<String> {
    let (host, port) = text.rsplit_once(':')?;
    if host.contains(':') != host.starts_with('[') {
        return None;
    }
    let host: crate::Host = host.parse().ok()?;
    // What answers there is shown, and clouds keep their secrets at such addresses.
    if matches!(host, crate::Host::Ip(ip) if crate::is_forbidden(ip)) {
        return None;
    }
    let port: u16 = port.parse().ok().filter(|port| *port > 0)?;
    Some(crate::target::address(&host, port))
}

impl TryFrom<String> for ProxyAddress {
    type Error = Problem;

    fn try_from(text: String) -> Result<Self, Problem> {
        text.parse()
    }
}

impl From<ProxyAddress> for String {
    fn from(address: ProxyAddress) -> String {
        address.to_string()
    }
}

impl fmt::Display for ProxyAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unix(path) => write!(f, "unix:{path}"),
            Self::Tcp(place) => write!(f, "tcp://{place}"),
            Self::Http(place) => write!(f, "http://{place}"),
        }
    }
}

/// A proxy that we talk to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proxy {
    /// Its name here; it never changes.
    pub name: ProxyName,
    /// What it is.
    pub kind: ProxyKind,
    /// Where it listens for us.
    pub address: ProxyAddress,
}

/// The proxy's own name of a backend. In Caddy the `@id` of the handler, else its place (`srv0/routes/0/handle/0`).
pub type BackendName = String;

/// The proxy's own name of a server. In Caddy its `dial`.
pub type ServerName = String;

/// What a proxy says, all of it, at one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProxyLook {
    /// Its version.
    pub version: String,
    /// Differs after every start and reload that forgets what was set; empty where that cannot be told.
    pub instance: String,
    /// Its backends in its own order.
    pub backends: Vec<BackendView>,
    /// Something about it that a person must know, in English (old versions and their traps).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<ProxyWarning>,
}

/// Something about a proxy that a person must know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProxyWarning {
    /// The socket is not of level admin: nothing can be changed through it.
    ReadOnly,
    /// Every change closes all WebSockets: a handler has no `stream_close_delay`, which Caddy knows since 2.7
    /// (caddy#5567).
    ClosesWebSockets,
}

/// A backend as its proxy tells it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackendView {
    /// The proxy's name of it.
    pub name: BackendName,
    /// Its servers in the proxy's order.
    pub servers: Vec<ServerView>,
}

/// A server as its proxy tells it. What the proxy does not tell is none, never zero.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServerView {
    /// The proxy's name of it.
    pub name: ServerName,
    /// `host:port`, where the proxy knows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// The proxy's word for its state, as it gives it (`UP`, `DOWN 1/3`, `MAINT`, …).
    pub says: String,
    /// What the proxy's own checks lead it to believe; none where it does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_up: Option<bool>,
    /// What was asked of the proxy for this server.
    pub admin: Admin,
    /// Its weight.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weight: Option<u32>,
    /// It serves only when no other does.
    #[serde(default)]
    pub backup: bool,
    /// Sessions that are open now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sessions: Option<u64>,
    /// Requests that wait for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub queue: Option<u64>,
    /// Sessions that it ever had.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sessions_total: Option<u64>,
    /// Connections and answers that failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub errors: Option<u64>,
    /// Requests that were tried again or given to another server.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retries: Option<u64>,
    /// Answers with a status of 500 and above, where the proxy understands HTTP.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answers_5xx: Option<u64>,
    /// The proxy's last check of it, in its words (`L4CON in 0 ms: Connection refused`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_check: Option<String>,
}

/// What was asked of a proxy for a server.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Admin {
    /// What holds now.
    pub state: AdminState,
    /// Who asked for it; none when ready.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<AdminCause>,
}

impl Admin {
    /// In service.
    pub const READY: Self = Self { state: AdminState::Ready, cause: None };

    /// Out of service by a command.
    pub fn forced(state: AdminState) -> Self {
        Self { state, cause: Some(AdminCause::Forced) }
    }
}

/// Whether a proxy may use a server.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AdminState {
    /// It may.
    #[default]
    Ready,
    /// No new sessions but sticky ones; its checks go on.
    Drain,
    /// Not at all; its checks stopped.
    Maint,
    /// It is not in the proxy's list.
    Absent,
}

impl AdminState {
    /// The API's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::Drain => "drain",
            Self::Maint => "maint",
            Self::Absent => "absent",
        }
    }
}

/// Who asked a proxy to leave a server out (HAProxy `srv_admin_state`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AdminCause {
    /// A command (`FMAINT`, `FDRAIN`).
    Forced,
    /// Another server that this one tracks (`IMAINT`, `IDRAIN`).
    Inherited,
    /// The proxy's configuration (`CMAINT`), or a name that does not resolve (`RMAINT`).
    Config,
}

/// How our connection to a proxy is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "is")]
pub enum Link {
    /// It was not tried since Drainboard started.
    #[default]
    Untried,
    /// It answers.
    Reachable {
        /// Since then.
        since: Timestamp,
    },
    /// It does not answer, or not as it should.
    Unreachable {
        /// Since then.
        since: Timestamp,
        /// Why, and what to do about it.
        why: String,
    },
}

read_tagged! {
    Link { Untried {} Reachable { since } Unreachable { since, why } }
    with { since: Timestamp, why: String }
}

impl Link {
    /// Whether the proxy answers.
    pub fn is_up(&self) -> bool {
        matches!(self, Self::Reachable { .. })
    }

    /// Since when it is as it is.
    pub fn since(&self) -> Option<Timestamp> {
        match self {
            Self::Untried => None,
            Self::Reachable { since } | Self::Unreachable { since, .. } => Some(*since),
        }
    }
}

/// What a proxy is told about a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// Take it back into service.
    Ready,
    /// Give it no new sessions.
    Drain,
    /// Stop using it: for a server that the proxy holds down, which it will not drain.
    Maint,
    /// Close the sessions that it still has.
    Cut,
}

impl Order {
    /// The API's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::Drain => "drain",
            Self::Maint => "maint",
            Self::Cut => "cut",
        }
    }
}

/// What was asked of a proxy, and what it answered. Both are cleaned and cut, and secrets are taken out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TranscriptLine {
    /// When it was asked.
    pub at: Timestamp,
    /// What was asked.
    pub asked: String,
    /// What the proxy answered, or why no answer came.
    pub answered: String,
    /// Microseconds from asking to the end of the answer.
    pub took_us: u32,
    /// It answered as it should.
    pub ok: bool,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(text: &str, expected: Option<&str>) {
        let parsed = text.parse::<ProxyAddress>().ok().map(|address| address.to_string());
        assert_eq!(parsed.as_deref(), expected, "{text:?}");
    }

    #[test]
    fn addresses_of_proxies() {
        check("unix:/run/haproxy/admin.sock", Some("unix:/run/haproxy/admin.sock"));
        check(" /run/haproxy/admin.sock ", Some("unix:/run/haproxy/admin.sock"));
        check("unix:relative.sock", None);
        check("tcp://127.0.0.1:9999", Some("tcp://127.0.0.1:9999"));
        check("http://localhost:2019/", Some("http://localhost:2019"));
        check("http://[::1]:2019", Some("http://[::1]:2019"));
        check("http://::1:2019", None);
        check("http://localhost", None);
        check("https://localhost:2019", None);
        check("http://user@localhost:2019", None);
        check("http://localhost:2019/config", None);
        check("tcp://127.0.0.1:0", None);
        check("http://169.254.169.254:80", None);
        check("", None);
        check(&format!("/{}", "a".repeat(200)), None);
    }

    proptest! {
        #[test]
        fn an_address_that_is_printed_parses_to_the_same(text in "(unix:/|tcp://|http://)[a-z0-9.:/]{1,20}(:[0-9]{1,5})?") {
            if let Ok(address) = text.parse::<ProxyAddress>() {
                prop_assert_eq!(address.to_string().parse::<ProxyAddress>(), Ok(address));
            }
        }
    }
}
