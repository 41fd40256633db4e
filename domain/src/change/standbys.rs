//! Changes of standbys: who is one, who is promoted, who falls back.

use super::Refusal;
use crate::{
    Board, EventKind, GroupName, Promotion, PromotionCause, PromotionStep, Standby, StandbyDue, StandbyStage,
    StarterName, TargetId, Tier, Timestamp,
};

/// What a target is to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Role {
    /// It serves.
    Active,
    /// It waits for others to fail.
    Standby(Tier, Option<StarterName>),
}

impl Board {
    pub(super) fn plan_role(&self, group: GroupName, target: TargetId, role: Role) -> Result<Vec<EventKind>, Refusal> {
        let state = self.target(&group, target).ok_or(Refusal::NoSuchTarget(target))?;
        let before = state.standby.as_ref();
        let standby = match role {
            Role::Active => None,
            Role::Standby(tier, starter) => match before {
                // Who serves goes on to serve.
                Some(before) => {
                    let stop = before.stop.filter(|_| tier == Tier::Cold && starter.is_some());
                    Some(Standby { tier, starter, stop, ..before.clone() })
                }
                None => Some(Standby::new(tier, starter)),
            },
        };
        let is_same = before == standby.as_ref();
        Ok(if is_same { Vec::new() } else { vec![EventKind::RoleChanged { group, target, standby }] })
    }

    pub(super) fn plan_promote(
        &self,
        group: GroupName,
        target: TargetId,
        now: Timestamp,
    ) -> Result<Vec<EventKind>, Refusal> {
        let state = self.target(&group, target).ok_or(Refusal::NoSuchTarget(target))?;
        let standby = state.standby.as_ref().ok_or(Refusal::NotAStandby(target))?;
        if standby.promotion.is_some() {
            return Ok(Vec::new());
        }
        let (standby, stage) = standby.promoted(PromotionCause::Person, state, now);
        Ok(vec![EventKind::StandbyMoved { group, target, stage, standby }])
    }

    pub(super) fn plan_fall_back(
        &self,
        group: GroupName,
        target: TargetId,
        now: Timestamp,
    ) -> Result<Vec<EventKind>, Refusal> {
        let state = self.target(&group, target).ok_or(Refusal::NoSuchTarget(target))?;
        let standby = state.standby.as_ref().ok_or(Refusal::NotAStandby(target))?;
        if standby.promotion.is_none() {
            return Ok(Vec::new());
        }
        let standby = standby.fallen_back(now);
        Ok(vec![EventKind::StandbyMoved { group, target, stage: StandbyStage::FellBack, standby }])
    }

    /// What the planner or a starter found; nothing if somebody was faster.
    pub(super) fn plan_move_standby(&self, due: StandbyDue) -> Vec<EventKind> {
        let StandbyDue { group, target, stage, standby } = due;
        let Some(before) = self.target(&group, target).and_then(|state| state.standby.as_ref()) else {
            return Vec::new();
        };
        let step = |standby: &Standby| standby.promotion.map(|Promotion { at, step, .. }| (at, step));
        let is_next = match (stage, step(before), step(&standby)) {
            (StandbyStage::Started, None, Some(_)) => true,
            (StandbyStage::FellBack | StandbyStage::Failed, Some(_), None) => true,
            (StandbyStage::StarterFinished, Some((at, PromotionStep::Starting)), Some((same, _)))
            | (StandbyStage::BroughtIn, Some((at, PromotionStep::Waiting)), Some((same, _))) => at == same,
            (StandbyStage::Calm, before, after) => before == after,
            (StandbyStage::Stopping, ..) => before.stop.is_some_and(|stop| !stop.begun),
            (StandbyStage::Stopped, ..) => before.is_stopping(),
            _ => false,
        };
        // Its settings may have changed meanwhile; and it may have been promoted again while it was stopped.
        let standby = match stage {
            StandbyStage::Stopping | StandbyStage::Stopped => {
                Standby { stop: standby.stop, last_stop: standby.last_stop, ..before.clone() }
            }
            _ => Standby { tier: before.tier, starter: before.starter.clone(), ..standby },
        };
        let is_other = *before != standby;
        if is_next && is_other { vec![EventKind::StandbyMoved { group, target, stage, standby }] } else { Vec::new() }
    }
}
