//! Gathers what a page about the past shows.

use domain::{
    BadSpan, GroupHistory, GroupName, GroupUptimes, Invalid, Span, TargetHistory, TargetId, Uptime, WhatIfVerdict,
    Window,
};
use engine::ReadError;

use crate::state::{Past, PastAsk};
use crate::{Route, Tab, route};

use super::Desk;

/// A curve has at most so many points: about one for two pixels of a wide screen.
const POINTS: u32 = 500;

/// So many single checks are listed at once.
const CHECKS: u32 = 25;

/// So many outages of a replay are listed.
const DETECTIONS: usize = 50;

/// The windows of which the uptime is always told.
const WINDOWS: [Window; 4] = [Window::DAY, Window::days(7), Window::days(30), Window::days(90)];

/// What a page about the past shows; none for other pages, and where the store cannot be read.
pub(super) async fn past(desk: &Desk<'_>, route: &Route) -> Option<Past> {
    let (ask, wrong) = route::read_past(&desk.request.query, desk.engine.clock().now());
    let past = match route {
        Route::TargetHistory(group, id) => of_target(desk, group, *id, ask, wrong).await,
        Route::Group(group, Tab::History) => of_group(desk, group, ask, wrong).await,
        _ => return None,
    };
    // The page says that it cannot be read.
    past.ok()
}

/// How long each group could serve over a day and over thirty; nothing where the store cannot be read.
pub(super) async fn uptimes(desk: &Desk<'_>) -> Vec<(GroupName, [Uptime; 2])> {
    let now = desk.engine.clock().now();
    let spans = [Window::DAY.span(now), Window::days(30).span(now)];
    let found = desk.engine.uptimes(None, &spans).await.unwrap_or_default();
    let both = |of: GroupUptimes| Some((of.group, <[Uptime; 2]>::try_from(of.whole).ok()?));
    found.into_iter().filter_map(both).collect()
}

async fn of_target(
    desk: &Desk<'_>,
    group: &GroupName,
    id: TargetId,
    ask: PastAsk,
    wrong: Option<BadSpan>,
) -> Result<Past, ReadError> {
    let span = ask.stretch.span(desk.engine.clock().now());
    let TargetHistory { history, failed } = desk.engine.target_history(group, id, span, POINTS, ask.phase).await?;
    let life = desk.engine.last_life(group, id).await?;
    let mut checks = desk.engine.checks(group, id, span, ask.after, CHECKS + 1).await?;
    let mut more_after = None;
    if checks.len() > CHECKS as usize {
        let last = checks[CHECKS as usize - 1].at;
        // Those of one moment stay together: the next part begins after it.
        let end = checks.partition_point(|check| check.at <= last);
        more_after = (end < checks.len()).then_some(last);
        checks.truncate(end);
    }
    let what_if = what_if(desk, group, Some(id), span, &ask).await?;
    let uptimes = windows(desk, group, |of| of.targets.into_iter().find(|(of, _)| *of == id).map(|(_, it)| it)).await?;
    let targets = Vec::new();
    Ok(Past { ask, wrong, history, targets, failed, life, uptimes, checks, more_after, what_if })
}

async fn of_group(desk: &Desk<'_>, group: &GroupName, ask: PastAsk, wrong: Option<BadSpan>) -> Result<Past, ReadError> {
    let span = ask.stretch.span(desk.engine.clock().now());
    let GroupHistory { history, targets, failed } = desk.engine.group_history(group, span, POINTS, ask.phase).await?;
    let uptimes = windows(desk, group, |of| Some(of.whole)).await?;
    let what_if = what_if(desk, group, None, span, &ask).await?;
    let (checks, more_after, life) = (Vec::new(), None, None);
    Ok(Past { ask, wrong, history, targets, failed, life, uptimes, checks, more_after, what_if })
}

async fn windows(
    desk: &Desk<'_>,
    group: &GroupName,
    pick: impl FnOnce(GroupUptimes) -> Option<Vec<Uptime>>,
) -> Result<Vec<(Window, Uptime)>, ReadError> {
    let now = desk.engine.clock().now();
    let found = desk.engine.uptimes(Some(group), &WINDOWS.map(|window| window.span(now))).await?;
    let uptimes = found.into_iter().next().and_then(pick).unwrap_or_default();
    Ok(WINDOWS.into_iter().zip(uptimes).collect())
}

async fn what_if(
    desk: &Desk<'_>,
    group: &GroupName,
    id: Option<TargetId>,
    span: Span,
    ask: &PastAsk,
) -> Result<Option<Result<WhatIfVerdict, Vec<Invalid>>>, ReadError> {
    let Some(draft) = &ask.what_if else { return Ok(None) };
    let mut verdict = desk.engine.what_if(group, id, span, draft).await?;
    if let Ok(verdict) = &mut verdict {
        verdict.detections.truncate(DETECTIONS);
    }
    Ok(Some(verdict))
}
