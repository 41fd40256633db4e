//! Stores of the time when every check was a row: their checks go into chunks, a slice at a time, when they are opened.

use std::collections::BTreeMap;
use std::path::Path;

use domain::{Failure, Micros, Observation, Outcome, OwnFault, Phases, StandingChange, Timestamp};
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use super::link::Link;
use super::rows::json;
use super::{OpenError, ReadError, WriteError, sql};

/// So many rows are moved in one transaction.
const ROWS: u32 = 100_000;

const IS_THERE: &str = "select count(*) from sqlite_schema where name = 'observations'";
/// What checks go into has one part more than when they were rows.
const FILLING: &str = include_str!("../../../migrations/0008_filling.sql");
const OLDEST: &str = "
    select target, at, total_us, dns_us, connect_us, tls_us, first_byte_us, status_code, outcome, why
    from observations order by at, target limit ?1";
const DELETE_OLDEST: &str = "
    delete from observations where (at, target) in (select at, target from observations order by at, target limit ?1)";
/// Changes of status of targets that are there, and their first.
const CHANGES: &str = "
    select t.id, t.key, t.registered_at as at, 'initial' as status, 'Elb.RegistrationInProgress' as reason, 0 as number
    from targets t
    union all
    select t.id, t.key, e.at, e.to_status, e.body ->> '$.with.transition.reason', e.number
    from targets t cross join events e on e.target = t.id and e.kind = 'status_changed' and e.at >= t.registered_at
    order by 2, 6";

/// Moves what is there; does nothing in a newer store. What is cut short goes on at the next start.
pub(super) async fn move_observations(link: &mut Link, file: &Path) -> Result<(), OpenError> {
    let failed = |error: ReadError| error.while_opening(file);
    let is_there = sqlx::query_scalar::<_, i64>(IS_THERE).fetch_one(&mut link.connection).await;
    if is_there.map_err(|error| failed(error.into()))? == 0 {
        return Ok(());
    }
    sqlx::raw_sql(FILLING).execute(&mut link.connection).await.map_err(|error| OpenError::from_sqlx(file, error))?;
    let mut moved = 0;
    loop {
        match move_some(link).await {
            Ok(0) => break,
            Ok(rows) => moved += rows,
            Err(WriteError(why)) => {
                return Err(OpenError::Failed { file: file.to_owned(), source: why.to_string().into() });
            }
        }
        tracing::info!(checks = moved, "putting the checks of an older version into their new place");
    }
    put_standings(link).await.map_err(|error| OpenError::Failed { file: file.to_owned(), source: Box::new(error) })
}

async fn move_some(link: &mut Link) -> Result<u64, WriteError> {
    let rows = sqlx::query(OLDEST).bind(ROWS).fetch_all(&mut link.connection).await?;
    let mut by_target: BTreeMap<i64, Vec<Observation>> = BTreeMap::new();
    for row in &rows {
        by_target.entry(row.try_get("target")?).or_default().push(observation(row)?);
    }
    link.begin(false).await?;
    for (key, checks) in by_target {
        link.put_folded(key, &checks, 0).await?;
    }
    link.run(sqlx::query(DELETE_OLDEST).bind(ROWS)).await?;
    link.execute(sql::COMMIT).await?;
    Ok(u64::try_from(rows.len()).unwrap_or(u64::MAX))
}

async fn put_standings(link: &mut Link) -> Result<(), WriteError> {
    link.begin(false).await?;
    link.memory.standings.load(&mut link.connection).await?;
    let rows = sqlx::query(CHANGES).fetch_all(&mut link.connection).await?;
    let mut changes = Vec::new();
    for row in &rows {
        let (id, status) = (row.try_get::<String, _>("id")?, row.try_get::<String, _>("status")?);
        let reason: Option<String> = row.try_get("reason")?;
        changes.push(StandingChange {
            target: id.parse().map_err(|_| ReadError::Corrupt("target id"))?,
            at: Timestamp::from_millis(row.try_get("at")?),
            status: Some(status.parse().map_err(|()| ReadError::Corrupt("status"))?),
            reason: domain::Reason::ALL.into_iter().find(|known| Some(known.as_str()) == reason.as_deref()),
        });
    }
    link.put_standings(&changes).await?;
    link.execute(sql::COMMIT).await?;
    link.news = Default::default();
    Ok(())
}

fn observation(row: &SqliteRow) -> Result<Observation, ReadError> {
    let micros = |column| Ok::<_, ReadError>(row.try_get::<Option<u32>, _>(column)?.map(Micros));
    let why: Option<String> = row.try_get("why")?;
    let outcome = match (row.try_get::<u8, _>("outcome")?, why) {
        (0, None) => Outcome::Pass,
        (1, Some(why)) => Outcome::Fail(json::<Failure>(&why, "failure")?),
        (2, Some(why)) => Outcome::Unknown(json::<OwnFault>(&why, "own fault")?),
        _ => return Err(ReadError::Corrupt("outcome")),
    };
    let phases = Phases {
        dns: micros("dns_us")?,
        connect: micros("connect_us")?,
        tls: micros("tls_us")?,
        first_byte: micros("first_byte_us")?,
        total: Micros(row.try_get("total_us")?),
    };
    let at = Timestamp::from_millis(row.try_get("at")?);
    Ok(Observation { at, phases, status_code: row.try_get("status_code")?, outcome })
}
