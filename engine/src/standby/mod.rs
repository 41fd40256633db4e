//! The reconciler of standbys: asks the pure planner who is promoted and who falls back, and tells starters of cold ones.
//!
//! Like the reconciler of drains it takes no input but the board. A promotion that stands at its starter when Drainboard is
//! killed is found so at the next start, and the starter is told again: it should do no harm to be told twice.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use domain::{
    Board, GroupName, Promotion, PromotionStep, Standby, StandbyDue, StandbyStage, StarterName, StarterRun, TargetId,
    Timestamp, stand_by,
};
use tokio::task::JoinSet;

use crate::lab::Bench;
use crate::monitor::recorder::Inbox;
use crate::monitor::shared::Shared;
use crate::{Author, ChangeError};

mod starter;

pub use starter::{Starter, StarterAct};

/// What starts cold standbys, by name.
pub type Starters = BTreeMap<StarterName, Starter>;

/// Standbys are looked at so often even if nothing woke us.
const PERIOD: Duration = Duration::from_millis(500);

/// After a change that could not be stored the next one is tried later.
const PERIOD_IN_OUTAGE: Duration = Duration::from_secs(2);

/// So many starters run at once.
const STARTERS_AT_ONCE: usize = 16;

/// A promotion whose starter is to be told: whose, and since when it is under way.
type Start = (GroupName, TargetId, Timestamp);

/// Runs until the recorder is gone. Starters that run then are ended.
pub(crate) async fn run(shared: Arc<Shared>, recorder: Inbox, starters: Arc<Starters>, bench: Arc<Bench>) {
    let mut wake = shared.wake.subscribe();
    let mut running: HashSet<Start> = HashSet::new();
    let mut tasks: JoinSet<(Start, StarterRun)> = JoinSet::new();
    loop {
        let mut due = shared.with_board(|board| stand_by(board, shared.clock.now()));
        for (start, name) in shared.with_board(starts) {
            if running.len() >= STARTERS_AT_ONCE || running.contains(&start) {
                continue;
            }
            let clock = shared.clock;
            match name.as_ref().and_then(|name| starters.get(name)).cloned() {
                Some(starter) => {
                    running.insert(start.clone());
                    tasks.spawn(async move { (start, starter.run(clock).await) });
                }
                None => {
                    if let Some(run) = name.as_ref().and_then(|name| bench.starter(name)) {
                        running.insert(start.clone());
                        tasks.spawn(async move { (start, run.await) });
                        continue;
                    }
                    let run = not_configured(name.as_ref(), clock.now());
                    due.extend(shared.with_board(|board| after_run(board, &start, run)));
                }
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
                let Ok((start, run)) = ended else { return };
                // What could not be stored is found again, and the starter is told again.
                running.remove(&start);
                let due = shared.with_board(|board| after_run(board, &start, run));
                if change(&recorder, due.into_iter().collect()).await.is_err() {
                    return;
                }
            }
        }
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

/// The promotions whose starter is to be told.
fn starts(board: &Board) -> Vec<(Start, Option<StarterName>)> {
    let targets = board.groups.values().flat_map(|group| group.targets.values());
    let start = |target: &domain::TargetState| {
        let standby = target.standby.as_ref()?;
        let Promotion { at, step, .. } = standby.promotion?;
        let start = (target.target.group.clone(), target.target.id, at);
        (step == PromotionStep::Starting).then(|| (start, standby.starter.clone()))
    };
    targets.filter_map(start).collect()
}

/// What becomes of a promotion whose starter has ended.
fn after_run(board: &Board, (group, target, at): &Start, run: StarterRun) -> Option<StandbyDue> {
    let standby = board.target(group, *target)?.standby.as_ref()?;
    standby.promotion.filter(|promotion| promotion.at == *at && promotion.step == PromotionStep::Starting)?;
    let (stage, standby) = match run.ok {
        true => (StandbyStage::StarterFinished, standby.stepped(PromotionStep::Waiting, run.at)),
        false => (StandbyStage::Failed, Standby { failed_at: Some(run.at), ..standby.fallen_back() }),
    };
    let standby = Standby { last_run: Some(run), ..standby };
    Some(StandbyDue { group: group.clone(), target: *target, stage, standby })
}

fn not_configured(name: Option<&StarterName>, at: Timestamp) -> StarterRun {
    let said = match name {
        Some(name) => {
            format!("no starter named {name} is in the configuration file; add it and start Drainboard again")
        }
        None => "the standby has no starter; give it one".to_owned(),
    };
    StarterRun { at, took_ms: 0, ok: false, said, output: String::new() }
}
