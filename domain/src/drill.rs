//! A drill: a loss on purpose, with what it must not exceed.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

mod schedule;
mod times;

pub use schedule::{DrillSchedule, Hurdle, LastDrill, SCHEDULES_MAX, ScheduleId, ScheduleStep};
pub use times::{DRILL_LATE_MS, DrillDue, DrillTimes, TimeOfDay, Weekday};

use crate::{Figure, Figures, Timestamp};

/// A drill lasts so long at most, in seconds.
pub const DRILL_MAX_S: u32 = 3600;

/// What is done to the target of a drill.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DrillKind {
    /// Its process is killed. Only in the lab: Drainboard has no other processes in its hands.
    Kill,
    /// Its process is stopped without ending. Only in the lab.
    Hang,
    /// It is drained, and returned when the drill is over.
    Drain,
    /// It is treated as unhealthy, although its checks pass, until the drill is over.
    AsIfUnhealthy,
}

impl DrillKind {
    /// All kinds.
    pub const ALL: [Self; 4] = [Self::AsIfUnhealthy, Self::Drain, Self::Kill, Self::Hang];

    /// The API's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Kill => "kill",
            Self::Hang => "hang",
            Self::Drain => "drain",
            Self::AsIfUnhealthy => "as_if_unhealthy",
        }
    }

    /// Whether only a server of the lab can be treated so.
    pub fn needs_lab(self) -> bool {
        matches!(self, Self::Kill | Self::Hang)
    }
}

impl fmt::Display for DrillKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for DrillKind {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text).ok_or(())
    }
}

/// What a drill must not exceed; none: anything goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Criteria {
    /// Milliseconds until the loss is found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detect_ms: Option<u32>,
    /// Milliseconds until the target is out of service in the first proxy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fail_over_ms: Option<u32>,
    /// Requests that are lost.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lost: Option<u32>,
}

/// One of the criteria.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Criterion {
    /// See [`Criteria::detect_ms`].
    Detect,
    /// See [`Criteria::fail_over_ms`].
    FailOver,
    /// See [`Criteria::lost`].
    Lost,
}

/// A drill, as it stands in the record that it makes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drill {
    /// What was done.
    pub kind: DrillKind,
    /// When it was begun.
    pub at: Timestamp,
    /// Until when it lasts, unless it is ended before.
    pub until: Timestamp,
    /// What it must not exceed.
    #[serde(default)]
    pub criteria: Criteria,
    /// It was begun by a schedule, not by a person.
    #[serde(default)]
    pub scheduled: bool,
}

/// What came of a drill.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Everything that was asked was measured and is within what it must not exceed.
    Passed,
    /// These are not, or were not measured.
    Failed(Vec<Criterion>),
    /// It is not over.
    Open,
}

impl Drill {
    /// What came of it. A criterion whose figure could not be measured is not met: nobody knows that it was.
    pub fn verdict(&self, figures: &Figures, is_over: bool) -> Verdict {
        let asked = [
            (Criterion::Detect, self.criteria.detect_ms, figures.detect_ms),
            (Criterion::FailOver, self.criteria.fail_over_ms, figures.out_of_service_ms),
            (Criterion::Lost, self.criteria.lost, figures.requests_lost),
        ];
        let is_missed = |(_, limit, figure): &(Criterion, Option<u32>, Figure)| {
            limit.is_some_and(|limit| figure.value.is_none_or(|value| f64::from(limit) < value))
        };
        let missed: Vec<Criterion> = asked.iter().filter(|asked| is_missed(asked)).map(|(which, ..)| *which).collect();
        match (is_over, missed.is_empty()) {
            (false, _) => Verdict::Open,
            (true, true) => Verdict::Passed,
            (true, false) => Verdict::Failed(missed),
        }
    }
}
