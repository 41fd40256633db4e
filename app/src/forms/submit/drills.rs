//! Beginning drills, at once and on a schedule.

use std::collections::BTreeSet;

use domain::{Criteria, DRILL_MAX_S, DrillKind, DrillTimes, GroupName, Invalid, Problem, Weekday};
use engine::{DrillAsk, ScheduleAsk};

use crate::ssr::Desk;
use crate::{FormState, Notice, Route};

use super::{Answer, Refusal, told};

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
    let schedule = || form.text("schedule").parse().map_err(|_| Refusal::Gone);
    let author = desk.author(Some(DRILL.to_owned()));
    let back = Route::Drill(group.clone());
    match form.text("action") {
        "schedule" => plan(desk, group, form).await,
        pause @ ("pause" | "resume") => {
            let done = desk.engine.pause_schedule(group.clone(), schedule()?, pause == "pause", author).await;
            told(desk, done.map(|_| ()), back, Notice::DrillPlanned)
        }
        "remove" => {
            let done = desk.engine.unschedule_drill(group.clone(), schedule()?, author).await;
            told(desk, done, back, Notice::DrillPlanned)
        }
        _ => begin(desk, group, form).await,
    }
}

/// What the form says of a drill.
struct Asked {
    kind: Option<DrillKind>,
    lasts_s: u32,
    criteria: Criteria,
    wrong: Vec<Invalid>,
}

async fn begin(desk: &Desk<'_>, group: &GroupName, form: &FormState) -> Result<Answer, Refusal> {
    let Asked { kind, lasts_s, criteria, mut wrong } = asked(form);
    let target = form.text("target").parse().map_err(|_| wrong.push(Invalid::new("target", Problem::Missing))).ok();
    // The Enter key in a field of the schedule is this button, too.
    if form.value("day").is_some() || !form.text("at_utc").trim().is_empty() {
        wrong.push(Invalid::new("at_utc", Problem::ScheduledToo));
    }
    let (Some(kind), Some(target), true) = (kind, target, wrong.is_empty()) else { return Err(wrong.into()) };
    let ask = DrillAsk { kind, lasts_s, criteria, scheduled: false };
    let author = desk.author(Some(DRILL.to_owned()));
    desk.engine.drill(group.clone(), target, ask, author).await?;
    Ok(Answer::Done(Route::Failovers, Notice::DrillBegun))
}

async fn plan(desk: &Desk<'_>, group: &GroupName, form: &FormState) -> Result<Answer, Refusal> {
    let Asked { kind, lasts_s, criteria, mut wrong } = asked(form);
    // Each in turn, unless one is named.
    let target = form.text("whom").parse().ok();
    let days: BTreeSet<Weekday> = form.values("day").filter_map(|day| day.parse().ok()).collect();
    if days.is_empty() {
        wrong.push(Invalid::new("days", Problem::Missing));
    }
    let at = form.text("at_utc").trim();
    let at = at.parse().map_err(|()| wrong.push(Invalid::new("at_utc", Problem::TimeOfDay))).ok();
    let (Some(kind), Some(at), true) = (kind, at, wrong.is_empty()) else { return Err(wrong.into()) };
    let ask = ScheduleAsk { kind, target, lasts_s, criteria, times: DrillTimes { days, at } };
    desk.engine.schedule_drill(group.clone(), ask, desk.author(Some(DRILL.to_owned()))).await?;
    Ok(Answer::Done(Route::Drill(group.clone()), Notice::DrillPlanned))
}

fn asked(form: &FormState) -> Asked {
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
    Asked { kind, lasts_s, criteria, wrong }
}
