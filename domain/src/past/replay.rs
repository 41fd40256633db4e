//! Stored checks, run through the rules of health again.

use serde::{Deserialize, Serialize};

use crate::{Health, Outcome, Thresholds, Timestamp};

/// So many outages of a replay are told one by one; more are counted.
pub const OUTAGES_MAX: usize = 1000;

/// A time in which a target would have been called unhealthy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outage {
    /// When the first failed check ended of the run that led to it.
    pub first_failure: Timestamp,
    /// When it was called unhealthy.
    pub found: Timestamp,
    /// When it was called healthy again; none: not in the stretch.
    pub over: Option<Timestamp>,
}

/// Runs results through [`Health::observe`], beginning with a target that was just registered.
#[derive(Clone, Debug)]
pub struct Replay {
    thresholds: Thresholds,
    health: Health,
    failing_since: Option<Timestamp>,
    changes: u64,
    outages: Vec<Outage>,
    outage_count: u64,
    was_healthy: bool,
    unhealthy_ms: u64,
    /// The last result, from which on a target that is unhealthy stays so.
    last: Option<Timestamp>,
}

impl Replay {
    /// Under these thresholds.
    pub fn new(thresholds: Thresholds) -> Self {
        let health = Health::new();
        Self {
            thresholds,
            health,
            failing_since: None,
            changes: 0,
            outages: Vec::new(),
            outage_count: 0,
            was_healthy: false,
            unhealthy_ms: 0,
            last: None,
        }
    }

    /// Takes in a result that was there at `ended`.
    pub fn observe(&mut self, ended: Timestamp, outcome: &Outcome) {
        match outcome {
            Outcome::Pass => self.failing_since = None,
            Outcome::Fail(_) => self.failing_since = self.failing_since.or(Some(ended)),
            Outcome::Unknown(_) => {}
        }
        if let (Health::Unhealthy { .. }, Some(last)) = (&self.health, self.last) {
            self.unhealthy_ms += ended.millis_since(last);
        }
        self.last = Some(ended);
        let before = std::mem::take(&mut self.health);
        self.health = before.clone().observe(outcome, self.thresholds);
        self.was_healthy |= matches!(self.health, Health::Healthy { .. });
        match (&before, &self.health) {
            (Health::Unhealthy { .. }, Health::Healthy { .. }) => {
                self.changes += 1;
                self.recover(ended);
            }
            (Health::Initial { .. } | Health::Healthy { .. }, Health::Unhealthy { .. }) => {
                self.changes += u64::from(matches!(before, Health::Healthy { .. }));
                self.fail(ended);
            }
            _ => {}
        }
    }

    /// No more results come until `end`: it stays what it is called.
    pub fn last_until(&mut self, end: Timestamp) {
        if let (Health::Unhealthy { .. }, Some(last)) = (&self.health, self.last) {
            self.unhealthy_ms += end.millis_since(last);
        }
        self.last = self.last.map(|last| last.max(end));
    }

    /// When the last result was there.
    pub fn last(&self) -> Option<Timestamp> {
        self.last
    }

    /// What comes is of another machine: nothing is believed of it yet, and what was is over.
    pub fn begin_anew(&mut self) {
        if let (Health::Unhealthy { .. }, Some(last)) = (&self.health, self.last) {
            self.recover(last);
        }
        (self.health, self.failing_since, self.last) = (Health::new(), None, None);
    }

    /// For how long it would have been unhealthy, up to the last result, in milliseconds.
    pub fn unhealthy_ms(&self) -> u64 {
        self.unhealthy_ms
    }

    /// Whether it would have been healthy at any time.
    pub fn was_healthy(&self) -> bool {
        self.was_healthy
    }

    /// Changes between healthy and unhealthy.
    pub fn changes(&self) -> u64 {
        self.changes
    }

    /// How many outages there were.
    pub fn outage_count(&self) -> u64 {
        self.outage_count
    }

    /// The first [`OUTAGES_MAX`] outages, oldest first.
    pub fn outages(&self) -> &[Outage] {
        &self.outages
    }

    fn fail(&mut self, found: Timestamp) {
        self.outage_count += 1;
        if self.outages.len() < OUTAGES_MAX {
            let first_failure = self.failing_since.unwrap_or(found);
            self.outages.push(Outage { first_failure, found, over: None });
        }
    }

    fn recover(&mut self, over: Timestamp) {
        // An outage that is only counted leaves the last one that is told as it is.
        if let Some(last) = self.outages.last_mut().filter(|last| last.over.is_none()) {
            last.over = Some(over);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::slot::tests::outcome;
    use super::*;

    /// A result a second: the changes, and first failure, finding and end of each outage in seconds.
    fn check(rise: u8, fall: u8, results: &str, changes: u64, outages: &[(i64, i64, Option<i64>)]) {
        let mut replay = Replay::new(Thresholds { rise, fall });
        for (second, letter) in (0..).zip(results.chars()) {
            replay.observe(Timestamp::from_millis(second * 1000), &outcome(letter));
        }
        let seconds = |at: Timestamp| at.as_millis() / 1000;
        let told: Vec<_> = replay
            .outages()
            .iter()
            .map(|o| (seconds(o.first_failure), seconds(o.found), o.over.map(seconds)))
            .collect();
        assert_eq!((replay.changes(), told.as_slice()), (changes, outages), "{results}");
        assert_eq!(replay.outage_count(), outages.len() as u64);
    }

    #[test]
    fn outages_begin_with_the_first_failure_of_their_run() {
        check(2, 3, "++-+---++", 2, &[(4, 6, Some(8))]);
        check(2, 2, "+-?-+", 1, &[(1, 3, None)]);
        check(1, 1, "--+-+", 3, &[(0, 0, Some(2)), (3, 3, Some(4))]);
    }

    #[test]
    fn what_is_not_known_is_no_outage() {
        check(1, 1, "+???+", 0, &[]);
    }
}
