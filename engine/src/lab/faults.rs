//! Breaking a server, and bringing it back.

use std::sync::Arc;
use std::time::Duration;

use domain::{LabDoing, LabFault, LabManners, Timestamp};
use rustix::process::Signal;
use tokio::time::timeout;

use super::process::Process;
use super::running::Running;
use super::{LabError, start, watch};

/// A process has so long to be as it was told.
const DONE_WITHIN: Duration = Duration::from_secs(3);

/// So often it is looked whether it is.
const LOOK_EVERY: Duration = Duration::from_millis(5);

/// Does something to a server and waits until its process is so. `note` is told the moment just before it is done.
pub(super) async fn inflict(
    running: &Arc<Running>,
    number: u8,
    fault: LabFault,
    note: impl FnOnce(Timestamp),
) -> Result<(), LabError> {
    let doing = running.doing(number).ok_or(LabError::NoSuchBackend)?;
    if !doing.takes(fault) {
        return Err(LabError::NotNow(number, doing));
    }
    tracing::info!(server = number, %fault, "a server of the lab is told");
    match doing {
        LabDoing::Gone | LabDoing::Starting => revive(running, number).await,
        LabDoing::Answering { .. } | LabDoing::Hanging { .. } => {
            let (_, process) = watch::look(&running.place, number);
            let process = process.ok_or(LabError::NotNow(number, LabDoing::Gone))?;
            note(running.clock.now());
            tell(&process, fault).map_err(|error| LabError::System(error.to_string()))?;
            let done = timeout(DONE_WITHIN, is_so(running, number, &process, fault));
            done.await.map_err(|_| LabError::NotYet(number))
        }
    }
}

async fn revive(running: &Arc<Running>, number: u8) -> Result<(), LabError> {
    let child = start::begin(running, number).map_err(|error| LabError::System(error.to_string()))?;
    match timeout(DONE_WITHIN, start::answers(running, number, &child)).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(words)) => Err(LabError::System(words)),
        Err(_) => Err(LabError::NotYet(number)),
    }
}

fn tell(process: &Process, fault: LabFault) -> std::io::Result<()> {
    match fault {
        LabFault::Kill => process.signal(Signal::KILL),
        LabFault::Stop => process.signal(Signal::TERM),
        LabFault::Hang => process.signal(Signal::STOP),
        LabFault::Answer503 => process.signal(Signal::USR1),
        LabFault::Slow => process.signal(Signal::USR2),
        LabFault::BringBack => {
            process.signal(Signal::HUP)?;
            process.signal(Signal::CONT)
        }
    }
}

async fn is_so(running: &Running, number: u8, process: &Process, fault: LabFault) {
    let wanted = |doing: LabDoing| match (fault, doing) {
        (LabFault::Hang, LabDoing::Hanging { .. }) => true,
        (LabFault::Answer503, LabDoing::Answering { manners, .. }) => manners == LabManners::With503,
        (LabFault::Slow, LabDoing::Answering { manners, .. }) => manners == LabManners::Slowly,
        (LabFault::BringBack, LabDoing::Answering { manners, .. }) => manners == LabManners::Well,
        _ => false,
    };
    if matches!(fault, LabFault::Kill | LabFault::Stop) {
        while !process.ended(DONE_WITHIN).await {}
        return;
    }
    while !wanted(watch::look(&running.place, number).0) {
        tokio::time::sleep(LOOK_EVERY).await;
    }
}
