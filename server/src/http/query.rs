//! Reading the query of a URL strictly: a name that does not exist is a slip that somebody wants to hear of.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use domain::{BadSpan, Invalid, Problem as Wrong, Span, Stretch, Timestamp, Window};
use engine::PutBack;

use super::limits::PAGE_MAX;
use super::problem::Problem;

/// The names and values of a query, not yet read.
#[derive(Clone, Debug)]
pub(crate) struct Query {
    pairs: Vec<(String, String)>,
    wrong: Vec<Invalid>,
}

/// Which page of a list is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Page {
    /// At most so many items.
    pub(crate) limit: usize,
    /// Where the page before ended.
    pub(crate) cursor: Option<String>,
}

impl<S: Send + Sync> FromRequestParts<S> for Query {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self::parse(parts.uri.query().unwrap_or("")))
    }
}

impl Query {
    /// Reads the text after the question mark.
    pub(crate) fn parse(text: &str) -> Self {
        let pairs = form_urlencoded::parse(text.as_bytes()).into_owned().collect();
        Self { pairs, wrong: Vec::new() }
    }

    /// Takes the value of `name`; the first one where it is repeated.
    pub(crate) fn take(&mut self, name: &str) -> Option<String> {
        let value = self.pairs.iter().find(|(given, _)| given == name).map(|(_, value)| value.clone());
        self.pairs.retain(|(given, _)| given != name);
        value
    }

    /// Takes the value of `name` and parses it.
    pub(crate) fn parsed<T>(&mut self, name: &str, parse: impl FnOnce(&str) -> Result<T, Wrong>) -> Option<T> {
        let text = self.take(name)?;
        parse(&text).map_err(|wrong| self.wrong.push(Invalid::new(name, wrong))).ok()
    }

    /// Takes the whole number `name`.
    pub(crate) fn number(&mut self, name: &str) -> Option<u64> {
        self.parsed(name, |text| text.parse().map_err(|_| Wrong::NotANumber))
    }

    /// Takes true or false.
    pub(crate) fn switch(&mut self, name: &str) -> Option<bool> {
        self.parsed(name, |text| text.parse().map_err(|_| Wrong::OneOf("true, false".to_owned())))
    }

    /// Takes `put_back`: servers that we hold go back into service unless it says no.
    pub(crate) fn put_back(&mut self) -> PutBack {
        if self.switch("put_back") == Some(false) { PutBack::LeaveOut } else { PutBack::Yes }
    }

    /// Takes `range`, or `from` and `to`; the last day if none is there.
    pub(crate) fn span(&mut self, now: Timestamp) -> Span {
        let [range, from, to] = ["range", "from", "to"].map(|name| self.take(name));
        let stretch = Stretch::parse(range.as_deref(), from.as_deref(), to.as_deref(), Window::DAY, now);
        let wrong = |bad: BadSpan| Invalid::new(bad.field(), Wrong::Malformed(format!("{}.", capitalised(&bad))));
        let stretch = stretch.map_err(|bad| self.wrong.push(wrong(bad)));
        stretch.unwrap_or(Stretch::Last(Window::DAY)).span(now)
    }

    /// Takes `limit` and `cursor`.
    pub(crate) fn page(&mut self, default_limit: u32) -> Page {
        let limit = self.parsed("limit", |text| {
            let number: u64 = text.parse().map_err(|_| Wrong::NotANumber)?;
            let fits = (1..=u64::from(PAGE_MAX)).contains(&number);
            u32::try_from(number).ok().filter(|_| fits).ok_or(Wrong::Range { min: 1, max: PAGE_MAX })
        });
        Page { limit: limit.unwrap_or(default_limit) as usize, cursor: self.take("cursor") }
    }

    /// Refuses what was wrong and what nobody took.
    pub(crate) fn finish(mut self) -> Result<(), Problem> {
        self.wrong.extend(self.pairs.into_iter().map(|(name, _)| Invalid::new(name, Wrong::UnknownField)));
        if self.wrong.is_empty() { Ok(()) } else { Err(Problem::invalid(self.wrong)) }
    }
}

/// As a sentence begins.
fn capitalised(error: &impl ToString) -> String {
    let text = error.to_string();
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| format!("{}{}", first.to_uppercase(), letters.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_read_with_its_default() {
        let mut query = Query::parse("cursor=a%20b");
        assert_eq!(query.page(100), Page { limit: 100, cursor: Some("a b".to_owned()) });
        assert!(query.finish().is_ok());
    }

    #[test]
    fn servers_are_put_back_unless_somebody_says_no() {
        for (text, expected) in
            [("", PutBack::Yes), ("put_back=true", PutBack::Yes), ("put_back=false", PutBack::LeaveOut)]
        {
            let mut query = Query::parse(text);
            assert_eq!(query.put_back(), expected, "{text}");
            assert!(query.finish().is_ok(), "{text}");
        }
        let mut query = Query::parse("put_back=no");
        query.put_back();
        assert!(query.finish().is_err());
    }

    #[test]
    fn a_stretch_of_time_is_read_with_its_default() {
        let now = Timestamp::from_millis(1_795_341_852_481);
        for (text, ms) in [("", 86_400_000), ("range=7d", 7 * 86_400_000), ("from=2026-11-22T10:04:12.480Z", 1)] {
            let mut query = Query::parse(text);
            assert_eq!(query.span(now).millis(), ms, "{text}");
            assert!(query.finish().is_ok(), "{text}");
        }
        for (text, field) in [("range=soon", "range"), ("to=2026-11-22T10:04:12Z", "from"), ("from=1970-01-01", "from")]
        {
            let mut query = Query::parse(text);
            query.span(now);
            assert_eq!(query.wrong.iter().map(|wrong| wrong.field.as_str()).collect::<Vec<_>>(), [field], "{text}");
        }
    }

    #[test]
    fn what_nobody_knows_and_what_is_out_of_range_is_refused() {
        for text in ["limit=0", "limit=1001", "limit=x", "limits=5"] {
            let mut query = Query::parse(text);
            query.page(100);
            assert!(query.finish().is_err(), "{text}");
        }
    }
}
