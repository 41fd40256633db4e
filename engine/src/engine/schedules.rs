//! Drills on a schedule: the verbs about them, and the task that begins what is due.

use std::time::Duration;

use domain::{
    Change, Criteria, DrillDue, DrillKind, DrillSchedule, DrillTimes, GroupName, Hurdle, LastDrill, ScheduleId,
    ScheduleStep, TargetId, is_same_place,
};
use tokio::time::MissedTickBehavior;

use super::{DrillAsk, Engine};
use crate::{Author, ChangeError, DrillRefusal};

/// So often it is looked whether a drill is due. The clock may jump, so nothing sleeps until a moment.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// The reason that stands beside what a scheduled drill does.
const WHY: &str = "drill on a schedule";

/// A schedule as somebody asks for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScheduleAsk {
    /// What is done.
    pub kind: DrillKind,
    /// On whom; none: on those that serve, one after the other.
    pub target: Option<TargetId>,
    /// How long a drill lasts, in seconds.
    pub lasts_s: u32,
    /// What it must not exceed.
    pub criteria: Criteria,
    /// When.
    pub times: DrillTimes,
}

impl Engine {
    /// Lets drills begin by themselves from now on. Killing and hanging are for the lab's own groups.
    pub async fn schedule_drill(
        &self,
        group: GroupName,
        ask: ScheduleAsk,
        author: Author,
    ) -> Result<DrillSchedule, ChangeError> {
        if ask.kind.needs_lab() && !self.is_of_lab(&group)? {
            return Err(DrillRefusal::NotInLab.into());
        }
        let ScheduleAsk { kind, target, lasts_s, criteria, times } = ask;
        let (id, done) = (ScheduleId::from_uuid(uuid::Uuid::now_v7()), self.clock().now());
        let (paused, last) = (false, None);
        let schedule = DrillSchedule { id, group, kind, target, lasts_s, criteria, times, paused, done, last };
        self.change(Change::Schedule(ScheduleStep::Made, Box::new(schedule.clone())), author).await?;
        Ok(schedule)
    }

    /// Pauses a schedule, or lets it go on from now.
    pub async fn pause_schedule(
        &self,
        group: GroupName,
        id: ScheduleId,
        paused: bool,
        author: Author,
    ) -> Result<DrillSchedule, ChangeError> {
        let before = self.schedule(&group, id)?;
        let done = if paused { before.done } else { self.clock().now() };
        let step = if paused { ScheduleStep::Paused } else { ScheduleStep::Resumed };
        if before.paused == paused {
            return Ok(before);
        }
        let schedule = DrillSchedule { paused, done, ..before };
        self.change(Change::Schedule(step, Box::new(schedule.clone())), author).await?;
        Ok(schedule)
    }

    /// Removes a schedule. A drill that it has begun goes on.
    pub async fn unschedule_drill(&self, group: GroupName, id: ScheduleId, author: Author) -> Result<(), ChangeError> {
        let schedule = self.schedule(&group, id)?;
        self.change(Change::Schedule(ScheduleStep::Removed, Box::new(schedule)), author).await
    }

    /// The schedules of a group, the oldest first.
    pub fn schedules(&self, group: &GroupName) -> Result<Vec<DrillSchedule>, ChangeError> {
        self.with_board(|board| {
            let state = board.groups.get(group).ok_or_else(|| ChangeError::NoSuchGroup(group.clone()))?;
            Ok(state.schedules.values().cloned().collect())
        })
    }

    fn schedule(&self, group: &GroupName, id: ScheduleId) -> Result<DrillSchedule, ChangeError> {
        let schedules = self.schedules(group)?;
        schedules.into_iter().find(|schedule| schedule.id == id).ok_or(ChangeError::NoSuchSchedule(id))
    }

    fn is_of_lab(&self, group: &GroupName) -> Result<bool, ChangeError> {
        let servers = self.bench.servers();
        self.with_board(|board| {
            let state = board.groups.get(group).ok_or_else(|| ChangeError::NoSuchGroup(group.clone()))?;
            let mut targets = state.targets.values().map(|state| state.target.address());
            Ok(targets.any(|address| servers.iter().any(|(_, server)| is_same_place(server, &address))))
        })
    }

    /// Begins what is due, from when automatic mode may act on.
    pub(super) async fn hold_schedules(self) {
        self.grace_over().await;
        let mut pace = tokio::time::interval(LOOK_EVERY);
        pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            pace.tick().await;
            let now = self.clock().now();
            let due = |schedule: &DrillSchedule| match schedule.times.due(schedule.done, now) {
                _ if schedule.paused => None,
                DrillDue::Begin(at) => Some((schedule.clone(), at, false)),
                DrillDue::Skip(at) => Some((schedule.clone(), at, true)),
                DrillDue::Wait(_) | DrillDue::Never => None,
            };
            let due: Vec<_> = self.with_board(|board| {
                let schedules = board.groups.values().flat_map(|group| group.schedules.values());
                schedules.filter_map(due).collect()
            });
            for (schedule, at, is_late) in due {
                let chosen = if is_late { Err(Hurdle::Late) } else { self.choose(&schedule) };
                let begun = match chosen {
                    Ok(target) => self.begin_scheduled(schedule, at, target).await,
                    Err(hurdle) => self.came(schedule, LastDrill { at, target: None, hurdle: Some(hurdle) }).await,
                };
                if let Err(error) = begun {
                    tracing::warn!(%error, "a drill on a schedule was due and could not be written down, so none begins");
                }
            }
        }
    }

    fn choose(&self, schedule: &DrillSchedule) -> Result<TargetId, Hurdle> {
        let now = self.clock().now();
        let (chosen, targets) = self.with_board(|board| {
            let group = board.groups.get(&schedule.group).ok_or(Hurdle::NotServing)?;
            Ok((schedule.choose(board, group), group.targets.keys().copied().collect::<Vec<_>>()))
        })?;
        if self.casebook.has_drill(targets, now) { Err(Hurdle::Busy) } else { chosen }
    }

    /// Begins a drill. That it has come is written down first, so that no crash makes it begin twice.
    async fn begin_scheduled(
        &self,
        schedule: DrillSchedule,
        at: domain::Timestamp,
        target: TargetId,
    ) -> Result<(), ChangeError> {
        let came = LastDrill { at, target: Some(target), hurdle: None };
        self.came(schedule.clone(), came.clone()).await?;
        let DrillSchedule { kind, lasts_s, criteria, .. } = schedule;
        let ask = DrillAsk { kind, lasts_s, criteria, scheduled: true };
        match self.drill(schedule.group.clone(), target, ask, author()).await {
            Ok(()) => Ok(()),
            Err(error) => {
                let hurdle = Some(Hurdle::Refused(error.to_string()));
                self.came(schedule, LastDrill { hurdle, ..came }).await
            }
        }
    }

    async fn came(&self, schedule: DrillSchedule, last: LastDrill) -> Result<(), ChangeError> {
        let schedule = Box::new(schedule.after(last));
        self.change(Change::Schedule(ScheduleStep::Came, schedule), author()).await
    }
}

fn author() -> Author {
    Author { why: Some(WHY.to_owned()), ..Author::drainboard() }
}
