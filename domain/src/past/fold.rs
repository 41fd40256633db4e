//! A stretch of time as a curve: checks, or hours of them, folded into as many points as are wanted.

use serde::{Deserialize, Serialize};

use crate::{Map, Micros, Observation, Outcome, Phase, Reason, Slot, Span, Spread, StateRun, Timestamp, Uptime};

/// A curve has at least so many points to choose from.
pub const POINTS_MIN: u32 = 10;

/// A curve has at most so many points.
pub const POINTS_MAX: u32 = 2000;

/// From one point to the next, in milliseconds, where a day is enough.
const STEPS_MS: [u64; 17] = [
    1_000, 2_000, 5_000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000, 900_000, 1_800_000, 3_600_000,
    7_200_000, 10_800_000, 21_600_000, 43_200_000,
];

const HOUR_MS: u64 = 3_600_000;

const DAY_MS: u64 = 24 * HOUR_MS;

/// From what a curve was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// From every check. Only checks in the span count.
    Checks,
    /// From what is kept of whole hours. The hour in which the span begins counts as a whole.
    Hours,
}

impl Source {
    /// The API's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Checks => "checks",
            Self::Hours => "hours",
        }
    }

    /// By how many per cent percentiles may be off. A [`Spread`] is within 6 %; of a single check that is older than half
    /// an hour the durations themselves are kept to a sixteenth, that of the first byte to a twelfth.
    pub fn percentiles_off(self) -> u8 {
        match self {
            Self::Checks => 15,
            Self::Hours => 6,
        }
    }
}

/// Three points of a spread.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "[Micros; 3]", into = "[Micros; 3]")]
pub struct Percentiles {
    /// The median.
    pub p50: Micros,
    /// 19 of 20 are not slower.
    pub p95: Micros,
    /// 99 of 100 are not slower.
    pub p99: Micros,
}

impl Percentiles {
    /// Of a spread; none of nothing.
    pub fn of(spread: &Spread) -> Option<Self> {
        let at = |share| spread.percentile(share);
        Some(Self { p50: at(0.5)?, p95: at(0.95)?, p99: at(0.99)? })
    }
}

impl From<[Micros; 3]> for Percentiles {
    fn from([p50, p95, p99]: [Micros; 3]) -> Self {
        Self { p50, p95, p99 }
    }
}

impl From<Percentiles> for [Micros; 3] {
    fn from(Percentiles { p50, p95, p99 }: Percentiles) -> Self {
        [p50, p95, p99]
    }
}

/// What happened in one step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Point {
    /// When it begins.
    #[serde(rename = "a")]
    pub start: Timestamp,
    /// Checks that passed.
    #[serde(rename = "p")]
    pub passes: u64,
    /// Checks that failed.
    #[serde(rename = "f", default, skip_serializing_if = "is_zero")]
    pub fails: u64,
    /// Checks that we could not make.
    #[serde(rename = "u", default, skip_serializing_if = "is_zero")]
    pub unknown: u64,
    /// How long the part that was asked for took in the checks that passed; none where none did, or had this part.
    #[serde(rename = "l", default, skip_serializing_if = "Option::is_none")]
    pub latency: Option<Percentiles>,
}

fn is_zero<T: Default + PartialEq>(count: &T) -> bool {
    *count == T::default()
}

/// A stretch of time of a target or of a group.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct History {
    /// The stretch.
    pub span: Span,
    /// From one point to the next, in milliseconds.
    pub step_ms: u64,
    /// From what the points were made.
    pub source: Source,
    /// The part of the checks whose durations the points have.
    pub phase: Phase,
    /// What happened, oldest first. A step in which nothing was checked has no point.
    pub points: Vec<Point>,
    /// Of the whole stretch, for each part that was measured.
    pub phases: Vec<(Phase, Percentiles)>,
    /// Why checks failed in the whole stretch, the most frequent first.
    pub failures: Vec<(Reason, u64)>,
    /// Checks that passed in the whole stretch.
    pub passes: u64,
    /// Checks that failed.
    pub fails: u64,
    /// Checks that we could not make.
    pub unknown: u64,
    /// The status over time; empty for a group.
    pub states: Vec<StateRun>,
    /// How long it could serve; of a group the sum of its targets.
    pub uptime: Uptime,
}

/// Folds checks or hours into a [`History`].
#[derive(Clone, Debug)]
pub struct Fold {
    span: Span,
    step_ms: u64,
    source: Source,
    phase: Phase,
    points: Map<Timestamp, (Point, Spread)>,
    whole: Slot,
}

impl Fold {
    /// A curve of at most `points` points, kept between [`POINTS_MIN`] and [`POINTS_MAX`].
    pub fn new(span: Span, points: u32, source: Source, phase: Phase) -> Self {
        let step_ms = step(span, points, source);
        Self { span, step_ms, source, phase, points: Map::new(), whole: Slot::new(span.from()) }
    }

    /// From one point to the next, in milliseconds.
    pub fn step_ms(&self) -> u64 {
        self.step_ms
    }

    /// Counts a check; one that is not in the span is passed over.
    pub fn check(&mut self, observation: &Observation) {
        if !self.span.contains(observation.at) {
            return;
        }
        let phase = self.phase;
        let (point, spread) = self.point(observation.at);
        match &observation.outcome {
            Outcome::Pass => {
                point.passes += 1;
                phase.of(&observation.phases).into_iter().for_each(|duration| spread.record(duration));
            }
            Outcome::Fail(_) => point.fails += 1,
            Outcome::Unknown(_) => point.unknown += 1,
        }
        self.whole.add(observation);
    }

    /// Counts an hour; one that does not touch the span is passed over.
    pub fn hour(&mut self, slot: &Slot) {
        let begins = floor(self.span.from(), HOUR_MS);
        if slot.is_empty() || slot.start < begins || self.span.to() <= slot.start {
            return;
        }
        let phase = self.phase;
        let (point, spread) = self.point(slot.start);
        point.passes += slot.passes;
        point.fails += slot.fails;
        point.unknown += slot.unknown;
        spread.merge(slot.spread(phase));
        self.whole.merge(slot);
    }

    /// The curve, with what the states say.
    pub fn finish(self, states: Vec<StateRun>, uptime: Uptime) -> History {
        let Self { span, step_ms, source, phase, points, whole } = self;
        let point = |(point, spread): (Point, Spread)| Point { latency: Percentiles::of(&spread), ..point };
        let phases = Phase::ALL.into_iter();
        let mut failures: Vec<_> = whole.reasons.iter().map(|(reason, count)| (*reason, *count)).collect();
        failures.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        History {
            span,
            step_ms,
            source,
            phase,
            points: points.into_values().map(point).collect(),
            phases: phases.filter_map(|phase| Some((phase, Percentiles::of(whole.spread(phase))?))).collect(),
            failures,
            passes: whole.passes,
            fails: whole.fails,
            unknown: whole.unknown,
            states,
            uptime,
        }
    }

    fn point(&mut self, at: Timestamp) -> &mut (Point, Spread) {
        let start = floor(at, self.step_ms);
        let empty = || (Point { start, passes: 0, fails: 0, unknown: 0, latency: None }, Spread::default());
        self.points.entry(start).or_insert_with(empty)
    }
}

/// The smallest round step that needs no more than `points` points: hours are never cut.
fn step(span: Span, points: u32, source: Source) -> u64 {
    let points = u64::from(points.clamp(POINTS_MIN, POINTS_MAX));
    let first = if source == Source::Hours { HOUR_MS } else { 0 };
    let fits = |step: u64| {
        let begins = floor(span.from(), step.max(first));
        span.to().millis_since(begins).div_ceil(step) <= points
    };
    let days = (1..).map(|days| days * DAY_MS);
    STEPS_MS.into_iter().filter(|step| first <= *step).chain(days).find(|step| fits(*step)).unwrap_or(DAY_MS)
}

/// The last multiple of `step_ms` since 1970 that is not after `at`.
fn floor(at: Timestamp, step_ms: u64) -> Timestamp {
    let step = i64::try_from(step_ms.max(1)).unwrap_or(i64::MAX);
    Timestamp::from_millis(at.as_millis() - at.as_millis().rem_euclid(step))
}

#[cfg(test)]
mod tests {
    use super::super::slot::tests::{outcome, seen};
    use super::super::states::tests::{at, span};
    use super::*;
    use proptest::prelude::*;

    fn fold(span: Span, points: u32, checks: &[(i64, char)]) -> History {
        let mut fold = Fold::new(span, points, Source::Checks, Phase::Total);
        checks.iter().for_each(|(at, letter)| fold.check(&seen(*at, outcome(*letter), 500)));
        fold.finish(Vec::new(), Uptime::default())
    }

    fn check_step(ms: i64, points: u32, source: Source, expected_s: u64) {
        assert_eq!(step(span(0, ms), points, source), expected_s * 1000, "{ms} ms in {points} points");
    }

    #[test]
    fn steps_are_round() {
        check_step(1_000, 500, Source::Checks, 1);
        check_step(3_600_000, 500, Source::Checks, 10);
        check_step(86_400_000, 500, Source::Checks, 300);
        check_step(30 * 86_400_000, 1000, Source::Checks, 3600);
        check_step(3_600_000, 500, Source::Hours, 3600);
        check_step(90 * 86_400_000, 1000, Source::Hours, 3 * 3600);
        check_step(400 * 86_400_000, 10, Source::Hours, 40 * 86_400);
    }

    #[test]
    fn a_step_without_checks_has_no_point_and_one_without_passes_no_latency() {
        let history = fold(span(0, 5_000), 10, &[(100, '+'), (900, '-'), (2_000, '-'), (2_100, '?'), (5_000, '+')]);
        let seen: Vec<_> = history
            .points
            .iter()
            .map(|p| (p.start.as_millis(), p.passes, p.fails, p.unknown, p.latency.map(|l| l.p50.0)))
            .collect();
        assert_eq!(seen, [(0, 1, 1, 0, Some(495)), (2_000, 0, 1, 1, None)]);
        assert_eq!((history.passes, history.fails, history.unknown), (1, 2, 1));
        assert_eq!(history.failures, [(Reason::FailedHealthChecks, 2)]);
        assert_eq!(history.phases.iter().map(|(phase, _)| *phase).collect::<Vec<_>>(), [Phase::Total, Phase::Connect]);
    }

    #[test]
    fn the_hour_in_which_a_span_begins_counts_as_a_whole() {
        let hour = 3_600_000;
        let mut fold = Fold::new(span(hour + 1, 3 * hour), 100, Source::Hours, Phase::Total);
        for start in 0..4 {
            let mut slot = Slot::new(at(start * hour));
            slot.add(&seen(start * hour, Outcome::Pass, 500));
            fold.hour(&slot);
        }
        let points = fold.finish(Vec::new(), Uptime::default()).points;
        assert_eq!(points.iter().map(|p| p.start.as_millis() / hour).collect::<Vec<_>>(), [1, 2]);
    }

    proptest! {
        #[test]
        fn points_keep_to_their_number_and_lose_nothing(
            from in 0i64..10_000_000_000, ms in 1i64..34_560_000_000, points in 1u32..3000, hours: bool,
            shares in prop::collection::vec((0.0f64..1.0, "[-+?]"), 0..50),
        ) {
            let span = span(from, from + ms);
            let source = if hours { Source::Hours } else { Source::Checks };
            let step = step(span, points, source);
            let begins = floor(span.from(), step);
            let steps = span.to().millis_since(begins).div_ceil(step);
            prop_assert!(steps <= u64::from(points.clamp(POINTS_MIN, POINTS_MAX)));
            prop_assert!(!hours || step.is_multiple_of(HOUR_MS));
            let checks: Vec<_> = shares
                .iter()
                .map(|(share, letter)| (from + (ms as f64 * share) as i64, letter.chars().next().unwrap()))
                .collect();
            let history = fold(span, points, &checks);
            let sum = |of: fn(&Point) -> u64| history.points.iter().map(of).sum::<u64>();
            prop_assert_eq!(sum(|p| p.passes), history.passes);
            prop_assert_eq!(sum(|p| p.fails + p.unknown) + history.passes, checks.len() as u64);
        }
    }
}
