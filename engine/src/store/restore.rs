//! The board as it was when the store was last written.

use std::collections::{BTreeMap, HashMap};

use domain::{Board, EventNumber, GroupName, Observation, TargetId, Timestamp};
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};

use super::link::Memory;
use super::{ReadError, Restored, checks, proxies, rows, schedules, sql, standbys};

/// Where targets are on the board, by their small keys.
type Keys = BTreeMap<i64, Place>;

struct Place {
    group: GroupName,
    id: TargetId,
    /// It was checked since its checks were switched on.
    was_checked: bool,
}

/// Reads the board, and into memory what is kept there. The bars get the newest checks.
pub(super) async fn restore(connection: &mut SqliteConnection, memory: &Memory) -> Result<Restored, ReadError> {
    let number: i64 = sqlx::query_scalar(sql::LAST_EVENT).fetch_one(&mut *connection).await?;
    let number = EventNumber(u64::try_from(number).map_err(|_| ReadError::Corrupt("event number"))?);
    let mut board = Board { number, ..Board::default() };
    for row in sqlx::query(sql::GROUPS).fetch_all(&mut *connection).await? {
        let group = rows::group(&row)?;
        board.groups.insert(group.group.name.clone(), group);
    }
    let targets = sqlx::query(sql::TARGETS).fetch_all(&mut *connection).await?;
    let keys = place_targets(&mut board, &targets)?;
    proxies::restore(&mut board, connection).await?;
    standbys::restore(&mut board, connection).await?;
    schedules::restore(&mut board, connection).await?;
    memory.standings.load(connection).await?;
    let newest = checks::load(connection, &memory.head).await?;
    let last_event: Option<i64> = sqlx::query_scalar(sql::LAST_SEEN).fetch_one(connection).await?;
    let last_check = newest.values().filter_map(|checks| checks.last()).map(|check| check.at).max();
    fill_bars(&mut board, &keys, newest);
    Ok(Restored { board, last_seen: last_check.max(last_event.map(Timestamp::from_millis)), number })
}

fn place_targets(board: &mut Board, targets: &[SqliteRow]) -> Result<Keys, ReadError> {
    let (mut keys, mut by_group) = (Keys::new(), HashMap::<_, Vec<_>>::new());
    for row in targets {
        let (key, state) = rows::target(row)?;
        let was_checked = row.try_get::<Option<i64>, _>("last_at")?.is_some();
        let (group, id) = (state.target.group.clone(), state.target.id);
        by_group.entry(group.clone()).or_default().push((id, state));
        keys.insert(key, Place { group, id, was_checked });
    }
    for (group, targets) in by_group {
        let place = board.groups.get_mut(&group).ok_or(ReadError::Corrupt("group of a target"))?;
        // All at once, so that the map has no gaps: there may be very many.
        place.targets = targets.into_iter().collect();
    }
    Ok(keys)
}

/// In the order of time, as they came.
fn fill_bars(board: &mut Board, keys: &Keys, newest: checks::Newest) {
    let with_key = |(key, checks): (i64, Vec<Observation>)| checks.into_iter().map(move |check| (check, key));
    let mut checks: Vec<(Observation, i64)> = newest.into_iter().flat_map(with_key).collect();
    checks.sort_by_key(|(check, key)| (check.at, *key));
    for (check, key) in checks {
        let Some(place) = keys.get(&key) else { continue };
        let Some(group) = board.groups.get_mut(&place.group) else { continue };
        group.lane.push(&check, group.group.check.interval_ms);
        if let Some(target) = group.targets.get_mut(&place.id) {
            target.beats.push(&check);
            if place.was_checked {
                target.last = Some(check);
            }
        }
    }
}
