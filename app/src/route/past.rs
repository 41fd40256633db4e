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
    use domain::{BadSpan, Stretch, Timestamp, WhatIfDraft, Window};

    use crate::route::query::pairs;
    use crate::state::PastAsk;

    use super::WHAT_IF;

    /// Reads a query at `now`. A stretch that is none becomes the last day, and is told; of the rest what is not
    /// understood says nothing.
    pub fn read(query: &str, now: Timestamp) -> (PastAsk, Option<BadSpan>) {
        let pairs = pairs(query);
        let value = |name| pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
        let moment = |name| value(name).and_then(|text| text.parse::<Timestamp>().ok());
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
        let ask = PastAsk {
            stretch,
            phase: value("phase").and_then(|text| text.parse().ok()).unwrap_or_default(),
            at: moment("at"),
            after: moment("after"),
            all_lanes: value("lanes") == Some("all"),
            what_if: is_asked.then_some(draft),
        };
        (ask, wrong)
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

    proptest! {
        #[test]
        fn an_address_that_is_printed_parses_to_the_same(
            between in prop::option::of((0..NOW, 1..=SPAN_MAX_MS as i64)),
            hours in 1u64..9000,
            phase in prop::sample::select(Phase::ALL.to_vec()),
            at in prop::option::of(0..NOW),
            after in prop::option::of(0..NOW),
            all_lanes: bool,
            matcher in prop::option::of("[0-9,&=% -]{0,12}"),
        ) {
            let time = Timestamp::from_millis;
            let stretch = match between {
                Some((from, ms)) => Stretch::Between(Span::new(time(from), time(from + ms)).unwrap()),
                None => Stretch::Last(Window::hours(hours)),
            };
            let what_if = matcher.map(|matcher| WhatIfDraft {
                matcher: matcher.trim().to_owned(),
                interval_ms: "1000".to_owned(),
                ..WhatIfDraft::default()
            });
            let ask = PastAsk { stretch, phase, at: at.map(time), after: after.map(time), all_lanes, what_if };
            prop_assert_eq!(read(&ask.to_string(), time(NOW)), (ask, None));
        }
    }
}
