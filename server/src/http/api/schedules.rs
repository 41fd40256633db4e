//! Drills on a schedule.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use domain::{DrillTimes, GroupName, Problem as Wrong, ScheduleId, Weekday};
use engine::ScheduleAsk;

use super::drills::{What, what};
use super::fields::Fields;
use super::view::List;
use super::view::schedule::ScheduleView;
use crate::http::Site;
use crate::http::body::JsonObject;
use crate::http::caller::Caller;
use crate::http::problem::{Kind, Problem};

/// The schedules of a group, the oldest first.
pub(crate) async fn list(
    State(site): State<Site>,
    Path(name): Path<String>,
) -> Result<Json<List<ScheduleView>>, Problem> {
    let now = site.engine.clock().now();
    let schedules = site.engine.schedules(&group_of(&site, &name)?)?;
    let items = schedules.iter().map(|schedule| ScheduleView::new(schedule, now)).collect();
    Ok(Json(List::whole(items)))
}

/// Lets drills begin by themselves.
pub(crate) async fn create(
    State(site): State<Site>,
    Path(name): Path<String>,
    caller: Caller,
    JsonObject(body): JsonObject,
) -> Result<(StatusCode, Json<ScheduleView>), Problem> {
    let group = group_of(&site, &name)?;
    let mut fields = Fields::new(body);
    let what = what(&mut fields);
    let mut text = String::new();
    fields.text("target", &mut text);
    let target = if text.is_empty() { Ok(None) } else { text.parse().map(Some) };
    let target = fields.keep("target", target.map_err(|_| Wrong::NoSuch(domain::clean(&text, 100))));
    let words = Weekday::ALL.map(Weekday::as_str).join(", ");
    let days = fields.texts("days", Weekday::ALL.len());
    let days = days.iter().map(|day| day.parse().map_err(|()| Wrong::OneOf(words.clone()))).collect();
    let days = fields.keep("days", days);
    let mut text = String::new();
    fields.text("at_utc", &mut text);
    let at = fields.keep("at_utc", text.parse().map_err(|()| Wrong::TimeOfDay));
    let ask = what.zip(target).zip(days.zip(at)).map(|((what, target), (days, at))| {
        let What { kind, lasts_s, criteria } = what;
        ScheduleAsk { kind, target, lasts_s, criteria, times: DrillTimes { days, at } }
    });
    let ask = fields.finish(ask)?;
    let schedule = site.engine.schedule_drill(group, ask, caller.author()).await?;
    Ok((StatusCode::CREATED, Json(ScheduleView::new(&schedule, site.engine.clock().now()))))
}

/// Pauses a schedule, or lets it go on.
pub(crate) async fn edit(
    State(site): State<Site>,
    Path((name, id)): Path<(String, String)>,
    caller: Caller,
    JsonObject(body): JsonObject,
) -> Result<Json<ScheduleView>, Problem> {
    let (group, id) = (group_of(&site, &name)?, id_of(&id)?);
    let mut fields = Fields::new(body);
    let mut text = String::new();
    fields.switch("paused", &mut text);
    let paused = fields.keep("paused", text.parse().map_err(|_| Wrong::Missing));
    let paused = fields.finish(paused)?;
    let schedule = site.engine.pause_schedule(group, id, paused, caller.author()).await?;
    Ok(Json(ScheduleView::new(&schedule, site.engine.clock().now())))
}

/// Removes a schedule.
pub(crate) async fn delete(
    State(site): State<Site>,
    Path((name, id)): Path<(String, String)>,
    caller: Caller,
) -> Result<StatusCode, Problem> {
    let (group, id) = (group_of(&site, &name)?, id_of(&id)?);
    site.engine.unschedule_drill(group, id, caller.author()).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn group_of(site: &Site, name: &str) -> Result<GroupName, Problem> {
    site.with_group(name, |_, group| group.group.name.clone())
}

fn id_of(id: &str) -> Result<ScheduleId, Problem> {
    let no_such = || format!("There is no schedule {} of drills in this group.", domain::clean(id, 100));
    id.parse().map_err(|_| Problem::new(Kind::NotFound, no_such()))
}
