//! HAProxy's own health checks: one backend, no traffic, no history.

use std::fmt::Write as _;
use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use super::{FALL, Peer, RISE, Verdict, free_address};
use crate::bench::farm::PORT;
use crate::bench::options::Load;
use crate::bench::process::Process;

pub(super) const PROGRAM: &str = "/usr/sbin/haproxy";

pub(super) struct Haproxy {
    config: PathBuf,
    log: PathBuf,
    /// Where it tells its statistics.
    stats: SocketAddr,
    process: Option<Process>,
}

impl Haproxy {
    pub(super) fn prepare(load: Load, dir: &Path) -> Result<Haproxy> {
        let (config, stats) = (dir.join("haproxy.cfg"), free_address()?);
        fs::write(&config, configuration(load, stats))?;
        Ok(Haproxy { config, log: dir.join("haproxy.log"), stats, process: None })
    }

    fn show_stat(&self) -> Result<String> {
        let mut stream = TcpStream::connect(self.stats).context("HAProxy tells no statistics")?;
        stream.write_all(b"show stat\n")?;
        let mut csv = String::new();
        stream.read_to_string(&mut csv)?;
        Ok(csv)
    }
}

impl Peer for Haproxy {
    fn start(&mut self) -> Result<()> {
        let mut process = Process::start(Command::new(PROGRAM).args(["-db", "-f"]).arg(&self.config), &self.log)?;
        process.until("a start of HAProxy", || TcpStream::connect(self.stats).is_ok())?;
        self.process = Some(process);
        Ok(())
    }

    fn processes(&self) -> Vec<&Process> {
        self.process.iter().collect()
    }

    fn verdict(&self) -> Result<Verdict> {
        parse_stat(&self.show_stat()?).context("HAProxy's `show stat` is in no form that is known here")
    }

    fn stop(&mut self) -> Result<()> {
        self.process.take().map_or(Ok(()), |mut process| process.stop())
    }

    fn disk(&self) -> Result<Option<u64>> {
        Ok(None)
    }
}

fn configuration(load: Load, stats: SocketAddr) -> String {
    let (inter, timeout) = (load.interval.as_millis(), load.timeout().as_millis());
    let mut text = format!(
        "global
    stats socket {stats} level user
    maxconn 100

defaults
    mode http
    timeout client 5s
    timeout server 5s
    timeout connect {timeout}ms
    timeout check {timeout}ms

backend farm
    option httpchk GET /
    default-server check inter {inter}ms fall {FALL} rise {RISE}
"
    );
    for (index, ip) in load.addresses().enumerate() {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "    server t{index} {ip}:{PORT}");
    }
    text
}

/// Sums up the servers in the CSV of `show stat`. The columns that are read come before the first that may be quoted.
fn parse_stat(csv: &str) -> Option<Verdict> {
    let mut lines = csv.lines();
    let names: Vec<&str> = lines.next()?.trim_start_matches("# ").split(',').collect();
    let column = |wanted: &str| names.iter().position(|name| *name == wanted);
    let (svname, status, chkfail) = (column("svname")?, column("status")?, column("chkfail")?);
    let mut verdict = Verdict::default();
    for line in lines.filter(|line| !line.is_empty()) {
        let fields: Vec<&str> = line.split(',').collect();
        if matches!(*fields.get(svname)?, "FRONTEND" | "BACKEND") {
            continue;
        }
        verdict.down += u64::from(fields.get(status)?.starts_with("DOWN"));
        verdict.failed += fields.get(chkfail)?.parse::<u64>().ok()?;
    }
    Some(verdict)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn servers_are_summed_up_and_the_backend_is_not() {
        let csv = "\
# pxname,svname,status,weight,chkfail,last_chk,
farm,t0,UP,1,0,\"200, OK\",
farm,t1,DOWN 1/2,1,4,,
farm,t2,UP 2/3,1,1,,
farm,BACKEND,UP,2,,,

";
        assert_eq!(parse_stat(csv), Some(Verdict { failed: 5, down: 1 }));
        assert_eq!(parse_stat("Unknown command.\n"), None);
    }

    #[test]
    fn each_target_is_a_server() {
        let text = configuration(Load::from((2, 1)), SocketAddr::from(([127, 0, 0, 1], 9)));
        assert!(text.contains("inter 1000ms fall 3 rise 2"), "{text}");
        assert!(text.ends_with("    server t0 127.42.0.1:8188\n    server t1 127.42.0.2:8188\n"), "{text}");
    }
}
