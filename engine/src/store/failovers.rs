//! Failover records: written as they grow, read whole or in lists.

use domain::{Brief, Failover, FailoverId, GroupName};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use super::reader::in_time;
use super::rows::json;
use super::{ReadError, Reader, WriteError, Writer, sql};

/// So many records are in a list at most.
const LIST_MAX: u32 = 500;

/// Which records are wanted, newest first.
#[derive(Clone, Debug, Default)]
pub struct FailoverFilter {
    /// Only those of this group.
    pub group: Option<GroupName>,
    /// Only those that began before this one.
    pub before: Option<FailoverId>,
    /// At most so many.
    pub limit: u32,
}

impl Writer {
    /// Keeps a record as it is now.
    pub async fn keep_failover(&mut self, failover: &Failover) -> Result<(), WriteError> {
        let mut link = self.take_link().await?;
        link.begin(false).await?;
        let query = sqlx::query(sql::PUT_FAILOVER)
            .bind(failover.id.to_string())
            .bind(failover.group.as_str())
            .bind(failover.started_at.as_millis())
            .bind(failover.frozen)
            .bind(to_json(&failover.brief())?)
            .bind(to_json(failover)?);
        let done = query.execute(&mut link.connection).await.map(|_| ()).map_err(WriteError::from);
        self.finish(link, done).await
    }
}

impl Reader {
    /// Records as they stand in lists, newest first.
    pub async fn failovers(&self, filter: FailoverFilter) -> Result<Vec<Brief>, ReadError> {
        let statement = if filter.group.is_some() { sql::FAILOVERS_OF_GROUP } else { sql::FAILOVERS };
        let query = sqlx::query(statement)
            .bind(filter.before.map(|id| id.to_string()))
            .bind(filter.limit.min(LIST_MAX))
            .bind(filter.group.as_ref().map(GroupName::as_str));
        in_time(query.fetch_all(&self.pool)).await?.iter().map(|row| from_json(row, "brief")).collect()
    }

    /// A record; none if there is no such record.
    pub async fn failover(&self, id: FailoverId) -> Result<Option<Failover>, ReadError> {
        let query = sqlx::query(sql::FAILOVER).bind(id.to_string());
        in_time(query.fetch_all(&self.pool)).await?.first().map(|row| from_json(row, "body")).transpose()
    }

    /// The records that were open when they were last written.
    pub(crate) async fn open_failovers(&self) -> Result<Vec<Failover>, ReadError> {
        let query = sqlx::query(sql::OPEN_FAILOVERS).bind(LIST_MAX);
        in_time(query.fetch_all(&self.pool)).await?.iter().map(|row| from_json(row, "body")).collect()
    }
}

fn to_json(value: &impl Serialize) -> Result<String, WriteError> {
    Ok(serde_json::to_string(value)?)
}

fn from_json<T: DeserializeOwned>(row: &SqliteRow, column: &'static str) -> Result<T, ReadError> {
    json(row.try_get(column)?, "failover record")
}
