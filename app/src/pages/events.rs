//! What happened, in all groups.

use leptos::prelude::*;

use crate::components::EventList;
use crate::live::Live;

/// The list.
pub(super) fn page() -> AnyView {
    let text = Live::here().text();
    view! {
        <div class="head">
            <div>
                <h1>{text.events.title}</h1>
                <p class="sub">{text.events.lead}</p>
            </div>
        </div>
        <section class="card"><EventList empty=text.events.empty/></section>
    }
    .into_any()
}
