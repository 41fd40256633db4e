//! What became of the synthetic client's requests.

use std::collections::VecDeque;

use domain::{LAB_STRIP_MAX, LabAnswer, LabRequest, LabTally, Micros, Timestamp};

/// So many requests are kept, the last ones: two minutes at the highest rate, forty at the usual one.
pub const LAB_REQUESTS_MAX: usize = 24_000;

/// The requests of one lab.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    last: VecDeque<LabRequest>,
    tally: LabTally,
    number: u64,
}

impl Ledger {
    /// One more has ended.
    pub(super) fn add(&mut self, at: Timestamp, took: Micros, answer: LabAnswer) {
        self.number += 1;
        let request = LabRequest { number: self.number, at, took, answer };
        self.tally.add(&request);
        if self.last.len() == LAB_REQUESTS_MAX {
            self.last.pop_front();
        }
        self.last.push_back(request);
    }

    /// One was due and was not sent.
    pub(super) fn hold_back(&mut self) {
        self.tally.held_back += 1;
    }

    /// What became of all.
    pub(super) fn tally(&self) -> LabTally {
        self.tally.clone()
    }

    /// The last ones after the one of this number, as many as are shown.
    pub(super) fn shown_after(&self, number: u64) -> Vec<LabRequest> {
        let shown = self.last.len().saturating_sub(LAB_STRIP_MAX);
        self.last.iter().skip(shown).filter(|request| number < request.number).copied().collect()
    }

    /// Those that were sent at `since` or later.
    pub(super) fn since(&self, since: Timestamp) -> Vec<LabRequest> {
        self.last.iter().filter(|request| since <= request.at).copied().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ledger(count: i64) -> Ledger {
        let mut ledger = Ledger::default();
        for at in 1..=count {
            ledger.add(Timestamp::from_millis(at), Micros(100), LabAnswer::Served(1));
        }
        ledger
    }

    #[test]
    fn it_keeps_the_last_and_counts_all() {
        let count = LAB_REQUESTS_MAX as i64 + 10;
        let ledger = ledger(count);
        assert_eq!(ledger.since(Timestamp::from_millis(0)).len(), LAB_REQUESTS_MAX);
        assert_eq!(ledger.tally().ended(), LAB_REQUESTS_MAX as u64 + 10);
        assert_eq!(ledger.since(Timestamp::from_millis(count - 1)).len(), 2);
    }

    #[test]
    fn what_is_shown_is_the_last_after_what_is_known() {
        let ledger = ledger(100);
        let numbers = |after| ledger.shown_after(after).iter().map(|request| request.number).collect::<Vec<_>>();
        assert_eq!(numbers(97), [98, 99, 100]);
        assert_eq!(numbers(0).len(), LAB_STRIP_MAX);
        assert!(numbers(100).is_empty());
    }
}
