//! The checks of all targets, on their way from new to old.
//!
//! A batch of new checks is one row of the log, in the order of time, so that writing appends. In memory each target has
//! a head: its checks that are in the log only. When a head is long or old it is folded: appended to the target's chunk
//! that is growing, which is compressed columns, and counted in the hours of the target and of its group. What has grown
//! enough is joined with the chunk that is being filled, which is stored for good when it is full. What all heads have
//! left behind goes from the log. So a check is written twice, costs about a byte in the end, and reading one
//! target never reads the others.

mod chunk;
mod durations;
mod fold;
mod head;
mod log;
mod pack;
mod read;
#[cfg(test)]
mod sample;

use domain::Timestamp;

pub(super) use fold::due;
pub(super) use head::Head;
pub(super) use log::{Entry, Newest, load, pack};
pub(super) use read::FAILED_MAX;
pub use read::Steps;

/// So many checks are given at once.
const ROWS_MAX: u32 = 10_000;

/// The hour in which a moment is, since 1970.
pub(super) fn hour_of(at: Timestamp) -> i64 {
    at.as_millis().div_euclid(3_600_000)
}

/// The first moment of an hour.
pub(super) fn start_of(hour: i64) -> Timestamp {
    Timestamp::from_millis(hour.saturating_mul(3_600_000))
}
