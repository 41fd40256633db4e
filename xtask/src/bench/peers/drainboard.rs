//! Drainboard as people run it: history on disk, and one browser that looks.

use std::fs;
use std::io::{self, BufRead as _, BufReader, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;

use anyhow::{Context, Result, bail};
use serde_json::json;

use super::{FALL, Peer, RISE, Verdict, bytes_below, free_address};
use crate::bench::farm::PORT;
use crate::bench::http::{answers, get, post};
use crate::bench::options::Load;
use crate::bench::process::Process;
use crate::workspace::{Profile, Workspace};

/// The API takes no more in one request.
const REGISTERED_AT_ONCE: usize = 500;

/// How the targets are registered.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Filling {
    /// So many targets are in a group.
    pub(crate) group: usize,
    pub(crate) fall: u8,
    pub(crate) rise: u8,
}

impl Filling {
    /// As all checkers are compared.
    pub(crate) const COMPARED: Filling = Filling { group: 100, fall: FALL, rise: RISE };
}

pub(crate) struct Drainboard {
    program: PathBuf,
    address: SocketAddr,
    /// The directory of the database, and of nothing else.
    data: PathBuf,
    log: PathBuf,
    process: Option<Process>,
}

impl Drainboard {
    /// Registers the targets over the API and stops again, so that what is measured starts with all of them.
    pub(crate) fn prepare(workspace: &Workspace, load: Load, filling: Filling, dir: &Path) -> Result<Drainboard> {
        let data = dir.join("data");
        fs::create_dir_all(&data)?;
        let program = workspace.server_binary(Profile::Release);
        let mut drainboard =
            Drainboard { program, address: free_address()?, data, log: dir.join("drainboard.log"), process: None };
        drainboard.run()?;
        fill(drainboard.address, load, filling)?;
        drainboard.stop()?;
        Ok(drainboard)
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its data file.
    pub(crate) fn database(&self) -> PathBuf {
        self.data.join("drainboard.db")
    }

    /// Another call of the program.
    pub(crate) fn command(&self) -> Command {
        Command::new(&self.program)
    }

    /// Its process was killed.
    pub(crate) fn forget(&mut self) {
        self.process = None;
    }

    /// Starts to check; nobody looks.
    pub(crate) fn run(&mut self) -> Result<()> {
        let mut command = self.command();
        command.arg("serve").arg("--listen").arg(self.address.to_string());
        command.arg("--database").arg(self.database());
        let mut process = Process::start(&mut command, &self.log)?;
        process.until("a start of Drainboard", || answers(self.address, "/livez"))?;
        self.process = Some(process);
        Ok(())
    }
}

impl Peer for Drainboard {
    fn start(&mut self) -> Result<()> {
        self.run()?;
        let address = self.address;
        thread::spawn(move || watch(address));
        Ok(())
    }

    fn processes(&self) -> Vec<&Process> {
        self.process.iter().collect()
    }

    fn verdict(&self) -> Result<Verdict> {
        Ok(parse_metrics(&get(self.address, "/metrics")?))
    }

    fn stop(&mut self) -> Result<()> {
        self.process.take().map_or(Ok(()), |mut process| process.stop())
    }

    fn disk(&self) -> Result<Option<u64>> {
        bytes_below(&self.data).map(Some)
    }
}

fn fill(address: SocketAddr, load: Load, filling: Filling) -> Result<()> {
    let addresses: Vec<Ipv4Addr> = load.addresses().collect();
    for (index, addresses) in addresses.chunks(filling.group).enumerate() {
        let check = json!({
            "interval_ms": load.interval.as_millis(), "timeout_ms": load.timeout().as_millis(),
            "unhealthy_threshold": filling.fall, "healthy_threshold": filling.rise,
        });
        let name = format!("farm-{index}");
        let group = json!({"name": name, "protocol": "HTTP", "port": PORT, "health_check": check});
        post(address, "/api/v1/target-groups", &group.to_string())?;
        let targets: Vec<_> = addresses.iter().map(|ip| json!({"host": ip.to_string(), "port": PORT})).collect();
        let path = format!("/api/v1/target-groups/{name}/targets");
        for targets in targets.chunks(REGISTERED_AT_ONCE) {
            post(address, &path, &json!({"targets": targets}).to_string())?;
        }
    }
    Ok(())
}

/// Follows the live stream as the page of all groups does, until there is no server any more.
fn watch(address: SocketAddr) {
    while let Ok(place) = place(address) {
        if let Ok(mut stream) = stream(address, &format!("{place}&of=overview")) {
            let _ = io::copy(&mut stream, &mut io::sink());
        }
    }
}

/// Where the board is now, as a page knows it from its HTML: here the first tick tells it.
pub(crate) fn place(address: SocketAddr) -> Result<String> {
    let lines = BufReader::new(stream(address, "")?).lines();
    for line in lines {
        if let Some(tick) = line?.strip_prefix("data: ") {
            let tick: serde_json::Value = serde_json::from_str(tick)?;
            return Ok(format!("?after={}&boot={}", tick["number"], tick["boot"]));
        }
    }
    bail!("the stream ended without a tick")
}

fn stream(address: SocketAddr, place: &str) -> Result<TcpStream> {
    let mut stream = TcpStream::connect(address).context("no server")?;
    let request = format!("GET /live{place} HTTP/1.1\r\nHost: {address}\r\nAccept: text/event-stream\r\n\r\n");
    stream.write_all(request.as_bytes())?;
    Ok(stream)
}

fn parse_metrics(text: &str) -> Verdict {
    let mut verdict = Verdict::default();
    for line in text.lines() {
        let Some((series, value)) = line.rsplit_once(' ') else { continue };
        let value = value.parse().unwrap_or(0);
        let is_one_of = |labels: [&str; 2]| labels.iter().any(|label| series.contains(label));
        if series.starts_with("drainboard_targets{") && is_one_of(["status=\"unhealthy\"", "status=\"unavailable\""]) {
            verdict.down += value;
        }
        if series.starts_with("drainboard_checks_total{") && is_one_of(["result=\"fail\"", "result=\"unknown\""]) {
            verdict.failed += value;
        }
    }
    verdict
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_well_is_summed_over_all_groups() {
        let text = "\
# HELP drainboard_targets Targets by group and status.
drainboard_targets{group=\"a\",status=\"healthy\"} 98
drainboard_targets{group=\"a\",status=\"unhealthy\"} 2
drainboard_targets{group=\"b\",status=\"unavailable\"} 1
drainboard_checks_total{result=\"pass\"} 4000
drainboard_checks_total{result=\"fail\"} 7
drainboard_checks_total{result=\"unknown\"} 3
";
        assert_eq!(parse_metrics(text), Verdict { failed: 10, down: 3 });
    }
}
