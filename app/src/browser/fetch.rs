//! Asks the server for the data of a page.

use leptos::prelude::window;
use leptos::wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Headers, RequestCache, RequestInit, Response};

use crate::{PageData, wire};

/// The data of a page of ours; none if the server does not answer with one.
pub(super) async fn page_data(url: &str) -> Option<PageData> {
    let text = text_of(url).await.ok()?.as_string()?;
    wire::read(&text).ok()
}

async fn text_of(url: &str) -> Result<JsValue, JsValue> {
    let headers = Headers::new()?;
    headers.set("Accept", "application/json")?;
    let request = RequestInit::new();
    request.set_headers(&headers);
    // Page and data share an address: data must never come up when the reader goes back.
    request.set_cache(RequestCache::NoStore);
    let response: Response = JsFuture::from(window().fetch_with_str_and_init(url, &request)).await?.dyn_into()?;
    JsFuture::from(response.text()?).await
}
