//! The reading half: a few connections that cannot write and never hold up the writer.

use std::path::Path;
use std::time::Duration;

use domain::{Event, EventNumber, GroupName, ProxyName, TargetId, Timestamp};
use sqlx::sqlite::{SqlitePoolOptions, SqliteRow};
use sqlx::{Row, SqlitePool};

use super::link::Memory;
use super::{ReadError, connect, rows, sql};

/// So many reads go on at once.
const CONNECTIONS: u32 = 4;

/// So long a read may take: a long one keeps the log of writes from being carried over.
const DEADLINE: Duration = Duration::from_secs(5);

/// Almost every page tells events, so a disk that hangs must not hold them up for long.
const EVENTS_DEADLINE: Duration = Duration::from_secs(2);

/// So many rows are given at once.
const ROWS_MAX: u32 = 10_000;

/// So many changes of a group's settings are looked at.
const SETTINGS_MAX: u32 = 1000;

/// Reads what is stored. Cheap to clone; all clones share their connections.
#[derive(Clone, Debug)]
pub struct Reader {
    pub(super) pool: SqlitePool,
    pub(super) memory: Memory,
}

/// Which events are wanted.
#[derive(Clone, Debug, Default)]
pub struct EventFilter {
    /// Only events after this number; the oldest first then.
    pub since: Option<EventNumber>,
    /// Only events before this number.
    pub before: Option<EventNumber>,
    /// Only events of this group.
    pub group: Option<GroupName>,
    /// Only events of this target.
    pub target: Option<TargetId>,
    /// Only events of this proxy, whatever the group.
    pub proxy: Option<ProxyName>,
    /// At most so many; newest first unless `since` is given.
    pub limit: u32,
}

impl Reader {
    pub(super) fn new(file: &Path, memory: Memory) -> Self {
        let options =
            SqlitePoolOptions::new().max_connections(CONNECTIONS).acquire_timeout(DEADLINE).test_before_acquire(false);
        Self { pool: options.connect_lazy_with(connect::reading(file)), memory }
    }

    /// The small key of a target; none if it is not there.
    pub(super) async fn key_of(&self, target: TargetId) -> Result<Option<i64>, ReadError> {
        let query = sqlx::query(sql::KEY_OF_TARGET).bind(target.to_string());
        let found = in_time(query.fetch_all(&self.pool)).await?;
        found.first().map(|row| Ok(row.try_get("key")?)).transpose()
    }

    /// The events that the filter lets through, newest first unless it has `since`.
    pub async fn events(&self, filter: EventFilter) -> Result<Vec<Event>, ReadError> {
        let query = sqlx::query(statement(&filter))
            .bind(filter.since.map_or(0, position))
            .bind(filter.before.map_or(i64::MAX, position))
            .bind(filter.limit.min(ROWS_MAX))
            .bind(filter.group.as_ref().map(GroupName::as_str))
            .bind(filter.target.map(|target| target.to_string()))
            .bind(filter.proxy.as_ref().map(ProxyName::as_str));
        let read = in_time(query.fetch_all(&self.pool));
        let found = tokio::time::timeout(EVENTS_DEADLINE, read).await.map_err(|_| ReadError::TooSlow)??;
        found.iter().map(rows::event).collect()
    }

    /// The events that made or edited a group before a moment, newest first.
    pub(crate) async fn settings_before(&self, group: &GroupName, before: Timestamp) -> Result<Vec<Event>, ReadError> {
        let query =
            sqlx::query(sql::SETTINGS_OF_GROUP).bind(group.as_str()).bind(before.as_millis()).bind(SETTINGS_MAX);
        let found = in_time(query.fetch_all(&self.pool)).await?;
        found.iter().map(rows::event).collect()
    }

    /// Waits for reads under way and closes the connections.
    pub(crate) async fn close(&self) {
        self.pool.close().await;
    }
}

/// A statement for each set of filters, so that each has its index.
fn statement(filter: &EventFilter) -> &'static str {
    if filter.proxy.is_some() {
        let is_newest = filter.since.is_none();
        return if is_newest { sql::EVENTS_OF_PROXY_NEWEST } else { sql::EVENTS_OF_PROXY_OLDEST };
    }
    match (filter.since, &filter.group, filter.target) {
        (None, None, None) => sql::EVENTS_NEWEST,
        (Some(_), None, None) => sql::EVENTS_OLDEST,
        (None, Some(_), None) => sql::EVENTS_OF_GROUP_NEWEST,
        (Some(_), Some(_), None) => sql::EVENTS_OF_GROUP_OLDEST,
        (None, _, Some(_)) => sql::EVENTS_OF_TARGET_NEWEST,
        (Some(_), _, Some(_)) => sql::EVENTS_OF_TARGET_OLDEST,
    }
}

fn position(number: EventNumber) -> i64 {
    i64::try_from(number.0).unwrap_or(i64::MAX)
}

pub(super) async fn in_time(
    read: impl Future<Output = Result<Vec<SqliteRow>, sqlx::Error>>,
) -> Result<Vec<SqliteRow>, ReadError> {
    tokio::time::timeout(DEADLINE, read).await.map_err(|_| ReadError::TooSlow)?.map_err(ReadError::from)
}
