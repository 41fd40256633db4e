//! The newest checks of each target, in memory: those that are in the log and in no chunk yet.
//!
//! The writer adds to it after a commit and empties it after a fold; readers copy what they need. Nothing is lost with
//! it: it is made again from the log.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use domain::{Observation, Timestamp};

use super::pack;
use crate::store::{ReadError, WriteError};

/// The heads of all targets, by the small keys of the targets. Clones are the same heads.
#[derive(Clone, Debug, Default)]
pub(in crate::store) struct Head(Arc<Heads>);

#[derive(Debug, Default)]
struct Heads {
    heads: RwLock<HashMap<i64, Newest>>,
    /// Odd while checks move from here into chunks: then some may be seen in both, or in none.
    epoch: AtomicU64,
}

/// The head of one target.
#[derive(Clone, Debug, Default)]
pub(super) struct Newest {
    packed: Vec<u8>,
    /// Where the last check in `packed` begins, and the time that its own is told from.
    last: (usize, i64),
    /// Times of the first and the last check that it had, also after a fold.
    first_at: i64,
    last_at: Option<i64>,
    /// The row of the log in which its first check is.
    first_row: i64,
    pub(super) count: usize,
    /// Everything up to this row of the log is in chunks.
    pub(super) folded_through: i64,
}

impl Newest {
    /// Adds a check. Of two in one millisecond the later one stays: it is the one that the board shows.
    fn push(&mut self, row: i64, check: &Observation) -> Result<(), WriteError> {
        if self.count > 0 && self.last_at == Some(check.at.as_millis()) {
            self.packed.truncate(self.last.0);
            self.count -= 1;
        } else if self.count > 0 {
            self.last.1 = self.last_at.unwrap_or(0);
        }
        if self.count == 0 {
            (self.first_at, self.first_row, self.last.1) = (check.at.as_millis(), row, 0);
        }
        self.last.0 = self.packed.len();
        if self.packed.capacity() - self.packed.len() < 64 {
            // A little at a time: half empty heads of ten thousand targets are many megabytes.
            self.packed.reserve_exact(256);
        }
        pack::put(&mut self.packed, self.last.1, check)?;
        self.last_at = Some(check.at.as_millis());
        self.count += 1;
        Ok(())
    }

    /// Its checks in the order in which they were made.
    pub(super) fn checks(&self) -> Result<Vec<Observation>, ReadError> {
        let (mut bytes, mut previous) = (self.packed.as_slice(), 0);
        let mut checks = Vec::with_capacity(self.count);
        while !bytes.is_empty() {
            let check = pack::take(&mut bytes, previous)?;
            previous = check.at.as_millis();
            checks.push(check);
        }
        Ok(checks)
    }
}

impl Head {
    /// Adds checks of the row `row` of the log.
    pub(in crate::store) fn push<'c>(
        &self,
        row: i64,
        checks: impl IntoIterator<Item = (i64, &'c Observation)>,
    ) -> Result<(), WriteError> {
        let mut heads = self.0.heads.write().unwrap_or_else(PoisonError::into_inner);
        checks.into_iter().try_for_each(|(key, check)| heads.entry(key).or_default().push(row, check))
    }

    /// Takes over all that the other one has.
    pub(in crate::store) fn replace(&self, other: &Self) {
        let heads = std::mem::take(&mut *other.0.heads.write().unwrap_or_else(PoisonError::into_inner));
        *self.0.heads.write().unwrap_or_else(PoisonError::into_inner) = heads;
    }

    /// What is known of a target whose checks are all in chunks up to `row`, the last one made at `last_at`.
    pub(in crate::store) fn set_folded(&self, key: i64, row: i64, last_at: Option<Timestamp>) {
        let mut heads = self.0.heads.write().unwrap_or_else(PoisonError::into_inner);
        let newest = heads.entry(key).or_default();
        let last_at = last_at.map(Timestamp::as_millis).or(newest.last_at);
        *newest = Newest { last_at, folded_through: row, ..Newest::default() };
    }

    /// Forgets a target.
    pub(super) fn forget(&self, key: i64) {
        self.0.heads.write().unwrap_or_else(PoisonError::into_inner).remove(&key);
    }

    /// Whether a target's checks in this row of the log are in no chunk yet.
    pub(super) fn needs(&self, key: i64, row: i64) -> bool {
        let heads = self.0.heads.read().unwrap_or_else(PoisonError::into_inner);
        heads.get(&key).is_none_or(|newest| newest.folded_through < row)
    }

    /// The small keys of all targets that have a head.
    pub(super) fn keys(&self) -> Vec<i64> {
        self.0.heads.read().unwrap_or_else(PoisonError::into_inner).keys().copied().collect()
    }

    /// Checks begin to move into chunks, or have done so.
    pub(in crate::store) fn turn(&self) {
        self.0.epoch.fetch_add(1, Ordering::SeqCst);
    }

    /// Another number each time that checks have moved; none while they do.
    pub(super) fn epoch(&self) -> Option<u64> {
        Some(self.0.epoch.load(Ordering::SeqCst)).filter(|epoch| epoch % 2 == 0)
    }

    /// A copy of the head of one target.
    pub(super) fn of(&self, key: i64) -> Newest {
        self.0.heads.read().unwrap_or_else(PoisonError::into_inner).get(&key).cloned().unwrap_or_default()
    }

    /// When the last check of a target was made, as far as that is known.
    pub(in crate::store) fn last_at(&self, key: i64) -> Option<Timestamp> {
        let heads = self.0.heads.read().unwrap_or_else(PoisonError::into_inner);
        heads.get(&key)?.last_at.map(Timestamp::from_millis)
    }

    /// The targets whose heads have at least `count` checks or one from before `before`, and those that are not
    /// `is_there` and have any; the oldest first, at most `limit`.
    pub(super) fn due(
        &self,
        count: usize,
        before: Timestamp,
        limit: usize,
        is_there: impl Fn(i64) -> bool,
    ) -> Vec<i64> {
        let heads = self.0.heads.read().unwrap_or_else(PoisonError::into_inner);
        let is_due =
            |key: i64, newest: &Newest| newest.count >= count || newest.first_at < before.as_millis() || !is_there(key);
        let mut due: Vec<(i64, i64)> = heads
            .iter()
            .filter(|(key, newest)| newest.count > 0 && is_due(**key, newest))
            .map(|(key, newest)| (newest.first_at, *key))
            .collect();
        due.sort_unstable();
        due.into_iter().take(limit).map(|(_, key)| key).collect()
    }

    /// The first row of the log that some head still needs; none if all is in chunks.
    pub(in crate::store) fn first_row(&self) -> Option<i64> {
        let heads = self.0.heads.read().unwrap_or_else(PoisonError::into_inner);
        heads.values().filter(|newest| newest.count > 0).map(|newest| newest.first_row).min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::checks::sample::any_check;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_head_gives_what_it_was_given_the_later_of_two_in_one_millisecond(
            mut checks in prop::collection::vec(any_check(), 0..40),
            same in prop::collection::vec(any::<bool>(), 40),
        ) {
            for place in 1..checks.len() {
                if same[place] {
                    checks[place].at = checks[place - 1].at;
                }
            }
            let head = Head::default();
            for (row, check) in checks.iter().enumerate() {
                head.push(row as i64, [(7, check)]).unwrap();
            }
            let mut expected: Vec<Observation> = Vec::new();
            for check in checks {
                if expected.last().is_some_and(|last| last.at == check.at) {
                    expected.pop();
                }
                expected.push(check);
            }
            prop_assert_eq!(head.of(7).checks().unwrap(), expected);
        }
    }
}
