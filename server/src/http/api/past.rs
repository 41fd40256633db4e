//! History, uptime, and what other settings would have made of it.

use axum::Json;
use axum::extract::{Path, State};
use domain::{
    GroupName, POINTS_MAX, POINTS_MIN, Phase, Problem as Wrong, Span, TargetId, TargetPast, Uptime, WhatIfDraft, Window,
};
use serde::Serialize;

use super::fields::Fields;
use super::groups::no_such_group;
use super::targets::no_such_target;
use super::view::past::{HistoryView, UptimeView, WhatIfView};
use crate::http::Site;
use crate::http::body::JsonObject;
use crate::http::problem::Problem;
use crate::http::query::Query;

/// Points of a curve, unless another number is asked for.
const POINTS: u32 = 500;

/// So many windows may be asked for at once.
const WINDOWS_MAX: usize = 8;

/// The windows, unless others are asked for.
const WINDOWS: &str = "24h,7d,30d,90d";

/// A stretch of time of a target, which may be gone.
pub(crate) async fn of_target(
    State(site): State<Site>,
    Path((name, id)): Path<(String, String)>,
    mut query: Query,
) -> Result<Json<HistoryView>, Problem> {
    let (group, target) = site.with_past_target(&name, &id).await?;
    let (span, points, phase) = site.curve(&mut query);
    query.finish()?;
    let history = site.engine.target_history(&group, target.id, span, points, phase).await?;
    Ok(Json(HistoryView::from(&history)))
}

/// A stretch of time of a group, with the states of its targets.
pub(crate) async fn of_group(
    State(site): State<Site>,
    Path(name): Path<String>,
    mut query: Query,
) -> Result<Json<HistoryView>, Problem> {
    let group = site.with_group(&name, |_, state| state.group.name.clone())?;
    let (span, points, phase) = site.curve(&mut query);
    query.finish()?;
    let history = site.engine.group_history(&group, span, points, phase).await?;
    Ok(Json(HistoryView::from(&history)))
}

/// How long a group and its targets could serve.
#[derive(Debug, Serialize)]
pub(crate) struct UptimesView {
    group: String,
    uptime: Vec<WindowView>,
    targets: Vec<TargetUptimeView>,
}

#[derive(Debug, Serialize)]
struct TargetUptimeView {
    id: String,
    uptime: Vec<WindowView>,
}

#[derive(Debug, Serialize)]
struct WindowView {
    window: String,
    #[serde(flatten)]
    uptime: UptimeView,
}

/// How long a group and its targets could serve over some windows that end now.
pub(crate) async fn uptime(
    State(site): State<Site>,
    Path(name): Path<String>,
    mut query: Query,
) -> Result<Json<UptimesView>, Problem> {
    let group = site.with_group(&name, |_, state| state.group.name.clone())?;
    let given = query.parsed("windows", windows);
    query.finish()?;
    let windows = given.or_else(|| windows(WINDOWS).ok()).unwrap_or_default();
    let now = site.engine.clock().now();
    let spans: Vec<Span> = windows.iter().map(|window| window.span(now)).collect();
    let view = |uptimes: &[Uptime]| {
        let each = windows.iter().zip(uptimes);
        each.map(|(window, uptime)| WindowView { window: window.to_string(), uptime: UptimeView::from(*uptime) })
            .collect()
    };
    let found = site.engine.uptimes(Some(&group), &spans).await?.into_iter().next();
    // The group may have been deleted meanwhile.
    let found = found.ok_or_else(|| no_such_group(&name))?;
    Ok(Json(UptimesView {
        group: found.group.to_string(),
        uptime: view(&found.whole),
        targets: found
            .targets
            .iter()
            .map(|(id, of)| TargetUptimeView { id: id.to_string(), uptime: view(of) })
            .collect(),
    }))
}

/// What other settings would have made of the checks of a target, which may be gone.
pub(crate) async fn what_if_of_target(
    State(site): State<Site>,
    Path((name, id)): Path<(String, String)>,
    query: Query,
    body: JsonObject,
) -> Result<Json<WhatIfView>, Problem> {
    let (group, target) = site.with_past_target(&name, &id).await?;
    what_if(site, group, Some(target.id), query, body).await
}

/// What other settings would have made of the checks of all targets of a group.
pub(crate) async fn what_if_of_group(
    State(site): State<Site>,
    Path(name): Path<String>,
    query: Query,
    body: JsonObject,
) -> Result<Json<WhatIfView>, Problem> {
    let group = site.with_group(&name, |_, state| state.group.name.clone())?;
    what_if(site, group, None, query, body).await
}

async fn what_if(
    site: Site,
    group: GroupName,
    id: Option<TargetId>,
    mut query: Query,
    JsonObject(body): JsonObject,
) -> Result<Json<WhatIfView>, Problem> {
    let span = query.span(site.engine.clock().now());
    query.finish()?;
    let mut fields = Fields::new(body);
    let mut draft = WhatIfDraft::default();
    fields.number("interval_ms", &mut draft.interval_ms);
    fields.number("healthy_threshold", &mut draft.healthy_threshold);
    fields.number("unhealthy_threshold", &mut draft.unhealthy_threshold);
    fields.text("matcher", &mut draft.matcher);
    let draft = fields.finish(Some(draft))?;
    let verdict = site.engine.what_if(&group, id, span, &draft).await?.map_err(Problem::invalid)?;
    Ok(Json(WhatIfView::new(span, &verdict)))
}

fn windows(text: &str) -> Result<Vec<Window>, Wrong> {
    let windows: Result<Vec<Window>, _> = text.split(',').map(str::parse).collect();
    match windows {
        Ok(windows) if windows.len() > WINDOWS_MAX => Err(Wrong::TooMany(WINDOWS_MAX as u32)),
        Ok(windows) => Ok(windows),
        Err(_) => Err(Wrong::Malformed("Give lengths of time of at most 400 days, such as 24h,7d,30d.".to_owned())),
    }
}

impl Site {
    /// What a target of this group was, also one that is gone, by the name and the id that stand in a URL.
    pub(crate) async fn with_past_target(&self, name: &str, id: &str) -> Result<(GroupName, TargetPast), Problem> {
        let group = self.with_group(name, |_, state| state.group.name.clone())?;
        let past = match id.parse() {
            Ok(id) => self.engine.last_life(&group, id).await?,
            Err(_) => None,
        };
        Ok((group, past.ok_or_else(|| no_such_target(id))?))
    }

    /// Takes the stretch, the number of points and the part of the checks that a curve is asked for.
    fn curve(&self, query: &mut Query) -> (Span, u32, Phase) {
        let span = query.span(self.engine.clock().now());
        let points = query.parsed("points", |text| {
            let points = text.parse().map_err(|_| Wrong::NotANumber)?;
            let fits = (POINTS_MIN..=POINTS_MAX).contains(&points);
            fits.then_some(points).ok_or(Wrong::Range { min: POINTS_MIN, max: POINTS_MAX })
        });
        let phase = query
            .parsed("phase", |text| text.parse().map_err(|()| Wrong::OneOf(Phase::ALL.map(Phase::as_str).join(", "))));
        (span, points.unwrap_or(POINTS), phase.unwrap_or_default())
    }
}
