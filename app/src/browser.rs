//! What only the browser does.

use std::sync::Arc;

use leptos::prelude::*;

use crate::{App, PageData};

/// Takes over the page that the server rendered.
pub fn hydrate() {
    let json = document().get_element_by_id("page-data").and_then(|block| block.text_content()).unwrap_or_default();
    match serde_json::from_str::<PageData>(&json) {
        Ok(data) => leptos::mount::hydrate_body(move || view! { <App data=Arc::new(data)/> }),
        Err(error) => leptos::logging::error!("the page's data cannot be read: {error}"),
    }
}
