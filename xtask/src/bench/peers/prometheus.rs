//! Prometheus, which asks blackbox_exporter for each target.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::{Peer, Verdict, bytes_below, free_address};
use crate::bench::farm::PORT;
use crate::bench::http::{answers, get};
use crate::bench::options::Load;
use crate::bench::process::Process;

pub(super) const PROGRAM: &str = "/usr/bin/prometheus";
pub(super) const EXPORTER: &str = "/usr/bin/prometheus-blackbox-exporter";

/// The exporter keeps so much of the time that Prometheus gives it for itself.
const EXPORTER_OFFSET: Duration = Duration::from_millis(500);

/// Every scrape gives `up`; `probe_success` is 1 where it passed, 0 where it failed, and absent where the scrape failed.
const FAILED: &str = "sum(count_over_time(up[2h])) - sum(sum_over_time(probe_success[2h]))";
const DOWN: &str = "count(up == 0 or probe_success == 0)";

pub(super) struct Prometheus {
    dir: PathBuf,
    address: SocketAddr,
    exporter: SocketAddr,
    processes: Vec<Process>,
}

impl Prometheus {
    pub(super) fn prepare(load: Load, dir: &Path) -> Result<Prometheus> {
        let (address, exporter) = (free_address()?, free_address()?);
        let targets: Vec<String> = load.addresses().map(|ip| format!("http://{ip}:{PORT}/")).collect();
        fs::write(dir.join("targets.json"), json!([{"targets": targets}]).to_string())?;
        fs::write(dir.join("prometheus.yml"), scrapes(load, exporter))?;
        fs::write(dir.join("blackbox.yml"), modules(load))?;
        fs::create_dir_all(dir.join("tsdb"))?;
        Ok(Prometheus { dir: dir.to_owned(), address, exporter, processes: Vec::new() })
    }

    fn run(&mut self, program: &str, address: SocketAddr, args: &[&str]) -> Result<()> {
        let mut command = Command::new(program);
        command
            .current_dir(&self.dir)
            .args(args)
            .arg(format!("--web.listen-address={address}"))
            .arg("--log.level=warn");
        let log = self.dir.join(format!("{address}.log"));
        let mut process = Process::start(&mut command, &log)?;
        process.until(&format!("a start of {program}"), || answers(address, "/-/healthy"))?;
        self.processes.push(process);
        Ok(())
    }

    fn query(&self, query: &str) -> Result<u64> {
        let answer = get(self.address, &format!("/api/v1/query?query={}", encode(query)))?;
        parse_answer(&answer).with_context(|| format!("Prometheus did not answer {query}: {answer}"))
    }
}

impl Peer for Prometheus {
    fn start(&mut self) -> Result<()> {
        self.run(EXPORTER, self.exporter, &["--config.file=blackbox.yml"])?;
        self.run(PROGRAM, self.address, &["--config.file=prometheus.yml", "--storage.tsdb.path=tsdb"])
    }

    fn processes(&self) -> Vec<&Process> {
        self.processes.iter().collect()
    }

    fn verdict(&self) -> Result<Verdict> {
        Ok(Verdict { failed: self.query(FAILED)?, down: self.query(DOWN)? })
    }

    fn stop(&mut self) -> Result<()> {
        self.processes.iter_mut().rev().try_for_each(Process::stop)?;
        self.processes.clear();
        Ok(())
    }

    fn disk(&self) -> Result<Option<u64>> {
        bytes_below(&self.dir.join("tsdb")).map(Some)
    }
}

fn scrapes(load: Load, exporter: SocketAddr) -> String {
    // Within it the check's own timeout comes first.
    let timeout = (load.timeout() + EXPORTER_OFFSET).min(load.interval).as_millis();
    let interval = load.interval.as_millis();
    format!(
        "global: {{scrape_interval: {interval}ms, scrape_timeout: {timeout}ms}}
scrape_configs:
  - job_name: farm
    metrics_path: /probe
    params: {{module: [http]}}
    file_sd_configs: [{{files: [targets.json]}}]
    relabel_configs:
      - {{source_labels: [__address__], target_label: __param_target}}
      - {{source_labels: [__param_target], target_label: instance}}
      - {{target_label: __address__, replacement: '{exporter}'}}
"
    )
}

fn modules(load: Load) -> String {
    let timeout = load.timeout().as_millis();
    format!(
        "modules:
  http:
    prober: http
    timeout: {timeout}ms
    http: {{preferred_ip_protocol: ip4, follow_redirects: false}}
"
    )
}

fn encode(query: &str) -> String {
    query.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

/// The number in the answer to a query for one; of nothing there are none.
fn parse_answer(answer: &str) -> Option<u64> {
    let answer: Value = serde_json::from_str(answer).ok()?;
    match answer["data"]["result"].as_array()?.first() {
        None => Some(0),
        Some(series) => series["value"][1].as_str()?.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_read_and_nothing_is_zero() {
        let one = r#"{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1.5,"42"]}]}}"#;
        let none = r#"{"status":"success","data":{"resultType":"vector","result":[]}}"#;
        let wrong = r#"{"status":"error","errorType":"bad_data"}"#;
        assert_eq!([one, none, wrong].map(parse_answer), [Some(42), Some(0), None]);
    }

    #[test]
    fn the_check_times_out_before_the_scrape() {
        let exporter = SocketAddr::from(([127, 0, 0, 1], 9));
        assert!(scrapes(Load::from((1, 10)), exporter).contains("10000ms, scrape_timeout: 2500ms"));
        assert!(scrapes(Load::from((1, 1)), exporter).contains("1000ms, scrape_timeout: 1000ms"));
        assert!(modules(Load::from((1, 1))).contains("timeout: 500ms"));
    }
}
