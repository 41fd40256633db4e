//! Counts that are filters: links, so that they work everywhere and stand in the address.

use domain::{Counts, Status};
use leptos::prelude::*;

use crate::Filter;
use crate::live::Live;

use super::Icon;

/// A chip for all, one per status that occurs (and is always worth a look), and "problems only".
#[component]
pub(crate) fn Chips(
    /// The path of the page that they narrow.
    path: String,
    /// How many have each status.
    #[prop(into)]
    counts: Signal<Counts>,
    /// Whether some of what is healthy was so before the restart, and was not checked since.
    #[prop(into)]
    restored: Signal<bool>,
) -> impl IntoView {
    let live = Live::here();
    let words = &live.text().overview;
    let path = StoredValue::new(path);
    let is_everything = move || live.filter.with(|filter| filter.status.is_none() && !filter.problems);
    let total = move || counts.with(Counts::total);
    let problems = move || live.filter.with(|filter| filter.problems);
    let order =
        [Status::Unhealthy, Status::Draining, Status::Unavailable, Status::Initial, Status::Healthy, Status::Unused];
    let chips = order.map(|status| view! { <Chip path status counts restored/> });
    view! {
        <nav class="chips" aria-label=words.filters>
            <a class="chip" href=move || address(live, path, None, false) aria-current=move || is_everything().then_some("true")>
                <b>{total}</b>
                {move || (words.targets)(total())}
            </a>
            {chips.into_view()}
            <a class="chip last" href=move || address(live, path, None, !problems()) aria-current=move || problems().then_some("true")>
                {words.problems_only}
            </a>
        </nav>
    }
    .into_any()
}

#[component]
fn Chip(path: StoredValue<String>, status: Status, counts: Signal<Counts>, restored: Signal<bool>) -> impl IntoView {
    let live = Live::here();
    let word = (live.text().status_inside)(status);
    let count = move || counts.with(|counts| counts.of(status));
    let is_chosen = move || live.filter.with(|filter| filter.status == Some(status));
    let is_worth_it = move || 0 < count() || is_chosen() || matches!(status, Status::Healthy | Status::Unhealthy);
    let is_restored = move || status == Status::Healthy && restored.get();
    // Green is only what was seen since the start.
    let shape = Signal::derive(move || if is_restored() { Status::Unavailable } else { status });
    let unconfirmed = live.text().target_one(|words| words.restored);
    view! {
        <a
            class="chip"
            class:zero=move || count() == 0
            hidden=move || !is_worth_it()
            href=move || address(live, path, Some(status).filter(|_| !is_chosen()), false)
            aria-current=move || is_chosen().then_some("true")
        >
            <Icon status=shape/>
            <b>{count}</b>
            {word}
            {move || is_restored().then(|| format!(" ({unconfirmed})"))}
        </a>
    }
    .into_any()
}

/// The page with this filter; what is searched for stays.
fn address(live: Live, path: StoredValue<String>, status: Option<Status>, problems: bool) -> String {
    let text = live.filter.with(|filter| filter.text.clone());
    path.with_value(|path| format!("{path}{}", Filter { status, problems, text, page: 0 }))
}
