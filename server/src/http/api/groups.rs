//! `/api/v1/target-groups`.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::{Board, Group, GroupDraft, GroupName, GroupState, Problem as Wrong};
use engine::WithBindings;

use super::fields::{Fields, overlay_group};
use super::view::{GroupView, List};
use crate::http::Site;
use crate::http::body::JsonObject;
use crate::http::caller::Caller;
use crate::http::limits::PAGE_MAX;
use crate::http::problem::{Kind, Problem};
use crate::http::query::Query;

/// All groups by name.
pub(crate) async fn list(State(site): State<Site>, mut query: Query) -> Result<Json<List<GroupView>>, Problem> {
    let page = query.page(PAGE_MAX);
    query.finish()?;
    let after = page.cursor.unwrap_or_default();
    let items = site.engine.with_board(|board| {
        let rest = board.groups.iter().filter(|(name, _)| name.as_str() > after.as_str());
        rest.take(page.limit + 1).map(|(_, group)| GroupView::from(group)).collect()
    });
    Ok(Json(List::page(items, page.limit, |group: &GroupView| group.settings.name.clone())))
}

/// Makes a group.
pub(crate) async fn create(
    State(site): State<Site>,
    caller: Caller,
    JsonObject(body): JsonObject,
) -> Result<Response, Problem> {
    let group = read(Fields::new(body), GroupDraft::default())?;
    site.engine.create_group(group.clone(), caller.author()).await?;
    let location = format!("/api/v1/target-groups/{}", group.name);
    let view = GroupView::from(&GroupState::new(group));
    Ok((StatusCode::CREATED, [(header::LOCATION, location)], Json(view)).into_response())
}

/// One group.
pub(crate) async fn show(State(site): State<Site>, Path(name): Path<String>) -> Result<Json<GroupView>, Problem> {
    site.with_group(&name, |_, group| Json(GroupView::from(group)))
}

/// Gives a group other settings: those that the body names.
pub(crate) async fn edit(
    State(site): State<Site>,
    Path(name): Path<String>,
    caller: Caller,
    JsonObject(body): JsonObject,
) -> Result<Json<GroupView>, Problem> {
    let draft = site.with_group(&name, |_, state| GroupDraft::from(&state.group))?;
    let mut fields = Fields::new(body);
    let mut new_name = name.clone();
    fields.text("name", &mut new_name);
    if new_name != name {
        fields.refuse("name", Wrong::Malformed("The name of a group never changes.".to_owned()));
    }
    let group = read(fields, draft)?;
    site.engine.edit_group(group, caller.author()).await?;
    site.with_group(&name, |_, group| Json(GroupView::from(group)))
}

/// Deletes a group with its targets; one that a proxy serves only with `unbind`.
pub(crate) async fn remove(
    State(site): State<Site>,
    Path(name): Path<String>,
    mut query: Query,
    caller: Caller,
) -> Result<StatusCode, Problem> {
    let put_back = query.put_back();
    let unbind = query.switch("unbind");
    query.finish()?;
    let bindings = if unbind == Some(true) { WithBindings::Remove(put_back) } else { WithBindings::Refuse };
    let name = site.with_group(&name, |_, state| state.group.name.clone())?;
    site.engine.delete_group(name, bindings, caller.author()).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn read(mut fields: Fields, mut draft: GroupDraft) -> Result<Group, Problem> {
    overlay_group(&mut fields, &mut draft);
    let group = draft.validate().map_err(|wrong| fields.add(wrong)).ok();
    fields.finish(group)
}

impl Site {
    /// Reads a group of the board by the name that stands in a URL.
    pub(crate) fn with_group<T>(&self, name: &str, read: impl FnOnce(&Board, &GroupState) -> T) -> Result<T, Problem> {
        let parsed: Option<GroupName> = name.parse().ok();
        let found = parsed
            .and_then(|name| self.engine.with_board(|board| board.groups.get(&name).map(|group| read(board, group))));
        found.ok_or_else(|| no_such_group(name))
    }
}

/// There is no group of this name.
pub(crate) fn no_such_group(name: &str) -> Problem {
    Problem::new(Kind::NotFound, format!("There is no target group {}.", domain::clean(name, 100)))
}
