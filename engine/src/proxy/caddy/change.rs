//! Decides what to write into a list of upstreams, from how it is now.

use serde_json::Value;

use super::super::ProxyError;
use super::kept::{Kept, dial, position};

/// What an order means for the list.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Change {
    /// The upstream leaves.
    Leave,
    /// The upstream comes back as it was.
    Return {
        /// What is known of it.
        kept: Option<Kept>,
        /// The handler is known by its place only, where another one may stand by now.
        by_place: bool,
    },
}

/// What is to be written.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Edit {
    /// Delete the upstream at this index.
    Delete(usize),
    /// Insert an upstream before the one at this index.
    Insert(usize, Value),
    /// Put an upstream at the end.
    Append(Value),
}

impl Change {
    /// None if the list is already as it should be.
    pub(super) fn edit(&self, list: &[Value], server: &str) -> Result<Option<Edit>, ProxyError> {
        match (self, position(list, server)?) {
            (Self::Leave, None) | (Self::Return { .. }, Some(_)) => Ok(None),
            (Self::Leave, Some(_)) if list.len() == 1 => Err(ProxyError::LastUpstream),
            (Self::Leave, Some(at)) => Ok(Some(Edit::Delete(at))),
            (Self::Return { kept, by_place }, None) => {
                let kept = kept.as_ref().filter(|kept| dial(&kept.upstream) == server);
                let kept = kept.ok_or_else(|| ProxyError::refused(NOT_KEPT))?;
                if *by_place && !kept.knows(list) {
                    return Err(ProxyError::NoSuchBackend);
                }
                let (at, upstream) = (kept.place(list), kept.upstream.clone());
                Ok(Some(if at < list.len() { Edit::Insert(at, upstream) } else { Edit::Append(upstream) }))
            }
        }
    }

    /// What is said when there is nothing to do.
    pub(super) fn holds(&self) -> &'static str {
        match self {
            Self::Leave => "not listed already",
            Self::Return { .. } => "listed already",
        }
    }
}

const NOT_KEPT: &str = "nothing was kept of this upstream: put it back in Caddy's configuration";

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn list(dials: &str) -> Vec<Value> {
        dials.chars().map(|dial| json!({ "dial": dial, "max_requests": 7 })).collect()
    }

    fn back(from: &str, server: &str, by_place: bool) -> Change {
        Change::Return { kept: Kept::of(&list(from), server).unwrap(), by_place }
    }

    fn check(change: &Change, now: &str, server: &str, expected: Result<Option<Edit>, ProxyError>) {
        assert_eq!(change.edit(&list(now), server), expected, "{server} in {now}");
    }

    #[test]
    fn leaving() {
        check(&Change::Leave, "abc", "b", Ok(Some(Edit::Delete(1))));
        check(&Change::Leave, "ac", "b", Ok(None));
        check(&Change::Leave, "", "b", Ok(None));
        check(&Change::Leave, "b", "b", Err(ProxyError::LastUpstream));
        check(&Change::Leave, "bab", "b", Err(ProxyError::Ambiguous));
    }

    #[test]
    fn coming_back() {
        let whole = list("b").remove(0);
        check(&back("abc", "b", true), "ac", "b", Ok(Some(Edit::Insert(1, whole.clone()))));
        check(&back("ab", "b", true), "a", "b", Ok(Some(Edit::Append(whole.clone()))));
        check(&back("ab", "b", true), "ab", "b", Ok(None));
        check(&back("ab", "b", false), "xy", "b", Ok(Some(Edit::Insert(1, whole))));
    }

    #[test]
    fn only_what_was_kept_comes_back() {
        let refused = || Err(ProxyError::Refused(NOT_KEPT.to_owned()));
        check(&Change::Return { kept: None, by_place: false }, "a", "b", refused());
        check(&back("abc", "c", false), "a", "b", refused());
    }

    #[test]
    fn another_handler_at_the_same_place_is_left_alone() {
        check(&back("ab", "b", true), "xy", "b", Err(ProxyError::NoSuchBackend));
    }
}
