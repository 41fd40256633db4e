//! Drills that begin by themselves: what, when, on whom, and what came of the last one.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{Board, Criteria, DrillKind, GroupName, GroupState, Health, TargetId, Timestamp};

use super::times::DrillTimes;

/// So many schedules a group may have.
pub const SCHEDULES_MAX: usize = 10;

/// The identity of a schedule: a UUID v7.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ScheduleId(Uuid);

impl ScheduleId {
    /// The identity that this UUID names.
    pub fn from_uuid(uuid: Uuid) -> Self {
        Self(uuid)
    }
}

impl FromStr for ScheduleId {
    type Err = uuid::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

impl fmt::Display for ScheduleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A drill that begins by itself at its times.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DrillSchedule {
    /// Its identity.
    pub id: ScheduleId,
    /// The group.
    pub group: GroupName,
    /// What is done.
    pub kind: DrillKind,
    /// On whom; none: on those that serve, one after the other.
    #[serde(default)]
    pub target: Option<TargetId>,
    /// How long a drill lasts, in seconds.
    pub lasts_s: u32,
    /// What it must not exceed.
    #[serde(default)]
    pub criteria: Criteria,
    /// When.
    pub times: DrillTimes,
    /// Nothing begins until somebody resumes it.
    #[serde(default)]
    pub paused: bool,
    /// Everything that was due until then is done with: when it was made or resumed, or the moment of the last drill.
    pub done: Timestamp,
    /// What came of the last moment.
    #[serde(default)]
    pub last: Option<LastDrill>,
}

/// What came of a moment at which a drill was due.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastDrill {
    /// The moment.
    pub at: Timestamp,
    /// The target, where one was chosen.
    #[serde(default)]
    pub target: Option<TargetId>,
    /// Why no drill began; none: one did.
    #[serde(default)]
    pub hurdle: Option<Hurdle>,
}

/// Why a drill that was due did not begin.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Hurdle {
    /// Drainboard did not run then, or its clock jumped. It is not made up for.
    Late,
    /// A target of the group was unhealthy: a group in trouble is left alone.
    Trouble,
    /// Another drill of the group was still going on.
    Busy,
    /// No target served, or the one that is named did not.
    NotServing,
    /// It was refused, in the API's words.
    Refused(String),
}

impl Hurdle {
    /// The API's sentence.
    pub fn sentence(&self) -> &str {
        match self {
            Self::Late => "Drainboard did not run at that time, or its clock jumped. It is not made up for.",
            Self::Trouble => "A target of the group was unhealthy, so the group was left alone.",
            Self::Busy => "Another drill of the group was still going on.",
            Self::NotServing => "No target served that the drill could have been held on.",
            Self::Refused(why) => why,
        }
    }
}

/// What happened to a schedule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScheduleStep {
    /// It was made.
    Made,
    /// Nothing begins until it is resumed.
    Paused,
    /// It goes on.
    Resumed,
    /// Its moment came, see [`DrillSchedule::last`].
    Came,
    /// It was removed.
    Removed,
}

impl ScheduleStep {
    /// The API's word for the event.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Made => "drill_schedule_made",
            Self::Paused => "drill_schedule_paused",
            Self::Resumed => "drill_schedule_resumed",
            Self::Came => "drill_schedule_came",
            Self::Removed => "drill_schedule_removed",
        }
    }
}

impl DrillSchedule {
    /// The next moment; none while it is paused.
    pub fn next_after(&self, now: Timestamp) -> Option<Timestamp> {
        self.times.next_after(self.done.max(now)).filter(|_| !self.paused)
    }

    /// The target on which a drill can be held now, or why there is none. A named one; else the next one that serves, in
    /// the order of their registration, after the one of the last drill.
    pub fn choose(&self, board: &Board, group: &GroupState) -> Result<TargetId, Hurdle> {
        let is_in_trouble =
            |state: &crate::TargetState| state.standby.is_none() && matches!(state.health, Health::Unhealthy { .. });
        if group.targets.values().any(is_in_trouble) {
            return Err(Hurdle::Trouble);
        }
        if group.targets.values().any(|state| state.feigned.is_some()) {
            return Err(Hurdle::Busy);
        }
        let serves =
            |state: &crate::TargetState| matches!(state.health, Health::Healthy { .. }) && board.serves(group, state);
        let serving: Vec<TargetId> =
            group.targets.iter().filter(|(_, state)| serves(state)).map(|(id, _)| *id).collect();
        let chosen = match self.target {
            Some(named) => serving.contains(&named).then_some(named),
            None => {
                let last = self.last.as_ref().and_then(|last| last.target);
                serving.iter().find(|id| last.is_some_and(|last| last < **id)).or(serving.first()).copied()
            }
        };
        chosen.ok_or(Hurdle::NotServing)
    }

    /// As it is after a moment has come.
    #[must_use]
    pub fn after(self, last: LastDrill) -> Self {
        Self { done: last.at, last: Some(last), ..self }
    }
}
