//! What it says when it starts, when it will not, and how it ends.

use std::time::{Duration, Instant};

use serde_json::Value;

use crate::backend::Backend;
use crate::feed::Feed;
use crate::program::Place;

#[tokio::test]
async fn it_says_where_it_is_where_the_data_is_and_how_to_stop() {
    let place = Place::new();
    let program = place.start();
    let said = &program.said;
    assert!(said.contains("http://127.0.0.1:") && said.contains("Ctrl-C") && said.contains("SIGTERM"), "{said}");
    assert!(said.contains(place.database().to_str().unwrap()), "{said}");
}

#[tokio::test]
async fn a_signal_stops_it_within_two_seconds_whatever_streams_are_open() {
    for signal in ["TERM", "INT"] {
        let place = Place::new();
        let mut program = place.start();
        let mut feeds = Vec::new();
        for path in ["/live", "/live?after=1&boot=1", "/api/v1/events?since=0", "/api/v1/events"] {
            feeds.push(Feed::open(&program, path, None).await);
        }
        program.signal(signal);
        let asked = Instant::now();
        let status = program.ended().await;
        assert_eq!(status.code(), Some(0), "{signal}");
        assert!(asked.elapsed() < Duration::from_secs(2), "{signal}: {:?}", asked.elapsed());
        for feed in &mut feeds {
            while feed.next().await.is_some() {}
        }
    }
}

#[tokio::test]
async fn a_switch_in_the_environment_is_yes_or_no_and_nothing_else() {
    let place = Place::new();
    for name in ["DRAINBOARD_ALLOW_UNAUTHENTICATED", "DRAINBOARD_LOG_JSON"] {
        let mut command = place.command(&[]);
        let output = command.env(name, "maybe").stderr(std::process::Stdio::piped()).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success() && said.contains("maybe"), "{name}: {said}");
    }
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_drainboard"));
    command.args(["--listen", "0.0.0.0:0", "--database"]).arg(place.database());
    command.env("DRAINBOARD_ALLOW_UNAUTHENTICATED", "no");
    let said = String::from_utf8(command.output().unwrap().stderr).unwrap();
    assert!(said.contains("no sign-in"), "{said}");
}

#[tokio::test]
async fn a_second_instance_on_the_same_file_is_refused() {
    let place = Place::new();
    let _program = place.start();
    let (code, said) = place.refused(&[]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("in use by another Drainboard"), "{said}");
}

#[tokio::test]
async fn a_file_of_a_newer_version_is_refused_and_left_alone() {
    use sqlx::{Connection as _, SqliteConnection};
    let place = Place::new();
    assert!(place.start().stop().await.success());
    let url = format!("sqlite://{}", place.database().display());
    let mut connection = SqliteConnection::connect(&url).await.unwrap();
    let newer = "insert into _sqlx_migrations (version, description, success, checksum, execution_time) \
                 values (9999, 'of the future', true, x'00', 0)";
    sqlx::query(newer).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    let (code, said) = place.refused(&[]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("written by a newer Drainboard"), "{said}");
}

#[tokio::test]
async fn an_address_that_others_reach_is_refused_with_what_to_do() {
    let place = Place::new();
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_drainboard"));
    let output = command.args(["--listen", "0.0.0.0:0", "--database"]).arg(place.database()).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("no sign-in") && said.contains("--allow-unauthenticated"), "{said}");
    assert!(!place.database().exists());
}

#[tokio::test]
async fn a_port_in_use_and_a_wrong_flag_are_told_in_a_sentence() {
    let place = Place::new();
    let program = place.start();
    let address = program.url.trim_start_matches("http://");
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_drainboard"));
    let output = command.env("DRAINBOARD_LISTEN", address).arg("serve").output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains(&format!("cannot listen on {address}")), "{said}");
    let (code, said) = place.refused(&["--keep-events", "forever"]);
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("400d"), "{said}");
}

#[tokio::test]
async fn a_pause_is_a_gap_and_no_uptime() {
    let place = Place::new();
    let program = place.start();
    let backend = Backend::start().await;
    program.make_watched(backend.port).await;
    let mut feed = Feed::open(&program, "/api/v1/events?since=0", None).await;
    feed.next_named("status_changed").await;
    program.signal("STOP");
    // It is the pause.
    tokio::time::sleep(Duration::from_secs(6)).await;
    program.signal("CONT");
    let gap = feed.next_named("paused").await.data["gap"].clone();
    let history = program.json("/api/v1/target-groups/web/history?range=1h").await;
    let runs = history["targets"][0]["states"].as_array().unwrap();
    let is_it = |run: &&Value| run["status"].is_null() && run["from"] == gap["from"] && run["to"] == gap["to"];
    assert!(runs.iter().any(|run| is_it(&run)), "{gap} {runs:?}");
}
