//! Taking targets out of service and bringing them back, one or many.

use axum::Json;
use axum::extract::{Path, State};
use domain::{AfterDelay, DrainReason, LEASE_MAX_S, Problem as Wrong, TARGETS_PER_REQUEST_MAX, TargetId, clean};
use engine::{Author, DrainAsk};

use super::fields::{Fields, in_range};
use super::proxies::needed;
use super::targets::{floor, key};
use super::view::{List, TargetView};
use crate::http::Site;
use crate::http::body::JsonObject;
use crate::http::caller::Caller;
use crate::http::problem::Problem;

/// Takes a target out of service.
pub(crate) async fn drain(
    State(site): State<Site>,
    Path((name, id)): Path<(String, String)>,
    caller: Caller,
    JsonObject(body): JsonObject,
) -> Result<Json<TargetView>, Problem> {
    let (group, key) = site.with_target(&name, &id, |_, _, target| key(target))?;
    let mut fields = Fields::new(body);
    let wanted = read(&mut fields);
    let (reason, ask) = fields.finish(wanted)?;
    site.engine.drain(group, vec![key], ask, because(caller, reason)).await?;
    site.with_target(&name, &id, TargetView::new).map(Json)
}

/// Brings a target back into service; one that is in service stays so.
pub(crate) async fn bring_back(
    State(site): State<Site>,
    Path((name, id)): Path<(String, String)>,
    caller: Caller,
) -> Result<Json<TargetView>, Problem> {
    let (group, key) = site.with_target(&name, &id, |_, _, target| key(target))?;
    site.engine.return_to_service(group, vec![key], caller.author()).await?;
    site.with_target(&name, &id, TargetView::new).map(Json)
}

/// Takes targets out of service, all or none.
pub(crate) async fn drain_many(
    State(site): State<Site>,
    Path(name): Path<String>,
    caller: Caller,
    JsonObject(body): JsonObject,
) -> Result<Json<List<TargetView>>, Problem> {
    let group = site.with_group(&name, |_, state| state.group.name.clone())?;
    let mut fields = Fields::new(body);
    let targets = targets(&mut fields);
    let wanted = read(&mut fields);
    let (targets, (reason, ask)) = fields.finish(targets.zip(wanted))?;
    site.engine.drain(group, targets.clone(), ask, because(caller, reason)).await?;
    site.targets(&name, &targets).map(Json)
}

/// Brings targets back into service, all or none.
pub(crate) async fn bring_back_many(
    State(site): State<Site>,
    Path(name): Path<String>,
    caller: Caller,
    JsonObject(body): JsonObject,
) -> Result<Json<List<TargetView>>, Problem> {
    let group = site.with_group(&name, |_, state| state.group.name.clone())?;
    let mut fields = Fields::new(body);
    let targets = targets(&mut fields);
    let targets = fields.finish(targets)?;
    site.engine.return_to_service(group, targets.clone(), caller.author()).await?;
    site.targets(&name, &targets).map(Json)
}

/// A drain is on record with the reason that is shown with it.
fn because(caller: Caller, reason: String) -> Author {
    Author { why: Some(reason), ..caller.author() }
}

/// Why, and how.
fn read(fields: &mut Fields) -> Option<(String, DrainAsk)> {
    let (mut reason, mut lease, mut after, mut overrides) = Default::default();
    fields.text("reason", &mut reason);
    fields.number("expires_in_s", &mut lease);
    fields.text("after_delay", &mut after);
    fields.switch("override", &mut overrides);
    let reason = fields.keep("reason", needed(&clean(&reason, usize::MAX), judge_reason));
    let lease_s = match lease.as_str() {
        "" => Ok(None),
        text => in_range(text, 1, LEASE_MAX_S).map(Some),
    };
    let lease_s = fields.keep("expires_in_s", lease_s);
    let after_delay = match after.as_str() {
        "" => Ok(AfterDelay::default()),
        text => text.parse().map_err(|()| Wrong::OneOf("wait, cut".to_owned())),
    };
    let after_delay = fields.keep("after_delay", after_delay);
    let floor = floor(Some(overrides == "true"));
    Some((reason?, DrainAsk { lease_s: lease_s?, after_delay: after_delay?, floor }))
}

fn judge_reason(text: &str) -> Result<String, Wrong> {
    let is_long = text.chars().count() > DrainReason::MAX;
    if is_long { Err(Wrong::TooLong(DrainReason::MAX as u32)) } else { Ok(text.to_owned()) }
}

fn targets(fields: &mut Fields) -> Option<Vec<TargetId>> {
    let texts = fields.texts("targets", TARGETS_PER_REQUEST_MAX);
    let ids = texts.iter().map(|text| text.parse().map_err(|_| Wrong::NoSuch(clean(text, 100))));
    let ids: Result<Vec<TargetId>, Wrong> = ids.collect();
    fields.keep("targets", ids)
}
