//! What was when, told from the events that are on record.

use std::collections::BTreeMap;

use crate::{
    DrainStage, Event, EventKind, Gap, Group, GroupName, Life, Reason, Span, StateChange, Status, Target, TargetId,
    TargetPast, TargetState, Timestamp, state_runs,
};

/// Lives, changes of status and gaps, gathered from events in the order of their numbers.
#[derive(Clone, Debug, Default)]
pub struct Record {
    targets: BTreeMap<TargetId, Told>,
    enabled: BTreeMap<GroupName, bool>,
    gaps: Vec<Gap>,
}

/// What is known of a target.
#[derive(Clone, Debug)]
struct Told {
    target: Target,
    life: Life,
    changes: Vec<StateChange>,
    /// What was believed last, whether it was drained then or not.
    belief: (Status, Option<Reason>),
}

impl Record {
    /// Takes in the next event.
    pub fn take(&mut self, event: &Event) {
        let at = event.at;
        match &event.kind {
            EventKind::GroupCreated(group) => drop(self.enabled.insert(group.name.clone(), group.check.enabled)),
            EventKind::GroupEdited(group) => self.edit_group(group, at),
            EventKind::GroupDeleted(name) => {
                self.targets.values_mut().filter(|told| told.target.group == *name).for_each(|told| told.end(at));
            }
            EventKind::TargetRegistered(target) => {
                self.targets.insert(target.id, Told::new(target, Some(at)));
                let is_enabled = self.enabled.get(&target.group) != Some(&false);
                let state = if is_enabled { REGISTERED } else { DISABLED };
                self.believe(target.id, at, state);
            }
            EventKind::TargetEdited { target, was } => {
                let told = self.targets.entry(target.id).or_insert_with(|| Told::new(target, None));
                told.target = target.clone();
                let is_other = was.as_ref().is_some_and(|was| (&was.host, was.port) != (&target.host, target.port));
                if is_other && !matches!(told.status(), Some(Status::Draining | Status::Unused)) {
                    self.believe(target.id, at, REGISTERED);
                }
            }
            EventKind::TargetDeregistered(target) => {
                self.targets.entry(target.id).or_insert_with(|| Told::new(target, None)).end(at);
            }
            EventKind::Checked { target, transition: Some(transition), .. } => {
                self.believe(*target, at, (transition.to, transition.reason));
            }
            EventKind::TargetDrained { target, drain, .. } | EventKind::DrainChanged { target, drain, .. } => {
                let state = match drain.stage {
                    DrainStage::Draining => (Status::Draining, Some(Reason::DeregistrationInProgress)),
                    DrainStage::Empty => (Status::Unused, Some(Reason::NotInUse)),
                };
                self.targets.entry(*target).and_modify(|told| told.change(at, state));
            }
            EventKind::TargetReturned { target, .. } => {
                self.targets.entry(*target).and_modify(|told| told.change(at, told.belief));
            }
            EventKind::Started { gap: Some(gap), .. } | EventKind::RecordingResumed { gap } => self.gaps.push(*gap),
            _ => {}
        }
    }

    /// Takes in what is true now of a target whose beginnings are not on record any more.
    pub fn know(&mut self, group: &Group, state: &TargetState) {
        let told = self.targets.entry(state.target.id).or_insert_with(|| Told::new(&state.target, None));
        if told.changes.is_empty() {
            let standing = state.standing(group);
            told.change(state.since, (standing.status, standing.reason));
        }
    }

    /// The targets of a group that were there in the span, in the order of registration.
    pub fn targets(&self, group: &GroupName, span: Span) -> Vec<TargetPast> {
        let was_there = |told: &&Told| {
            let (from, until) = (told.life.from, told.life.until);
            told.target.group == *group
                && from.is_none_or(|from| from < span.to())
                && until.is_none_or(|until| span.from() < until)
        };
        self.targets.values().filter(was_there).map(|told| told.past(span, &self.gaps)).collect()
    }

    fn edit_group(&mut self, group: &Group, at: Timestamp) {
        let was = self.enabled.insert(group.name.clone(), group.check.enabled);
        if was.is_none_or(|was| was == group.check.enabled) {
            return;
        }
        let state = if group.check.enabled { REGISTERED } else { DISABLED };
        let own = self.targets.values().filter(|told| told.target.group == group.name && told.life.until.is_none());
        let ids: Vec<TargetId> = own.map(|told| told.target.id).collect();
        ids.into_iter().for_each(|id| self.believe(id, at, state));
    }

    fn believe(&mut self, id: TargetId, at: Timestamp, state: (Status, Option<Reason>)) {
        let Some(told) = self.targets.get_mut(&id) else { return };
        told.belief = state;
        if !matches!(told.status(), Some(Status::Draining | Status::Unused)) {
            told.change(at, state);
        }
    }
}

const REGISTERED: (Status, Option<Reason>) = (Status::Initial, Some(Reason::RegistrationInProgress));
const DISABLED: (Status, Option<Reason>) = (Status::Unavailable, Some(Reason::HealthCheckDisabled));

impl Told {
    fn new(target: &Target, from: Option<Timestamp>) -> Self {
        let life = Life { from, until: None };
        Self { target: target.clone(), life, changes: Vec::new(), belief: REGISTERED }
    }

    fn status(&self) -> Option<Status> {
        self.changes.last().map(|change| change.status)
    }

    fn change(&mut self, at: Timestamp, (status, reason): (Status, Option<Reason>)) {
        // A clock that was set back does not make time go back.
        let at = self.changes.last().map_or(at, |last| last.at.max(at));
        self.changes.push(StateChange { at, status, reason });
    }

    fn end(&mut self, at: Timestamp) {
        self.life.until.get_or_insert(at);
    }

    fn past(&self, span: Span, gaps: &[Gap]) -> TargetPast {
        TargetPast {
            id: self.target.id,
            name: self.target.display_name(),
            address: self.target.address(),
            from: self.life.from,
            until: self.life.until,
            states: state_runs(span, self.life, &self.changes, gaps),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::states::tests::{at, span};
    use super::*;
    use crate::{
        Actor, AfterDelay, Check, Description, Drain, DrainReason, EventNumber, Health, Label, Observation, Outcome,
        Phases, Protocol, Purpose, ReturnCause, Transition, Via,
    };

    fn group(enabled: bool) -> Group {
        Group {
            name: "web".parse().unwrap(),
            description: Description::default(),
            protocol: Protocol::Http,
            port: 80,
            deregistration_delay_s: 0,
            minimum_healthy_targets: 1,
            check: Check { enabled, ..Check::default_for(Protocol::Http) },
        }
    }

    fn target() -> Target {
        let id = TargetId::from_uuid(uuid::Uuid::from_u128(1));
        let host = "10.0.0.5".parse().unwrap();
        Target { id, group: "web".parse().unwrap(), label: Label::new("web-1"), host, port: 80 }
    }

    fn turned(from: Status, to: Status, reason: Option<Reason>) -> EventKind {
        let phases = Phases { dns: None, connect: None, tls: None, first_byte: None, total: crate::Micros(10) };
        let transition =
            Transition { from, to, reason, failure: None, own_fault: None, found_after_ms: 0, lasted_ms: 0 };
        EventKind::Checked {
            group: "web".parse().unwrap(),
            target: target().id,
            observation: Observation { at: at(0), phases, status_code: None, outcome: Outcome::Pass },
            health: Health::new(),
            transition: Some(transition),
            next_check_at: None,
        }
    }

    fn drained(stage: DrainStage) -> EventKind {
        let drain = Drain {
            reason: DrainReason::default(),
            by: Actor { via: Via::Console, address: None },
            at: at(0),
            delay_ends_at: at(0),
            after_delay: AfterDelay::Wait,
            expires_at: None,
            purpose: Purpose::Maintenance,
            stage,
            overdue_since: None,
        };
        EventKind::TargetDrained { group: "web".parse().unwrap(), target: target().id, drain }
    }

    fn record(events: Vec<(i64, EventKind)>) -> Record {
        let mut record = Record::default();
        for (number, (ms, kind)) in (1..).zip(events) {
            record.take(&Event { number: EventNumber(number), at: at(ms), by: None, why: None, kind });
        }
        record
    }

    fn told(record: &Record, from: i64, to: i64) -> Vec<(i64, Option<Status>)> {
        let pasts = record.targets(&"web".parse().unwrap(), span(from, to));
        pasts.iter().flat_map(|past| &past.states).map(|run| (run.from.as_millis(), run.status)).collect()
    }

    use Status::{Draining, Healthy, Initial, Unavailable, Unhealthy, Unused};

    #[test]
    fn a_life_with_a_drain_and_a_gap() {
        let returned =
            EventKind::TargetReturned { group: "web".parse().unwrap(), target: target().id, cause: ReturnCause::Asked };
        let gap = Gap { from: at(60), to: at(70) };
        let record = record(vec![
            (0, EventKind::GroupCreated(group(true))),
            (10, EventKind::TargetRegistered(target())),
            (20, turned(Initial, Healthy, None)),
            (30, drained(DrainStage::Draining)),
            (40, drained(DrainStage::Empty)),
            (50, returned),
            (70, EventKind::Started { version: String::new(), gap: Some(gap) }),
            (80, turned(Healthy, Unhealthy, Some(Reason::Timeout))),
            (90, EventKind::TargetDeregistered(target())),
        ]);
        let expected = [
            (0, None),
            (10, Some(Initial)),
            (20, Some(Healthy)),
            (30, Some(Draining)),
            (40, Some(Unused)),
            (50, Some(Healthy)),
            (60, None),
            (70, Some(Healthy)),
            (80, Some(Unhealthy)),
            (90, None),
        ];
        assert_eq!(told(&record, 0, 100), expected);
        assert_eq!(told(&record, 90, 100), []);
        let past = record.targets(&"web".parse().unwrap(), span(0, 100));
        let status_at = |ms| past[0].at(at(ms)).map(|run| run.status);
        assert_eq!((status_at(5), status_at(25), status_at(65)), (None, Some(Some(Healthy)), Some(None)));
        assert_eq!((status_at(90), status_at(200)), (None, None));
    }

    #[test]
    fn checks_that_are_switched_off_are_not_healthy() {
        let record = record(vec![
            (0, EventKind::GroupCreated(group(true))),
            (10, EventKind::TargetRegistered(target())),
            (20, turned(Initial, Healthy, None)),
            (30, EventKind::GroupEdited(group(false))),
            (40, EventKind::GroupEdited(group(true))),
        ]);
        assert_eq!(told(&record, 25, 50), [(25, Some(Healthy)), (30, Some(Unavailable)), (40, Some(Initial))]);
    }

    #[test]
    fn a_target_whose_beginnings_are_gone_is_known_since_its_last_change() {
        let mut record = Record::default();
        record.know(
            &group(true),
            &TargetState { health: Health::Healthy { fails: 0 }, ..TargetState::new(target(), at(50)) },
        );
        assert_eq!(told(&record, 0, 100), [(0, None), (50, Some(Healthy))]);
    }
}
