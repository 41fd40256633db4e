//! Who is a standby, and how far its promotion is.

use domain::{Board, EventKind, GroupName, Standby, TargetId};
use sqlx::SqliteConnection;

use super::link::Link;
use super::rows::{json, text};
use super::{ReadError, WriteError, sql};

impl Link {
    /// What an event changes in standbys.
    pub(super) async fn put_standby_change(&mut self, kind: &EventKind) -> Result<(), WriteError> {
        match kind {
            EventKind::RoleChanged { target, standby: None, .. } => self.delete_standby(*target).await,
            EventKind::RoleChanged { group, target, standby: Some(standby) }
            | EventKind::StandbyMoved { group, target, standby, .. } => self.put_standby(group, *target, standby).await,
            _ => Ok(()),
        }
    }

    /// Makes all of it what the board says. Groups are there already.
    pub(super) async fn put_standbys(&mut self, board: &Board) -> Result<(), WriteError> {
        self.execute(sql::DELETE_STANDBYS).await?;
        for target in board.groups.values().flat_map(|group| group.targets.values()) {
            if let Some(standby) = &target.standby {
                self.put_standby(&target.target.group, target.target.id, standby).await?;
            }
        }
        Ok(())
    }

    pub(super) async fn delete_standby(&mut self, target: TargetId) -> Result<(), WriteError> {
        self.run(sqlx::query(sql::DELETE_STANDBY).bind(target.to_string())).await
    }

    async fn put_standby(&mut self, group: &GroupName, id: TargetId, standby: &Standby) -> Result<(), WriteError> {
        let query = sqlx::query(sql::PUT_STANDBY).bind(id.to_string()).bind(group.as_str());
        let standby = serde_json::to_string(standby)?;
        self.run(query.bind(standby)).await
    }
}

/// Reads all of it onto a board that has its groups and targets.
pub(super) async fn restore(board: &mut Board, connection: &mut SqliteConnection) -> Result<(), ReadError> {
    for row in sqlx::query(sql::STANDBYS).fetch_all(&mut *connection).await? {
        let id: TargetId = text(&row, "target")?.parse().map_err(|_| ReadError::Corrupt("target id"))?;
        let name: GroupName = text(&row, "group_name")?.parse().map_err(|_| ReadError::Corrupt("group name"))?;
        let standby: Standby = json(&text(&row, "standby")?, "standby")?;
        let target = board.groups.get_mut(&name).and_then(|group| group.targets.get_mut(&id));
        target.ok_or(ReadError::Corrupt("target of a standby"))?.standby = Some(standby);
    }
    Ok(())
}
