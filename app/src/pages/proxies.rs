//! All proxies, and where they and we disagree.

mod disagreements;

use domain::{Board, ProxyName, ProxyState};
use leptos::prelude::*;

use crate::components::LinkState;
use crate::live::{Live, Topic};
use crate::{Route, Tab};

use disagreements::Disagreements;

/// The page.
pub(super) fn page() -> AnyView {
    let live = Live::here();
    let is_empty = Memo::new(move |_| live.board(Topic::Proxies, |board| board.proxies.is_empty()));
    (move || if is_empty.get() { empty() } else { full() }).into_any()
}

/// An empty list says what to do next.
fn empty() -> AnyView {
    let words = Live::here().text().proxy();
    view! {
        <div class="first">
            <h1>{words.empty}</h1>
            <p class="sub">{words.empty_lead}</p>
            <p><a class="btn primary" href=Route::NewProxy.to_string()>{words.connect}</a></p>
        </div>
    }
    .into_any()
}

fn full() -> AnyView {
    let words = Live::here().text().proxy();
    view! {
        <div class="head">
            <div>
                <h1>{words.title}</h1>
                <p class="sub">{words.lead}</p>
            </div>
            <span class="grow"></span>
            <a class="btn primary" href=Route::NewProxy.to_string()>{words.connect}</a>
        </div>
        <div class="card"><Proxies/></div>
        <section class="card below" aria-labelledby="disagreements-title">
            <h2 class="card-title" id="disagreements-title">{words.disagreements}</h2>
            <Disagreements/>
        </section>
    }
    .into_any()
}

#[component]
fn Proxies() -> impl IntoView {
    let live = Live::here();
    let words = live.text().proxy();
    let names = move || live.board(Topic::Proxies, |board| board.proxies.keys().cloned().collect::<Vec<_>>());
    let head = words.columns.map(|title| view! { <th scope="col">{title}</th> });
    view! {
        <table class="rows proxies">
            <caption class="quiet">{words.title}</caption>
            <thead><tr>{head.into_view()}</tr></thead>
            <tbody>
                <For each=names key=Clone::clone let(name)><Row name/></For>
            </tbody>
        </table>
    }
    .into_any()
}

#[component]
fn Row(name: ProxyName) -> impl IntoView {
    let live = Live::here();
    let words = live.text().proxy();
    let href = Route::Proxy(name.clone()).to_string();
    let name = StoredValue::new(name);
    let note = Memo::new(move |_| {
        let note = |_: &Board, state: &ProxyState| format!("{} · {}", state.proxy.kind.title(), state.proxy.address);
        name.with_value(|name| live.proxy(name, note)).unwrap_or_default()
    });
    let version = Memo::new(move |_| {
        let version = |_: &Board, state: &ProxyState| state.look.as_ref().map(|look| look.version.clone());
        let version = name.with_value(|name| live.proxy(name, version)).flatten();
        version.filter(|version| !version.is_empty()).unwrap_or_else(|| words.not_known.to_owned())
    });
    view! {
        <tr data-row="">
            <th scope="row">
                <a class="name" href=href>{name.with_value(ToString::to_string)}</a>
                <span class="note">{move || note.get()}</span>
            </th>
            <td><LinkState name/></td>
            <td class="age">{move || version.get()}</td>
            <td class="wide"><Bindings name/></td>
        </tr>
    }
    .into_any()
}

/// What the proxy serves, a line a backend.
#[component]
fn Bindings(name: StoredValue<ProxyName>) -> impl IntoView {
    let live = Live::here();
    let words = live.text().proxy();
    let bound = Memo::new(move |_| {
        live.board(Topic::Proxies, |board| {
            let bindings = board.bindings.values().map(|state| state.binding.clone());
            bindings.filter(|binding| name.with_value(|name| binding.proxy == *name)).collect::<Vec<_>>()
        })
    });
    move || {
        let lines = bound.get().into_iter().map(|binding| {
            let href = Route::Group(binding.group.clone(), Tab::Proxies).to_string();
            let mode = (words.mode)(binding.mode);
            view! { <span class="front">{binding.backend}" → "<a href=href>{binding.group.to_string()}</a>" · "{mode}</span> }
        });
        let lines = lines.collect_view();
        if lines.is_empty() { view! { <span class="age">{words.unbound}</span> }.into_any() } else { lines.into_any() }
    }
}
