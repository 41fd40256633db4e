//! What was: of a target its curve, uptime, single checks and what-if; of a group the board at any moment.

use domain::{GroupName, TargetId};
use leptos::prelude::*;

use crate::live::Live;
use crate::state::Past;

mod axis;
mod chart;
mod checks;
mod draw;
mod export;
mod failed;
mod figures;
mod lanes;
mod player;
mod range;
mod scrub;
mod view;
mod what_if;

/// The past of a target.
pub(super) fn target(name: GroupName, id: TargetId) -> AnyView {
    let words = Live::here().text().past();
    let exports = format!("/api/v1/target-groups/{name}/targets/{id}/checks");
    whole(move || {
        view! {
            {chart::chart(true)}
            {figures::figures(words.uptime_lead)}
            {what_if::what_if(name.clone())}
            {failed::failed(name.clone(), false)}
            {checks::checks(exports.clone())}
        }
        .into_any()
    })
}

/// The past of a group.
pub(super) fn group(name: GroupName) -> AnyView {
    let words = Live::here().text().past();
    whole(move || {
        view! {
            {scrub::scrub(name.clone())}
            {chart::chart(false)}
            {figures::figures(words.uptime_lead_group)}
            {what_if::what_if(name.clone())}
            {failed::failed(name.clone(), true)}
        }
        .into_any()
    })
}

fn whole(content: impl Fn() -> AnyView + Send + Sync + 'static) -> AnyView {
    let live = Live::here();
    let words = live.text().past();
    let is_there = Memo::new(move |_| live.past.with(|past| past.is_some()));
    let body = move || match is_there.get() {
        true => view! {
            {range::range()}
            {content()}
        }
        .into_any(),
        false => view! { <p class="card empty-note">{words.unread}</p> }.into_any(),
    };
    body.into_any()
}

/// Something that is made from what the page shows, and made again when that changes.
fn memo<T: PartialEq + Send + Sync + 'static>(live: Live, read: fn(&Past) -> T) -> Memo<Option<T>> {
    Memo::new(move |_| live.past(read))
}

/// The address of the same page with something else asked for.
fn address(live: Live, past: &Past, change: impl FnOnce(&crate::PastAsk) -> crate::PastAsk) -> String {
    format!("{}{}", live.path(), change(&past.ask))
}
