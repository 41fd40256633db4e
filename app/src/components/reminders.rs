//! What somebody may have forgotten, and where the proxies disagree: pointed out on the page of all groups.

use domain::{Board, GroupName, TargetId, Timestamp};
use leptos::prelude::*;

use crate::Route;
use crate::live::{Live, Topic};

use super::{Moment, Precision};

/// So many forgotten drains are named; the rest is counted.
const SHOWN_MAX: usize = 5;

/// A drain that somebody should look at.
type Forgotten = (GroupName, TargetId, String, Timestamp);

fn forgotten(board: &Board, now: Timestamp) -> Vec<Forgotten> {
    let drains = board.forgotten_drains(now).into_iter();
    let told = drains.filter_map(|(group, target)| {
        let at = target.drain.as_ref()?.at;
        Some((group.clone(), target.target.id, target.target.display_name(), at))
    });
    told.collect()
}

/// Banners; none while nothing is to be pointed out.
#[component]
pub(crate) fn Reminders() -> impl IntoView {
    let live = Live::here();
    let text = live.text();
    let drains = Memo::new(move |_| {
        let now = live.now.get();
        live.board(Topic::Counts, |board| forgotten(board, now))
    });
    let disputes = Memo::new(move |_| live.board(Topic::Disputes, |board| board.disagreements().len()));
    let drains = move || {
        let drains = drains.get();
        let items = drains.iter().take(SHOWN_MAX).map(item).collect_view();
        let lead = text.drain_one(|words| words.forgotten)(drains.len());
        (!drains.is_empty()).then(|| view! { <div class="banner warn forgotten"><p><b>{lead}</b>{items}</p></div> })
    };
    let disputes = move || {
        let count = disputes.get();
        let said = text.proxy_one(|words| words.disagreements_count)(count);
        let href = Route::Proxies.to_string();
        (0 < count).then(|| view! { <p class="banner warn"><a href=href><b>{said}</b></a></p> })
    };
    view! { {drains} {disputes} }.into_any()
}

fn item((group, id, name, at): &Forgotten) -> AnyView {
    let since = Live::here().text().drain_one(|words| words.forgotten_since);
    let href = Route::Target(group.clone(), *id).to_string();
    view! {
        " "<a href=href>{format!("{group} / {name}")}</a>" ("{since}" "
        <Moment at=*at precision=Precision::Seconds/>")"
    }
    .into_any()
}
