//! Time as it is stored and sent: milliseconds since 1970, UTC. Nobody here asks a clock for it.

use std::fmt;
use std::str::FromStr;
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};

/// A moment in milliseconds since 1970-01-01T00:00:00Z. Prints as RFC 3339 with milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(i64);

/// 9999-12-31T23:59:59.999Z, the last moment that RFC 3339 can write.
const LAST_MS: i64 = 253_402_300_799_999;

impl Timestamp {
    /// The moment `ms` milliseconds after 1970, kept between 1970 and the year 9999.
    pub fn from_millis(ms: i64) -> Self {
        Self(ms.clamp(0, LAST_MS))
    }

    /// Milliseconds since 1970.
    pub fn as_millis(self) -> i64 {
        self.0
    }

    /// Milliseconds from `earlier` to this moment; zero if `earlier` is later.
    pub fn millis_since(self, earlier: Timestamp) -> u64 {
        u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0)
    }

    /// The moment `ms` milliseconds later.
    pub fn plus_millis(self, ms: i64) -> Self {
        Self::from_millis(self.0.saturating_add(ms))
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let since_1970 = Duration::from_millis(self.0.unsigned_abs());
        humantime::format_rfc3339_millis(SystemTime::UNIX_EPOCH + since_1970).fmt(f)
    }
}

impl FromStr for Timestamp {
    type Err = humantime::TimestampError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let moment = humantime::parse_rfc3339(text)?;
        let since_1970 = moment.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        Ok(Self::from_millis(i64::try_from(since_1970.as_millis()).unwrap_or(LAST_MS)))
    }
}

/// A length of time in microseconds, as measured; at most 71 minutes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Micros(pub u32);

impl Micros {
    /// In milliseconds, with the fraction.
    pub fn as_millis_f64(self) -> f64 {
        f64::from(self.0) / 1000.0
    }
}

impl From<Duration> for Micros {
    fn from(duration: Duration) -> Self {
        Self(u32::try_from(duration.as_micros()).unwrap_or(u32::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn prints_rfc_3339_with_milliseconds() {
        assert_eq!(Timestamp::from_millis(1_795_341_852_481).to_string(), "2026-11-22T10:04:12.481Z");
    }

    proptest! {
        #[test]
        fn what_is_printed_parses_to_the_same(ms in 0..=LAST_MS) {
            let moment = Timestamp::from_millis(ms);
            prop_assert_eq!(moment.to_string().parse::<Timestamp>().ok(), Some(moment));
        }
    }
}
