//! Zooming and moving along the time: sums of two moments, in milliseconds.

use domain::{SPAN_MAX_MS, Span, Timestamp};

/// Nobody needs to look closer.
const LEAST_MS: f64 = 2000.0;

/// A stretch of time while it moves.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct View {
    /// Its beginning, in milliseconds since 1970.
    pub(super) from: f64,
    /// Its end.
    pub(super) to: f64,
}

impl From<Span> for View {
    fn from(span: Span) -> Self {
        Self { from: span.from().as_millis() as f64, to: span.to().as_millis() as f64 }
    }
}

impl View {
    /// In milliseconds.
    pub(super) fn width(self) -> f64 {
        self.to - self.from
    }

    /// The moment at a fraction of the width.
    pub(super) fn at(self, fraction: f64) -> f64 {
        self.from + fraction * self.width()
    }

    /// Where a moment is, as a fraction of the width.
    pub(super) fn place(self, at: f64) -> f64 {
        (at - self.from) / self.width()
    }

    /// `factor` times as wide, with what is at `fraction` staying there.
    pub(super) fn zoomed(self, factor: f64, fraction: f64, now: Timestamp) -> Self {
        let width = (self.width() * factor).clamp(LEAST_MS, SPAN_MAX_MS as f64);
        let from = self.at(fraction) - fraction * width;
        Self { from, to: from + width }.until(now)
    }

    /// Moved by a fraction of the width.
    pub(super) fn moved(self, fraction: f64, now: Timestamp) -> Self {
        let by = fraction * self.width();
        Self { from: self.from + by, to: self.to + by }.until(now)
    }

    /// Between two fractions of the width, whichever is first.
    pub(super) fn between(self, one: f64, other: f64, now: Timestamp) -> Self {
        let (from, to) = (self.at(one.min(other)), self.at(one.max(other)));
        Self { from, to: to.max(from + LEAST_MS) }.until(now)
    }

    /// As a span.
    pub(super) fn span(self) -> Option<Span> {
        let moment = |ms: f64| Timestamp::from_millis(ms.round() as i64);
        Span::new(moment(self.from), moment(self.to)).ok()
    }

    /// Nothing is known of the time after now.
    fn until(self, now: Timestamp) -> Self {
        let over = (self.to - now.as_millis() as f64).max(0.0);
        Self { from: self.from - over, to: self.to - over }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NOW: f64 = 1_795_341_852_000.0;

    proptest! {
        #[test]
        fn what_is_under_the_pointer_stays_there(width in 1e4..1e9f64, factor in 0.2..5.0f64, fraction in 0.0..1.0f64) {
            let view = View { from: 1e12, to: 1e12 + width };
            let zoomed = view.zoomed(factor, fraction, Timestamp::from_millis(NOW as i64));
            prop_assert!((zoomed.at(fraction) - view.at(fraction)).abs() < 1.0);
        }

        #[test]
        fn a_view_never_goes_beyond_now_and_always_has_a_width(
            width in 1.0..4e10f64, moves in prop::collection::vec((0.01..100.0f64, 0.0..1.0f64, -2.0..2.0f64), 0..20),
        ) {
            let now = Timestamp::from_millis(NOW as i64);
            let mut view = View { from: NOW - width, to: NOW };
            for (factor, fraction, by) in moves {
                view = view.zoomed(factor, fraction, now).moved(by, now);
                prop_assert!(view.to <= NOW + 1.0 && LEAST_MS - 1.0 <= view.width());
                prop_assert!(view.from < 0.0 || view.span().is_some(), "{view:?}");
            }
        }
    }
}
