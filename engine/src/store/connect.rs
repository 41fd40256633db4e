//! Connections and their settings, and the schema.

use std::path::Path;
use std::time::Duration;

use sqlx::migrate::{MigrateError, Migration, MigrationType, Migrator};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions, SqlSafeStr, SqliteConnection};

use super::OpenError;

/// So long a statement waits for another program's lock. We have one writer, so among ourselves nobody waits.
const BUSY_MAX: Duration = Duration::from_secs(1);

/// The log of writes is cut to this size when it has been carried over, even if a long reader let it grow.
const WAL_KEPT_BYTES: &str = "67108864";

/// The log of writes is carried over after so many pages (4 MiB).
const WAL_PAGES: &str = "1000";

/// The schema, in the order in which it came to be. What is released never changes; changes are added.
const MIGRATIONS: [(i64, &str, &str); 9] = [
    (1, "board", include_str!("../../../migrations/0001_board.sql")),
    (2, "proxies", include_str!("../../../migrations/0002_proxies.sql")),
    (3, "history", include_str!("../../../migrations/0003_history.sql")),
    (4, "no observations", include_str!("../../../migrations/0004_no_observations.sql")),
    (5, "failovers", include_str!("../../../migrations/0005_failovers.sql")),
    (6, "standbys", include_str!("../../../migrations/0006_standbys.sql")),
    (7, "drill schedules", include_str!("../../../migrations/0007_drill_schedules.sql")),
    (8, "filling", include_str!("../../../migrations/0008_filling.sql")),
    (9, "lives of target", include_str!("../../../migrations/0009_lives_of_target.sql")),
];

/// The schema in which single checks may still be rows of their own. See [`super::legacy`].
pub(super) const LAST_WITH_OBSERVATIONS: i64 = 3;

/// The newest schema that this version knows.
pub(super) fn newest_schema() -> i64 {
    MIGRATIONS.iter().map(|(version, ..)| *version).max().unwrap_or(0)
}

/// The writer's connection when the store is opened: makes the file if it is not there.
pub(super) async fn create(file: &Path) -> Result<SqliteConnection, OpenError> {
    let options = writing(file).create_if_missing(true);
    options.connect().await.map_err(|error| OpenError::from_sqlx(file, error))
}

/// The writer's connection later: the file must be there.
pub(super) async fn reopen(file: &Path) -> Result<SqliteConnection, sqlx::Error> {
    writing(file).connect().await
}

/// A connection that cannot write.
pub(super) async fn read_only(file: &Path) -> Result<SqliteConnection, sqlx::Error> {
    reading(file).connect().await
}

/// Settings of a connection that cannot write.
pub(super) fn reading(file: &Path) -> SqliteConnectOptions {
    common(file).read_only(true)
}

/// Brings the schema to this version, or leaves it where it is if it is newer.
pub(super) async fn migrate(connection: &mut SqliteConnection, file: &Path, to: i64) -> Result<(), OpenError> {
    let migrations = MIGRATIONS.into_iter().filter(|(version, ..)| *version <= to).map(|(version, name, sql)| {
        Migration::new(version, name.into(), MigrationType::Simple, sql.into_sql_str(), false)
    });
    let mut migrator = Migrator::with_migrations(migrations.collect());
    migrator.set_ignore_missing(to < newest_schema());
    migrator.run_direct(None, connection, false).await.map_err(|error| match error {
        MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => OpenError::from_sqlx(file, error),
        MigrateError::VersionMissing(found) => {
            OpenError::Newer { file: file.to_owned(), found, known: newest_schema() }
        }
        error => OpenError::Failed { file: file.to_owned(), source: Box::new(error) },
    })
}

fn writing(file: &Path) -> SqliteConnectOptions {
    common(file)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Normal)
        .pragma("journal_size_limit", WAL_KEPT_BYTES)
        .pragma("wal_autocheckpoint", WAL_PAGES)
}

fn common(file: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(file)
        .foreign_keys(true)
        .busy_timeout(BUSY_MAX)
        .pragma("temp_store", "memory")
        .pragma("trusted_schema", "off")
        .disable_statement_logging()
}
