//! The facade: the verbs that people and scripts can do.

use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use domain::{
    Board, Change, Check, Event, EventNumber, FloorRule, Group, GroupName, Host, Observation, Target, TargetDraft,
    TargetId, Timestamp,
};
use tokio::sync::{Semaphore, mpsc, oneshot, watch};
use tokio_util::sync::CancellationToken;

use crate::drain::{Crew, Switchboard};
use crate::failover::{Casebook, Registrar};
use crate::lab::Bench;
use crate::monitor::fleet::{CheckNow, Fleet, requests};
use crate::monitor::limits::Limits;
use crate::monitor::recorder::{Inbox, Recorder};
use crate::monitor::scribe::Scribe;
use crate::monitor::shared::Shared;
use crate::probe::Prober;
use crate::retention::Retention;
use crate::standby::{Means, Starters};
use crate::store::{Reader, Restored, Store};
use crate::{
    Author, ChangeError, CheckNowError, Clock, Config, EventFilter, Follower, Lab, ReadError, StartError, Vitals,
};

mod drills;
mod failovers;
mod past;
mod proxies;
mod schedules;
mod standbys;

pub use drills::DrillAsk;
pub use proxies::{DrainAsk, PutBack, WithBindings};
pub use schedules::ScheduleAsk;

/// A running engine. Cheap to clone; all clones are the same engine.
#[derive(Clone, Debug)]
pub struct Engine {
    shared: Arc<Shared>,
    reader: Reader,
    prober: Prober,
    recorder: Arc<Mutex<Option<Inbox>>>,
    requests: mpsc::Sender<CheckNow>,
    switchboard: Switchboard,
    starters: Arc<Starters>,
    bench: Arc<Bench>,
    casebook: Casebook,
    /// Automatic mode takes nothing out before.
    grace_ends: tokio::time::Instant,
    /// What-ifs that may go on at once.
    replays: Arc<Semaphore>,
    boot: u64,
    /// How long single checks, sums of hours, and events are kept.
    kept: [Duration; 3],
    streams: CancellationToken,
    checking: CancellationToken,
    parts: Arc<Mutex<Parts>>,
    failure: watch::Receiver<Option<String>>,
}

/// So many what-ifs go on at once; others wait.
const REPLAYS: usize = 2;

/// What a stop waits for.
#[derive(Debug, Default)]
struct Parts {
    checking: Option<JoinHandle<()>>,
    draining: Option<tokio::task::JoinHandle<()>>,
    chronicling: Option<tokio::task::JoinHandle<()>>,
    drilling: Option<tokio::task::JoinHandle<()>>,
    recording: Option<tokio::task::JoinHandle<()>>,
}

impl Engine {
    /// Opens the store, puts the board back as it was, and begins to check.
    pub async fn start(config: Config) -> Result<Self, StartError> {
        let clock = Clock;
        let (writer, reader, restored) = Store::open(&config.database).await?;
        let Restored { board, last_seen, .. } = restored;
        let prober = Prober::new(clock)?;
        let shared = Arc::new(Shared::new(board, clock));
        let scribe = Scribe::start(writer, Arc::clone(&shared));
        let (mut recorder, inbox) = Recorder::new(Arc::clone(&shared), scribe, reader.clone(), Retention::new(&config));
        recorder.begin(config.version.clone(), last_seen).await;
        let (requests, asked) = requests();
        let limits = Limits::new(config.checks_at_once, config.checks_per_host);
        let fleet = Fleet::new(Arc::clone(&shared), prober.clone(), inbox.clone(), asked, limits, config.sentinels_max);
        let switchboard = Switchboard::default();
        let (bench, casebook) = (Arc::new(Bench::new(config.lab, &config.database)), Casebook::default());
        let grace_ends = clock.instant() + config.automatic_grace;
        let starters = Arc::new(config.starters);
        let crew = Crew::new(
            Arc::clone(&shared),
            inbox.clone(),
            switchboard.clone(),
            Means::new(Arc::clone(&starters), &config.database, Arc::clone(&bench)),
            config.automatic_grace,
        );
        let mut registrar = Registrar::new(Arc::clone(&shared), inbox.clone(), casebook.clone(), Arc::clone(&bench));
        registrar.close_leftovers(&reader).await;
        let (checking, streams) = (CancellationToken::new(), CancellationToken::new());
        let (failed, failure) = watch::channel(None);
        let parts = Parts {
            checking: Some(start_checking(fleet, checking.clone(), failed.clone())?),
            draining: Some(start_draining(crew, checking.clone(), failed.clone())),
            chronicling: Some(start_chronicling(registrar, checking.clone(), failed.clone())),
            drilling: None,
            recording: Some(start_recording(recorder, checking.clone(), failed.clone())),
        };
        let engine = Self {
            shared,
            reader,
            prober,
            recorder: Arc::new(Mutex::new(Some(inbox))),
            requests,
            switchboard,
            starters,
            kept: [config.keep_observations, config.keep_hours, config.keep_events],
            bench,
            casebook,
            grace_ends,
            replays: Arc::new(Semaphore::new(REPLAYS)),
            boot: uuid::Uuid::now_v7().as_u64_pair().1 >> 11,
            streams,
            checking,
            parts: Arc::new(Mutex::new(parts)),
            failure,
        };
        engine.lab().clear_leftovers().await;
        let drilling = start_drilling(engine.clone(), engine.checking.clone(), failed);
        engine.parts.lock().unwrap_or_else(PoisonError::into_inner).drilling = Some(drilling);
        Ok(engine)
    }

    /// Ends the lab, stops checking, empties the recorder, closes the store. Streams of events end.
    pub async fn stop(&self) {
        self.end_streams();
        self.lab().close().await;
        self.checking.cancel();
        let Parts { checking, draining, chronicling, drilling, recording } =
            std::mem::take(&mut *self.parts.lock().unwrap_or_else(PoisonError::into_inner));
        if let Some(thread) = checking {
            // The thread ends at the token; only its results are waited for, and without holding up this runtime.
            let ended = tokio::task::spawn_blocking(move || thread.join()).await;
            if !matches!(ended, Ok(Ok(()))) {
                tracing::error!("checking did not end in order");
            }
        }
        if let Some(task) = draining
            && task.await.is_err()
        {
            tracing::error!("draining did not end in order");
        }
        if let Some(task) = drilling
            && task.await.is_err()
        {
            tracing::error!("drills on a schedule did not end in order");
        }
        if let Some(task) = chronicling
            && task.await.is_err()
        {
            tracing::error!("the failover records did not end in order");
        }
        self.recorder.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(task) = recording
            && task.await.is_err()
        {
            tracing::error!("recording did not end in order");
        }
        self.reader.close().await;
    }

    /// Waits until a part of the engine ends by itself, and says which. The program must end then.
    pub async fn failed(&self) -> String {
        let mut failure = self.failure.clone();
        match failure.wait_for(Option::is_some).await {
            Ok(why) => why.clone().unwrap_or_default(),
            // Every part ended because it was told to.
            Err(_) => std::future::pending().await,
        }
    }

    /// Ends the streams of events; the first step of a stop.
    pub fn end_streams(&self) {
        self.streams.cancel();
    }

    /// The lab.
    pub fn lab(&self) -> Lab {
        Lab::new(self.clone(), Arc::clone(&self.bench))
    }

    /// Waits until automatic mode may act after the start.
    pub(crate) async fn grace_over(&self) {
        tokio::time::sleep_until(self.grace_ends).await;
    }

    /// The clock of this engine.
    pub fn clock(&self) -> Clock {
        self.shared.clock
    }

    /// A number that is another at each start: a browser that sees it change takes the whole board again. Below 2^53, so
    /// that it is exact in every JSON reader.
    pub fn boot(&self) -> u64 {
        self.boot
    }

    /// Reads the board. Keep it short: events wait meanwhile.
    pub fn with_board<T>(&self, read: impl FnOnce(&Board) -> T) -> T {
        self.shared.with_board(read)
    }

    /// Follows the events after `after`.
    pub fn follow(&self, after: EventNumber) -> Follower {
        self.shared.bus.follow(after, self.streams.clone())
    }

    /// Makes a group.
    pub async fn create_group(&self, group: Group, author: Author) -> Result<(), ChangeError> {
        self.change(Change::CreateGroup(group), author).await
    }

    /// Gives a group other settings; its name stays. Takes effect at once, health stays.
    pub async fn edit_group(&self, group: Group, author: Author) -> Result<(), ChangeError> {
        self.change(Change::EditGroup(group), author).await
    }

    /// Deletes a group with its targets. Bindings go with it only where that is asked for, after what we changed in
    /// their backends was put back.
    pub async fn delete_group(
        &self,
        name: GroupName,
        bindings: WithBindings,
        author: Author,
    ) -> Result<(), ChangeError> {
        let bound = self.bindings(|binding| binding.group == name);
        match bindings {
            WithBindings::Refuse if !bound.is_empty() => return Err(ChangeError::GroupIsBound(name)),
            WithBindings::Refuse => {}
            WithBindings::Remove(put_back) => self.put_back(&bound, put_back).await?,
        }
        self.finish(&bound, self.change(Change::DeleteGroup(name), author).await).await
    }

    /// Registers targets, all or none.
    pub async fn register(
        &self,
        group: GroupName,
        targets: Vec<TargetDraft>,
        author: Author,
    ) -> Result<Vec<Target>, ChangeError> {
        let new = |TargetDraft { label, host, port }| {
            let id = TargetId::from_uuid(uuid::Uuid::now_v7());
            Target { id, group: group.clone(), label, host, port }
        };
        let targets: Vec<Target> = targets.into_iter().map(new).collect();
        self.change(Change::Register(group, targets.clone()), author).await?;
        Ok(targets)
    }

    /// Gives a target another label, host or port. At another address it begins anew.
    pub async fn edit_target(
        &self,
        group: GroupName,
        id: TargetId,
        draft: TargetDraft,
        author: Author,
    ) -> Result<Target, ChangeError> {
        let TargetDraft { label, host, port } = draft.clone();
        self.change(Change::EditTarget(group.clone(), id, draft), author).await?;
        Ok(Target { id, group, label, host, port })
    }

    /// Deregisters targets, all or none. Where a proxy serves them they are drained first, for as long as the group's
    /// deregistration delay.
    pub async fn deregister(
        &self,
        group: GroupName,
        ids: Vec<TargetId>,
        floor: FloorRule,
        author: Author,
    ) -> Result<(), ChangeError> {
        let ask = DrainAsk { floor, ..DrainAsk::default() };
        let wish = self.wish(ask, &author);
        self.change(Change::Deregister(group, ids, wish), author).await
    }

    async fn change(&self, change: Change, author: Author) -> Result<(), ChangeError> {
        let recorder = self.recorder.lock().unwrap_or_else(PoisonError::into_inner).clone();
        recorder.ok_or(ChangeError::Stopping)?.change(change, author).await
    }

    /// Checks a registered target at once; the result counts like any other.
    pub async fn check_now(&self, group: &GroupName, id: TargetId) -> Result<Observation, CheckNowError> {
        let enabled = self.with_board(|board| {
            let state = board.groups.get(group).filter(|state| state.targets.contains_key(&id));
            state.map(|state| state.group.check.enabled).ok_or(CheckNowError::NoSuchTarget(id))
        })?;
        if !enabled {
            return Err(CheckNowError::Disabled);
        }
        let (answer, result) = oneshot::channel();
        self.requests.send(CheckNow { target: id, answer }).await.map_err(|_| CheckNowError::Stopping)?;
        result.await.map_err(|_| CheckNowError::Busy)
    }

    /// Tries a check on any host without saving anything.
    pub async fn try_check(&self, check: &Check, host: &Host, port: u16) -> Observation {
        self.prober.check(check, host, check.port.for_traffic(port)).await
    }

    /// The stored observations of a target before `before` (or the newest), newest first, at most `limit`.
    pub async fn observations(
        &self,
        target: TargetId,
        before: Option<Timestamp>,
        limit: u32,
    ) -> Result<Vec<Observation>, ReadError> {
        self.reader.observations(target, before, limit).await
    }

    /// The stored events that the filter lets through.
    pub async fn events(&self, filter: EventFilter) -> Result<Vec<Event>, ReadError> {
        self.reader.events(filter).await
    }

    /// How the engine itself is doing.
    pub fn vitals(&self) -> &Vitals {
        &self.shared.vitals
    }

    /// Whether every enabled target that was there at the start has been checked since.
    pub fn first_sweep_is_done(&self) -> bool {
        self.with_board(|board| {
            let enabled = board.groups.values().filter(|state| state.group.check.enabled);
            enabled.flat_map(|state| state.targets.values()).all(|target| !target.restored)
        })
    }
}

/// Checks run on a thread of their own, so that a busy page never delays one.
fn start_checking(
    fleet: Fleet,
    stop: CancellationToken,
    failed: watch::Sender<Option<String>>,
) -> Result<JoinHandle<()>, StartError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| StartError::Probe(error.to_string()))?;
    let run = move || {
        // A panic in the fleet unwinds through here; the guard tells of it.
        let mut guard = Guard { failed, why: Some("checking ended by itself".to_owned()) };
        match runtime.block_on(fleet.run(stop)) {
            Ok(()) => guard.why = None,
            Err(why) => guard.why = Some(why),
        }
    };
    let named = std::thread::Builder::new().name("checks".to_owned());
    named.spawn(run).map_err(|error| StartError::Probe(error.to_string()))
}

fn start_draining(
    crew: Crew,
    stop: CancellationToken,
    failed: watch::Sender<Option<String>>,
) -> tokio::task::JoinHandle<()> {
    let run = async move {
        let mut guard = Guard { failed, why: Some("draining ended by itself".to_owned()) };
        match crew.run(stop.clone()).await {
            Ok(()) if stop.is_cancelled() => guard.why = None,
            Ok(()) => {}
            Err(why) => guard.why = Some(why),
        }
    };
    #[expect(clippy::disallowed_methods, reason = "the task is kept in `Parts` and awaited in `stop`")]
    tokio::spawn(run)
}

fn start_chronicling(
    registrar: Registrar,
    stop: CancellationToken,
    failed: watch::Sender<Option<String>>,
) -> tokio::task::JoinHandle<()> {
    let run = async move {
        let mut guard = Guard { failed, why: Some("the failover records ended by themselves".to_owned()) };
        registrar.run(stop.clone()).await;
        if stop.is_cancelled() {
            guard.why = None;
        }
    };
    #[expect(clippy::disallowed_methods, reason = "the task is kept in `Parts` and awaited in `stop`")]
    tokio::spawn(run)
}

fn start_drilling(
    engine: Engine,
    stop: CancellationToken,
    failed: watch::Sender<Option<String>>,
) -> tokio::task::JoinHandle<()> {
    let run = async move {
        let mut guard = Guard { failed, why: Some("drills on a schedule ended by themselves".to_owned()) };
        if stop.run_until_cancelled(engine.hold_schedules()).await.is_none() {
            guard.why = None;
        }
    };
    #[expect(clippy::disallowed_methods, reason = "the task is kept in `Parts` and awaited in `stop`")]
    tokio::spawn(run)
}

fn start_recording(
    recorder: Recorder,
    stopping: CancellationToken,
    failed: watch::Sender<Option<String>>,
) -> tokio::task::JoinHandle<()> {
    let run = async move {
        let mut guard = Guard { failed, why: Some("recording ended by itself".to_owned()) };
        recorder.run().await;
        if stopping.is_cancelled() {
            guard.why = None;
        }
    };
    #[expect(clippy::disallowed_methods, reason = "the task is kept in `Parts` and awaited in `stop`")]
    tokio::spawn(run)
}

/// Tells of a part's end when it is dropped, however it ended.
struct Guard {
    failed: watch::Sender<Option<String>>,
    why: Option<String>,
}

impl Drop for Guard {
    fn drop(&mut self) {
        if let Some(why) = self.why.take() {
            self.failed.send_replace(Some(why));
        }
    }
}
