//! The log: a batch of new checks is a row, in the order in which they were judged.

use std::collections::HashMap;

use domain::{BEATS_MAX, Observation};
use futures_util::TryStreamExt;
use sqlx::{Row, SqliteConnection};

use super::Head;
use super::pack::{self, put_number, take_number};
use crate::store::{ReadError, WriteError, sql};

/// A check and the small key of its target.
pub(in crate::store) type Entry<'c> = (i64, &'c Observation);

/// The bytes of a row.
pub(in crate::store) fn pack(entries: &[Entry<'_>]) -> Result<Vec<u8>, WriteError> {
    let mut out = Vec::with_capacity(entries.len() * 16);
    let mut previous = 0;
    for (key, check) in entries {
        put_number(&mut out, *key);
        pack::put(&mut out, previous, check)?;
        previous = check.at.as_millis();
    }
    Ok(out)
}

fn unpack(mut bytes: &[u8]) -> Result<Vec<(i64, Observation)>, ReadError> {
    let (mut entries, mut previous) = (Vec::new(), 0);
    while !bytes.is_empty() {
        let key = take_number(&mut bytes)?;
        let check = pack::take(&mut bytes, previous)?;
        previous = check.at.as_millis();
        entries.push((key, check));
    }
    Ok(entries)
}

/// The bytes of the newest checks of a target, for [`Newest`].
pub(super) fn pack_newest(checks: &[Observation]) -> Result<Vec<u8>, WriteError> {
    let (mut out, mut previous) = (Vec::new(), 0);
    for check in &checks[checks.len().saturating_sub(BEATS_MAX)..] {
        pack::put(&mut out, previous, check)?;
        previous = check.at.as_millis();
    }
    Ok(out)
}

pub(super) fn unpack_newest(mut bytes: &[u8]) -> Result<Vec<Observation>, ReadError> {
    let (mut checks, mut previous) = (Vec::new(), 0);
    while !bytes.is_empty() {
        let check = pack::take(&mut bytes, previous)?;
        previous = check.at.as_millis();
        checks.push(check);
    }
    Ok(checks)
}

/// The newest checks of the targets, by their small keys, oldest first.
pub(in crate::store) type Newest = HashMap<i64, Vec<Observation>>;

/// Fills the heads from what is stored, and gives as many of the newest checks of each target as a bar shows.
pub(in crate::store) async fn load(connection: &mut SqliteConnection, head: &Head) -> Result<Newest, ReadError> {
    let mut newest = Newest::new();
    for row in sqlx::query(sql::GROWING_ENDS).fetch_all(&mut *connection).await? {
        let checks = unpack_newest(row.try_get("newest")?)?;
        let key = row.try_get("target")?;
        head.set_folded(key, row.try_get("through")?, checks.last().map(|check| check.at));
        newest.insert(key, checks);
    }
    {
        let mut rows = sqlx::query(sql::LOG).fetch(&mut *connection);
        while let Some(row) = rows.try_next().await? {
            let id = row.try_get("id")?;
            let mut entries = unpack(row.try_get("checks")?)?;
            entries.retain(|(key, _)| head.needs(*key, id));
            head.push(id, entries.iter().map(|(key, check)| (*key, check))).map_err(|_| pack::DAMAGED)?;
        }
    }
    for key in head.keys() {
        let checks = newest.entry(key).or_default();
        checks.extend(head.of(key).checks()?);
        checks.drain(..checks.len().saturating_sub(BEATS_MAX));
    }
    Ok(newest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::checks::sample::any_check;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_row_gives_what_it_was_given(entries in prop::collection::vec((any::<i64>(), any_check()), 0..20)) {
            let given: Vec<Entry<'_>> = entries.iter().map(|(key, check)| (*key, check)).collect();
            prop_assert_eq!(unpack(&pack(&given).unwrap()).unwrap(), entries);
        }
    }
}
