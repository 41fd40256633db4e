//! What does not match: servers that are no targets, and targets that have no server.

use domain::{BindingState, Board, ProxyName, ProxyState};
use leptos::prelude::*;

use crate::Route;
use crate::live::Live;
use crate::matching;

use super::read;

/// So many are named; the rest is counted.
const SHOWN_MAX: usize = 10;

/// What does not match in a bound backend.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Odd {
    servers: Vec<String>,
    /// How many of them can be registered, and where that is posted.
    register: Option<(usize, String)>,
    targets: Vec<String>,
}

impl Odd {
    fn of(board: &Board, binding: &BindingState, back: &str) -> Self {
        let servers = matching::unmatched_servers(board, binding);
        let mut places: Vec<String> =
            servers.iter().filter_map(|server| matching::draft_of(server)).map(|draft| draft.address()).collect();
        places.sort_unstable();
        places.dedup();
        let action = Route::RegisterServers(binding.binding.proxy.clone(), binding.binding.id);
        let named = |server: &&domain::ServerView| match &server.address {
            Some(address) if *address != server.name => format!("{} ({address})", server.name),
            _ => server.name.clone(),
        };
        Self {
            servers: servers.iter().map(named).collect(),
            register: (!places.is_empty()).then(|| (places.len(), format!("{action}{back}"))),
            targets: matching::unmatched_targets(board, binding).into_iter().map(|t| t.display_name()).collect(),
        }
    }
}

/// Both lists; nothing where all match, or nothing is bound.
#[component]
pub(super) fn Unmatched(
    /// The proxy.
    name: StoredValue<ProxyName>,
    /// Its backend.
    backend: StoredValue<String>,
    /// The query that leads back to this page.
    back: &'static str,
) -> impl IntoView {
    let live = Live::here();
    let words = live.text().proxy();
    let odd = Memo::new(move |_| {
        let odd = |board: &Board, _: &ProxyState, binding: Option<&BindingState>| {
            binding.map(|binding| Odd::of(board, binding, back))
        };
        read(live, name, backend, odd).flatten().unwrap_or_default()
    });
    move || {
        let Odd { servers, register, targets } = odd.get();
        let button = register.map(|(count, action)| {
            let label = (words.register)(count);
            view! { <form method="post" action=action><button class="btn primary" type="submit">{label}</button></form> }
        });
        let servers = (!servers.is_empty()).then(|| {
            let lead = (words.unmatched_servers)(servers.len());
            view! { <div class="unmatched"><p>{lead}" "<span class="code">{listed(&servers)}</span></p>{button}</div> }
        });
        let targets = (!targets.is_empty()).then(|| {
            let lead = (words.unmatched_targets)(targets.len());
            view! { <div class="unmatched"><p>{lead}" "<b>{listed(&targets)}</b></p></div> }
        });
        view! { {servers}{targets} }
    }
}

fn listed(names: &[String]) -> String {
    let shown = names.iter().take(SHOWN_MAX).cloned().collect::<Vec<_>>().join(", ");
    match names.len().checked_sub(SHOWN_MAX) {
        None | Some(0) => shown,
        Some(rest) => format!("{shown} + {rest}"),
    }
}
