//! That automatic mode would do something for a group, and waits.

use domain::{BindingState, Doubt, GroupName};
use leptos::prelude::*;

use crate::live::{Live, Topic};

/// Banners, one a binding; none while nothing is waited for.
#[component]
pub(crate) fn PolicyWaits(
    /// The group.
    name: GroupName,
) -> impl IntoView {
    let live = Live::here();
    let words = live.text().proxy();
    let waits = Memo::new(move |_| {
        live.board(Topic::Bindings(name.clone()), |_| ());
        live.board(Topic::Group(name.clone()), |board| {
            let bound = board.bindings.values().filter(|state| state.binding.group == name);
            bound.filter_map(waiting).collect::<Vec<_>>()
        })
    });
    let banner = |(place, doubt): (String, Doubt)| {
        let said = (words.doubt)(doubt);
        view! { <p class="banner warn" role="status"><span><b>{words.waits}" · "{place}</b>": "{said}</span></p> }
    };
    move || waits.get().into_iter().map(banner).collect_view()
}

fn waiting(state: &BindingState) -> Option<(String, Doubt)> {
    let place = format!("{} / {}", state.binding.proxy, state.binding.backend);
    state.waiting.map(|doubt| (place, doubt))
}
