//! Drills: a loss on purpose.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use domain::{Criteria, DRILL_MAX_S, DrillKind, Problem as Wrong};
use engine::DrillAsk;

use super::fields::{Fields, in_range};
use super::targets::key;
use crate::http::Site;
use crate::http::body::JsonObject;
use crate::http::caller::Caller;
use crate::http::problem::Problem;

/// A criterion is at most so much.
const LIMIT_MAX: u32 = 3_600_000;

/// A drill lasts so long unless another time is given, in seconds.
const LASTS_S: u32 = 10;

/// Begins a drill; its record tells what came of it.
pub(crate) async fn begin(
    State(site): State<Site>,
    Path((name, id)): Path<(String, String)>,
    caller: Caller,
    JsonObject(body): JsonObject,
) -> Result<StatusCode, Problem> {
    let (group, id) = site.with_target(&name, &id, |_, _, target| key(target))?;
    let mut fields = Fields::new(body);
    let what = what(&mut fields);
    let What { kind, lasts_s, criteria } = fields.finish(what)?;
    let ask = DrillAsk { kind, lasts_s, criteria, scheduled: false };
    site.engine.drill(group, id, ask, caller.author()).await?;
    Ok(StatusCode::ACCEPTED)
}

/// Ends a drill before its time; nothing happens where none goes on.
pub(crate) async fn end(
    State(site): State<Site>,
    Path((name, id)): Path<(String, String)>,
    caller: Caller,
) -> Result<StatusCode, Problem> {
    let (group, id) = site.with_target(&name, &id, |_, _, target| key(target))?;
    site.engine.end_drill(group, id, caller.author()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What is done in a drill, and what it must not exceed.
pub(super) struct What {
    pub(super) kind: DrillKind,
    pub(super) lasts_s: u32,
    pub(super) criteria: Criteria,
}

/// Reads what is to be done.
pub(super) fn what(fields: &mut Fields) -> Option<What> {
    let mut kind = String::new();
    fields.text("kind", &mut kind);
    let kinds = DrillKind::ALL.map(DrillKind::as_str).join(", ");
    let kind: Option<DrillKind> = fields.keep("kind", kind.parse().map_err(|()| Wrong::OneOf(kinds)));
    let mut number = |name: &'static str, min: u32, max: u32| {
        let mut text = String::new();
        fields.number(name, &mut text);
        let number = if text.is_empty() { Ok(None) } else { in_range(&text, min, max).map(Some) };
        fields.keep(name, number).flatten()
    };
    let lasts_s = number("lasts_s", 1, DRILL_MAX_S).unwrap_or(LASTS_S);
    let detect_ms = number("detect_ms", 1, LIMIT_MAX);
    let fail_over_ms = number("fail_over_ms", 1, LIMIT_MAX);
    let lost = number("lost", 0, LIMIT_MAX);
    Some(What { kind: kind?, lasts_s, criteria: Criteria { detect_ms, fail_over_ms, lost } })
}
