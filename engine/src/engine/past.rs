//! What was: history, uptime and single checks, from what is stored.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use domain::{
    Check, Gap, GroupHistory, GroupName, GroupUptimes, Invalid, Observation, Phase, Problem, Protocol, Source, Span,
    Storage, TargetHistory, TargetId, TargetPast, Timestamp, WhatIfDraft, WhatIfRun, WhatIfVerdict, made_by,
};

use tokio::sync::OwnedSemaphorePermit;

use crate::ReadError;
use crate::store::{Curve, Lived, Steps};

use super::Engine;

/// A curve of a few hours is made from single checks if they are about so many at most.
const CHECKS_OF_HOURS_MAX: u64 = 1_000_000;

/// A longer one, if they are about so many at most.
const CHECKS_MAX: u64 = 200_000;

/// A replay, which keeps a processor busy; few go on at once, also when nobody waits for them any more.
struct Replaying {
    run: WhatIfRun,
    _turn: Arc<OwnedSemaphorePermit>,
}

/// So long a replay waits for others.
const TURN_DEADLINE: Duration = Duration::from_secs(5);

/// So many checks are replayed at most; more would take seconds.
const REPLAYED_MAX: u64 = 5_000_000;

/// Every page of all groups tells uptimes, so a disk that hangs must not hold them up for long.
const UPTIMES_DEADLINE: Duration = Duration::from_secs(2);

/// Up to so many milliseconds are a few hours.
const HOURS_MS: u64 = 6 * 3_600_000;

impl Engine {
    /// A stretch of time of a target, as a curve of at most `points` points. Empty where there was no such target.
    pub async fn target_history(
        &self,
        group: &GroupName,
        id: TargetId,
        span: Span,
        points: u32,
        phase: Phase,
    ) -> Result<TargetHistory, ReadError> {
        let source = self.source(group, span, 1);
        self.reader.target_history(group, id, Curve { span, points, source, phase }).await
    }

    /// A stretch of time of a group, with the states of its targets, also of those that are gone.
    pub async fn group_history(
        &self,
        group: &GroupName,
        span: Span,
        points: u32,
        phase: Phase,
    ) -> Result<GroupHistory, ReadError> {
        let targets = self.with_board(|board| board.groups.get(group).map_or(1, |state| state.targets.len()));
        let source = self.source(group, span, u64::try_from(targets).unwrap_or(u64::MAX));
        self.reader.group_history(group, Curve { span, points, source, phase }).await
    }

    /// How long the targets of a group, or of all groups, could serve in each of these stretches of time.
    pub async fn uptimes(&self, group: Option<&GroupName>, spans: &[Span]) -> Result<Vec<GroupUptimes>, ReadError> {
        let groups: Vec<(GroupName, Vec<TargetId>)> = self.with_board(|board| {
            let wanted = board.groups.iter().filter(|(name, _)| group.is_none_or(|group| group == *name));
            wanted.map(|(name, state)| (name.clone(), state.targets.keys().copied().collect())).collect()
        });
        let read = self.reader.uptimes_of_groups(groups, spans);
        tokio::time::timeout(UPTIMES_DEADLINE, read).await.map_err(|_| ReadError::TooSlow)?
    }

    /// What a target of this group was, also one that is gone; none: there never was one.
    pub async fn last_life(&self, group: &GroupName, id: TargetId) -> Result<Option<TargetPast>, ReadError> {
        self.reader.last_life(group, id).await
    }

    /// What the targets of a group were that were there at some time in the span, also those that are gone, without their
    /// statuses. One that moved to another address is there more than once, at no time twice.
    pub async fn lives_in(&self, group: &GroupName, span: Span) -> Result<Vec<Lived>, ReadError> {
        self.reader.lives_in(group, span).await
    }

    /// The checks of a target of this group that began in the span, and after `after` where that is given, oldest first: the
    /// first `limit`, and others of the same moment as the last of these. The target may be gone.
    pub async fn checks(
        &self,
        group: &GroupName,
        id: TargetId,
        span: Span,
        after: Option<Timestamp>,
        limit: u32,
    ) -> Result<Vec<Observation>, ReadError> {
        match rest_of(span, after) {
            Some(rest) => self.reader.checks(group, id, rest, limit).await,
            None => Ok(Vec::new()),
        }
    }

    /// The checks of one life that began in the span, and after `after` where that is given, in the same order.
    pub async fn checks_of(
        &self,
        life: &Lived,
        span: Span,
        after: Option<Timestamp>,
        limit: u32,
    ) -> Result<Vec<Observation>, ReadError> {
        match rest_of(span, after) {
            Some(rest) => self.reader.checks_of(life, rest, limit).await,
            None => Ok(Vec::new()),
        }
    }

    /// Times for which nothing is stored, as far as they touch the span.
    pub fn gaps(&self, span: Span) -> Vec<Gap> {
        self.reader.gaps(span)
    }

    /// What is kept, for how long, and what that costs on disk.
    pub async fn storage(&self) -> Result<Storage, ReadError> {
        let [checks, hours, events] = self.kept.map(|kept| kept.as_secs());
        let sizes = self.reader.storage().await?;
        Ok(Storage { keep_checks_s: checks, keep_hours_s: hours, keep_events_s: events, ..sizes })
    }

    /// What other settings would have made of the checks of a target in the span, or of all targets of the group that were
    /// there, as far as the last of them were made by the same settings, and are not too many; `Err` inside: what is wrong
    /// with the others.
    pub async fn what_if(
        &self,
        group: &GroupName,
        id: Option<TargetId>,
        span: Span,
        draft: &WhatIfDraft,
    ) -> Result<Result<WhatIfVerdict, Vec<Invalid>>, ReadError> {
        let check = self.with_board(|board| board.groups.get(group).map(|state| state.group.check.clone()));
        let Some(check) = check else {
            return Ok(Err(vec![Invalid::new("name", Problem::NoSuch(group.to_string()))]));
        };
        let edits = self.reader.settings_before(group, span.to()).await?;
        let (check, part) = made_by(&edits, span).unwrap_or((check, span));
        let settings = match draft.validate(&check) {
            Ok(settings) => settings,
            Err(wrong) => return Ok(Err(wrong)),
        };
        let turn = tokio::time::timeout(TURN_DEADLINE, Arc::clone(&self.replays).acquire_owned()).await;
        let turn = Arc::new(turn.map_err(|_| ReadError::TooSlow)?.map_err(|_| ReadError::Closed)?);
        let lives: Vec<TargetPast> =
            self.reader.lives_in(group, part).await?.into_iter().map(|life| life.past).collect();
        let lives: Vec<TargetPast> = lives.into_iter().filter(|life| id.is_none_or(|id| life.id == id)).collect();
        let part = last_that_fits(part, check.interval_ms.into(), &lives);
        let in_part = lives.iter().filter(|life| life.until.is_none_or(|until| part.from() < until));
        let ids: BTreeSet<TargetId> = in_part.map(|life| life.id).collect();
        let steps = Steps {
            take: |replaying: &mut Replaying, check| replaying.run.observe(check),
            move_on: |replaying| replaying.run.move_on(),
            end: |replaying| replaying.run.finish(),
        };
        let mut verdicts = Vec::new();
        for target in ids {
            let replaying = Replaying { run: settings.clone().begin(), _turn: Arc::clone(&turn) };
            verdicts.push((target, self.reader.each_check(group, target, part, replaying, &steps).await?));
        }
        let since = (span.from() < part.from()).then(|| part.from());
        let verdict = match id {
            Some(_) => verdicts.pop().map(|(_, verdict)| verdict),
            None => WhatIfVerdict::of_all(verdicts),
        };
        Ok(Ok(WhatIfVerdict { since, ..verdict.unwrap_or_else(|| settings.begin().finish()) }))
    }

    /// From what to make a curve of so many targets: from single checks where they are kept and not too many.
    fn source(&self, group: &GroupName, span: Span, targets: u64) -> Source {
        let check = self.with_board(|board| board.groups.get(group).map(|state| state.group.check.clone()));
        let interval_ms = check.unwrap_or_else(|| Check::default_for(Protocol::Http)).interval_ms;
        source(self.clock().now(), self.kept[0], span, u64::from(interval_ms), targets)
    }
}

fn source(now: Timestamp, kept: Duration, span: Span, interval_ms: u64, targets: u64) -> Source {
    let kept_since = now.plus_millis(-i64::try_from(kept.as_millis()).unwrap_or(i64::MAX));
    let checks = span.millis() / interval_ms.max(1) * targets.max(1);
    let limit = if span.millis() <= HOURS_MS { CHECKS_OF_HOURS_MAX } else { CHECKS_MAX };
    if kept_since <= span.from() && checks <= limit { Source::Checks } else { Source::Hours }
}

/// What of the span is after a moment.
fn rest_of(span: Span, after: Option<Timestamp>) -> Option<Span> {
    let from = after.map_or(span.from(), |after| span.from().max(after.plus_millis(1)));
    Span::new(from, span.to()).ok()
}

/// The last part of a span in which these targets were checked no more often than can be replayed.
fn last_that_fits(span: Span, interval_ms: u64, lives: &[TargetPast]) -> Span {
    let checks = |from: Timestamp| -> u64 {
        let lasted = lives.iter().map(|life| {
            let until = life.until.map_or(span.to(), |until| until.min(span.to()));
            until.millis_since(life.from.map_or(from, |began| began.max(from)))
        });
        lasted.sum::<u64>() / interval_ms.max(1)
    };
    let (mut too_early, mut fits) = (span.from().as_millis(), span.to().as_millis());
    if checks(span.from()) <= REPLAYED_MAX {
        return span;
    }
    while too_early + 1 < fits {
        let between = too_early.midpoint(fits);
        match checks(Timestamp::from_millis(between)) <= REPLAYED_MAX {
            true => fits = between,
            false => too_early = between,
        }
    }
    Span::new(Timestamp::from_millis(fits), span.to()).unwrap_or(span)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_too_many_checks_the_last_are_replayed() {
        let hour = 3_600_000;
        let time = Timestamp::from_millis;
        let life = |from: i64, until: Option<i64>| TargetPast {
            id: TargetId::from_uuid(uuid::Uuid::nil()),
            name: String::new(),
            address: String::new(),
            from: Some(time(from)),
            until: until.map(time),
            states: Vec::new(),
        };
        let span = Span::new(time(0), time(100 * hour)).unwrap();
        assert_eq!(last_that_fits(span, 1000, &[life(0, None)]), span);
        let thousand: Vec<_> = (0..1000).map(|_| life(-hour, None)).collect();
        let fits = last_that_fits(span, 1000, &thousand);
        assert_eq!((fits.to(), fits.millis()), (span.to(), REPLAYED_MAX));
        // Targets that came one after the other are no more than one.
        let one_after_the_other: Vec<_> = (0..1000).map(|n| life(n * 100, Some(n * 100 + 100))).collect();
        assert_eq!(last_that_fits(span, 1000, &one_after_the_other), span);
    }

    fn check(ago_h: i64, long_h: i64, interval_ms: u64, targets: u64, expected: Source) {
        let now = Timestamp::from_millis(1_795_000_000_000);
        let from = now.plus_millis(-ago_h * 3_600_000);
        let span = Span::new(from, from.plus_millis(long_h * 3_600_000)).unwrap();
        let kept = Duration::from_secs(30 * 86_400);
        assert_eq!(source(now, kept, span, interval_ms, targets), expected, "{ago_h} {long_h} {interval_ms} {targets}");
    }

    #[test]
    fn curves_are_made_from_checks_where_these_are_kept_and_not_too_many() {
        check(24, 24, 1000, 1, Source::Checks);
        check(24 * 7, 24 * 7, 10_000, 1, Source::Checks);
        check(24 * 30, 24 * 30, 10_000, 1, Source::Hours);
        check(1, 1, 10_000, 2000, Source::Checks);
        check(24, 24, 10_000, 2000, Source::Hours);
        check(24 * 31, 1, 10_000, 1, Source::Hours);
    }
}
