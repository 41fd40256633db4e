//! Standbys: targets that wait for others to fail, and the planner that says who is promoted and who falls back. Pure:
//! it looks and decides, others act.
//!
//! A *hot* and a *warm* standby run and are checked. A warm one is held out in the proxies; so is a hot one, unless the
//! proxy itself keeps it as a backup: then that is the proxy's affair, and we say so. A *cold* one does not run: a starter
//! that the operator configured is told first.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{Board, Front, Group, GroupName, GroupState, Health, TargetId, TargetState, Timestamp};

mod starter;

pub use starter::{BadStarterName, STARTER_OUTPUT_MAX, StarterName, StarterRun};

/// How ready a standby is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tier {
    /// It runs and is checked; the proxy uses it as a backup, or we let it in.
    Hot,
    /// It runs and is checked; it is held out until it is promoted.
    Warm,
    /// It does not run; a starter is told before it is promoted.
    Cold,
}

impl Tier {
    /// All tiers, in the order in which they are promoted.
    pub const ALL: [Self; 3] = [Self::Hot, Self::Warm, Self::Cold];

    /// The API's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Hot => "hot",
            Self::Warm => "warm",
            Self::Cold => "cold",
        }
    }
}

impl fmt::Display for Tier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Tier {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|tier| tier.as_str() == text).ok_or(())
    }
}

/// How a group's standbys are used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct StandbyRule {
    /// So many targets should serve; below, a standby is promoted. None: the group's minimum, at least 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wanted_active: Option<u32>,
    /// So long enough active targets must serve before a standby falls back, in seconds.
    pub hold_down_s: u32,
    /// Who ends a promotion.
    pub fall_back: FallBack,
}

/// So long recovery is watched unless the group says otherwise, in seconds.
pub const HOLD_DOWN_S: u32 = 60;

impl Default for StandbyRule {
    fn default() -> Self {
        Self { wanted_active: None, hold_down_s: HOLD_DOWN_S, fall_back: FallBack::default() }
    }
}

/// Who ends a promotion.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FallBack {
    /// It ends by itself after the hold-down.
    #[default]
    ByItself,
    /// A person ends it.
    ByHand,
}

impl FallBack {
    /// Both.
    pub const ALL: [Self; 2] = [Self::ByItself, Self::ByHand];

    /// The API's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ByItself => "by_itself",
            Self::ByHand => "by_hand",
        }
    }
}

impl FromStr for FallBack {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|way| way.as_str() == text).ok_or(())
    }
}

/// A target is a standby.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standby {
    /// How ready it is.
    pub tier: Tier,
    /// What starts it, where it is cold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub starter: Option<StarterName>,
    /// Its promotion, while there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promotion: Option<Promotion>,
    /// What the starter last did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_run: Option<StarterRun>,
    /// When a promotion last came to nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failed_at: Option<Timestamp>,
    /// It is to be stopped, after a promotion.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stop: Option<Stop>,
    /// What stopping it last did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_stop: Option<StarterRun>,
}

/// A cold standby is to be stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stop {
    /// Since when.
    pub since: Timestamp,
    /// Whether it has begun: then it cannot be taken back.
    pub begun: bool,
}

/// A standby that is to serve, or does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Promotion {
    /// Since when.
    pub at: Timestamp,
    /// On whose behalf.
    pub cause: PromotionCause,
    /// How far it is.
    pub step: PromotionStep,
    /// Since when it is so far.
    pub step_at: Timestamp,
    /// Since when enough active targets serve again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calm_since: Option<Timestamp>,
}

/// On whose behalf a standby is promoted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PromotionCause {
    /// Too few active targets were left.
    Policy,
    /// A person wanted it, and ends it.
    Person,
}

impl PromotionCause {
    /// The API's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Policy => "policy",
            Self::Person => "person",
        }
    }
}

/// How far a promotion is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PromotionStep {
    /// Its starter is told.
    Starting,
    /// It is not healthy yet.
    Waiting,
    /// It may serve.
    In,
}

impl PromotionStep {
    /// The API's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Starting => "starting",
            Self::Waiting => "waiting",
            Self::In => "in",
        }
    }
}

/// What happened to a standby.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StandbyStage {
    /// A promotion began.
    Started,
    /// Its starter was told, and it is waited for.
    StarterFinished,
    /// It is healthy and may serve.
    BroughtIn,
    /// It waits again.
    FellBack,
    /// The promotion came to nothing.
    Failed,
    /// Stopping it begins, or there is nothing that stops it; not on record.
    Stopping,
    /// What stops it has ended.
    Stopped,
    /// Enough active targets serve again, or do not any more; not on record.
    Calm,
}

impl StandbyStage {
    /// The word of its event in the API and in the store.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Started => "promotion_started",
            Self::StarterFinished => "starter_finished",
            Self::BroughtIn => "standby_brought_in",
            Self::FellBack => "standby_fell_back",
            Self::Failed => "promotion_failed",
            Self::Stopping => "standby_stopping",
            Self::Stopped => "standby_stopped",
            Self::Calm => "standby_calm",
        }
    }
}

/// A cold standby is waited for so long after its starter, in milliseconds.
pub const READY_WITHIN_MS: u64 = 10 * 60_000;

/// Connections that a cold standby still has are waited for so long before it is stopped, in milliseconds.
pub const STOP_WITHIN_MS: u64 = 60_000;

/// After a promotion that came to nothing the standby is left alone for so long, in milliseconds.
pub const PROMOTE_AGAIN_AFTER_MS: u64 = 60_000;

impl Standby {
    /// A standby of this tier that was never promoted.
    pub fn new(tier: Tier, starter: Option<StarterName>) -> Self {
        Self { tier, starter, promotion: None, last_run: None, failed_at: None, stop: None, last_stop: None }
    }

    /// Whether it is promoted and may serve.
    pub fn is_in(&self) -> bool {
        self.promotion.is_some_and(|promotion| promotion.step == PromotionStep::In)
    }

    /// Whether it is being stopped right now.
    pub fn is_stopping(&self) -> bool {
        self.stop.is_some_and(|stop| stop.begun)
    }

    /// The same with a promotion that begins at `now`. A stop that has not begun is not needed any more; one that has is
    /// waited for, and the starter is told after it.
    #[must_use]
    pub fn promoted(&self, cause: PromotionCause, health: &TargetState, now: Timestamp) -> (Self, StandbyStage) {
        let is_fit = health.is_fit();
        let (step, stage) = match self.tier {
            Tier::Cold if !is_fit || self.is_stopping() => (PromotionStep::Starting, StandbyStage::Started),
            _ => (PromotionStep::Waiting, StandbyStage::Started),
        };
        let promotion = Promotion { at: now, cause, step, step_at: now, calm_since: None };
        let stop = self.stop.filter(|stop| stop.begun);
        (Self { promotion: Some(promotion), failed_at: None, stop, ..self.clone() }, stage)
    }

    /// The same, so much further.
    #[must_use]
    pub fn stepped(&self, step: PromotionStep, now: Timestamp) -> Self {
        let promotion = self.promotion.map(|promotion| Promotion { step, step_at: now, ..promotion });
        Self { promotion, ..self.clone() }
    }

    /// The same, waiting again; what was started is to be stopped.
    #[must_use]
    pub fn fallen_back(&self, now: Timestamp) -> Self {
        let was_started = self.tier == Tier::Cold && self.starter.is_some();
        let stop = was_started.then(|| self.stop.unwrap_or(Stop { since: now, begun: false }));
        Self { promotion: None, stop, ..self.clone() }
    }

    /// The same, while it is being stopped.
    #[must_use]
    pub fn stopping(&self) -> Self {
        Self { stop: self.stop.map(|stop| Stop { begun: true, ..stop }), ..self.clone() }
    }

    /// The same, stopped, or left as it is where nothing stops it.
    #[must_use]
    pub fn stopped(&self, run: Option<StarterRun>) -> Self {
        Self { stop: None, last_stop: run.or_else(|| self.last_stop.clone()), ..self.clone() }
    }
}

impl TargetState {
    /// Whether it is a standby that does not serve now.
    pub fn stands_by(&self) -> bool {
        self.standby.as_ref().is_some_and(|standby| !standby.is_in())
    }

    /// Whether it is healthy as far as we see now: nobody is brought in before that.
    pub fn is_fit(&self) -> bool {
        matches!(self.health, Health::Healthy { .. }) && self.blind.is_none() && !self.restored
    }

    /// Whether it is a cold standby that nobody has told to run.
    pub fn is_off(&self) -> bool {
        self.standby.as_ref().is_some_and(|standby| standby.tier == Tier::Cold && standby.promotion.is_none())
    }

    /// Whether it is a cold standby that was told to run, and is not brought in yet.
    pub fn is_coming(&self) -> bool {
        let cold = self.standby.as_ref().filter(|standby| standby.tier == Tier::Cold && !standby.is_in());
        cold.is_some_and(|standby| standby.promotion.is_some())
    }
}

impl Group {
    /// So many targets should serve before a standby is needed.
    pub fn wanted_active(&self) -> u32 {
        self.standby.wanted_active.unwrap_or(self.minimum_healthy_targets.max(1))
    }
}

/// What is due of standbys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StandbyDue {
    /// The group.
    pub group: GroupName,
    /// The standby.
    pub target: TargetId,
    /// What happens to it.
    pub stage: StandbyStage,
    /// As it is then.
    pub standby: Standby,
}

/// What is due of the standbys of the whole board. Asked again after it is done, there is nothing to do.
pub fn stand_by(board: &Board, now: Timestamp) -> Vec<StandbyDue> {
    let with_standbys = board.groups.values().filter(|group| group.targets.values().any(|t| t.standby.is_some()));
    with_standbys.flat_map(|group| Planner { board, group, now }.plan()).collect()
}

struct Planner<'a> {
    board: &'a Board,
    group: &'a GroupState,
    now: Timestamp,
}

impl Planner<'_> {
    fn plan(&self) -> Vec<StandbyDue> {
        // Without checks nobody knows who is ready; before the first checks after a start nobody knows who serves.
        let targets = || self.group.targets.values();
        if !self.group.group.check.enabled {
            return Vec::new();
        }
        let mut due: Vec<StandbyDue> = targets().filter_map(|target| self.forward(target)).collect();
        if targets().filter(|target| target.standby.is_none()).any(|target| target.restored || target.blind.is_some()) {
            return due;
        }
        due.extend(
            targets()
                .filter(|t| due.iter().all(|d| d.target != t.target.id))
                .filter_map(|t| self.back(t))
                .collect::<Vec<_>>(),
        );
        due.extend(self.promotions());
        due
    }

    /// The next step of a promotion that is under way.
    fn forward(&self, target: &TargetState) -> Option<StandbyDue> {
        let standby = target.standby.as_ref()?;
        let promotion = standby.promotion.filter(|promotion| promotion.step == PromotionStep::Waiting)?;
        if target.is_fit() {
            return Some(self.due(target, StandbyStage::BroughtIn, standby.stepped(PromotionStep::In, self.now)));
        }
        let is_late = READY_WITHIN_MS <= self.now.millis_since(promotion.step_at);
        (is_late && promotion.cause == PromotionCause::Policy).then(|| {
            let failed = Standby { failed_at: Some(self.now), ..standby.fallen_back(self.now) };
            self.due(target, StandbyStage::Failed, failed)
        })
    }

    /// The way back, once enough active targets have served for the hold-down.
    fn back(&self, target: &TargetState) -> Option<StandbyDue> {
        let standby = target.standby.as_ref()?;
        let promotion = standby.promotion.filter(|promotion| promotion.step != PromotionStep::Starting)?;
        let calm_since = match (self.is_calm(), promotion.calm_since) {
            (true, since) => since.or(Some(self.now)),
            (false, _) => None,
        };
        let rule = self.group.group.standby;
        let hold_down = u64::from(rule.hold_down_s) * 1000;
        let is_over = |since: Timestamp| hold_down <= self.now.millis_since(since);
        let ends = rule.fall_back == FallBack::ByItself && promotion.cause == PromotionCause::Policy;
        if ends && calm_since.is_some_and(is_over) && is_over(promotion.step_at) {
            return Some(self.due(target, StandbyStage::FellBack, standby.fallen_back(self.now)));
        }
        (calm_since != promotion.calm_since).then(|| {
            let promotion = Some(Promotion { calm_since, ..promotion });
            self.due(target, StandbyStage::Calm, Standby { promotion, ..standby.clone() })
        })
    }

    /// Whether enough targets serve that are no standbys.
    fn is_calm(&self) -> bool {
        let actives = self.group.targets.values().filter(|target| target.standby.is_none());
        self.group.group.wanted_active() as usize <= actives.filter(|t| self.board.serves(self.group, t)).count()
    }

    /// Who is promoted now.
    fn promotions(&self) -> Vec<StandbyDue> {
        // An active target that is not judged yet may serve: nobody is promoted for it.
        let may = |target: &&TargetState| match &target.standby {
            None => target.may_serve(&self.group.group) && self.board.is_used(target),
            Some(standby) => standby.promotion.is_some() && target.drain.is_none() && !self.is_down(target),
        };
        let there = self.group.targets.values().filter(may).count();
        let short = (self.group.group.wanted_active() as usize).saturating_sub(there);
        let next = self.board.next_standbys(self.group).into_iter().filter(|target| self.may_try(target));
        let promoted = next.take(short).filter_map(|target| {
            let (standby, stage) = target.standby.as_ref()?.promoted(PromotionCause::Policy, target, self.now);
            Some(self.due(target, stage, standby))
        });
        promoted.collect()
    }

    /// Whether it was brought in and has failed since.
    fn is_down(&self, target: &TargetState) -> bool {
        let is_in = target.standby.as_ref().is_some_and(Standby::is_in);
        is_in && (!target.may_serve(&self.group.group))
    }

    fn may_try(&self, target: &TargetState) -> bool {
        let failed = target.standby.as_ref().and_then(|standby| standby.failed_at);
        failed.is_none_or(|failed| PROMOTE_AGAIN_AFTER_MS <= self.now.millis_since(failed))
    }

    fn due(&self, target: &TargetState, stage: StandbyStage, standby: Standby) -> StandbyDue {
        StandbyDue { group: self.group.group.name.clone(), target: target.target.id, stage, standby }
    }
}

impl Board {
    /// The standbys that could be promoted now, the next one first: hot, warm, cold, and within a tier the oldest. A
    /// backup of the proxy is not among them: the proxy uses it by itself.
    pub fn next_standbys<'a>(&self, group: &'a GroupState) -> Vec<&'a TargetState> {
        let is_ready = |target: &&TargetState| {
            let Some(standby) = target.standby.as_ref().filter(|standby| standby.promotion.is_none()) else {
                return false;
            };
            let is_able = match standby.tier {
                Tier::Hot | Tier::Warm => target.is_fit(),
                Tier::Cold => standby.starter.is_some() || target.is_fit(),
            };
            is_able && target.drain.is_none() && !self.is_backup(target)
        };
        let mut next: Vec<&TargetState> = group.targets.values().filter(is_ready).collect();
        next.sort_by_key(|target| target.standby.as_ref().map(|standby| standby.tier));
        next
    }

    /// The standbys of a group that are promoted, or about to be.
    pub fn promoted<'a>(&self, group: &'a GroupState) -> impl Iterator<Item = &'a TargetState> {
        let has = |target: &&TargetState| target.standby.as_ref().is_some_and(|standby| standby.promotion.is_some());
        group.targets.values().filter(has)
    }

    /// Standbys that run and could not serve if they had to.
    pub fn unfit_standbys<'a>(&self, group: &'a GroupState) -> impl Iterator<Item = &'a TargetState> {
        let is_unfit = |target: &&TargetState| {
            let runs = target.stands_by() && !target.is_off() && !target.is_coming();
            runs && target.drain.is_none()
                && group.group.check.enabled
                && matches!(target.health, Health::Unhealthy { .. })
        };
        group.targets.values().filter(is_unfit)
    }

    /// Whether a cold standby that is to be stopped can be stopped now: no proxy that we command sends to it any more, and
    /// the connections that it still has are closed or were waited for long enough.
    pub fn may_stop(&self, target: &TargetState, now: Timestamp) -> bool {
        let Some(stop) = target.standby.as_ref().and_then(|standby| standby.stop) else { return false };
        if !self.can_drain(&target.target.group) {
            return true;
        }
        let fronts = self.fronts(&target.target);
        let is_busy = |front: &Front<'_>| front.server.and_then(|server| server.sessions).is_some_and(|open| 0 < open);
        let is_late = STOP_WITHIN_MS <= now.millis_since(stop.since);
        !fronts.iter().any(Front::is_used) && (is_late || !fronts.iter().any(is_busy))
    }

    /// Whether it is a hot standby that some proxy keeps as its own backup.
    pub fn is_backup(&self, target: &TargetState) -> bool {
        target.is_backup_in(&self.fronts(&target.target))
    }
}

impl TargetState {
    /// Whether it is a hot standby that some of its fronts keep as a backup.
    fn is_backup_in(&self, fronts: &[Front<'_>]) -> bool {
        let is_hot = self.standby.as_ref().is_some_and(|standby| standby.tier == Tier::Hot);
        is_hot && fronts.iter().any(|front| front.server.is_some_and(|server| server.backup))
    }

    /// Whether a proxy uses this backup now, because none of its other servers is left.
    pub(crate) fn is_backup_in_use(&self, fronts: &[Front<'_>]) -> bool {
        let in_use = |front: &Front<'_>| {
            let is_backup = front.server.is_some_and(|server| server.backup && server.is_usable());
            let backend = front.binding.backend(front.proxy);
            let mut others = backend.into_iter().flat_map(|backend| &backend.servers).filter(|server| !server.backup);
            is_backup && !others.any(crate::ServerView::is_usable)
        };
        self.is_backup_in(fronts) && fronts.iter().any(in_use)
    }
}

#[cfg(test)]
mod tests;
