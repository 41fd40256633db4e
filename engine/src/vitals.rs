//! How Drainboard itself is doing, for `/metrics` and `/readyz`.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Upper bounds of the histograms' buckets, in milliseconds; one more bucket takes the rest.
pub const BUCKET_BOUNDS_MS: [f64; 14] =
    [0.5, 1.0, 2.5, 5.0, 10.0, 25.0, 50.0, 100.0, 250.0, 500.0, 1000.0, 2500.0, 5000.0, 10_000.0];

/// A histogram that many tasks may write.
#[derive(Debug, Default)]
pub struct Histogram {
    buckets: [AtomicU64; BUCKET_BOUNDS_MS.len() + 1],
    sum_us: AtomicU64,
}

impl Histogram {
    /// Adds one measurement.
    pub fn record(&self, duration: Duration) {
        let ms = duration.as_secs_f64() * 1000.0;
        let index = BUCKET_BOUNDS_MS.partition_point(|bound| *bound < ms);
        if let Some(bucket) = self.buckets.get(index) {
            bucket.fetch_add(1, Ordering::Relaxed);
        }
        let us = u64::try_from(duration.as_micros()).unwrap_or(u64::MAX);
        self.sum_us.fetch_add(us, Ordering::Relaxed);
    }

    /// Counts per bucket (not cumulative), the last one for what is over every bound.
    pub fn counts(&self) -> Vec<u64> {
        self.buckets.iter().map(|bucket| bucket.load(Ordering::Relaxed)).collect()
    }

    /// The sum of all measurements, in seconds.
    pub fn sum_seconds(&self) -> f64 {
        self.sum_us.load(Ordering::Relaxed) as f64 / 1e6
    }
}

/// Counters and gauges of the engine. All since start.
#[derive(Debug, Default)]
pub struct Vitals {
    /// Checks that passed.
    pub checks_passed: AtomicU64,
    /// Checks that failed.
    pub checks_failed: AtomicU64,
    /// Checks that could not be made or judged, by a fault of ours.
    pub checks_unknown: AtomicU64,
    /// Checks under way.
    pub checks_in_flight: AtomicU64,
    /// How long checks took.
    pub check_duration: Histogram,
    /// How late checks began against their schedule.
    pub lateness: Histogram,
    /// Turns of the schedule that were left out because the turn before was not over or we were paused.
    pub turns_skipped: AtomicU64,
    /// Idle connections that are held to targets.
    pub sentinels_held: AtomicU64,
    /// Checks that the end of such a connection started.
    pub sentinel_alarms: AtomicU64,
    /// Results that wait for the recorder.
    pub recorder_queue: AtomicU64,
    /// Transactions that the store committed.
    pub store_commits: AtomicU64,
    /// Rows of observations that the store took.
    pub store_observations: AtomicU64,
    /// Attempts to write that failed.
    pub store_failures: AtomicU64,
    /// How long transactions took.
    pub store_commit_duration: Histogram,
    /// Observations that were shown and are lost, since the store could not write for too long.
    pub observations_not_recorded: AtomicU64,
}
