//! What happened, in all groups.

use domain::Storage;
use leptos::prelude::*;

use crate::Language;
use crate::components::EventList;
use crate::live::Live;
use crate::text::storage;

/// The list.
pub(super) fn page() -> AnyView {
    let live = Live::here();
    let text = live.text();
    view! {
        <div class="head">
            <div>
                <h1>{text.events.title}</h1>
                <p class="sub">{text.events.lead}</p>
            </div>
        </div>
        <section class="card"><EventList empty=text.events.empty/></section>
        {move || live.page.with(|page| page.storage).map(|storage| kept(live.language(), &storage))}
    }
    .into_any()
}

/// What is kept of all this, for how long, and what that costs.
fn kept(language: Language, storage: &Storage) -> AnyView {
    let (title, rows) = storage::rows(language, storage);
    let rows: Vec<_> = rows
        .into_iter()
        .map(|(title, value)| view! { <tr><th scope="row">{title}</th><td>{value}</td></tr> })
        .collect();
    view! {
        <section class="card below">
            <table class="facts"><caption>{title}</caption><tbody>{rows}</tbody></table>
        </section>
    }
    .into_any()
}
