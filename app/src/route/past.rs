//! What a page about the past shows, as it stands in the query of its address.

use std::fmt::{self, Display};

use domain::{Stretch, WhatIfDraft};

use crate::state::PastAsk;

use super::query::encode;

/// The fields of a form that tries other settings.
pub const WHAT_IF: [&str; 4] = ["interval_ms", "healthy_threshold", "unhealthy_threshold", "matcher"];

/// As a query with its question mark.
impl Display for PastAsk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.stretch {
            Stretch::Last(window) => write!(f, "?range={window}")?,
            Stretch::Between(span) => write!(f, "?from={}&to={}", span.from(), span.to())?,
        }
        if self.phase != domain::Phase::Total {
            write!(f, "&phase={}", self.phase.as_str())?;
        }
        if let Some(at) = self.at {
            write!(f, "&at={at}")?;
        }
        if let Some(after) = self.after {
            write!(f, "&after={after}")?;
        }
        if self.all_lanes {
            f.write_str("&lanes=all")?;
        }
        let draft = self.what_if.iter().flat_map(|draft| WHAT_IF.into_iter().zip(values(draft)));
        draft.into_iter().try_for_each(|(name, value)| write!(f, "&{name}={}", encode(value)))
    }
}

/// The values of the fields that try other settings, in their order.
pub fn values(draft: &WhatIfDraft) -> [&str; 4] {
    [&draft.interval_ms, &draft.healthy_threshold, &draft.unhealthy_threshold, &draft.matcher]
}

#[cfg(feature = "ssr")]
pub use reading::read;

#[cfg(feature = "ssr")]
mod reading {
    use domain::{BadSpan, Span, Stretch, Timestamp, WhatIfDraft, Window, parse_moment};

    use crate::route::query::pairs;
    use crate::state::PastAsk;

    use super::WHAT_IF;

    /// Reads a query at `now`. A stretch that is none becomes the last day, and is told; of the rest what is not
    /// understood says nothing. A moment that is not in the stretch takes the stretch along.
    pub fn read(query: &str, now: Timestamp) -> (PastAsk, Option<BadSpan>) {
        let pairs = pairs(query);
        let value = |name| pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
        let moment = |name| value(name).and_then(parse_moment);
        let stretch = Stretch::parse(value("range"), value("from"), value("to"), Window::DAY, now);
        let (stretch, wrong) = match stretch {
            Ok(stretch) => (stretch, None),
            Err(wrong) => (Stretch::Last(Window::DAY), Some(wrong)),
        };
        let [interval_ms, healthy_threshold, unhealthy_threshold, matcher] =
            WHAT_IF.map(|name| value(name).map(|text| text.trim().to_owned()));
        let is_asked = [&interval_ms, &healthy_threshold, &unhealthy_threshold, &matcher].iter().any(|it| it.is_some());
        let draft = WhatIfDraft {
            interval_ms: interval_ms.unwrap_or_default(),
            healthy_threshold: healthy_threshold.unwrap_or_default(),
            unhealthy_threshold: unhealthy_threshold.unwrap_or_default(),
            matcher: matcher.unwrap_or_default(),
        };
        let at = moment("at").map(|at| at.min(now));
        let ask = PastAsk {
            stretch: at.and_then(|at| moved_to(stretch.span(now), at, now)).map_or(stretch, Stretch::Between),
            phase: value("phase").and_then(|text| text.parse().ok()).unwrap_or_default(),
            at,
            after: moment("after"),
            all_lanes: value("lanes") == Some("all"),
            what_if: is_asked.then_some(draft),
        };
        (ask, wrong)
    }

    /// A stretch as long as this one with the moment in its middle; none where it is in this one, or at its end.
    fn moved_to(span: Span, at: Timestamp, now: Timestamp) -> Option<Span> {
        if span.from() <= at && at <= span.to() {
            return None;
        }
        let half = i64::try_from(span.millis() / 2).unwrap_or(i64::MAX);
        Span::new(at.plus_millis(-half), at.plus_millis(half).min(now)).ok()
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;
    use domain::{BadSpan, Phase, SPAN_MAX_MS, Span, Timestamp, Window};
    use proptest::prelude::*;

    const NOW: i64 = 1_795_341_852_481;

    #[test]
    fn a_stretch_that_is_none_is_told_and_the_last_day_is_shown() {
        let (ask, wrong) = read("range=soon&phase=nose&at=noon", Timestamp::from_millis(NOW));
        assert_eq!((ask.stretch, wrong), (Stretch::Last(Window::DAY), Some(BadSpan::Window)));
        assert_eq!((ask.phase, ask.at, ask.what_if), (Phase::Total, None, None));
    }

    #[test]
    fn a_moment_outside_takes_the_stretch_along() {
        let now = Timestamp::from_millis(NOW);
        let hour = 3_600_000;
        let check = |at: i64, expected: Option<(i64, i64)>| {
            let (ask, _) = read(&format!("range=1h&at={}", Timestamp::from_millis(at)), now);
            let between =
                expected.map(|(from, to)| Span::new(Timestamp::from_millis(from), Timestamp::from_millis(to)));
            let expected = between.map_or(Stretch::Last(Window::HOUR), |span| Stretch::Between(span.unwrap()));
            assert_eq!((ask.stretch, ask.at), (expected, Some(Timestamp::from_millis(at.min(NOW)))));
        };
        check(NOW - hour, None);
        check(NOW, None);
        check(NOW + 5 * hour, None);
        check(NOW - 24 * hour, Some((NOW - 24 * hour - hour / 2, NOW - 24 * hour + hour / 2)));
        check(NOW - hour - 1, Some((NOW - hour - 1 - hour / 2, NOW - hour - 1 + hour / 2)));
    }

    proptest! {
        #[test]
        fn an_address_that_is_printed_parses_to_the_same(
            between in prop::option::of((1..NOW, 1..=SPAN_MAX_MS as i64)),
            hours in 1u64..9000,
            phase in prop::sample::select(Phase::ALL.to_vec()),
            at in prop::option::of(0.0..=1.0),
            after in prop::option::of(0..NOW),
            all_lanes: bool,
            matcher in prop::option::of("[0-9,&=% -]{0,12}"),
        ) {
            let time = Timestamp::from_millis;
            let stretch = match between {
                Some((ago, ms)) => {
                    let from = time(NOW - ago);
                    Stretch::Between(Span::new(from, from.plus_millis(ms.min(ago))).unwrap())
                }
                None => Stretch::Last(Window::hours(hours)),
            };
            let what_if = matcher.map(|matcher| WhatIfDraft {
                matcher: matcher.trim().to_owned(),
                interval_ms: "1000".to_owned(),
                ..WhatIfDraft::default()
            });
            let span = stretch.span(time(NOW));
            let at = at.map(|part: f64| span.from().plus_millis((part * span.millis() as f64) as i64));
            let ask = PastAsk { stretch, phase, at, after: after.map(time), all_lanes, what_if };
            prop_assert_eq!(read(&ask.to_string(), time(NOW)), (ask, None));
        }
    }
}
