//! Numbers and times that read the same in every language.

use domain::{Micros, Timestamp};

/// A measured time: three figures at most, and never a zero that was not measured.
pub(crate) fn millis(time: Micros) -> String {
    let rounded = |unit: u64| (u64::from(time.0) + unit / 2) / unit;
    match time.0 {
        0..=999 => format!("{} ms", with_places(rounded(10), 2)),
        1_000..=9_999 => format!("{} ms", with_places(rounded(100), 1)),
        10_000..=999_999 => format!("{} ms", rounded(1000)),
        _ => format!("{} s", with_places(rounded(10_000), 2)),
    }
}

/// A number with so many figures after its point, from that many of its last figures. Without floating point, whose
/// formatting is a good piece of a browser's program.
fn with_places(number: u64, places: u32) -> String {
    let unit = 10_u64.pow(places);
    format!("{}.{:0width$}", number / unit, number % unit, width = places as usize)
}

/// A length or a place to a tenth, for a drawing or a size; nothing is less than none.
pub(crate) fn to_a_tenth(number: f64) -> String {
    with_places((number * 10.0 + 0.5) as u64, 1)
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

/// A count, its thousands apart, as `12,345`.
pub(crate) fn count(number: u64) -> String {
    let figures = number.to_string();
    let mut text = String::with_capacity(figures.len() + figures.len() / 3);
    for (place, figure) in figures.chars().enumerate() {
        if 0 < place && (figures.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(figure);
    }
    text
}

/// A share in percent, never rounded up: only what is whole is 100 %.
pub(crate) fn share(share: f64) -> String {
    if 1.0 <= share {
        return "100 %".to_owned();
    }
    // Rounded down.
    match (share * 100_000.0) as u64 {
        parts @ 99_900.. => format!("{} %", with_places(parts, 3)),
        parts => format!("{} %", with_places(parts / 10, 2)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_stand_apart() {
        for (number, expected) in [(0, "0"), (999, "999"), (1_000, "1,000"), (12_345_678, "12,345,678")] {
            assert_eq!(count(number), expected);
        }
    }

    #[test]
    fn a_share_is_never_rounded_up() {
        let cases = [(1.0, "100 %"), (0.999_999_9, "99.999 %"), (0.9954, "99.54 %"), (0.5, "50.00 %"), (0.0, "0.00 %")];
        for (value, expected) in cases {
            assert_eq!(share(value), expected);
        }
    }

    #[test]
    fn a_tenth_is_rounded() {
        let cases = [(0.0, "0.0"), (4.2 * 3.0, "12.6"), (7.25, "7.3"), (21.96, "22.0"), (-0.3, "0.0")];
        for (value, expected) in cases {
            assert_eq!(to_a_tenth(value), expected);
        }
    }

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
