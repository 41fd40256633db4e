//! When a target's turns are: on a grid of its own that neither drifts nor bunches.

use std::time::Duration;

use domain::{TargetId, Timestamp};
use tokio::time::Instant;

/// The grid of one target: turns lie one interval apart, shifted by a phase that only the target's identity decides.
/// So it is the same after a restart, and a thousand targets spread evenly over the interval.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Grid {
    interval_us: u64,
    phase_us: u64,
}

impl Grid {
    pub(crate) fn new(id: TargetId, interval: Duration) -> Self {
        let interval_us = u64::try_from(interval.as_micros()).unwrap_or(u64::MAX).max(1);
        Self { interval_us, phase_us: scale(id, interval_us) }
    }

    /// From `now` to the first turn after it: more than nothing, at most one interval.
    pub(crate) fn until_next(self, now: Timestamp) -> Duration {
        let now_us = u64::try_from(now.as_millis()).unwrap_or(0).saturating_mul(1000);
        let into_turn = (now_us + self.interval_us - self.phase_us) % self.interval_us;
        Duration::from_micros(self.interval_us - into_turn)
    }
}

/// From one tick to the next. A thousand checks a second are ten a tick: fewer wake-ups by far, and each check is
/// begun within a millisecond of its tick.
const TICK: Duration = Duration::from_millis(10);

/// The moments at which turns begin, the same for all targets, so that one wake-up serves all that are due. Intervals are
/// multiples of a tick in almost all settings, so that turns stay on ticks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ticks {
    first: Instant,
}

impl Ticks {
    /// Ticks from now on.
    pub(crate) fn from(first: Instant) -> Self {
        Self { first }
    }

    /// The first tick that is not before `at`.
    pub(crate) fn at_or_after(self, at: Instant) -> Instant {
        let since = u64::try_from(at.saturating_duration_since(self.first).as_micros()).unwrap_or(u64::MAX);
        let tick = u64::try_from(TICK.as_micros()).unwrap_or(1);
        self.first + Duration::from_micros(since.div_ceil(tick).saturating_mul(tick))
    }
}

/// This target's share of a time over which many first checks are spread.
pub(crate) fn share_of(id: TargetId, spread: Duration) -> Duration {
    Duration::from_micros(scale(id, u64::try_from(spread.as_micros()).unwrap_or(u64::MAX)))
}

/// The identity's random bits (the last 62 of a UUID v7), as a fraction of `range`.
fn scale(id: TargetId, range: u64) -> u64 {
    let bits = (id.as_uuid().as_u128() & ((1 << 62) - 1)).wrapping_mul(0x9E37_79B9_7F4A_7C15) & ((1 << 62) - 1);
    u64::try_from((bits * u128::from(range)) >> 62).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(n: u128) -> TargetId {
        TargetId::from_uuid(uuid::Uuid::from_u128(n))
    }

    #[test]
    fn turns_stay_on_the_grid() {
        let grid = Grid::new(id(42), Duration::from_millis(1000));
        let first = grid.until_next(Timestamp::from_millis(1_000_000));
        for later in [0, 1, 250, 999, 1000, 86_400_000] {
            let at = 1_000_000 + later;
            let turn_us = at * 1000 + i64::try_from(grid.until_next(Timestamp::from_millis(at)).as_micros()).unwrap();
            let first_us = 1_000_000_000 + i64::try_from(first.as_micros()).unwrap();
            assert_eq!((turn_us - first_us).rem_euclid(1_000_000), 0, "{later} ms later");
        }
    }

    #[tokio::test]
    async fn turns_begin_on_ticks() {
        let first = Instant::now();
        let ticks = Ticks::from(first);
        for (after_us, expected_ms) in [(0, 0), (1, 10), (9999, 10), (10_000, 10), (1_234_567, 1240)] {
            let at = ticks.at_or_after(first + Duration::from_micros(after_us));
            assert_eq!(at - first, Duration::from_millis(expected_ms), "{after_us}");
        }
    }

    #[test]
    fn phases_spread_evenly() {
        let mut tenths = [0; 10];
        for n in 0..10_000 {
            let share = share_of(id(n), Duration::from_secs(1));
            tenths[usize::try_from(share.as_millis() / 100).unwrap()] += 1;
        }
        assert!(tenths.iter().all(|count| (800..1200).contains(count)), "{tenths:?}");
    }
}
