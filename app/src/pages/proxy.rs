//! A proxy: its connection, what it can do, its backends with their servers, and what was said to it.

mod backend;
mod facts;
mod server;
mod transcript;

use domain::{Board, ProxyName, ProxyState};
use leptos::prelude::*;

use crate::Route;
use crate::components::EventList;
use crate::live::{Live, Topic};

use super::not_found;

pub(super) use backend::{BackendCard, Side};

/// The page.
pub(super) fn page(name: ProxyName) -> AnyView {
    let live = Live::here();
    let of_proxy = name.clone();
    let is_there = Memo::new(move |_| live.board(Topic::Proxies, |board| board.proxies.contains_key(&of_proxy)));
    (move || if is_there.get() { whole(name.clone()) } else { not_found::page() }).into_any()
}

fn whole(name: ProxyName) -> AnyView {
    let words = Live::here().text().proxy();
    let stored = StoredValue::new(name);
    view! {
        <nav class="crumb" aria-label=Live::here().text().group().trail>
            <a href=Route::Proxies.to_string()>{words.title}</a>" /"
        </nav>
        <Head name=stored/>
        {facts::facts(stored)}
        <Backends name=stored/>
        <section class="card below" aria-labelledby="events-title">
            <h2 class="card-title" id="events-title">{words.events}</h2>
            <EventList empty=words.no_events/>
        </section>
        {transcript::transcript(stored)}
    }
    .into_any()
}

/// Name, kind and address, and what can be done.
#[component]
fn Head(name: StoredValue<ProxyName>) -> impl IntoView {
    let live = Live::here();
    let words = live.text().proxy();
    let route = |make: fn(ProxyName) -> Route| make(name.get_value()).to_string();
    let note = Memo::new(move |_| {
        let note = |_: &Board, state: &ProxyState| format!("{} · {}", state.proxy.kind.title(), state.proxy.address);
        name.with_value(|name| live.proxy(name, note)).unwrap_or_default()
    });
    view! {
        <div class="head">
            <div>
                <h1>{name.with_value(ToString::to_string)}</h1>
                <p class="sub">{move || note.get()}</p>
            </div>
            <span class="grow"></span>
            <a class="btn quiet" href=route(Route::DeleteProxy)>{words.delete}</a>
            <a class="btn" href=route(Route::EditProxy)>{words.edit}</a>
            <a class="btn primary" href=route(Route::Bind)>{words.bind}</a>
        </div>
    }
    .into_any()
}

/// The backends: those that are bound and not listed first, since something is wrong with them.
fn backends(board: &Board, proxy: &ProxyState) -> Vec<String> {
    let listed = proxy.look.iter().flat_map(|look| &look.backends).map(|backend| backend.name.clone());
    let listed: Vec<String> = listed.collect();
    let bound = board.bindings.values().map(|state| &state.binding).filter(|b| b.proxy == proxy.proxy.name);
    let gone = bound.map(|binding| binding.backend.clone()).filter(|backend| !listed.contains(backend));
    gone.collect::<Vec<_>>().into_iter().chain(listed.iter().cloned()).collect()
}

#[component]
fn Backends(name: StoredValue<ProxyName>) -> impl IntoView {
    let live = Live::here();
    let words = live.text().proxy();
    let names = Memo::new(move |_| name.with_value(|name| live.proxy(name, backends)).unwrap_or_default());
    let nothing = Memo::new(move |_| {
        let is_seen = name.with_value(|name| live.proxy(name, |_, state| state.look.is_some())).unwrap_or_default();
        let is_empty = names.with(Vec::is_empty);
        is_empty.then_some(if is_seen { words.no_backends } else { words.not_looked })
    });
    view! {
        <For each=move || names.get() key=Clone::clone let(backend)>
            <BackendCard name backend side=Side::Proxy/>
        </For>
        {move || nothing.get().map(|nothing| view! { <p class="card below empty-note">{nothing}</p> })}
    }
    .into_any()
}
