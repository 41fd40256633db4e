//! Starting the processes of the servers.

use std::ffi::OsStr;
use std::sync::Arc;
use std::time::Duration;

use domain::LabTrouble;

use super::child::Child;
use super::place::Manifest;
use super::process::SERVER_COMMAND;
use super::running::Running;
use super::{ports, watch};

/// Somebody else may take a port before a server does; then another is tried, so often.
const STARTS_MAX: usize = 20;

/// So often it is looked whether a server answers.
const LOOK_EVERY: Duration = Duration::from_millis(5);

/// Starts a server on the first port from `wished` on that it gets, and waits until it answers. Gives the port after that.
pub(super) async fn on_free_port(
    running: &Arc<Running>,
    manifest: &mut Manifest,
    number: u8,
    mut wished: u16,
) -> Result<u16, LabTrouble> {
    let mut words = "no port is free".to_owned();
    for _ in 0..STARTS_MAX {
        let Some(claim) = ports::claim_from(wished, &[]) else { break };
        let port = claim.port;
        wished = port.saturating_add(1);
        manifest.set_port(number, port);
        running.place.write_manifest(manifest).map_err(|error| LabTrouble::Directory(error.to_string()))?;
        running.learn(|facts| facts.manifest = Some(manifest.clone()));
        let child = begin(running, number).map_err(|error| LabTrouble::Server(number, error.to_string()))?;
        match answers(running, number, &child).await {
            Ok(()) => {
                running.learn(|facts| facts.claims.push(claim));
                return Ok(wished);
            }
            Err(said) => words = said,
        }
    }
    Err(LabTrouble::Server(number, words))
}

/// Starts a process for a server, on the port that the manifest gives it.
pub(super) fn begin(running: &Arc<Running>, number: u8) -> std::io::Result<Child> {
    running.learn(|facts| facts.set_starting(number, true));
    let text = number.to_string();
    let arguments = [OsStr::new(SERVER_COMMAND), OsStr::new(&text), running.place.directory().as_os_str()];
    let child = running.start(&running.config.program, &arguments);
    if child.is_err() {
        running.learn(|facts| facts.set_starting(number, false));
    }
    child
}

/// Waits until a process that was started answers; its last words if it ends instead.
pub(super) async fn answers(running: &Running, number: u8, child: &Child) -> Result<(), String> {
    let answers = async {
        while watch::look(&running.place, number).0.pid() != Some(child.pid) {
            tokio::time::sleep(LOOK_EVERY).await;
        }
    };
    let result = tokio::select! {
        () = answers => Ok(()),
        words = child.ended() => Err(words),
    };
    running.learn(|facts| facts.set_starting(number, false));
    running.look();
    result
}
