//! For whatever starts and stops Drainboard: is it alive, is it ready. Neither depends on the targets.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use domain::{Recording, Timestamp};
use serde::Serialize;

use super::Site;

#[derive(Serialize)]
pub(crate) struct Alive {
    alive: bool,
}

#[derive(Debug, PartialEq, Serialize)]
pub(crate) struct Ready {
    ready: bool,
    database: Database,
    first_sweep_done: bool,
}

#[derive(Debug, PartialEq, Serialize)]
struct Database {
    writable: bool,
    not_recorded_since: Option<String>,
    why: Option<String>,
}

/// `GET /livez`.
pub(crate) async fn livez() -> Json<Alive> {
    Json(Alive { alive: true })
}

/// `GET /readyz`.
pub(crate) async fn readyz(State(site): State<Site>) -> (StatusCode, Json<Ready>) {
    let recording = site.engine.with_board(|board| board.recording.clone());
    let ready = Ready::new(recording, site.engine.first_sweep_is_done());
    let status = if ready.ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(ready))
}

impl Ready {
    fn new(recording: Recording, first_sweep_done: bool) -> Self {
        let database = match recording {
            Recording::On => Database { writable: true, not_recorded_since: None, why: None },
            Recording::Off { since, why } => Database {
                writable: false,
                not_recorded_since: Some(Timestamp::to_string(&since)),
                why: Some(why.to_string()),
            },
        };
        Self { ready: database.writable && first_sweep_done, database, first_sweep_done }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ready_means_that_it_records_and_has_seen_every_target() {
        assert!(Ready::new(Recording::On, true).ready);
        assert!(!Ready::new(Recording::On, false).ready);
        let off = Recording::Off { since: Timestamp::from_millis(0), why: domain::StoreFault::Full };
        let json = serde_json::to_string(&Ready::new(off, true)).unwrap();
        assert_eq!(
            json,
            r#"{"ready":false,"database":{"writable":false,"not_recorded_since":"1970-01-01T00:00:00.000Z","why":"the disk is full; free some space"},"first_sweep_done":true}"#
        );
    }
}
