//! A lab of a program under test, and what is left of it.

use std::path::{Path, PathBuf};

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::program::{Place, Program, eventually};

/// A program with a lab. Processes that a failed test leaves are ended.
pub(crate) struct LabWorld {
    pub(crate) place: Place,
    pub(crate) program: Program,
    traces: Traces,
}

/// The directory of a lab and its processes.
pub(crate) struct Traces(PathBuf);

impl LabWorld {
    /// A program whose lab is active and sends so many requests a second.
    pub(crate) async fn start(rate_per_s: u32) -> Self {
        let place = Place::new();
        let (program, traces) = (place.start(), Traces::beside(&place.database()));
        let world = Self { place, program, traces };
        let (status, _) = world.program.send(Method::POST, "/api/v1/lab", json!({"rate_per_s": rate_per_s})).await;
        assert_eq!(status, StatusCode::ACCEPTED);
        world.active().await;
        world
    }

    /// Waits until the lab is active.
    pub(crate) async fn active(&self) -> Value {
        self.until("the lab is active", |lab| lab["state"] == "active").await
    }

    /// Waits until the lab is so.
    pub(crate) async fn until(&self, what: &str, holds: impl Fn(&Value) -> bool) -> Value {
        eventually(what, || async {
            let lab = self.program.json("/api/v1/lab").await;
            assert_ne!(lab["state"], "failed", "{lab}");
            holds(&lab).then_some(lab)
        })
        .await
    }

    /// What a server does.
    pub(crate) async fn server(&self, number: usize) -> Value {
        self.program.json("/api/v1/lab").await["backends"][number - 1].clone()
    }

    /// Does something to a server.
    pub(crate) async fn inflict(&self, number: usize, fault: &str) -> (StatusCode, Value) {
        self.program.send(Method::POST, &format!("/api/v1/lab/backends/{number}/{fault}"), json!({})).await
    }

    /// The path of the target that a server is in the group of all.
    pub(crate) async fn target(&self, number: usize) -> String {
        let id = self.server(number).await["target"].as_str().unwrap().to_owned();
        format!("/api/v1/target-groups/lab-web/targets/{id}")
    }

    pub(crate) fn traces(&self) -> &Traces {
        &self.traces
    }

    /// The program is gone, the rest stays.
    pub(crate) fn kill_program(self) -> (Place, Traces) {
        self.program.kill();
        (self.place, self.traces)
    }

    /// The program is asked to stop.
    pub(crate) async fn stop_program(self) -> (Place, Traces) {
        assert!(self.program.stop().await.success());
        (self.place, self.traces)
    }
}

impl Traces {
    /// Those of the lab of this data file.
    pub(crate) fn beside(database: &Path) -> Self {
        let mut name = database.to_owned().into_os_string();
        name.push("-lab");
        Self(name.into())
    }

    pub(crate) fn directory(&self) -> &Path {
        &self.0
    }

    /// The processes in whose command line the directory stands.
    pub(crate) fn processes(&self) -> Vec<u32> {
        let directory = self.0.to_str().unwrap();
        let entries =
            std::fs::read_dir("/proc").unwrap().filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        let pids = entries.filter_map(|name| name.parse().ok());
        let is_of_lab = |pid: &u32| {
            let words = std::fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
            String::from_utf8_lossy(&words).contains(directory)
        };
        pids.filter(is_of_lab).collect()
    }
}

impl Drop for Traces {
    fn drop(&mut self) {
        for pid in self.processes() {
            signal("KILL", pid);
        }
    }
}

/// Sends a signal as a person in a terminal does.
pub(crate) fn signal(name: &str, pid: u32) {
    shell(&format!("kill -s {name} {pid}"));
}

/// Runs a command as a person in a terminal does, and does not wait for what it leaves in the background.
pub(crate) fn shell(command: &str) {
    let mut shell = std::process::Command::new("sh");
    shell.args(["-c", command]).stdin(std::process::Stdio::null()).stdout(std::process::Stdio::null());
    shell.stderr(std::process::Stdio::null()).status().unwrap();
}
