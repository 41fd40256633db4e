//! The alarm of a group that has a proxy before it and no healthy target in service.

use domain::{Board, GroupName};
use leptos::prelude::*;

use crate::live::{Live, Topic};

/// Whether the proxies before the group have nobody to send to who may serve.
pub(crate) fn fails_open(board: &Board, name: &GroupName) -> bool {
    board.is_bound(name) && board.fails_open(name)
}

/// Reads it; the caller runs again when it may have changed.
pub(crate) fn read_fails_open(live: Live, name: &GroupName) -> bool {
    live.board(Topic::Bindings(name.clone()), |_| ());
    live.board(Topic::Group(name.clone()), |board| fails_open(board, name))
}

/// The banner; nothing while somebody serves.
#[component]
pub(crate) fn FailOpen(
    /// The group.
    name: GroupName,
) -> impl IntoView {
    let live = Live::here();
    let words = live.text().proxy();
    let fails = Memo::new(move |_| read_fails_open(live, &name));
    move || {
        let banner = view! {
            <div class="banner alarm fail-open" role="alert">
                <p><b>{words.fail_open}</b>" "{words.fail_open_lead}</p>
            </div>
        };
        fails.get().then_some(banner)
    }
}
