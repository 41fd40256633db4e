//! Events, newest first, each a time, a shape and a sentence.

use domain::EventNumber;
use leptos::prelude::*;

use crate::Line;
use crate::live::Live;

use super::{Icon, Moment, Precision, ZoneNote};

/// The events of the page.
#[component]
pub(crate) fn EventList(
    /// What stands there while there are none.
    empty: &'static str,
) -> impl IntoView {
    let live = Live::here();
    let is_empty = move || live.events.with(Vec::is_empty);
    let numbers = move || live.events.with(|lines| lines.iter().map(|line| line.number).collect::<Vec<_>>());
    view! {
        <div hidden=is_empty><ZoneNote/></div>
        <ol class="events" reversed=true hidden=is_empty>
            <For each=numbers key=|number| *number let(number)>
                <Item number/>
            </For>
        </ol>
        <p class="empty-note" hidden=move || !is_empty()>{empty}</p>
    }
    .into_any()
}

#[component]
fn Item(number: EventNumber) -> impl IntoView {
    let item = |line: &Line| {
        let Line { at, shape, subject, verb, href, by, why, .. } = line.clone();
        let by = by.map(|by| format!(" · {by}"));
        let why = why.map(|why| format!(" · “{why}”"));
        let subject = match href {
            Some(href) => view! { <a href=href><b>{subject}</b></a> }.into_any(),
            None => view! { <b>{subject}</b> }.into_any(),
        };
        view! {
            <li>
                <Moment at precision=Precision::Millis/>
                <span class="shape">{shape.map(|status| view! { <Icon status/> })}</span>
                <span>{subject}" "{verb}<span class="by">{by}{why}</span></span>
            </li>
        }
    };
    Live::here().events.with_untracked(|lines| lines.iter().find(|line| line.number == number).map(item))
}
