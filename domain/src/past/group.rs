//! A stretch of time of a whole group.

use serde::{Deserialize, Serialize};

use crate::{GroupName, History, Observation, StateRun, TargetId, Timestamp, Uptime};

/// A stretch of time of a target, with its last failed checks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TargetHistory {
    /// What it was.
    pub history: History,
    /// The last checks that failed, newest first; none where the curve is made from whole hours.
    pub failed: Vec<FailedCheck>,
}

/// A stretch of time of a group, with what each of its targets was in it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GroupHistory {
    /// All targets together.
    pub history: History,
    /// The targets that were there in the stretch, also those that are gone, in the order of registration.
    pub targets: Vec<TargetPast>,
    /// The last checks that failed, newest first; none where the curve is made from whole hours.
    pub failed: Vec<FailedCheck>,
}

/// A check that failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FailedCheck {
    /// The target that was checked.
    pub target: TargetId,
    /// What the check saw.
    pub check: Observation,
}

/// What a target was over a stretch of time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TargetPast {
    /// Its identity.
    pub id: TargetId,
    /// Its name on the screen, the last one that it had.
    pub name: String,
    /// Host and port, the last ones that it had.
    pub address: String,
    /// When it was registered; none: before everything that is on record.
    pub from: Option<Timestamp>,
    /// When it was deregistered; none: it is there.
    pub until: Option<Timestamp>,
    /// Its status over the stretch, without holes.
    pub states: Vec<StateRun>,
}

impl TargetPast {
    /// The run that holds at `at`; none where there was no such target then.
    pub fn at(&self, at: Timestamp) -> Option<&StateRun> {
        let is_there = self.from.is_none_or(|from| from <= at) && self.until.is_none_or(|until| at < until);
        let place = self.states.partition_point(|run| run.to <= at);
        self.states.get(place).filter(|run| is_there && run.from <= at)
    }
}

/// How long the targets of a group could serve, over several stretches of time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupUptimes {
    /// The group.
    pub group: GroupName,
    /// The sum of all targets, also of those that are gone, for each stretch.
    pub whole: Vec<Uptime>,
    /// Of each target that is there, for each stretch.
    pub targets: Vec<(TargetId, Vec<Uptime>)>,
}
