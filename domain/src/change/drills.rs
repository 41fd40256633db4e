//! Changes of schedules of drills.

use super::{Refusal, invalid};
use crate::{Board, DrillSchedule, EventKind, Problem, SCHEDULES_MAX, ScheduleStep};

impl Board {
    /// A schedule is made where there is room; everything else happens only to one that is there.
    pub(super) fn plan_schedule(
        &self,
        step: ScheduleStep,
        schedule: Box<DrillSchedule>,
    ) -> Result<Vec<EventKind>, Refusal> {
        let group = self.groups.get(&schedule.group);
        let group = group.ok_or_else(|| Refusal::NoSuchGroup(schedule.group.clone()))?;
        if step != ScheduleStep::Made {
            let before = group.schedules.get(&schedule.id).ok_or(Refusal::NoSuchSchedule(schedule.id))?;
            let schedule = match (step, &schedule.last) {
                // It may have been paused meanwhile.
                (ScheduleStep::Came, Some(last)) => Box::new(before.clone().after(last.clone())),
                _ => schedule,
            };
            let is_same = step != ScheduleStep::Removed && *before == *schedule;
            return Ok(if is_same { Vec::new() } else { vec![EventKind::DrillScheduled { step, schedule }] });
        }
        if schedule.times.days.is_empty() {
            return Err(invalid("days", Problem::Missing));
        }
        if schedule.target.is_some_and(|target| !group.targets.contains_key(&target)) {
            return Err(invalid(
                "target",
                Problem::NoSuch(schedule.target.map(|id| id.to_string()).unwrap_or_default()),
            ));
        }
        if SCHEDULES_MAX <= group.schedules.len() {
            return Err(invalid("at_utc", Problem::TooMany(SCHEDULES_MAX as u32)));
        }
        Ok(vec![EventKind::DrillScheduled { step, schedule }])
    }
}
