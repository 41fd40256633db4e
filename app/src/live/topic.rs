//! What an event changes on the screen.

use std::collections::HashSet;

use domain::{Board, Event, EventKind, GroupName, TargetId};

use crate::{Route, Tab};

/// Something that is drawn again when it changes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Topic {
    /// Which groups there are.
    Groups,
    /// Anything in a group.
    Group(GroupName),
    /// Which targets a group has, and its settings.
    Members(GroupName),
    /// Anything about a target.
    Target(TargetId),
    /// How many targets have which status, in all groups.
    Counts,
    /// Whether what is shown is stored.
    Recording,
}

/// Adds what `event` changes. `board` is as before the event.
pub(super) fn of(event: &Event, board: &Board, topics: &mut HashSet<Topic>) {
    if let Some(name) = event.kind.group() {
        topics.insert(Topic::Group(name.clone()));
    }
    if let Some(id) = event.kind.target() {
        topics.insert(Topic::Target(id));
    }
    match &event.kind {
        EventKind::Checked { transition: None, .. } | EventKind::Started { .. } => {}
        EventKind::Checked { .. } => topics.extend([Topic::Counts]),
        EventKind::GroupCreated(group) => topics.extend([Topic::Groups, Topic::Members(group.name.clone())]),
        EventKind::GroupDeleted(name) => topics.extend([Topic::Groups, Topic::Counts, Topic::Members(name.clone())]),
        EventKind::GroupEdited(group) => {
            topics.extend([Topic::Counts, Topic::Members(group.name.clone())]);
            let targets = board.groups.get(&group.name).into_iter().flat_map(|group| group.targets.keys());
            topics.extend(targets.map(|id| Topic::Target(*id)));
        }
        EventKind::TargetRegistered(target)
        | EventKind::TargetEdited(target)
        | EventKind::TargetDeregistered(target) => {
            topics.extend([Topic::Counts, Topic::Members(target.group.clone())]);
        }
        EventKind::RecordingStopped { .. } | EventKind::RecordingResumed { .. } => topics.extend([Topic::Recording]),
        EventKind::TargetDrained { .. } | EventKind::TargetReturned { .. } | EventKind::DrainChanged { .. } => {
            topics.extend([Topic::Counts]);
        }
        _ => {}
    }
}

/// Whether the events list of a page has events of this kind.
pub(super) fn is_shown_on(route: &Route, kind: &EventKind) -> bool {
    match route {
        Route::Overview | Route::Wall | Route::Events => true,
        Route::Group(name, Tab::Events) => kind.group() == Some(name),
        Route::Target(_, id) => kind.target() == Some(*id),
        _ => false,
    }
}
