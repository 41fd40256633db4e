//! What events about proxies change on the screen. Looks come every second: they touch only what shows them.

use std::collections::HashSet;

use domain::{BackendView, BindingState, Board, EventKind, GroupName, ProxyName, ServerView, is_same_place};

use super::Topic;

/// Adds what an event about a proxy changes.
pub(super) fn of(kind: &EventKind, board: &Board, topics: &mut HashSet<Topic>) {
    match kind {
        EventKind::Started { .. } => {
            let proxies: Vec<ProxyName> = board.proxies.keys().cloned().collect();
            proxies.iter().for_each(|name| whole(board, name, topics));
            topics.extend(proxies.into_iter().map(Topic::Proxy));
        }
        EventKind::ProxyCreated(_) => topics.extend([Topic::Proxies]),
        EventKind::ProxyEdited(proxy) => whole(board, &proxy.name, topics),
        EventKind::ProxyDeleted(name) | EventKind::ProxyLinked { proxy: name, .. } => whole(board, name, topics),
        EventKind::ProxyBound(binding) | EventKind::BindingEdited(binding) | EventKind::ProxyUnbound(binding) => {
            topics.extend([Topic::Proxies, Topic::Disputes, Topic::Bindings(binding.group.clone())]);
            fronts(board, &binding.group, topics);
        }
        EventKind::ProxyLooked { proxy, version, changed, .. } => {
            looked(board, proxy, changed, topics);
            let old = board.proxies.get(proxy).and_then(|state| state.look.as_ref());
            if old.is_none_or(|old| old.version != *version) {
                topics.extend([Topic::Proxies]);
            }
        }
        EventKind::ServerHeld { place, .. }
        | EventKind::ServerReleased { place }
        | EventKind::ServerTold { place, .. }
        | EventKind::ServerChangedOutside { place, .. } => {
            topics.extend([Topic::Disputes]);
            fronts(board, &place.group, topics);
        }
        _ => {}
    }
}

/// Other targets are matched by the servers of the backends that are bound to the group.
pub(super) fn matching(board: &Board, group: &GroupName, topics: &mut HashSet<Topic>) {
    let bound = board.bindings.values().map(|state| &state.binding).filter(|binding| binding.group == *group);
    topics.extend(bound.map(|binding| Topic::Proxy(binding.proxy.clone())));
}

/// Everything that a proxy is shown in.
fn whole(board: &Board, name: &ProxyName, topics: &mut HashSet<Topic>) {
    topics.extend([Topic::Proxies, Topic::Disputes]);
    for state in bound(board, name) {
        topics.insert(Topic::Bindings(state.binding.group.clone()));
        fronts(board, &state.binding.group, topics);
    }
}

/// All targets of a group.
fn fronts(board: &Board, group: &GroupName, topics: &mut HashSet<Topic>) {
    let targets = board.groups.get(group).into_iter().flat_map(|group| group.targets.keys());
    topics.extend(targets.map(|id| Topic::Front(*id)));
}

fn bound<'a>(board: &'a Board, name: &'a ProxyName) -> impl Iterator<Item = &'a BindingState> {
    board.bindings.values().filter(move |state| state.binding.proxy == *name)
}

/// The targets whose servers are not as they were.
fn looked(board: &Board, name: &ProxyName, changed: &[BackendView], topics: &mut HashSet<Topic>) {
    let Some(proxy) = board.proxies.get(name) else { return };
    for state in bound(board, name) {
        let Some(new) = changed.iter().find(|backend| backend.name == state.binding.backend) else { continue };
        let Some(old) = state.backend(proxy) else {
            // The first look at it: every target is found, or known to be missing.
            topics.extend([Topic::Disputes]);
            fronts(board, &state.binding.group, topics);
            continue;
        };
        let moved = differing(old, new).chain(differing(new, old));
        let moved: Vec<(&ServerView, bool)> = moved.collect();
        if moved.iter().any(|(_, is_elsewhere)| *is_elsewhere) {
            topics.extend([Topic::Disputes]);
        }
        let group = board.groups.get(&state.binding.group);
        for target in group.into_iter().flat_map(|group| group.targets.values()) {
            let address = target.target.address();
            let is_its = |server: &ServerView| {
                let held = state.holds.get(&server.name).and_then(|hold| hold.target);
                let place = server.address.as_deref().unwrap_or(&server.name);
                held == Some(target.target.id) || is_same_place(place, &address)
            };
            if moved.iter().any(|(server, _)| is_its(server)) {
                topics.insert(Topic::Front(target.target.id));
            }
        }
    }
}

/// The servers of `a` that are another in `b`, and whether more than figures differs.
fn differing<'a>(a: &'a BackendView, b: &'a BackendView) -> impl Iterator<Item = (&'a ServerView, bool)> {
    a.servers.iter().filter_map(|server| match b.servers.iter().find(|other| other.name == server.name) {
        Some(other) if other == server => None,
        Some(other) => Some((server, (other.is_up, other.admin) != (server.is_up, server.admin))),
        None => Some((server, true)),
    })
}
