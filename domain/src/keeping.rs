//! What becomes of drains by themselves: how far they are, and what is due. Pure, as the planner is.

use crate::{
    AdminState, Board, Drain, DrainStage, Front, GroupName, Health, Purpose, ReturnCause, ServerView, TargetId,
    TargetState, Timestamp,
};

/// A client that came back so short a time ago comes again: a server is not empty before.
const QUIET_MS: u64 = 10_000;

/// So long it is watched whether somebody still comes, before a server is called empty.
const SETTLE_MS: u64 = 2_000;

/// What becomes of drains by themselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Keeping {
    /// It is further, or past its lease: the drain as it is now.
    Changed(GroupName, TargetId, Drain),
    /// It returns to service.
    Return(GroupName, TargetId, ReturnCause),
    /// It is empty, or its delay is over: it is deregistered.
    Deregister(GroupName, TargetId),
    /// A drill has treated it as unhealthy for long enough.
    EndFeigning(GroupName, TargetId),
}

/// What is due of the drains of the whole board.
pub fn keep(board: &Board, now: Timestamp) -> Vec<Keeping> {
    let mut due = Vec::new();
    for (name, group) in &board.groups {
        for target in group.targets.values() {
            if target.feigned.is_some_and(|until| until <= now) {
                due.push(Keeping::EndFeigning(name.clone(), target.target.id));
            }
            if let Some(drain) = &target.drain {
                due.extend(keep_one(board, name, target, drain, now));
            }
        }
    }
    due
}

fn keep_one(board: &Board, group: &GroupName, target: &TargetState, drain: &Drain, now: Timestamp) -> Option<Keeping> {
    let id = target.target.id;
    let stage = stage(board, target, drain, now);
    if drain.purpose == Purpose::Deregistration {
        let is_over = stage == Some(DrainStage::Empty) || drain.delay_ends_at <= now;
        if is_over && is_told_everywhere(board, target) {
            return Some(Keeping::Deregister(group.clone(), id));
        }
    }
    let is_due = drain.expires_at.is_some_and(|end| end <= now);
    if is_due && matches!(target.health, Health::Healthy { .. }) && target.blind.is_none() && !target.restored {
        return Some(Keeping::Return(group.clone(), id, ReturnCause::Expired));
    }
    let overdue_since = drain.overdue_since.or(drain.expires_at.filter(|_| is_due && !target.restored));
    let changed = Drain { stage: stage.unwrap_or(drain.stage), overdue_since, ..drain.clone() };
    (changed != *drain).then(|| Keeping::Changed(group.clone(), id, changed))
}

/// Whether no proxy uses the target any more; none where that cannot be told now.
fn stage(board: &Board, target: &TargetState, drain: &Drain, now: Timestamp) -> Option<DrainStage> {
    let fronts = board.fronts(&target.target);
    // A proxy that we only observe uses it or not, too.
    let empty: Vec<Option<bool>> = fronts.iter().map(|front| is_empty(front, drain, now)).collect();
    match (empty.contains(&Some(false)), empty.contains(&None)) {
        (true, _) => Some(DrainStage::Draining),
        (false, true) => None,
        (false, false) => Some(DrainStage::Empty),
    }
}

fn is_empty(front: &Front<'_>, drain: &Drain, now: Timestamp) -> Option<bool> {
    // Of a proxy that does not answer nothing is known.
    if !front.proxy.link.is_up() || front.proxy.look.is_none() {
        return None;
    }
    // It has no such server: then it cannot use it.
    if front.name.is_none() {
        return Some(true);
    }
    match (front.admin()?, front.server) {
        (AdminState::Ready, Some(server)) if server.is_usable() || front.binding.binding.mode.drains() => Some(false),
        // Sessions of a process that was reloaded away are not told, unless there were none before.
        (_, Some(_)) if drain.stage == DrainStage::Draining && front.hold().is_some_and(|hold| hold.lost_sight) => {
            Some(drain.delay_ends_at <= now)
        }
        // Somebody still comes, though nobody is there in this moment.
        (_, Some(_)) if is_still_used(front, now) => Some(false),
        // The proxy does not tell: then only the delay does.
        (AdminState::Absent, _) => Some(drain.delay_ends_at <= now),
        (_, Some(ServerView { sessions: Some(sessions), queue, .. })) => {
            Some(*sessions == 0 && queue.unwrap_or(0) == 0)
        }
        _ => Some(drain.delay_ends_at <= now),
    }
}

/// Whether a new session was seen a short time ago; or nobody can have seen one yet, since the drain has just begun.
fn is_still_used(front: &Front<'_>, now: Timestamp) -> bool {
    let counts = front.server.is_some_and(|server| server.sessions_total.is_some());
    if counts && front.hold().is_some_and(|hold| now.millis_since(hold.at) < SETTLE_MS) {
        return true;
    }
    let curve = front.name.and_then(|name| front.binding.curves.get(name));
    let last_new = curve.and_then(|curve| curve.last_new);
    last_new.is_some_and(|at| now.millis_since(at) < QUIET_MS)
}

/// Whether every proxy was told, so that none serves a deregistered target after it is gone. One that does not answer
/// is waited for.
fn is_told_everywhere(board: &Board, target: &TargetState) -> bool {
    let fronts = board.fronts(&target.target);
    fronts.iter().all(|front| {
        let drains = front.binding.binding.mode.drains() && front.name.is_some();
        !drains || front.hold().is_some_and(|hold| hold.told.is_some())
    })
}
