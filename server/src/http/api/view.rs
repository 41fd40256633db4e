//! How things look in the API. Times are RFC 3339 in UTC with milliseconds, durations carry their unit in the name.

use domain::{
    Actor, Beat, Board, Check, Counts, Gap, Group, GroupState, Micros, Observation, Outcome, Phases, Reason, Sentinel,
    TargetState, Timestamp, Transition,
};
use serde::Serialize;

pub(crate) mod admission;
pub(crate) mod event;
pub(crate) mod failover;
pub(crate) mod lab;
pub(crate) mod past;
pub(crate) mod proxy;
pub(crate) mod schedule;
pub(crate) mod standby;

use standby::{RoleView, StandbyRuleView};

use admission::{AdmissionView, FrontView};

/// One page of a list.
#[derive(Debug, Serialize)]
pub(crate) struct List<T> {
    items: Vec<T>,
    next_cursor: Option<String>,
}

impl<T> List<T> {
    /// All of them.
    pub(crate) fn whole(items: Vec<T>) -> Self {
        Self { items, next_cursor: None }
    }

    /// The first `limit` of `items`, which may hold one more to tell that there is a next page.
    pub(crate) fn page(mut items: Vec<T>, limit: usize, cursor: impl FnOnce(&T) -> String) -> Self {
        let goes_on = items.len() > limit;
        items.truncate(limit);
        let next_cursor = items.last().filter(|_| goes_on).map(cursor);
        Self { items, next_cursor }
    }
}

/// A group.
#[derive(Debug, Serialize)]
pub(crate) struct GroupView {
    #[serde(flatten)]
    pub(crate) settings: GroupSettings,
    counts: Counts,
}

/// The settings of a group.
#[derive(Debug, Serialize)]
pub(crate) struct GroupSettings {
    pub(crate) name: String,
    description: String,
    protocol: &'static str,
    port: u16,
    deregistration_delay_s: u32,
    minimum_healthy_targets: u32,
    standby: StandbyRuleView,
    health_check: CheckView,
}

#[derive(Debug, Serialize)]
struct CheckView {
    enabled: bool,
    protocol: &'static str,
    port: String,
    path: String,
    method: &'static str,
    host: Option<String>,
    matcher: String,
    body_contains: Option<String>,
    tls_verify: bool,
    server_name: Option<String>,
    interval_ms: u32,
    timeout_ms: u32,
    healthy_threshold: u8,
    unhealthy_threshold: u8,
    fast_interval_ms: Option<u32>,
    sentinel: bool,
}

impl From<&GroupState> for GroupView {
    fn from(state: &GroupState) -> Self {
        Self { settings: GroupSettings::from(&state.group), counts: state.counts() }
    }
}

impl From<&Group> for GroupSettings {
    fn from(group: &Group) -> Self {
        Self {
            name: group.name.to_string(),
            description: group.description.to_string(),
            protocol: group.protocol.as_str(),
            port: group.port,
            deregistration_delay_s: group.deregistration_delay_s,
            minimum_healthy_targets: group.minimum_healthy_targets,
            standby: StandbyRuleView::from(group),
            health_check: CheckView::from(&group.check),
        }
    }
}

impl From<&Check> for CheckView {
    fn from(check: &Check) -> Self {
        Self {
            enabled: check.enabled,
            protocol: check.protocol.as_str(),
            port: check.port.to_string(),
            path: check.path.to_string(),
            method: check.method.as_str(),
            host: check.host.as_ref().map(ToString::to_string),
            matcher: check.matcher.to_string(),
            body_contains: check.body_contains.clone(),
            tls_verify: check.tls_verify,
            server_name: check.server_name.as_ref().map(ToString::to_string),
            interval_ms: check.interval_ms,
            timeout_ms: check.timeout_ms,
            healthy_threshold: check.healthy_threshold,
            unhealthy_threshold: check.unhealthy_threshold,
            fast_interval_ms: check.fast_interval_ms,
            sentinel: check.sentinel,
        }
    }
}

/// A target.
#[derive(Debug, Serialize)]
pub(crate) struct TargetView {
    pub(crate) id: String,
    group: String,
    label: String,
    host: String,
    port: u16,
    status: &'static str,
    reason: Option<Reason>,
    description: Option<String>,
    since: Time,
    passes: usize,
    fails: usize,
    confirmed: bool,
    last_check: Option<ObservationView>,
    next_check_at: Option<Time>,
    sentinel: Option<SentinelView>,
    admission: AdmissionView,
    #[serde(flatten)]
    role: RoleView,
    proxies: Vec<FrontView>,
}

impl TargetView {
    /// The target as it stands under the settings of its group, and in the proxies of the board.
    pub(crate) fn new(board: &Board, group: &Group, state: &TargetState) -> Self {
        let standing = state.standing(group);
        let newest =
            |wanted: fn(&Beat) -> bool| state.beats.iter().rev().filter(known).take_while(|b| wanted(b)).count();
        Self {
            id: state.target.id.to_string(),
            group: state.target.group.to_string(),
            label: state.target.label.as_str().to_owned(),
            host: state.target.host.to_string(),
            port: state.target.port,
            status: standing.status.as_str(),
            reason: standing.reason,
            description: standing.description,
            since: Time(state.since),
            passes: newest(|beat| beat.reason.is_none()).max(usize::from(state.health.passes())),
            fails: newest(|beat| beat.reason.is_some()).max(usize::from(state.health.fails())),
            confirmed: !state.restored,
            last_check: state.last.as_ref().map(ObservationView::from),
            next_check_at: state.next_check_at(group).map(Time),
            sentinel: state.sentinel.as_ref().map(SentinelView::from),
            admission: AdmissionView::new(state.drain.as_ref()),
            role: RoleView::from(state),
            proxies: board.fronts(&state.target).iter().map(|front| FrontView::new(front, state)).collect(),
        }
    }
}

/// How it stands with the sentinel of a target.
#[derive(Debug, Serialize)]
pub(crate) struct SentinelView {
    state: &'static str,
    since: Option<Time>,
    again_at: Option<Time>,
    closed_after_ms: Option<u64>,
    detail: Option<String>,
}

impl From<&Sentinel> for SentinelView {
    fn from(sentinel: &Sentinel) -> Self {
        let (mut since, mut closed_after_ms, mut detail) = (None, None, None);
        match sentinel {
            Sentinel::Held { since: held } => since = Some(Time(*held)),
            Sentinel::Useless { closed_after_ms: after, .. } => closed_after_ms = Some(*after),
            Sentinel::NotOpened { why, .. } => detail = Some(why.to_string()),
            Sentinel::NoRoom { max, .. } => {
                detail = Some(format!("{max} sentinels are held already, and no more are allowed; raise --sentinels"));
            }
            Sentinel::Down | Sentinel::Pausing { .. } => {}
        }
        Self { state: sentinel.as_str(), since, again_at: sentinel.until().map(Time), closed_after_ms, detail }
    }
}

/// A check that we could not make neither breaks nor lengthens a run of equal results.
fn known(beat: &&Beat) -> bool {
    beat.reason != Some(Reason::InternalError)
}

/// What one check saw.
#[derive(Debug, Serialize)]
pub(crate) struct ObservationView {
    at: Time,
    outcome: &'static str,
    reason: Option<Reason>,
    detail: Option<String>,
    status_code: Option<u16>,
    phases_ms: PhasesView,
}

#[derive(Debug, Serialize)]
struct PhasesView {
    dns: Option<f64>,
    connect: Option<f64>,
    tls: Option<f64>,
    first_byte: Option<f64>,
    total: f64,
}

impl From<&Observation> for ObservationView {
    fn from(observation: &Observation) -> Self {
        let outcome: &Outcome = &observation.outcome;
        Self {
            at: Time(observation.at),
            outcome: outcome.as_str(),
            reason: outcome.reason(),
            detail: outcome.detail(),
            status_code: observation.status_code,
            phases_ms: PhasesView::from(&observation.phases),
        }
    }
}

impl From<&Phases> for PhasesView {
    fn from(phases: &Phases) -> Self {
        let ms = |phase: Option<Micros>| phase.map(Micros::as_millis_f64);
        Self {
            dns: ms(phases.dns),
            connect: ms(phases.connect),
            tls: ms(phases.tls),
            first_byte: ms(phases.first_byte),
            total: phases.total.as_millis_f64(),
        }
    }
}

/// A change of status.
#[derive(Debug, Serialize)]
pub(crate) struct TransitionView {
    from: &'static str,
    to: &'static str,
    reason: Option<Reason>,
    description: Option<String>,
    detail: Option<String>,
    found_after_ms: u64,
    lasted_ms: u64,
}

impl From<&Transition> for TransitionView {
    fn from(transition: &Transition) -> Self {
        let failure = transition.failure.as_ref();
        let fault = transition.own_fault.as_ref().map(ToString::to_string);
        Self {
            from: transition.from.as_str(),
            to: transition.to.as_str(),
            reason: transition.reason,
            description: transition.reason.map(|reason| reason.description(failure)),
            detail: fault.or_else(|| failure.map(ToString::to_string)),
            found_after_ms: transition.found_after_ms,
            lasted_ms: transition.lasted_ms,
        }
    }
}

/// Who made a change.
#[derive(Debug, Serialize)]
pub(crate) struct ActorView {
    via: domain::Via,
    address: Option<std::net::IpAddr>,
}

impl From<&Actor> for ActorView {
    fn from(actor: &Actor) -> Self {
        Self { via: actor.via, address: actor.address }
    }
}

/// A time for which nothing is stored.
#[derive(Debug, Serialize)]
pub(crate) struct GapView {
    from: Time,
    to: Time,
}

impl From<&Gap> for GapView {
    fn from(gap: &Gap) -> Self {
        Self { from: Time(gap.from), to: Time(gap.to) }
    }
}

/// A moment as RFC 3339.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Time(pub(super) Timestamp);

impl Serialize for Time {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_tells_where_the_next_one_begins_only_if_there_is_one() {
        let page = List::page(vec![1, 2, 3], 2, ToString::to_string);
        assert_eq!((page.items, page.next_cursor.as_deref()), (vec![1, 2], Some("2")));
        let last = List::page(vec![1, 2], 2, ToString::to_string);
        assert_eq!((last.items, last.next_cursor), (vec![1, 2], None));
    }
}
