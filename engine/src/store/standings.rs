//! Which status each target had since when, and for how long altogether.
//!
//! Of each target the newest row is in memory; of the gaps all are. So a row can tell how long its target was healthy,
//! unhealthy and out of service until then, and the uptime of any stretch of time is the difference of two moments.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use domain::{Gap, Reason, StandingChange, Status, Timestamp, Uptime};
use sqlx::{Row, SqliteConnection};

use super::link::News;
use super::rows::json;
use super::{ReadError, sql};

/// A row: a status since a moment, and how long the target was healthy, unhealthy and out of service until then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mark {
    pub(super) at: i64,
    /// None: it is not known, since no check has confirmed yet what was believed before a start.
    pub(super) status: Option<Status>,
    pub(super) reason: Option<Reason>,
    /// In milliseconds: healthy, unhealthy, out of service.
    pub(super) sums: [i64; 3],
}

/// What is known in memory. Clones are the same.
#[derive(Clone, Debug, Default)]
pub(super) struct Standings(Arc<RwLock<Known>>);

#[derive(Debug, Default)]
struct Known {
    /// The newest row of each target, by its small key.
    newest: HashMap<i64, Mark>,
    gaps: Gaps,
    /// What happened since then is not stored; none: everything is.
    written_until: Option<i64>,
}

/// Times without data, in order, each with how long all before it were.
#[derive(Clone, Debug, Default)]
pub(super) struct Gaps(Vec<(i64, i64, i64)>);

impl Gaps {
    /// Adds a gap that ends after all others.
    pub(super) fn push(&mut self, gap: Gap) {
        let (from, to) = (gap.from.as_millis(), gap.to.as_millis());
        let last = self.0.last().copied().unwrap_or((0, 0, 0));
        // A clock that was set back makes them overlap.
        let from = from.max(last.1);
        if from < to {
            self.0.push((from, to, last.2 + last.1 - last.0));
        }
    }

    /// How many milliseconds before `at` are in gaps.
    fn until(&self, at: i64) -> i64 {
        let after = self.0.partition_point(|(from, ..)| *from < at);
        match after.checked_sub(1).and_then(|place| self.0.get(place)) {
            Some((from, to, before)) => before + at.min(*to) - from,
            None => 0,
        }
    }

    /// Those that overlap a stretch.
    pub(super) fn within(&self, from: i64, to: i64) -> Vec<Gap> {
        let overlapping = self.0.iter().filter(|gap| gap.0 < to && from < gap.1);
        // One that has not ended ends with the stretch.
        let end = |gap: &(i64, i64, i64)| if gap.1 == i64::MAX { to } else { gap.1 };
        overlapping
            .map(|gap| Gap { from: Timestamp::from_millis(gap.0), to: Timestamp::from_millis(end(gap)) })
            .collect()
    }
}

impl Mark {
    /// How long the target was healthy, unhealthy and out of service until `at`, which is not before this row.
    pub(super) fn sums_at(&self, at: i64, gaps: &Gaps) -> [i64; 3] {
        let lasted = ((at - self.at) - (gaps.until(at) - gaps.until(self.at))).max(0);
        let mut sums = self.sums;
        match self.status {
            Some(Status::Healthy) => sums[0] += lasted,
            Some(Status::Unhealthy) => sums[1] += lasted,
            Some(Status::Draining | Status::Unused) => sums[2] += lasted,
            Some(Status::Initial | Status::Unavailable) | None => {}
        }
        sums
    }
}

/// The uptime between two moments, from what was until each. Nothing is known where there is no row yet.
pub(super) fn between(from: i64, until_from: [i64; 3], to: i64, until_to: [i64; 3]) -> Uptime {
    let of = |place: usize| u64::try_from(until_to[place] - until_from[place]).unwrap_or(0);
    let (up_ms, down_ms, out_ms) = (of(0), of(1), of(2));
    let all = u64::try_from(to - from).unwrap_or(0);
    Uptime { up_ms, down_ms, out_ms, unknown_ms: all.saturating_sub(up_ms + down_ms + out_ms) }
}

impl Standings {
    /// The row that this makes after what is stored and what is being written; none if it says nothing new.
    pub(super) fn next(&self, key: i64, standing: &StandingChange, news: &News) -> Option<Mark> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let before = news.standings.get(&key).or_else(|| known.newest.get(&key));
        if before.is_some_and(|before| (before.status, before.reason) == (standing.status, standing.reason)) {
            return None;
        }
        // A clock that was set back makes time stand still here.
        let at = standing.at.as_millis().max(before.map_or(0, |before| before.at));
        let sums = before.map_or([0; 3], |before| match news.gaps.as_slice() {
            [] => before.sums_at(at, &known.gaps),
            new => {
                let mut gaps = known.gaps.clone();
                new.iter().for_each(|gap| gaps.push(*gap));
                before.sums_at(at, &gaps)
            }
        });
        Some(Mark { at, status: standing.status, reason: standing.reason, sums })
    }

    /// Takes in a row that is stored.
    pub(super) fn set(&self, key: i64, mark: Mark) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).newest.insert(key, mark);
    }

    /// Takes in a gap that is stored.
    pub(super) fn push_gap(&self, gap: Gap) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).gaps.push(gap);
    }

    /// The newest row of a target.
    pub(super) fn newest(&self, key: i64) -> Option<Mark> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).newest.get(&key).copied()
    }

    /// A copy of the gaps. What is not stored yet is one.
    pub(super) fn gaps(&self) -> Gaps {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let mut gaps = known.gaps.clone();
        if let Some(from) = known.written_until {
            gaps.push(Gap { from: Timestamp::from_millis(from), to: Timestamp::from_millis(i64::MAX) });
        }
        gaps
    }

    /// What happened after this is not stored; none: everything is.
    pub(super) fn set_written_until(&self, moment: Option<Timestamp>) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).written_until = moment.map(Timestamp::as_millis);
    }

    /// Reads what is stored, instead of what is known.
    pub(super) async fn load(&self, connection: &mut SqliteConnection) -> Result<(), ReadError> {
        let mut known = Known::default();
        for row in sqlx::query(sql::NEWEST_STANDINGS).fetch_all(&mut *connection).await? {
            known.newest.insert(row.try_get("target")?, mark(&row)?);
        }
        let gaps: String = sqlx::query_scalar(sql::GAPS).fetch_one(connection).await?;
        for (from, to) in json::<Vec<(i64, i64)>>(&gaps, "gaps")? {
            known.gaps.push(Gap { from: Timestamp::from_millis(from), to: Timestamp::from_millis(to) });
        }
        let mut all = self.0.write().unwrap_or_else(PoisonError::into_inner);
        *all = Known { written_until: all.written_until, ..known };
        Ok(())
    }
}

/// A row as it is stored.
pub(super) fn mark(row: &sqlx::sqlite::SqliteRow) -> Result<Mark, ReadError> {
    let sums = [row.try_get("up")?, row.try_get("down")?, row.try_get("out")?];
    mark_of(row.try_get("at")?, row.try_get("status")?, row.try_get("reason")?, sums)
}

/// A row from its columns.
pub(super) fn mark_of(at: i64, status: u8, reason: Option<u8>, sums: [i64; 3]) -> Result<Mark, ReadError> {
    let status = status_of(status, reason)?;
    let reason = reason.map(|code| Reason::from_code(code).ok_or(ReadError::Corrupt("reason"))).transpose()?;
    Ok(Mark { at, status, reason, sums })
}

/// The number of a status in its column. What is not known is initial without a reason, which no target is.
pub(super) fn number_of(status: Option<Status>) -> u8 {
    let status = status.unwrap_or(Status::Initial);
    Status::ALL.iter().position(|other| *other == status).map_or(0, |place| place as u8)
}

/// The status of a number in its column, beside the number of a reason.
pub(super) fn status_of(status: u8, reason: Option<u8>) -> Result<Option<Status>, ReadError> {
    match Status::ALL.get(usize::from(status)).copied().ok_or(ReadError::Corrupt("status"))? {
        Status::Initial if reason.is_none() => Ok(None),
        status => Ok(Some(status)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{Life, Span, StateChange, TargetId, state_runs};
    use proptest::prelude::*;

    fn time(ms: i64) -> Timestamp {
        Timestamp::from_millis(ms)
    }

    proptest! {
        /// The sums of two rows against the runs that the domain makes of all rows.
        #[test]
        fn the_difference_of_two_rows_is_the_uptime_between_them(
            mut steps in prop::collection::vec((0i64..40, 0usize..7, 0i64..30), 1..30),
            ends in (0i64..1500, 1i64..800),
        ) {
            let (standings, mut now, mut changes, mut gaps, mut marks) = (Standings::default(), 0, vec![], vec![], vec![]);
            for (wait, status, gap) in &mut steps {
                now += *wait;
                if *gap > 15 {
                    let gap = Gap { from: time(now), to: time(now + *gap) };
                    now = gap.to.as_millis();
                    standings.push_gap(gap);
                    gaps.push(gap);
                }
                let status = Status::ALL.get(*status).copied();
                let target = TargetId::from_uuid(uuid::Uuid::nil());
                if let Some(mark) = standings.next(1, &StandingChange { target, at: time(now), status, reason: None }, &News::default()) {
                    standings.set(1, mark);
                    marks.retain(|other: &Mark| other.at != mark.at);
                    marks.push(mark);
                    changes.push(StateChange { at: time(now), status, reason: None });
                }
            }
            let (from, to) = (ends.0, ends.0 + ends.1);
            let known = standings.gaps();
            let until = |at: i64| marks.iter().rfind(|mark| mark.at <= at).map_or([0; 3], |mark| mark.sums_at(at, &known));
            let life = Life { from: None, until: None };
            let runs = state_runs(Span::new(time(from), time(to)).unwrap(), life, &changes, &gaps);
            prop_assert_eq!(between(from, until(from), to, until(to)), Uptime::of(&runs));
        }
    }
}
