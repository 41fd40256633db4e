//! A curve as paths, in units of its own: as wide as [`WIDTH`], as high as [`HEIGHT`].

use std::fmt::Write as _;

use domain::{History, Micros, Percentiles, Point, Span, StateRun, Status, Timestamp};

use super::axis::{Mark, durations};

/// The width of all drawings, whatever the screen makes of it.
pub(super) const WIDTH: f64 = 1000.0;

/// The height of the curve.
pub(super) const HEIGHT: f64 = 160.0;

/// Room above the highest point.
const ABOVE: f64 = 6.0;

/// A curve.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Curve {
    /// The median.
    pub(super) p50: String,
    /// The 95th percentile.
    pub(super) p95: String,
    /// The 99th percentile.
    pub(super) p99: String,
    /// Steps in which checks failed, as high as their share.
    pub(super) fails: String,
    /// Steps in which checks could not be made.
    pub(super) unknown: String,
    /// Marks for durations, from the bottom up.
    pub(super) marks: Vec<Mark>,
}

/// The curve of a history.
pub(super) fn curve(history: &History) -> Curve {
    let latencies = history.points.iter().filter_map(|point| point.latency);
    let most = latencies.map(|latency| latency.p99.0).max();
    let (top, marks) = most.map(durations).unwrap_or_default();
    let line = |of: fn(&Percentiles) -> Micros| line(history, top, of);
    let mut curve = Curve { p50: line(|l| l.p50), p95: line(|l| l.p95), p99: line(|l| l.p99), ..Curve::default() };
    curve.marks = marks.into_iter().map(|mark| Mark { place: height(mark.place) / HEIGHT, ..mark }).collect();
    for point in &history.points {
        bar(&mut curve.fails, history, point, point.fails);
        bar(&mut curve.unknown, history, point, point.unknown);
    }
    curve
}

/// Where a share of the top is, from above.
fn height(share: f64) -> f64 {
    HEIGHT - share * (HEIGHT - ABOVE)
}

/// Where a moment is in the span.
fn place(span: Span, at: Timestamp) -> f64 {
    let since = at.as_millis() - span.from().as_millis();
    WIDTH * since as f64 / span.millis() as f64
}

/// From the middle of a step to the middle of the next; broken where nothing was measured.
fn line(history: &History, top: f64, of: fn(&Percentiles) -> Micros) -> String {
    let step = WIDTH * history.step_ms as f64 / history.span.millis() as f64;
    let mut path = String::new();
    let mut last: Option<Timestamp> = None;
    let mut is_alone = false;
    for point in &history.points {
        let Some(latency) = &point.latency else { continue };
        let goes_on = last.is_some_and(|last| point.start.millis_since(last) <= history.step_ms);
        let x = place(history.span, point.start) + step / 2.0;
        let y = height(f64::from(of(latency).0) / top);
        // Writing to a string cannot fail. A point without neighbours is a dash as long as its step.
        let _ = match (goes_on, is_alone) {
            (true, _) => write!(path, "L{x:.1} {y:.1}"),
            (false, true) => write!(path, "h{:.1}M{x:.1} {y:.1}", step / 2.0),
            (false, false) => write!(path, "M{x:.1} {y:.1}"),
        };
        is_alone = !goes_on;
        last = Some(point.start);
    }
    if is_alone {
        let _ = write!(path, "h{:.1}", step / 2.0);
    }
    path
}

/// A bar from the bottom, at least as high as can be seen, as high as the share of checks that it counts.
fn bar(path: &mut String, history: &History, point: &Point, count: u64) {
    if count == 0 {
        return;
    }
    let share = count as f64 / (point.passes + point.fails + point.unknown).max(1) as f64;
    let step = WIDTH * history.step_ms as f64 / history.span.millis() as f64;
    let x = place(history.span, point.start);
    let _ = write!(path, "M{x:.1} {HEIGHT}h{:.1}v-{:.1}h-{0:.1}z", step.max(1.5), 8.0 + share * (HEIGHT - ABOVE - 8.0));
}

/// The order in which statuses are drawn: what is rare and bad lies over the rest.
pub(super) const STATUSES: [Status; 6] =
    [Status::Healthy, Status::Unused, Status::Draining, Status::Initial, Status::Unavailable, Status::Unhealthy];

/// Runs of states as one path for each of [`STATUSES`]. Time without data is left empty.
pub(super) fn lane(span: Span, states: &[StateRun], height: f64) -> [String; 6] {
    STATUSES.map(|status| {
        let mut path = String::new();
        for run in states.iter().filter(|run| run.status == Some(status)) {
            let (from, to) = (place(span, run.from), place(span, run.to));
            let least = if status == Status::Healthy { 0.0 } else { 2.0 };
            let _ = write!(path, "M{from:.1} 0h{:.1}v{height}h-{0:.1}z", (to - from).max(least));
        }
        path
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{Fold, Observation, Outcome, Phase, Phases, Source, Uptime};

    fn history(checks: &[(i64, bool)]) -> History {
        let time = Timestamp::from_millis;
        let mut fold = Fold::new(Span::new(time(0), time(10_000)).unwrap(), 10, Source::Checks, Phase::Total);
        for (at, passes) in checks {
            let phases = Phases { dns: None, connect: None, tls: None, first_byte: None, total: Micros(8) };
            let failed = Outcome::Fail(domain::Failure::ConnectionRefused);
            let outcome = if *passes { Outcome::Pass } else { failed };
            fold.check(&Observation { at: time(*at), phases, status_code: None, outcome });
        }
        fold.finish(Vec::new(), Uptime::default())
    }

    #[test]
    fn a_line_is_broken_where_nothing_was_measured() {
        let curve =
            curve(&history(&[(0, true), (1000, true), (2000, false), (3000, true), (6000, true), (7000, true)]));
        assert_eq!(curve.p50, "M50.0 6.0L150.0 6.0M350.0 6.0h50.0M650.0 6.0L750.0 6.0");
        assert_eq!(curve.fails, "M200.0 160h100.0v-154.0h-100.0z");
        assert_eq!(curve.unknown, "");
        assert_eq!(curve.marks.last().map(|mark| mark.place * HEIGHT), Some(6.0));
    }

    #[test]
    fn without_passes_there_is_no_line_and_no_scale() {
        let curve = curve(&history(&[(2000, false)]));
        assert_eq!((curve.p99.as_str(), curve.marks.len()), ("", 0));
    }

    #[test]
    fn a_short_outage_can_be_seen_and_no_data_is_empty() {
        let time = Timestamp::from_millis;
        let run = |from, to, status| StateRun { from: time(from), to: time(to), status, reason: None };
        let states = [
            run(0, 4000, None),
            run(4000, 8000, Some(Status::Healthy)),
            run(8000, 8001, Some(Status::Unhealthy)),
            run(8001, 10_000, Some(Status::Healthy)),
        ];
        let [healthy, .., unhealthy] = lane(Span::new(time(0), time(10_000)).unwrap(), &states, 10.0);
        assert_eq!(healthy, "M400.0 0h400.0v10h-400.0zM800.1 0h199.9v10h-199.9z");
        assert_eq!(unhealthy, "M800.0 0h2.0v10h-2.0z");
    }
}
