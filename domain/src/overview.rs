//! All groups at a glance: of each its figures instead of its targets. What a page of all groups holds, and how it learns
//! what is new.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::{
    Board, Cell, Counts, Description, EventKind, GroupName, GroupState, Lane, LastChange, Map, Micros, Protocol,
    ProxyName, Reason, Status, TargetId, TargetState, Timestamp,
};

/// So many targets of a group have their statuses told one by one; more are only counted.
pub const STATUSES_MAX: usize = 24;

/// So many forgotten drains of a group are named; the rest is counted.
pub const FORGOTTEN_MAX: usize = 5;

/// All groups at a glance.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overview {
    /// The groups by name.
    pub groups: Map<GroupName, Glance>,
}

/// A group at a glance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Glance {
    /// What it is for.
    #[serde(default, skip_serializing_if = "Description::is_empty")]
    pub description: Description,
    /// How its targets serve.
    pub protocol: Protocol,
    /// The port of targets that are registered without one.
    pub port: u16,
    /// Path and query of its checks, where they are HTTP.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// How many targets have each status.
    pub counts: Counts,
    /// The status of each target in the order of registration; none where there are more than [`STATUSES_MAX`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub statuses: Vec<Status>,
    /// Some target was healthy before the last start of Drainboard, and no check has confirmed it yet.
    #[serde(default, skip_serializing_if = "is_false")]
    pub unconfirmed: bool,
    /// Its proxies have nobody to send to who may serve, see [`Board::fails_open`].
    #[serde(default, skip_serializing_if = "is_false")]
    pub fails_open: bool,
    /// The proxies that stand before it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub proxies: Vec<ProxyName>,
    /// So often a proxy and we disagree about a target of it.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub disagreements: u32,
    /// The drains in it that somebody should be reminded of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub forgotten: Option<Forgotten>,
    /// Its last intervals.
    pub lane: Lane,
    /// See [`GroupState::latency_p95`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latency_p95: Option<Micros>,
    /// The last change of a status in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_change: Option<Changed>,
}

/// The last change of a status in a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changed {
    /// When.
    pub at: Timestamp,
    /// The name of the target on the screen.
    pub target: String,
    /// The status since then.
    pub to: Status,
    /// Why; none when healthy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
}

/// Drains that somebody should be reminded of, see [`crate::Drain::is_forgotten`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Forgotten {
    /// How many there are.
    pub count: u32,
    /// The first [`FORGOTTEN_MAX`] of them: the target, its name, and since when it is drained.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub first: Vec<(TargetId, String, Timestamp)>,
    /// When the next drain will be one of them, if nothing happens meanwhile.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_at: Option<Timestamp>,
}

/// What checks did to the figures of a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pulse {
    /// The last cells of its bar, as they are now.
    pub cells: Vec<Cell>,
    /// See [`GroupState::latency_p95`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latency_p95: Option<Micros>,
}

/// What is new at a glance.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Digest {
    /// The groups in which more than figures changed; of their intervals those that are not as they were.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub groups: Map<GroupName, Glance>,
    /// The groups that are no more, or were made anew.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gone: Vec<GroupName>,
    /// What checks did to the figures of other groups.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub pulses: Map<GroupName, Pulse>,
}

impl Overview {
    /// All targets of all groups by status.
    pub fn counts(&self) -> Counts {
        self.groups.values().map(|glance| glance.counts).fold(Counts::default(), Counts::plus)
    }

    /// Takes in what is new. Taking it again changes nothing.
    pub fn take(&mut self, digest: Digest) {
        for name in &digest.gone {
            self.groups.remove(name);
        }
        for (name, mut glance) in digest.groups {
            if let Some(known) = self.groups.get_mut(&name) {
                std::mem::swap(&mut glance.lane, &mut known.lane);
                glance.lane.amend(known.lane.iter().copied());
            }
            self.groups.insert(name, glance);
        }
        for (name, pulse) in digest.pulses {
            if let Some(glance) = self.groups.get_mut(&name) {
                glance.lane.amend(pulse.cells.into_iter());
                glance.latency_p95 = pulse.latency_p95;
            }
        }
    }
}

/// Whether an event changes more at a glance than figures. `is_news` says whether it changes more than figures of what
/// it is about, see [`Board::is_news`].
pub fn is_seen_at_a_glance(kind: &EventKind, is_news: bool) -> bool {
    is_news && !matches!(kind, EventKind::SentinelSeen { .. } | EventKind::NumberSkipped)
}

impl Board {
    /// All groups at a glance, as of `now`.
    pub fn overview(&self, now: Timestamp) -> Overview {
        let groups = self.groups.iter().map(|(name, group)| (name.clone(), self.glance(group, now)));
        Overview { groups: groups.collect() }
    }

    /// What these events, the last of which are on the board, changed at a glance; each with whether it was
    /// [news](Board::is_news).
    pub fn digest<'a>(&self, events: impl IntoIterator<Item = (&'a EventKind, bool)>, now: Timestamp) -> Digest {
        let (mut touched, mut gone, mut since) = (BTreeSet::new(), Vec::new(), BTreeMap::new());
        for (kind, is_news) in events {
            if let EventKind::Checked { group, observation, .. } = kind {
                let first = since.entry(group).or_insert(observation.at);
                *first = observation.at.min(*first);
            }
            if let EventKind::GroupDeleted(name) = kind {
                gone.push(name.clone());
            }
            if is_seen_at_a_glance(kind, is_news) {
                self.touch(kind, &mut touched);
            }
        }
        let quiet = since.iter().filter(|(name, _)| !touched.contains(*name));
        let pulses = quiet.filter_map(|(name, at)| Some(((*name).clone(), self.pulse(name, *at)?))).collect();
        let groups = touched.into_iter().filter_map(|name| {
            let group = self.groups.get(name)?;
            let lane = since.get(name).map(|at| Lane::from(group.lane.since(*at))).unwrap_or_default();
            Some((name.clone(), Glance { lane, ..self.glance(group, now) }))
        });
        Digest { groups: groups.collect(), gone, pulses }
    }

    /// Adds the groups of which an event may have changed what is seen at a glance.
    fn touch<'a>(&'a self, kind: &'a EventKind, touched: &mut BTreeSet<&'a GroupName>) {
        let bound = self.bindings.values().map(|state| &state.binding);
        match (kind, kind.group(), kind.proxy()) {
            // What was bound to it is not known any more.
            (EventKind::Started { .. } | EventKind::ProxyDeleted(_), ..) => touched.extend(self.groups.keys()),
            (_, Some(group), _) => drop(touched.insert(group)),
            (EventKind::ProxyLooked { order, changed, .. }, _, Some(proxy)) => {
                let is_same = |name| order.contains(name) && changed.iter().all(|backend| backend.name != *name);
                let other = bound.filter(|bound| bound.proxy == *proxy && !is_same(&bound.backend));
                touched.extend(other.map(|bound| &bound.group));
            }
            (_, _, proxy) => {
                touched.extend(bound.filter(|bound| Some(&bound.proxy) == proxy).map(|bound| &bound.group))
            }
        }
    }

    /// What checks since `since` did to the figures of a group.
    fn pulse(&self, group: &GroupName, since: Timestamp) -> Option<Pulse> {
        let group = self.groups.get(group)?;
        Some(Pulse { cells: group.lane.since(since), latency_p95: group.latency_p95() })
    }

    fn glance(&self, group: &GroupState, now: Timestamp) -> Glance {
        let settings = &group.group;
        let is_told = group.targets.len() <= STATUSES_MAX;
        let mut proxies: Vec<ProxyName> = Vec::new();
        for state in self.bindings.values().filter(|state| state.binding.group == settings.name) {
            if !proxies.contains(&state.binding.proxy) {
                proxies.push(state.binding.proxy.clone());
            }
        }
        let is_bound = !proxies.is_empty();
        let disagreements = if is_bound { self.disagreements_of(&settings.name, group).len() } else { 0 };
        Glance {
            description: settings.description.clone(),
            protocol: settings.protocol,
            port: settings.port,
            path: settings.check.protocol.is_http().then(|| settings.check.path.to_string()),
            counts: group.counts(),
            statuses: group.targets.values().filter(|_| is_told).map(|target| target.status(settings)).collect(),
            unconfirmed: group.is_unconfirmed(),
            fails_open: is_bound && self.fails_open(&settings.name),
            proxies,
            disagreements: u32::try_from(disagreements).unwrap_or(u32::MAX),
            forgotten: Forgotten::of(group, now),
            lane: group.lane.clone(),
            latency_p95: group.latency_p95(),
            last_change: group.last_change.as_ref().map(Changed::from),
        }
    }
}

impl GroupState {
    /// Whether the status of a healthy target is from before the last start: until its next check nobody knows.
    pub fn is_unconfirmed(&self) -> bool {
        let is_healthy = |target: &TargetState| target.status(&self.group) == Status::Healthy;
        self.targets.values().any(|target| target.restored && is_healthy(target))
    }
}

impl Forgotten {
    /// None where nothing in the group is drained.
    fn of(group: &GroupState, now: Timestamp) -> Option<Self> {
        let mut told = Self::default();
        for target in group.targets.values() {
            let Some(drain) = &target.drain else { continue };
            if drain.is_forgotten(now) {
                told.count += 1;
                if told.first.len() < FORGOTTEN_MAX {
                    told.first.push((target.target.id, target.target.display_name(), drain.at));
                }
            } else {
                let at = drain.forgotten_at();
                told.next_at = Some(told.next_at.map_or(at, |next| next.min(at)));
            }
        }
        (told != Self::default()).then_some(told)
    }
}

impl From<&LastChange> for Changed {
    fn from(change: &LastChange) -> Self {
        let LastChange { at, target, transition } = change;
        Self { at: *at, target: target.clone(), to: transition.to, reason: transition.reason }
    }
}

fn is_false(is: &bool) -> bool {
    !is
}

fn is_zero(count: &u32) -> bool {
    *count == 0
}

#[cfg(test)]
mod tests;
