//! Looks at a file that is there already, without writing to it: ours, not newer, not damaged.

use std::path::Path;
use std::time::Duration;

use sqlx::{Connection, SqliteConnection};

use super::{OpenError, connect, sql};
use crate::Clock;

/// "DrBd", as the first migration writes it.
const APPLICATION_ID: i64 = 1_148_338_788;

/// So long SQLite may look for damage: enough for small files; large ones show it when they are read.
const CHECK_MAX: Duration = Duration::from_millis(100);

/// SQLite asks after so many steps whether it may go on.
const CHECK_STEPS: i32 = 1000;

/// Refuses a file that this version must not write to.
pub(super) async fn examine(file: &Path) -> Result<(), OpenError> {
    let failed = |error| OpenError::from_sqlx(file, error);
    let mut connection = connect::read_only(file).await.map_err(failed)?;
    refuse_foreign(&mut connection, file).await?;
    let damage = find_damage(&mut connection).await.map_err(failed)?;
    connection.close().await.map_err(failed)?;
    match damage {
        None => Ok(()),
        Some(what) => Err(OpenError::Damaged { file: file.to_owned(), what }),
    }
}

async fn refuse_foreign(connection: &mut SqliteConnection, file: &Path) -> Result<(), OpenError> {
    let failed = |error| OpenError::from_sqlx(file, error);
    let application: i64 = sqlx::query_scalar(sql::APPLICATION_ID).fetch_one(&mut *connection).await.map_err(failed)?;
    if application != APPLICATION_ID {
        // A start that was cut short before the first migration leaves a file without anything of anybody's.
        let others: i64 = sqlx::query_scalar(sql::COUNT_TABLES).fetch_one(connection).await.map_err(failed)?;
        return if others == 0 { Ok(()) } else { Err(OpenError::NotOurs(file.to_owned())) };
    }
    let found: i64 = sqlx::query_scalar(sql::SCHEMA_VERSION).fetch_one(connection).await.map_err(failed)?;
    let known = connect::newest_schema();
    match found <= known {
        true => Ok(()),
        false => Err(OpenError::Newer { file: file.to_owned(), found, known }),
    }
}

/// What SQLite finds wrong, as far as it gets in [`CHECK_MAX`].
async fn find_damage(connection: &mut SqliteConnection) -> Result<Option<String>, sqlx::Error> {
    let deadline = Clock.instant() + CHECK_MAX;
    connection.lock_handle().await?.set_progress_handler(CHECK_STEPS, move || Clock.instant() < deadline);
    let found = sqlx::query_scalar::<_, String>(sql::QUICK_CHECK).fetch_one(&mut *connection).await;
    connection.lock_handle().await?.remove_progress_handler();
    match found {
        Ok(found) => Ok((found != "ok").then_some(found)),
        Err(error) if super::error::code_of(&error) == Some(super::error::code::INTERRUPT) => Ok(None),
        Err(error) => Err(error),
    }
}
