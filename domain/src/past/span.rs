//! A stretch of time.

use serde::{Deserialize, Serialize};

use crate::Timestamp;

/// A span has at most so many milliseconds: 400 days.
pub const SPAN_MAX_MS: u64 = 400 * 24 * 3600 * 1000;

/// A stretch of time that is not empty: from its first moment to the first moment after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Ends", into = "Ends")]
pub struct Span {
    from: Timestamp,
    to: Timestamp,
}

/// Why two moments, or texts, are no span. `Display` is the sentence in English.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum BadSpan {
    /// The text is no length of time.
    #[error("give a length such as 90m, 24h or 30d")]
    Window,
    /// The beginning is no moment.
    #[error("give a moment such as 2026-11-22T10:04:12Z")]
    From,
    /// The end is no moment.
    #[error("give a moment such as 2026-11-22T10:04:12Z")]
    To,
    /// An end without a beginning.
    #[error("say where it begins too")]
    NoFrom,
    /// The end is not after the beginning.
    #[error("the end must be after the beginning")]
    Backwards,
    /// It has not begun yet.
    #[error("nothing is known of the future: let it begin before now")]
    Ahead,
    /// More than [`SPAN_MAX_MS`].
    #[error("ask for at most 400 days")]
    TooLong,
}

impl BadSpan {
    /// The part of a URL that is wrong.
    pub fn field(self) -> &'static str {
        match self {
            Self::Window | Self::TooLong => "range",
            Self::From | Self::NoFrom | Self::Ahead => "from",
            Self::To | Self::Backwards => "to",
        }
    }
}

impl Span {
    /// From `from` to just before `to`.
    pub fn new(from: Timestamp, to: Timestamp) -> Result<Self, BadSpan> {
        match to.millis_since(from) {
            0 => Err(BadSpan::Backwards),
            ms if ms > SPAN_MAX_MS => Err(BadSpan::TooLong),
            _ => Ok(Self { from, to }),
        }
    }

    /// The last `ms` milliseconds before `now`: at least one, at most [`SPAN_MAX_MS`].
    pub fn last(ms: u64, now: Timestamp) -> Self {
        let ms = i64::try_from(ms.clamp(1, SPAN_MAX_MS)).unwrap_or(1);
        let from = now.plus_millis(-ms);
        // Only a clock that stands before 1970 makes both the same.
        Self { from, to: if from < now { now } else { from.plus_millis(1) } }
    }

    /// Its first moment.
    pub fn from(self) -> Timestamp {
        self.from
    }

    /// The first moment after it.
    pub fn to(self) -> Timestamp {
        self.to
    }

    /// How long it is, in milliseconds.
    pub fn millis(self) -> u64 {
        self.to.millis_since(self.from)
    }

    /// Whether the moment is in it.
    pub fn contains(self, at: Timestamp) -> bool {
        self.from <= at && at < self.to
    }

    /// What both have in common.
    pub fn intersect(self, other: Self) -> Option<Self> {
        let (from, to) = (self.from.max(other.from), self.to.min(other.to));
        (from < to).then_some(Self { from, to })
    }
}

/// A span as it is sent.
#[derive(Serialize, Deserialize)]
struct Ends {
    from: Timestamp,
    to: Timestamp,
}

impl From<Span> for Ends {
    fn from(Span { from, to }: Span) -> Self {
        Self { from, to }
    }
}

impl TryFrom<Ends> for Span {
    type Error = BadSpan;

    fn try_from(Ends { from, to }: Ends) -> Result<Self, BadSpan> {
        Self::new(from, to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(ms: i64) -> Timestamp {
        Timestamp::from_millis(ms)
    }

    #[test]
    fn a_span_is_neither_empty_nor_endless() {
        assert_eq!(Span::new(at(5), at(5)), Err(BadSpan::Backwards));
        assert_eq!(Span::new(at(5), at(4)), Err(BadSpan::Backwards));
        assert_eq!(Span::new(at(0), at(SPAN_MAX_MS as i64 + 1)), Err(BadSpan::TooLong));
        assert_eq!(Span::new(at(0), at(SPAN_MAX_MS as i64)).map(Span::millis), Ok(SPAN_MAX_MS));
        assert_eq!(Span::last(0, at(0)).millis(), 1);
        assert_eq!(Span::last(10, at(100)), Span { from: at(90), to: at(100) });
    }

    #[test]
    fn spans_that_touch_have_nothing_in_common() {
        let first = Span { from: at(0), to: at(10) };
        assert_eq!(first.intersect(Span { from: at(10), to: at(20) }), None);
        assert_eq!(first.intersect(Span { from: at(5), to: at(20) }), Some(Span { from: at(5), to: at(10) }));
        assert!(first.contains(at(0)) && !first.contains(at(10)));
    }
}
