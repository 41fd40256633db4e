//! Drills that begin by themselves.

use domain::{Board, DrillSchedule, ScheduleStep};
use sqlx::SqliteConnection;

use super::link::Link;
use super::rows::{json, text};
use super::{ReadError, WriteError, sql};

impl Link {
    /// What an event changes in a schedule.
    pub(super) async fn put_schedule_change(
        &mut self,
        step: ScheduleStep,
        schedule: &DrillSchedule,
    ) -> Result<(), WriteError> {
        match step {
            ScheduleStep::Removed => self.run(sqlx::query(sql::DELETE_SCHEDULE).bind(schedule.id.to_string())).await,
            _ => self.put_schedule(schedule).await,
        }
    }

    /// Makes all of it what the board says. Groups are there already.
    pub(super) async fn put_schedules(&mut self, board: &Board) -> Result<(), WriteError> {
        self.execute(sql::DELETE_SCHEDULES).await?;
        for schedule in board.groups.values().flat_map(|group| group.schedules.values()) {
            self.put_schedule(schedule).await?;
        }
        Ok(())
    }

    async fn put_schedule(&mut self, schedule: &DrillSchedule) -> Result<(), WriteError> {
        let query = sqlx::query(sql::PUT_SCHEDULE).bind(schedule.id.to_string()).bind(schedule.group.as_str());
        let schedule = serde_json::to_string(schedule)?;
        self.run(query.bind(schedule)).await
    }
}

/// Reads all of it onto a board that has its groups.
pub(super) async fn restore(board: &mut Board, connection: &mut SqliteConnection) -> Result<(), ReadError> {
    for row in sqlx::query(sql::SCHEDULES).fetch_all(&mut *connection).await? {
        let schedule: DrillSchedule = json(&text(&row, "schedule")?, "drill schedule")?;
        let group = board.groups.get_mut(&schedule.group).ok_or(ReadError::Corrupt("group of a drill schedule"))?;
        group.schedules.insert(schedule.id, schedule);
    }
    Ok(())
}
