//! Times that were measured, as a line of the report.

use std::time::Duration;

use crate::bench::schedule::percentile;

/// Times of one kind.
#[derive(Default)]
pub(super) struct Times(Vec<u64>);

impl Times {
    pub(super) fn add(&mut self, time: Duration) {
        self.0.push(u64::try_from(time.as_micros()).unwrap_or(u64::MAX));
    }

    /// `what`: mean, p50, p99 and the longest, and what they should be.
    pub(super) fn line(mut self, what: &str, bar: &str) -> String {
        self.0.sort_unstable();
        let ms = |us: u64| format!("{:.1} ms", us as f64 / 1000.0);
        let of = |share| percentile(&self.0, share).map_or_else(|| "none".to_owned(), ms);
        let count = self.0.len();
        let mean = self.0.iter().sum::<u64>().checked_div(count as u64).map_or_else(|| "none".to_owned(), ms);
        format!(
            "{what}: mean {mean}, p50 {}, p99 {}, longest {} of {count} ({bar})",
            of(0.5),
            of(0.99),
            self.0.last().copied().map_or_else(|| "none".to_owned(), ms)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_how_much_it_rests_on() {
        let mut times = Times::default();
        (1..=4).for_each(|ms| times.add(Duration::from_millis(ms)));
        assert_eq!(
            times.line("found", "at most 5"),
            "found: mean 2.5 ms, p50 2.0 ms, p99 4.0 ms, longest 4.0 ms of 4 (at most 5)"
        );
        assert!(Times::default().line("found", "x").contains("of 0"));
    }
}
