//! What was: curves, runs of states and uptimes.

use std::collections::HashMap;

use domain::{
    Fold, GroupName, History, Life, Phase, Reason, Source, Span, StateChange, StateRun, Status, TargetId, Timestamp,
    Uptime, state_runs,
};
use sqlx::Row;

use super::reader::in_time;
use super::rows::{json, text};
use super::standings::{self, Gaps, Mark, mark_of};
use super::{ReadError, Reader, sql};

/// A target in a stretch of time, also one that is gone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TargetLife {
    /// Its small key.
    key: i64,
    /// The target.
    pub id: TargetId,
    /// Its name on the screen.
    pub name: String,
    /// Its host and port.
    pub address: String,
    /// When it was there.
    pub life: Life,
    /// Its statuses in the stretch.
    pub states: Vec<StateRun>,
}

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
    ) -> Result<History, ReadError> {
        let Curve { span, points, source, phase } = curve;
        let mut fold = Fold::new(span, points, source, phase);
        // At another address it was another machine, but the same target.
        let lives: Vec<_> = self.lives(group, span).await?.into_iter().filter(|life| life.id == target).collect();
        for life in &lives {
            fold = match source {
                Source::Checks => self.fold_checks(&[life.key], span, fold).await?,
                Source::Hours => self.fold_hours(life.key, span, fold).await?,
            };
        }
        let states = lives.into_iter().next_back().map(|life| life.states);
        let states = states.unwrap_or_else(|| state_runs(span, Life { from: None, until: None }, &[], &[]));
        let uptime = Uptime::of(&states);
        Ok(fold.finish(states, uptime))
    }

    /// A stretch of time of a group, and its targets, also those that are gone.
    pub async fn group_history(
        &self,
        group: &GroupName,
        curve: Curve,
    ) -> Result<(History, Vec<TargetLife>), ReadError> {
        let Curve { span, points, source, phase } = curve;
        let fold = Fold::new(span, points, source, phase);
        let lives = self.lives(group, span).await?;
        let keys: Vec<i64> = lives.iter().map(|life| life.key).collect();
        let fold = match source {
            Source::Checks => self.fold_checks(&keys, span, fold).await?,
            Source::Hours => self.fold_group_hours(group, &keys, span, fold).await?,
        };
        let uptime = lives.iter().map(|life| Uptime::of(&life.states)).sum();
        Ok((fold.finish(Vec::new(), uptime), lives))
    }

    /// How long each of these targets could serve in each of these stretches of time. Those that are not there are left
    /// out.
    pub async fn uptimes(
        &self,
        targets: &[TargetId],
        spans: &[Span],
    ) -> Result<HashMap<TargetId, Vec<Uptime>>, ReadError> {
        let keys = self.keys_of(targets).await?;
        let mut moments: Vec<i64> =
            spans.iter().flat_map(|span| [span.from().as_millis(), span.to().as_millis()]).collect();
        moments.sort_unstable();
        moments.dedup();
        let gaps = self.memory.standings.gaps();
        let newest: HashMap<i64, Mark> =
            keys.iter().filter_map(|(_, key)| Some((*key, self.memory.standings.newest(*key)?))).collect();
        let older = self.marks_at(&newest, &moments).await?;
        let sums_at = |key: i64, at: i64| {
            let newest = newest.get(&key).filter(|newest| newest.at <= at);
            newest.or_else(|| older.get(&(key, at))).map_or([0; 3], |mark| mark.sums_at(at, &gaps))
        };
        let uptime = |key: i64, span: &Span| {
            let (from, to) = (span.from().as_millis(), span.to().as_millis());
            standings::between(from, sums_at(key, from), to, sums_at(key, to))
        };
        Ok(keys.into_iter().map(|(id, key)| (id, spans.iter().map(|span| uptime(key, span)).collect())).collect())
    }

    /// What held at moments before the newest rows.
    async fn marks_at(
        &self,
        newest: &HashMap<i64, Mark>,
        moments: &[i64],
    ) -> Result<HashMap<(i64, i64), Mark>, ReadError> {
        let pairs: Vec<(i64, i64)> = newest
            .iter()
            .flat_map(|(key, mark)| moments.iter().filter(|at| **at < mark.at).map(|at| (*key, *at)))
            .collect();
        if pairs.is_empty() {
            return Ok(HashMap::new());
        }
        let pairs = serde_json::to_string(&pairs).map_err(|_| ReadError::Corrupt("moments"))?;
        let query = sqlx::query(sql::STANDINGS_AT).bind(pairs);
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
    async fn lives(&self, group: &GroupName, span: Span) -> Result<Vec<TargetLife>, ReadError> {
        let (from, to) = (span.from().as_millis(), span.to().as_millis());
        let query = sqlx::query(sql::LIVES_OF_GROUP).bind(group.as_str()).bind(from).bind(to);
        let mut lives = Vec::new();
        for row in in_time(query.fetch_all(&self.pool)).await? {
            let ended: Option<i64> = row.try_get("ended")?;
            let began = Timestamp::from_millis(row.try_get("began")?);
            lives.push(TargetLife {
                key: row.try_get("key")?,
                id: text(&row, "id")?.parse().map_err(|_| ReadError::Corrupt("target id"))?,
                name: text(&row, "display_name")?,
                address: text(&row, "address")?,
                life: Life { from: Some(began), until: ended.map(Timestamp::from_millis) },
                states: Vec::new(),
            });
        }
        let mut changes = self.changes(lives.iter().map(|life| life.key), span).await?;
        let gaps = self.memory.standings.gaps().within(from, to);
        for life in &mut lives {
            let changes = changes.remove(&life.key).unwrap_or_default();
            life.states = state_runs(span, life.life, &changes, &gaps);
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
                let status = Status::ALL.get(usize::from(status)).copied().ok_or(ReadError::Corrupt("status"))?;
                let reason = reason.and_then(Reason::from_code);
                changes.entry(key).or_default().push(StateChange { at: Timestamp::from_millis(at), status, reason });
            }
        }
        Ok(changes)
    }

    /// Times for which nothing is stored, as far as they touch the span.
    pub fn gaps(&self, span: Span) -> Vec<domain::Gap> {
        let gaps: Gaps = self.memory.standings.gaps();
        gaps.within(span.from().as_millis(), span.to().as_millis())
    }
}
