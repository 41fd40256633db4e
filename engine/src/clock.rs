//! The one place that asks what time it is.

use std::time::{SystemTime, UNIX_EPOCH};

use domain::Timestamp;
use tokio::time::Instant;

/// Tells the time: the wall's for what is shown and stored, the monotonic one for schedules and durations.
#[derive(Clone, Copy, Debug, Default)]
pub struct Clock;

impl Clock {
    /// The wall clock's time.
    #[expect(clippy::disallowed_methods, reason = "this is the place that the rule points to")]
    pub fn now(self) -> Timestamp {
        let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp::from_millis(i64::try_from(since_1970.as_millis()).unwrap_or(i64::MAX))
    }

    /// The monotonic clock's time.
    pub fn instant(self) -> Instant {
        Instant::now()
    }
}
