//! The task that holds the store's writer, so that a slow disk keeps nobody waiting longer than they want to.

use std::sync::Arc;
use std::time::Duration;

use domain::{Board, Failover, Gap, StoreFault, Timestamp};
use tokio::sync::{mpsc, oneshot};

use super::shared::Shared;
use crate::store::{Batch, Cutoffs, WriteError, Writer};

/// Something to be written.
pub(crate) enum Job {
    /// A batch; `durable` ones survive a loss of power.
    Write { batch: Batch, durable: bool },
    /// After a time without the store: these batches, a time whose checks are lost, and everything as it is at `at`.
    Heal { board: Box<Board>, batches: Vec<Batch>, gap: Option<Gap>, at: Timestamp },
    /// Some of the checks that are due move into chunks and hours.
    Fold { now: Timestamp },
    /// The oldest rows go, a few at a time.
    Prune(Cutoffs),
    /// A failover record is kept as it is now.
    Keep(Box<Failover>),
}

/// The answer to a job, when it comes.
pub(crate) type Verdict = oneshot::Receiver<Result<(), WriteError>>;

/// How a job ended, as far as is known.
pub(crate) enum Written {
    /// It is in the store.
    Yes,
    /// It is not, and nothing of it.
    No(WriteError),
    /// The store has not answered yet.
    NotYet(Verdict),
}

/// The sending end.
pub(crate) struct Scribe {
    jobs: mpsc::Sender<(Job, oneshot::Sender<Result<(), WriteError>>)>,
    task: tokio::task::JoinHandle<()>,
}

/// So many jobs may wait: one that somebody waits for, one of upkeep, and a record.
const JOBS_MAX: usize = 3;

/// At most so many rows go in one step, so that the next batch waits for milliseconds at most.
const PRUNE_ROWS: u32 = 1000;

/// For the same reason checks are moved for no longer than this at a time.
const FOLD_MAX: Duration = Duration::from_millis(6);

impl Scribe {
    pub(crate) fn start(writer: Writer, shared: Arc<Shared>) -> Self {
        let (jobs, inbox) = mpsc::channel(JOBS_MAX);
        #[expect(clippy::disallowed_methods, reason = "the task is owned here and joined in `close`")]
        let task = tokio::spawn(run(writer, inbox, shared));
        Self { jobs, task }
    }

    /// Gives a job and waits for its end, at most so long.
    pub(crate) async fn write(&self, job: Job, patience: Duration) -> Written {
        let mut verdict = self.begin(job);
        match tokio::time::timeout(patience, &mut verdict).await {
            Ok(answer) => known(answer),
            Err(_) => Written::NotYet(verdict),
        }
    }

    /// Gives a job without waiting for it.
    pub(crate) fn begin(&self, job: Job) -> Verdict {
        let (answer, verdict) = oneshot::channel();
        // A full or closed channel drops `answer`, which `known` reads as a failure.
        let _ = self.jobs.try_send((job, answer));
        verdict
    }

    /// Ends the task after the jobs that it has, and closes the store; waits at most so long.
    pub(crate) async fn close(self, patience: Duration) {
        drop(self.jobs);
        if tokio::time::timeout(patience, self.task).await.is_err() {
            tracing::warn!("the store did not close in time; what is missing is in its write-ahead log");
        }
    }
}

/// What an answer means; none means that the store is busy with earlier work.
pub(crate) fn known(answer: Result<Result<(), WriteError>, oneshot::error::RecvError>) -> Written {
    match answer {
        Ok(Ok(())) => Written::Yes,
        Ok(Err(error)) => Written::No(error),
        Err(_) => Written::No(WriteError(StoreFault::Busy)),
    }
}

async fn run(
    mut writer: Writer,
    mut inbox: mpsc::Receiver<(Job, oneshot::Sender<Result<(), WriteError>>)>,
    shared: Arc<Shared>,
) {
    while let Some((job, answer)) = inbox.recv().await {
        let began = shared.clock.instant();
        let is_write = matches!(job, Job::Write { .. });
        let result = carry_out(&mut writer, job, &shared).await;
        if is_write {
            shared.vitals.store_commit_duration.record(shared.clock.instant() - began);
        }
        let counter = if result.is_ok() { &shared.vitals.store_commits } else { &shared.vitals.store_failures };
        counter.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        // The recorder may have stopped waiting.
        let _ = answer.send(result);
    }
    writer.close().await;
}

async fn carry_out(writer: &mut Writer, job: Job, shared: &Shared) -> Result<(), WriteError> {
    match job {
        Job::Write { batch, durable } => writer.write(&batch.events, &batch.standings, durable).await,
        Job::Heal { board, batches, gap, at } => writer.heal(&board, &batches, gap, at).await,
        Job::Fold { now } => {
            let until = shared.clock.instant() + FOLD_MAX;
            while writer.fold(now).await? && shared.clock.instant() < until {}
            Ok(())
        }
        Job::Keep(failover) => writer.keep_failover(&failover).await,
        Job::Prune(cutoffs) => writer.prune(cutoffs, PRUNE_ROWS).await.map(|_| ()),
    }
}
