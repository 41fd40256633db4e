//! Where names are looked up: the hosts file and the name servers of this machine. Read again when the files change,
//! since a laptop changes its network and a container its neighbours while we run.

use std::net::{IpAddr, SocketAddr};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use domain::DnsName;
use hickory_resolver::config::{NameServerConfig, ResolveHosts, ResolverConfig, ResolverOpts};
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::proto::op::Query;
use hickory_resolver::proto::rr::{Name, RecordType};
use hickory_resolver::system_conf::read_system_conf;
use hickory_resolver::{Hosts, TokioResolver};
use tokio::time::Instant;

use super::super::settings::NameServers;
use super::lately::Lately;
use super::lookup::FRESH_MIN;
use super::{LOCALHOST, is_localhost};
use crate::StartError;

/// So often the files are looked at, at most.
pub(super) const LOOK_EVERY: Duration = Duration::from_secs(5);
/// A name that does not exist is asked again after so long: it may just be made.
const NEGATIVE_MAX: Duration = Duration::from_secs(5);
/// However long a TTL is.
const FRESH_MAX: Duration = Duration::from_secs(3600);
/// Requests that may be under way to one server.
const REQUESTS_MAX: usize = 1024;

const FILES: [&str; 2] = ["/etc/resolv.conf", "/etc/hosts"];

/// What the files said.
pub(super) struct System {
    hosts: Hosts,
    /// None if no name server is known.
    pub(super) servers: Option<TokioResolver>,
    lately: Mutex<Lately>,
}

/// The system's settings, as new as [`LOOK_EVERY`].
pub(super) struct Source {
    read: Mutex<Read>,
    follows_files: bool,
}

struct Read {
    system: Arc<System>,
    stamps: [Option<SystemTime>; 2],
    looked_at: Instant,
}

impl Source {
    /// Reads the settings.
    pub(super) fn new(servers: NameServers, now: Instant) -> Result<Self, StartError> {
        let (system, follows_files) = match servers {
            NameServers::System => (System::read(), true),
            NameServers::These(servers) => (System::with(&servers)?, false),
        };
        let read = Read { system: Arc::new(system), stamps: stamps(), looked_at: now };
        Ok(Self { read: Mutex::new(read), follows_files })
    }

    /// The settings as they are now.
    pub(super) fn current(&self, now: Instant) -> Arc<System> {
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        if self.follows_files && now >= read.looked_at + LOOK_EVERY {
            read.looked_at = now;
            let stamps = stamps();
            if stamps != read.stamps {
                tracing::info!("the system's names changed, so they are read again");
                *read = Read { system: Arc::new(System::read()), stamps, looked_at: now };
            }
        }
        Arc::clone(&read.system)
    }
}

impl System {
    /// The addresses of a name that no server need be asked for.
    pub(super) fn without_servers(&self, name: &DnsName) -> Option<Vec<IpAddr>> {
        let written = self.in_hosts_file(name).filter(|addresses| !addresses.is_empty());
        written.or_else(|| is_localhost(name).then(|| LOCALHOST.to_vec()))
    }

    /// Which names these servers found lately.
    pub(super) fn lately(&self) -> MutexGuard<'_, Lately> {
        // Nothing in it can be half done.
        self.lately.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn in_hosts_file(&self, name: &DnsName) -> Option<Vec<IpAddr>> {
        let name = Name::from_ascii(name.as_str()).ok()?;
        let families = [RecordType::AAAA, RecordType::A].map(|family| Query::query(name.clone(), family));
        let found: Vec<_> = families.iter().filter_map(|query| self.hosts.lookup_static_host(query)).collect();
        Some(found.iter().flat_map(|lookup| lookup.answers()).filter_map(|record| record.data.ip_addr()).collect())
    }

    /// A machine without name servers can still check addresses and what its hosts file names.
    fn read() -> Self {
        let hosts = Hosts::from_system().unwrap_or_default();
        let servers = read_system_conf().and_then(|(config, options)| resolver(config, options));
        if let Err(error) = &servers {
            tracing::warn!(%error, "no name server is known, so names other than those of /etc/hosts cannot be checked");
        }
        Self { hosts, servers: servers.ok(), lately: Mutex::default() }
    }

    fn with(servers: &[SocketAddr]) -> Result<Self, StartError> {
        let config = ResolverConfig::from_name_servers(servers.iter().map(|address| server(*address)).collect());
        let servers = resolver(config, ResolverOpts::default());
        let servers = servers.map_err(|error| StartError::Probe(format!("DNS: {error}")))?;
        Ok(Self { hosts: Hosts::default(), servers: Some(servers), lately: Mutex::default() })
    }
}

type ResolverResult = Result<TokioResolver, hickory_resolver::net::NetError>;

fn resolver(config: ResolverConfig, mut options: ResolverOpts) -> ResolverResult {
    options.use_hosts_file = ResolveHosts::Never;
    options.positive_min_ttl = Some(FRESH_MIN);
    options.positive_max_ttl = Some(FRESH_MAX);
    options.negative_min_ttl = Some(FRESH_MIN);
    options.negative_max_ttl = Some(NEGATIVE_MAX);
    options.max_active_requests = REQUESTS_MAX;
    TokioResolver::builder_with_config(config, TokioRuntimeProvider::default()).with_options(options).build()
}

fn server(address: SocketAddr) -> NameServerConfig {
    let mut server = NameServerConfig::udp_and_tcp(address.ip());
    for connection in &mut server.connections {
        connection.port = address.port();
    }
    server
}

fn stamps() -> [Option<SystemTime>; 2] {
    FILES.map(|file| Path::new(file).metadata().and_then(|data| data.modified()).ok())
}

#[cfg(test)]
mod tests {
    use domain::Host;

    use super::*;

    fn check(name: &str, expected: Option<&[&str]>) {
        let mut hosts = Hosts::default();
        hosts
            .read_hosts_conf("10.0.0.7 db db.example # ours\nfd00::7 db\n127.0.0.9 here.localhost\n".as_bytes())
            .unwrap();
        let system = System { hosts, servers: None, lately: Mutex::default() };
        let Ok(Host::Name(name)) = name.parse() else { unreachable!("{name} is a name") };
        let expected = expected.map(|ips| ips.iter().map(|ip| ip.parse().unwrap()).collect());
        assert_eq!(system.without_servers(&name), expected, "{name}");
    }

    #[test]
    fn the_hosts_file_comes_first_and_localhost_is_always_here() {
        check("db", Some(&["fd00::7", "10.0.0.7"]));
        check("DB.example.", Some(&["10.0.0.7"]));
        check("here.localhost", Some(&["127.0.0.9"]));
        check("there.localhost", Some(&["::1", "127.0.0.1"]));
        check("localhost", Some(&["::1", "127.0.0.1"]));
        check("shop.example", None);
    }
}
