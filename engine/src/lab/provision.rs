//! Setting a lab up, step by step. Each thing is written down before it is made.

use std::sync::Arc;
use std::time::Duration;

use domain::{LAB_BACKENDS, LabStep, LabTrouble};
use tokio::time::timeout;

use super::place::Manifest;
use super::running::Running;
use super::{client, haproxy, register, start};
use crate::{Author, Engine};

/// A step that takes longer will not be done.
const STEP_MAX: Duration = Duration::from_secs(30);

/// The port of the first server, or the next one that is free; the others follow.
const FIRST_SERVER_PORT: u16 = 8101;

/// Sets the lab up.
pub(super) async fn provision(running: &Arc<Running>, engine: &Engine, author: Author) -> Result<(), LabTrouble> {
    running.place.make().map_err(|error| LabTrouble::Directory(error.to_string()))?;
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
        wished = start::on_free_port(running, manifest, number, wished).await?;
    }
    Ok(())
}
