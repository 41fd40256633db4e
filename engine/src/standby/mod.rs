//! The reconciler of standbys: asks the pure planner who is promoted and who falls back, tells starters of cold ones, and
//! stops them again.
//!
//! Like the reconciler of drains it takes no input but the board. A promotion that stands at its starter when Drainboard is
//! killed is found so at the next start: a starter that still runs is ended, and it is told again. It should do no harm to be
//! told twice.

use std::collections::{BTreeMap, HashSet};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use domain::{
    Board, GroupName, PromotionStep, Standby, StandbyDue, StandbyStage, StarterName, StarterRun, TargetId, TargetState,
    Timestamp, stand_by,
};
use tokio::task::JoinSet;

use crate::lab::Bench;
use crate::monitor::recorder::Inbox;
use crate::monitor::shared::Shared;
use crate::{Author, ChangeError};

mod command;
mod leash;
mod starter;
mod webhook;

use leash::Leash;

pub use starter::{CommandLine, Starter, StarterAct};

/// What starts cold standbys, by name.
pub type Starters = BTreeMap<StarterName, Starter>;

/// Standbys are looked at so often even if nothing woke us.
const PERIOD: Duration = Duration::from_millis(500);

/// After a change that could not be stored the next one is tried later.
const PERIOD_IN_OUTAGE: Duration = Duration::from_secs(2);

/// So many starters run at once.
const STARTERS_AT_ONCE: usize = 16;

/// What cold standbys are started with. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Means {
    starters: Arc<Starters>,
    leash: Leash,
    /// The lab has a starter of its own.
    bench: Arc<Bench>,
}

impl Means {
    /// These starters; those that run are noted beside the data file.
    pub(crate) fn new(starters: Arc<Starters>, database: &Path, bench: Arc<Bench>) -> Self {
        Self { starters, leash: Leash::beside(database), bench }
    }

    fn starter(&self, standby: &Standby) -> Option<&Starter> {
        self.starters.get(standby.starter.as_ref()?)
    }
}

/// A cold standby is to be started or stopped.
#[derive(Clone, Debug)]
struct Job {
    group: GroupName,
    target: TargetId,
    starter: Option<StarterName>,
    act: Act,
}

#[derive(Clone, Copy, Debug)]
enum Act {
    /// On behalf of the promotion that began then.
    Start(Timestamp),
    Stop,
}

/// Runs until the recorder is gone. Starters that run then are ended.
pub(crate) async fn run(shared: Arc<Shared>, recorder: Inbox, means: Means) {
    means.leash.end_leftovers().await;
    let mut wake = shared.wake.subscribe();
    // A target is started or stopped, never both, and never twice at once.
    let mut running: HashSet<TargetId> = HashSet::new();
    let mut tasks: JoinSet<(Job, StarterRun)> = JoinSet::new();
    loop {
        let now = shared.clock.now();
        let mut due = shared.with_board(|board| stand_by(board, now));
        due.extend(shared.with_board(|board| stops(board, now, &means, &running)));
        for job in shared.with_board(jobs) {
            if running.len() < STARTERS_AT_ONCE && running.insert(job.target) {
                let (means, clock) = (means.clone(), shared.clock);
                tasks.spawn(async move {
                    let run = means.carry_out(&job, clock).await;
                    (job, run)
                });
            }
        }
        let period = match change(&recorder, due).await {
            Ok(true) => PERIOD,
            Ok(false) => PERIOD_IN_OUTAGE,
            Err(Gone) => return,
        };
        tokio::select! {
            changed = wake.changed(), if period == PERIOD => if changed.is_err() { return },
            () = tokio::time::sleep(period) => {}
            Some(ended) = tasks.join_next() => {
                let Ok((job, run)) = ended else { return };
                // What could not be stored is found again, and the starter is told again.
                running.remove(&job.target);
                let due = shared.with_board(|board| after(board, &job, run));
                if change(&recorder, due.into_iter().collect()).await.is_err() {
                    return;
                }
            }
        }
    }
}

impl Means {
    async fn carry_out(&self, job: &Job, clock: crate::Clock) -> StarterRun {
        let starter = job.starter.as_ref().and_then(|name| self.starters.get(name));
        let run = match (starter, job.act) {
            (Some(starter), Act::Start(_)) => Some(starter.start(clock, &self.leash, job.target).await),
            (Some(starter), Act::Stop) => starter.stop(clock, &self.leash, job.target).await,
            (None, Act::Start(_)) => match job.starter.as_ref().and_then(|name| self.bench.starter(name)) {
                Some(run) => Some(run.await),
                None => None,
            },
            (None, Act::Stop) => None,
        };
        run.unwrap_or_else(|| not_configured(job, clock.now()))
    }
}

/// The recorder is gone.
struct Gone;

/// Whether everything was stored.
async fn change(recorder: &Inbox, due: Vec<StandbyDue>) -> Result<bool, Gone> {
    let mut stored = true;
    for due in due {
        match recorder.change(domain::Change::MoveStandby(due), Author::drainboard()).await {
            Ok(()) => {}
            Err(ChangeError::Stopping) => return Err(Gone),
            Err(ChangeError::NotRecorded(_)) => stored = false,
            Err(error) => tracing::warn!(%error, "a standby could not be moved"),
        }
    }
    Ok(stored)
}

/// Every standby with its target.
fn standbys(board: &Board) -> impl Iterator<Item = (&TargetState, &Standby)> {
    let targets = board.groups.values().flat_map(|group| group.targets.values());
    targets.filter_map(|target| Some((target, target.standby.as_ref()?)))
}

/// The stops that begin now; where nothing stops the standby, it is left running.
fn stops(board: &Board, now: Timestamp, means: &Means, running: &HashSet<TargetId>) -> Vec<StandbyDue> {
    let stop = |(target, standby): (&TargetState, &Standby)| {
        standby.stop.filter(|stop| !stop.begun)?;
        let can_stop = means.starter(standby).is_some_and(|starter| starter.stop.is_some());
        let may_stop = board.may_stop(target, now) && !running.contains(&target.target.id);
        let standby = match (can_stop, may_stop) {
            (false, _) => standby.stopped(None),
            (true, true) => standby.stopping(),
            (true, false) => return None,
        };
        let (group, target) = (target.target.group.clone(), target.target.id);
        Some(StandbyDue { group, target, stage: StandbyStage::Stopping, standby })
    };
    standbys(board).filter_map(stop).collect()
}

/// The standbys that are to be started or stopped.
fn jobs(board: &Board) -> Vec<Job> {
    let job = |(target, standby): (&TargetState, &Standby)| {
        let act = match standby.promotion {
            _ if standby.is_stopping() => Act::Stop,
            Some(promotion) if promotion.step == PromotionStep::Starting => Act::Start(promotion.at),
            _ => return None,
        };
        let (group, target) = (target.target.group.clone(), target.target.id);
        Some(Job { group, target, starter: standby.starter.clone(), act })
    };
    standbys(board).filter_map(job).collect()
}

/// What becomes of a standby whose starter, or what stops it, has ended.
fn after(board: &Board, Job { group, target, act, .. }: &Job, run: StarterRun) -> Option<StandbyDue> {
    let standby = board.target(group, *target)?.standby.as_ref()?;
    let due = |stage, standby| Some(StandbyDue { group: group.clone(), target: *target, stage, standby });
    let at = match act {
        Act::Start(at) => at,
        Act::Stop => return due(StandbyStage::Stopped, standby.stopped(Some(run))),
    };
    standby.promotion.filter(|promotion| promotion.at == *at && promotion.step == PromotionStep::Starting)?;
    let (stage, standby) = match run.ok {
        true => (StandbyStage::StarterFinished, standby.stepped(PromotionStep::Waiting, run.at)),
        false => (StandbyStage::Failed, Standby { failed_at: Some(run.at), ..standby.fallen_back(run.at) }),
    };
    due(stage, Standby { last_run: Some(run), ..standby })
}

fn not_configured(job: &Job, at: Timestamp) -> StarterRun {
    let said = match (&job.starter, job.act) {
        (Some(name), Act::Start(_)) => {
            format!("no starter named {name} is in the configuration file; add it and start Drainboard again")
        }
        (Some(name), Act::Stop) => format!("no stop_command of {name} is in the configuration file any more"),
        (None, _) => "the standby has no starter; give it one".to_owned(),
    };
    StarterRun { at, took_ms: 0, ok: false, said, output: String::new() }
}
