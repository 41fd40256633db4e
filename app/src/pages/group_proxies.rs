//! The proxies that stand before a group: their servers matched to its targets, and a configuration that loses nothing.

mod snippets;

use domain::{BindingId, GroupName, ProxyName};
use leptos::prelude::*;

use crate::Route;
use crate::live::{Live, Topic};

use super::proxy::{BackendCard, Side};
use snippets::snippets;

/// The tab.
pub(super) fn tab(name: GroupName) -> AnyView {
    let live = Live::here();
    let of_group = name.clone();
    let bound = Memo::new(move |_| {
        live.board(Topic::Bindings(of_group.clone()), |board| {
            let bindings = board.bindings.values().map(|state| &state.binding);
            let bindings = bindings.filter(|binding| binding.group == of_group);
            bindings.map(|b| (b.id, b.proxy.clone(), b.backend.clone())).collect::<Vec<_>>()
        })
    });
    let is_empty = Memo::new(move |_| bound.with(Vec::is_empty));
    let card = |(_, proxy, backend): (BindingId, ProxyName, String)| {
        let name = StoredValue::new(proxy);
        view! { <BackendCard name backend side=Side::Group/> }
    };
    view! {
        {move || is_empty.get().then(unbound)}
        <For each=move || bound.get() key=|(id, ..)| *id let(binding)>{card(binding)}</For>
        {snippets(name)}
    }
    .into_any()
}

fn unbound() -> AnyView {
    let words = Live::here().text().proxy();
    view! {
        <div class="card first">
            <h2>{words.group_unbound}</h2>
            <p class="sub">{words.group_unbound_lead}</p>
            <p><a class="btn primary" href=Route::Proxies.to_string()>{words.to_proxies}</a></p>
        </div>
    }
    .into_any()
}
