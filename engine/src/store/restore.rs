//! The board as it was when the store was last written.

use std::collections::BTreeMap;

use domain::{BEATS_MAX, Board, EventNumber, GroupName, TargetId, TargetState, Timestamp};
use sqlx::SqliteConnection;
use sqlx::sqlite::SqliteRow;

use super::rows::{self, ObservationRow};
use super::{ReadError, Restored, proxies, sql};

/// So many observations are read for the bars at most, so that a start stays short.
const RECENT_MAX: usize = 10_000;

/// Where a target is on the board, by its small key.
type Keys = BTreeMap<i64, (GroupName, TargetId)>;

/// Reads the board. The bars get as many of the newest observations as they can show, all targets together; what is
/// older is left to the target's page.
pub(super) async fn restore(connection: &mut SqliteConnection) -> Result<Restored, ReadError> {
    let number: i64 = sqlx::query_scalar(sql::LAST_EVENT).fetch_one(&mut *connection).await?;
    let number = EventNumber(u64::try_from(number).map_err(|_| ReadError::Corrupt("event number"))?);
    let last_seen: Option<i64> = sqlx::query_scalar(sql::LAST_SEEN).fetch_one(&mut *connection).await?;
    let mut board = Board { number, ..Board::default() };
    for row in sqlx::query(sql::GROUPS).fetch_all(&mut *connection).await? {
        let group = rows::group(&row)?;
        board.groups.insert(group.group.name.clone(), group);
    }
    let targets = sqlx::query(sql::TARGETS).fetch_all(&mut *connection).await?;
    let keys = place_targets(&mut board, &targets)?;
    proxies::restore(&mut board, connection).await?;
    let recent = i64::try_from(RECENT_MAX.min(keys.len() * BEATS_MAX)).unwrap_or(0);
    let recent: String = sqlx::query_scalar(sql::RECENT_OBSERVATIONS).bind(recent).fetch_one(connection).await?;
    fill_bars(&mut board, &keys, &rows::recent(&recent)?)?;
    Ok(Restored { board, last_seen: last_seen.map(Timestamp::from_millis), number })
}

fn place_targets(board: &mut Board, targets: &[SqliteRow]) -> Result<Keys, ReadError> {
    let mut keys = Keys::new();
    for row in targets {
        let (key, state) = rows::target(row)?;
        let (group, id) = (state.target.group.clone(), state.target.id);
        let place = board.groups.get_mut(&group).ok_or(ReadError::Corrupt("group of a target"))?;
        place.targets.insert(id, state);
        keys.insert(key, (group, id));
    }
    Ok(keys)
}

/// `recent` is oldest first.
fn fill_bars(board: &mut Board, keys: &Keys, recent: &[ObservationRow<i64>]) -> Result<(), ReadError> {
    for row in recent {
        let Some((group, id)) = keys.get(&row.target) else { continue };
        let Some(group) = board.groups.get_mut(group) else { continue };
        let observation = row.observation()?;
        group.lane.push(&observation, group.group.check.interval_ms);
        if let Some(target) = group.targets.get_mut(id) {
            target.beats.push(&observation);
            // None: it was not checked since its checks were switched on.
            if target.last.is_some() {
                target.last = Some(observation);
            }
        }
    }
    let targets = board.groups.values_mut().flat_map(|group| group.targets.values_mut());
    targets.filter(|target| target.beats.iter().len() == 0).for_each(beat_of_last);
    Ok(())
}

/// A target whose checks are all older than what was read has its last one at least.
fn beat_of_last(target: &mut TargetState) {
    if let Some(last) = &target.last {
        target.beats.push(last);
    }
}
