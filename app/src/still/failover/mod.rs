//! Failover records: the list, and one of them.

mod figures;
mod lanes;
mod list;
mod record;
mod story;
mod words;

pub(super) use list::list;
pub(super) use record::record;
use words::Words;

/// A length of time that was measured.
pub(super) fn took(ms: f64) -> String {
    match ms {
        ..10.0 => format!("{ms:.1} ms"),
        ..1_000.0 => format!("{ms:.0} ms"),
        ..60_000.0 => format!("{:.2} s", ms / 1000.0),
        ..3_600_000.0 => format!("{:.0} min {:.0} s", (ms / 60_000.0).floor(), (ms % 60_000.0 / 1000.0).floor()),
        _ => format!("{:.0} h {:.0} min", (ms / 3_600_000.0).floor(), (ms % 3_600_000.0 / 60_000.0).floor()),
    }
}

/// A length of time in whole milliseconds.
fn lasts(ms: u64) -> String {
    #[expect(clippy::cast_precision_loss, reason = "milliseconds of days are exact")]
    took(ms as f64).replace(".0 ms", " ms").replace(".00 s", " s")
}
