//! Which HTTP status codes pass.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// HTTP status codes that count as a pass: `200`, `200,204` or `200-399` (ELBv2 `Matcher.HttpCode`; we allow 100 to 599).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Matcher(Vec<(u16, u16)>);

/// The text is no list of status codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("give status codes from 100 to 599, such as 200, 200,204 or 200-399")]
pub struct NotAMatcher;

/// So many codes or ranges may stand in one matcher.
const PARTS_MAX: usize = 20;

impl Matcher {
    /// Whether `code` passes.
    pub fn matches(&self, code: u16) -> bool {
        self.0.iter().any(|(first, last)| (*first..=*last).contains(&code))
    }
}

impl Default for Matcher {
    /// `200`, as ELBv2 has it for application load balancers.
    fn default() -> Self {
        Self(vec![(200, 200)])
    }
}

impl FromStr for Matcher {
    type Err = NotAMatcher;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parts: Vec<_> = text.split(',').map(range).collect::<Result<_, _>>()?;
        if parts.len() > PARTS_MAX { Err(NotAMatcher) } else { Ok(Self(parts)) }
    }
}

fn range(text: &str) -> Result<(u16, u16), NotAMatcher> {
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    let (first, last) = (code(first)?, code(last)?);
    if first <= last { Ok((first, last)) } else { Err(NotAMatcher) }
}

fn code(text: &str) -> Result<u16, NotAMatcher> {
    let text = text.trim();
    let three_digits = text.len() == 3 && text.bytes().all(|b| b.is_ascii_digit());
    let code = text.parse().map_err(|_| NotAMatcher)?;
    if three_digits && (100..=599).contains(&code) { Ok(code) } else { Err(NotAMatcher) }
}

impl fmt::Display for Matcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (first, last)) in self.0.iter().enumerate() {
            let comma = if index == 0 { "" } else { "," };
            match first == last {
                true => write!(f, "{comma}{first}")?,
                false => write!(f, "{comma}{first}-{last}")?,
            }
        }
        Ok(())
    }
}

impl TryFrom<String> for Matcher {
    type Error = NotAMatcher;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Matcher> for String {
    fn from(matcher: Matcher) -> String {
        matcher.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(text: &str, passes: &[u16], fails: &[u16]) {
        let matcher: Matcher = text.parse().unwrap();
        assert!(passes.iter().all(|code| matcher.matches(*code)), "{text} passes {passes:?}");
        assert!(!fails.iter().any(|code| matcher.matches(*code)), "{text} refuses {fails:?}");
    }

    #[test]
    fn codes_lists_and_ranges() {
        check("200", &[200], &[199, 201, 302]);
        check("200, 204", &[200, 204], &[201, 203]);
        check("200-299,401", &[200, 250, 299, 401], &[300, 400]);
    }

    #[test]
    fn nonsense_is_refused() {
        for text in ["", ",", "20", "2000", "0200", "600", "99", "300-200", "200-", "-200", "ok", "200;204", "+20"] {
            assert_eq!(text.parse::<Matcher>(), Err(NotAMatcher), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn what_is_printed_parses_to_the_same(parts in prop::collection::vec((100u16..600, 0u16..50), 1..PARTS_MAX)) {
            let matcher = Matcher(parts.into_iter().map(|(first, more)| (first, (first + more).min(599))).collect());
            prop_assert_eq!(matcher.to_string().parse::<Matcher>(), Ok(matcher));
        }
    }
}
