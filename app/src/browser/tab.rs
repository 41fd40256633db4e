//! Title and icon of the tab: how many targets are down, seen from another tab.

use leptos::prelude::*;

use crate::live::{Freshness, Live};
use crate::pages;

/// Keeps title and icon true.
pub(super) fn follow(live: Live) {
    let counts = live.counts;
    let is_stale = Memo::new(move |_| matches!(live.freshness.get(), Freshness::Stale(_)));
    Effect::new(move |_| {
        let down = counts.get().unhealthy;
        document().set_title(
            &live.page.with(|page| live.subject.with(|subject| pages::title(page, subject.as_deref(), down))),
        );
    });
    Effect::new(move |_| {
        let counts = counts.get();
        let icon = match () {
            () if is_stale.get() => "/favicon-stale.svg",
            () if 0 < counts.unhealthy => "/favicon-unhealthy.svg",
            () => "/favicon.svg",
        };
        if let Some(link) = document().get_element_by_id("favicon") {
            let _ = link.set_attribute("href", icon);
        }
    });
}
