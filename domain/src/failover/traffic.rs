//! What a synthetic client saw of a failover.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{LabRequest, Timestamp};

/// So many columns the lane of answers has.
pub const COLUMNS: usize = 120;

/// So many requests a column holds on average, where there are enough.
const PER_COLUMN: u64 = 3;

/// A column is no narrower than this, in milliseconds.
const COLUMN_MIN_MS: u64 = 50;

/// What a synthetic client saw from a little before a failover until a little after it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Traffic {
    /// Where the first column begins.
    pub from: Timestamp,
    /// How long a column is, in milliseconds.
    pub step_ms: u64,
    /// The columns.
    pub columns: Vec<Column>,
    /// The names of those who served, by the client's numbers for them.
    pub names: BTreeMap<u8, String>,
    /// Requests that were sent at the beginning or after it, and ended before the end, or were under way at the beginning.
    pub total: u64,
    /// Of these, those that were not served.
    pub lost: u64,
    /// Of those, the ones that were sent before the beginning.
    pub lost_in_flight: u64,
    /// Of these, those that were served late.
    pub stalled: u64,
    /// From the beginning to the first answer of another server to a request that was sent after the beginning, in
    /// microseconds; and its number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub elsewhere: Option<(u64, u8)>,
    /// When the target answered again after the beginning, for the first time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub own_again: Option<Timestamp>,
    /// The requests that were kept do not reach back to the beginning.
    #[serde(default)]
    pub is_partial: bool,
}

/// What ended within one column.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// Served, by whom.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub by: BTreeMap<u8, u32>,
    /// Not served.
    #[serde(default)]
    pub failed: u32,
    /// Served late.
    #[serde(default)]
    pub slow: u32,
}

/// The stretch that is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stretch {
    /// Where the lanes begin.
    pub(super) from: Timestamp,
    /// From when everything is counted.
    pub(super) zero: Timestamp,
    /// Until when it is counted.
    pub(super) end: Timestamp,
    /// Where the lanes end.
    pub(super) to: Timestamp,
}

impl Traffic {
    /// From the requests that were sent since a little before the beginning.
    pub(super) fn of(
        requests: &[LabRequest],
        names: BTreeMap<u8, String>,
        own: Option<u8>,
        stretch: Stretch,
    ) -> Option<Self> {
        let Stretch { from, zero, end, to } = stretch;
        let whole = to.millis_since(from);
        // A column that holds but a few shows shares, not stripes.
        let for_shares = (whole * PER_COLUMN).checked_div(requests.len() as u64).unwrap_or(0);
        let step_ms = whole.div_ceil(COLUMNS as u64).max(COLUMN_MIN_MS).max(for_shares.min(whole / 10));
        let mut columns = vec![Column::default(); COLUMNS];
        let first = requests.iter().map(|request| request.at).min()?;
        let mut traffic = Self {
            from,
            step_ms,
            columns: Vec::new(),
            names,
            total: 0,
            lost: 0,
            lost_in_flight: 0,
            stalled: 0,
            elsewhere: None,
            own_again: None,
            is_partial: zero < first,
        };
        for request in requests {
            let ended = ended_at(request);
            let place = usize::try_from(ended.millis_since(from) / step_ms).unwrap_or(usize::MAX);
            if let Some(column) = columns.get_mut(place).filter(|_| from <= ended) {
                match request.by().filter(|_| request.is_served()) {
                    Some(number) => *column.by.entry(number).or_default() += 1,
                    None => column.failed += 1,
                }
                column.slow += u32::from(request.is_slow());
            }
            if zero <= ended && request.at <= end {
                traffic.count(request, ended, zero, own);
            }
        }
        let used = usize::try_from(to.millis_since(from).div_ceil(step_ms)).unwrap_or(COLUMNS);
        columns.truncate(used.clamp(1, COLUMNS));
        traffic.columns = columns;
        Some(traffic)
    }

    fn count(&mut self, request: &LabRequest, ended: Timestamp, zero: Timestamp, own: Option<u8>) {
        self.total += 1;
        self.stalled += u64::from(request.is_slow());
        if !request.is_served() {
            self.lost += 1;
            self.lost_in_flight += u64::from(request.at < zero);
            return;
        }
        let Some(number) = request.by() else { return };
        if Some(number) == own {
            if zero < request.at && self.own_again.is_none_or(|again| ended < again) {
                self.own_again = Some(ended);
            }
        } else if zero <= request.at {
            let after = request.at.millis_since(zero) * 1000 + u64::from(request.took.0);
            if self.elsewhere.is_none_or(|(least, _)| after < least) {
                self.elsewhere = Some((after, number));
            }
        }
    }
}

fn ended_at(request: &LabRequest) -> Timestamp {
    request.at.plus_millis(i64::from(request.took.0 / 1000))
}
