//! Everything that was seen or told, in the order of time.

use domain::{Failover, Timestamp};

/// Something that was seen or told.
pub(super) struct Line {
    /// When.
    pub(super) at: Timestamp,
    /// By whom or what.
    pub(super) source: String,
    /// What.
    pub(super) what: String,
    /// More about it.
    pub(super) detail: String,
}

impl Line {
    fn new(at: Timestamp, source: impl Into<String>, what: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { at, source: source.into(), what: what.into(), detail: detail.into() }
    }

    /// Milliseconds after the beginning; negative before it.
    pub(super) fn after_ms(&self, failover: &Failover) -> i64 {
        self.at.as_millis() - failover.started_at.as_millis()
    }
}

/// The lines of a record.
pub(super) fn lines(failover: &Failover) -> Vec<Line> {
    let evidence = &failover.evidence;
    let mut lines: Vec<Line> = Vec::new();
    lines.extend(failover.fault.map(|fault| Line::new(fault.at, "fault", fault.what.to_string(), &failover.address)));
    lines.extend(evidence.checks.iter().map(|check| {
        let what = check.reason.map_or("pass", |reason| reason.as_str());
        Line::new(check.ended_at(), "drainboard check", what, format!("{} ms", check.took.as_millis_f64()))
    }));
    let beliefs = evidence.beliefs.iter();
    lines.extend(beliefs.map(|belief| Line::new(belief.at, "drainboard status", belief.status.as_str(), "")));
    lines.extend(evidence.opinions.iter().map(|opinion| {
        let says = opinion.says.clone().unwrap_or_else(|| "does not answer".to_owned());
        Line::new(opinion.at, format!("proxy {}", opinion.proxy), says, &opinion.server)
    }));
    lines.extend(evidence.told.iter().map(|told| {
        let detail = told.failed.clone().unwrap_or_else(|| format!("{} ms", told.took.as_millis_f64()));
        let what = format!("{} {}", told.order.as_str(), told.server);
        Line::new(told.at, format!("drainboard told {}", told.proxy), what, detail)
    }));
    if let Some(traffic) = &failover.traffic {
        let columns = traffic.columns.iter().enumerate();
        let bad = columns.filter(|(_, column)| 0 < column.failed || 0 < column.slow);
        lines.extend(bad.map(|(place, column)| {
            let offset = i64::try_from(traffic.step_ms.saturating_mul(place as u64)).unwrap_or(i64::MAX);
            let (what, detail) = (format!("{} failed", column.failed), format!("{} slow", column.slow));
            Line::new(traffic.from.plus_millis(offset), "client", what, detail)
        }));
    }
    let end = failover.ended_at.zip(failover.ending);
    lines.extend(end.map(|(at, ending)| Line::new(at, "record", "ended", ending.as_str())));
    lines.sort_by_key(|line| line.at);
    lines
}
