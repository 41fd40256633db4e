//! `/api/v1/proxies/{name}/bindings`: which backend serves which group, and what we may do there.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::{
    Binding, BindingId, BindingState, CHANGES_PER_MINUTE, Conduct, GroupName, Mode, Problem as Wrong, ProxyName,
    ServerName, clean,
};

use super::fields::{Fields, in_range};
use super::proxies::needed;
use super::view::proxy::BindingView;
use crate::http::Site;
use crate::http::body::JsonObject;
use crate::http::caller::Caller;
use crate::http::problem::{Kind, Problem};
use crate::http::query::Query;

/// So many changes a minute automatic mode may be allowed.
const CHANGES_PER_MINUTE_MAX: u32 = 60;

/// Characters that the name of a backend may have.
const BACKEND_MAX: usize = 250;

/// Binds a backend of a proxy to a group.
pub(crate) async fn create(
    State(site): State<Site>,
    Path(name): Path<String>,
    caller: Caller,
    JsonObject(body): JsonObject,
) -> Result<Response, Problem> {
    let proxy: ProxyName = site.with_proxy(&name, |_, state| state.proxy.name.clone())?;
    let mut fields = Fields::new(body);
    let place = place(&mut fields);
    let settings = Texts::default().read(&mut fields);
    let ((group, backend), conduct) = fields.finish(place.zip(settings))?;
    let made = site.engine.bind(proxy, backend, group, conduct, caller.author()).await?;
    let id = made.id.to_string();
    let view = site.with_binding(&name, &id, |state| BindingView::from(state))?;
    let location = format!("/api/v1/proxies/{name}/bindings/{id}");
    Ok((StatusCode::CREATED, [(header::LOCATION, location)], Json(view)).into_response())
}

/// Lets us do something else in a bound backend: what the body names.
pub(crate) async fn edit(
    State(site): State<Site>,
    Path((name, id)): Path<(String, String)>,
    caller: Caller,
    JsonObject(body): JsonObject,
) -> Result<Json<BindingView>, Problem> {
    let (key, texts) = site.with_binding(&name, &id, |state| (state.binding.id, Texts::from(&state.binding)))?;
    let mut fields = Fields::new(body);
    let settings = texts.read(&mut fields);
    let conduct = fields.finish(settings)?;
    site.engine.edit_binding(key, conduct, caller.author()).await?;
    site.with_binding(&name, &id, |state| BindingView::from(state)).map(Json)
}

/// Removes a binding. Servers that we hold go back into service first, unless `put_back=false`.
pub(crate) async fn remove(
    State(site): State<Site>,
    Path((name, id)): Path<(String, String)>,
    mut query: Query,
    caller: Caller,
) -> Result<StatusCode, Problem> {
    let put_back = query.put_back();
    query.finish()?;
    let id = site.with_binding(&name, &id, |state| state.binding.id)?;
    site.engine.unbind(id, put_back, caller.author()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What somebody else did to a server is what is wanted from now on.
pub(crate) async fn adopt(
    State(site): State<Site>,
    Path((name, id, server)): Path<(String, String, ServerName)>,
    caller: Caller,
) -> Result<Json<BindingView>, Problem> {
    let key = site.with_binding(&name, &id, |state| state.binding.id)?;
    site.engine.adopt(key, server, caller.author()).await?;
    site.with_binding(&name, &id, |state| BindingView::from(state)).map(Json)
}

/// What somebody else did to a server is undone.
pub(crate) async fn overrule(
    State(site): State<Site>,
    Path((name, id, server)): Path<(String, String, ServerName)>,
    caller: Caller,
) -> Result<Json<BindingView>, Problem> {
    let key = site.with_binding(&name, &id, |state| state.binding.id)?;
    site.engine.overrule(key, server, caller.author()).await?;
    site.with_binding(&name, &id, |state| BindingView::from(state)).map(Json)
}

/// What is bound to what.
fn place(fields: &mut Fields) -> Option<(GroupName, String)> {
    let (mut group, mut backend) = (String::new(), String::new());
    fields.text("group", &mut group);
    fields.text("backend", &mut backend);
    // A name that no group can have is the name of no group.
    let group = needed(&group, |text| text.parse().map_err(|_| Wrong::NoSuch(clean(text, 100))));
    let group = fields.keep("group", group);
    let backend = fields.keep("backend", needed(&backend, judge_backend));
    group.zip(backend)
}

fn judge_backend(text: &str) -> Result<String, Wrong> {
    match text.trim() {
        long if long.chars().count() > BACKEND_MAX => Err(Wrong::TooLong(BACKEND_MAX as u32)),
        odd if clean(odd, BACKEND_MAX) != odd => {
            Err(Wrong::Malformed("Give the name as the proxy lists it, without control characters.".to_owned()))
        }
        name => Ok(name.to_owned()),
    }
}

/// The settings of a binding as texts; an empty text means the default.
#[derive(Debug, Default)]
struct Texts {
    mode: String,
    changes_per_minute: String,
    cut_unhealthy: String,
}

impl Texts {
    /// Takes the fields over these, and judges them.
    fn read(mut self, fields: &mut Fields) -> Option<Conduct> {
        fields.text("mode", &mut self.mode);
        fields.number("changes_per_minute", &mut self.changes_per_minute);
        fields.switch("cut_unhealthy", &mut self.cut_unhealthy);
        let mode = match self.mode.as_str() {
            "" => Ok(Mode::default()),
            text => text.parse().map_err(|()| Wrong::OneOf(Mode::ALL.map(Mode::as_str).join(", "))),
        };
        let changes = match self.changes_per_minute.as_str() {
            "" => Ok(CHANGES_PER_MINUTE),
            text => in_range(text, 1, CHANGES_PER_MINUTE_MAX),
        };
        let mode = fields.keep("mode", mode);
        let (mode, changes_per_minute) = mode.zip(fields.keep("changes_per_minute", changes))?;
        Some(Conduct { mode, changes_per_minute, cut_unhealthy: self.cut_unhealthy == "true" })
    }
}

impl From<&Binding> for Texts {
    fn from(binding: &Binding) -> Self {
        Self {
            mode: binding.mode.to_string(),
            changes_per_minute: binding.changes_per_minute.to_string(),
            cut_unhealthy: binding.cut_unhealthy.to_string(),
        }
    }
}

impl Site {
    /// Reads a binding of a proxy by the name and the id that stand in a URL.
    fn with_binding<T>(&self, name: &str, id: &str, read: impl FnOnce(&BindingState) -> T) -> Result<T, Problem> {
        let parsed: Option<BindingId> = id.parse().ok();
        let found = self.with_proxy(name, |board, proxy| {
            let binding = parsed.and_then(|id| board.bindings.get(&id));
            binding.filter(|state| state.binding.proxy == proxy.proxy.name).map(read)
        })?;
        found.ok_or_else(|| {
            Problem::new(Kind::NotFound, format!("There is no binding {} of this proxy.", clean(id, 100)))
        })
    }
}
