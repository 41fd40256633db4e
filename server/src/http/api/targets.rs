//! `/api/v1/target-groups/{name}/targets`.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use domain::{
    Board, FloorRule, Group, GroupName, Problem as Wrong, Status, TARGETS_PER_REQUEST_MAX, TargetDraft, TargetId,
    TargetState,
};

use super::fields::Fields;
use super::standby::RoleTexts;
use super::view::{List, TargetView};
use crate::http::Site;
use crate::http::body::JsonObject;
use crate::http::caller::Caller;
use crate::http::limits::PAGE_MAX;
use crate::http::problem::{Kind, Problem};
use crate::http::query::Query;

/// The targets of a group in the order of registration.
pub(crate) async fn list(
    State(site): State<Site>,
    Path(name): Path<String>,
    mut query: Query,
) -> Result<Json<List<TargetView>>, Problem> {
    let page = query.page(PAGE_MAX);
    let status = query.parsed("status", status);
    let after = page.cursor.as_deref().map(target_id).transpose()?;
    query.finish()?;
    let items = site.with_group(&name, |board, state| {
        let rest = state.targets.iter().filter(|(id, _)| after.is_none_or(|after| **id > after));
        let wanted = rest.filter(|(_, t)| status.is_none_or(|status| t.standing(&state.group).status == status));
        wanted.take(page.limit + 1).map(|(_, target)| TargetView::new(board, &state.group, target)).collect()
    })?;
    Ok(Json(List::page(items, page.limit, |target: &TargetView| target.id.clone())))
}

/// Registers targets, all or none.
pub(crate) async fn register(
    State(site): State<Site>,
    Path(name): Path<String>,
    caller: Caller,
    JsonObject(body): JsonObject,
) -> Result<(StatusCode, Json<List<TargetView>>), Problem> {
    let (group, default_port) = site.with_group(&name, |_, state| (state.group.name.clone(), state.group.port))?;
    let mut drafts = Vec::new();
    let mut fields = Fields::new(body);
    fields.objects("targets", TARGETS_PER_REQUEST_MAX, |fields| {
        drafts.extend(Texts::default().read(fields, default_port));
    });
    let drafts = fields.finish(Some(drafts))?;
    let registered = site.engine.register(group, drafts, caller.author()).await?;
    let ids: Vec<TargetId> = registered.iter().map(|target| target.id).collect();
    Ok((StatusCode::CREATED, Json(site.targets(&name, &ids)?)))
}

/// One target.
pub(crate) async fn show(
    State(site): State<Site>,
    Path((name, id)): Path<(String, String)>,
) -> Result<Json<TargetView>, Problem> {
    site.with_target(&name, &id, TargetView::new).map(Json)
}

/// Gives a target another label, host, port or role: those that the body names.
pub(crate) async fn edit(
    State(site): State<Site>,
    Path((name, id)): Path<(String, String)>,
    caller: Caller,
    JsonObject(body): JsonObject,
) -> Result<Json<TargetView>, Problem> {
    let (key, texts, role, default_port) = site.with_target(&name, &id, |_, group, state| {
        (key(state), Texts::from(state), RoleTexts::from(state), group.port)
    })?;
    let mut fields = Fields::new(body);
    let draft = texts.read(&mut fields, default_port);
    let role = role.read(&mut fields);
    let (draft, role) = fields.finish(draft.zip(role))?;
    let author = caller.author();
    // First what may be refused because of the configuration file.
    site.engine.set_role(key.0.clone(), key.1, role, author.clone()).await?;
    site.engine.edit_target(key.0, key.1, draft, author).await?;
    site.with_target(&name, &id, TargetView::new).map(Json)
}

/// Deregisters a target. Where a proxy serves it, it is drained first, and is still there.
pub(crate) async fn deregister(
    State(site): State<Site>,
    Path((name, id)): Path<(String, String)>,
    mut query: Query,
    caller: Caller,
) -> Result<Response, Problem> {
    let floor = floor(query.switch("override"));
    query.finish()?;
    let (group, key) = site.with_target(&name, &id, |_, _, target| key(target))?;
    site.engine.deregister(group, vec![key], floor, caller.author()).await?;
    let shown = site.with_target(&name, &id, TargetView::new);
    Ok(match shown {
        Ok(target) => (StatusCode::ACCEPTED, Json(target)).into_response(),
        Err(_) => StatusCode::NO_CONTENT.into_response(),
    })
}

/// What `override` says of the group's minimum.
pub(crate) fn floor(overrides: Option<bool>) -> FloorRule {
    if overrides == Some(true) { FloorRule::Override } else { FloorRule::Keep }
}

/// The fields of a target as texts.
#[derive(Debug, Default)]
pub(crate) struct Texts {
    host: String,
    port: String,
    label: String,
}

impl Texts {
    /// Takes the fields over these, and judges them.
    pub(crate) fn read(mut self, fields: &mut Fields, default_port: u16) -> Option<TargetDraft> {
        fields.text("host", &mut self.host);
        fields.number("port", &mut self.port);
        fields.text("label", &mut self.label);
        let draft = TargetDraft::parse(&self.host, &self.port, &self.label, default_port);
        draft.map_err(|wrong| fields.add(wrong)).ok()
    }
}

impl From<&TargetState> for Texts {
    fn from(state: &TargetState) -> Self {
        let target = &state.target;
        Self { host: target.host.to_string(), port: target.port.to_string(), label: target.label.as_str().to_owned() }
    }
}

/// What the engine knows a target by.
pub(crate) fn key(state: &TargetState) -> (GroupName, TargetId) {
    (state.target.group.clone(), state.target.id)
}

/// There is no target of this id.
pub(crate) fn no_such_target(id: &str) -> Problem {
    Problem::new(Kind::NotFound, format!("There is no target {} in this group.", domain::clean(id, 100)))
}

impl Site {
    /// Reads a target of the board by the name and the id that stand in a URL.
    pub(crate) fn with_target<T>(
        &self,
        name: &str,
        id: &str,
        read: impl FnOnce(&Board, &Group, &TargetState) -> T,
    ) -> Result<T, Problem> {
        let parsed: Option<TargetId> = id.parse().ok();
        let found = self.with_group(name, |board, state| {
            parsed.and_then(|id| state.targets.get(&id)).map(|target| read(board, &state.group, target))
        })?;
        found.ok_or_else(|| no_such_target(id))
    }

    /// These targets of a group, those that are there.
    pub(crate) fn targets(&self, name: &str, ids: &[TargetId]) -> Result<List<TargetView>, Problem> {
        self.with_group(name, |board, state| {
            let known = ids.iter().filter_map(|id| state.targets.get(id));
            List::whole(known.map(|target| TargetView::new(board, &state.group, target)).collect())
        })
    }
}

fn status(text: &str) -> Result<Status, Wrong> {
    text.parse().map_err(|()| Wrong::OneOf(Status::ALL.map(Status::as_str).join(", ")))
}

fn target_id(cursor: &str) -> Result<TargetId, Problem> {
    let wrong =
        || domain::Invalid::new("cursor", Wrong::Malformed("Give the next_cursor of the page before.".to_owned()));
    cursor.parse().map_err(|_| Problem::invalid(vec![wrong()]))
}
