//! Events, newest first, each a time, a shape and a sentence.

use domain::{Board, Event, EventKind, EventNumber};
use leptos::prelude::*;

use crate::Route;
use crate::live::Live;
use crate::text::{Sentence, sentence};

use super::{Icon, Moment, Precision, ZoneNote};

/// The events of the page.
#[component]
pub(crate) fn EventList(
    /// What stands there while there are none.
    empty: &'static str,
) -> impl IntoView {
    let live = Live::here();
    let is_empty = move || live.events.with(Vec::is_empty);
    let numbers = move || live.events.with(|events| events.iter().map(|event| event.number).collect::<Vec<_>>());
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
    let live = Live::here();
    let item = |event: &Event| {
        let Sentence { shape, subject, verb } = told(live, event);
        let by = event.by.as_ref().map(|by| format!(" · {by}"));
        let why = why(event).map(|why| format!(" · “{why}”"));
        let subject = match link(live, &event.kind) {
            Some(href) => view! { <a href=href><b>{subject}</b></a> }.into_any(),
            None => view! { <b>{subject}</b> }.into_any(),
        };
        view! {
            <li>
                <Moment at=event.at precision=Precision::Millis/>
                <span class="shape">{shape.map(|status| view! { <Icon status/> })}</span>
                <span>{subject}" "{verb}<span class="by">{by}{why}</span></span>
            </li>
        }
    };
    live.events.with_untracked(|events| events.iter().find(|event| event.number == number).map(item))
}

/// Why it was done, in the words of who did it.
fn why(event: &Event) -> Option<&str> {
    let reason = match &event.kind {
        EventKind::TargetDrained { drain, .. } => Some(drain.reason.as_str()).filter(|reason| !reason.is_empty()),
        _ => None,
    };
    event.why.as_deref().or(reason)
}

/// The sentence of an event.
pub(crate) fn told(live: Live, event: &Event) -> Sentence {
    let name = name_of(live, &event.kind);
    sentence(&event.kind, &name, live.text())
}

/// The name of the target that an event is about: as it is now, else as it was last seen in the list.
fn name_of(live: Live, kind: &EventKind) -> String {
    let Some(id) = kind.target() else { return String::new() };
    let own = |kind: &EventKind| match kind {
        EventKind::TargetRegistered(t)
        | EventKind::TargetEdited { target: t, .. }
        | EventKind::TargetDeregistered(t)
            if t.id == id =>
        {
            Some(t.display_name())
        }
        _ => None,
    };
    let on_board = |board: &Board| Some(board.target(kind.group()?, id)?.target.display_name());
    own(kind)
        .or_else(|| live.board_untracked(on_board))
        .or_else(|| live.events.with_untracked(|events| events.iter().find_map(|event| own(&event.kind))))
        .unwrap_or_else(|| id.to_string())
}

/// The page of what an event is about, where it is still there.
fn link(live: Live, kind: &EventKind) -> Option<String> {
    if let EventKind::FailoverRecorded(note) = kind {
        return Some(Route::Failover(note.id).to_string());
    }
    live.board_untracked(|board| match (kind.proxy(), kind.group(), kind.target()) {
        (Some(proxy), ..) => board.proxies.contains_key(proxy).then(|| Route::Proxy(proxy.clone())),
        (None, Some(name), Some(id)) => board.target(name, id).map(|_| Route::Target(name.clone(), id)),
        (None, Some(name), None) => {
            board.groups.contains_key(name).then(|| Route::Group(name.clone(), crate::Tab::Targets))
        }
        (None, None, _) => None,
    })
    .map(|route| route.to_string())
}
