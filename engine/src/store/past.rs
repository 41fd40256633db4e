//! What was: curves, runs of states and uptimes.

use std::collections::HashMap;

use domain::{
    FailedCheck, Fold, GroupHistory, GroupName, GroupUptimes, Life, Phase, Reason, Source, Span, StateChange, Storage,
    TargetHistory, TargetId, TargetPast, Timestamp, Uptime, either_runs, state_runs,
};
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use super::checks::{FAILED_MAX, start_of};
use super::reader::in_time;
use super::rows::{json, text};
use super::standings::{self, Gaps, Mark, mark_of, status_of};
use super::{ReadError, Reader, sql};

/// What a target was, at one address.
#[derive(Clone, Debug)]
pub struct Lived {
    /// Its small key.
    pub(super) key: i64,
    /// What it was.
    pub past: TargetPast,
}

/// How long a target could serve in each of some stretches.
type Uptimes = (TargetId, Vec<Uptime>);

/// How a curve is wanted.
#[derive(Clone, Copy, Debug)]
pub struct Curve {
    /// The stretch of time.
    pub span: Span,
    /// At most so many points.
    pub points: u32,
    /// From what to make it.
    pub source: Source,
    /// Which durations it shows.
    pub phase: Phase,
}

/// A row of [`sql::STANDINGS_AT`]: key, moment, and the columns of the row that held then.
type RowAt = (i64, i64, i64, u8, Option<u8>, i64, i64, i64);

impl Reader {
    /// A stretch of time of a target of this group.
    pub async fn target_history(
        &self,
        group: &GroupName,
        target: TargetId,
        curve: Curve,
    ) -> Result<TargetHistory, ReadError> {
        let Curve { span, points, source, phase } = curve;
        let mut fold = Fold::new(span, points, source, phase);
        // At another address it was another machine, but the same target.
        let mut lives = self.lives(group, span).await?;
        lives.retain(|life| life.past.id == target);
        let mut failed = Vec::new();
        for life in &lives {
            fold = match source {
                Source::Checks => self.fold_life(life, span, fold, &mut failed).await?,
                Source::Hours => self.fold_hours(life.key, span, fold).await?,
            };
        }
        let states = lives.into_iter().map(|life| life.past.states).reduce(|some, others| either_runs(&others, &some));
        let states = states.unwrap_or_else(|| state_runs(span, Life { from: None, until: None }, &[], &[]));
        let uptime = Uptime::of(&states);
        Ok(TargetHistory { history: fold.finish(states, uptime), failed })
    }

    /// A stretch of time of a group, and its targets, also those that are gone.
    pub async fn group_history(&self, group: &GroupName, curve: Curve) -> Result<GroupHistory, ReadError> {
        let Curve { span, points, source, phase } = curve;
        let mut fold = Fold::new(span, points, source, phase);
        let lives = self.lives(group, span).await?;
        let mut failed = Vec::new();
        match source {
            Source::Checks => {
                for life in &lives {
                    fold = self.fold_life(life, span, fold, &mut failed).await?;
                }
            }
            Source::Hours => {
                let keys: Vec<i64> = lives.iter().map(|life| life.key).collect();
                fold = self.fold_group_hours(group, &keys, span, fold).await?;
            }
        }
        let targets: Vec<TargetPast> = lives.into_iter().map(|life| life.past).collect();
        let uptime = targets.iter().map(|past| Uptime::of(&past.states)).sum();
        Ok(GroupHistory { history: fold.finish(Vec::new(), uptime), targets, failed })
    }

    /// Counts every check of a life in `fold`, and puts those that failed among the last ones.
    async fn fold_life(
        &self,
        life: &Lived,
        span: Span,
        fold: Fold,
        failed: &mut Vec<FailedCheck>,
    ) -> Result<Fold, ReadError> {
        let (fold, checks) = self.fold_checks_of(life.key, span, fold).await?;
        let target = life.past.id;
        failed.extend(checks.into_iter().map(|check| FailedCheck { target, check }));
        failed.sort_by_key(|failed| std::cmp::Reverse(failed.check.at));
        failed.truncate(FAILED_MAX);
        Ok(fold)
    }

    /// What a target of this group was, also one that is gone: its last life. None: there never was one.
    pub async fn last_life(&self, group: &GroupName, target: TargetId) -> Result<Option<TargetPast>, ReadError> {
        let query = sqlx::query(sql::LAST_LIFE).bind(group.as_str()).bind(target.to_string());
        let found = in_time(query.fetch_all(&self.pool)).await?;
        found.first().map(|row| Ok(life(row)?.past)).transpose()
    }

    /// What the targets of a group were that were there at some time in the span, also those that are gone, in the order of
    /// registration, without their statuses. One that moved to another address is there more than once, at no time twice.
    pub async fn lives_in(&self, group: &GroupName, span: Span) -> Result<Vec<Lived>, ReadError> {
        let (from, to) = (span.from().as_millis(), span.to().as_millis());
        let query = sqlx::query(sql::LIVES_OF_GROUP).bind(group.as_str()).bind(from).bind(to);
        let found = in_time(query.fetch_all(&self.pool)).await?;
        found.iter().map(life).collect()
    }

    /// How long each of these targets could serve in each of these stretches of time. Those that are not there are left
    /// out.
    pub async fn uptimes(
        &self,
        targets: &[TargetId],
        spans: &[Span],
    ) -> Result<HashMap<TargetId, Vec<Uptime>>, ReadError> {
        let keys = self.keys_of(targets).await?;
        let sums = self.sums(keys.iter().map(|(_, key)| (*key, i64::MAX)).collect(), spans).await?;
        Ok(keys.into_iter().zip(sums).map(|((id, _), uptimes)| (id, uptimes)).collect())
    }

    /// The same of groups with these targets, and of each group as a whole, with its targets that are gone.
    pub async fn uptimes_of_groups(
        &self,
        groups: Vec<(GroupName, Vec<TargetId>)>,
        spans: &[Span],
    ) -> Result<Vec<GroupUptimes>, ReadError> {
        let all: Vec<TargetId> = groups.iter().flat_map(|(_, targets)| targets).copied().collect();
        let known = self.uptimes(&all, spans).await?;
        let mut gone = self.uptimes_of_gone(spans).await?;
        let group = |(group, ids): (GroupName, Vec<TargetId>)| {
            let mut targets: Vec<_> = ids.into_iter().filter_map(|id| Some((id, known.get(&id)?.clone()))).collect();
            let gone = gone.remove(group.as_str()).unwrap_or_default();
            let of = |place: usize| {
                let all = targets.iter().chain(&gone).map(|(_, uptimes)| uptimes);
                all.filter_map(|uptimes| uptimes.get(place)).copied().sum()
            };
            let whole = (0..spans.len()).map(of).collect();
            // At another address it was the same target.
            let places: HashMap<TargetId, usize> = targets.iter().enumerate().map(|(at, (id, _))| (*id, at)).collect();
            for (id, before) in gone {
                let Some(now) = places.get(&id).and_then(|place| targets.get_mut(*place)) else { continue };
                now.1.iter_mut().zip(before).for_each(|(now, before)| *now = now.or_else(before));
            }
            GroupUptimes { group, whole, targets }
        };
        Ok(groups.into_iter().map(group).collect())
    }

    /// Of targets that are gone, by group, as far as they were there in one of the spans.
    async fn uptimes_of_gone(&self, spans: &[Span]) -> Result<HashMap<String, Vec<Uptimes>>, ReadError> {
        let from = spans.iter().map(|span| span.from().as_millis()).min().unwrap_or(i64::MAX);
        let query = sqlx::query(sql::GONE_SINCE).bind(from);
        let (mut keys, mut whose) = (Vec::new(), Vec::new());
        for row in in_time(query.fetch_all(&self.pool)).await? {
            keys.push((row.try_get("key")?, row.try_get("ended")?));
            let id = text(&row, "id")?.parse().map_err(|_| ReadError::Corrupt("target id"))?;
            whose.push((text(&row, "group_name")?, id));
        }
        let mut gone: HashMap<String, Vec<Uptimes>> = HashMap::new();
        for ((group, id), uptimes) in whose.into_iter().zip(self.sums(keys, spans).await?) {
            gone.entry(group).or_default().push((id, uptimes));
        }
        Ok(gone)
    }

    /// The uptimes of targets by small key, each until it ended.
    async fn sums(&self, keys: Vec<(i64, i64)>, spans: &[Span]) -> Result<Vec<Vec<Uptime>>, ReadError> {
        let gaps = self.memory.standings.gaps();
        let mut moments: Vec<i64> =
            spans.iter().flat_map(|span| [span.from().as_millis(), span.to().as_millis()]).collect();
        moments.sort_unstable();
        moments.dedup();
        let newest: HashMap<i64, Mark> =
            keys.iter().filter_map(|(key, _)| Some((*key, self.memory.standings.newest(*key)?))).collect();
        let is_older = |key: i64, at: i64| newest.get(&key).is_none_or(|newest| at < newest.at);
        // Of a target that is gone nothing is newer than its end.
        let needed: Vec<i64> =
            moments.into_iter().filter(|at| keys.iter().any(|(key, _)| is_older(*key, *at))).collect();
        let older = self.marks_at(keys.iter().map(|(key, _)| *key).collect(), needed).await?;
        let sums_at = |key: i64, ended: i64, at: i64| {
            let mark = if is_older(key, at) { older.get(&(key, at)) } else { newest.get(&key) };
            mark.map_or([0; 3], |mark| mark.sums_at(at.min(ended), &gaps))
        };
        let uptime = |(key, ended): (i64, i64), span: &Span| {
            let (from, to) = (span.from().as_millis(), span.to().as_millis());
            standings::between(from, sums_at(key, ended, from), to, sums_at(key, ended, to))
        };
        Ok(keys.into_iter().map(|key| spans.iter().map(|span| uptime(key, span)).collect()).collect())
    }

    /// What held for each of these targets at each of these moments, where anything did.
    async fn marks_at(&self, keys: Vec<i64>, moments: Vec<i64>) -> Result<HashMap<(i64, i64), Mark>, ReadError> {
        if keys.is_empty() || moments.is_empty() {
            return Ok(HashMap::new());
        }
        let list = |numbers: &[i64]| serde_json::to_string(numbers).map_err(|_| ReadError::Corrupt("moments"));
        let query = sqlx::query(sql::STANDINGS_AT).bind(list(&keys)?).bind(list(&moments)?);
        let found = in_time(query.fetch_all(&self.pool)).await?;
        let mut marks = HashMap::new();
        for row in &found {
            for (key, moment, at, status, reason, up, down, out) in json::<Vec<RowAt>>(row.try_get(0)?, "standings")? {
                marks.insert((key, moment), mark_of(at, status, reason, [up, down, out])?);
            }
        }
        Ok(marks)
    }

    async fn keys_of(&self, targets: &[TargetId]) -> Result<Vec<(TargetId, i64)>, ReadError> {
        if let [target] = targets {
            return Ok(self.key_of(*target).await?.map(|key| (*target, key)).into_iter().collect());
        }
        let targets = serde_json::to_string(targets).map_err(|_| ReadError::Corrupt("targets"))?;
        let found = in_time(sqlx::query(sql::KEYS_OF_TARGETS).bind(targets).fetch_all(&self.pool)).await?;
        match found.first() {
            Some(row) => json(row.try_get(0)?, "keys"),
            None => Ok(Vec::new()),
        }
    }

    /// The targets of a group that were there at some time in the span, the oldest first.
    async fn lives(&self, group: &GroupName, span: Span) -> Result<Vec<Lived>, ReadError> {
        let (from, to) = (span.from().as_millis(), span.to().as_millis());
        let query = sqlx::query(sql::LIVES_OF_GROUP).bind(group.as_str()).bind(from).bind(to);
        let mut lives = Vec::new();
        for row in in_time(query.fetch_all(&self.pool)).await? {
            lives.push(life(&row)?);
        }
        let mut changes = self.changes(lives.iter().map(|life| life.key), span).await?;
        let gaps = self.memory.standings.gaps().within(from, to);
        for life in &mut lives {
            let changes = changes.remove(&life.key).unwrap_or_default();
            let of_target = Life { from: life.past.from, until: life.past.until };
            life.past.states = state_runs(span, of_target, &changes, &gaps);
        }
        Ok(lives)
    }

    /// Changes of status in the span, and what held when it began.
    async fn changes(
        &self,
        keys: impl Iterator<Item = i64>,
        span: Span,
    ) -> Result<HashMap<i64, Vec<StateChange>>, ReadError> {
        let keys = serde_json::to_string(&keys.collect::<Vec<_>>()).map_err(|_| ReadError::Corrupt("targets"))?;
        let query =
            sqlx::query(sql::STANDINGS_OF_TARGETS).bind(keys).bind(span.from().as_millis()).bind(span.to().as_millis());
        let mut changes: HashMap<i64, Vec<StateChange>> = HashMap::new();
        for row in in_time(query.fetch_all(&self.pool)).await? {
            for (key, at, status, reason) in json::<Vec<(i64, i64, u8, Option<u8>)>>(row.try_get(0)?, "standings")? {
                let status = status_of(status, reason)?;
                let reason = reason.and_then(Reason::from_code);
                changes.entry(key).or_default().push(StateChange { at: Timestamp::from_millis(at), status, reason });
            }
        }
        Ok(changes)
    }

    /// What is kept, and what that costs; how long things are kept is left to others.
    pub async fn storage(&self) -> Result<Storage, ReadError> {
        let rows = in_time(sqlx::query(sql::STORAGE).fetch_all(&self.pool)).await?;
        let row = rows.first().ok_or(ReadError::Corrupt("sizes"))?;
        let bytes = |bytes: i64| u64::try_from(bytes).unwrap_or(0);
        let oldest_hour: Option<i64> = row.try_get("oldest_hour")?;
        Ok(Storage {
            file_bytes: bytes(row.try_get("file")?),
            free_bytes: bytes(row.try_get("free")?),
            checks_bytes: bytes(row.try_get("checks")?),
            oldest_check: row.try_get::<Option<i64>, _>("oldest_check")?.map(Timestamp::from_millis),
            oldest_hour: oldest_hour.map(start_of),
            keep_checks_s: 0,
            keep_hours_s: 0,
            keep_events_s: 0,
        })
    }

    /// Tells that what happens from this moment on is not stored yet, so that it counts as unknown; none: everything is.
    pub(crate) fn set_written_until(&self, moment: Option<Timestamp>) {
        self.memory.standings.set_written_until(moment);
    }

    /// Times for which nothing is stored, as far as they touch the span.
    pub fn gaps(&self, span: Span) -> Vec<domain::Gap> {
        let gaps: Gaps = self.memory.standings.gaps();
        gaps.within(span.from().as_millis(), span.to().as_millis())
    }
}

/// A target with its small key, without its statuses.
fn life(row: &SqliteRow) -> Result<Lived, ReadError> {
    let ended: Option<i64> = row.try_get("ended")?;
    let past = TargetPast {
        id: text(row, "id")?.parse().map_err(|_| ReadError::Corrupt("target id"))?,
        name: text(row, "display_name")?,
        address: text(row, "address")?,
        from: Some(Timestamp::from_millis(row.try_get("began")?)),
        until: ended.map(Timestamp::from_millis),
        states: Vec::new(),
    };
    Ok(Lived { key: row.try_get("key")?, past })
}
