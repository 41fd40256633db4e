//! A lab that runs: what is known of it, and the tasks that keep it.

use std::ffi::OsStr;
use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use domain::{
    CompareStep, Lab, LabComparison, LabDoing, LabRequest, LabStage, LabStep, LabTrouble, ProxyName, Tier, TierRun,
    Timestamp,
};
use tokio::sync::watch as channel;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::child::Child;
use super::facts::Facts;
use super::ledger::Ledger;
use super::place::Place;
use super::{Bench, LabConfig, provision, watch};
use crate::{Author, Clock, Engine};

/// Processes that were killed are waited for so long.
const CHILDREN_END_WITHIN: Duration = Duration::from_secs(1);

/// A lab that runs. Its tasks end with [`Running::end`], its processes do not.
#[derive(Debug)]
pub(super) struct Running {
    id: u64,
    started_at: Timestamp,
    pub(super) clock: Clock,
    pub(super) place: Place,
    pub(super) config: LabConfig,
    facts: Mutex<Facts>,
    comparison: Mutex<Option<LabComparison>>,
    ledger: Mutex<Ledger>,
    rate: channel::Sender<u32>,
    changes: channel::Sender<u64>,
    /// What stops at the token.
    pub(super) parts: TaskTracker,
    pub(super) stop: CancellationToken,
    /// What waits for processes.
    pub(super) children: TaskTracker,
}

impl Running {
    pub(super) fn new(engine: &Engine, bench: &Bench, config: LabConfig, rate_per_s: u32) -> Self {
        let clock = engine.clock();
        let started_at = clock.now();
        Self {
            id: u64::try_from(started_at.as_millis()).unwrap_or(0),
            started_at,
            clock,
            place: Place::at(&bench.directory),
            config,
            facts: Mutex::default(),
            comparison: Mutex::default(),
            ledger: Mutex::default(),
            rate: channel::Sender::new(rate_per_s),
            changes: bench.changes.clone(),
            parts: TaskTracker::new(),
            stop: CancellationToken::new(),
            children: TaskTracker::new(),
        }
    }

    /// Sets the lab up, then keeps looking at it until its end.
    pub(super) fn begin(self: Arc<Self>, engine: Engine, author: Author) {
        self.clone().spawn(async move {
            match provision::provision(&self, &engine, author).await {
                Ok(()) => {
                    tracing::info!("the lab is active");
                    self.set_stage(LabStage::Active);
                }
                Err(trouble) => {
                    tracing::warn!(?trouble, "the lab could not be set up");
                    self.learn(|facts| facts.fail(trouble));
                }
            }
            watch::watch(&self).await;
        });
    }

    /// Runs a part of the lab until its end. A part that ends by itself fails the lab, and only the lab.
    pub(super) fn spawn(self: Arc<Self>, part: impl Future<Output = ()> + Send + 'static) {
        let parts = self.parts.clone();
        parts.spawn(async move {
            let guard = Guard(self);
            guard.0.stop.run_until_cancelled(part).await;
        });
    }

    /// Ends the parts; from then on nothing is made any more.
    pub(super) async fn end(&self) {
        self.stop.cancel();
        self.parts.close();
        self.parts.wait().await;
    }

    /// Waits until the processes are gone that were killed.
    pub(super) async fn children_end(&self) {
        self.children.close();
        if tokio::time::timeout(CHILDREN_END_WITHIN, self.children.wait()).await.is_err() {
            tracing::warn!("a process of the lab has not ended yet");
        }
    }

    /// Starts a process of the lab.
    pub(super) fn start(self: &Arc<Self>, program: &Path, arguments: &[&OsStr]) -> io::Result<Child> {
        let running = Arc::downgrade(self);
        let on_end = move || {
            if let Some(running) = running.upgrade() {
                running.look();
            }
        };
        Child::start(program, arguments, &self.children, on_end)
    }

    pub(super) fn view(&self, known: Option<(u64, u64)>) -> Lab {
        let known = known.filter(|(id, _)| *id == self.id).map_or(0, |(_, number)| number);
        let (tally, answers) = {
            let ledger = self.ledger();
            (ledger.tally(), ledger.shown_after(known))
        };
        let facts = self.facts();
        Lab {
            id: self.id,
            started_at: self.started_at,
            stage: facts.stage.clone(),
            backends: facts.backends(&self.config.program, self.place.directory()),
            balancer: facts.balancer(self.config.haproxy.as_deref()),
            groups: facts.groups(),
            rate_per_s: *self.rate.borrow(),
            tally,
            answers,
        }
    }

    /// Changes what is known, and tells whoever follows the lab.
    pub(super) fn learn<T>(&self, change: impl FnOnce(&mut Facts) -> T) -> T {
        let done = change(&mut self.facts());
        self.changed();
        done
    }

    /// Looks at all processes, and tells whoever follows the lab if something is otherwise than before.
    pub(super) fn look(&self) {
        let seen = watch::look_at_all(&self.place);
        let is_other = self.facts().see(seen);
        if is_other {
            self.changed();
        }
    }

    /// What a server does, seen anew; none where there is no such server.
    pub(super) fn doing(&self, number: u8) -> Option<LabDoing> {
        self.look();
        self.facts().doing(number)
    }

    /// What came of the last comparison of standbys, or how far it is.
    pub(super) fn comparison(&self) -> Option<LabComparison> {
        self.comparison.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn set_comparison(&self, comparison: LabComparison) {
        *self.comparison.lock().unwrap_or_else(PoisonError::into_inner) = Some(comparison);
    }

    pub(super) fn step_comparison(&self, tier: Tier, step: CompareStep) {
        self.with_comparison(|comparison| comparison.now = Some((tier, step)));
    }

    pub(super) fn add_run(&self, run: TierRun) {
        self.with_comparison(|comparison| comparison.runs.push(run));
    }

    pub(super) fn end_comparison(&self, failed: Option<String>) {
        self.with_comparison(|comparison| (comparison.now, comparison.failed) = (None, failed));
    }

    fn with_comparison(&self, change: impl FnOnce(&mut LabComparison)) {
        if let Some(comparison) = self.comparison.lock().unwrap_or_else(PoisonError::into_inner).as_mut() {
            change(comparison);
        }
    }

    /// The proxy's name on the board, where there is one.
    pub(super) fn proxy(&self) -> Option<ProxyName> {
        self.facts().manifest.as_ref().and_then(|manifest| manifest.proxy.clone())
    }

    /// The port at which visitors ask, where there is a load balancer.
    pub(super) fn network_port(&self) -> Option<u16> {
        self.facts().network_port()
    }

    /// Waits until a request was served.
    pub(super) async fn first_served(&self) {
        let mut changes = self.changes.subscribe();
        while self.ledger().tally().served.is_empty() {
            // It never closes while this is here.
            let _ = changes.changed().await;
        }
    }

    pub(super) fn set_stage(&self, stage: LabStage) {
        self.learn(|facts| facts.stage = stage);
    }

    pub(super) fn step(&self, step: LabStep) {
        self.set_stage(LabStage::Provisioning(step));
    }

    pub(super) fn rate(&self) -> channel::Receiver<u32> {
        self.rate.subscribe()
    }

    pub(super) fn set_rate(&self, per_s: u32) {
        self.rate.send_replace(per_s);
    }

    /// Writes down what became of a request.
    pub(super) fn note(&self, write: impl FnOnce(&mut Ledger)) {
        write(&mut self.ledger());
        self.changed();
    }

    pub(super) fn requests(&self, since: Timestamp) -> Vec<LabRequest> {
        self.ledger().since(since)
    }

    fn facts(&self) -> MutexGuard<'_, Facts> {
        self.facts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn ledger(&self) -> MutexGuard<'_, Ledger> {
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn changed(&self) {
        self.changes.send_modify(|count| *count = count.wrapping_add(1));
    }
}

/// Notices a part that ends although nobody stopped it.
struct Guard(Arc<Running>);

impl Drop for Guard {
    fn drop(&mut self) {
        if !self.0.stop.is_cancelled() {
            tracing::error!("a part of the lab ended by itself");
            self.0.set_stage(LabStage::Failed(LabTrouble::Broken));
        }
    }
}
