//! The connection of a proxy, its version, what it can do in words, and what somebody must know of it.

use domain::{ProxyKind, ProxyName};
use leptos::prelude::*;

use crate::components::LinkState;
use crate::live::Live;

/// The card.
pub(super) fn facts(name: StoredValue<ProxyName>) -> AnyView {
    let live = Live::here();
    let words = live.text().proxy();
    let kind = name.with_value(|name| live.board_untracked(|board| board.proxies.get(name).map(|p| p.proxy.kind)));
    let able = (words.capability)(kind.unwrap_or(ProxyKind::Haproxy)).map(|line| view! { <li>{line}</li> });
    let version = Memo::new(move |_| {
        let version =
            name.with_value(|name| live.proxy(name, |_, state| state.look.as_ref().map(|l| l.version.clone())));
        version.flatten().filter(|version| !version.is_empty()).unwrap_or_else(|| words.not_known.to_owned())
    });
    let warnings = Memo::new(move |_| {
        let warnings =
            name.with_value(|name| live.proxy(name, |_, state| state.look.as_ref().map(|l| l.warnings.clone())));
        warnings.flatten().unwrap_or_default()
    });
    let warnings = move || {
        let lines = warnings.get().into_iter();
        lines.map(|warning| view! { <p class="banner warn">{(words.warning)(warning)}</p> }).collect_view()
    };
    view! {
        {warnings}
        <div class="card head-facts">
            <div class="big"><LinkState name/></div>
            <div><p class="k">{words.version}</p><p class="v">{move || version.get()}</p></div>
            <div class="able"><p class="k">{words.capabilities}</p><ul>{able.into_view()}</ul></div>
        </div>
    }
    .into_any()
}
