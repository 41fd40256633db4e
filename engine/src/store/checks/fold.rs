//! From the log into chunks and hours, a few targets at a time.

use std::collections::BTreeMap;
use std::time::Duration;

use domain::{Observation, Slot, Timestamp};
use sqlx::Row;

use super::chunk::Chunk;
use super::log::{pack_newest, unpack_newest};
use super::{Head, hour_of, start_of};
use crate::store::link::Link;
use crate::store::rows::{self, Query};
use crate::store::{WriteError, sql};

/// A head with so many checks is folded,
const FOLD_COUNT: usize = 1024;

/// and one whose first check is so old, so that the log and the memory of many targets stay small.
const FOLD_AGE: Duration = Duration::from_secs(15 * 60);

/// So many targets are folded in one transaction, so that a batch of new checks waits for milliseconds.
const FOLDS_AT_ONCE: usize = 2;

/// A chunk that grows is written anew at each fold, so it goes to the one that is being filled when it has so many checks.
const GROWING_MAX: usize = 4096;

/// A chunk does not span more than this, so that checks go when they are old.
const SPAN_MAX_MS: i64 = 3 * 86_400_000;

/// What was folded: targets, and when their last check was made; none for those that are gone.
#[derive(Debug, Default)]
pub(in crate::store) struct Folded {
    targets: Vec<(i64, Option<Timestamp>)>,
    through: i64,
}

impl Folded {
    /// Empties the heads; to be called when the transaction is committed.
    pub(in crate::store) fn leave(self, head: &Head) {
        for (key, last_at) in self.targets {
            match last_at {
                Some(last_at) => head.set_folded(key, self.through, Some(last_at)),
                None => head.forget(key),
            }
        }
    }
}

/// The targets whose turn it is at `now`; of those that are not there any more, all.
pub(in crate::store) fn due(head: &Head, now: Timestamp, is_there: impl Fn(i64) -> bool) -> Vec<i64> {
    let age = i64::try_from(FOLD_AGE.as_millis()).unwrap_or(i64::MAX);
    head.due(FOLD_COUNT, now.plus_millis(-age), FOLDS_AT_ONCE, is_there)
}

/// The stored end of a target's checks.
struct Growing {
    chunk: Option<Chunk>,
    /// Times of its first and last check.
    bounds: (i64, i64),
    newest: Vec<Observation>,
}

impl Link {
    /// Moves the heads of these targets into their chunks, and counts their checks in the hours.
    pub(in crate::store) async fn fold(&mut self, head: &Head, keys: &[i64]) -> Result<Folded, WriteError> {
        let mut folded = Folded { targets: Vec::new(), through: self.last_row().await? };
        for key in keys {
            let checks = head.of(*key).checks()?;
            self.put_folded(*key, &checks, folded.through).await?;
            let is_there = self.is_there().await?(*key);
            folded.targets.push((*key, checks.last().map(|check| check.at).filter(|_| is_there)));
        }
        Ok(folded)
    }

    /// Puts checks of a target, which are all that it has in the log up to `through`, into its chunks, and counts them.
    pub(in crate::store) async fn put_folded(
        &mut self,
        key: i64,
        checks: &[Observation],
        through: i64,
    ) -> Result<(), WriteError> {
        let (mut hours, mut group_hours) = (Hours::new(), Hours::new());
        let group = self.group_of(key).await?;
        for check in checks {
            hours.add(key, check);
            if let Some(group) = &group {
                group_hours.add(group.clone(), check);
            }
        }
        self.append(key, checks, through).await?;
        for ((hour, key), slot) in hours.0 {
            let before = sqlx::query(sql::HOUR_OF_TARGET).bind(hour).bind(key);
            let slot = self.merged(before, slot).await?;
            self.put_slot(sqlx::query(sql::PUT_HOUR).bind(hour).bind(key), &slot).await?;
        }
        for ((hour, group), slot) in group_hours.0 {
            let before = sqlx::query(sql::HOUR_OF_GROUP).bind(hour).bind(group.clone());
            let slot = self.merged(before, slot).await?;
            self.put_slot(sqlx::query(sql::PUT_GROUP_HOUR).bind(hour).bind(group), &slot).await?;
        }
        Ok(())
    }

    /// Appends checks to the chunk of a target that is growing; what has grown enough goes where it is written seldom.
    async fn append(&mut self, key: i64, checks: &[Observation], through: i64) -> Result<(), WriteError> {
        let Some(first) = checks.first() else { return Ok(()) };
        let Growing { chunk, mut bounds, mut newest } = self.growing(key).await?;
        let mut chunk = chunk.unwrap_or_else(|| {
            bounds = (first.at.as_millis(), first.at.as_millis());
            Chunk::new(first.at)
        });
        for check in checks {
            let at = check.at.as_millis();
            if chunk.len() >= GROWING_MAX || (at - bounds.0).abs() > SPAN_MAX_MS {
                self.put_grown(key, std::mem::replace(&mut chunk, Chunk::new(check.at)), bounds).await?;
                bounds = (at, at);
            }
            chunk.push(check);
            bounds = (bounds.0.min(at), bounds.1.max(at));
        }
        newest.extend_from_slice(checks);
        let growing = sqlx::query(sql::PUT_GROWING)
            .bind(key)
            .bind(through)
            .bind(pack_newest(&newest)?)
            .bind(bounds.0)
            .bind(bounds.1)
            .bind(chunk.encode()?);
        self.run(growing).await
    }

    /// Joins a chunk that has grown with the one that is being filled, or begins another one with it.
    async fn put_grown(&mut self, key: i64, grown: Chunk, bounds: (i64, i64)) -> Result<(), WriteError> {
        let (mut filling, mut bounds) = (grown, bounds);
        let before = sqlx::query(sql::FILLING).bind(key).fetch_optional(&mut self.connection).await?;
        if let Some(row) = before {
            let (first, last): (i64, i64) = (row.try_get("first")?, row.try_get("last")?);
            let both = (first.min(bounds.0), last.max(bounds.1));
            // One that is damaged must not hold up those that come.
            let longer = Chunk::decode(row.try_get("checks")?).ok();
            match longer.filter(|longer| both.1 - both.0 <= SPAN_MAX_MS && longer.takes(&filling)) {
                Some(mut longer) => {
                    longer.join(filling);
                    (filling, bounds) = (longer, both);
                }
                None => self.run(sqlx::query(sql::FILLING_IS_FULL).bind(key)).await?,
            }
        }
        let query = sqlx::query(sql::PUT_FILLING).bind(key).bind(bounds.0).bind(bounds.1).bind(filling.encode()?);
        self.run(query).await
    }

    async fn growing(&mut self, key: i64) -> Result<Growing, WriteError> {
        let row = sqlx::query(sql::GROWING).bind(key).fetch_optional(&mut self.connection).await?;
        let Some(row) = row else {
            return Ok(Growing { chunk: None, bounds: (0, 0), newest: Vec::new() });
        };
        Ok(Growing {
            chunk: Some(Chunk::decode(row.try_get("checks")?)?),
            bounds: (row.try_get("first")?, row.try_get("last")?),
            newest: unpack_newest(row.try_get("newest")?)?,
        })
    }

    async fn merged(&mut self, before: Query<'_>, mut slot: Slot) -> Result<Slot, WriteError> {
        if let Some(row) = before.fetch_optional(&mut self.connection).await? {
            slot.merge(&rows::slot(&row, slot.start)?);
        }
        Ok(slot)
    }

    async fn put_slot(&mut self, query: Query<'_>, slot: &Slot) -> Result<(), WriteError> {
        let count = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
        let query = query.bind(count(slot.passes)).bind(count(slot.fails)).bind(count(slot.unknown));
        self.run(query.bind(slot.details())).await
    }
}

/// Slots of hours, by whose they are.
struct Hours<K>(BTreeMap<(i64, K), Slot>);

impl<K: Ord> Hours<K> {
    fn new() -> Self {
        Self(BTreeMap::new())
    }

    fn add(&mut self, whose: K, check: &Observation) {
        let hour = hour_of(check.at);
        self.0.entry((hour, whose)).or_insert_with(|| Slot::new(start_of(hour))).add(check);
    }
}
