//! Standbys, as the API shows them.

use domain::{FallBack, Group, Promotion, Standby, StandbyRule, StarterRun, TargetState};
use serde::Serialize;

use super::Time;

/// How a group's standbys are used.
#[derive(Debug, Serialize)]
pub(crate) struct StandbyRuleView {
    wanted_active: Option<u32>,
    hold_down_s: u32,
    fall_back: FallBack,
}

impl From<&Group> for StandbyRuleView {
    fn from(group: &Group) -> Self {
        let StandbyRule { wanted_active, hold_down_s, fall_back } = group.standby;
        Self { wanted_active, hold_down_s, fall_back }
    }
}

/// The role of a target.
#[derive(Debug, Serialize)]
pub(crate) struct RoleView {
    role: &'static str,
    tier: Option<&'static str>,
    starter: Option<String>,
    promotion: Option<PromotionView>,
    last_start: Option<StarterRunView>,
    last_stop: Option<StarterRunView>,
}

impl From<&TargetState> for RoleView {
    fn from(state: &TargetState) -> Self {
        let standby = state.standby.as_ref();
        Self {
            role: if standby.is_some() { "standby" } else { "active" },
            tier: standby.map(|standby| standby.tier.as_str()),
            starter: standby.and_then(|standby| standby.starter.as_ref()).map(ToString::to_string),
            promotion: standby.and_then(|standby| standby.promotion.as_ref()).map(PromotionView::from),
            last_start: standby.and_then(|standby| standby.last_run.as_ref()).map(StarterRunView::from),
            last_stop: standby.and_then(|standby| standby.last_stop.as_ref()).map(StarterRunView::from),
        }
    }
}

/// A standby, as an event shows it.
#[derive(Debug, Serialize)]
pub(crate) struct StandbyView {
    tier: &'static str,
    starter: Option<String>,
    promotion: Option<PromotionView>,
    last_start: Option<StarterRunView>,
    last_stop: Option<StarterRunView>,
}

impl From<&Standby> for StandbyView {
    fn from(standby: &Standby) -> Self {
        Self {
            tier: standby.tier.as_str(),
            starter: standby.starter.as_ref().map(ToString::to_string),
            promotion: standby.promotion.as_ref().map(PromotionView::from),
            last_start: standby.last_run.as_ref().map(StarterRunView::from),
            last_stop: standby.last_stop.as_ref().map(StarterRunView::from),
        }
    }
}

/// A promotion.
#[derive(Debug, Serialize)]
pub(crate) struct PromotionView {
    at: Time,
    cause: &'static str,
    step: &'static str,
    step_at: Time,
    calm_since: Option<Time>,
}

impl From<&Promotion> for PromotionView {
    fn from(promotion: &Promotion) -> Self {
        Self {
            at: Time(promotion.at),
            cause: promotion.cause.as_str(),
            step: promotion.step.as_str(),
            step_at: Time(promotion.step_at),
            calm_since: promotion.calm_since.map(Time),
        }
    }
}

/// What a starter did.
#[derive(Debug, Serialize)]
pub(crate) struct StarterRunView {
    at: Time,
    took_ms: u64,
    ok: bool,
    said: String,
    output: String,
}

impl From<&StarterRun> for StarterRunView {
    fn from(run: &StarterRun) -> Self {
        let (said, output) = (run.said.clone(), run.output.clone());
        Self { at: Time(run.at), took_ms: run.took_ms, ok: run.ok, said, output }
    }
}
