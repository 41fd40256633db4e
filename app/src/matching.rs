//! Which servers of a bound backend are targets of its group, and which are not.

use domain::{BindingState, Board, ServerView, Target, TargetDraft, TargetState, is_same_place};

/// The place of a server: its address, or its name where the proxy tells none.
fn place(server: &ServerView) -> &str {
    server.address.as_deref().unwrap_or(&server.name)
}

/// The targets of the binding's group.
fn targets<'a>(board: &'a Board, binding: &BindingState) -> impl Iterator<Item = &'a TargetState> {
    board.groups.get(&binding.binding.group).into_iter().flat_map(|group| group.targets.values())
}

/// The servers of the backend, as its proxy shows them.
pub(crate) fn servers<'a>(board: &'a Board, binding: &BindingState) -> &'a [ServerView] {
    let proxy = board.proxies.get(&binding.binding.proxy);
    let backend = proxy.and_then(|proxy| binding.backend(proxy));
    backend.map(|backend| backend.servers.as_slice()).unwrap_or_default()
}

/// The target that a server is.
pub(crate) fn target_of<'a>(board: &'a Board, binding: &BindingState, server: &ServerView) -> Option<&'a Target> {
    let held = binding.holds.get(&server.name).and_then(|hold| hold.target);
    let is_it =
        |state: &&TargetState| Some(state.target.id) == held || is_same_place(place(server), &state.target.address());
    targets(board, binding).find(is_it).map(|state| &state.target)
}

/// The servers that no target of the group is.
pub(crate) fn unmatched_servers<'a>(board: &'a Board, binding: &BindingState) -> Vec<&'a ServerView> {
    servers(board, binding).iter().filter(|server| target_of(board, binding, server).is_none()).collect()
}

/// The targets of the group that have no server in the backend; none while the proxy was not looked at.
pub(crate) fn unmatched_targets<'a>(board: &'a Board, binding: &BindingState) -> Vec<&'a Target> {
    let is_seen = board.proxies.get(&binding.binding.proxy).is_some_and(|proxy| binding.backend(proxy).is_some());
    let has_server = |target: &Target| {
        let is_held = binding.holds.values().any(|hold| hold.target == Some(target.id));
        let address = target.address();
        is_held || servers(board, binding).iter().any(|server| is_same_place(place(server), &address))
    };
    let missing = targets(board, binding).map(|state| &state.target).filter(|target| !has_server(target));
    if is_seen { missing.collect() } else { Vec::new() }
}

/// A server as a target to register; none where its place is no host and port.
pub(crate) fn draft_of(server: &ServerView) -> Option<TargetDraft> {
    let (host, port) = place(server).rsplit_once(':')?;
    let label = if place(server) == server.name { "" } else { server.name.as_str() };
    TargetDraft::parse(host, port, label, 0).ok().filter(|draft| 0 < draft.port)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(address: Option<&str>, name: &str, expected: Option<(&str, &str)>) {
        let server = ServerView { name: name.to_owned(), address: address.map(str::to_owned), ..ServerView::default() };
        let draft = draft_of(&server).map(|draft| (draft.label.as_str().to_owned(), draft.address()));
        assert_eq!(draft.as_ref().map(|(label, at)| (label.as_str(), at.as_str())), expected, "{name}");
    }

    #[test]
    fn a_server_becomes_a_target_where_it_has_a_place() {
        check(Some("10.0.4.11:8000"), "web1", Some(("web1", "10.0.4.11:8000")));
        check(Some("[::1]:8000"), "web1", Some(("web1", "[::1]:8000")));
        check(None, "10.0.4.11:8000", Some(("", "10.0.4.11:8000")));
        check(None, "unix//run/web.sock", None);
        check(Some("10.0.4.11:0"), "web1", None);
    }
}
