//! Failover records as the API shows them.

use domain::{
    Brief, Column, Counted, Drill, Failover, FailoverNote, Figure, Figures, LabFault, Opinion, Outlook, Reason,
    SeenCheck, Served, Tick, Told, Traffic, Verdict,
};
use serde::Serialize;
use std::collections::BTreeMap;

use super::Time;

/// What is told of a record when it begins and when it is complete.
#[derive(Debug, Serialize)]
pub(crate) struct FailoverNoteView {
    id: String,
    cause: &'static str,
    ending: Option<&'static str>,
    detect_ms: Option<f64>,
    out_of_service_ms: Option<f64>,
    recover_ms: Option<f64>,
    requests_lost: Option<f64>,
}

impl From<&FailoverNote> for FailoverNoteView {
    fn from(note: &FailoverNote) -> Self {
        let [detect_ms, out_of_service_ms, recover_ms] = note.took_ms;
        Self {
            id: note.id.to_string(),
            cause: note.cause.as_str(),
            ending: note.ending.map(|ending| ending.as_str()),
            detect_ms,
            out_of_service_ms,
            recover_ms,
            requests_lost: note.lost,
        }
    }
}

/// A record as it stands in a list.
#[derive(Debug, Serialize)]
pub(crate) struct BriefView {
    pub(crate) id: String,
    group: String,
    target: String,
    target_name: String,
    cause: &'static str,
    reason: Option<Reason>,
    fault: Option<FaultView>,
    started_at: Time,
    ended_at: Option<Time>,
    ending: Option<&'static str>,
    #[serde(flatten)]
    measured: Measured,
    drill: Option<DrillView>,
}

#[derive(Debug, Serialize)]
struct FaultView {
    at: Time,
    what: LabFault,
}

/// Figures, the bounds beside them, and why one is missing.
#[derive(Debug, Serialize)]
struct Measured {
    figures: BTreeMap<&'static str, Option<f64>>,
    bounds: BTreeMap<&'static str, u64>,
    missing: BTreeMap<&'static str, &'static str>,
    or_earlier_ms: BTreeMap<&'static str, u64>,
}

/// The figures with their names.
pub(crate) fn named(figures: &Figures) -> [(&'static str, Figure); 7] {
    [
        ("detect_ms", figures.detect_ms),
        ("proxy_detect_ms", figures.proxy_detect_ms),
        ("out_of_service_ms", figures.out_of_service_ms),
        ("first_success_elsewhere_ms", figures.first_success_elsewhere_ms),
        ("requests_lost", figures.requests_lost),
        ("requests_stalled", figures.requests_stalled),
        ("recover_ms", figures.recover_ms),
    ]
}

impl From<&Figures> for Measured {
    fn from(figures: &Figures) -> Self {
        let named = named(figures);
        let of = |read: fn(Figure) -> Option<u64>| {
            named.iter().filter_map(|(name, figure)| Some((*name, read(*figure)?))).collect()
        };
        Self {
            figures: named.iter().map(|(name, figure)| (*name, figure.value)).collect(),
            bounds: of(|figure| figure.bound),
            missing: named.iter().filter_map(|(name, figure)| Some((*name, figure.missing?.as_str()))).collect(),
            or_earlier_ms: of(|figure| figure.blur_ms),
        }
    }
}

#[derive(Debug, Serialize)]
struct DrillView {
    kind: &'static str,
    at: Time,
    until: Time,
    detect_ms: Option<u32>,
    fail_over_ms: Option<u32>,
    lost: Option<u32>,
    scheduled: bool,
    verdict: &'static str,
    missed: Vec<domain::Criterion>,
}

impl DrillView {
    fn new(drill: &Drill, figures: &Figures, is_over: bool) -> Self {
        let (verdict, missed) = match drill.verdict(figures, is_over) {
            Verdict::Open => ("open", Vec::new()),
            Verdict::Passed => ("passed", Vec::new()),
            Verdict::Failed(missed) => ("failed", missed),
        };
        let domain::Criteria { detect_ms, fail_over_ms, lost } = drill.criteria;
        let (kind, at, until, scheduled) = (drill.kind.as_str(), Time(drill.at), Time(drill.until), drill.scheduled);
        Self { kind, at, until, detect_ms, fail_over_ms, lost, scheduled, verdict, missed }
    }
}

impl From<&Brief> for BriefView {
    fn from(brief: &Brief) -> Self {
        Self {
            id: brief.id.to_string(),
            group: brief.group.to_string(),
            target: brief.target.to_string(),
            target_name: brief.name.clone(),
            cause: brief.cause.as_str(),
            reason: brief.reason,
            fault: brief.fault.map(|fault| FaultView { at: Time(fault.at), what: fault.what }),
            started_at: Time(brief.started_at),
            ended_at: brief.ended_at.map(Time),
            ending: brief.ending.map(|ending| ending.as_str()),
            measured: Measured::from(&brief.figures),
            drill: brief.drill.as_ref().map(|drill| DrillView::new(drill, &brief.figures, brief.ended_at.is_some())),
        }
    }
}

/// A whole record.
#[derive(Debug, Serialize)]
pub(crate) struct FailoverView {
    #[serde(flatten)]
    brief: BriefView,
    address: String,
    detail: Option<String>,
    last_good_check: Option<Time>,
    complete: bool,
    proxies: Vec<ServedView>,
    others: Vec<String>,
    counted: Option<Counted>,
    what_settings_promise: Vec<OutlookView>,
    checks: Vec<CheckView>,
    beliefs: Vec<BeliefView>,
    proxies_say: Vec<OpinionView>,
    told: Vec<ToldView>,
    counters: Vec<TickView>,
    traffic: Option<TrafficView>,
    may_have_holes: bool,
}

#[derive(Debug, Serialize)]
struct ServedView {
    proxy: String,
    backend: String,
    mode: &'static str,
    cut_unhealthy: bool,
}

impl From<&Served> for ServedView {
    fn from(served: &Served) -> Self {
        let (proxy, backend) = (served.proxy.to_string(), served.backend.clone());
        Self { proxy, backend, mode: served.mode.as_str(), cut_unhealthy: served.cut_unhealthy }
    }
}

#[derive(Debug, Serialize)]
struct OutlookView {
    fast_confirm: bool,
    sentinel: bool,
    detect_mean_ms: u64,
    detect_worst_ms: u64,
}

impl From<&Outlook> for OutlookView {
    fn from(outlook: &Outlook) -> Self {
        Self {
            fast_confirm: outlook.alternative != domain::Alternative::Plain,
            sentinel: outlook.alternative == domain::Alternative::Sentinel,
            detect_mean_ms: outlook.bound.mean_ms,
            detect_worst_ms: outlook.bound.worst_ms,
        }
    }
}

#[derive(Debug, Serialize)]
struct CheckView {
    at: Time,
    took_ms: f64,
    reason: Option<Reason>,
}

impl From<&SeenCheck> for CheckView {
    fn from(check: &SeenCheck) -> Self {
        Self { at: Time(check.at), took_ms: check.took.as_millis_f64(), reason: check.reason }
    }
}

#[derive(Debug, Serialize)]
struct BeliefView {
    at: Time,
    status: &'static str,
}

#[derive(Debug, Serialize)]
struct OpinionView {
    at: Time,
    not_before: Option<Time>,
    proxy: String,
    backend: String,
    server: String,
    says: Option<String>,
    up: Option<bool>,
    admin: Option<&'static str>,
}

impl From<&Opinion> for OpinionView {
    fn from(opinion: &Opinion) -> Self {
        Self {
            at: Time(opinion.at),
            not_before: opinion.not_before.map(Time),
            proxy: opinion.proxy.to_string(),
            backend: opinion.backend.clone(),
            server: opinion.server.clone(),
            says: opinion.says.clone(),
            up: opinion.is_up,
            admin: opinion.admin.map(|admin| admin.as_str()),
        }
    }
}

#[derive(Debug, Serialize)]
struct ToldView {
    at: Time,
    proxy: String,
    backend: String,
    server: String,
    order: &'static str,
    because: &'static str,
    took_ms: f64,
    failed: Option<String>,
}

impl From<&Told> for ToldView {
    fn from(told: &Told) -> Self {
        Self {
            at: Time(told.at),
            proxy: told.proxy.to_string(),
            backend: told.backend.clone(),
            server: told.server.clone(),
            order: told.order.as_str(),
            because: told.because.as_str(),
            took_ms: told.took.as_millis_f64(),
            failed: told.failed.clone(),
        }
    }
}

#[derive(Debug, Serialize)]
struct TickView {
    at: Time,
    proxy: String,
    backend: String,
    target_sessions_total: Option<u64>,
    others_sessions_total: Option<u64>,
    errors: Option<u64>,
    retries: Option<u64>,
    answers_5xx: Option<u64>,
}

impl From<&Tick> for TickView {
    fn from(tick: &Tick) -> Self {
        Self {
            at: Time(tick.at),
            proxy: tick.proxy.to_string(),
            backend: tick.backend.clone(),
            target_sessions_total: tick.own,
            others_sessions_total: tick.others,
            errors: tick.errors,
            retries: tick.retries,
            answers_5xx: tick.answers_5xx,
        }
    }
}

#[derive(Debug, Serialize)]
struct TrafficView {
    from: Time,
    step_ms: u64,
    servers: BTreeMap<u8, String>,
    total: u64,
    lost: u64,
    lost_in_flight: u64,
    stalled: u64,
    columns: Vec<Column>,
}

impl From<&Traffic> for TrafficView {
    fn from(traffic: &Traffic) -> Self {
        Self {
            from: Time(traffic.from),
            step_ms: traffic.step_ms,
            servers: traffic.names.clone(),
            total: traffic.total,
            lost: traffic.lost,
            lost_in_flight: traffic.lost_in_flight,
            stalled: traffic.stalled,
            columns: traffic.columns.clone(),
        }
    }
}

impl From<&Failover> for FailoverView {
    fn from(failover: &Failover) -> Self {
        let evidence = &failover.evidence;
        Self {
            brief: BriefView::from(&failover.brief()),
            address: failover.address.clone(),
            detail: failover.failure.as_ref().map(ToString::to_string),
            last_good_check: failover.last_good.map(Time),
            complete: failover.frozen,
            proxies: failover.served.iter().map(ServedView::from).collect(),
            others: failover.others.clone(),
            counted: failover.counted(),
            what_settings_promise: failover.outlooks().iter().map(OutlookView::from).collect(),
            checks: evidence.checks.iter().map(CheckView::from).collect(),
            beliefs: evidence
                .beliefs
                .iter()
                .map(|belief| BeliefView { at: Time(belief.at), status: belief.status.as_str() })
                .collect(),
            proxies_say: evidence.opinions.iter().map(OpinionView::from).collect(),
            told: evidence.told.iter().map(ToldView::from).collect(),
            counters: evidence.ticks.iter().map(TickView::from).collect(),
            traffic: failover.traffic.as_ref().map(TrafficView::from),
            may_have_holes: evidence.has_holes,
        }
    }
}
