//! What was: history, uptime and single checks, from what is stored.

use domain::{
    EventNumber, Fold, GroupHistory, GroupName, GroupUptimes, History, Invalid, Observation, Phase, Problem, Record,
    Source, Span, StateRun, TargetId, Timestamp, Uptime, WhatIfDraft, WhatIfVerdict,
};

use crate::{EventFilter, ReadError};

use super::Engine;

/// So many rows are read at once.
const ROWS: u32 = 10_000;

impl Engine {
    /// A stretch of time of a target, as a curve of at most `points` points. Empty where there was no such target.
    pub async fn target_history(
        &self,
        group: &GroupName,
        id: TargetId,
        span: Span,
        points: u32,
        phase: Phase,
    ) -> Result<History, ReadError> {
        let mut fold = Fold::new(span, points, Source::Checks, phase);
        self.for_each(id, span, |check| fold.check(check)).await?;
        let past = self.record().await?.targets(group, span).into_iter().find(|past| past.id == id);
        let states = past.map_or_else(|| vec![unknown(span)], |past| past.states);
        let uptime = Uptime::of(&states);
        Ok(fold.finish(states, uptime))
    }

    /// A stretch of time of a group, with the states of its targets, also of those that are gone.
    pub async fn group_history(
        &self,
        group: &GroupName,
        span: Span,
        points: u32,
        phase: Phase,
    ) -> Result<GroupHistory, ReadError> {
        let mut fold = Fold::new(span, points, Source::Checks, phase);
        let targets = self.record().await?.targets(group, span);
        for target in &targets {
            self.for_each(target.id, span, |check| fold.check(check)).await?;
        }
        let uptime = targets.iter().map(|past| Uptime::of(&past.states)).sum();
        Ok(GroupHistory { history: fold.finish(Vec::new(), uptime), targets })
    }

    /// How long the targets of a group, or of all groups, could serve in each of these stretches of time.
    pub async fn uptimes(&self, group: Option<&GroupName>, spans: &[Span]) -> Result<Vec<GroupUptimes>, ReadError> {
        let record = self.record().await?;
        let names: Vec<GroupName> = self.with_board(|board| board.groups.keys().cloned().collect());
        let names = names.into_iter().filter(|name| group.is_none_or(|group| group == name));
        Ok(names.map(|group| self.uptimes_of(group, &record, spans)).collect())
    }

    /// The checks of a target that began in the span, and after `after` where that is given, oldest first.
    pub async fn checks(
        &self,
        id: TargetId,
        span: Span,
        after: Option<Timestamp>,
        limit: u32,
    ) -> Result<Vec<Observation>, ReadError> {
        let from = after.map_or(span.from(), |after| span.from().max(after.plus_millis(1)));
        match Span::new(from, span.to()) {
            Ok(rest) => self.reader.observations_between(id, rest, limit).await,
            Err(_) => Ok(Vec::new()),
        }
    }

    /// What other settings would have made of the checks of a target in the span; `Err` inside: what is wrong with them.
    pub async fn what_if(
        &self,
        group: &GroupName,
        id: TargetId,
        span: Span,
        draft: &WhatIfDraft,
    ) -> Result<Result<WhatIfVerdict, Vec<Invalid>>, ReadError> {
        let check = self.with_board(|board| board.groups.get(group).map(|state| state.group.check.clone()));
        let settings = match check.map(|check| draft.validate(&check)) {
            Some(Ok(settings)) => settings,
            Some(Err(wrong)) => return Ok(Err(wrong)),
            None => return Ok(Err(vec![Invalid::new("name", Problem::NoSuch(group.to_string()))])),
        };
        let mut run = settings.begin();
        self.for_each(id, span, |check| run.observe(check)).await?;
        Ok(Ok(run.finish()))
    }

    fn uptimes_of(&self, group: GroupName, record: &Record, spans: &[Span]) -> GroupUptimes {
        let ids: Vec<TargetId> = self.with_board(|board| {
            board.groups.get(&group).map(|state| state.targets.keys().copied().collect()).unwrap_or_default()
        });
        let mut targets: Vec<(TargetId, Vec<Uptime>)> = ids.into_iter().map(|id| (id, Vec::new())).collect();
        let mut whole = Vec::new();
        for span in spans {
            let pasts = record.targets(&group, *span);
            let uptime = |id| pasts.iter().find(|past| past.id == id).map(|past| Uptime::of(&past.states));
            let unknown = Uptime::of(&[unknown(*span)]);
            targets.iter_mut().for_each(|(id, uptimes)| uptimes.push(uptime(*id).unwrap_or(unknown)));
            whole.push(pasts.iter().map(|past| Uptime::of(&past.states)).sum());
        }
        GroupUptimes { group, whole, targets }
    }

    async fn for_each(&self, id: TargetId, span: Span, mut take: impl FnMut(&Observation)) -> Result<(), ReadError> {
        let mut after = None;
        loop {
            let checks = self.checks(id, span, after, ROWS).await?;
            checks.iter().for_each(&mut take);
            after = checks.last().map(|last| last.at);
            if checks.len() < ROWS as usize {
                return Ok(());
            }
        }
    }

    async fn record(&self) -> Result<Record, ReadError> {
        let mut record = Record::default();
        let mut since = EventNumber(0);
        loop {
            let filter = EventFilter { since: Some(since), limit: ROWS, ..EventFilter::default() };
            let events = self.reader.events(filter).await?;
            events.iter().for_each(|event| record.take(event));
            since = events.last().map_or(since, |last| last.number);
            if events.len() < ROWS as usize {
                break;
            }
        }
        self.with_board(|board| {
            for group in board.groups.values() {
                group.targets.values().for_each(|target| record.know(&group.group, target));
            }
        });
        Ok(record)
    }
}

fn unknown(span: Span) -> StateRun {
    StateRun { from: span.from(), to: span.to(), status: None, reason: None }
}
