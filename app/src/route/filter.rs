//! What a list is narrowed to, as it stands in the query of an address.

use std::fmt::{self, Display};

use domain::Status;

use super::query::{encode, pairs};

/// What a list is narrowed to, as it stands in the query of the address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only this status (`status=unhealthy`).
    pub status: Option<Status>,
    /// Only what needs somebody (`problems=1`).
    pub problems: bool,
    /// Only what has this text in its name or address (`q=web`).
    pub text: String,
    /// So many parts of a long list were passed over (`page=2` is the second part).
    pub page: u32,
}

impl Filter {
    /// Reads a query; what is not understood says nothing.
    pub fn parse(query: &str) -> Self {
        let mut filter = Self::default();
        for (key, value) in pairs(query) {
            match key.as_str() {
                "status" => filter.status = value.parse().ok(),
                "problems" => filter.problems = value == "1",
                "q" => filter.text = value.trim().to_owned(),
                "page" => filter.page = value.parse::<u32>().unwrap_or(1).saturating_sub(1),
                _ => {}
            }
        }
        filter
    }

    /// Whether something with this status, and with these names, stays in the list.
    pub fn lets(&self, status: Status, names: &[&str]) -> bool {
        let wanted = self.text.to_lowercase();
        self.status.is_none_or(|only| only == status)
            && (!self.problems || is_problem(status))
            && (wanted.is_empty() || names.iter().any(|name| name.to_lowercase().contains(&wanted)))
    }

    /// As it is asked for: without what stands around the text while it is typed, and from the beginning of the list.
    #[must_use]
    pub fn trimmed(self) -> Self {
        Self { text: self.text.trim().to_owned(), page: 0, ..self }
    }

    /// Whether it lets nothing stay that `other` does not.
    pub fn narrows(&self, other: &Self) -> bool {
        let is_longer = self.text.to_lowercase().contains(&other.text.to_lowercase());
        (self.status, self.problems) == (other.status, other.problems) && is_longer
    }

    /// Whether nothing is left out but by being in another part of the list.
    pub fn is_empty(&self) -> bool {
        Self { page: 0, ..self.clone() } == Self::default()
    }
}

/// As a query with its question mark; nothing for no filter.
impl Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let status = self.status.map(|status| format!("status={status}"));
        let problems = self.problems.then(|| "problems=1".to_owned());
        let text = (!self.text.is_empty()).then(|| format!("q={}", encode(&self.text)));
        let page = (0 < self.page).then(|| format!("page={}", u64::from(self.page) + 1));
        let parts: Vec<String> = [status, problems, text, page].into_iter().flatten().collect();
        if parts.is_empty() { Ok(()) } else { write!(f, "?{}", parts.join("&")) }
    }
}

/// Whether somebody should look at a target with this status.
pub fn is_problem(status: Status) -> bool {
    matches!(status, Status::Unhealthy | Status::Unavailable)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_filter_that_is_printed_parses_to_the_same(
            status in prop::option::of(prop::sample::select(Status::ALL.to_vec())),
            problems: bool,
            text in "[가-힣a-z&=%+#? ]{0,12}",
            page in 0..1000_u32,
        ) {
            let filter = Filter { status, problems, text: text.trim().to_owned(), page };
            prop_assert_eq!(Filter::parse(&filter.to_string()), filter);
        }
    }
}
