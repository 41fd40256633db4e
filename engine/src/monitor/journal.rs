//! What happened, in the log: each line is read alone, so it names what it is about.

use domain::{Board, Event, EventKind, GroupName, Status, TargetId, Transition};

use super::shared::Shared;

/// Tells what is on record. Called before the events are shown, so that what they remove can still be named.
pub(super) fn tell(shared: &Shared, events: &[Event]) {
    let on_record: Vec<_> = events.iter().filter(|event| event.kind.is_on_record()).collect();
    if !on_record.is_empty() {
        shared.with_board(|board| on_record.into_iter().for_each(|event| tell_one(board, event)));
    }
}

fn tell_one(board: &Board, event: &Event) {
    match &event.kind {
        EventKind::Checked { group, target, transition: Some(change), .. } => {
            let (name, address) = names(board, group, *target).unzip();
            tracing::info!(
                target.name = name,
                target.address = address,
                target.id = %target,
                %group,
                from = %change.from,
                to = %change.to,
                reason = change.reason.map(|reason| reason.as_str()),
                detail = detail(change),
                "status changed"
            );
        }
        kind => {
            let target = kind.target();
            let (name, address) = named_in(kind).or_else(|| names(board, kind.group()?, target?)).unzip();
            tracing::info!(
                kind = kind.as_str(),
                group = kind.group().map(GroupName::as_str),
                target.name = name,
                target.address = address,
                target.id = target.map(display),
                proxy = kind.proxy().map(display),
                by = event.by.as_ref().map(display),
                "event"
            );
        }
    }
}

/// The name of a target on the screen, where it has one, and its address.
fn names(board: &Board, group: &GroupName, id: TargetId) -> Option<(String, String)> {
    let target = &board.target(group, id)?.target;
    Some((target.display_name(), target.address()))
}

/// The same of a target that the board may not have yet.
fn named_in(kind: &EventKind) -> Option<(String, String)> {
    match kind {
        EventKind::TargetRegistered(target) | EventKind::TargetEdited { target, .. } => {
            Some((target.display_name(), target.address()))
        }
        _ => None,
    }
}

/// What failed, or why we could not see.
fn detail(change: &Transition) -> Option<String> {
    let failure = change.failure.as_ref().filter(|_| change.to == Status::Unhealthy);
    failure.map(ToString::to_string).or_else(|| change.own_fault.as_ref().map(ToString::to_string))
}
