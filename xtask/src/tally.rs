//! How many tests passed, read from what the test runners print.

use std::fmt;

/// The counts of a whole run.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    passed: u32,
    failed: u32,
}

impl Tally {
    /// Adds what libtest says at its end: `test result: ok. 12 passed; 0 failed; 0 ignored; …`.
    pub(crate) fn read_libtest(&mut self, line: &str) {
        let Some((_, counts)) = line.strip_prefix("test result: ").and_then(|rest| rest.split_once(". ")) else {
            return;
        };
        for count in counts.split("; ") {
            self.add(count);
        }
    }

    /// Adds what Playwright's list reporter says at its end: `  12 passed (3.4s)`, each count on its line.
    pub(crate) fn read_playwright(&mut self, line: &str) {
        let line = line.strip_prefix("  ").filter(|line| !line.starts_with(' '));
        self.add(line.and_then(|line| line.split(" (").next()).unwrap_or_default());
    }

    fn add(&mut self, count: &str) {
        let Some((number, what)) = count.trim().split_once(' ') else { return };
        let Ok(number) = number.parse::<u32>() else { return };
        match what {
            "passed" => self.passed += number,
            "failed" | "flaky" | "interrupted" | "did not run" => self.failed += number,
            _ => {}
        }
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(read: fn(&mut Tally, &str), output: &str, passed: u32, failed: u32) {
        let mut tally = Tally::default();
        output.lines().for_each(|line| read(&mut tally, line));
        assert_eq!(tally, Tally { passed, failed });
    }

    #[test]
    fn the_results_of_all_test_programs_are_added() {
        let output = "\
running 2 tests
test tally::ok ... ok

test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s
test result: FAILED. 3 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1.00s
";
        check(Tally::read_libtest, output, 15, 2);
    }

    #[test]
    fn a_journey_that_did_not_pass_at_once_counts_as_failed() {
        let output = "\
Running 5 tests using 1 worker
  ✓  1 smoke.spec.ts:3:1 › 9 passed (1.2s)
  1 failed
    [chromium] › smoke.spec.ts:3:1 › starts
  1 flaky
  2 skipped
  3 passed (12.4s)
";
        check(Tally::read_playwright, output, 3, 2);
    }
}
