//! How long something could serve, computed from states and not from a count of checks.

use serde::{Deserialize, Serialize};

use crate::{StateRun, Status};

/// A stretch of time by what was known in it, in milliseconds. The parts add up to the stretch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Uptime {
    /// Healthy.
    pub up_ms: u64,
    /// Unhealthy.
    pub down_ms: u64,
    /// Out of service because somebody wanted it: draining, unused.
    pub out_ms: u64,
    /// Not known: first checks, no checks, no data.
    pub unknown_ms: u64,
}

impl Uptime {
    /// Of runs of states.
    pub fn of<'a>(runs: impl IntoIterator<Item = &'a StateRun>) -> Self {
        let mut uptime = Self::default();
        for run in runs {
            let part = match run.status {
                Some(Status::Healthy) => &mut uptime.up_ms,
                Some(Status::Unhealthy) => &mut uptime.down_ms,
                Some(Status::Draining | Status::Unused) => &mut uptime.out_ms,
                Some(Status::Initial | Status::Unavailable) | None => &mut uptime.unknown_ms,
            };
            *part += run.millis();
        }
        uptime
    }

    /// Both together: of several targets, or of stretches that follow each other.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self {
            up_ms: self.up_ms + other.up_ms,
            down_ms: self.down_ms + other.down_ms,
            out_ms: self.out_ms + other.out_ms,
            unknown_ms: self.unknown_ms + other.unknown_ms,
        }
    }

    /// Of one target that was at one address and then at another, over the same stretch: what is known of either.
    #[must_use]
    pub fn or_else(self, other: Self) -> Self {
        let known = Self {
            up_ms: self.up_ms + other.up_ms,
            down_ms: self.down_ms + other.down_ms,
            out_ms: self.out_ms + other.out_ms,
            unknown_ms: 0,
        };
        Self { unknown_ms: self.total_ms().saturating_sub(known.total_ms()), ..known }
    }

    /// All of it.
    pub fn total_ms(self) -> u64 {
        self.up_ms + self.down_ms + self.out_ms + self.unknown_ms
    }

    /// The share of the time in service that it was up, from 0 to 1; none if it is not known for any moment.
    pub fn share(self) -> Option<f64> {
        let known = self.up_ms + self.down_ms;
        (known > 0).then(|| self.up_ms as f64 / known as f64)
    }
}

impl std::iter::Sum for Uptime {
    fn sum<I: Iterator<Item = Self>>(parts: I) -> Self {
        parts.fold(Self::default(), Self::plus)
    }
}

#[cfg(test)]
mod tests {
    use super::super::states::tests::{at, span};
    use super::*;
    use crate::{Gap, Life, StateChange, state_runs};
    use proptest::prelude::*;

    const ALWAYS: Life = Life { from: None, until: None };

    fn change(ms: i64, status: Status) -> StateChange {
        StateChange { at: at(ms), status: Some(status), reason: None }
    }

    #[test]
    fn time_out_of_service_is_neither_up_nor_down() {
        let changes = [change(0, Status::Healthy), change(100, Status::Draining), change(150, Status::Unused)];
        let uptime = Uptime::of(&state_runs(span(0, 200), ALWAYS, &changes, &[]));
        assert_eq!(uptime, Uptime { up_ms: 100, down_ms: 0, out_ms: 100, unknown_ms: 0 });
        assert_eq!(uptime.share(), Some(1.0));
    }

    #[test]
    fn what_is_not_known_has_no_share() {
        assert_eq!(Uptime::of(&state_runs(span(0, 200), ALWAYS, &[], &[])).share(), None);
    }

    proptest! {
        #[test]
        fn the_parts_sum_to_the_span_and_gaps_never_count_as_up(
            mut changes in prop::collection::vec((0i64..1000, 0usize..6), 0..30),
            gaps in prop::collection::vec((0i64..1000, 1i64..100), 0..8),
        ) {
            changes.sort_unstable();
            let changes: Vec<_> = changes.iter().map(|(at, status)| change(*at, Status::ALL[*status])).collect();
            let gaps: Vec<_> = gaps.iter().map(|(from, ms)| Gap { from: at(*from), to: at(from + ms) }).collect();
            let span = span(200, 800);
            let uptime = Uptime::of(&state_runs(span, ALWAYS, &changes, &gaps));
            prop_assert_eq!(uptime.total_ms(), span.millis());
            let in_gaps = (200..800).filter(|ms| gaps.iter().any(|gap| gap.from <= at(*ms) && at(*ms) < gap.to)).count();
            prop_assert!(uptime.unknown_ms >= in_gaps as u64);
            let whole = Uptime::of(&state_runs(span, ALWAYS, &changes, &[]));
            prop_assert!(uptime.up_ms <= whole.up_ms && uptime.down_ms <= whole.down_ms);
        }
    }
}
