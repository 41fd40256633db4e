//! The lab: three server processes, a real HAProxy before them, and a client that sends requests, all on loopback.
//!
//! What it registers goes through the verbs that a user has. What it starts are processes of their own, so that they can
//! be killed from a terminal: they outlive a Drainboard that is killed, and the next start finds and removes them by
//! their exact command lines (`process`), together with everything that the manifest in the lab's directory names
//! (`place`).

mod backend;
mod child;
mod client;
mod compare;
mod error;
mod facts;
mod faults;
mod follower;
mod haproxy;
mod ledger;
mod place;
mod ports;
mod process;
mod provision;
mod register;
mod removal;
mod running;
mod start;
mod visit;
mod watch;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use domain::{
    GroupName, LAB_RATE_MAX, LAB_STARTER, LabFault, LabRequest, LabStage, LabTrouble, LabView, StarterName, StarterRun,
    TargetId, Timestamp,
};
use tokio::sync::watch as channel;

use crate::{Author, Engine};
use place::Place;
use running::Running;

pub use backend::{BackendError, run as run_backend};
pub use error::LabError;
pub use follower::LabFollower;
pub use ledger::LAB_REQUESTS_MAX;

/// What a lab is made with. Without it none can be started.
#[derive(Clone, Debug)]
pub struct LabConfig {
    /// The program that is a server of the lab when it is called with `lab-backend NUMBER DIRECTORY`.
    pub program: PathBuf,
    /// HAProxy; where none is named it is looked for on the path and where systems keep it.
    pub haproxy: Option<PathBuf>,
}

/// The lab of an engine, whether one runs or not.
#[derive(Clone, Debug)]
pub struct Lab {
    engine: Engine,
    bench: Arc<Bench>,
}

/// What all handles share.
#[derive(Debug)]
pub(crate) struct Bench {
    config: Option<LabConfig>,
    directory: PathBuf,
    /// Held by whoever starts or ends a lab.
    gate: tokio::sync::Mutex<()>,
    running: Mutex<Option<Arc<Running>>>,
    /// Counts what may change what is shown.
    changes: channel::Sender<u64>,
}

impl Bench {
    /// A place for one lab, beside this data file.
    pub(crate) fn new(config: Option<LabConfig>, database: &Path) -> Self {
        let (gate, running) = (tokio::sync::Mutex::default(), Mutex::default());
        Self { config, directory: Place::beside(database), gate, running, changes: channel::Sender::new(0) }
    }

    fn running(&self) -> Option<Arc<Running>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set_running(&self, running: Option<Arc<Running>>) {
        *self.running.lock().unwrap_or_else(PoisonError::into_inner) = running;
        self.changed();
    }

    fn changed(&self) {
        self.changes.send_modify(|count| *count = count.wrapping_add(1));
    }

    /// The group that the synthetic client asks, with the addresses of its servers by their numbers; none where no client
    /// asks anything.
    pub(crate) fn served(&self) -> Option<(GroupName, Vec<(u8, String)>)> {
        let running = self.running()?;
        running.network_port()?;
        let lab = running.view(None);
        let servers = lab.backends.iter().map(|server| (server.number, format!("127.0.0.1:{}", server.port)));
        Some((lab.groups.as_ref()?.web.clone(), servers.collect()))
    }

    /// The addresses of the servers by their numbers.
    pub(crate) fn servers(&self) -> Vec<(u8, String)> {
        let Some(running) = self.running() else { return Vec::new() };
        let backends = running.view(None).backends;
        backends.iter().map(|server| (server.number, format!("127.0.0.1:{}", server.port))).collect()
    }

    /// Makes a server answer well again, if that is not so already.
    pub(crate) async fn bring_back(&self, number: u8) {
        let Some(running) = self.running() else { return };
        if let Err(error) = faults::inflict(&running, number, LabFault::BringBack, |_| {}).await {
            tracing::info!(server = number, %error, "a server of the lab was not brought back after a drill");
        }
        running.look();
    }

    /// Starts the server that is compared as a cold standby; what came of it is told as that of any starter. None where no
    /// lab runs.
    pub(crate) fn starter(&self, name: &StarterName) -> Option<impl Future<Output = StarterRun> + use<>> {
        let running = self.running().filter(|_| name.as_str() == LAB_STARTER)?;
        let clock = running.clock;
        Some(async move {
            let began = clock.instant();
            let done = faults::inflict(&running, 2, LabFault::BringBack, |_| {}).await;
            running.look();
            let took_ms = u64::try_from(clock.instant().saturating_duration_since(began).as_millis()).unwrap_or(0);
            let said = done.as_ref().map_or_else(ToString::to_string, |()| "the server answers".to_owned());
            StarterRun { at: clock.now(), took_ms, ok: done.is_ok(), said, output: String::new() }
        })
    }

    /// The requests of the synthetic client that were sent at `since` or later.
    pub(crate) fn requests(&self, since: Timestamp) -> Vec<LabRequest> {
        self.running().map(|running| running.requests(since)).unwrap_or_default()
    }

    /// What is shown, with the answers after this one of that lab.
    fn view(&self, known: Option<(u64, u64)>) -> LabView {
        match (self.running(), &self.config) {
            (Some(running), _) => LabView::Open(Box::new(running.view(known))),
            (None, Some(config)) => LabView::Idle { install: haproxy::missing(config.haproxy.as_deref()) },
            (None, None) => LabView::Closed,
        }
    }
}

impl Lab {
    pub(crate) fn new(engine: Engine, bench: Arc<Bench>) -> Self {
        Self { engine, bench }
    }

    /// Whether there is a lab, or may be one, and its last answers.
    pub fn view(&self) -> LabView {
        self.bench.view(None)
    }

    /// Follows what [`Self::view`] says.
    pub fn follow(&self) -> LabFollower {
        LabFollower::new(Arc::clone(&self.bench))
    }

    /// The requests of the synthetic client that were sent at `since` or later and have ended, in the order in which they
    /// ended. So many of the last are kept: see [`LAB_REQUESTS_MAX`](crate::LAB_REQUESTS_MAX).
    pub fn requests(&self, since: Timestamp) -> Vec<LabRequest> {
        self.bench.requests(since)
    }

    /// Begins to set a lab up. How far it is tells the view.
    pub async fn start(&self, rate_per_s: u32, author: Author) -> Result<(), LabError> {
        let _gate = self.bench.gate.lock().await;
        let config = self.bench.config.clone().ok_or(LabError::Closed)?;
        if self.bench.running().is_some() {
            return Err(LabError::Running);
        }
        let rate_per_s = rate(rate_per_s)?;
        self.remove(&Author::drainboard()).await?;
        let running = Arc::new(Running::new(&self.engine, &self.bench, config, rate_per_s));
        self.bench.set_running(Some(Arc::clone(&running)));
        tracing::info!(directory = %self.bench.directory.display(), "the lab is being set up");
        running.begin(self.engine.clone(), author);
        Ok(())
    }

    /// Sends so many requests in a second from now on.
    pub fn set_rate(&self, rate_per_s: u32) -> Result<(), LabError> {
        let rate_per_s = rate(rate_per_s)?;
        self.bench.running().ok_or(LabError::NotRunning)?.set_rate(rate_per_s);
        self.bench.changed();
        Ok(())
    }

    /// Does something to a server, and answers once its process is so.
    pub async fn inflict(&self, number: u8, fault: LabFault) -> Result<(), LabError> {
        let running = self.bench.running().ok_or(LabError::NotRunning)?;
        let targets = self.targets_of(&running, number);
        let note = |at| self.engine.casebook().inflicted(&targets, domain::Fault { at, what: fault });
        let done = faults::inflict(&running, number, fault, note).await;
        running.look();
        done
    }

    /// Everything on the board that is this server.
    fn targets_of(&self, running: &Running, number: u8) -> Vec<TargetId> {
        let lab = running.view(None);
        let Some(address) = lab.backend(number).map(|server| format!("127.0.0.1:{}", server.port)) else {
            return Vec::new();
        };
        self.engine.with_board(|board| {
            let targets = board.groups.values().flat_map(|group| group.targets.values());
            let these = targets.filter(|target| domain::is_same_place(&target.target.address(), &address));
            these.map(|target| target.target.id).collect()
        })
    }

    /// Removes every process, group, binding and file of the lab.
    pub async fn end(&self, author: Author) -> Result<(), LabError> {
        let _gate = self.bench.gate.lock().await;
        let running = self.bench.running().ok_or(LabError::NotRunning)?;
        running.set_stage(LabStage::Ending);
        running.end().await;
        let removed = self.remove(&author).await;
        running.children_end().await;
        match removed {
            Ok(()) => {
                self.bench.set_running(None);
                tracing::info!("the lab is removed");
                Ok(())
            }
            Err(error) => {
                running.set_stage(LabStage::Failed(LabTrouble::Registration(error.to_string())));
                Err(error)
            }
        }
    }

    /// Ends a lab that runs; a step of a stop of the whole.
    pub async fn close(&self) {
        match self.end(Author::drainboard()).await {
            Ok(()) | Err(LabError::NotRunning) => {}
            Err(error) => tracing::warn!(%error, "the lab is not removed whole; the next start does the rest"),
        }
    }

    /// Removes what a Drainboard that was killed has left.
    pub(crate) async fn clear_leftovers(&self) {
        if let Err(error) = self.remove(&Author::drainboard()).await {
            tracing::warn!(%error, "a lab of an earlier run is not removed whole; the next start tries again");
        }
    }

    async fn remove(&self, author: &Author) -> Result<(), LabError> {
        removal::remove(&self.engine, &self.bench.directory, author).await
    }
}

fn rate(per_s: u32) -> Result<u32, LabError> {
    if (1..=LAB_RATE_MAX).contains(&per_s) { Ok(per_s) } else { Err(LabError::Rate) }
}
