//! Round numbers along the edges of a curve.

use domain::Timestamp;

use crate::text::{clock_utc, date_utc};

use super::view::View;

const SECOND: i64 = 1000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// From one mark to the next, in milliseconds.
const STEPS: [i64; 20] = [
    SECOND,
    2 * SECOND,
    5 * SECOND,
    10 * SECOND,
    30 * SECOND,
    MINUTE,
    2 * MINUTE,
    5 * MINUTE,
    10 * MINUTE,
    30 * MINUTE,
    HOUR,
    2 * HOUR,
    3 * HOUR,
    6 * HOUR,
    12 * HOUR,
    DAY,
    2 * DAY,
    7 * DAY,
    14 * DAY,
    28 * DAY,
];

/// A mark on an axis.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Mark {
    /// Where, as a fraction of the length.
    pub(super) place: f64,
    /// What it says.
    pub(super) label: String,
}

/// At most `most` round times in the view, by a clock that is `ahead` milliseconds ahead of UTC.
pub(super) fn times(view: View, most: u32, ahead: i64) -> Vec<Mark> {
    let fits = |step: &&i64| view.width() / **step as f64 <= f64::from(most);
    let step = STEPS.iter().find(fits).copied().unwrap_or(56 * DAY);
    let first = (view.from as i64 + ahead).div_euclid(step) * step + step;
    let marks = (0..i64::from(most) + 1).map(|n| first + n * step);
    marks.take_while(|at| ((at - ahead) as f64) < view.to).map(|at| mark(view, at, ahead, step)).collect()
}

fn mark(view: View, at: i64, ahead: i64, step: i64) -> Mark {
    let shown = Timestamp::from_millis(at);
    let (date, clock) = (date_utc(shown), clock_utc(shown));
    let label = match (at.rem_euclid(DAY), step) {
        (0, _) | (_, DAY..) => date.get(5..10),
        (_, ..MINUTE) => clock.get(..8),
        _ => clock.get(..5),
    };
    Mark { place: view.place((at - ahead) as f64), label: label.unwrap_or_default().to_owned() }
}

/// The top of an axis for durations up to `most` microseconds, and three to five round marks below it.
pub(super) fn durations(most: u32) -> (f64, Vec<Mark>) {
    let most = f64::from(most.max(1));
    let rough = most / 4.0;
    let power = 10f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0].into_iter().map(|n| n * power).find(|step| rough <= *step).unwrap_or(rough);
    let top = (most / step).ceil() * step;
    let count = (top / step).round() as u32;
    let marks = (1..=count).map(|n| {
        let us = f64::from(n) * step;
        Mark { place: us / top, label: duration(us) }
    });
    (top, marks.collect())
}

/// A round duration without figures that say nothing.
fn duration(us: f64) -> String {
    match us {
        1_000_000.0.. => format!("{} s", us / 1_000_000.0),
        _ => format!("{} ms", us / 1000.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(from: &str, to: &str, ahead_hours: i64) -> Vec<String> {
        let ms = |text: &str| text.parse::<Timestamp>().unwrap().as_millis() as f64;
        let marks = times(View { from: ms(from), to: ms(to) }, 6, ahead_hours * HOUR);
        assert!(marks.iter().all(|mark| (0.0..=1.0).contains(&mark.place)));
        marks.into_iter().map(|mark| mark.label).collect()
    }

    #[test]
    fn times_are_round_by_the_clock_of_the_reader() {
        let day = |ahead| labels("2026-11-22T10:04:12Z", "2026-11-23T10:04:12Z", ahead);
        assert_eq!(day(0), ["12:00", "18:00", "11-23", "06:00"]);
        assert_eq!(day(9), ["11-23", "06:00", "12:00", "18:00"]);
        assert_eq!(labels("2026-11-22T10:04:12Z", "2026-11-22T10:04:16Z", 0), ["10:04:13", "10:04:14", "10:04:15"]);
        assert_eq!(labels("2026-10-24T10:04:12Z", "2026-11-23T10:04:12Z", 0), ["10-29", "11-05", "11-12", "11-19"]);
    }

    #[test]
    fn durations_are_round() {
        let check = |most, top: f64, expected: &[&str]| {
            let (found, marks) = durations(most);
            let labels: Vec<_> = marks.iter().map(|mark| mark.label.as_str()).collect();
            assert_eq!((found, labels.as_slice()), (top, expected));
        };
        check(3_900, 4_000.0, &["1 ms", "2 ms", "3 ms", "4 ms"]);
        check(230, 300.0, &["0.1 ms", "0.2 ms", "0.3 ms"]);
        check(2_100_000, 3_000_000.0, &["1 s", "2 s", "3 s"]);
    }
}
