//! `/api/v1/proxies`.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::{Board, Problem as Wrong, Proxy, ProxyAddress, ProxyKind, ProxyName, ProxyState};

use super::fields::Fields;
use super::view::List;
use super::view::proxy::{LookView, ProxyView, TranscriptView};
use crate::http::Site;
use crate::http::body::JsonObject;
use crate::http::caller::Caller;
use crate::http::limits::PAGE_MAX;
use crate::http::problem::{Kind, Problem};
use crate::http::query::Query;

/// All proxies by name.
pub(crate) async fn list(State(site): State<Site>, mut query: Query) -> Result<Json<List<ProxyView>>, Problem> {
    let page = query.page(PAGE_MAX);
    query.finish()?;
    let after = page.cursor.unwrap_or_default();
    let items = site.engine.with_board(|board| {
        let rest = board.proxies.iter().filter(|(name, _)| name.as_str() > after.as_str());
        rest.take(page.limit + 1).map(|(_, proxy)| ProxyView::new(board, proxy)).collect()
    });
    Ok(Json(List::page(items, page.limit, |proxy: &ProxyView| proxy.name.clone())))
}

/// Connects a proxy. Whether it answers is seen a moment later.
pub(crate) async fn create(
    State(site): State<Site>,
    caller: Caller,
    JsonObject(body): JsonObject,
) -> Result<Response, Problem> {
    let mut fields = Fields::new(body);
    let proxy = Texts::default().read(&mut fields);
    let proxy = fields.finish(proxy)?;
    let name = proxy.name.to_string();
    site.engine.create_proxy(proxy, caller.author()).await?;
    let view = site.with_proxy(&name, ProxyView::new)?;
    let location = format!("/api/v1/proxies/{name}");
    Ok((StatusCode::CREATED, [(header::LOCATION, location)], Json(view)).into_response())
}

/// One proxy, with everything that it says.
pub(crate) async fn show(State(site): State<Site>, Path(name): Path<String>) -> Result<Json<ProxyView>, Problem> {
    site.with_proxy(&name, ProxyView::new).map(Json)
}

/// Gives a proxy another address. Its name and kind may be named as they are.
pub(crate) async fn edit(
    State(site): State<Site>,
    Path(name): Path<String>,
    caller: Caller,
    JsonObject(body): JsonObject,
) -> Result<Json<ProxyView>, Problem> {
    let before = site.with_proxy(&name, |_, state| state.proxy.clone())?;
    let mut fields = Fields::new(body);
    let proxy = Texts::from(&before).read(&mut fields);
    if proxy.as_ref().is_some_and(|proxy| proxy.name != before.name) {
        fields.refuse("name", Wrong::Malformed("The name of a proxy never changes.".to_owned()));
    }
    let proxy = fields.finish(proxy)?;
    site.engine.edit_proxy(proxy, caller.author()).await?;
    site.with_proxy(&name, ProxyView::new).map(Json)
}

/// Forgets a proxy and its bindings. Servers that we hold go back into service first, unless `put_back=false`.
pub(crate) async fn remove(
    State(site): State<Site>,
    Path(name): Path<String>,
    mut query: Query,
    caller: Caller,
) -> Result<StatusCode, Problem> {
    let put_back = query.put_back();
    query.finish()?;
    let name = site.with_proxy(&name, |_, state| state.proxy.name.clone())?;
    site.engine.delete_proxy(name, put_back, caller.author()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Looks at whatever is at an address, and saves nothing.
pub(crate) async fn attempt(State(site): State<Site>, JsonObject(body): JsonObject) -> Result<Json<LookView>, Problem> {
    let mut fields = Fields::new(body);
    let place = Texts::default().read_place(&mut fields);
    let (kind, address) = fields.finish(place)?;
    let look = site.engine.try_proxy(kind, address).await?;
    Ok(Json(LookView::from(&look)))
}

/// What was said to a proxy and what it answered, the newest first.
pub(crate) async fn transcript(
    State(site): State<Site>,
    Path(name): Path<String>,
) -> Result<Json<List<TranscriptView>>, Problem> {
    let name = site.with_proxy(&name, |_, state| state.proxy.name.clone())?;
    let lines = site.engine.transcript(&name);
    Ok(Json(List::whole(lines.into_iter().map(TranscriptView::from).collect())))
}

/// The fields of a proxy as texts.
#[derive(Debug, Default)]
struct Texts {
    name: String,
    kind: String,
    address: String,
}

impl Texts {
    /// Takes the fields over these, and judges them.
    fn read(mut self, fields: &mut Fields) -> Option<Proxy> {
        fields.text("name", &mut self.name);
        let name = needed(&self.name, |text| text.parse::<ProxyName>().map_err(|_| Wrong::GroupName));
        let name = fields.keep("name", name);
        let (kind, address) = self.read_place(fields)?;
        Some(Proxy { name: name?, kind, address })
    }

    /// What it is, and where it listens for us.
    fn read_place(mut self, fields: &mut Fields) -> Option<(ProxyKind, ProxyAddress)> {
        fields.text("kind", &mut self.kind);
        fields.text("address", &mut self.address);
        let kind = fields.keep("kind", needed(&self.kind, kind));
        let address = needed(&self.address, |text| address(text, kind));
        let address = fields.keep("address", address);
        kind.zip(address)
    }
}

impl From<&Proxy> for Texts {
    fn from(proxy: &Proxy) -> Self {
        Self { name: proxy.name.to_string(), kind: proxy.kind.to_string(), address: proxy.address.to_string() }
    }
}

/// Judges a text that must not be empty.
pub(super) fn needed<T>(text: &str, judge: impl FnOnce(&str) -> Result<T, Wrong>) -> Result<T, Wrong> {
    if text.trim().is_empty() { Err(Wrong::Missing) } else { judge(text) }
}

fn kind(text: &str) -> Result<ProxyKind, Wrong> {
    text.parse().map_err(|()| Wrong::OneOf(ProxyKind::ALL.map(ProxyKind::as_str).join(", ")))
}

/// The address, which has to be one at which proxies of this kind are reached.
fn address(text: &str, kind: Option<ProxyKind>) -> Result<ProxyAddress, Wrong> {
    let address: ProxyAddress = text.parse()?;
    let wanted = |kind: ProxyKind| match kind {
        ProxyKind::Haproxy => "unix:/path or tcp://host:port",
        ProxyKind::Caddy => "http://host:port",
    };
    match kind.filter(|kind| !address.goes_with(*kind)) {
        Some(kind) => Err(Wrong::ProxyAddressKind(kind.title().to_owned(), wanted(kind).to_owned())),
        None => Ok(address),
    }
}

impl Site {
    /// Reads a proxy of the board by the name that stands in a URL.
    pub(crate) fn with_proxy<T>(&self, name: &str, read: impl FnOnce(&Board, &ProxyState) -> T) -> Result<T, Problem> {
        let parsed: Option<ProxyName> = name.parse().ok();
        let found = parsed
            .and_then(|name| self.engine.with_board(|board| board.proxies.get(&name).map(|proxy| read(board, proxy))));
        found.ok_or_else(|| Problem::new(Kind::NotFound, format!("There is no proxy {}.", domain::clean(name, 100))))
    }
}
