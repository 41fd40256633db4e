//! An event as it stands in a list: a sentence, with the page of what it is about.

use domain::{Board, Event, EventKind};

use crate::{Line, Route, Tab};

use super::{Sentence, Text, sentence};

/// Tells an event. `board` is as it is now; `among` are events, newest first, that may say what a target was called that
/// is no more.
pub(crate) fn line(event: &Event, board: &Board, among: &[Event], text: &Text) -> Line {
    let Sentence { shape, subject, verb } = sentence(&event.kind, &name_of(&event.kind, board, among), text);
    Line {
        number: event.number,
        at: event.at,
        shape,
        subject,
        verb,
        href: link(&event.kind, board),
        by: event.by.as_ref().map(ToString::to_string),
        why: why(event).map(str::to_owned),
        is_change: matches!(event.kind, EventKind::Checked { transition: Some(_), .. }),
    }
}

/// Why it was done, in the words of who did it.
fn why(event: &Event) -> Option<&str> {
    let reason = match &event.kind {
        EventKind::TargetDrained { drain, .. } => Some(drain.reason.as_str()).filter(|reason| !reason.is_empty()),
        _ => None,
    };
    event.why.as_deref().or(reason)
}

/// The name of the target that an event is about: as it is now, else as it was last told.
fn name_of(kind: &EventKind, board: &Board, among: &[Event]) -> String {
    let Some(id) = kind.target() else { return String::new() };
    let own = |kind: &EventKind| match kind {
        EventKind::TargetRegistered(t)
        | EventKind::TargetEdited { target: t, .. }
        | EventKind::TargetDeregistered(t)
            if t.id == id =>
        {
            Some(t.display_name())
        }
        _ => None,
    };
    let on_board = || Some(board.target(kind.group()?, id)?.target.display_name());
    let as_server = || match kind {
        EventKind::ServerTold { place, .. } => place.server.clone(),
        _ => id.to_string(),
    };
    own(kind).or_else(on_board).or_else(|| among.iter().find_map(|event| own(&event.kind))).unwrap_or_else(as_server)
}

/// The page of what an event is about, where it is still there.
fn link(kind: &EventKind, board: &Board) -> Option<String> {
    let route = match (kind, kind.proxy(), kind.group(), kind.target()) {
        (EventKind::FailoverRecorded(note), ..) => Some(Route::Failover(note.id)),
        (_, Some(proxy), ..) => board.proxies.contains_key(proxy).then(|| Route::Proxy(proxy.clone())),
        (_, None, Some(name), Some(id)) => board.target(name, id).map(|_| Route::Target(name.clone(), id)),
        (_, None, Some(name), None) => {
            board.groups.contains_key(name).then(|| Route::Group(name.clone(), Tab::Targets))
        }
        (_, None, None, _) => None,
    };
    route.map(|route| route.to_string())
}
