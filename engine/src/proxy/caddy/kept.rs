//! What is kept of an upstream that leaves its list, so that it can come back as it was.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::super::ProxyError;

/// An upstream and where it stood.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Kept {
    /// The whole object, whatever is in it.
    pub(super) upstream: Value,
    /// Its place in the list.
    pub(super) index: usize,
    /// The `dial`s of all upstreams of the list: its neighbours, and theirs.
    pub(super) dials: Vec<String>,
}

impl Kept {
    /// None if the upstream is not in the list.
    pub(super) fn of(list: &[Value], server: &str) -> Result<Option<Self>, ProxyError> {
        let Some(index) = position(list, server)? else { return Ok(None) };
        if list.len() == 1 {
            return Err(ProxyError::LastUpstream);
        }
        let dials = list.iter().map(|upstream| dial(upstream).to_owned()).collect();
        Ok(Some(Self { upstream: list[index].clone(), index, dials }))
    }

    pub(super) fn to_text(&self) -> String {
        serde_json::json!(self).to_string()
    }

    pub(super) fn parse(text: &str) -> Result<Self, ProxyError> {
        let unreadable = "what was kept of the upstream cannot be read: put it back in Caddy's configuration";
        serde_json::from_str(text).map_err(|_| ProxyError::refused(unreadable))
    }

    /// Whether any of its former companions is in the list.
    pub(super) fn knows(&self, list: &[Value]) -> bool {
        list.iter().any(|upstream| self.dials.iter().any(|known| known == dial(upstream)))
    }

    /// Where it belongs in a list that may have changed: behind the nearest that stood before it, else before the
    /// nearest that stood behind it, else where it was.
    pub(super) fn place(&self, list: &[Value]) -> usize {
        let now = |known: &String| list.iter().position(|upstream| dial(upstream) == known);
        let split = self.index.min(self.dials.len());
        let before = self.dials[..split].iter().rev().find_map(now).map(|at| at + 1);
        let behind = || self.dials.iter().skip(split + 1).find_map(now);
        before.or_else(behind).unwrap_or(self.index).min(list.len())
    }
}

/// Where the only upstream with this `dial` is.
pub(super) fn position(list: &[Value], server: &str) -> Result<Option<usize>, ProxyError> {
    let mut places = list.iter().enumerate().filter(|(_, upstream)| dial(upstream) == server).map(|(at, _)| at);
    match (places.next(), places.next()) {
        (_, Some(_)) => Err(ProxyError::Ambiguous),
        (place, None) => Ok(place),
    }
}

pub(super) fn dial(upstream: &Value) -> &str {
    upstream["dial"].as_str().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn list(dials: &str) -> Vec<Value> {
        dials.chars().map(|dial| json!({ "dial": dial })).collect()
    }

    fn check(before: &str, server: &str, now: &str, expected: usize) {
        let kept = Kept::of(&list(before), server).unwrap().unwrap();
        assert_eq!(kept.place(&list(now)), expected, "{server} of {before} into {now}");
    }

    #[test]
    fn it_comes_back_next_to_those_that_stood_next_to_it() {
        check("abc", "a", "bc", 0);
        check("abc", "b", "ac", 1);
        check("abc", "c", "ab", 2);
        check("abc", "b", "c", 0);
        check("abc", "b", "xa", 2);
        check("abc", "b", "xc", 1);
        check("abcd", "c", "ad", 1);
        check("abc", "b", "xyz", 1);
        check("abc", "c", "x", 1);
    }

    #[test]
    fn what_cannot_be_taken_out() {
        assert_eq!(Kept::of(&list("a"), "a"), Err(ProxyError::LastUpstream));
        assert_eq!(Kept::of(&list("aba"), "a"), Err(ProxyError::Ambiguous));
        assert_eq!(Kept::of(&list("ab"), "c"), Ok(None));
    }

    proptest! {
        #[test]
        fn when_they_return_in_the_opposite_order_the_list_is_as_before(leave in prop::collection::vec(0..9_usize, 0..6)) {
            let whole = list("abcdefg");
            let (mut now, mut out) = (whole.clone(), Vec::new());
            for at in leave {
                let at = at % now.len();
                let name = dial(&now[at]).to_owned();
                out.push(Kept::of(&now, &name).unwrap().unwrap().to_text());
                now.remove(at);
            }
            while let Some(text) = out.pop() {
                let kept = Kept::parse(&text).unwrap();
                now.insert(kept.place(&now), kept.upstream);
            }
            prop_assert_eq!(now, whole);
        }

        #[test]
        fn any_text_can_be_parsed(text in "([{}\\[\\],:\"a0]|upstream|index|dials){0,20}") {
            let _ = Kept::parse(&text).map(|kept| kept.place(&[]));
        }
    }
}
