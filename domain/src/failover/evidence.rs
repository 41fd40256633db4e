//! What is put into a record while it is open, each kind with a limit.

use serde::{Deserialize, Serialize};

use crate::{
    AdminState, BackendName, Because, Micros, Observation, Order, ProxyName, Reason, ServerName, Status, Timestamp,
};

/// So many of each kind a record keeps; the first ones always, then the newest.
const KEPT_MAX: usize = 400;

/// So many of them are the first ones.
const FIRST_KEPT: usize = 300;

/// A list that keeps its beginning and its end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept<T> {
    list: Vec<T>,
    /// So many in the middle were left out.
    #[serde(default, skip_serializing_if = "is_zero")]
    left_out: u32,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
fn is_zero(count: &u32) -> bool {
    *count == 0
}

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self { list: Vec::new(), left_out: 0 }
    }
}

impl<T> Kept<T> {
    /// Adds one; one of the middle goes when there are too many.
    pub fn push(&mut self, item: T) {
        if KEPT_MAX <= self.list.len() {
            self.list.remove(FIRST_KEPT);
            self.left_out = self.left_out.saturating_add(1);
        }
        self.list.push(item);
    }

    /// Those that are kept, oldest first.
    pub fn iter(&self) -> std::slice::Iter<'_, T> {
        self.list.iter()
    }

    /// How many in the middle were left out.
    pub fn left_out(&self) -> u32 {
        self.left_out
    }

    /// The newest.
    pub fn last(&self) -> Option<&T> {
        self.list.last()
    }
}

impl<'a, T> IntoIterator for &'a Kept<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// One of our checks of the target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeenCheck {
    /// When it began.
    pub at: Timestamp,
    /// How long it took.
    pub took: Micros,
    /// Why it did not pass; none for a pass.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
}

impl SeenCheck {
    /// What a check saw.
    pub fn of(observation: &Observation) -> Self {
        Self { at: observation.at, took: observation.phases.total, reason: observation.outcome.reason() }
    }

    /// When it ended.
    pub fn ended_at(self) -> Timestamp {
        self.at.plus_millis(i64::from(self.took.0 / 1000))
    }

    /// Whether the target did not do what it should: neither a pass nor a fault of ours.
    pub fn is_failure(self) -> bool {
        self.reason.is_some_and(|reason| reason != Reason::InternalError)
    }
}

/// The status of the target changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Belief {
    /// When.
    pub at: Timestamp,
    /// To what.
    pub status: Status,
}

/// What a proxy says of the server that is the target; there is one for each change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opinion {
    /// When we looked; it came to be so after the look before.
    pub at: Timestamp,
    /// When we had looked before, where we had.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_before: Option<Timestamp>,
    /// Of the first one: since when it is up or down and used or not, as far as we had looked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Timestamp>,
    /// The proxy.
    pub proxy: ProxyName,
    /// Its backend.
    pub backend: BackendName,
    /// Its name of the server.
    pub server: ServerName,
    /// Its word; none while it does not answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub says: Option<String>,
    /// What its own checks say; none where they say nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_up: Option<bool>,
    /// Whether it may use the server; none where that is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub admin: Option<AdminState>,
}

impl Opinion {
    /// Whether it says the same as another.
    pub fn agrees_with(&self, other: &Self) -> bool {
        (&self.says, self.is_up, self.admin) == (&other.says, other.is_up, other.admin)
    }
}

/// Something that we told a proxy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// When it had answered.
    pub at: Timestamp,
    /// The proxy.
    pub proxy: ProxyName,
    /// Its backend.
    pub backend: BackendName,
    /// Its name of the server.
    pub server: ServerName,
    /// What.
    pub order: Order,
    /// Why.
    pub because: Because,
    /// From the decision to the answer.
    pub took: Micros,
    /// Why it was not carried out; none where it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failed: Option<String>,
}

impl Told {
    /// Whether the target was taken out by it.
    pub fn takes_out(&self) -> bool {
        self.failed.is_none() && matches!(self.order, Order::Drain | Order::Maint)
    }
}

/// What the counters of a backend said at one look, as far as the proxy tells. They count since the proxy's own start.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tick {
    /// When.
    pub at: Timestamp,
    /// The proxy.
    pub proxy: ProxyName,
    /// Its backend.
    pub backend: BackendName,
    /// Sessions that the target ever had.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub own: Option<u64>,
    /// Sessions that all other servers of the backend ever had.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub others: Option<u64>,
    /// Connections and answers of the backend's servers that failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub errors: Option<u64>,
    /// Requests that were tried again or given to another server.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retries: Option<u64>,
    /// Answers with a status of 500 and above.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answers_5xx: Option<u64>,
}

/// What was seen and told.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// Our checks of the target.
    #[serde(default)]
    pub checks: Kept<SeenCheck>,
    /// Changes of its status.
    #[serde(default)]
    pub beliefs: Kept<Belief>,
    /// What proxies said of it.
    #[serde(default)]
    pub opinions: Kept<Opinion>,
    /// What we told them.
    #[serde(default)]
    pub told: Kept<Told>,
    /// What their counters said.
    #[serde(default)]
    pub ticks: Kept<Tick>,
    /// Events were missed, so something may be missing here.
    #[serde(default)]
    pub has_holes: bool,
}

impl Evidence {
    /// Adds what a proxy says, where it is another than before.
    pub(super) fn hear(&mut self, mut opinion: Opinion, not_before: Option<Timestamp>) {
        let of_same = |before: &&Opinion| {
            (&before.proxy, &before.backend, &before.server) == (&opinion.proxy, &opinion.backend, &opinion.server)
        };
        let before = self.opinions.list.iter().rev().find(of_same);
        if before.is_none_or(|before| !before.agrees_with(&opinion)) {
            let is_first = before.is_none();
            opinion.not_before = not_before.filter(|_| !is_first);
            opinion.since = opinion.since.filter(|_| is_first);
            self.opinions.push(opinion);
        }
    }

    /// Adds a check that is not there yet.
    pub(super) fn see(&mut self, check: SeenCheck) {
        if self.checks.last().is_none_or(|last| last.at < check.at) {
            self.checks.push(check);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_beginning_and_the_end_are_kept() {
        let mut kept = Kept::default();
        (0..1000).for_each(|n| kept.push(n));
        assert_eq!((kept.iter().count(), kept.left_out()), (KEPT_MAX, 600));
        assert_eq!((kept.iter().next(), kept.list[FIRST_KEPT - 1], kept.last()), (Some(&0), 299, Some(&999)));
    }
}
