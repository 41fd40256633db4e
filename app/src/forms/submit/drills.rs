//! Beginning a drill.

use domain::{Criteria, DRILL_MAX_S, DrillKind, GroupName, Invalid, Problem};
use engine::DrillAsk;

use crate::ssr::Desk;
use crate::{FormState, Notice, Route};

use super::{Answer, Refusal};

/// A criterion in milliseconds is at most so much.
const LIMIT_MAX: u32 = 3_600_000;

/// A drill lasts so long unless somebody wants otherwise, in seconds.
pub(crate) const DRILL_S: u32 = 10;

/// The reason that stands beside what a drill does.
const DRILL: &str = "drill";

/// Begins a drill, or ends one; what comes of it is in the list of the records.
pub(super) async fn act(desk: &Desk<'_>, group: &GroupName, form: &FormState) -> Result<Answer, Refusal> {
    if form.text("action") == "end" {
        let target = form.text("target").parse().map_err(|_| Refusal::Gone)?;
        desk.engine.end_drill(group.clone(), target, desk.author(Some(DRILL.to_owned()))).await?;
        return Ok(Answer::Done(Route::Failovers, Notice::DrillEnded));
    }
    begin(desk, group, form).await
}

async fn begin(desk: &Desk<'_>, group: &GroupName, form: &FormState) -> Result<Answer, Refusal> {
    let mut wrong = Vec::new();
    let mut number = |field: &str, min: u32, max: u32| match form.text(field).trim() {
        "" => None,
        text => match text.parse().ok().filter(|number| (min..=max).contains(number)) {
            Some(number) => Some(number),
            None => {
                wrong.push(Invalid::new(field, Problem::Range { min, max }));
                None
            }
        },
    };
    let criteria = Criteria {
        detect_ms: number("detect_ms", 1, LIMIT_MAX),
        fail_over_ms: number("fail_over_ms", 1, LIMIT_MAX),
        lost: number("lost", 0, LIMIT_MAX),
    };
    let lasts_s = number("lasts_s", 1, DRILL_MAX_S).unwrap_or(DRILL_S);
    let kinds = DrillKind::ALL.map(DrillKind::as_str).join(", ");
    let kind = form.text("kind").parse().map_err(|()| wrong.push(Invalid::new("kind", Problem::OneOf(kinds)))).ok();
    let target = form.text("target").parse().map_err(|_| wrong.push(Invalid::new("target", Problem::Missing))).ok();
    let (Some(kind), Some(target), true) = (kind, target, wrong.is_empty()) else { return Err(wrong.into()) };
    let ask = DrillAsk { kind, lasts_s, criteria, scheduled: false };
    let author = desk.author(Some(DRILL.to_owned()));
    desk.engine.drill(group.clone(), target, ask, author).await?;
    Ok(Answer::Done(Route::Failovers, Notice::DrillBegun))
}
