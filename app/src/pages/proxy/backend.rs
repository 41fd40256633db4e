//! A backend: what it is bound to and how, its servers, and what does not match.

use domain::{BindingState, Board, ProxyName, ProxyState, ServerName};
use leptos::prelude::*;

use crate::live::Live;

use super::server::{ServerRow, bound};

mod binding;
mod unmatched;

use binding::BindingHead;
use unmatched::Unmatched;

/// The page that the card is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    /// That of the proxy.
    Proxy,
    /// That of the group.
    Group,
}

impl Side {
    /// The query that leads back to the page.
    fn back(self) -> &'static str {
        match self {
            Self::Proxy => "",
            Self::Group => "?back=group",
        }
    }
}

/// Reads the binding of a backend; the caller runs again when anything about the proxy changes.
fn read<T>(
    live: Live,
    name: StoredValue<ProxyName>,
    backend: StoredValue<String>,
    read: impl FnOnce(&Board, &ProxyState, Option<&BindingState>) -> T,
) -> Option<T> {
    name.with_value(|name| {
        live.proxy(name, |board, proxy| {
            let binding = backend.with_value(|backend| bound(board, name, backend));
            read(board, proxy, binding)
        })
    })
}

/// The servers that are listed, and those that we took out of the list.
fn servers(proxy: &ProxyState, backend: &str, binding: Option<&BindingState>) -> Vec<ServerName> {
    let view = proxy.look.iter().flat_map(|look| &look.backends).find(|other| other.name == backend);
    let mut names: Vec<ServerName> = view.iter().flat_map(|v| &v.servers).map(|server| server.name.clone()).collect();
    let held = binding.iter().flat_map(|binding| binding.holds.keys());
    let absent: Vec<ServerName> = held.filter(|held| !names.contains(held)).cloned().collect();
    names.extend(absent);
    names
}

/// The card of a backend.
#[component]
pub(crate) fn BackendCard(
    /// The proxy.
    name: StoredValue<ProxyName>,
    /// Its backend.
    backend: String,
    /// The page that the card is on.
    side: Side,
) -> impl IntoView {
    let live = Live::here();
    let words = live.text().proxy();
    let title = match side {
        Side::Proxy => (words.backend)(&backend),
        Side::Group => format!("{} / {backend}", name.with_value(ToString::to_string)),
    };
    let backend = StoredValue::new(backend);
    let names = Memo::new(move |_| {
        let servers = |_: &Board, proxy: &ProxyState, binding: Option<&BindingState>| {
            backend.with_value(|backend| servers(proxy, backend, binding))
        };
        read(live, name, backend, servers).unwrap_or_default()
    });
    let state = Memo::new(move |_| {
        let state = |_: &Board, proxy: &ProxyState, _: Option<&BindingState>| {
            let is_listed = proxy.look.iter().flat_map(|look| &look.backends);
            let is_listed = backend.with_value(|backend| is_listed.clone().any(|other| other.name == *backend));
            (proxy.link.is_up(), proxy.look.is_some(), is_listed)
        };
        read(live, name, backend, state).unwrap_or_default()
    });
    let class = move || if state.get().0 { "card below backend" } else { "card below backend unseen" };
    let note = move || {
        let note = match (state.get(), names.with(Vec::is_empty)) {
            ((_, false, _), _) => words.not_looked,
            ((true, true, false), _) => words.backend_gone,
            ((false, true, _), _) => words.last_seen,
            ((true, true, true), true) => words.no_servers,
            _ => return None,
        };
        Some(view! { <p class="card-note">{note}</p> })
    };
    view! {
        <section class=class data-backend=backend.get_value()>
            <BindingHead name backend title side/>
            {note}
            {table(name, backend, names, side)}
            <Unmatched name backend back=side.back()/>
        </section>
    }
    .into_any()
}

fn table(
    name: StoredValue<ProxyName>,
    backend: StoredValue<String>,
    names: Memo<Vec<ServerName>>,
    side: Side,
) -> impl IntoView {
    let words = Live::here().text().proxy();
    let head = (0..).zip(words.server_columns).map(|(index, title)| {
        let class = match index {
            4 => "num",
            3 | 5..=7 => "num hide",
            8 => "hide",
            _ => "",
        };
        view! { <th scope="col" class=class>{title}</th> }
    });
    let head: Vec<_> = head.collect();
    let back = side.back();
    view! {
        <table class="rows servers" hidden=move || names.with(Vec::is_empty)>
            <caption class="quiet">{backend.with_value(|backend| (words.backend)(backend))}</caption>
            <thead><tr>{head}</tr></thead>
            <tbody>
                <For each=move || names.get() key=Clone::clone let(server)>
                    <ServerRow proxy=name backend server back/>
                </For>
            </tbody>
        </table>
    }
}
