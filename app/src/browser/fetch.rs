//! Asks the server for data.

use domain::GroupName;
use leptos::prelude::window;
use leptos::wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Headers, RequestCache, RequestInit, Response};

use crate::live::Live;
use crate::{Filter, PageData, wire};

/// The data of a page of ours; none if the server does not answer with one.
pub(crate) async fn page_data(live: Live, url: &str) -> Option<PageData> {
    wire::read(&text(live, url).await?).ok()
}

/// The groups in which a filter lets a target stay; none if the server does not say.
pub(super) async fn found(live: Live, filter: &Filter) -> Option<Vec<GroupName>> {
    wire::read(&text(live, &format!("/find{filter}")).await?).ok()
}

async fn text(live: Live, url: &str) -> Option<String> {
    let request = RequestInit::new();
    // Page and data share an address: data must never come up when the reader goes back.
    request.set_cache(RequestCache::NoStore);
    text_of(&ask(live, url, &request).await.ok()?).await.ok()
}

/// Asks for data, not for a page, in the language of the page that is open: another one may be preferred by now.
pub(crate) async fn ask(live: Live, url: &str, request: &RequestInit) -> Result<Response, JsValue> {
    let headers = Headers::new()?;
    headers.set("Accept", "application/json")?;
    headers.set("Accept-Language", live.language().as_str())?;
    request.set_headers(&headers);
    JsFuture::from(window().fetch_with_str_and_init(url, request)).await?.dyn_into()
}

/// All of an answer.
pub(crate) async fn text_of(response: &Response) -> Result<String, JsValue> {
    Ok(JsFuture::from(response.text()?).await?.as_string().unwrap_or_default())
}
