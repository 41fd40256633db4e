//! What an event changes on the screen.

use std::collections::HashSet;

use domain::{Board, Event, EventKind, GroupName, ProxyName, TargetId};

use crate::{Route, Tab};

mod looks;

/// Something that is drawn again when it changes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Topic {
    /// Which groups there are.
    Groups,
    /// Anything in a group.
    Group(GroupName),
    /// Which targets a group has, and its settings.
    Members(GroupName),
    /// Which backends are bound to a group, and how.
    Bindings(GroupName),
    /// Anything about a target but what proxies say of it.
    Target(TargetId),
    /// What proxies say of a target.
    Front(TargetId),
    /// Which proxies there are, how our connections to them are, and what they are bound to.
    Proxies,
    /// Anything about a proxy.
    Proxy(ProxyName),
    /// Where we and the proxies disagree.
    Disputes,
    /// How many targets have which status, in all groups; where these are held at a glance, all that is seen of them but
    /// figures of checks.
    Counts,
}

/// Adds what `event` changes. `board` is as before the event.
pub(super) fn of(event: &Event, board: &Board, topics: &mut HashSet<Topic>) {
    if let Some(name) = event.kind.group() {
        topics.insert(Topic::Group(name.clone()));
    }
    if let Some(id) = event.kind.target() {
        topics.insert(Topic::Target(id));
    }
    if let Some(name) = event.kind.proxy() {
        topics.insert(Topic::Proxy(name.clone()));
    }
    match &event.kind {
        // The first check after a start confirms what was so before. What is believed of one that is drained shows in no
        // status, and yet a proxy may say otherwise.
        EventKind::Checked { transition: None, group, target, health, .. } => {
            let target = board.target(group, *target);
            topics.extend(target.filter(|target| target.restored).map(|_| Topic::Counts));
            topics.extend(target.filter(|target| target.is_believed_otherwise(health)).map(|_| Topic::Disputes));
        }
        EventKind::Checked { .. } => topics.extend([Topic::Counts, Topic::Disputes]),
        EventKind::GroupCreated(group) => topics.extend([Topic::Groups, Topic::Members(group.name.clone())]),
        EventKind::GroupDeleted(name) => {
            topics.extend([Topic::Groups, Topic::Counts, Topic::Members(name.clone())]);
            topics.extend([Topic::Proxies, Topic::Disputes]);
            let bound = board.bindings.values().map(|state| &state.binding).filter(|binding| binding.group == *name);
            topics.extend(bound.map(|binding| Topic::Proxy(binding.proxy.clone())));
        }
        EventKind::GroupEdited(group) => {
            topics.extend([Topic::Counts, Topic::Members(group.name.clone())]);
            let targets = board.groups.get(&group.name).into_iter().flat_map(|group| group.targets.keys());
            topics.extend(targets.map(|id| Topic::Target(*id)));
        }
        EventKind::TargetRegistered(target)
        | EventKind::TargetEdited { target, .. }
        | EventKind::TargetDeregistered(target) => {
            topics.extend([Topic::Counts, Topic::Members(target.group.clone()), Topic::Disputes]);
            looks::matching(board, &target.group, topics);
        }
        EventKind::RoleChanged { .. }
        | EventKind::StandbyMoved { .. }
        | EventKind::TargetDrained { .. }
        | EventKind::TargetReturned { .. }
        | EventKind::DrainChanged { .. } => {
            topics.extend([Topic::Counts, Topic::Disputes]);
        }
        kind => looks::of(kind, board, topics),
    }
}

/// Whether the events list of a page has events of this kind.
pub(super) fn is_shown_on(route: &Route, kind: &EventKind) -> bool {
    match route {
        Route::Group(name, Tab::Events) => kind.group() == Some(name),
        Route::Target(_, id) => kind.target() == Some(*id),
        Route::Proxy(name) => kind.proxy() == Some(name),
        _ => false,
    }
}

#[cfg(test)]
mod tests;
