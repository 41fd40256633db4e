//! How well a target's checks keep their schedule, told from their arrivals alone.

/// One target's arrivals against the schedule that fits them.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Fit {
    /// How late each arrival is, in microseconds, against the one that was least late.
    pub(crate) lateness: Vec<u64>,
    /// By how much the turns are longer (or shorter) than the interval, in millionths; `None` of fewer than three.
    pub(crate) drift_ppm: Option<f64>,
}

/// Fits turns that lie one interval apart. A checker is not told its phase: the least late arrival shows it. So what
/// drifts is late, too.
pub(crate) fn fit(arrivals: &[u64], interval: u64) -> Fit {
    let mut turn = 0;
    let mut offsets: Vec<(f64, i64)> = Vec::with_capacity(arrivals.len());
    for (index, at) in arrivals.iter().enumerate() {
        if index > 0 {
            // Against the one before, so that a drift of more than an interval is still followed.
            turn += ((at - arrivals[index - 1] + interval / 2) / interval).max(1) * interval;
        }
        offsets.push((turn as f64, at.cast_signed() - arrivals[0].cast_signed() - turn.cast_signed()));
    }
    let least = offsets.iter().map(|(_, offset)| *offset).min().unwrap_or(0);
    let lateness = offsets.iter().map(|(_, offset)| offset.abs_diff(least)).collect();
    let drift_ppm = (offsets.len() >= 3).then(|| slope(&offsets) * 1e6);
    Fit { lateness, drift_ppm }
}

/// The slope of the straight line of least squares.
fn slope(points: &[(f64, i64)]) -> f64 {
    let count = points.len() as f64;
    let mean_x = points.iter().map(|(x, _)| x).sum::<f64>() / count;
    let mean_y = points.iter().map(|(_, y)| *y as f64).sum::<f64>() / count;
    let covariance: f64 = points.iter().map(|(x, y)| (x - mean_x) * (*y as f64 - mean_y)).sum();
    let variance: f64 = points.iter().map(|(x, _)| (x - mean_x).powi(2)).sum();
    covariance / variance
}

/// The smallest value that is at least as large as `share` of all (nearest rank); nothing of nothing.
pub(crate) fn percentile<T: Copy>(sorted: &[T], share: f64) -> Option<T> {
    let rank = (share * sorted.len() as f64).ceil() as usize;
    sorted.get(rank.saturating_sub(1)).or(sorted.last()).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(arrivals: &[u64], lateness: &[u64], drift_ppm: Option<f64>) {
        let fit = fit(arrivals, 1_000_000);
        assert_eq!(fit.lateness, lateness);
        assert_eq!(fit.drift_ppm.map(f64::round), drift_ppm);
    }

    #[test]
    fn arrivals_on_time_are_not_late() {
        check(&[], &[], None);
        check(&[500], &[0], None);
        check(&[500, 1_000_500, 2_000_500, 3_000_500], &[0, 0, 0, 0], Some(0.0));
    }

    #[test]
    fn the_least_late_shows_the_phase() {
        check(&[700, 1_000_500, 2_000_900, 3_000_500], &[200, 0, 400, 0], Some(-20.0));
    }

    #[test]
    fn a_turn_that_was_left_out_is_not_lateness() {
        check(&[0, 1_000_000, 3_000_000, 4_000_000], &[0, 0, 0, 0], Some(0.0));
    }

    #[test]
    fn a_drift_is_seen_and_makes_late_also_beyond_an_interval() {
        check(&[0, 1_001_000, 2_002_000, 3_003_000], &[0, 1000, 2000, 3000], Some(1000.0));
        let arrivals: Vec<u64> = (0..20).map(|turn| turn * 1_100_000).collect();
        assert_eq!(fit(&arrivals, 1_000_000).lateness.last(), Some(&1_900_000));
    }

    #[test]
    fn percentiles_are_values_that_occur() {
        let values: Vec<u64> = (1..=1000).collect();
        assert_eq!([0.5, 0.99, 0.999, 1.0].map(|share| percentile(&values, share)), [500, 990, 999, 1000].map(Some));
        assert_eq!(percentile(&[7], 0.0), Some(7));
        assert_eq!(percentile::<u64>(&[], 0.5), None);
    }
}
