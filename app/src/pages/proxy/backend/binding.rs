//! The head of a backend's card: which group it serves, what we may do, and what keeps us from it.

use domain::{BindingState, Board, ProxyName, ProxyState};
use leptos::prelude::*;

use crate::components::{Moment, Precision};
use crate::live::Live;
use crate::route::encode;
use crate::{Route, Tab};

use super::{Side, read};

/// The head; a backend that is not bound has the button that binds it.
#[component]
pub(super) fn BindingHead(
    /// The proxy.
    name: StoredValue<ProxyName>,
    /// Its backend.
    backend: StoredValue<String>,
    /// The headline.
    title: String,
    /// The page that the card is on.
    side: Side,
) -> impl IntoView {
    let live = Live::here();
    let binding = Memo::new(move |_| {
        let quiet = |_: &Board, _: &ProxyState, state: Option<&BindingState>| {
            // Sessions change every second, and are not shown here.
            let state = state?;
            Some(BindingState {
                troubles: state.troubles.clone(),
                waiting: state.waiting,
                ..BindingState::new(state.binding.clone())
            })
        };
        read(live, name, backend, quiet).flatten()
    });
    let link = move || match side {
        Side::Proxy => None,
        Side::Group => Some(name.with_value(|name| Route::Proxy(name.clone()).to_string())),
    };
    let title = match link() {
        Some(href) => view! { <a href=href>{title}</a> }.into_any(),
        None => title.into_any(),
    };
    view! {
        <div class="backend-head">
            <h2>{title}</h2>
            {move || match binding.get() {
                Some(state) => bound(&state, side),
                None => unbound(name, backend),
            }}
        </div>
    }
    .into_any()
}

fn unbound(name: StoredValue<ProxyName>, backend: StoredValue<String>) -> AnyView {
    let words = Live::here().text().proxy();
    let href = format!("{}?backend={}", Route::Bind(name.get_value()), encode(&backend.get_value()));
    view! { <span class="age">{words.unbound}</span><span class="grow"></span><a class="btn" href=href>{words.bind}</a> }
        .into_any()
}

fn bound(state: &BindingState, side: Side) -> AnyView {
    let words = Live::here().text().proxy();
    let binding = &state.binding;
    let group = Route::Group(binding.group.clone(), Tab::Targets).to_string();
    let serves = (side == Side::Proxy).then(|| {
        view! { <span>{words.serves}" "<a href=group><b>{binding.group.to_string()}</b></a></span> }
    });
    let limit = (binding.mode == domain::Mode::Automatic)
        .then(|| format!(" · {}", (words.per_minute)(binding.changes_per_minute)));
    let cuts = (binding.mode == domain::Mode::Automatic && binding.cut_unhealthy)
        .then(|| format!(" · {}", words.cuts_unhealthy));
    let edit = Route::EditBinding(binding.proxy.clone(), binding.id).to_string();
    let remove = Route::Unbind(binding.proxy.clone(), binding.id).to_string();
    view! {
        {serves}
        <span class="tag" title=(words.mode_says)(binding.mode)>{(words.mode)(binding.mode)}{limit}{cuts}</span>
        <span class="grow"></span>
        <a class="btn quiet" href=remove>{words.unbind}</a>
        <a class="btn" href=edit>{words.edit_binding}</a>
        {troubles(state)}
    }
    .into_any()
}

/// The last order that failed and why, and what automatic mode waits for.
fn troubles(state: &BindingState) -> AnyView {
    let words = Live::here().text().proxy();
    let trouble = state.troubles.values().cloned().map(|trouble| {
        let lead = (words.trouble)(&trouble.server);
        view! {
            <p class="banner alarm">
                <span><b>{lead}</b>" · "<Moment at=trouble.at precision=Precision::Seconds/>" · "{trouble.why}</span>
            </p>
        }
    });
    let trouble = trouble.collect_view();
    let waits = state.waiting.map(|doubt| {
        view! { <p class="banner warn"><span><b>{words.waits}</b>": "{(words.doubt)(doubt)}</span></p> }
    });
    view! { {trouble}{waits} }.into_any()
}
