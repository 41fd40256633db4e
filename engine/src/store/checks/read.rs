//! The checks of one target or of a group in a stretch of time: chunks, hours, and what is in memory only.

use std::collections::VecDeque;
use std::time::Duration;

use domain::{Fold, GroupName, Observation, Outcome, Span, TargetId, Timestamp};
use sqlx::Row;

use super::chunk::Chunk;
use super::{Head, hour_of, start_of};
use crate::store::reader::in_time;
use crate::store::{Lived, ReadError, Reader, rows, sql};

/// So often a read is tried again that met with a fold,
const TRIES: u32 = 200;

/// after so long: a fold is under way for less than that.
const PAUSE: Duration = Duration::from_millis(2);

/// So many chunks are read for the first checks of a span, at first: one may end where the span begins.
const FIRST_CHUNKS: i64 = 3;

const ALL_CHUNKS: i64 = i64::MAX;

/// So many failed checks are given.
pub(in crate::store) const FAILED_MAX: usize = 50;

/// What one target has in a stretch of time: bytes of chunks, and checks of its head.
#[derive(Debug)]
struct Found {
    chunks: Vec<Vec<u8>>,
    head: Vec<Observation>,
    /// There are no more in the stretch.
    is_all: bool,
}

impl Found {
    /// In the order in which they were made.
    fn each(&self, span: Span, mut take: impl FnMut(Observation)) -> Result<(), ReadError> {
        for bytes in &self.chunks {
            Chunk::decode(bytes)?.iter().filter(|check| span.contains(check.at)).for_each(&mut take);
        }
        self.head.iter().filter(|check| span.contains(check.at)).cloned().for_each(&mut take);
        Ok(())
    }
}

/// What is made of the checks of a target.
#[derive(Debug)]
pub struct Steps<T, R> {
    /// Takes a check.
    pub take: fn(&mut T, &Observation),
    /// Those that come now are from one address, and not from the one before.
    pub move_on: fn(&mut T),
    /// What came of it.
    pub end: fn(T) -> R,
}

/// An attempt to read from the file and from memory as if at one moment.
struct Attempt<'a> {
    head: &'a Head,
    before: Option<u64>,
}

impl Attempt<'_> {
    /// Whether nothing has moved from one to the other since it began.
    fn held(&self) -> bool {
        self.before.is_some() && self.before == self.head.epoch()
    }
}

impl Reader {
    /// Attempts to read from the file and from memory as if at one moment.
    fn attempts(&self) -> impl Iterator<Item = Attempt<'_>> {
        let head = &self.memory.head;
        (0..TRIES).map(|_| Attempt { head, before: head.epoch() })
    }

    /// The observations of a target that began before `before` (or the newest), newest first.
    pub async fn observations(
        &self,
        target: TargetId,
        before: Option<Timestamp>,
        limit: u32,
    ) -> Result<Vec<Observation>, ReadError> {
        let Some(key) = self.key_of(target).await? else { return Ok(Vec::new()) };
        let limit = limit.min(super::ROWS_MAX) as usize;
        let before = before.unwrap_or(Timestamp::from_millis(i64::MAX));
        for attempt in self.attempts() {
            let mut checks = self.memory.head.of(key).checks()?;
            checks.retain(|check| check.at < before);
            checks.reverse();
            let mut end = before.as_millis();
            while checks.len() < limit {
                // The newest first: few chunks hold as many as anybody wants at once.
                let query = sqlx::query(sql::LAST_CHUNK_OF_TARGET).bind(key).bind(end);
                let Some(row) = in_time(query.fetch_all(&self.pool)).await?.into_iter().next() else { break };
                let chunk = Chunk::decode(row.try_get("checks")?)?;
                let mut older: Vec<_> = chunk.iter().filter(|check| check.at.as_millis() < end).collect();
                older.reverse();
                end = end.min(row.try_get("first")?);
                checks.extend(older);
            }
            if attempt.held() {
                checks.truncate(limit);
                return Ok(checks);
            }
            tokio::time::sleep(PAUSE).await;
        }
        Err(ReadError::TooSlow)
    }

    /// The checks of a target of this group that began in the span, oldest first: the first `limit`, at least one, and others
    /// of the same moment as the last of these, so that who goes on after that moment misses none. Reads no more of a long
    /// span than it must. The target may be gone, or may have been at another address then.
    pub async fn checks(
        &self,
        group: &GroupName,
        target: TargetId,
        span: Span,
        limit: u32,
    ) -> Result<Vec<Observation>, ReadError> {
        let limit = limit.clamp(1, super::ROWS_MAX) as usize;
        let mut checks = Vec::new();
        for key in self.lives_of(group, target).await? {
            if checks.len() < limit {
                checks.extend(self.checks_under(key, span, limit - checks.len()).await?);
            }
        }
        Ok(checks)
    }

    /// The same of one life.
    pub async fn checks_of(&self, life: &Lived, span: Span, limit: u32) -> Result<Vec<Observation>, ReadError> {
        self.checks_under(life.key, span, limit.clamp(1, super::ROWS_MAX) as usize).await
    }

    async fn checks_under(&self, key: i64, span: Span, limit: usize) -> Result<Vec<Observation>, ReadError> {
        let mut chunks = FIRST_CHUNKS;
        loop {
            let found = self.find(key, span, chunks).await?;
            let is_all = found.is_all;
            let mut checks = on_a_thread_of_its_own(move || {
                let mut checks = Vec::new();
                found.each(span, |check| checks.push(check))?;
                checks.sort_by_key(|check| check.at);
                Ok(checks)
            })
            .await?;
            if is_all || checks.len() > limit {
                if let Some(last) = checks.get(limit.saturating_sub(1)).map(|check| check.at) {
                    checks.truncate(checks.partition_point(|check| check.at <= last));
                }
                return Ok(checks);
            }
            chunks = chunks.saturating_mul(2);
        }
    }

    /// Takes every check of a target of this group in the span, in the order in which they were made. The target may be
    /// gone, or may have been at another address then.
    pub async fn each_check<T: Send + 'static, R: Send + 'static>(
        &self,
        group: &GroupName,
        target: TargetId,
        span: Span,
        mut state: T,
        steps: &Steps<T, R>,
    ) -> Result<R, ReadError> {
        let Steps { take, move_on, end } = *steps;
        for key in self.lives_of(group, target).await? {
            let found = self.find(key, span, ALL_CHUNKS).await?;
            state = on_a_thread_of_its_own(move || {
                move_on(&mut state);
                found.each(span, |check| take(&mut state, &check))?;
                Ok(state)
            })
            .await?;
        }
        on_a_thread_of_its_own(move || Ok(end(state))).await
    }

    /// The small keys that a target of this group ever had, the oldest first.
    async fn lives_of(&self, group: &GroupName, target: TargetId) -> Result<Vec<i64>, ReadError> {
        let query = sqlx::query(sql::LIVES_OF_TARGET).bind(group.as_str()).bind(target.to_string());
        let found = in_time(query.fetch_all(&self.pool)).await?;
        found.iter().map(|row| Ok(row.try_get("key")?)).collect()
    }

    /// Counts every check of a target in `fold`, and gives the last of those that failed.
    pub(in crate::store) async fn fold_checks_of(
        &self,
        key: i64,
        span: Span,
        mut fold: Fold,
    ) -> Result<(Fold, VecDeque<Observation>), ReadError> {
        let found = self.find(key, span, ALL_CHUNKS).await?;
        on_a_thread_of_its_own(move || {
            let mut failed = VecDeque::new();
            found.each(span, |check| {
                fold.check(&check);
                if matches!(check.outcome, Outcome::Fail(_)) {
                    failed.push_back(check);
                }
                if FAILED_MAX < failed.len() {
                    failed.pop_front();
                }
            })?;
            Ok((fold, failed))
        })
        .await
    }

    /// Counts the hours of a target, and its checks that are in none yet.
    pub(in crate::store) async fn fold_hours(&self, key: i64, span: Span, fold: Fold) -> Result<Fold, ReadError> {
        let hours = || sqlx::query(sql::HOURS_OF_TARGET).bind(key);
        self.fold_hours_of(hours, &[key], span, fold).await
    }

    /// Counts the hours of a group, and checks of these targets of it that are in none yet.
    pub(in crate::store) async fn fold_group_hours(
        &self,
        group: &GroupName,
        keys: &[i64],
        span: Span,
        fold: Fold,
    ) -> Result<Fold, ReadError> {
        let hours = || sqlx::query(sql::HOURS_OF_GROUP).bind(group.as_str().to_owned());
        self.fold_hours_of(hours, keys, span, fold).await
    }

    async fn fold_hours_of(
        &self,
        hours: impl Fn() -> rows::Query<'static>,
        keys: &[i64],
        span: Span,
        mut fold: Fold,
    ) -> Result<Fold, ReadError> {
        let (from, to) = (hour_of(span.from()), hour_of(span.to().plus_millis(-1)) + 1);
        let mut seen = None;
        for attempt in self.attempts() {
            let found = in_time(hours().bind(from).bind(to).fetch_all(&self.pool)).await?;
            let heads: Vec<_> = keys.iter().map(|key| self.memory.head.of(*key)).collect();
            seen = attempt.held().then_some((found, heads));
            if seen.is_some() {
                break;
            }
            tokio::time::sleep(PAUSE).await;
        }
        let (found, heads) = seen.ok_or(ReadError::TooSlow)?;
        on_a_thread_of_its_own(move || {
            for row in &found {
                fold.hour(&rows::slot(row, start_of(row.try_get("hour")?))?);
            }
            for head in heads {
                head.checks()?.iter().for_each(|check| fold.check(check));
            }
            Ok(fold)
        })
        .await
    }

    /// The oldest so many chunks, and the head where these are all.
    async fn find(&self, key: i64, span: Span, limit: i64) -> Result<Found, ReadError> {
        for attempt in self.attempts() {
            let (from, to) = (span.from().as_millis(), span.to().as_millis());
            let query = sqlx::query(sql::CHUNKS_OF_TARGET).bind(key).bind(from).bind(to).bind(limit);
            let rows = in_time(query.fetch_all(&self.pool)).await?;
            let chunks = rows.iter().map(|row| row.try_get("checks")).collect::<Result<_, _>>()?;
            let is_all = i64::try_from(rows.len()).unwrap_or(i64::MAX) < limit;
            let head = if is_all { self.memory.head.of(key).checks()? } else { Vec::new() };
            let found = Found { chunks, head, is_all };
            if attempt.held() {
                return Ok(found);
            }
            tokio::time::sleep(PAUSE).await;
        }
        Err(ReadError::TooSlow)
    }
}

/// Long work on the processor, away from the threads that answer everybody.
async fn on_a_thread_of_its_own<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, ReadError> + Send + 'static,
) -> Result<T, ReadError> {
    // It ends only when the program does.
    tokio::task::spawn_blocking(work).await.map_err(|_| ReadError::Closed)?
}
