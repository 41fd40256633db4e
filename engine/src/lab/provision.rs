//! Setting a lab up, step by step. Each thing is written down before it is made.

use std::sync::Arc;
use std::time::Duration;

use domain::{LAB_BACKENDS, LabStep, LabTrouble};
use tokio::time::timeout;

use super::child::Child;
use super::place::Manifest;
use super::running::Running;
use super::{client, faults, haproxy, ports, register};
use crate::{Author, Engine};

/// A step that takes longer will not be done.
const STEP_MAX: Duration = Duration::from_secs(30);

/// The port of the first server, or the next one that is free; the others follow.
const FIRST_SERVER_PORT: u16 = 8101;

/// Somebody else may take a port before a server does; then another is tried, so often.
const STARTS_MAX: usize = 20;

/// Sets the lab up.
pub(super) async fn provision(running: &Arc<Running>, engine: &Engine, author: Author) -> Result<(), LabTrouble> {
    running.place.make().map_err(directory)?;
    let haproxy = haproxy::find(running.config.haproxy.as_deref());
    let mut manifest = register::choose_names(engine, haproxy.is_some())?;

    within(running, LabStep::Servers, start_servers(running, &mut manifest)).await?;
    if let Some(program) = haproxy {
        let start = haproxy::start(running, engine, &program, &manifest.ports);
        let haproxy = within(running, LabStep::Balancer, start).await?;
        running.learn(|facts| facts.haproxy = Some(haproxy));
        running.look();
    }
    let targets =
        within(running, LabStep::Registration, register::register(running, engine, &manifest, author)).await?;
    running.learn(|facts| facts.targets = targets);
    client::begin(running);
    within(running, LabStep::FirstChecks, async {
        register::all_are_healthy(engine, &manifest).await;
        client::first_answer(running).await;
        Ok(())
    })
    .await
}

async fn within<T>(
    running: &Running,
    step: LabStep,
    work: impl Future<Output = Result<T, LabTrouble>>,
) -> Result<T, LabTrouble> {
    running.step(step);
    timeout(STEP_MAX, work).await.unwrap_or(Err(LabTrouble::Late(step)))
}

async fn start_servers(running: &Arc<Running>, manifest: &mut Manifest) -> Result<(), LabTrouble> {
    let mut wished = FIRST_SERVER_PORT;
    for number in 1..=LAB_BACKENDS {
        let mut words = String::new();
        let mut is_up = false;
        for _ in 0..STARTS_MAX {
            let port = ports::free_from(wished, &[]);
            let port = port.ok_or_else(|| LabTrouble::Server(number, "no port is free".to_owned()))?;
            wished = port.saturating_add(1);
            if let Some(place) = manifest.ports.get_mut(usize::from(number - 1)) {
                *place = port;
            }
            match start_server(running, manifest, number).await? {
                Ok(()) => is_up = true,
                Err(said) => words = said,
            }
            if is_up {
                break;
            }
        }
        if !is_up {
            return Err(LabTrouble::Server(number, words));
        }
    }
    Ok(())
}

/// Starts a server on the port that the manifest gives it; its last words if it does not stay.
async fn start_server(
    running: &Arc<Running>,
    manifest: &Manifest,
    number: u8,
) -> Result<Result<(), String>, LabTrouble> {
    running.place.write_manifest(manifest).map_err(directory)?;
    running.learn(|facts| facts.manifest = Some(manifest.clone()));
    let child: Child = faults::start(running, number).map_err(|error| LabTrouble::Server(number, error.to_string()))?;
    Ok(faults::answers(running, number, &child).await)
}

fn directory(error: std::io::Error) -> LabTrouble {
    LabTrouble::Directory(error.to_string())
}
