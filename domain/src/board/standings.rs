//! Which events change which statuses: what the history of statuses is made of.

use crate::{
    Board, Event, EventKind, GroupName, GroupState, Reason, Status, TargetId, TargetState, Timestamp, Transition,
};

/// A target has this status, for this reason, from then on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StandingChange {
    /// The target.
    pub target: TargetId,
    /// Since when.
    pub at: Timestamp,
    /// The status; none where it is not known: it was believed before a start, and no check has confirmed it yet.
    pub status: Option<Status>,
    /// Why; none when healthy.
    pub reason: Option<Reason>,
}

impl StandingChange {
    fn of(group: &GroupState, state: &TargetState, at: Timestamp) -> Self {
        let standing = state.standing(&group.group);
        let is_belief = matches!(standing.status, Status::Healthy | Status::Unhealthy);
        let (status, reason) = match state.restored && is_belief {
            true => (None, None),
            false => (Some(standing.status), standing.reason),
        };
        Self { target: state.target.id, at, status, reason }
    }

    fn says_as_much_as(&self, other: &Self) -> bool {
        (self.target, self.status, self.reason) == (other.target, other.status, other.reason)
    }
}

impl Board {
    /// The statuses of all targets, as of `at`.
    pub fn standings(&self, at: Timestamp) -> Vec<StandingChange> {
        self.groups.values().flat_map(|group| standings(group, at)).collect()
    }

    /// What these events, which follow on the board's last one, change in the statuses of targets. Those that are new,
    /// or at another address, are always among them.
    pub fn standing_changes(&self, events: &[Event]) -> Vec<StandingChange> {
        // Of almost all events this is enough.
        if events.iter().all(|event| matches!(event.kind, EventKind::Checked { .. }) || group_of(&event.kind).is_none())
        {
            return events.iter().filter_map(|event| self.of_check(event)).collect();
        }
        let mut small = Self::default();
        for name in events.iter().filter_map(|event| group_of(&event.kind)) {
            if let Some(group) = self.groups.get(name) {
                small.groups.entry(name.clone()).or_insert_with(|| group.clone());
            }
        }
        let mut changes = Vec::new();
        for event in events {
            let Some(name) = group_of(&event.kind) else { continue };
            let before = small.standings_of(name, event);
            small.take(event);
            let is_new = matches!(event.kind, EventKind::TargetRegistered(_) | EventKind::TargetEdited { .. });
            let after = small.standings_of(name, event);
            changes
                .extend(after.into_iter().filter(|after| is_new || !before.iter().any(|b| b.says_as_much_as(after))));
        }
        changes
    }

    /// What a check changes: it makes another status, or confirms what was believed before a start.
    fn of_check(&self, event: &Event) -> Option<StandingChange> {
        let EventKind::Checked { group, target, observation, health, transition, .. } = &event.kind else {
            return None;
        };
        if let Some(Transition { to, reason, .. }) = transition {
            return Some(StandingChange { target: *target, at: event.at, status: Some(*to), reason: *reason });
        }
        let group = self.groups.get(group)?;
        let mut state = group.targets.get(target).filter(|state| state.restored)?.clone();
        state.take(observation, health, None, event.at);
        Some(StandingChange::of(group, &state, event.at))
    }

    /// The statuses that an event may change.
    fn standings_of(&self, name: &GroupName, event: &Event) -> Vec<StandingChange> {
        let Some(group) = self.groups.get(name) else { return Vec::new() };
        match event.kind.target() {
            Some(id) => {
                group.targets.get(&id).map(|state| StandingChange::of(group, state, event.at)).into_iter().collect()
            }
            None => standings(group, event.at).collect(),
        }
    }
}

fn standings(group: &GroupState, at: Timestamp) -> impl Iterator<Item = StandingChange> {
    group.targets.values().map(move |state| StandingChange::of(group, state, at))
}

/// The group in which an event may change statuses.
fn group_of(kind: &EventKind) -> Option<&GroupName> {
    match kind {
        EventKind::GroupEdited(_)
        | EventKind::TargetRegistered(_)
        | EventKind::TargetEdited { .. }
        | EventKind::TargetDeregistered(_)
        | EventKind::Checked { .. }
        | EventKind::TargetDrained { .. }
        | EventKind::DrainChanged { .. }
        | EventKind::TargetReturned { .. }
        | EventKind::RoleChanged { .. }
        | EventKind::StandbyMoved { .. }
        | EventKind::GroupCreated(_)
        | EventKind::GroupDeleted(_) => kind.group(),
        _ => None,
    }
}
