//! Schedules of drills, as the API shows them.

use domain::{DrillSchedule, LastDrill, Timestamp, Weekday};
use serde::Serialize;

use super::Time;

/// A schedule.
#[derive(Debug, Serialize)]
pub(crate) struct ScheduleView {
    id: String,
    group: String,
    kind: &'static str,
    target: Option<String>,
    lasts_s: u32,
    detect_ms: Option<u32>,
    fail_over_ms: Option<u32>,
    lost: Option<u32>,
    days: Vec<&'static str>,
    at_utc: String,
    paused: bool,
    next_at: Option<Time>,
    last: Option<LastView>,
}

#[derive(Debug, Serialize)]
struct LastView {
    at: Time,
    target: Option<String>,
    begun: bool,
    why_not: Option<String>,
}

impl ScheduleView {
    pub(crate) fn new(schedule: &DrillSchedule, now: Timestamp) -> Self {
        let DrillSchedule { id, group, kind, target, lasts_s, criteria, times, paused, last, .. } = schedule;
        Self {
            id: id.to_string(),
            group: group.to_string(),
            kind: kind.as_str(),
            target: target.map(|target| target.to_string()),
            lasts_s: *lasts_s,
            detect_ms: criteria.detect_ms,
            fail_over_ms: criteria.fail_over_ms,
            lost: criteria.lost,
            days: times.days.iter().map(|day| Weekday::as_str(*day)).collect(),
            at_utc: times.at.to_string(),
            paused: *paused,
            next_at: schedule.next_after(now).map(Time),
            last: last.as_ref().map(LastView::from),
        }
    }
}

impl From<&LastDrill> for LastView {
    fn from(last: &LastDrill) -> Self {
        Self {
            at: Time(last.at),
            target: last.target.map(|target| target.to_string()),
            begun: last.hurdle.is_none(),
            why_not: last.hurdle.as_ref().map(|hurdle| hurdle.sentence().to_owned()),
        }
    }
}
