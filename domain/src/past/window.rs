//! Stretches of time as they stand in URLs: `range=24h`, or `from=…&to=…`.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{BadSpan, SPAN_MAX_MS, Span, Timestamp};

/// A length of time that ends now, in milliseconds: `90m`, `24h`, `30d`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Window(u64);

/// The units, the largest first, in milliseconds.
const UNITS: [(char, u64); 4] = [('d', 86_400_000), ('h', 3_600_000), ('m', 60_000), ('s', 1000)];

impl Window {
    /// One hour.
    pub const HOUR: Self = Self(3_600_000);

    /// One day.
    pub const DAY: Self = Self(86_400_000);

    /// So many days.
    pub const fn days(days: u64) -> Self {
        Self(days * 86_400_000)
    }

    /// So many hours.
    pub const fn hours(hours: u64) -> Self {
        Self(hours * 3_600_000)
    }

    /// In milliseconds.
    pub fn millis(self) -> u64 {
        self.0
    }

    /// The stretch of this length that ends at `now`.
    pub fn span(self, now: Timestamp) -> Span {
        Span::last(self.0, now)
    }
}

impl FromStr for Window {
    type Err = BadSpan;

    fn from_str(text: &str) -> Result<Self, BadSpan> {
        let text = text.trim();
        let unit = text.chars().next_back().and_then(|last| UNITS.iter().find(|(unit, _)| *unit == last));
        let (unit, ms) = unit.ok_or(BadSpan::Window)?;
        let number = text.strip_suffix(*unit).unwrap_or(text);
        let is_number = !number.is_empty() && number.len() < 10 && number.bytes().all(|b| b.is_ascii_digit());
        let number: u64 = number.parse().ok().filter(|_| is_number).ok_or(BadSpan::Window)?;
        match number.saturating_mul(*ms) {
            0 => Err(BadSpan::Window),
            ms if ms > SPAN_MAX_MS => Err(BadSpan::TooLong),
            ms => Ok(Self(ms)),
        }
    }
}

impl fmt::Display for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // 24h is how people say it; from two days on they count in days.
        let fits = |ms: u64| self.0.is_multiple_of(ms) && (ms < 86_400_000 || self.0 != 86_400_000);
        match UNITS.iter().find(|(_, ms)| fits(*ms)) {
            Some((unit, ms)) => write!(f, "{}{unit}", self.0 / ms),
            None => write!(f, "{}s", self.0.div_ceil(1000)),
        }
    }
}

/// The stretch that a URL asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stretch {
    /// Up to now.
    Last(Window),
    /// Between two moments, whatever the time is.
    Between(Span),
}

impl Stretch {
    /// Reads `range`, or `from` and `to`; an empty text stands for none. Nothing at all is the last `usual`. Without a
    /// `to` it goes on to `now`, and never further: nothing is known of what comes. Moments without a zone are UTC; seconds
    /// may be left out, as browsers do.
    pub fn parse(
        range: Option<&str>,
        from: Option<&str>,
        to: Option<&str>,
        usual: Window,
        now: Timestamp,
    ) -> Result<Self, BadSpan> {
        let given = |text: Option<&'_ str>| text.map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
        match (given(from), given(to), given(range)) {
            (None, None, None) => Ok(Self::Last(usual)),
            (None, None, Some(range)) => range.parse().map(Self::Last),
            (None, Some(_), _) => Err(BadSpan::NoFrom),
            (Some(from), to, _) => {
                let from = parse_moment(&from).ok_or(BadSpan::From)?;
                let to = to.map_or(Some(now), |to| parse_moment(&to)).ok_or(BadSpan::To)?;
                if now <= from && from < to {
                    return Err(BadSpan::Ahead);
                }
                Span::new(from, to.min(now)).map(Self::Between)
            }
        }
    }

    /// The stretch, seen at `now`.
    pub fn span(self, now: Timestamp) -> Span {
        match self {
            Self::Last(window) => window.span(now),
            Self::Between(span) => span,
        }
    }
}

/// `2026-11-22T10:04:12.481Z`, also with an offset in place of the `Z` (RFC 3339), or shorter as browsers have it in forms:
/// `2026-11-22T10:04`.
pub fn parse_moment(text: &str) -> Option<Timestamp> {
    const WITHOUT_SECONDS: usize = "2026-11-22T10:04".len();
    let (local, ahead_min) = match text.strip_suffix(['Z', 'z']) {
        Some(local) => (local, 0),
        None => offset(text).unwrap_or((text, 0)),
    };
    let seconds = if local.len() == WITHOUT_SECONDS { ":00" } else { "" };
    let moment: Timestamp = format!("{local}{seconds}Z").parse().ok()?;
    Some(moment.plus_millis(-60_000 * ahead_min))
}

/// What stands before an offset, and how many minutes it is ahead of UTC. In a query `+` is a space, unless it is encoded.
fn offset(text: &str) -> Option<(&str, i64)> {
    const LENGTH: usize = "+09:00".len();
    let (local, offset) = text.split_at_checked(text.len().checked_sub(LENGTH)?)?;
    let (hours, minutes) = offset.get(1..)?.split_once(':')?;
    let part = |text: &str, max: i64| {
        let digits = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse().ok().filter(|part| digits && (0..=max).contains(part))
    };
    let ahead: i64 = 60 * part(hours, 23)? + part(minutes, 59)?;
    match offset.get(..1)? {
        "+" | " " if local.contains('T') => Some((local, ahead)),
        "-" if local.contains('T') => Some((local, -ahead)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_795_341_852_481;

    fn check(range: &str, from: &str, to: &str, expected: Result<&str, BadSpan>) {
        let now = Timestamp::from_millis(NOW);
        let stretch = Stretch::parse(Some(range), Some(from), Some(to), Window::DAY, now);
        let text = stretch.map(|stretch| match stretch {
            Stretch::Last(window) => window.to_string(),
            Stretch::Between(span) => format!("{} {}", span.from(), span.to()),
        });
        assert_eq!(text.as_deref().map_err(|error| *error), expected, "{range} {from} {to}");
    }

    #[test]
    fn lengths_are_read_and_printed() {
        for text in ["1h", "6h", "24h", "7d", "30d", "90d", "90m", "45s", "400d"] {
            check(text, "", "", Ok(text));
        }
        check("", "", "", Ok("24h"));
        check("60m", "", "", Ok("1h"));
        for text in ["0h", "h", "-1h", "1.5h", "1w", "24", "hh", "1hh", "+1h", "9999999999d"] {
            check(text, "", "", Err(BadSpan::Window));
        }
        check("401d", "", "", Err(BadSpan::TooLong));
    }

    #[test]
    fn moments_are_read_with_and_without_zone() {
        let whole = "2026-11-22T10:00:00.000Z 2026-11-22T10:04:12.481Z";
        check("", "2026-11-22T10:00:00Z", "2026-11-22T10:04:12.481Z", Ok(whole));
        check("7d", "2026-11-22T10:00", "", Ok(whole));
        check("", "2026-11-22T10:05", "2026-11-22T10:04", Err(BadSpan::Backwards));
        check("", "", "2026-11-22T10:04", Err(BadSpan::NoFrom));
        check("", "2026-11-22T10:00", "2026-11-23T10:00", Ok(whole));
        check("", "2026-11-22T11:00", "2026-11-23T10:00", Err(BadSpan::Ahead));
        check("", "2026-11-22T11:00", "2026-11-22T10:59", Err(BadSpan::Backwards));
        check("", "2026-11-22T19:00:00+09:00", "2026-11-22T04:34:12.481-05:30", Ok(whole));
        check("", "2026-11-22T19:00 09:00", "", Ok(whole));
        for text in ["yesterday", "2026-11-22", "2026-13-22T10:04", "2026-11-22T10:04:12+24:00", "T+09:00", "é09:00"] {
            check("", text, "", Err(BadSpan::From));
            check("", "2026-11-22", text, Err(BadSpan::From));
            check("", "2026-11-22T10:04", text, Err(BadSpan::To));
        }
    }
}
