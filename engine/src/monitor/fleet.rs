//! Keeps the running watches equal to what the board wants. Woken by changes and on a period; takes no other input.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use domain::{Observation, TargetId};
use tokio::sync::{mpsc, oneshot};
use tokio::task::{AbortHandle, JoinSet};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::asks::Asks;
use super::limits::Limits;
use super::notices::Notices;
use super::phase::Ticks;
use super::recorder::Inbox;
use super::sentinel::{Outfit, Places, Post};
use super::shared::Shared;
use super::watch::{Wanted, Watch};
use super::witnesses::{self, SUSPECTS_MAX};
use crate::probe::Prober;

/// After a start the first checks are spread over this time (or the interval, where it is shorter).
const SPREAD_AFTER_START: Duration = Duration::from_secs(5);

/// Targets that were added while we run are checked first within this time.
const SPREAD_AFTER_CHANGE: Duration = Duration::from_millis(500);

/// The fleet looks at the board so often even if nobody woke it.
const PERIOD: Duration = Duration::from_secs(10);

/// So many requests for checks at once may wait until they are passed on.
const REQUESTS_MAX: usize = 64;

/// How it stands with sentinels goes to the board so often at most.
const NOTICE_EVERY: Duration = Duration::from_millis(250);

/// A request to check a target at once.
pub(crate) struct CheckNow {
    pub(crate) target: TargetId,
    pub(crate) answer: oneshot::Sender<Observation>,
}

pub(crate) struct Fleet {
    shared: Arc<Shared>,
    prober: Prober,
    recorder: Inbox,
    requests: mpsc::Receiver<CheckNow>,
    limits: Limits,
    outfit: Outfit,
    suspects: (mpsc::Sender<TargetId>, mpsc::Receiver<TargetId>),
    running: HashMap<TargetId, Running>,
    tasks: JoinSet<()>,
    ticks: Ticks,
}

struct Running {
    wanted: Arc<Wanted>,
    asks: Arc<Asks>,
    task: AbortHandle,
}

impl Fleet {
    pub(crate) fn new(
        shared: Arc<Shared>,
        prober: Prober,
        recorder: Inbox,
        requests: mpsc::Receiver<CheckNow>,
        limits: Limits,
        sentinels_max: usize,
    ) -> Self {
        let (places, notices) = (Places::new(sentinels_max), Notices::default());
        let outfit = Outfit { shared: Arc::clone(&shared), prober: prober.clone(), places, notices };
        let suspects = mpsc::channel(SUSPECTS_MAX);
        let (running, tasks, ticks) = (HashMap::new(), JoinSet::new(), Ticks::from(shared.clock.instant()));
        Self { shared, prober, recorder, requests, limits, outfit, suspects, running, tasks, ticks }
    }

    /// Runs until `stop`. An error says what went wrong with a watch.
    pub(crate) async fn run(mut self, stop: CancellationToken) -> Result<(), String> {
        let mut spread = SPREAD_AFTER_START;
        let mut notice_at: Option<Instant> = None;
        loop {
            self.reconcile(spread);
            spread = SPREAD_AFTER_CHANGE;
            loop {
                tokio::select! {
                    () = stop.cancelled() => return Ok(()),
                    () = self.shared.configured.notified() => break,
                    () = tokio::time::sleep(PERIOD) => break,
                    Some(request) = self.requests.recv() => {
                        // Somebody may ask for a target that was registered a moment ago.
                        if !self.running.contains_key(&request.target) {
                            self.reconcile(SPREAD_AFTER_CHANGE);
                        }
                        self.ask(request);
                    }
                    Some(suspect) = self.suspects.1.recv() => self.call_witnesses(suspect),
                    () = self.outfit.notices.are_there(), if notice_at.is_none() => {
                        notice_at = Some(self.shared.clock.instant() + NOTICE_EVERY);
                    }
                    () = at(notice_at) => {
                        notice_at = None;
                        // The recorder is gone only when all of it ends.
                        let _ = self.recorder.notice(self.outfit.notices.take()).await;
                    }
                    Some(ended) = self.tasks.join_next() => look_at(ended)?,
                }
            }
        }
    }

    /// Ends watches that are not wanted so any more, and begins those that are missing.
    fn reconcile(&mut self, spread: Duration) {
        let wanted = self.wanted();
        self.running.retain(|id, running| {
            let stays = wanted.get(id).is_some_and(|wanted| *wanted == *running.wanted);
            if !stays {
                running.task.abort();
                self.outfit.notices.forget(*id);
            }
            stays
        });
        for (id, wanted) in wanted {
            if !self.running.contains_key(&id) {
                self.begin(id, wanted, spread);
            }
        }
    }

    fn wanted(&self) -> HashMap<TargetId, Wanted> {
        self.shared.with_board(|board| {
            let mut all = HashMap::new();
            for state in board.groups.values().filter(|state| state.group.check.enabled) {
                let check = Arc::new(state.group.check.clone());
                all.extend(state.targets.values().map(|target| {
                    let (group, target) = (state.group.name.clone(), &target.target);
                    (
                        target.id,
                        Wanted { group, host: target.host.clone(), port: target.port, check: Arc::clone(&check) },
                    )
                }));
            }
            all
        })
    }

    fn begin(&mut self, id: TargetId, wanted: Wanted, first_within: Duration) {
        let asks = Arc::new(Asks::default());
        let wanted = Arc::new(wanted);
        let post = wanted.check.sentinel.then(|| Post::new(id, Arc::clone(&wanted), self.outfit.clone()));
        let watch = Watch {
            id,
            limit: self.limits.for_host(&wanted.host),
            wanted: Arc::clone(&wanted),
            prober: self.prober.clone(),
            shared: Arc::clone(&self.shared),
            recorder: self.recorder.clone(),
            asks: Arc::clone(&asks),
            suspects: self.suspects.0.clone(),
            first_within,
            ticks: self.ticks,
        };
        let task = self.tasks.spawn(watch.run(post.map(Box::new)));
        self.running.insert(id, Running { wanted, asks, task });
    }

    /// Targets that are believed to be well are looked at, too: if they are, what failed fails by itself.
    fn call_witnesses(&mut self, first: TargetId) {
        let mut suspects = vec![first];
        suspects.extend(std::iter::from_fn(|| self.suspects.1.try_recv().ok()));
        for witness in self.shared.with_board(|board| witnesses::choose(board, &suspects)) {
            let (answer, _) = oneshot::channel();
            self.ask(CheckNow { target: witness, answer });
        }
    }

    /// A request for a target that is not checked, or for which too many wait already, is dropped: its sender sees that.
    fn ask(&self, CheckNow { target, answer }: CheckNow) {
        if let Some(running) = self.running.get(&target) {
            running.asks.push(answer);
        }
    }
}

/// Waits until this moment; for ever where there is none.
async fn at(moment: Option<Instant>) {
    match moment {
        Some(moment) => tokio::time::sleep_until(moment).await,
        None => std::future::pending().await,
    }
}

fn look_at(ended: Result<(), tokio::task::JoinError>) -> Result<(), String> {
    match ended {
        Err(error) if error.is_panic() => Err(format!("a watch broke down: {error}")),
        // A watch ends when it is aborted, or when the recorder is gone.
        _ => Ok(()),
    }
}

/// The channel on which requests for checks at once come in.
pub(crate) fn requests() -> (mpsc::Sender<CheckNow>, mpsc::Receiver<CheckNow>) {
    mpsc::channel(REQUESTS_MAX)
}
