//! A page that the server alone draws.

use leptos::prelude::*;

use crate::live::Live;

/// The page as it was drawn.
pub(super) fn page() -> AnyView {
    let live = Live::here();
    let html = move || live.still.with(|still| still.as_ref().map(|still| still.html.clone()).unwrap_or_default());
    view! { <div class="drawn" inner_html=html></div> }.into_any()
}
