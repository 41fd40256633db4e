//! The one who talks to one proxy: looks, plans, acts.

use std::collections::{HashMap, HashSet, VecDeque};
use std::mem::Discriminant;
use std::sync::Arc;
use std::time::Duration;

use domain::{BindingId, DrainStage, PROXY_LOOK_MS, Plan, ProxyName, Sight, plan};
use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;

use crate::monitor::recorder::{Gone, Inbox};
use crate::monitor::shared::Shared;
use crate::proxy::{Connector, ProxyError};

/// The proxy is looked at so often; one that does not answer is tried again as often.
const PERIOD: Duration = Duration::from_millis(PROXY_LOOK_MS);

/// While something drains there, sessions are watched more closely.
const PERIOD_WHILE_DRAINING: Duration = Duration::from_millis(250);

/// After its orders a talker looks again at once, at most so often in one turn.
const ROUNDS_MAX: usize = 3;

/// The time over which automatic mode's changes are counted.
const MINUTE: Duration = Duration::from_secs(60);

/// What a talker can be asked.
pub(super) enum Request {
    /// Put back into service what we hold in these bindings, and do nothing there any more.
    PutBack { bindings: Vec<BindingId>, answer: oneshot::Sender<Result<(), String>> },
    /// Go on with these bindings.
    Resume { bindings: Vec<BindingId> },
}

pub(super) struct Talker {
    pub(super) name: ProxyName,
    pub(super) connector: Connector,
    pub(super) shared: Arc<Shared>,
    pub(super) recorder: Inbox,
    requests: mpsc::Receiver<Request>,
    /// Automatic mode takes nothing out before.
    grace_ends: Instant,
    /// How it failed to answer, while it does.
    pub(super) lost: Option<Discriminant<ProxyError>>,
    /// Bindings that are about to be removed.
    suspended: HashSet<BindingId>,
    /// When automatic mode changed something, per binding.
    changes: HashMap<BindingId, VecDeque<Instant>>,
}

impl Talker {
    pub(super) fn new(
        name: ProxyName,
        connector: Connector,
        shared: Arc<Shared>,
        recorder: Inbox,
        requests: mpsc::Receiver<Request>,
        grace_ends: Instant,
    ) -> Self {
        let (suspended, changes) = (HashSet::new(), HashMap::new());
        Self { name, connector, shared, recorder, requests, grace_ends, lost: None, suspended, changes }
    }

    /// Runs until the recorder is gone or the task is dropped.
    pub(super) async fn run(mut self) {
        let mut wake = self.shared.wake.subscribe();
        loop {
            if self.turn().await.is_err() {
                return;
            }
            let period = self.period();
            // A proxy that does not answer is not asked more often because of what happens elsewhere.
            let answers = self.lost.is_none();
            tokio::select! {
                changed = wake.changed(), if answers => if changed.is_err() { return },
                () = tokio::time::sleep(period) => {}
                Some(request) = self.requests.recv() => if self.serve(request).await.is_err() { return },
            }
        }
    }

    /// Looks, plans and acts, until there is nothing to do or enough was done at once.
    async fn turn(&mut self) -> Result<(), Gone> {
        for _ in 0..ROUNDS_MAX {
            if !self.look().await? {
                return Ok(());
            }
            let mut acted = false;
            for (id, Plan { steps, notes }) in self.plans() {
                if !notes.is_empty() {
                    // Notes change what is planned, steps what is seen.
                    acted = true;
                    self.note(notes).await?;
                }
                for step in steps {
                    acted = true;
                    if step.is_policy {
                        self.changes.entry(id).or_default().push_back(self.shared.clock.instant());
                    }
                    self.act(id, step).await?;
                }
            }
            if !acted {
                return Ok(());
            }
        }
        Ok(())
    }

    fn plans(&mut self) -> Vec<(BindingId, Plan)> {
        let now = self.shared.clock.instant();
        for times in self.changes.values_mut() {
            times.retain(|time| now.saturating_duration_since(*time) < MINUTE);
        }
        let in_grace = now < self.grace_ends;
        self.shared.with_board(|board| {
            let Some(proxy) = board.proxies.get(&self.name) else { return Vec::new() };
            let ours = board.bindings.values().filter(|state| state.binding.proxy == self.name);
            let active = ours.filter(|state| !self.suspended.contains(&state.binding.id));
            let plan_of = |binding: &domain::BindingState| {
                let id = binding.binding.id;
                let used = self.changes.get(&id).map_or(0, |times| u32::try_from(times.len()).unwrap_or(u32::MAX));
                let budget = binding.binding.changes_per_minute.saturating_sub(used);
                let now = self.shared.clock.now();
                (id, plan(Sight { board, binding, proxy, now, budget, in_grace }))
            };
            active.map(plan_of).collect()
        })
    }

    fn period(&self) -> Duration {
        let is_draining = self.shared.with_board(|board| {
            let groups = board.bindings.values().filter(|state| state.binding.proxy == self.name);
            let mut groups = groups.filter_map(|state| board.groups.get(&state.binding.group));
            groups.any(|group| {
                let mut drains = group.targets.values().filter_map(|target| target.drain.as_ref());
                drains.any(|drain| drain.stage == DrainStage::Draining)
            })
        });
        if is_draining { PERIOD_WHILE_DRAINING } else { PERIOD }
    }

    async fn serve(&mut self, request: Request) -> Result<(), Gone> {
        match request {
            Request::Resume { bindings } => self.suspended.retain(|id| !bindings.contains(id)),
            Request::PutBack { bindings, answer } => {
                self.suspended.extend(bindings.iter().copied());
                let result = self.put_back(&bindings).await?;
                if result.is_err() {
                    self.suspended.retain(|id| !bindings.contains(id));
                }
                // Whoever asked may have stopped waiting: then nothing is removed, and what is wanted holds again.
                if answer.send(result).is_err() {
                    self.suspended.retain(|id| !bindings.contains(id));
                }
            }
        }
        Ok(())
    }
}
