//! Which page an address shows.

use std::sync::Arc;

use leptos::prelude::*;

use crate::{PageData, forms, Route};

/// The console.
#[component]
pub fn App(
    /// What the first page shows.
    data: Arc<PageData>,
) -> impl IntoView {
    let route = Route::parse(data.path.split('?').next().unwrap_or_default());
    route.and_then(|route| forms::page(&route, &data)).unwrap_or_else(|| view! { <main>"Drainboard"</main> }.into_any())
}
