//! Forms about targets.

use domain::{Group, GroupName, Invalid, Outcome, TargetDraft, TargetId, parse_target_list};
use engine::CheckNowError;

use crate::ssr::Desk;
use crate::{FormState, Notice, Route, Tab};

use super::drains::Chosen;
use super::{Answer, Refusal, trying};

/// Registers targets, all or none.
pub(super) async fn add(desk: &Desk<'_>, name: &GroupName, form: &FormState) -> Result<Answer, Refusal> {
    let group = settings(desk, name)?;
    let lines = parse_target_list(form.text("targets"), group.port)?;
    let drafts: Vec<TargetDraft> = lines.into_iter().map(|line| line.target).collect();
    if form.asks_for("test") {
        return Ok(Answer::Tried(trying::targets(desk, &group.check, drafts).await));
    }
    let targets = desk.engine.register(name.clone(), drafts, desk.author(form.why())).await?;
    let count = u32::try_from(targets.len()).unwrap_or(u32::MAX);
    Ok(Answer::Done(Route::Group(name.clone(), Tab::Targets), Notice::TargetsRegistered(count)))
}

/// Gives a target another name, host or port.
pub(super) async fn edit(desk: &Desk<'_>, name: &GroupName, id: TargetId, form: &FormState) -> Result<Answer, Refusal> {
    let group = settings(desk, name)?;
    let draft = typed(form, group.port)?;
    if form.asks_for("test") {
        return Ok(Answer::Tried(trying::targets(desk, &group.check, vec![draft]).await));
    }
    let edited = desk.engine.edit_target(name.clone(), id, draft, desk.author(form.why())).await;
    let target = edited.map_err(|error| match Refusal::from(error) {
        Refusal::Wrong(wrong) => Refusal::Wrong(wrong.into_iter().map(in_the_form).collect()),
        other => other,
    })?;
    Ok(Answer::Done(Route::Target(name.clone(), id), Notice::TargetSaved(target.display_name())))
}

/// Deregisters targets once the reader has confirmed it. Those that are gone already are as they should be.
pub(super) async fn deregister(
    desk: &Desk<'_>,
    name: &GroupName,
    ids: &[TargetId],
    form: &FormState,
) -> Result<Answer, Refusal> {
    let there = Chosen::of(desk, name, ids)?;
    let back = Route::Group(name.clone(), Tab::Targets);
    if there.ids.is_empty() {
        return Ok(Answer::Done(back, Notice::NothingChosen));
    }
    if form.text("confirm") != "yes" {
        return Ok(Answer::Asked);
    }
    let floor = there.floor(form).map_err(|invalid| Refusal::Wrong(vec![invalid]))?;
    let deregistered = desk.engine.deregister(name.clone(), there.ids.clone(), floor, desk.author(form.why()));
    deregistered.await.map_err(|error| there.refusal(error))?;
    Ok(Answer::Done(back, done(desk, name, &there)))
}

/// Where a proxy serves them, they are drained first.
fn done(desk: &Desk<'_>, name: &GroupName, chosen: &Chosen) -> Notice {
    let is_there = |id: &&TargetId| desk.engine.with_board(|board| board.target(name, **id).is_some());
    match chosen.ids.iter().filter(is_there).count() {
        0 => Notice::TargetsDeregistered(chosen.count()),
        leaving => Notice::TargetsLeaving(u32::try_from(leaving).unwrap_or(u32::MAX)),
    }
}

/// The query of a *Check now* that stands in the table of the group.
const FROM_GROUP: &str = "back=group";

/// Checks a target at once and says how it went, on the page where the button was.
pub(super) async fn check_now(desk: &Desk<'_>, name: &GroupName, id: TargetId) -> Result<Answer, Refusal> {
    let shown = |target: &domain::TargetState| target.target.display_name();
    let target = desk.engine.with_board(|board| board.target(name, id).map(shown)).ok_or(Refusal::Gone)?;
    let back = match desk.request.query.as_str() {
        FROM_GROUP => Route::Group(name.clone(), Tab::Targets),
        _ => Route::Target(name.clone(), id),
    };
    let notice = match desk.engine.check_now(name, id).await {
        Ok(observation) if observation.outcome == Outcome::Pass => Notice::CheckPassed(target),
        Ok(_) => Notice::CheckFailed(target),
        Err(CheckNowError::NoSuchTarget(_)) => return Err(Refusal::Gone),
        Err(error) => Notice::NotChecked(error.to_string()),
    };
    Ok(Answer::Done(back, notice))
}

/// The targets that were ticked.
pub(super) fn chosen(form: &FormState) -> Vec<TargetId> {
    let ids = form.fields.iter().filter(|(name, _)| name == "id");
    ids.filter_map(|(_, id)| id.parse().ok()).collect()
}

fn settings(desk: &Desk<'_>, name: &GroupName) -> Result<Group, Refusal> {
    desk.engine.with_board(|board| board.groups.get(name).map(|state| state.group.clone())).ok_or(Refusal::Gone)
}

fn typed(form: &FormState, default_port: u16) -> Result<TargetDraft, Refusal> {
    let draft =
        TargetDraft::parse(form.text("target_host"), form.text("target_port"), form.text("label"), default_port);
    draft.map_err(|wrong| Refusal::Wrong(wrong.into_iter().map(in_the_form).collect()))
}

/// The form of a target has its own names, since `host` and `port` are those of a group there.
fn in_the_form(invalid: Invalid) -> Invalid {
    match invalid.field.as_str() {
        "host" | "port" => Invalid { field: format!("target_{}", invalid.field), ..invalid },
        _ => invalid,
    }
}
