//! Removing a lab, by what is written in its directory: of this run, or of one that was killed.

use std::path::Path;
use std::time::Duration;

use domain::{GroupName, ProxyName};
use rustix::process::Signal;

use super::place::{Manifest, Place};
use super::process::Process;
use super::{LabError, haproxy};
use crate::{Author, ChangeError, Engine, PutBack, WithBindings};

/// A process that was killed is gone within this time.
const GONE_WITHIN: Duration = Duration::from_millis(500);

/// Something may start a process while they are being killed; they are looked for so often.
const ROUNDS_MAX: usize = 5;

/// Removes everything of the lab in this directory; nothing to do where there is none. The processes are ended whatever
/// else fails. What could not be removed stays written down.
pub(super) async fn remove(engine: &Engine, directory: &Path, author: &Author) -> Result<(), LabError> {
    let place = Place::at(directory);
    if !directory.exists() {
        return Ok(());
    }
    let manifest = place.manifest();
    // First from the board: a target whose process is ended must not look like a failure.
    let taken_off = match &manifest {
        Ok(Some(manifest)) => take_off(engine, &place, manifest, author).await,
        Ok(None) => Ok(()),
        Err(error) => {
            tracing::warn!(%error, "what an earlier lab has made cannot be read; what is on the board stays");
            Ok(())
        }
    };
    end_processes(&place).await;
    taken_off.map_err(LabError::NotRemoved)?;
    place.remove().map_err(|error| LabError::Directory(error.to_string()))
}

/// Takes proxy, bindings, groups and targets off the board.
async fn take_off(engine: &Engine, place: &Place, manifest: &Manifest, author: &Author) -> Result<(), ChangeError> {
    if let Some(proxy) = manifest.proxy.clone().filter(|proxy| is_ours(engine, place, proxy)) {
        // HAProxy itself goes, so nothing has to be put back in it.
        done(engine.delete_proxy(proxy, PutBack::LeaveOut, author.clone()).await)?;
    }
    for group in manifest.groups.iter().chain(&manifest.compared) {
        // Somebody may have bound it to a proxy of their own.
        let bindings = WithBindings::Remove(PutBack::Yes);
        if has_group(engine, group) {
            done(engine.delete_group(group.clone(), bindings, author.clone()).await)?;
        }
    }
    Ok(())
}

fn is_ours(engine: &Engine, place: &Place, proxy: &ProxyName) -> bool {
    let address = haproxy::address(place);
    engine.with_board(|board| board.proxies.get(proxy).is_some_and(|state| state.proxy.address == address))
}

fn has_group(engine: &Engine, group: &GroupName) -> bool {
    engine.with_board(|board| board.groups.contains_key(group))
}

/// What somebody else has removed meanwhile is removed.
fn done(result: Result<(), ChangeError>) -> Result<(), ChangeError> {
    match result {
        Err(ChangeError::NoSuchGroup(_) | ChangeError::NoSuchProxy(_)) => Ok(()),
        result => result,
    }
}

async fn end_processes(place: &Place) {
    for _ in 0..ROUNDS_MAX {
        let processes = Process::all(place);
        if processes.is_empty() {
            return;
        }
        for process in &processes {
            // It may have ended by itself meanwhile.
            let _ = process.signal(Signal::KILL);
        }
        for process in &processes {
            if !process.ended(GONE_WITHIN).await {
                tracing::warn!(role = ?process.role, "a process of the lab was killed and is still there");
            }
        }
    }
}
