//! Forms about a group.

use domain::{Group, GroupName, Invalid, Problem};
use engine::WithBindings;

use crate::ssr::Desk;
use crate::{FormState, Notice, Route, Tab};

use super::{Answer, Refusal, put_back, trying};

/// Makes a group.
pub(super) async fn create(desk: &Desk<'_>, form: &FormState) -> Result<Answer, Refusal> {
    if form.asks_for("test") {
        return trying::group(desk, form).await;
    }
    let group = form.group_draft().validate()?;
    let name = group.name.clone();
    desk.engine.create_group(group, desk.author(form.why())).await?;
    Ok(Answer::Done(Route::Group(name.clone(), Tab::Targets), Notice::GroupCreated(name)))
}

/// Gives a group other settings.
pub(super) async fn edit(desk: &Desk<'_>, name: &GroupName, form: &FormState) -> Result<Answer, Refusal> {
    if form.asks_for("test") {
        return trying::group(desk, form).await;
    }
    let mut draft = form.group_draft();
    draft.name = name.to_string();
    let group: Group = draft.validate()?;
    desk.engine.edit_group(group, desk.author(form.why())).await?;
    Ok(Answer::Done(Route::Group(name.clone(), Tab::Settings), Notice::GroupSaved(name.clone())))
}

/// Deletes a group; one with targets only when its name was typed.
pub(super) async fn delete(desk: &Desk<'_>, name: &GroupName, form: &FormState) -> Result<Answer, Refusal> {
    let has_targets = desk.engine.with_board(|board| board.groups.get(name).map(|group| !group.targets.is_empty()));
    let has_targets = has_targets.ok_or(Refusal::Gone)?;
    if has_targets && form.text("typed_name").trim() != name.as_str() {
        return Err(vec![Invalid::new("typed_name", Problem::NameNotTyped(name.to_string()))].into());
    }
    // Whoever did not see that the group is bound is told first.
    let bindings = match form.fields.iter().any(|(field, _)| field == "put_back") {
        true => WithBindings::Remove(put_back(form)),
        false => WithBindings::Refuse,
    };
    desk.engine.delete_group(name.clone(), bindings, desk.author(form.why())).await?;
    Ok(Answer::Done(Route::Overview, Notice::GroupDeleted(name.clone())))
}
