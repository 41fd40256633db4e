//! Connections that could not be accepted, told without filling the log: it may be the disk's last space that is missing.

use std::time::Duration;

use tokio::time::Instant;

/// After the first, they are told so often at most.
const TELL_EVERY: Duration = Duration::from_secs(60);

/// What was not told yet. Pure: time comes in.
#[derive(Debug, Default)]
pub(super) struct Refusals {
    told_at: Option<Instant>,
    untold: u64,
}

impl Refusals {
    /// One more; says how many to tell now, if any.
    pub(super) fn one_more(&mut self, now: Instant) -> Option<u64> {
        self.untold += 1;
        if self.told_at.is_some_and(|told_at| now < told_at + TELL_EVERY) {
            return None;
        }
        self.told_at = Some(now);
        Some(std::mem::take(&mut self.untold))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_is_told_and_then_how_many_once_a_minute() {
        let (mut refusals, begun) = (Refusals::default(), engine::Clock.instant());
        assert_eq!(refusals.one_more(begun), Some(1));
        for tenths in 1..600 {
            assert_eq!(refusals.one_more(begun + Duration::from_millis(tenths * 100)), None);
        }
        assert_eq!(refusals.one_more(begun + TELL_EVERY), Some(600));
        assert_eq!(refusals.one_more(begun + 10 * TELL_EVERY), Some(1));
    }
}
