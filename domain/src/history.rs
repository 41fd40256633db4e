//! The last few results, for the bars: per target one cell a check, per group one cell an interval.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use crate::{Micros, Observation, Outcome, Reason, Timestamp};

/// So many checks of a target are kept for its bar.
pub const BEATS_MAX: usize = 40;

/// So many intervals of a group are kept for its bar.
pub const LANE_CELLS: usize = 44;

/// One check in the bar of a target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Beat {
    /// When it began.
    #[serde(rename = "a")]
    pub at: Timestamp,
    /// How long it took.
    #[serde(rename = "t")]
    pub total: Micros,
    /// Why it did not pass; none for a pass, `Elb.InternalError` where we could not see.
    #[serde(rename = "r", default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
}

/// The last checks of a target, oldest first; on a page perhaps not told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Beats(Option<VecDeque<Beat>>);

impl Default for Beats {
    fn default() -> Self {
        Self(Some(VecDeque::new()))
    }
}

impl Beats {
    /// Adds a check; the oldest goes when there are more than [`BEATS_MAX`].
    pub fn push(&mut self, observation: &Observation) {
        let Some(beats) = &mut self.0 else { return };
        if beats.len() == BEATS_MAX {
            beats.pop_front();
        }
        let reason = observation.outcome.reason();
        beats.push_back(Beat { at: observation.at, total: observation.phases.total, reason });
    }

    /// Those of a target whose checks a page was not told.
    pub fn untold() -> Self {
        Self(None)
    }

    /// Whether they are known.
    pub fn are_told(&self) -> bool {
        self.0.is_some()
    }

    /// Oldest first; none where they are not told.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Beat> + ExactSizeIterator {
        static UNTOLD: VecDeque<Beat> = VecDeque::new();
        self.0.as_ref().unwrap_or(&UNTOLD).iter()
    }
}

/// One interval in the bar of a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cell {
    /// When the interval began.
    #[serde(rename = "a")]
    pub start: Timestamp,
    /// Checks that passed.
    #[serde(rename = "p")]
    pub passes: u32,
    /// Checks that failed.
    #[serde(rename = "f")]
    pub fails: u32,
    /// Checks that we could not make.
    #[serde(rename = "u")]
    pub unknown: u32,
    /// The slowest pass.
    #[serde(rename = "s")]
    pub slowest: Micros,
}

/// The last intervals of a group, oldest first. Intervals in which nothing was checked are there, and empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Lane(VecDeque<Cell>);

impl Lane {
    /// Adds a check to the interval in which it began; one that began before all of them is left out.
    pub fn push(&mut self, observation: &Observation, interval_ms: u32) {
        self.reach(observation.at, i64::from(interval_ms.max(1)));
        let Some(cell) = self.0.iter_mut().rev().find(|cell| cell.start <= observation.at) else { return };
        match observation.outcome {
            Outcome::Pass => {
                cell.passes += 1;
                cell.slowest = cell.slowest.max(observation.phases.total);
            }
            Outcome::Fail(_) => cell.fails += 1,
            Outcome::Unknown(_) => cell.unknown += 1,
        }
    }

    /// Oldest first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Cell> + ExactSizeIterator {
        self.0.iter()
    }

    /// The interval that `at` falls in, or else the first one, and those after it.
    pub fn since(&self, at: Timestamp) -> Vec<Cell> {
        let first = self.0.iter().rposition(|cell| cell.start <= at).unwrap_or(0);
        self.0.range(first..).copied().collect()
    }

    /// Puts these intervals in the place of those that began with or after the first of them.
    pub fn amend(&mut self, cells: impl Iterator<Item = Cell>) {
        let mut cells = cells.peekable();
        let Some(first) = cells.peek().map(|cell| cell.start) else { return };
        self.0.retain(|cell| cell.start < first);
        self.0.extend(cells);
        self.0.drain(..self.0.len().saturating_sub(LANE_CELLS));
    }

    fn reach(&mut self, at: Timestamp, interval: i64) {
        let slot = at.as_millis() - at.as_millis().rem_euclid(interval);
        let last = self.0.back().map(|cell| cell.start.as_millis());
        let first_new = match last {
            Some(last) if at.as_millis() < last + interval => return,
            Some(last) => (last + interval).max(slot - interval * (LANE_CELLS as i64 - 1)),
            None => slot,
        };
        let mut start = first_new;
        while start <= at.as_millis() {
            if self.0.len() == LANE_CELLS {
                self.0.pop_front();
            }
            let start_of_cell = Timestamp::from_millis(start);
            self.0.push_back(Cell { start: start_of_cell, passes: 0, fails: 0, unknown: 0, slowest: Micros(0) });
            start += interval;
        }
    }
}

impl From<Vec<Cell>> for Lane {
    fn from(cells: Vec<Cell>) -> Self {
        Self(cells.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Failure, Phases};

    fn seen(at: i64, outcome: Outcome) -> Observation {
        let phases = Phases { dns: None, connect: None, tls: None, first_byte: None, total: Micros(500) };
        Observation { at: Timestamp::from_millis(at), phases, status_code: None, outcome }
    }

    fn check(times: &[i64], expected: &[(i64, u32)]) {
        let mut lane = Lane::default();
        for at in times {
            lane.push(&seen(*at, Outcome::Pass), 1000);
        }
        let cells: Vec<_> = lane.iter().map(|cell| (cell.start.as_millis(), cell.passes)).collect();
        assert_eq!(cells, expected, "{times:?}");
    }

    #[test]
    fn a_cell_holds_one_interval() {
        check(&[5100, 5900, 6000], &[(5000, 2), (6000, 1)]);
    }

    #[test]
    fn a_slow_check_counts_where_it_began_and_a_pause_is_seen() {
        check(&[5100, 8100, 5200], &[(5000, 2), (6000, 0), (7000, 0), (8000, 1)]);
    }

    #[test]
    fn a_long_pause_leaves_only_empty_cells_before_the_next() {
        let mut lane = Lane::default();
        lane.push(&seen(0, Outcome::Fail(Failure::ConnectionRefused)), 200);
        lane.push(&seen(86_400_000, Outcome::Pass), 200);
        assert_eq!(lane.iter().len(), LANE_CELLS);
        assert_eq!(lane.iter().map(|cell| cell.passes + cell.fails).sum::<u32>(), 1);
    }

    #[test]
    fn the_bar_of_a_target_keeps_the_newest() {
        let mut beats = Beats::default();
        for at in 0..100 {
            beats.push(&seen(at, Outcome::Pass));
        }
        assert_eq!(beats.iter().map(|beat| beat.at.as_millis()).collect::<Vec<_>>(), (60..100).collect::<Vec<_>>());
    }
}
