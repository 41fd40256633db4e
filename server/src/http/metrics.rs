//! `/metrics`: Prometheus' text format 0.0.4.

use std::fmt::{Display, Write as _};
use std::sync::atomic::{AtomicU64, Ordering};

use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use domain::{Recording, Status};
use engine::{BUCKET_BOUNDS_MS, Histogram, Vitals};

use super::{Site, assets};

mod proxies;

/// `GET /metrics`.
pub(crate) async fn metrics(State(site): State<Site>) -> impl IntoResponse {
    let mut text = Exposition::default();
    site.count_targets(&mut text);
    site.engine.with_board(|board| proxies::proxies(board, &mut text));
    checks(site.engine.vitals(), &mut text);
    store(site.engine.vitals(), &mut text);
    site.itself(&mut text);
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text.0)
}

impl Site {
    fn count_targets(&self, text: &mut Exposition) {
        let counts: Vec<_> = self
            .engine
            .with_board(|board| board.groups.iter().map(|(name, group)| (name.to_string(), group.counts())).collect());
        text.describe("drainboard_targets", "gauge", "Targets by group and status.");
        for (group, counts) in &counts {
            for status in Status::ALL {
                let labels = [("group", group.as_str()), ("status", status.as_str())];
                text.sample("drainboard_targets", &labels, counts.of(status));
            }
        }
    }

    fn itself(&self, text: &mut Exposition) {
        let recording = self.engine.with_board(|board| board.recording == Recording::On);
        text.single("drainboard_recording", "gauge", "1 while results are stored.", u8::from(recording));
        let swept = u8::from(self.engine.first_sweep_is_done());
        text.single("drainboard_first_sweep_done", "gauge", "1 when every target was checked since the start.", swept);
        text.single("drainboard_live_streams", "gauge", "Streams of events that are open.", self.streams.count());
        text.describe("drainboard_build_info", "gauge", "Always 1; the labels say what runs.");
        let labels = [("version", env!("CARGO_PKG_VERSION")), ("build", assets::BUILD_ID)];
        text.sample("drainboard_build_info", &labels, 1);
    }
}

fn checks(vitals: &Vitals, text: &mut Exposition) {
    text.describe("drainboard_checks_total", "counter", "Checks by result.");
    let results =
        [("pass", &vitals.checks_passed), ("fail", &vitals.checks_failed), ("unknown", &vitals.checks_unknown)];
    for (result, count) in results {
        text.sample("drainboard_checks_total", &[("result", result)], value(count));
    }
    text.histogram("drainboard_check_duration_seconds", "How long checks took.", &vitals.check_duration);
    text.histogram(
        "drainboard_check_lateness_seconds",
        "How late checks began against their schedule.",
        &vitals.lateness,
    );
    text.single(
        "drainboard_sentinels_held",
        "gauge",
        "Idle connections held to targets.",
        value(&vitals.sentinels_held),
    );
    text.single(
        "drainboard_sentinel_alarms_total",
        "counter",
        "Checks that the end of a sentinel started.",
        value(&vitals.sentinel_alarms),
    );
    text.single("drainboard_checks_in_flight", "gauge", "Checks under way.", value(&vitals.checks_in_flight));
    text.single(
        "drainboard_check_turns_skipped_total",
        "counter",
        "Turns of the schedule that were left out.",
        value(&vitals.turns_skipped),
    );
}

fn store(vitals: &Vitals, text: &mut Exposition) {
    let singles = [
        ("drainboard_recorder_queue_length", "gauge", "Results that wait for the recorder.", &vitals.recorder_queue),
        ("drainboard_store_commits_total", "counter", "Transactions that were committed.", &vitals.store_commits),
        (
            "drainboard_store_observations_total",
            "counter",
            "Results of checks that were stored.",
            &vitals.store_observations,
        ),
        ("drainboard_store_failures_total", "counter", "Attempts to write that failed.", &vitals.store_failures),
        (
            "drainboard_observations_not_recorded_total",
            "counter",
            "Results of checks that were shown and are lost, since the store could not write for too long.",
            &vitals.observations_not_recorded,
        ),
    ];
    for (name, kind, help, count) in singles {
        text.single(name, kind, help, value(count));
    }
    text.histogram(
        "drainboard_store_commit_duration_seconds",
        "How long transactions took.",
        &vitals.store_commit_duration,
    );
}

fn value(count: &AtomicU64) -> u64 {
    count.load(Ordering::Relaxed)
}

/// The text, family after family. Writing to a string cannot fail.
#[derive(Default)]
struct Exposition(String);

impl Exposition {
    fn describe(&mut self, name: &str, kind: &str, help: &str) {
        let _ = writeln!(self.0, "# HELP {name} {help}\n# TYPE {name} {kind}");
    }

    fn sample(&mut self, name: &str, labels: &[(&str, &str)], value: impl Display) {
        self.0.push_str(name);
        for (index, (label, text)) in labels.iter().enumerate() {
            let open = if index == 0 { '{' } else { ',' };
            let _ = write!(self.0, "{open}{label}=\"{}\"", escape(text));
        }
        let _ = writeln!(self.0, "{} {value}", if labels.is_empty() { "" } else { "}" });
    }

    fn single(&mut self, name: &str, kind: &str, help: &str, value: impl Display) {
        self.describe(name, kind, help);
        self.sample(name, &[], value);
    }

    fn histogram(&mut self, name: &str, help: &str, histogram: &Histogram) {
        self.describe(name, "histogram", help);
        let mut total = 0;
        let bounds = BUCKET_BOUNDS_MS.iter().map(|ms| (ms / 1000.0).to_string()).chain(["+Inf".to_owned()]);
        for (count, bound) in histogram.counts().iter().zip(bounds) {
            total += count;
            self.sample(&format!("{name}_bucket"), &[("le", bound.as_str())], total);
        }
        self.sample(&format!("{name}_sum"), &[], histogram.sum_seconds());
        self.sample(&format!("{name}_count"), &[], total);
    }
}

fn escape(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn labels_are_escaped() {
        let mut text = Exposition::default();
        text.sample("x", &[("a", "q\"b\\\n"), ("b", "")], 1);
        assert_eq!(text.0, "x{a=\"q\\\"b\\\\\\n\",b=\"\"} 1\n");
    }

    #[test]
    fn buckets_of_a_histogram_are_cumulative_and_the_last_is_the_count() {
        let histogram = Histogram::default();
        histogram.record(Duration::from_micros(700));
        histogram.record(Duration::from_secs(60));
        let mut text = Exposition::default();
        text.histogram("h", "Help.", &histogram);
        assert!(text.0.contains("h_bucket{le=\"0.0005\"} 0\nh_bucket{le=\"0.001\"} 1\n"), "{}", text.0);
        assert!(text.0.ends_with("h_bucket{le=\"+Inf\"} 2\nh_sum 60.0007\nh_count 2\n"), "{}", text.0);
    }
}
