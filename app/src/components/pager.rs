//! Where a long list goes on: links, so that they work everywhere and stand in the address.

use leptos::prelude::*;

use crate::Filter;
use crate::live::Live;
use crate::pages::{ROWS_MAX, Rows};

/// What is shown of how many, and the parts before and after; nothing where one part has all.
#[component]
pub(crate) fn Pager(
    /// The path of the page.
    path: String,
    /// What it shows.
    rows: Memo<Rows>,
) -> impl IntoView {
    let live = Live::here();
    let words = live.text().group();
    let path = StoredValue::new(path);
    let place = Memo::new(move |_| rows.with(|rows| (rows.before, rows.ids.len(), rows.total)));
    let part = move |page: usize| {
        let page = u32::try_from(page).unwrap_or(u32::MAX);
        path.with_value(|path| format!("{path}{}", Filter { page, ..live.filter.get() }))
    };
    let link = move |page: Option<usize>, word: &'static str, rel: &'static str| match page {
        Some(page) => view! { <a class="btn" rel=rel href=part(page)>{word}</a> }.into_any(),
        None => view! { <span class="btn off" aria-hidden="true">{word}</span> }.into_any(),
    };
    let content = move || {
        let (before, count, total) = place.get();
        let page = before / ROWS_MAX;
        let next = (before + count < total).then_some(page + 1);
        (ROWS_MAX < total).then(|| {
            view! {
                <nav class="pager" aria-label=words.parts>
                    <span class="age">{(words.part)(before + 1, before + count, total)}</span>
                    <span class="grow"></span>
                    {link(page.checked_sub(1), words.part_before, "prev")}
                    {link(next, words.part_after, "next")}
                </nav>
            }
        })
    };
    content.into_any()
}
