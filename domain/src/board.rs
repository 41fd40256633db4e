//! Everything that is shown live, and the one way in which it changes.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    BackendName, Beats, BindingId, BindingState, Counts, Drain, DrainStage, DrillSchedule, Event, EventKind,
    EventNumber, Group, GroupName, Health, Lane, Link, Map, Micros, Observation, Outcome, OwnFault, Pips, Proxy,
    ProxyLook, ProxyName, Recording, ScheduleId, ScheduleStep, Sentinel, ServerName, Standby, Standing, Status, Target,
    TargetId, Timestamp, Transition,
};

mod proxies;
mod standings;

pub use standings::StandingChange;

/// All groups and targets as of one event. Server and browser hold one each and feed it the same events.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Board {
    /// The last event that is in it.
    pub number: EventNumber,
    /// Whether what is shown is stored.
    pub recording: Recording,
    /// The groups by name.
    pub groups: Map<GroupName, GroupState>,
    /// The proxies by name.
    #[serde(default)]
    pub proxies: Map<ProxyName, ProxyState>,
    /// Which backends serve which groups.
    #[serde(default)]
    pub bindings: Map<BindingId, BindingState>,
}

/// A proxy on the board.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProxyState {
    /// Its settings.
    pub proxy: Proxy,
    /// How our connection to it is.
    pub link: Link,
    /// What it said last; none before the first look since Drainboard started.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub look: Option<ProxyLook>,
    /// Since when each server is up or down, in service or not, as far as we have looked.
    #[serde(default)]
    pub since: Map<BackendName, Map<ServerName, Timestamp>>,
}

/// A group on the board.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupState {
    /// Its settings.
    pub group: Group,
    /// Its targets in the order of registration.
    pub targets: BTreeMap<TargetId, TargetState>,
    /// Its schedules of drills. A page is not sent them.
    #[serde(skip)]
    pub schedules: Map<ScheduleId, DrillSchedule>,
    /// Its last intervals.
    #[serde(default)]
    pub lane: Lane,
    /// The last change of a status in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_change: Option<LastChange>,
}

/// The last change of a status in a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastChange {
    /// When.
    pub at: Timestamp,
    /// The name of the target on the screen.
    pub target: String,
    /// What changed.
    pub transition: Transition,
}

/// A target on the board.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TargetState {
    /// Its settings.
    pub target: Target,
    /// What we believe.
    pub health: Health,
    /// Why we could not see at the last check, where the fault is ours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blind: Option<OwnFault>,
    /// Since when it has its status.
    pub since: Timestamp,
    /// The first result of the present run of equal results.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub streak_since: Option<Timestamp>,
    /// The last check.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last: Option<Observation>,
    /// The status is from before the last start of Drainboard, and no check has confirmed it yet.
    #[serde(default)]
    pub restored: bool,
    /// When the next check is due, as far as that is known; never stored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_at: Option<Timestamp>,
    /// How it stands with its sentinel, where one is wanted and as far as that is known; never stored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sentinel: Option<Sentinel>,
    /// It is to be out of service.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drain: Option<Drain>,
    /// A drill treats it as unhealthy until then; never stored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub feigned: Option<Timestamp>,
    /// It is a standby.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub standby: Option<Standby>,
    /// The last checks.
    #[serde(default)]
    pub beats: Beats,
}

/// An event does not follow on what the board knows: ask for the whole board again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the board is at event {at} and was given event {given}")]
pub struct Missed {
    /// The last event on the board.
    pub at: EventNumber,
    /// The event that came.
    pub given: EventNumber,
}

impl TargetState {
    /// A target that was registered at `at`.
    pub fn new(target: Target, at: Timestamp) -> Self {
        Self {
            target,
            health: Health::new(),
            blind: None,
            since: at,
            streak_since: None,
            last: None,
            restored: false,
            due_at: None,
            sentinel: None,
            drain: None,
            feigned: None,
            standby: None,
            beats: Beats::default(),
        }
    }

    /// Its status and why, under the settings of its group.
    pub fn standing(&self, group: &Group) -> Standing {
        self.standing_with(group, &self.health, self.blind.as_ref(), self.last.is_some())
    }

    /// The word of its standing alone.
    pub fn status(&self, group: &Group) -> Status {
        match &self.drain {
            Some(drain) => drain.stage.status(),
            // It does not run, and nobody wants it to.
            None if self.is_off() => Status::Unused,
            // It is being started: that it does not answer yet is no fault.
            None if self.is_coming() => match Status::derive(&self.health, self.blind.as_ref(), group.check.enabled) {
                Status::Unhealthy => Status::Initial,
                status => status,
            },
            None => Status::derive(&self.health, self.blind.as_ref(), group.check.enabled),
        }
    }

    fn standing_with(&self, group: &Group, health: &Health, blind: Option<&OwnFault>, checked: bool) -> Standing {
        match &self.drain {
            Some(drain) => Standing::drained(drain.stage),
            None if self.is_off() => Standing::drained(DrainStage::Empty),
            None if self.is_coming() && matches!(health, Health::Unhealthy { .. }) => {
                Standing::derive(&Health::new(), blind, group.check.enabled, checked)
            }
            None => Standing::derive(health, blind, group.check.enabled, checked),
        }
    }

    /// How far the next change of belief is.
    pub fn pips(&self, group: &Group) -> Pips {
        self.health.pips(group.check.thresholds())
    }

    /// When the next check is due; none if there will be none, or while that is not known.
    pub fn next_check_at(&self, group: &Group) -> Option<Timestamp> {
        self.due_at.filter(|_| group.check.enabled)
    }

    /// What we believe and can see after one more result.
    fn after(&self, group: &Group, observation: &Observation) -> (Health, Option<OwnFault>) {
        let health = self.health.clone().observe(&observation.outcome, group.check.thresholds());
        let blind = match &observation.outcome {
            Outcome::Unknown(fault) => Some(fault.clone()),
            Outcome::Pass | Outcome::Fail(_) => None,
        };
        (health, blind)
    }

    /// The first moment of the run of equal results that `observation` belongs to.
    fn streak_with(&self, observation: &Observation) -> Timestamp {
        let goes_on = self.last.as_ref().is_some_and(|last| last.outcome.as_str() == observation.outcome.as_str());
        self.streak_since.filter(|_| goes_on).unwrap_or_else(|| observation.ended_at())
    }

    /// Begins anew; its checks so far stay on the record.
    fn forget(&mut self) {
        (self.health, self.blind, self.streak_since, self.last) = (Health::new(), None, None, None);
        self.restored = false;
    }

    fn take(&mut self, observation: &Observation, health: &Health, transition: Option<&Transition>, at: Timestamp) {
        self.streak_since = Some(self.streak_with(observation));
        self.blind = match &observation.outcome {
            Outcome::Unknown(fault) => Some(fault.clone()),
            Outcome::Pass | Outcome::Fail(_) => None,
        };
        self.health = health.clone();
        self.restored = false;
        self.beats.push(observation);
        self.last = Some(observation.clone());
        if transition.is_some() {
            self.since = at;
        }
    }
}

impl GroupState {
    /// A group without targets.
    pub fn new(group: Group) -> Self {
        Self { group, targets: BTreeMap::new(), schedules: Map::new(), lane: Lane::default(), last_change: None }
    }

    /// How many targets have each status.
    pub fn counts(&self) -> Counts {
        self.targets.values().map(|target| target.status(&self.group)).collect()
    }

    /// Whether it has targets that should serve and none of them is healthy, nor could be.
    pub fn is_all_down(&self) -> bool {
        let mut meant = self.targets.values().filter(|target| !target.stands_by()).peekable();
        meant.peek().is_some() && meant.all(|target| target.status(&self.group) == Status::Unhealthy)
    }

    /// 95th percentile of the last check of each target that passed.
    pub fn latency_p95(&self) -> Option<Micros> {
        let passed = self.targets.values().filter_map(|t| t.last.as_ref()).filter(|last| last.outcome == Outcome::Pass);
        let mut totals: Vec<Micros> = passed.map(|last| last.phases.total).collect();
        totals.sort_unstable();
        let rank = (totals.len() * 95).div_ceil(100);
        totals.get(rank.checked_sub(1)?).copied()
    }
}

impl Board {
    /// The state of a target.
    pub fn target(&self, group: &GroupName, id: TargetId) -> Option<&TargetState> {
        self.groups.get(group)?.targets.get(&id)
    }

    /// All targets of all groups by status.
    pub fn counts(&self) -> Counts {
        self.groups.values().map(GroupState::counts).fold(Counts::default(), Counts::plus)
    }

    /// What a result means: the event to record and to show. None if the target is not there any more.
    /// `now` is when the result was judged, `next_check_at` when the next one is due.
    pub fn judge(
        &self,
        group: &GroupName,
        id: TargetId,
        observation: Observation,
        now: Timestamp,
        next_check_at: Option<Timestamp>,
    ) -> Option<EventKind> {
        let group = self.groups.get(group)?;
        let target = group.targets.get(&id)?;
        let settings = &group.group;
        let (health, blind) = target.after(settings, &observation);
        let before = target.status(settings);
        let after = target.standing_with(settings, &health, blind.as_ref(), true);
        let transition = (before != after.status).then(|| Transition {
            from: before,
            to: after.status,
            reason: after.reason,
            failure: match &health {
                Health::Unhealthy { cause, .. } if after.status == Status::Unhealthy => Some(cause.clone()),
                _ => None,
            },
            own_fault: blind.clone(),
            found_after_ms: now.millis_since(target.streak_with(&observation)),
            lasted_ms: now.millis_since(target.since),
        });
        let group = settings.name.clone();
        Some(EventKind::Checked { group, target: id, observation, health, transition, next_check_at })
    }

    /// Takes in the next event. An event that is in already is passed over; one that leaves out others is refused.
    pub fn apply(&mut self, event: &Event) -> Result<(), Missed> {
        if event.number <= self.number {
            return Ok(());
        }
        if event.number != self.number.next() {
            return Err(Missed { at: self.number, given: event.number });
        }
        self.number = event.number;
        self.take(event);
        Ok(())
    }

    pub(crate) fn take(&mut self, event: &Event) {
        match &event.kind {
            EventKind::GroupCreated(group) => {
                self.groups.insert(group.name.clone(), GroupState::new(group.clone()));
            }
            EventKind::GroupEdited(group) => self.edit_group(group, event.at),
            EventKind::GroupDeleted(name) => {
                self.groups.remove(name);
                self.bindings.retain(|_, state| state.binding.group != *name);
            }
            EventKind::TargetRegistered(target) => {
                if let Some(group) = self.groups.get_mut(&target.group) {
                    group.targets.insert(target.id, TargetState::new(target.clone(), event.at));
                }
            }
            EventKind::TargetEdited { target, .. } => self.edit_target(target, event.at),
            EventKind::TargetDeregistered(target) => {
                if let Some(group) = self.groups.get_mut(&target.group) {
                    group.targets.remove(&target.id);
                }
            }
            EventKind::Checked { group, target, observation, health, transition, next_check_at } => {
                self.take_check(event.at, group, *target, observation, health, transition.as_ref());
                self.set_due(group, *target, *next_check_at);
            }
            EventKind::SentinelSeen { group, target, sentinel } => {
                let state = self.groups.get_mut(group).and_then(|group| group.targets.get_mut(target));
                if let Some(state) = state {
                    state.sentinel = Some(sentinel.clone());
                }
            }
            EventKind::DrillScheduled { step, schedule } => {
                let state = self.groups.get_mut(&schedule.group);
                if let Some(state) = state {
                    match step {
                        ScheduleStep::Removed => state.schedules.remove(&schedule.id),
                        _ => state.schedules.insert(schedule.id, (**schedule).clone()),
                    };
                }
            }
            EventKind::TargetFeigned { group, target, until } => {
                let state = self.groups.get_mut(group).and_then(|group| group.targets.get_mut(target));
                if let Some(state) = state {
                    state.feigned = *until;
                }
            }
            EventKind::Started { .. } => self.doubt(),
            EventKind::RecordingStopped { why } => {
                let since = self.recording.off_since().unwrap_or(event.at);
                self.recording = Recording::Off { since, why: why.clone() };
            }
            EventKind::RecordingResumed { .. } => self.recording = Recording::On,
            EventKind::TargetDrained { group, target, drain } | EventKind::DrainChanged { group, target, drain } => {
                self.set_drain(group, *target, Some(drain), event.at);
            }
            EventKind::TargetReturned { group, target, .. } => self.set_drain(group, *target, None, event.at),
            EventKind::RoleChanged { group, target, standby } => {
                self.set_standby(group, *target, standby.as_ref(), event.at);
            }
            EventKind::StandbyMoved { group, target, standby, .. } => {
                self.set_standby(group, *target, Some(standby), event.at);
            }
            kind => self.take_proxy_event(kind, event.at),
        }
    }

    /// A wish changes the status at once.
    fn set_drain(&mut self, group: &GroupName, id: TargetId, drain: Option<&Drain>, at: Timestamp) {
        let Some(group) = self.groups.get_mut(group) else { return };
        let Some(target) = group.targets.get_mut(&id) else { return };
        let before = target.status(&group.group);
        target.drain = drain.cloned();
        if target.status(&group.group) != before {
            target.since = at;
        }
    }

    /// A cold standby is unused while nobody has started it.
    fn set_standby(&mut self, group: &GroupName, id: TargetId, standby: Option<&Standby>, at: Timestamp) {
        let Some(group) = self.groups.get_mut(group) else { return };
        let Some(target) = group.targets.get_mut(&id) else { return };
        let before = target.status(&group.group);
        target.standby = standby.cloned();
        if target.status(&group.group) != before {
            target.since = at;
        }
    }

    /// After a start everything is as it was before, and not confirmed yet. Of proxies nothing is known.
    fn doubt(&mut self) {
        for proxy in self.proxies.values_mut() {
            (proxy.link, proxy.look) = (Link::Untried, None);
            proxy.since.clear();
        }
        for target in self.groups.values_mut().flat_map(|group| group.targets.values_mut()) {
            target.restored = target.last.is_some() || !matches!(target.health, Health::Initial { .. });
            (target.due_at, target.sentinel) = (None, None);
        }
    }

    /// Other settings leave health as it is; only switching checks on or off changes the status, and so its time. What
    /// was believed before they were off says nothing about now.
    fn edit_group(&mut self, group: &Group, at: Timestamp) {
        let Some(state) = self.groups.get_mut(&group.name) else { return };
        let switched = state.group.check.enabled != group.check.enabled;
        let other_check = state.group.check != group.check;
        state.group = group.clone();
        // Another check has a schedule and sentinels of its own.
        for target in state.targets.values_mut().filter(|_| other_check) {
            (target.due_at, target.sentinel) = (None, None);
        }
        for target in state.targets.values_mut().filter(|_| switched) {
            target.since = at;
            if group.check.enabled {
                target.forget();
            }
        }
    }

    /// At another address it is another machine: what we believed of the old one does not hold.
    fn edit_target(&mut self, target: &Target, at: Timestamp) {
        let group = self.groups.get_mut(&target.group);
        let Some(state) = group.and_then(|group| group.targets.get_mut(&target.id)) else { return };
        match (&state.target.host, state.target.port) == (&target.host, target.port) {
            true => state.target = target.clone(),
            // What is wanted of it still holds.
            false => {
                *state = TargetState {
                    drain: state.drain.take(),
                    standby: state.standby.take(),
                    ..TargetState::new(target.clone(), at)
                }
            }
        }
    }

    fn set_due(&mut self, group: &GroupName, id: TargetId, at: Option<Timestamp>) {
        let target = self.groups.get_mut(group).and_then(|group| group.targets.get_mut(&id));
        if let Some(target) = target {
            target.due_at = at;
        }
    }

    fn take_check(
        &mut self,
        at: Timestamp,
        group: &GroupName,
        id: TargetId,
        observation: &Observation,
        health: &Health,
        transition: Option<&Transition>,
    ) {
        let Some(group) = self.groups.get_mut(group) else { return };
        let Some(target) = group.targets.get_mut(&id) else { return };
        target.take(observation, health, transition, at);
        group.lane.push(observation, group.group.check.interval_ms);
        if let Some(transition) = transition {
            let target = target.target.display_name();
            group.last_change = Some(LastChange { at, target, transition: transition.clone() });
        }
    }
}

#[cfg(test)]
mod tests;
