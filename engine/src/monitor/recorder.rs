//! The single writer: takes all results and changes that are ready, judges them, stores them, and then shows them.
//!
//! What is shown is stored. The one exception is a store that cannot write: judging and showing go on from memory, the
//! board says so, changes of the configuration are refused, and the store heals by itself when it can. What was seen
//! meanwhile is kept and stored then, as far as it fits.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use domain::{
    Actor, Board, Change, Event, EventKind, EventNumber, Failover, Gap, Observation, Outcome, StandingChange,
    StoreFault, TargetId, Timestamp,
};
use tokio::sync::oneshot::error::TryRecvError;
use tokio::sync::{Notify, mpsc, oneshot};
use tokio::time::{Instant, MissedTickBehavior};

use super::arrears::{Arrears, checks};
use super::asks::Ask;
use super::journal;
use super::outage::{Outage, Owed, Pending, RETRY_EVERY};
use super::scribe::{Job, Scribe, Verdict, Written, known};
use super::shared::Shared;
use super::watch::Wanted;
use crate::retention::{self, Retention};
use crate::store::{Batch, Reader};
use crate::{Author, ChangeError};

/// So many results and changes may wait.
const INBOX_MAX: usize = 8192;

/// So many results go into one transaction.
const BATCH_MAX: usize = 2048;

/// Results that come within this time share a transaction, unless something comes that cannot wait.
const GATHER: Duration = Duration::from_millis(100);

/// A write that takes longer means that the store cannot be relied on.
const PATIENCE: Duration = Duration::from_secs(1);

/// A change of the configuration is worth a longer wait: somebody is told whether it was saved.
const PATIENCE_FOR_CHANGES: Duration = Duration::from_secs(3);

/// The recorder looks at the clock at least so often.
const LOOKS_EVERY: Duration = Duration::from_secs(1);

/// Who does not look for so long, in milliseconds, was paused, or the machine was, or the clock was set forward. It is longer
/// than any one wait for the store.
const PAUSE_MS: u64 = 5000;

/// How long a stop waits for the store altogether,
const PATIENCE_AT_STOP: Duration = Duration::from_millis(600);

/// and at least, whatever was waited for before.
const LEAST_AT_STOP: Duration = Duration::from_millis(50);

/// A result of a check.
pub(crate) struct Seen {
    /// What was checked.
    pub(crate) wanted: Arc<Wanted>,
    pub(crate) target: TargetId,
    pub(crate) observation: Observation,
    /// When the next check is due.
    pub(crate) next_check_at: Timestamp,
    /// Answered when the result is on the board.
    pub(crate) asks: Vec<Ask>,
    /// The target was unhealthy and is not any more.
    pub(crate) is_recovery: bool,
}

impl Seen {
    /// One more pass that nobody asked for can wait a moment.
    fn can_wait(&self) -> bool {
        self.observation.outcome == Outcome::Pass && self.asks.is_empty() && !self.is_recovery
    }
}

enum Message {
    Seen(Seen),
    Change { change: Box<Change>, author: Author, answer: oneshot::Sender<Result<(), ChangeError>> },
    Keep { failover: Box<Failover>, answer: oneshot::Sender<Verdict> },
    Report { kinds: Vec<EventKind>, must_be_stored: bool, answer: oneshot::Sender<Result<(), ChangeError>> },
}

/// The sending end of the recorder's queue.
#[derive(Clone, Debug)]
pub(crate) struct Inbox {
    sender: mpsc::Sender<Message>,
    urgent: Arc<Notify>,
    shared: Arc<Shared>,
}

/// The recorder has ended.
#[derive(Debug)]
pub(crate) struct Gone;

impl Inbox {
    /// Hands over a result.
    pub(crate) async fn seen(&self, seen: Seen) -> Result<(), Gone> {
        self.shared.vitals.recorder_queue.fetch_add(1, Ordering::Relaxed);
        let can_wait = seen.can_wait();
        self.send(Message::Seen(seen), can_wait).await
    }

    /// The recorder is woken by what cannot wait; it comes for the rest by itself.
    async fn send(&self, message: Message, can_wait: bool) -> Result<(), Gone> {
        self.sender.send(message).await.map_err(|_| Gone)?;
        if !can_wait {
            self.urgent.notify_one();
        }
        Ok(())
    }

    /// Makes a change, or says why not.
    pub(crate) async fn change(&self, change: Change, author: Author) -> Result<(), ChangeError> {
        let (answer, reply) = oneshot::channel();
        let message = Message::Change { change: Box::new(change), author, answer };
        self.send(message, false).await.map_err(|Gone| ChangeError::Stopping)?;
        reply.await.map_err(|_| ChangeError::Stopping)?
    }
}

impl Inbox {
    /// Puts on the board what must be neither stored nor waited for, as far as it is about something that is still there.
    pub(crate) async fn notice(&self, kinds: Vec<EventKind>) -> Result<(), Gone> {
        let (answer, _) = oneshot::channel();
        self.send(Message::Report { kinds, must_be_stored: false, answer }, true).await
    }

    /// Keeps a failover record as it is now; false where the store cannot write. One at a time.
    pub(crate) async fn keep(&self, failover: Box<Failover>) -> Result<bool, Gone> {
        let (answer, begun) = oneshot::channel();
        self.send(Message::Keep { failover, answer }, true).await?;
        // Dropped without an answer: the store does not write now.
        let Ok(verdict) = begun.await else { return Ok(false) };
        // A disk that hangs holds up nobody who keeps records, and no stop.
        let answer = tokio::time::timeout(PATIENCE, verdict).await;
        Ok(answer.is_ok_and(|answer| matches!(known(answer), Written::Yes)))
    }

    /// Puts on the board what was seen or done at a proxy, as far as it is about something that is still there. Where it
    /// must be stored and cannot be, it is not put there; the error is a sentence.
    pub(crate) async fn report(&self, kinds: Vec<EventKind>, must_be_stored: bool) -> Result<Result<(), String>, Gone> {
        let (answer, reply) = oneshot::channel();
        self.send(Message::Report { kinds, must_be_stored, answer }, false).await?;
        Ok(reply.await.map_err(|_| Gone)?.map_err(|error| error.to_string()))
    }
}

pub(crate) struct Recorder {
    shared: Arc<Shared>,
    inbox: mpsc::Receiver<Message>,
    /// Told when there is something in the inbox that cannot wait.
    urgent: Arc<Notify>,
    scribe: Scribe,
    reader: Reader,
    retention: Retention,
    /// The last number that was given out.
    number: EventNumber,
    outage: Option<Outage>,
    /// The last job that nobody waits for.
    upkeep: Option<Verdict>,
    /// When it looked at the clock last.
    looked: Timestamp,
    /// How long a write may take.
    patience: Duration,
}

impl Recorder {
    /// A recorder on this store, and the way to reach it.
    pub(crate) fn new(shared: Arc<Shared>, scribe: Scribe, reader: Reader, retention: Retention) -> (Self, Inbox) {
        let (sender, inbox) = mpsc::channel(INBOX_MAX);
        let number = shared.with_board(|board| board.number);
        let urgent = Arc::new(Notify::new());
        let inbox_end = Inbox { sender, urgent: Arc::clone(&urgent), shared: Arc::clone(&shared) };
        let looked = shared.clock.now();
        let (outage, upkeep) = (None, None);
        (
            Self {
                shared,
                inbox,
                urgent,
                scribe,
                reader,
                retention,
                number,
                outage,
                upkeep,
                looked,
                patience: PATIENCE,
            },
            inbox_end,
        )
    }

    /// Writes down that Drainboard started.
    pub(crate) async fn begin(&mut self, version: String, last_seen: Option<Timestamp>) {
        let gap = last_seen.map(|from| Gap { from, to: self.shared.clock.now() });
        let events = self.number(vec![EventKind::Started { version, gap }], Some(&Author::drainboard()));
        // Statuses may be others than the history knows, so all of them are told.
        let standings = self.shared.with_board(|board| board.standings(self.shared.clock.now()));
        self.record(events, standings).await;
    }

    /// Runs until every sender is gone; then closes the store.
    pub(crate) async fn run(mut self) {
        let mut prune = tokio::time::interval(retention::PRUNE_PERIOD);
        let mut fold = tokio::time::interval(retention::FOLD_PERIOD);
        let mut look = tokio::time::interval(LOOKS_EVERY);
        for interval in [&mut prune, &mut fold, &mut look] {
            interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
        }
        self.looked = self.shared.clock.now();
        let mut batch = Vec::with_capacity(BATCH_MAX);
        loop {
            tokio::select! {
                count = self.inbox.recv_many(&mut batch, BATCH_MAX) => {
                    if count == 0 {
                        break;
                    }
                    self.gather(&mut batch).await;
                    self.take(std::mem::take(&mut batch)).await;
                }
                step = next_step(self.outage.as_mut()) => self.work_on_outage(step).await,
                _ = prune.tick() => self.prune(),
                _ = fold.tick() => self.fold(),
                _ = look.tick() => self.look_at_the_clock().await,
            }
        }
        let deadline = self.shared.clock.instant() + PATIENCE_AT_STOP;
        self.leave_outage(deadline).await;
        let left = self.until(deadline);
        self.scribe.close(left).await;
    }

    fn until(&self, deadline: Instant) -> Duration {
        deadline.saturating_duration_since(self.shared.clock.instant()).max(LEAST_AT_STOP)
    }

    /// Stores what is kept, if the store can write again, before it is closed.
    async fn leave_outage(&mut self, deadline: Instant) {
        let left = self.until(deadline);
        let Some(outage) = &mut self.outage else { return };
        let step = match &mut outage.pending {
            None => Some(Step::Retry),
            Some(pending) => {
                let answer = tokio::time::timeout(left, &mut pending.verdict).await;
                answer.ok().map(|answer| Step::Answered(known(answer)))
            }
        };
        if let Some(step) = step {
            self.patience = self.until(deadline);
            self.work_on_outage(step).await;
        }
        if let Some(outage) = &self.outage {
            let is_asked = outage.pending.is_some();
            let (checks, _) = outage.arrears.checks();
            tracing::error!(
                checks,
                is_asked,
                "stops while the store cannot write; what was kept in memory is lost, or was given to the store without an answer"
            );
        }
    }

    /// Nothing was checked while we were paused: writes down that this time is not known.
    async fn look_at_the_clock(&mut self) {
        let now = self.shared.clock.now();
        let before = std::mem::replace(&mut self.looked, now);
        if now.millis_since(before) < PAUSE_MS {
            return;
        }
        tracing::warn!(from = %before, to = %now, "was paused, or the clock was set");
        let events = self.number(vec![EventKind::Paused { gap: Gap { from: before, to: now } }], None);
        self.record(events, Vec::new()).await;
    }

    /// Waits a moment for more results, unless there is something that cannot wait.
    async fn gather(&mut self, batch: &mut Vec<Message>) {
        let can_wait = batch.iter().all(|message| matches!(message, Message::Seen(seen) if seen.can_wait()));
        if can_wait && batch.len() < BATCH_MAX {
            tokio::select! {
                () = tokio::time::sleep(GATHER) => {}
                () = self.urgent.notified() => {}
            }
            while batch.len() < BATCH_MAX {
                match self.inbox.try_recv() {
                    Ok(message) => batch.push(message),
                    Err(_) => break,
                }
            }
        }
    }

    /// Takes messages in order: results that follow each other together, changes one by one.
    async fn take(&mut self, messages: Vec<Message>) {
        let mut results: Vec<Seen> = Vec::new();
        let mut targets = HashSet::new();
        for message in messages {
            match message {
                Message::Seen(seen) => {
                    self.shared.vitals.recorder_queue.fetch_sub(1, Ordering::Relaxed);
                    // Each result is judged on what the one before left, so a target is in a batch once.
                    if !targets.insert(seen.target) {
                        self.judge(std::mem::take(&mut results)).await;
                        targets.clear();
                        targets.insert(seen.target);
                    }
                    results.push(seen);
                }
                Message::Change { change, author, answer } => {
                    self.judge(std::mem::take(&mut results)).await;
                    targets.clear();
                    let result = self.change(*change, &author).await;
                    // Whoever asked may have gone; the change stands.
                    let _ = answer.send(result);
                }
                Message::Keep { failover, answer } if self.outage.is_none() => {
                    // Whoever asked may have gone.
                    let _ = answer.send(self.scribe.begin(Job::Keep(failover)));
                }
                Message::Keep { .. } => {}
                Message::Report { kinds, must_be_stored, answer } => {
                    self.judge(std::mem::take(&mut results)).await;
                    targets.clear();
                    let result = self.report(kinds, must_be_stored).await;
                    let _ = answer.send(result);
                }
            }
        }
        self.judge(results).await;
    }

    async fn judge(&mut self, results: Vec<Seen>) {
        // Before the results, so that what is added up with them knows of a gap; and between changes, which may be slow.
        self.look_at_the_clock().await;
        let now = self.shared.clock.now();
        let mut asks = Vec::new();
        let mut kinds = Vec::with_capacity(results.len());
        self.shared.with_board(|board| {
            // A target may have been deregistered or moved while it was checked.
            for seen in results.into_iter().filter(|seen| seen.wanted.is_still_there(seen.target, board)) {
                let Seen { wanted, target, observation, next_check_at, asks: waiting, is_recovery: _ } = seen;
                asks.extend(waiting.into_iter().map(|ask| (ask, observation.clone())));
                kinds.extend(board.judge(&wanted.group, target, observation, now, Some(next_check_at)));
            }
        });
        let events = self.number(kinds, None);
        self.record_changes(events).await;
        for (ask, observation) in asks {
            // Whoever asked may have gone.
            let _ = ask.send(observation);
        }
    }

    /// Numbers what happened; the numbers are used up from now on.
    fn number(&mut self, kinds: Vec<EventKind>, author: Option<&Author>) -> Vec<Event> {
        let at = self.shared.clock.now();
        let by: Option<Actor> = author.map(|author| author.actor.clone());
        let why = author.and_then(|author| author.why.clone());
        let mut event = |kind| {
            self.number = self.number.next();
            Event { number: self.number, at, by: by.clone(), why: why.clone(), kind }
        };
        kinds.into_iter().map(&mut event).collect()
    }

    /// Stores and shows these events and what they change in statuses.
    async fn record_changes(&mut self, events: Vec<Event>) {
        let standings = self.shared.with_board(|board| board.standing_changes(&events));
        self.record(events, standings).await;
    }

    /// Stores and shows; shows all the same if the store cannot.
    async fn record(&mut self, events: Vec<Event>, standings: Vec<StandingChange>) {
        if events.is_empty() {
            return;
        }
        journal::tell(&self.shared, &events);
        let batch = Batch { events: Arc::new(events), standings };
        if let Some(outage) = &mut self.outage {
            self.shared.publish(&batch.events);
            return outage.arrears.add(batch);
        }
        match self.scribe.write(Job::Write { batch: batch.clone(), durable: false }, self.patience).await {
            Written::Yes => {
                self.count_stored(checks(&batch.events));
                self.shared.publish(&batch.events);
            }
            Written::No(error) => {
                self.shared.publish(&batch.events);
                self.begin_outage(error.0, Some(batch), None);
            }
            Written::NotYet(verdict) => {
                self.shared.publish(&batch.events);
                self.begin_outage(StoreFault::Slow, None, Some(Pending { what: Owed::Shown(batch), verdict }));
            }
        }
    }

    async fn change(&mut self, change: Change, author: &Author) -> Result<(), ChangeError> {
        if let Some(outage) = &self.outage {
            return Err(ChangeError::NotRecorded(outage.why.clone()));
        }
        let kinds = self.shared.with_board(|board| board.plan(change))?;
        if kinds.is_empty() {
            return Ok(());
        }
        let before = self.number;
        let events = Arc::new(self.number(kinds, Some(author)));
        let standings = self.shared.with_board(|board| board.standing_changes(&events));
        let batch = Batch { events, standings };
        match self.scribe.write(Job::Write { batch: batch.clone(), durable: true }, PATIENCE_FOR_CHANGES).await {
            Written::Yes => {
                journal::tell(&self.shared, &batch.events);
                self.shared.publish(&batch.events);
                Ok(())
            }
            Written::No(error) => {
                self.number = before;
                self.begin_outage(error.0.clone(), None, None);
                Err(ChangeError::NotRecorded(error.0))
            }
            Written::NotYet(verdict) => {
                self.number = before;
                self.skip_numbers(batch.events.len());
                self.begin_outage(StoreFault::Slow, None, Some(Pending { what: Owed::Change(batch), verdict }));
                Err(ChangeError::NotRecorded(StoreFault::Unconfirmed))
            }
        }
    }

    async fn report(&mut self, kinds: Vec<EventKind>, must_be_stored: bool) -> Result<(), ChangeError> {
        if must_be_stored {
            return self.change(Change::Report(kinds), &Author::drainboard()).await;
        }
        let kinds = self.shared.with_board(|board| board.plan(Change::Report(kinds)))?;
        let events = self.number(kinds, Some(&Author::drainboard()));
        self.record_changes(events).await;
        Ok(())
    }

    /// The store may yet commit these numbers for something else, so the board passes over them.
    fn skip_numbers(&mut self, count: usize) {
        let skipped = self.number(vec![EventKind::NumberSkipped; count], None);
        self.shared.publish(&skipped);
    }

    /// From now on things are kept in memory; `unwritten` is the first of them.
    fn begin_outage(&mut self, why: StoreFault, unwritten: Option<Batch>, pending: Option<Pending>) {
        tracing::error!(%why, "the store cannot write; checking goes on and what it sees is kept in memory, as far as it fits");
        let first = match &pending {
            Some(Pending { what: Owed::Shown(batch), .. }) => Some(batch),
            _ => unwritten.as_ref(),
        };
        let since = first.and_then(Batch::begins).unwrap_or_else(|| self.shared.clock.now());
        self.reader.set_written_until(Some(since));
        let mut arrears = Arrears::default();
        unwritten.into_iter().for_each(|batch| arrears.add(batch));
        let retry_at = self.shared.clock.instant() + RETRY_EVERY;
        self.outage = Some(Outage { why: why.clone(), retry_at, pending, arrears, lost: None });
        self.tell_fault(why);
    }

    /// Says, now and on record, why the store cannot write.
    fn tell_fault(&mut self, why: StoreFault) {
        let stopped = self.number(vec![EventKind::RecordingStopped { why }], None);
        self.shared.publish(&stopped);
        if let Some(outage) = &mut self.outage {
            outage.arrears.add(Batch { events: Arc::new(stopped), standings: Vec::new() });
        }
    }

    async fn work_on_outage(&mut self, step: Step) {
        let pending = self.outage.as_mut().and_then(|outage| outage.pending.take());
        match (pending.map(|pending| pending.what), step) {
            (Some(Owed::Shown(batch)), Step::Answered(Written::Yes)) => self.count_stored(checks(&batch.events)),
            (Some(Owed::Arrears(arrears)), Step::Answered(Written::Yes)) => self.settle(&arrears),
            (Some(Owed::Change(batch)), Step::Answered(Written::Yes)) => self.adopt(&batch.events),
            (Some(Owed::Shown(batch)), _) => {
                let mut arrears = Arrears::default();
                arrears.add(batch);
                self.owe_before(arrears);
            }
            (Some(Owed::Arrears(arrears)), _) => self.owe_before(arrears),
            (Some(Owed::Change(_)) | None, _) => {}
        }
        self.heal().await;
    }

    fn owe_before(&mut self, arrears: Arrears) {
        if let Some(outage) = &mut self.outage {
            outage.arrears.add_before(arrears);
        }
    }

    /// A change that nobody could be told of was saved after all: it is made under new numbers.
    fn adopt(&mut self, events: &[Event]) {
        if let Some(outage) = &mut self.outage {
            let moved = self.shared.with_board(|board| moved(board, events));
            outage.arrears.forget(&moved);
        }
        let mut adopted = events.to_vec();
        for event in &mut adopted {
            self.number = self.number.next();
            event.number = self.number;
        }
        journal::tell(&self.shared, &adopted);
        self.shared.publish(&adopted);
    }

    /// Tries to end the outage: stores what was kept, and what the board says now.
    async fn heal(&mut self) {
        let Some(outage) = &mut self.outage else { return };
        let arrears = std::mem::take(&mut outage.arrears);
        let board = Box::new(self.shared.with_board(Clone::clone));
        let job = Job::Heal { board, batches: arrears.batches(), gap: arrears.gap(), at: self.shared.clock.now() };
        match self.scribe.write(job, self.patience).await {
            Written::Yes => {
                self.settle(&arrears);
                let Some(Outage { lost: gap, .. }) = self.outage.take() else { return };
                self.reader.set_written_until(None);
                tracing::info!(gap.from = ?gap.map(|gap| gap.from), gap.to = ?gap.map(|gap| gap.to), "the store writes again");
                let resumed = self.number(vec![EventKind::RecordingResumed { gap }], None);
                self.record(resumed, Vec::new()).await;
            }
            Written::No(error) => {
                self.owe_before(arrears);
                self.retry_later(error.0, None);
            }
            Written::NotYet(verdict) => {
                self.retry_later(StoreFault::Slow, Some(Pending { what: Owed::Arrears(arrears), verdict }));
            }
        }
    }

    /// These were stored, except for what did not fit.
    fn settle(&mut self, arrears: &Arrears) {
        let (stored, lost) = arrears.checks();
        self.count_stored(stored);
        self.shared.vitals.observations_not_recorded.fetch_add(lost, Ordering::Relaxed);
        if let Some(outage) = &mut self.outage {
            outage.lost = outage.lost_with(arrears);
        }
    }

    fn retry_later(&mut self, why: StoreFault, pending: Option<Pending>) {
        let retry_at = self.shared.clock.instant() + RETRY_EVERY;
        let Some(outage) = &mut self.outage else { return };
        (outage.pending, outage.retry_at) = (pending, retry_at);
        // That it does not answer says less than what it answered last.
        let says_more = !matches!(why, StoreFault::Slow | StoreFault::Busy) && why != outage.why;
        if says_more {
            tracing::error!(%why, "the store cannot write for another reason now");
            outage.why = why.clone();
            self.tell_fault(why);
        }
    }

    fn count_stored(&self, checks: u64) {
        self.shared.vitals.store_observations.fetch_add(checks, Ordering::Relaxed);
    }

    fn fold(&mut self) {
        self.keep_up(Job::Fold { now: self.shared.clock.now() });
    }

    fn prune(&mut self) {
        self.keep_up(Job::Prune(self.retention.cutoffs(self.shared.clock.now())));
    }

    /// Gives a job that nobody waits for, unless the one before is not done; the next period tries again. So the queue
    /// always has a place for what somebody waits for.
    fn keep_up(&mut self, job: Job) {
        let is_busy = self.upkeep.as_mut().is_some_and(|verdict| verdict.try_recv() == Err(TryRecvError::Empty));
        if self.outage.is_none() && !is_busy {
            self.upkeep = Some(self.scribe.begin(job));
        }
    }
}

/// The targets that these events remove or move to another address, where they were not checked before.
fn moved(board: &Board, events: &[Event]) -> HashSet<TargetId> {
    let of_group = |name| board.groups.get(name).into_iter().flat_map(|group| group.targets.keys().copied());
    let mut moved = HashSet::new();
    for event in events {
        match &event.kind {
            EventKind::TargetEdited { target, .. } => {
                let was = board.target(&target.group, target.id).map(|state| &state.target);
                let is_there_still = was.is_some_and(|was| (&was.host, was.port) == (&target.host, target.port));
                moved.extend((!is_there_still).then_some(target.id));
            }
            EventKind::TargetDeregistered(target) => {
                moved.insert(target.id);
            }
            EventKind::GroupDeleted(name) => moved.extend(of_group(name)),
            _ => {}
        }
    }
    moved
}

/// What there is to do about an outage.
enum Step {
    /// The unanswered write was answered.
    Answered(Written),
    /// It is time to try again.
    Retry,
}

/// Waits until there is something to do about the outage; for ever if there is none. Safe to drop and call again.
async fn next_step(outage: Option<&mut Outage>) -> Step {
    match outage {
        None => std::future::pending().await,
        Some(Outage { pending: Some(pending), .. }) => Step::Answered(known((&mut pending.verdict).await)),
        Some(Outage { retry_at, .. }) => {
            tokio::time::sleep_until(*retry_at).await;
            Step::Retry
        }
    }
}
