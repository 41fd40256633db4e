//! What must be known on every page before anything on it is believed.

use domain::Recording;
use leptos::prelude::*;

use crate::live::{Freshness, Live};
use crate::text::detail;

use super::{Moment, Precision};

/// All banners; none while everything is well.
#[component]
pub(crate) fn Banners() -> impl IntoView {
    let live = Live::here();
    let shell = &live.text().shell;
    let since = Memo::new(move |_| match live.freshness.get() {
        Freshness::Stale(since) => Some(since),
        Freshness::Made(_) | Freshness::Live(_) => None,
    });
    let stale = move || {
        let since = super::moment::in_words(live, since.get()?, Precision::Seconds);
        Some(view! { <p class="banner warn over" role="alert">{(shell.stale)(&since)}</p> })
    };
    let unread = move || {
        let is_unread = live.page.with(|page| page.history_unread);
        is_unread.then(|| view! { <p class="banner warn" role="alert">{shell.history_unread}</p> })
    };
    let outdated = move || {
        let notice = view! {
            <p class="banner note" role="status">
                {shell.outdated}
                " "
                <a class="btn" href="" data-reload="">{shell.reload}</a>
            </p>
        };
        live.is_outdated.get().then_some(notice)
    };
    view! { <div class="banners">{stale} <NotRecorded/> {unread} {outdated}</div> }.into_any()
}

/// The store cannot write; what is shown is true, but only in memory.
#[component]
fn NotRecorded() -> impl IntoView {
    let live = Live::here();
    let words = live.text().shell.not_recorded;
    move || match live.recording.get() {
        Recording::On => None,
        Recording::Off { since, why } => Some(view! {
            <p class="banner warn" role="alert">
                <span><b>{words}" "<Moment at=since precision=Precision::Seconds/></b>" · "{detail::store(&why, live.language())}</span>
            </p>
        }),
    }
}
