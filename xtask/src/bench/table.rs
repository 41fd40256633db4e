//! The figures as one table of Markdown, to be read in a terminal and put into docs/benchmarks.md.

use std::fmt;

use super::measure::Figures;
use super::options::Load;
use super::peers::Checker;

const HEAD: [&str; 11] = [
    "targets",
    "checker",
    "checks/s",
    "CPU µs/check",
    "ours to it",
    "MB (peak)",
    "late ms p50 / p99 / p99.9",
    "drift ppm",
    "covered s",
    "failed, down",
    "bytes/check",
];

#[derive(Debug, Default)]
pub(crate) struct Table {
    rows: Vec<(Load, Checker, Figures)>,
}

impl Table {
    pub(crate) fn add(&mut self, load: Load, checker: Checker, figures: Figures) {
        self.rows.push((load, checker, figures));
    }

    fn cells(&self, (load, checker, figures): &(Load, Checker, Figures)) -> [String; 11] {
        let [p50, p99, p999] = figures.late_ms;
        [
            load.to_string(),
            checker.to_string(),
            format!("{:.0}", figures.checks_per_second),
            format!("{:.0}", figures.cpu_us_per_check),
            self.ratio(*load, figures),
            format!("{} ({})", megabytes(figures.memory.now), megabytes(figures.memory.peak)),
            format!("{p50:.1} / {p99:.1} / {p999:.1}"),
            format!("{:.0}", figures.drift_ppm),
            figures.covered_after.map_or_else(|| String::from("never"), |time| format!("{:.1}", time.as_secs_f64())),
            format!("{}, {}", figures.verdict.failed, figures.verdict.down),
            figures.bytes_per_check.map_or_else(|| String::from("–"), |bytes| format!("{bytes:.1}")),
        ]
    }

    /// What Drainboard's check costs, with that of this row as the measure.
    fn ratio(&self, load: Load, figures: &Figures) -> String {
        let ours = self.rows.iter().find(|(other, checker, _)| *other == load && *checker == Checker::Drainboard);
        ours.map_or_else(
            || String::from("–"),
            |(_, _, ours)| format!("{:.2} ×", ours.cpu_us_per_check / figures.cpu_us_per_check),
        )
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut lines = vec![HEAD.map(str::to_owned)];
        lines.extend(self.rows.iter().map(|row| self.cells(row)));
        let widths: Vec<usize> = (0..HEAD.len())
            .map(|column| lines.iter().map(|line| line[column].chars().count()).max().unwrap_or(0))
            .collect();
        for (index, line) in lines.iter().enumerate() {
            for (column, (cell, width)) in line.iter().zip(&widths).enumerate() {
                // Names to the left, numbers to the right.
                if column < 2 { write!(f, "| {cell:<width$} ")? } else { write!(f, "| {cell:>width$} ")? }
            }
            writeln!(f, "|")?;
            if index == 0 {
                for (column, width) in widths.iter().enumerate() {
                    write!(f, "|{}{}", "-".repeat(width + 1), if column < 2 { "-" } else { ":" })?;
                }
                writeln!(f, "|")?;
            }
        }
        Ok(())
    }
}

fn megabytes(bytes: u64) -> String {
    format!("{:.0}", bytes as f64 / 1e6)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_row_has_the_ratio_to_ours_of_the_same_size() {
        let figures = |cpu_us_per_check| Figures { cpu_us_per_check, ..Figures::default() };
        let mut table = Table::default();
        let (small, large) = (Load::from((10, 1)), Load::from((20, 1)));
        table.add(small, Checker::Drainboard, figures(100.0));
        table.add(small, Checker::Haproxy, figures(80.0));
        table.add(large, Checker::Haproxy, figures(80.0));
        let ratios: Vec<_> = table.rows.iter().map(|row| table.cells(row)[4].clone()).collect();
        assert_eq!(ratios, ["1.00 ×", "1.25 ×", "–"]);
        let text = table.to_string();
        let widths: Vec<_> = text.lines().map(|line| line.chars().count()).collect();
        assert_eq!(widths, [widths[0]; 5], "{text}");
    }
}
