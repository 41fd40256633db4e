//! History as the API shows it.

use domain::{
    FailedCheck, GroupHistory, History, Micros, Percentiles, Phase, Point, Reason, StateRun, TargetHistory, TargetPast,
    Timestamp, Uptime, WhatIfVerdict,
};
use serde::Serialize;

use super::{ObservationView, Time};

/// A stretch of time of a target or of a group.
#[derive(Debug, Serialize)]
pub(crate) struct HistoryView {
    from: Time,
    to: Time,
    step_ms: u64,
    source: &'static str,
    phase: &'static str,
    points: Vec<PointView>,
    phases_ms: PhasesView,
    failures: Vec<FailuresView>,
    passes: u64,
    fails: u64,
    unknown: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    states: Option<Vec<RunView>>,
    uptime: UptimeView,
    #[serde(skip_serializing_if = "Option::is_none")]
    targets: Option<Vec<TargetPastView>>,
    failed_checks: Vec<FailedCheckView>,
}

#[derive(Debug, Serialize)]
struct FailedCheckView {
    target: String,
    check: ObservationView,
}

#[derive(Debug, Serialize)]
struct PointView {
    start: Time,
    passes: u64,
    fails: u64,
    unknown: u64,
    latency_ms: Option<PercentilesView>,
}

#[derive(Debug, Serialize)]
struct PercentilesView {
    p50: f64,
    p95: f64,
    p99: f64,
}

#[derive(Debug, Default, Serialize)]
struct PhasesView {
    dns: Option<PercentilesView>,
    connect: Option<PercentilesView>,
    tls: Option<PercentilesView>,
    first_byte: Option<PercentilesView>,
    total: Option<PercentilesView>,
}

#[derive(Debug, Serialize)]
struct FailuresView {
    reason: Reason,
    count: u64,
}

#[derive(Debug, Serialize)]
struct RunView {
    from: Time,
    to: Time,
    status: Option<&'static str>,
    reason: Option<Reason>,
}

/// How long something could serve.
#[derive(Debug, Serialize)]
pub(crate) struct UptimeView {
    up_ms: u64,
    down_ms: u64,
    out_ms: u64,
    unknown_ms: u64,
    share: Option<f64>,
}

#[derive(Debug, Serialize)]
struct TargetPastView {
    id: String,
    name: String,
    address: String,
    registered_at: Option<Time>,
    deregistered_at: Option<Time>,
    states: Vec<RunView>,
}

/// What came of a replay.
#[derive(Debug, Serialize)]
pub(crate) struct WhatIfView {
    from: Time,
    to: Time,
    since: Option<Time>,
    checks: ThenNow<u64>,
    changes: ThenNow<u64>,
    outages: ThenNow<u64>,
    unhealthy_ms: ThenNow<u64>,
    ever_healthy: bool,
    missed: u64,
    added: u64,
    mean_shift_ms: Option<i64>,
    detections: Vec<DetectionView>,
}

#[derive(Debug, Serialize)]
struct ThenNow<T> {
    as_set: T,
    what_if: T,
}

#[derive(Debug, Serialize)]
struct DetectionView {
    #[serde(skip_serializing_if = "Option::is_none")]
    target: Option<String>,
    first_failure: Time,
    found_after_ms: ThenNow<Option<u64>>,
}

impl From<&History> for HistoryView {
    fn from(history: &History) -> Self {
        Self {
            from: Time(history.span.from()),
            to: Time(history.span.to()),
            step_ms: history.step_ms,
            source: history.source.as_str(),
            phase: history.phase.as_str(),
            points: history.points.iter().map(PointView::from).collect(),
            phases_ms: PhasesView::from(history.phases.as_slice()),
            failures: history
                .failures
                .iter()
                .map(|(reason, count)| FailuresView { reason: *reason, count: *count })
                .collect(),
            passes: history.passes,
            fails: history.fails,
            unknown: history.unknown,
            states: Some(history.states.iter().map(RunView::from).collect()),
            uptime: UptimeView::from(history.uptime),
            targets: None,
            failed_checks: Vec::new(),
        }
    }
}

impl From<&TargetHistory> for HistoryView {
    fn from(TargetHistory { history, failed }: &TargetHistory) -> Self {
        let failed_checks = failed.iter().map(FailedCheckView::from).collect();
        Self { failed_checks, ..Self::from(history) }
    }
}

impl From<&GroupHistory> for HistoryView {
    fn from(GroupHistory { history, targets, failed }: &GroupHistory) -> Self {
        let targets = Some(targets.iter().map(TargetPastView::from).collect());
        let failed_checks = failed.iter().map(FailedCheckView::from).collect();
        Self { states: None, targets, failed_checks, ..Self::from(history) }
    }
}

impl From<&FailedCheck> for FailedCheckView {
    fn from(FailedCheck { target, check }: &FailedCheck) -> Self {
        Self { target: target.to_string(), check: ObservationView::from(check) }
    }
}

impl From<&Point> for PointView {
    fn from(point: &Point) -> Self {
        let Point { start, passes, fails, unknown, latency } = *point;
        Self { start: Time(start), passes, fails, unknown, latency_ms: latency.map(PercentilesView::from) }
    }
}

impl From<Percentiles> for PercentilesView {
    fn from(Percentiles { p50, p95, p99 }: Percentiles) -> Self {
        let [p50, p95, p99] = [p50, p95, p99].map(Micros::as_millis_f64);
        Self { p50, p95, p99 }
    }
}

impl From<&[(Phase, Percentiles)]> for PhasesView {
    fn from(phases: &[(Phase, Percentiles)]) -> Self {
        let mut view = Self::default();
        for (phase, percentiles) in phases {
            let slot = match phase {
                Phase::Total => &mut view.total,
                Phase::Dns => &mut view.dns,
                Phase::Connect => &mut view.connect,
                Phase::Tls => &mut view.tls,
                Phase::FirstByte => &mut view.first_byte,
            };
            *slot = Some(PercentilesView::from(*percentiles));
        }
        view
    }
}

impl From<&StateRun> for RunView {
    fn from(run: &StateRun) -> Self {
        let status = run.status.map(domain::Status::as_str);
        Self { from: Time(run.from), to: Time(run.to), status, reason: run.reason }
    }
}

impl From<Uptime> for UptimeView {
    fn from(uptime: Uptime) -> Self {
        let Uptime { up_ms, down_ms, out_ms, unknown_ms } = uptime;
        Self { up_ms, down_ms, out_ms, unknown_ms, share: uptime.share() }
    }
}

impl From<&TargetPast> for TargetPastView {
    fn from(past: &TargetPast) -> Self {
        let time = |at: Option<Timestamp>| at.map(Time);
        Self {
            id: past.id.to_string(),
            name: past.name.clone(),
            address: past.address.clone(),
            registered_at: time(past.from),
            deregistered_at: time(past.until),
            states: past.states.iter().map(RunView::from).collect(),
        }
    }
}

impl WhatIfView {
    /// What came of a replay of the checks in the span.
    pub(crate) fn new(span: domain::Span, verdict: &WhatIfVerdict) -> Self {
        let both = |as_set, what_if| ThenNow { as_set, what_if };
        let detections = verdict.detections.iter().map(|found| DetectionView {
            target: found.target.map(|target| target.to_string()),
            first_failure: Time(found.first_failure),
            found_after_ms: ThenNow { as_set: found.then_ms, what_if: found.now_ms },
        });
        Self {
            from: Time(span.from()),
            to: Time(span.to()),
            since: verdict.since.map(Time),
            checks: both(verdict.checks, verdict.checks_now),
            changes: both(verdict.changes_then, verdict.changes_now),
            outages: both(verdict.outages_then, verdict.outages_now),
            unhealthy_ms: both(verdict.unhealthy_ms_then, verdict.unhealthy_ms_now),
            ever_healthy: verdict.healthy_now,
            missed: verdict.missed,
            added: verdict.added,
            mean_shift_ms: verdict.mean_shift_ms,
            detections: detections.collect(),
        }
    }
}
