//! HAProxy for the lab: whether it is here, its configuration, and its start.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use domain::{LabTrouble, ProxyAddress, ProxyKind};

use super::child::Child;
use super::place::Place;
use super::running::Running;
use super::{ports, register};
use crate::Engine;

/// The port on which the network load balancer listens, or the next one that is free.
const NETWORK_PORT: u16 = 8000;

/// The port on which the application load balancer listens, or the next one that is free.
const APPLICATION_PORT: u16 = 8080;

/// Somebody else may take a port before HAProxy does; then others are tried, so often.
const STARTS_MAX: usize = 5;

/// So often it is looked whether HAProxy answers.
const LOOK_EVERY: Duration = Duration::from_millis(25);

/// The network load balancer's backend.
pub(super) const NETWORK: &str = "network";
/// The application load balancer's backend for all paths but the next.
pub(super) const APPLICATION_WEB: &str = "application-web";
/// The backend in which standbys are compared: a server, and another that is its backup.
pub(super) const STANDBY: &str = "standby";
/// The application load balancer's backend for `/api/…`.
pub(super) const APPLICATION_API: &str = "application-api";

/// Where HAProxy is: at the place that was named, or where it usually is; none where it is not installed. It is in
/// `sbin`, which is not on everybody's path.
pub(super) fn find(named: Option<&Path>) -> Option<PathBuf> {
    if let Some(named) = named {
        return Some(named.to_owned()).filter(|program| program.is_file());
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    let more = ["/usr/sbin", "/usr/local/sbin", "/usr/local/bin", "/opt/homebrew/bin"].map(PathBuf::from);
    std::env::split_paths(&path).chain(more).map(|folder| folder.join("haproxy")).find(|program| program.is_file())
}

/// The command that installs HAProxy; none where it is here.
pub(super) fn missing(named: Option<&Path>) -> Option<String> {
    if find(named).is_some() {
        return None;
    }
    let tools = [
        ("/usr/bin/apt-get", "sudo apt-get install haproxy"),
        ("/usr/bin/dnf", "sudo dnf install haproxy"),
        ("/usr/bin/zypper", "sudo zypper install haproxy"),
        ("/usr/bin/pacman", "sudo pacman -S haproxy"),
        ("/sbin/apk", "sudo apk add haproxy"),
    ];
    let found = tools.into_iter().find(|(tool, _)| Path::new(tool).exists());
    Some(found.map_or("sudo apt-get install haproxy", |(_, command)| command).to_owned())
}

/// Starts HAProxy before the servers, and waits until it answers. Gives its process and its two ports.
pub(super) async fn start(
    running: &Arc<Running>,
    engine: &Engine,
    program: &Path,
    servers: &[u16],
) -> Result<(Child, [u16; 2]), LabTrouble> {
    let mut wished = [NETWORK_PORT, APPLICATION_PORT];
    let mut words = String::new();
    for _ in 0..STARTS_MAX {
        let front = choose(wished, servers).ok_or_else(|| LabTrouble::Balancer("no port is free".to_owned()))?;
        let config = config(&running.place, front, servers);
        running.place.write_haproxy_config(&config).map_err(|error| LabTrouble::Directory(error.to_string()))?;
        let file = running.place.haproxy_config();
        let arguments = [OsStr::new("-db"), OsStr::new("-f"), file.as_os_str()];
        let child = running.start(program, &arguments).map_err(|error| LabTrouble::Balancer(error.to_string()))?;
        tokio::select! {
            () = answers(engine, &running.place) => return Ok((child, front)),
            said = child.ended() => words = said,
        }
        wished = front.map(|port| port.saturating_add(1));
    }
    Err(LabTrouble::Balancer(words))
}

/// The address at which Drainboard reaches it.
pub(super) fn address(place: &Place) -> ProxyAddress {
    ProxyAddress::Unix(place.socket().to_string_lossy().into_owned())
}

async fn answers(engine: &Engine, place: &Place) {
    while engine.try_proxy(ProxyKind::Haproxy, address(place)).await.is_err() {
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

fn choose([network, application]: [u16; 2], servers: &[u16]) -> Option<[u16; 2]> {
    let network = ports::free_from(network, servers)?;
    let taken: Vec<u16> = servers.iter().copied().chain([network]).collect();
    Some([network, ports::free_from(application, &taken)?])
}

/// The configuration. `check`, its interval and thresholds are HAProxy's own and untouched by us, so that the lab shows
/// what a usual HAProxy does. Without `noreuseport` a second HAProxy would share the port unseen.
fn config(place: &Place, [network, application]: [u16; 2], servers: &[u16]) -> String {
    let socket = place.socket();
    let all: Vec<String> = (1..).zip(servers).map(|(number, port)| server_line(number, *port)).collect();
    let api: Vec<String> = register::api_servers(servers).map(|(number, port)| server_line(number, port)).collect();
    let pair = (1..).zip(servers.iter().take(2)).map(|(number, port)| {
        let line = server_line(number, *port);
        if number == 1 { line } else { format!("{} backup\n", line.trim_end()) }
    });
    let (all, api, standby) = (all.concat(), api.concat(), pair.collect::<String>());
    format!(
        "# Written by Drainboard's lab, and removed with it.
global
    stats socket '{socket}' mode 600 level admin
    maxconn 2000
    noreuseport

defaults
    timeout connect 2s
    timeout client 30s
    timeout server 30s
    default-server check inter 1s fall 3 rise 2

# Network load balancer: it knows addresses and ports.
listen {NETWORK}
    mode tcp
    bind 127.0.0.1:{network}
    balance roundrobin
{all}
# Application load balancer: it reads requests, so it can choose by path.
frontend application
    mode http
    bind 127.0.0.1:{application}
    use_backend {APPLICATION_API} if {{ path -m beg /api/ }}
    default_backend {APPLICATION_WEB}

backend {APPLICATION_WEB}
    mode http
    balance roundrobin
{all}
backend {APPLICATION_API}
    mode http
    balance roundrobin
{api}
# A server and its standby, to compare how fast a replacement is in service.
listen {STANDBY}
    mode tcp
    bind unix@'{visit}' mode 600
{standby}",
        socket = socket.display(),
        visit = place.visit_socket().display(),
    )
}

fn server_line(number: u8, port: u16) -> String {
    format!("    server server-{number} 127.0.0.1:{port}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_network_load_balancer_has_all_servers_and_the_api_its_own() {
        let text = config(&Place::at(Path::new("/data/board.db-lab")), [8000, 8080], &[8101, 8102, 8103]);
        let section =
            |name: &str| text.split("\n\n").find(|part| part.contains(name)).unwrap().matches("server-").count();
        assert_eq!(section("listen network"), 3);
        assert_eq!(section("backend application-web\n    mode"), 3);
        assert_eq!(section("backend application-api\n    mode"), 2);
        assert!(text.contains("stats socket '/data/board.db-lab/admin.sock' mode 600"), "{text}");
    }

    #[test]
    fn the_two_listeners_never_have_the_same_port() {
        let [network, application] = choose([20_500, 20_500], &[20_501]).unwrap();
        assert!(network != application && network != 20_501 && application != 20_501);
    }
}
