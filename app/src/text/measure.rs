//! Numbers and times that read the same in every language.

use domain::{Micros, Timestamp};

/// A measured time: three figures at most, and never a zero that was not measured.
pub(crate) fn millis(time: Micros) -> String {
    match time.0 {
        0..=999 => format!("{:.2} ms", time.as_millis_f64()),
        1_000..=9_999 => format!("{:.1} ms", time.as_millis_f64()),
        10_000..=999_999 => format!("{:.0} ms", time.as_millis_f64()),
        _ => format!("{:.2} s", time.as_millis_f64() / 1000.0),
    }
}

/// The time of day in UTC with milliseconds, as `10:04:12.481`.
pub(crate) fn clock_utc(at: Timestamp) -> String {
    at.to_string().get(11..23).unwrap_or_default().to_owned()
}

/// Date and time of day in UTC, as `2026-11-22 10:04:12`.
pub(crate) fn date_utc(at: Timestamp) -> String {
    let text = at.to_string();
    format!("{} {}", text.get(..10).unwrap_or_default(), text.get(11..19).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_short_and_exact_enough() {
        let check = |us, expected: &str| assert_eq!(millis(Micros(us)), expected);
        check(210, "0.21 ms");
        check(8_140, "8.1 ms");
        check(31_400, "31 ms");
        check(2_000_400, "2.00 s");
        let at = Timestamp::from_millis(1_795_341_852_481);
        assert_eq!(clock_utc(at), "10:04:12.481");
        assert_eq!(date_utc(at), "2026-11-22 10:04:12");
    }
}
