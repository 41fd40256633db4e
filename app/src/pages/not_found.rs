//! Where there is no page.

use leptos::prelude::*;

use crate::live::Live;

/// Says so, and leads back.
pub(super) fn page() -> AnyView {
    let shell = &Live::here().text().shell;
    view! {
        <div class="first">
            <h1>{shell.not_found}</h1>
            <p class="sub">{shell.not_found_lead}</p>
            <p><a class="btn" href="/">{shell.to_overview}</a></p>
        </div>
    }
    .into_any()
}
