//! One target, checked on its own phase, one check at a time.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use domain::{
    Board, Check, GroupName, Health, Host, Micros, Observation, Outcome, OwnFault, Phases, TargetId, Timestamp,
};
use tokio::sync::mpsc;
use tokio::time::Instant;

use super::asks::{Ask, Asks};
use super::limits::Limit;
use super::phase::{Grid, Ticks, share_of};
use super::recorder::{Inbox, Seen};
use super::sentinel::Post;
use super::shared::Shared;
use crate::probe::Prober;

/// What is to be checked, and how. Another value means another watch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Wanted {
    pub(crate) group: GroupName,
    pub(crate) host: Host,
    pub(crate) port: u16,
    pub(crate) check: Arc<Check>,
}

impl Wanted {
    /// Whether the board still has the target at the address that was checked.
    pub(crate) fn is_still_there(&self, id: TargetId, board: &Board) -> bool {
        let state = board.target(&self.group, id);
        state.is_some_and(|state| (&state.target.host, state.target.port) == (&self.host, self.port))
    }
}

/// A turn that comes later than this is made up for at a new time, so that a pause of ours ends without a burst.
const LATE_MAX: Duration = Duration::from_secs(1);

pub(crate) struct Watch {
    pub(crate) id: TargetId,
    pub(crate) wanted: Arc<Wanted>,
    pub(crate) limit: Limit,
    pub(crate) prober: Prober,
    pub(crate) shared: Arc<Shared>,
    pub(crate) recorder: Inbox,
    pub(crate) asks: Arc<Asks>,
    /// Where a failure that is confirmed out of turn is told, so that others are looked at, too.
    pub(crate) suspects: mpsc::Sender<TargetId>,
    /// The first check comes within this time.
    pub(crate) first_within: Duration,
    pub(crate) ticks: Ticks,
}

impl Watch {
    /// Checks until the recorder is gone or the task is dropped; and has a sentinel, where one is wanted.
    pub(crate) async fn run(self, mut post: Option<Box<Post>>) {
        let interval = Duration::from_millis(u64::from(self.wanted.check.interval_ms));
        let grid = Grid::new(self.id, interval);
        let late_max = LATE_MAX.min(interval / 2);
        let first = self.shared.clock.instant() + share_of(self.id, self.first_within.min(interval));
        let mut due = self.ticks.at_or_after(first);
        let mut is_first = true;
        let mut health = self.belief();
        // The next check comes sooner than its turn: a failure is confirmed.
        let mut hurried: Option<Instant> = None;
        loop {
            let begin = hurried.map_or(due, |at| at.min(due));
            let (in_turn, mut asks) = tokio::select! {
                () = tokio::time::sleep_until(begin) => (true, Vec::new()),
                () = alarm(post.as_deref_mut()) => (false, Vec::new()),
                asks = self.asks.next() => (false, asks),
            };
            let began = self.shared.clock.instant();
            let lateness = began.saturating_duration_since(begin);
            if in_turn && lateness > late_max && !is_first {
                self.shared.vitals.turns_skipped.fetch_add(1, Ordering::Relaxed);
                hurried = None;
                due = self.on_grid(grid);
                continue;
            }
            if in_turn {
                self.shared.vitals.lateness.record(lateness);
            }
            // A watch mostly waits, so it has the memory for a check, and for telling of it, only then.
            let observation = Box::pin(self.check()).await;
            let is_out_of_turn = hurried.is_some() || (!in_turn && asks.is_empty());
            let was_unhealthy = is_unhealthy(&health);
            health = self.learn(health, &observation.outcome, is_out_of_turn);
            let is_recovery = was_unhealthy && !is_unhealthy(&health);
            if let Some(post) = &mut post {
                post.learn(&observation.outcome, &health);
            }
            hurried = self.hurry(&health, &observation.outcome, began);
            if !asks.is_empty() {
                // Who asked meanwhile gets the same answer. A check that nobody asked for may have begun before what
                // they want to see, so that one does not answer them.
                asks.extend(self.asks.take());
            }
            due = self.next_turn(due, grid, interval, is_first);
            is_first = false;
            let next = hurried.map_or(due, |at| at.min(due));
            if !Box::pin(self.report(observation, self.on_the_wall(next), asks, is_recovery)).await {
                return;
            }
        }
    }

    /// What the board believes when the watch begins. From then on the watch follows its own results by the same rules,
    /// since the board learns of them later.
    fn belief(&self) -> Health {
        let health = |board: &Board| board.target(&self.wanted.group, self.id).map(|target| target.health.clone());
        self.shared.with_board(health).unwrap_or_default()
    }

    /// What we believe after one more result, and who has to know.
    fn learn(&self, before: Health, outcome: &Outcome, is_out_of_turn: bool) -> Health {
        let check = &self.wanted.check;
        let health = before.observe(outcome, check.thresholds());
        let is_hurried = is_out_of_turn || check.hurry_ms(&health, outcome).is_some();
        if is_hurried && matches!(outcome, Outcome::Fail(_)) {
            // Where too many wait already, others are looked at in any case.
            let _ = self.suspects.try_send(self.id);
        }
        health
    }

    /// When the next check begins, where it does not wait for its turn.
    fn hurry(&self, health: &Health, outcome: &Outcome, began: Instant) -> Option<Instant> {
        let after = self.wanted.check.hurry_ms(health, outcome)?;
        Some((began + Duration::from_millis(u64::from(after))).max(self.shared.clock.instant()))
    }

    /// The next turn after now. Turns follow each other by the interval on the monotonic clock; the first one is put on
    /// the grid.
    fn next_turn(&self, due: Instant, grid: Grid, interval: Duration, is_first: bool) -> Instant {
        let now = self.shared.clock.instant();
        if is_first {
            let on_grid = self.on_grid(grid);
            return if on_grid < now + interval / 4 { on_grid + interval } else { on_grid };
        }
        if due > now {
            // The check was asked for, between two turns.
            return due;
        }
        let behind = now.saturating_duration_since(due).as_micros() / interval.as_micros().max(1);
        let missed = u32::try_from(behind).unwrap_or(u32::MAX - 1);
        self.shared.vitals.turns_skipped.fetch_add(u64::from(missed), Ordering::Relaxed);
        due + interval * (missed + 1)
    }

    /// The next turn on the grid.
    fn on_grid(&self, grid: Grid) -> Instant {
        self.ticks.at_or_after(self.shared.clock.instant() + grid.until_next(self.shared.clock.now()))
    }

    /// A moment of the monotonic clock as the wall's.
    fn on_the_wall(&self, due: Instant) -> Timestamp {
        let ahead = due.saturating_duration_since(self.shared.clock.instant()).as_millis();
        self.shared.clock.now().plus_millis(i64::try_from(ahead).unwrap_or(i64::MAX))
    }

    async fn check(&self) -> Observation {
        let check = &self.wanted.check;
        let began = self.shared.clock.instant();
        let patience = Duration::from_millis(u64::from(check.timeout_ms));
        let Some(_permit) = self.limit.permit(patience).await else {
            let total = Micros::from(self.shared.clock.instant() - began);
            let phases = Phases { dns: None, connect: None, tls: None, first_byte: None, total };
            let outcome = Outcome::Unknown(OwnFault::Overloaded);
            return Observation { at: self.shared.clock.now(), phases, status_code: None, outcome };
        };
        let _in_flight = InFlight::new(&self.shared);
        self.prober.check(check, &self.wanted.host, check.port.for_traffic(self.wanted.port)).await
    }

    /// Hands the result to the recorder; false if there is none any more.
    async fn report(
        &self,
        observation: Observation,
        next_check_at: Timestamp,
        asks: Vec<Ask>,
        is_recovery: bool,
    ) -> bool {
        let vitals = &self.shared.vitals;
        vitals.check_duration.record(Duration::from_micros(u64::from(observation.phases.total.0)));
        let by_result = match observation.outcome {
            Outcome::Pass => &vitals.checks_passed,
            Outcome::Fail(_) => &vitals.checks_failed,
            Outcome::Unknown(_) => &vitals.checks_unknown,
        };
        by_result.fetch_add(1, Ordering::Relaxed);
        let (wanted, target) = (Arc::clone(&self.wanted), self.id);
        let seen = Seen { wanted, target, observation, next_check_at, asks, is_recovery };
        self.recorder.seen(seen).await.is_ok()
    }
}

fn is_unhealthy(health: &Health) -> bool {
    matches!(health, Health::Unhealthy { .. })
}

/// Waits for what calls for a check at once; for ever where there is no sentinel.
async fn alarm(post: Option<&mut Post>) {
    match post {
        // Most have none, so the memory for it is theirs who have one.
        Some(post) => Box::pin(post.alarm()).await,
        None => std::future::pending().await,
    }
}

/// Counts a check as under way for as long as it lives, also when the watch is dropped in the middle.
struct InFlight<'a>(&'a Shared);

impl<'a> InFlight<'a> {
    fn new(shared: &'a Shared) -> Self {
        shared.vitals.checks_in_flight.fetch_add(1, Ordering::Relaxed);
        Self(shared)
    }
}

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        self.0.vitals.checks_in_flight.fetch_sub(1, Ordering::Relaxed);
    }
}
