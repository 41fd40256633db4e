//! When a record begins, what is put into it, and when it is over.
//!
//! A first failure of a target that serves makes a draft, so that what proxies counted before is known; it is thrown away
//! if the target passes before it counts as unhealthy. A record is over when the target is healthy, wanted, and used by
//! every proxy that answers; it is frozen a little later, so that the return is in the picture.

use std::collections::{BTreeMap, HashMap};

use crate::{
    Answer, Board, Drill, Event, EventKind, Front, GroupName, GroupState, Health, LabFault, LabRequest, Micros,
    PROXY_LOOK_MS, ProxyName, Purpose, Status, TargetId, TargetState, Timestamp, Transition,
};

use super::evidence::{Belief, Opinion, SeenCheck, Tick, Told};
use super::traffic::{Stretch, Traffic};
use super::{Cause, Ending, Evidence, Failover, FailoverId, Fault, Served};

/// So long a record goes on after service is whole, in milliseconds.
const LEAD_OUT_MS: u64 = 2_000;

/// So long before the beginning the lanes begin, in milliseconds.
const LEAD_IN_MS: i64 = 2_000;

/// So many checks before the first failure are in a record.
const CHECKS_BEFORE: usize = 5;

/// A fault that was inflicted is the cause of a failure that is seen within this time, in milliseconds, or within the time
/// that the settings promise, if that is longer.
const FAULT_COUNTS_MS: u64 = 10_000;

/// So many records are open at once; what fails beyond that is on the board and in the events.
const OPEN_MAX: usize = 200;

/// The records that are open.
#[derive(Clone, Debug, Default)]
pub struct Chronicle {
    open: BTreeMap<TargetId, Failover>,
    drafts: BTreeMap<TargetId, Failover>,
    /// Frozen, and not handed out yet.
    over: Vec<Failover>,
    faults: HashMap<TargetId, Fault>,
    drills: HashMap<TargetId, Drill>,
    looked: HashMap<ProxyName, Timestamp>,
}

/// A check that ended, and what it changed.
struct Seen<'a> {
    group: &'a GroupName,
    target: TargetId,
    check: SeenCheck,
    change: Option<&'a Transition>,
    at: Timestamp,
    id: FailoverId,
}

/// What came of a look at the time.
#[derive(Clone, Debug, Default)]
pub struct Turn {
    /// The records that are frozen from now on.
    pub frozen: Vec<Failover>,
}

impl Chronicle {
    /// The records that are open.
    pub fn open(&self) -> impl Iterator<Item = &Failover> {
        self.open.values()
    }

    /// Whether an event can change something here; asked for every event, so it looks at nothing else.
    pub fn is_concerned(&self, kind: &EventKind) -> bool {
        match kind {
            EventKind::Checked { target, transition, observation, .. } => {
                transition.is_some()
                    || observation.outcome.reason().is_some()
                    || self.open.contains_key(target)
                    || self.drafts.contains_key(target)
            }
            EventKind::SentinelSeen { .. }
            | EventKind::FailoverRecorded(_)
            | EventKind::Started { .. }
            | EventKind::RecordingStopped { .. }
            | EventKind::RecordingResumed { .. }
            | EventKind::Paused { .. }
            | EventKind::NumberSkipped => false,
            _ => true,
        }
    }

    /// A fault was inflicted on a target, or taken back.
    pub fn inflicted(&mut self, target: TargetId, fault: Fault) {
        if fault.what == LabFault::BringBack {
            self.faults.remove(&target);
            return;
        }
        self.faults.insert(target, fault);
        // What comes now is another failover, however short a time ago the last one was over.
        if self.open.get(&target).is_some_and(|open| open.ended_at.is_some())
            && let Some(over) = self.open.remove(&target)
        {
            self.over.push(Failover { frozen: true, ..over });
        }
    }

    /// What happens to a target from now on is a drill.
    pub fn expect_drill(&mut self, target: TargetId, drill: Drill) {
        self.drills.insert(target, drill);
    }

    /// Whether a drill of a target was begun that is not over yet, seen on a record or not.
    pub fn has_drill(&self, target: TargetId, now: Timestamp) -> bool {
        let is_open = |open: &Failover| open.drill.is_some() && open.ended_at.is_none();
        self.open.get(&target).is_some_and(is_open) || self.drills.get(&target).is_some_and(|drill| now < drill.until)
    }

    /// A drill of a target is not expected any more.
    pub fn forget_drill(&mut self, target: TargetId) {
        self.drills.remove(&target);
    }

    /// Events were missed: what is open may lack something.
    pub fn missed(&mut self, board: &Board, now: Timestamp) {
        self.drafts.clear();
        for failover in self.open.values_mut() {
            failover.evidence.has_holes = true;
            look_around(board, failover, now, &self.looked);
            finish(board, failover, now);
        }
    }

    /// Takes in an event. `board` is as it is after it, or later; `id` is the identity of a record that begins with it.
    pub fn take(&mut self, board: &Board, event: &Event, id: FailoverId) {
        let at = event.at;
        match &event.kind {
            EventKind::Checked { group, target, observation, transition, .. } => {
                let (check, change) = (SeenCheck::of(observation), transition.as_ref());
                self.on_check(board, &Seen { group, target: *target, check, change, at, id });
            }
            EventKind::TargetDrained { group, target, drain } => {
                let cause = match drain.purpose {
                    Purpose::Deregistration => Cause::Deregistered,
                    Purpose::Maintenance => Cause::Drained,
                };
                self.leave(board, group, *target, cause, at, id);
                self.believe(*target, Status::Draining, at);
            }
            EventKind::TargetFeigned { group, target, until: Some(_) } => {
                self.leave(board, group, *target, Cause::Drill, at, id);
            }
            EventKind::TargetFeigned { target, .. } => self.with(*target, |failover| finish(board, failover, at)),
            EventKind::TargetReturned { target, .. } => self.with(*target, |failover| finish(board, failover, at)),
            EventKind::ServerTold { place, target: Some(target), order, because, answer, took_us } => {
                let told = Told {
                    at,
                    proxy: place.proxy.clone(),
                    backend: place.backend.clone(),
                    server: place.server.clone(),
                    order: *order,
                    because: *because,
                    took: Micros(*took_us),
                    failed: match answer {
                        Answer::Done { .. } => None,
                        Answer::Failed { why, .. } => Some(why.clone()),
                    },
                };
                let kept = self.open.get_mut(target).or_else(|| self.drafts.get_mut(target));
                if let Some(failover) = kept {
                    failover.evidence.told.push(told);
                }
            }
            EventKind::ProxyLooked { proxy, .. } | EventKind::ProxyLinked { proxy, .. } => {
                for failover in self.open.values_mut().chain(self.drafts.values_mut()) {
                    if failover.served.iter().any(|served| served.proxy == *proxy) {
                        look_around(board, failover, at, &self.looked);
                        finish(board, failover, at);
                    }
                }
                self.looked.insert(proxy.clone(), at);
            }
            EventKind::ProxyDeleted(proxy) => {
                self.looked.remove(proxy);
                self.finish_all(board, at);
            }
            _ => self.finish_all(board, at),
        }
    }

    /// Ends what is over for long enough.
    pub fn turn(&mut self, now: Timestamp) -> Turn {
        let is_over =
            |failover: &Failover| failover.ended_at.is_some_and(|ended| LEAD_OUT_MS <= now.millis_since(ended));
        self.freeze(is_over)
    }

    /// Ends everything, because Drainboard stops.
    pub fn interrupt(&mut self) -> Turn {
        let mut turn = self.freeze(|_| true);
        turn.frozen.iter_mut().filter(|failover| failover.ended_at.is_none()).for_each(|failover| {
            failover.ending = Some(Ending::Interrupted);
        });
        turn
    }

    fn freeze(&mut self, is_over: impl Fn(&Failover) -> bool) -> Turn {
        let over: Vec<TargetId> = self.open.iter().filter(|(_, open)| is_over(open)).map(|(id, _)| *id).collect();
        let frozen = over.into_iter().filter_map(|id| {
            let mut failover = self.open.remove(&id)?;
            failover.frozen = true;
            Some(failover)
        });
        let frozen: Vec<Failover> = frozen.collect();
        Turn { frozen: self.over.drain(..).chain(frozen).collect() }
    }

    /// Puts what a synthetic client saw into a record. `names` are those of its servers, `own` the one that is the target.
    pub fn see_traffic(
        &mut self,
        target: TargetId,
        requests: &[LabRequest],
        names: BTreeMap<u8, String>,
        own: Option<u8>,
        now: Timestamp,
    ) {
        self.with(target, |failover| {
            let end = failover.ended_at.unwrap_or(now);
            let stretch = Stretch { from: failover.from(), zero: failover.started_at, end, to: failover.until(now) };
            failover.traffic = Traffic::of(requests, names, own, stretch).or(failover.traffic.take());
        });
    }

    fn on_check(&mut self, board: &Board, seen: &Seen<'_>) {
        if !self.open.contains_key(&seen.target) {
            self.draft(board, seen);
        }
        for failover in [self.open.get_mut(&seen.target), self.drafts.get_mut(&seen.target)].into_iter().flatten() {
            failover.evidence.see(seen.check);
        }
        if let Some(change) = seen.change {
            self.believe(seen.target, change.to, seen.at);
            self.with(seen.target, |failover| {
                if change.to == Status::Unhealthy {
                    failover.reason = change.reason;
                    failover.failure = change.failure.clone();
                }
            });
        }
        self.with(seen.target, |failover| finish(board, failover, seen.at));
    }

    /// Begins a draft with a first failure, makes a record of it when the target is unhealthy, or throws it away.
    fn draft(&mut self, board: &Board, seen: &Seen<'_>) {
        let Seen { target, check, change, at, id, .. } = *seen;
        let Some((group, state)) = state_of(board, seen.group, target) else { return };
        let became = change.map(|change| change.to);
        let was_healthy = match change {
            Some(change) => change.from == Status::Healthy,
            None => matches!(state.health, Health::Healthy { .. }),
        };
        let is_first = check.is_failure() && was_healthy && state.drain.is_none() && !self.drafts.contains_key(&target);
        if is_first && let Some(mut draft) = begin(board, group, state, Cause::FailedChecks, check.ended_at(), id) {
            look_around(board, &mut draft, at, &self.looked);
            self.drafts.insert(target, draft);
        }
        if became == Some(Status::Unhealthy) {
            if let Some(draft) = self.drafts.remove(&target) {
                self.put(target, draft);
            }
        } else if check.reason.is_none() {
            self.drafts.remove(&target);
            // Its absence began before we knew of it, or before a start.
            let is_back = change.is_some_and(|change| (change.from, change.to) == (Status::Unhealthy, Status::Healthy));
            let back = begin(board, group, state, Cause::CameBack, at, id).filter(|_| is_back);
            if let Some(mut back) = back {
                look_around(board, &mut back, at, &self.looked);
                self.put(target, back);
            }
        }
    }

    /// A target that serves is taken out on purpose.
    fn leave(
        &mut self,
        board: &Board,
        group: &GroupName,
        target: TargetId,
        cause: Cause,
        at: Timestamp,
        id: FailoverId,
    ) {
        let Some((group, state)) = state_of(board, group, target) else { return };
        let is_out = state.drain.is_some() || state.feigned.is_some();
        let served = matches!(state.health, Health::Healthy { .. }) && is_out;
        if self.open.contains_key(&target) || !served {
            return;
        }
        if let Some(mut failover) = begin(board, group, state, cause, at, id) {
            look_around(board, &mut failover, at, &self.looked);
            self.put(target, failover);
        }
    }

    fn put(&mut self, target: TargetId, mut failover: Failover) {
        if OPEN_MAX <= self.open.len() {
            return;
        }
        let promised = failover.check.detection().hang.worst_ms;
        let counts = |fault: &Fault| {
            let seen_after = failover.started_at.millis_since(fault.at);
            fault.at <= failover.started_at && seen_after <= FAULT_COUNTS_MS.max(promised)
        };
        if failover.cause == Cause::FailedChecks
            && let Some(fault) = self.faults.remove(&target).filter(counts)
        {
            (failover.fault, failover.started_at) = (Some(fault), fault.at);
        }
        // One that came to nothing is not the cause of what fails later by itself.
        let is_during = |drill: &Drill| (drill.at..=drill.until).contains(&failover.started_at);
        failover.drill = self.drills.remove(&target).filter(is_during);
        self.open.insert(target, failover);
    }

    fn believe(&mut self, target: TargetId, status: Status, at: Timestamp) {
        self.with(target, |failover| failover.evidence.beliefs.push(Belief { at, status }));
    }

    fn with(&mut self, target: TargetId, change: impl FnOnce(&mut Failover)) {
        if let Some(failover) = self.open.get_mut(&target) {
            change(failover);
        }
    }

    fn finish_all(&mut self, board: &Board, at: Timestamp) {
        self.open.values_mut().for_each(|failover| finish(board, failover, at));
        self.drafts.retain(|id, draft| state_of(board, &draft.group, *id).is_some());
    }
}

impl Failover {
    /// Where its lanes begin.
    pub fn from(&self) -> Timestamp {
        let first = self.evidence.checks.iter().next().map(|check| check.at);
        let lead_in = self.started_at.plus_millis(-LEAD_IN_MS);
        // A little more than the last good check, where that is near.
        first.filter(|first| lead_in.plus_millis(-LEAD_IN_MS) < *first).map_or(lead_in, |first| first.min(lead_in))
    }

    /// Where its lanes end, seen at `now`.
    pub fn until(&self, now: Timestamp) -> Timestamp {
        let lead_out = i64::try_from(LEAD_OUT_MS).unwrap_or(i64::MAX);
        self.ended_at.map_or(now, |ended| ended.plus_millis(lead_out)).max(self.started_at.plus_millis(1_000))
    }
}

fn state_of<'a>(board: &'a Board, group: &GroupName, id: TargetId) -> Option<(&'a GroupState, &'a TargetState)> {
    let group = board.groups.get(group)?;
    Some((group, group.targets.get(&id)?))
}

/// A record of a target that some proxy serves; none where none does.
fn begin(
    board: &Board,
    group: &GroupState,
    state: &TargetState,
    cause: Cause,
    at: Timestamp,
    id: FailoverId,
) -> Option<Failover> {
    let name = &group.group.name;
    let bindings = board.bindings.values().map(|state| &state.binding).filter(|binding| binding.group == *name);
    let served: Vec<Served> = bindings
        .map(|binding| Served {
            proxy: binding.proxy.clone(),
            backend: binding.backend.clone(),
            mode: binding.mode,
            cut_unhealthy: binding.cut_unhealthy,
            tells_health: board
                .proxies
                .get(&binding.proxy)
                .is_some_and(|proxy| proxy.proxy.kind.capabilities().reports_own_health),
        })
        .collect();
    if served.is_empty() || !group.group.check.enabled {
        return None;
    }
    let others = group.targets.values().filter(|other| other.target.id != state.target.id);
    let others = others.filter(|other| board.serves(group, other)).map(|other| other.target.display_name());
    let mut evidence = Evidence::default();
    let before: Vec<SeenCheck> = state
        .beats
        .iter()
        .map(|beat| SeenCheck { at: beat.at, took: beat.total, reason: beat.reason })
        .filter(|check| check.ended_at() <= at)
        .collect();
    // The failures that led here, and some checks before them.
    let failing = before.iter().rev().take_while(|check| check.is_failure()).count();
    let first = before.len().saturating_sub(failing + CHECKS_BEFORE);
    before[first..].iter().for_each(|check| evidence.see(*check));
    let last_good = before.iter().rev().find(|check| check.reason.is_none()).map(|check| check.ended_at());
    Some(Failover {
        id,
        group: name.clone(),
        target: state.target.id,
        name: state.target.display_name(),
        address: state.target.address(),
        cause,
        reason: None,
        failure: None,
        started_at: at,
        fault: None,
        last_good: last_good.filter(|_| cause == Cause::FailedChecks),
        ended_at: None,
        ending: None,
        frozen: false,
        check: group.group.check.clone(),
        served,
        others: others.collect(),
        evidence,
        traffic: None,
        drill: None,
    })
}

/// Adds what the proxies say of the target now.
fn look_around(board: &Board, failover: &mut Failover, at: Timestamp, looked: &HashMap<ProxyName, Timestamp>) {
    let Some((_, state)) = state_of(board, &failover.group, failover.target) else { return };
    let least = at.plus_millis(-i64::try_from(PROXY_LOOK_MS).unwrap_or(0));
    for front in board.fronts(&state.target) {
        let proxy = &front.binding.binding.proxy;
        // A look is every second even where it shows nothing new and is not told.
        let not_before = looked.get(proxy).map(|looked| (*looked).max(least));
        if let Some(opinion) = opinion(&front, at) {
            failover.evidence.hear(opinion, not_before);
        }
        if let Some(tick) = tick(&front, at) {
            let last = failover
                .evidence
                .ticks
                .iter()
                .rev()
                .find(|last| (&last.proxy, &last.backend) == (&tick.proxy, &tick.backend));
            if last.is_none_or(|last| Tick { at: tick.at, ..last.clone() } != tick) {
                failover.evidence.ticks.push(tick);
            }
        }
    }
}

fn opinion(front: &Front<'_>, at: Timestamp) -> Option<Opinion> {
    let binding = &front.binding.binding;
    let (proxy, backend, server) = (binding.proxy.clone(), binding.backend.clone(), front.name?.clone());
    let silent = Opinion {
        at,
        not_before: None,
        since: front.since(),
        proxy,
        backend,
        server,
        says: None,
        is_up: None,
        admin: None,
    };
    if !front.proxy.link.is_up() {
        return Some(silent);
    }
    let server = front.server?;
    Some(Opinion { says: Some(server.says.clone()), is_up: server.is_up, admin: Some(server.admin.state), ..silent })
}

fn tick(front: &Front<'_>, at: Timestamp) -> Option<Tick> {
    let name = front.name?;
    let backend = front.binding.backend(front.proxy)?;
    let sum = |read: fn(&crate::ServerView) -> Option<u64>| {
        let told: Vec<u64> = backend.servers.iter().filter_map(read).collect();
        (!told.is_empty()).then(|| told.iter().sum())
    };
    let own = backend.servers.iter().find(|server| server.name == *name).and_then(|server| server.sessions_total);
    let all: Option<u64> = sum(|server| server.sessions_total);
    let others = all.and_then(|all| all.checked_sub(own?));
    let (errors, retries) = (sum(|server| server.errors), sum(|server| server.retries));
    let tick = Tick {
        at,
        proxy: front.binding.binding.proxy.clone(),
        backend: backend.name.clone(),
        own,
        others,
        errors,
        retries,
        answers_5xx: sum(|server| server.answers_5xx),
    };
    (tick.own.is_some() || tick.errors.is_some()).then_some(tick)
}

/// Notes the end, where it is over; or that it is not over after all.
fn finish(board: &Board, failover: &mut Failover, at: Timestamp) {
    let ending = ending(board, failover);
    match (ending, failover.ending) {
        (Some(ending), None) => {
            (failover.ending, failover.ended_at) = (Some(ending), Some(at.max(failover.started_at)));
        }
        // It failed again before the lead-out was over: it goes on.
        (None, Some(Ending::Whole)) => (failover.ending, failover.ended_at) = (None, None),
        _ => {}
    }
}

fn ending(board: &Board, failover: &Failover) -> Option<Ending> {
    let Some((group, state)) = state_of(board, &failover.group, failover.target) else { return Some(Ending::Gone) };
    if state.target.address() != failover.address {
        return Some(Ending::Gone);
    }
    let is_bound = board.bindings.values().any(|state| state.binding.group == failover.group);
    if !is_bound || !group.group.check.enabled {
        return Some(Ending::Unwatched);
    }
    let fronts = board.fronts(&state.target);
    let mut told = fronts.iter().filter(|front| front.proxy.link.is_up() && front.server.is_some());
    let is_whole = state.is_in_service(&group.group) && told.all(Front::is_used);
    // A drill that feigns goes on although the target is healthy.
    is_whole.then_some(Ending::Whole)
}
