//! What a page must learn. A page holds a part of the board in full and the rest in outline, and is told no more.

use std::mem::discriminant;

use serde::{Deserialize, Serialize};

use crate::{
    BackendName, BackendView, Beats, Board, Event, EventKind, EventNumber, GroupName, GroupState, Health, Lane, Map,
    Missed, ServerView, TargetState,
};

/// Which part of the board a page holds in full.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// All of it, with every check.
    Everything,
    /// One group; the others change only when a status does.
    Group(GroupName),
}

/// What happened after one event and up to another, as far as a page holds it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct News {
    /// The event before.
    pub after: EventNumber,
    /// The last event that is in it.
    pub upto: EventNumber,
    /// The events that are told; not all that there were.
    pub events: Vec<Event>,
}

impl Scope {
    /// Whether pages of this scope are told this event. `is_news` says whether it changes more than figures, see
    /// [`Board::is_news`].
    pub fn tells(&self, kind: &EventKind, is_news: bool) -> bool {
        is_news || !matches!(kind, EventKind::Checked { group, .. } if !self.is_in_full(group))
    }

    /// Whether the checks of a group are told one by one.
    pub fn is_in_full(&self, group: &GroupName) -> bool {
        match self {
            Self::Everything => true,
            Self::Group(own) => own == group,
        }
    }
}

impl Board {
    /// Whether an event, which comes next, changes more than the figures of a check that went like the one before, or
    /// those of servers that are as they were.
    pub fn is_news(&self, kind: &EventKind) -> bool {
        match kind {
            EventKind::Checked { transition: None, group, target, health, .. } => self
                .target(group, *target)
                .is_some_and(|target| target.restored || target.is_believed_otherwise(health)),
            EventKind::ProxyLooked { proxy, order, changed, .. } => {
                let look = self.proxies.get(proxy).and_then(|state| state.look.as_ref());
                look.is_none_or(|look| is_other_than_figures(&look.backends, order, changed))
            }
            _ => true,
        }
    }

    /// What a page of this scope holds, without the last checks of its targets, which are told on demand.
    pub fn seen_in(&self, scope: &Scope) -> Self {
        let groups = self.groups.iter().map(|(name, state)| (name.clone(), state.seen_in(scope)));
        Self {
            number: self.number,
            recording: self.recording.clone(),
            groups: groups.collect(),
            proxies: self.proxies.clone(),
            bindings: self.bindings.clone(),
        }
    }

    /// Takes in what comes next on a page. What is in already is passed over; what leaves something out is refused.
    /// `look` sees each event with the board as it is before it.
    pub fn take_news(&mut self, news: &News, mut look: impl FnMut(&Event, &Self)) -> Result<(), Missed> {
        if self.number < news.after {
            return Err(Missed { at: self.number, given: news.after.next() });
        }
        let known = self.number;
        for event in news.events.iter().filter(|event| known < event.number) {
            look(event, self);
            self.take(event);
        }
        self.number = known.max(news.upto);
        Ok(())
    }
}

impl GroupState {
    fn seen_in(&self, scope: &Scope) -> Self {
        let is_in_full = scope.is_in_full(&self.group.name);
        let seen = |target: &TargetState| if is_in_full { target.without_beats() } else { target.outlined() };
        Self {
            group: self.group.clone(),
            targets: self.targets.iter().map(|(id, target)| (*id, seen(target))).collect(),
            schedules: Map::new(),
            // The page of all groups shows it, which is told it otherwise.
            lane: Lane::default(),
            last_change: self.last_change.clone(),
        }
    }
}

impl TargetState {
    /// Whether this is another belief than ours so far. The status may be the same all the same: that of a target that is
    /// drained says how far the drain is.
    pub fn is_believed_otherwise(&self, health: &Health) -> bool {
        discriminant(&self.health) != discriminant(health)
    }

    /// Its status and what that comes from, without single checks.
    fn outlined(&self) -> Self {
        Self { last: None, streak_since: None, due_at: None, ..self.without_beats() }
    }

    fn without_beats(&self) -> Self {
        Self {
            target: self.target.clone(),
            health: self.health.clone(),
            blind: self.blind.clone(),
            since: self.since,
            streak_since: self.streak_since,
            last: self.last.clone(),
            restored: self.restored,
            due_at: self.due_at,
            sentinel: self.sentinel.clone(),
            drain: self.drain.clone(),
            feigned: self.feigned,
            standby: self.standby.clone(),
            beats: Beats::untold(),
        }
    }
}

/// Whether backends, or what their servers are rather than how much they do, are not as they were.
fn is_other_than_figures(old: &[BackendView], order: &[BackendName], changed: &[BackendView]) -> bool {
    let is_same = |(old, new): (&ServerView, &ServerView)| {
        let what = |server: &ServerView| (server.is_up, server.admin, server.backup);
        (&old.name, &old.address, what(old)) == (&new.name, &new.address, what(new))
    };
    let is_as_it_was = |new: &BackendView| {
        let old = old.iter().find(|old| old.name == new.name);
        old.is_some_and(|old| {
            old.servers.len() == new.servers.len() && old.servers.iter().zip(&new.servers).all(is_same)
        })
    };
    !old.iter().map(|backend| &backend.name).eq(order) || !changed.iter().all(is_as_it_was)
}

#[cfg(test)]
pub(crate) mod tests;
