//! What a page must learn. A page holds a part of the board in full and the rest in outline, and is told no more.

use serde::{Deserialize, Serialize};

use crate::{
    Beats, Board, Cell, Event, EventKind, EventNumber, GroupName, GroupState, Map, Micros, Missed, TargetState,
    Timestamp,
};

/// Which part of the board a page holds in full.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// All of it, with every check.
    Everything,
    /// No group: of checks only what they change is told, and what they did to the bar of each group.
    Outline,
    /// One group; the others change only when a status does.
    Group(GroupName),
}

/// What is told of a group instead of its checks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outline {
    /// See [`GroupState::latency_p95`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latency_p95: Option<Micros>,
}

/// What checks did to a group that a page holds in outline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pulse {
    /// The last cells of its bar, as they are now.
    pub cells: Vec<Cell>,
    /// The rest of it.
    pub outline: Outline,
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
    /// The groups whose checks are not told.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub pulses: Map<GroupName, Pulse>,
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
            Self::Outline => false,
            Self::Group(own) => own == group,
        }
    }
}

impl Board {
    /// Whether an event, which comes next, changes more than the figures of a check that went like the one before.
    pub fn is_news(&self, kind: &EventKind) -> bool {
        match kind {
            EventKind::Checked { transition: None, group, target, .. } => {
                self.target(group, *target).is_some_and(|target| target.restored)
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

    /// What checks since `since` did to a group that is held in outline.
    pub fn pulse(&self, group: &GroupName, since: Timestamp) -> Option<Pulse> {
        let group = self.groups.get(group)?;
        Some(Pulse { cells: group.lane.since(since), outline: group.outlined() })
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
        for (name, pulse) in news.pulses.iter().filter(|_| known < news.upto) {
            if let Some(group) = self.groups.get_mut(name) {
                group.lane.amend(&pulse.cells);
                group.outline = Some(pulse.outline.clone());
            }
        }
        Ok(())
    }
}

impl GroupState {
    fn outlined(&self) -> Outline {
        Outline { latency_p95: self.latency_p95() }
    }

    fn seen_in(&self, scope: &Scope) -> Self {
        let outline = (!scope.is_in_full(&self.group.name)).then(|| self.outlined());
        let seen = |target: &TargetState| match outline {
            Some(_) => target.outlined(),
            None => target.without_beats(),
        };
        Self {
            group: self.group.clone(),
            targets: self.targets.iter().map(|(id, target)| (*id, seen(target))).collect(),
            schedules: Map::new(),
            lane: self.lane.clone(),
            last_change: self.last_change.clone(),
            outline: outline.clone(),
        }
    }
}

impl TargetState {
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

#[cfg(test)]
mod tests;
