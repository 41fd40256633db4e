//! Keeps one talker per proxy on the board, and the lines by which they can be asked something.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use domain::{BindingId, Proxy, ProxyName, TranscriptLine};
use tokio::sync::{mpsc, oneshot};
use tokio::task::{AbortHandle, JoinError, JoinSet};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::keeper;
use super::talker::{Request, Talker};
use crate::monitor::recorder::Inbox;
use crate::monitor::shared::Shared;
use crate::proxy::{Connector, Transcript};
use crate::standby;

/// The crew looks at the board so often even if nobody woke it.
const PERIOD: Duration = Duration::from_secs(10);

/// So many requests may wait at a talker.
const REQUESTS_MAX: usize = 16;

/// A proxy is given so long to put back what we changed.
const PUT_BACK_MAX: Duration = Duration::from_secs(15);

/// The lines to the talkers. Cheap to clone; all clones are the same.
#[derive(Clone, Debug, Default)]
pub(crate) struct Switchboard(Arc<Mutex<HashMap<ProxyName, Line>>>);

#[derive(Clone, Debug)]
struct Line {
    requests: mpsc::Sender<Request>,
    transcript: Transcript,
}

impl Switchboard {
    /// What was said to a proxy, the newest first.
    pub(crate) fn transcript(&self, name: &ProxyName) -> Vec<TranscriptLine> {
        self.line(name).map(|line| line.transcript.lines()).unwrap_or_default()
    }

    /// Puts back into service what we hold in these bindings of the proxy, and does nothing there until [`Self::resume`].
    /// An error is a sentence.
    pub(crate) async fn put_back(&self, name: &ProxyName, bindings: Vec<BindingId>) -> Result<(), String> {
        let gone = || format!("Nobody talks to {name} now.");
        let line = self.line(name).ok_or_else(gone)?;
        let (answer, result) = oneshot::channel();
        line.requests.send(Request::PutBack { bindings, answer }).await.map_err(|_| gone())?;
        match tokio::time::timeout(PUT_BACK_MAX, result).await {
            Ok(result) => result.unwrap_or_else(|_| Err(gone())),
            Err(_) => Err(format!("{name} did not put everything back in time.")),
        }
    }

    /// These bindings stay after all.
    pub(crate) async fn resume(&self, name: &ProxyName, bindings: Vec<BindingId>) {
        if let Some(line) = self.line(name) {
            // A talker that is gone has nothing to resume.
            let _ = line.requests.send(Request::Resume { bindings }).await;
        }
    }

    fn line(&self, name: &ProxyName) -> Option<Line> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(name).cloned()
    }

    fn connect(&self, name: ProxyName, line: Line) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(name, line);
    }

    fn hang_up(&self, name: &ProxyName) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(name);
    }
}

pub(crate) struct Crew {
    shared: Arc<Shared>,
    recorder: Inbox,
    switchboard: Switchboard,
    grace_ends: Instant,
    standbys: standby::Means,
    running: HashMap<ProxyName, Running>,
    tasks: JoinSet<()>,
}

struct Running {
    proxy: Proxy,
    task: AbortHandle,
}

impl Crew {
    /// Automatic mode takes nothing out for `grace` from now on.
    pub(crate) fn new(
        shared: Arc<Shared>,
        recorder: Inbox,
        switchboard: Switchboard,
        standbys: standby::Means,
        grace: Duration,
    ) -> Self {
        let grace_ends = shared.clock.instant() + grace;
        Self { shared, recorder, switchboard, grace_ends, standbys, running: HashMap::new(), tasks: JoinSet::new() }
    }

    /// Runs until `stop`. Nothing is changed in the proxies when it ends. An error says what went wrong with a talker.
    pub(crate) async fn run(mut self, stop: CancellationToken) -> Result<(), String> {
        let mut wake = self.shared.wake.subscribe();
        self.tasks.spawn(keeper::run(Arc::clone(&self.shared), self.recorder.clone()));
        self.tasks.spawn(standby::run(Arc::clone(&self.shared), self.recorder.clone(), self.standbys.clone()));
        loop {
            self.reconcile();
            tokio::select! {
                () = stop.cancelled() => return Ok(()),
                changed = wake.changed() => if changed.is_err() { return Ok(()) },
                () = tokio::time::sleep(PERIOD) => {}
                Some(ended) = self.tasks.join_next() => look_at(ended)?,
            }
        }
    }

    /// Ends talkers whose proxy is gone or elsewhere, and begins those that are missing.
    fn reconcile(&mut self) {
        let wanted: HashMap<ProxyName, Proxy> = self.shared.with_board(|board| {
            board.proxies.values().map(|state| (state.proxy.name.clone(), state.proxy.clone())).collect()
        });
        let switchboard = &self.switchboard;
        self.running.retain(|name, running| {
            let stays = wanted.get(name) == Some(&running.proxy);
            if !stays {
                running.task.abort();
                switchboard.hang_up(name);
            }
            stays
        });
        for (name, proxy) in wanted {
            if !self.running.contains_key(&name) {
                self.begin(name, proxy);
            }
        }
    }

    fn begin(&mut self, name: ProxyName, proxy: Proxy) {
        let transcript = Transcript::new(self.shared.clock);
        let (requests, inbox) = mpsc::channel(REQUESTS_MAX);
        let connector = Connector::new(&proxy, transcript.clone());
        let (shared, recorder) = (Arc::clone(&self.shared), self.recorder.clone());
        let talker = Talker::new(name.clone(), connector, shared, recorder, inbox, self.grace_ends);
        let task = self.tasks.spawn(talker.run());
        self.switchboard.connect(name.clone(), Line { requests, transcript });
        self.running.insert(name, Running { proxy, task });
    }
}

fn look_at(ended: Result<(), JoinError>) -> Result<(), String> {
    match ended {
        Err(error) if error.is_panic() => Err(format!("a talker to a proxy broke down: {error}")),
        // A talker ends when it is aborted, or when the recorder is gone.
        _ => Ok(()),
    }
}
