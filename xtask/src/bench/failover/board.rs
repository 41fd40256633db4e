//! Drainboard as a script sees it: over its API.

use std::net::SocketAddr;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use serde_json::{Value, json};

use super::Place;
use crate::bench::http::{answers, get, post};
use crate::bench::pause::pause;
use crate::bench::peers::free_address;
use crate::bench::process::Process;

/// Nothing that is waited for takes so long.
const PATIENCE: Duration = Duration::from_secs(90);

/// A Drainboard that runs.
pub(super) struct Board {
    address: SocketAddr,
    _process: Process,
}

/// The URL of a target.
pub(super) struct Target(String);

impl Board {
    pub(super) fn start(place: &Place<'_>) -> Result<Board> {
        let address = free_address()?;
        let mut command = Command::new(place.program);
        command.arg("serve").arg("--listen").arg(address.to_string());
        command.arg("--database").arg(place.dir.join("drainboard.db"));
        let mut process = Process::start(&mut command, &place.dir.join("drainboard.log"))?;
        process.until("a start of Drainboard", || answers(address, "/livez"))?;
        Ok(Board { address, _process: process })
    }

    /// A group with these targets and settings of the check, all healthy when this returns.
    pub(super) fn group(&self, check: &Value, targets: &[SocketAddr]) -> Result<Vec<Target>> {
        let group = json!({"name": "web", "protocol": "HTTP", "port": 80, "health_check": check});
        self.post("/api/v1/target-groups", &group)?;
        let listed: Vec<_> = targets.iter().map(|it| json!({"host": it.ip().to_string(), "port": it.port()})).collect();
        self.post("/api/v1/target-groups/web/targets", &json!({"targets": listed}))?;
        let found = self.get("/api/v1/target-groups/web/targets")?;
        let of = |address: &SocketAddr| {
            let items = found["items"].as_array()?;
            let id = items.iter().find(|item| item["port"] == address.port())?["id"].as_str()?;
            Some(Target(format!("/api/v1/target-groups/web/targets/{id}")))
        };
        let targets: Vec<Target> = targets.iter().filter_map(of).collect();
        for target in &targets {
            self.until(target, "healthy", |state| state["status"] == "healthy")?;
        }
        Ok(targets)
    }

    /// Binds the backend `web` of an HAProxy, automatically.
    pub(super) fn bind(&self, socket: &str, cut_unhealthy: bool) -> Result<()> {
        self.post("/api/v1/proxies", &json!({"name": "edge", "kind": "haproxy", "address": format!("unix:{socket}")}))?;
        let settings = json!({"group": "web", "backend": "web", "mode": "automatic", "changes_per_minute": 60,
            "cut_unhealthy": cut_unhealthy});
        self.post("/api/v1/proxies/edge/bindings", &settings)?;
        Ok(())
    }

    /// Checks a target at once, whatever its interval.
    pub(super) fn check_now(&self, target: &Target) -> Result<()> {
        self.post(&format!("{}/check", target.0), &json!({})).map(|_| ())
    }

    /// Asks until the target is so, and says when it was.
    pub(super) fn until(&self, target: &Target, what: &str, is_so: impl Fn(&Value) -> bool) -> Result<Instant> {
        let began = Instant::now();
        loop {
            let state = self.get(&target.0)?;
            let now = Instant::now();
            if is_so(&state) {
                return Ok(now);
            }
            if began.elapsed() > PATIENCE {
                bail!("a target did not get {what}: {state}");
            }
            pause(Duration::from_millis(1));
        }
    }

    /// How long each order to the proxy took from the decision on, newest first.
    pub(super) fn orders(&self) -> Result<Vec<Duration>> {
        let events = self.get("/api/v1/events?limit=1000")?;
        let items = events["items"].as_array().context("no list of events")?;
        let told = items.iter().filter(|event| event["kind"] == "server_told");
        let took = told.filter_map(|event| event["took_ms"].as_f64());
        Ok(took.map(|ms| Duration::from_secs_f64(ms / 1000.0)).collect())
    }

    fn get(&self, path: &str) -> Result<Value> {
        Ok(serde_json::from_str(&get(self.address, path)?)?)
    }

    fn post(&self, path: &str, body: &Value) -> Result<Value> {
        Ok(serde_json::from_str(&post(self.address, path, &body.to_string())?)?)
    }
}
