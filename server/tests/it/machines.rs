//! For whatever starts, stops and watches Drainboard.

use std::collections::BTreeMap;

use serde_json::json;

use crate::backend::Backend;
use crate::program::{Place, eventually};

/// Reads Prometheus' text format: every sample has a described family and a number.
fn parse(text: &str) -> BTreeMap<String, f64> {
    let mut families = Vec::new();
    let mut samples = BTreeMap::new();
    for line in text.lines() {
        if let Some(described) = line.strip_prefix("# TYPE ") {
            families.push(described.split(' ').next().unwrap().to_owned());
        } else if !line.starts_with('#') {
            let (name, value) = line.rsplit_once(' ').unwrap();
            let bare = name.split('{').next().unwrap();
            assert!(families.iter().any(|family| bare.starts_with(family.as_str())), "{line}");
            assert_eq!(samples.insert(name.to_owned(), value.parse().unwrap()), None, "{line} twice");
        }
    }
    samples
}

#[tokio::test]
async fn metrics_count_targets_checks_and_the_store() {
    let place = Place::new();
    let program = place.start();
    let backend = Backend::start().await;
    program.make_group("web").await;
    let target = program.make_target("web", backend.port).await;
    program.status(&target, "healthy").await;
    let metrics = program.get("/metrics").await;
    assert_eq!(metrics.headers()["content-type"], "text/plain; version=0.0.4; charset=utf-8");
    let samples = parse(&metrics.text().await.unwrap());
    assert_eq!(samples["drainboard_targets{group=\"web\",status=\"healthy\"}"], 1.0);
    assert_eq!(samples["drainboard_targets{group=\"web\",status=\"unhealthy\"}"], 0.0);
    assert!(samples["drainboard_checks_total{result=\"pass\"}"] >= 1.0);
    assert!(samples["drainboard_check_duration_seconds_count"] >= 1.0);
    assert!(samples["drainboard_store_commits_total"] >= 1.0);
    assert_eq!(samples["drainboard_recording"], 1.0);
    for name in ["check_lateness_seconds_sum", "checks_in_flight", "check_turns_skipped_total", "recorder_queue_length"]
    {
        assert!(samples.contains_key(&format!("drainboard_{name}")), "{name}");
    }
    backend.kill().await;
}

#[tokio::test]
async fn it_is_alive_at_once_and_ready_after_the_first_sweep() {
    let place = Place::new();
    let program = place.start();
    assert_eq!(program.json("/livez").await, json!({"alive": true}));
    let ready = eventually("ready", || async {
        let response = program.get("/readyz").await;
        if response.status() == 200 { Some(response.json::<serde_json::Value>().await.unwrap()) } else { None }
    })
    .await;
    let database = json!({"writable": true, "not_recorded_since": null, "why": null});
    assert_eq!(ready, json!({"ready": true, "database": database, "first_sweep_done": true}));
}
