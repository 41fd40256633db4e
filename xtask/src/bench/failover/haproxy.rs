//! An HAProxy as it comes, before four backends.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::SocketAddr;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use crate::bench::http::answers;
use crate::bench::peers::{HAPROXY, free_address};
use crate::bench::process::Process;

/// An HAProxy that runs, with the servers `s0`, `s1` … in the backend `web`.
pub(super) struct Haproxy {
    pub(super) front: SocketAddr,
    socket: PathBuf,
    _process: Process,
}

impl Haproxy {
    pub(super) fn start(backends: &[SocketAddr], dir: &Path) -> Result<Haproxy> {
        let (front, socket, config) = (free_address()?, dir.join("haproxy.sock"), dir.join("haproxy.cfg"));
        fs::write(&config, configuration(front, &socket, backends))?;
        let mut command = Command::new(HAPROXY);
        let mut process = Process::start(command.args(["-db", "-f"]).arg(&config), &dir.join("haproxy.log"))?;
        process.until("a start of HAProxy", || answers(front, "/"))?;
        Ok(Haproxy { front, socket, _process: process })
    }

    /// Where it takes orders.
    pub(super) fn socket(&self) -> String {
        self.socket.display().to_string()
    }

    /// Its word for the state of a server.
    pub(super) fn says(&self, server: &str) -> Result<String> {
        let mut stream = UnixStream::connect(&self.socket)?;
        stream.write_all(b"show stat\n")?;
        let mut csv = String::new();
        stream.read_to_string(&mut csv)?;
        let line = csv.lines().find(|line| line.starts_with(&format!("web,{server},")));
        // The 18th column (HAProxy's management.txt, 9.1).
        Ok(line.and_then(|line| line.split(',').nth(17)).unwrap_or_default().to_owned())
    }
}

/// What a careful operator sets: a request is tried again elsewhere where that can be done.
fn configuration(front: SocketAddr, socket: &Path, backends: &[SocketAddr]) -> String {
    let servers = backends.iter().enumerate();
    let servers: Vec<String> = servers.map(|(n, address)| format!("    server s{n} {address}\n")).collect();
    format!(
        "global
    stats socket {} level admin
    maxconn 1000

defaults
    mode http
    retries 3
    option redispatch 1
    retry-on all-retryable-errors
    timeout connect 1s
    timeout client 30s
    timeout server 5s
    timeout check 500ms

frontend front
    bind {front}
    default_backend web

backend web
    balance roundrobin
    option httpchk GET /
    default-server check inter 1s fall 3 rise 2
{}",
        socket.display(),
        servers.concat()
    )
}
