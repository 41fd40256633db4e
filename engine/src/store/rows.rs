//! Rows and what they stand for. A row becomes a value or an error; nobody else sees the row.

use std::net::IpAddr;

use domain::{
    Actor, Event, EventKind, EventNumber, Failure, Group, GroupState, Health, LastChange, Micros, Observation, Outcome,
    OwnFault, Phases, Target, TargetId, TargetState, Timestamp, Via,
};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use super::ReadError;

/// A statement with some of its places filled.
pub(super) type Query<'q> = sqlx::query::Query<'q, sqlx::Sqlite, sqlx::sqlite::SqliteArguments>;

/// A target, as the statements take it in JSON.
#[derive(Debug, Serialize)]
pub(super) struct TargetRow {
    id: TargetId,
    group_name: String,
    label: String,
    host: String,
    port: u16,
    display_name: String,
    registered_at: Timestamp,
}

impl TargetRow {
    /// A target, and when it was registered in case that it is not there yet.
    pub(super) fn new(target: &Target, registered_at: Timestamp) -> Self {
        Self {
            id: target.id,
            group_name: target.group.to_string(),
            label: target.label.as_str().to_owned(),
            host: target.host.to_string(),
            port: target.port,
            display_name: target.display_name(),
            registered_at,
        }
    }
}

/// An observation in the order of its columns, as it is written and as the newest are read in one JSON list.
#[derive(Debug, Deserialize)]
pub(super) struct ObservationRow<T> {
    /// The target: its id when it is written, its small key when it is read.
    pub(super) target: T,
    at: Timestamp,
    total_us: Micros,
    dns_us: Option<Micros>,
    connect_us: Option<Micros>,
    tls_us: Option<Micros>,
    first_byte_us: Option<Micros>,
    status_code: Option<u16>,
    outcome: u8,
    why: Option<String>,
}

impl ObservationRow<TargetId> {
    /// The row of an observation.
    pub(super) fn new(target: TargetId, observation: &Observation) -> Result<Self, serde_json::Error> {
        let Observation { at, phases, status_code, outcome } = observation;
        let why = match outcome {
            Outcome::Pass => None,
            Outcome::Fail(failure) => Some(serde_json::to_string(failure)?),
            Outcome::Unknown(fault) => Some(serde_json::to_string(fault)?),
        };
        Ok(Self {
            target,
            at: *at,
            total_us: phases.total,
            dns_us: phases.dns,
            connect_us: phases.connect,
            tls_us: phases.tls,
            first_byte_us: phases.first_byte,
            status_code: *status_code,
            outcome: outcome_number(outcome),
            why,
        })
    }

    /// Puts the row into the next places of a statement; no row leaves them empty.
    pub(super) fn bind<'q>(row: Option<&Self>, query: Query<'q>) -> Query<'q> {
        let micros = |column: fn(&Self) -> Option<Micros>| row.and_then(column).map(|micros| micros.0);
        query
            .bind(row.map(|row| row.target.to_string()))
            .bind(row.map(|row| row.at.as_millis()))
            .bind(row.map(|row| row.total_us.0))
            .bind(micros(|row| row.dns_us))
            .bind(micros(|row| row.connect_us))
            .bind(micros(|row| row.tls_us))
            .bind(micros(|row| row.first_byte_us))
            .bind(row.and_then(|row| row.status_code))
            .bind(row.map(|row| row.outcome))
            .bind(row.and_then(|row| row.why.clone()))
    }
}

impl<T> ObservationRow<T> {
    /// What the row stands for.
    pub(super) fn observation(&self) -> Result<Observation, ReadError> {
        let outcome = match (self.outcome, &self.why) {
            (0, None) => Outcome::Pass,
            (1, Some(why)) => Outcome::Fail(json::<Failure>(why, "failure")?),
            (2, Some(why)) => Outcome::Unknown(json::<OwnFault>(why, "own fault")?),
            _ => return Err(ReadError::Corrupt("outcome")),
        };
        let phases = Phases {
            dns: self.dns_us,
            connect: self.connect_us,
            tls: self.tls_us,
            first_byte: self.first_byte_us,
            total: self.total_us,
        };
        Ok(Observation { at: self.at, phases, status_code: self.status_code, outcome })
    }
}

/// What we believe, as the statements take it in JSON.
#[derive(Debug, Serialize)]
pub(super) struct BeliefRow {
    target: TargetId,
    belief: &'static str,
    fails: u8,
    passes: u8,
    cause: Option<String>,
    blind: Option<String>,
    since: Timestamp,
    streak_since: Option<Timestamp>,
    last_outcome: Option<u8>,
    last_at: Option<Timestamp>,
}

impl BeliefRow {
    /// What we believe after a check, where the status is the one since `since` and a new run of results begins.
    pub(super) fn of_check(
        target: TargetId,
        observation: &Observation,
        health: &Health,
        since: Timestamp,
    ) -> Result<Self, serde_json::Error> {
        let blind = blindness(&observation.outcome);
        Self::new(target, health, blind, since, Some(observation.ended_at()), Some(observation))
    }

    /// What the board says of a target.
    pub(super) fn of_state(state: &TargetState) -> Result<Self, serde_json::Error> {
        let TargetState { target, health, blind, since, streak_since, last, .. } = state;
        Self::new(target.id, health, blind.as_ref(), *since, *streak_since, last.as_ref())
    }

    fn new(
        target: TargetId,
        health: &Health,
        blind: Option<&OwnFault>,
        since: Timestamp,
        streak_since: Option<Timestamp>,
        last: Option<&Observation>,
    ) -> Result<Self, serde_json::Error> {
        let (belief, cause) = match health {
            Health::Initial { .. } => ("initial", None),
            Health::Healthy { .. } => ("healthy", None),
            Health::Unhealthy { cause, .. } => ("unhealthy", Some(serde_json::to_string(cause)?)),
        };
        Ok(Self {
            target,
            belief,
            fails: health.fails(),
            passes: health.passes(),
            cause,
            blind: blind.map(serde_json::to_string).transpose()?,
            since,
            streak_since,
            last_outcome: last.map(|last| outcome_number(&last.outcome)),
            last_at: last.map(|last| last.at),
        })
    }
}

fn blindness(outcome: &Outcome) -> Option<&OwnFault> {
    match outcome {
        Outcome::Unknown(fault) => Some(fault),
        Outcome::Pass | Outcome::Fail(_) => None,
    }
}

fn outcome_number(outcome: &Outcome) -> u8 {
    match outcome {
        Outcome::Pass => 0,
        Outcome::Fail(_) => 1,
        Outcome::Unknown(_) => 2,
    }
}

/// The word for a way in.
pub(super) fn via_word(via: Via) -> &'static str {
    match via {
        Via::Console => "console",
        Via::Api => "api",
        Via::Drainboard => "drainboard",
    }
}

/// A group without its targets.
pub(super) fn group(row: &SqliteRow) -> Result<GroupState, ReadError> {
    let group: Group = json(&text(row, "settings")?, "group")?;
    let last_change = row.try_get::<Option<String>, _>("last_change")?;
    let last_change = last_change.map(|text| json::<LastChange>(&text, "last change")).transpose()?;
    Ok(GroupState { last_change, ..GroupState::new(group) })
}

/// The small key of a target and its state, as far as one row has it.
pub(super) fn target(row: &SqliteRow) -> Result<(i64, TargetState), ReadError> {
    let target = Target {
        id: text(row, "id")?.parse().map_err(|_| ReadError::Corrupt("target id"))?,
        group: text(row, "group_name")?.parse().map_err(|_| ReadError::Corrupt("group name"))?,
        label: domain::Label::new(&text(row, "label")?),
        host: text(row, "host")?.parse().map_err(|_| ReadError::Corrupt("host"))?,
        port: row.try_get("port")?,
    };
    let blind = row.try_get::<Option<String>, _>("blind")?;
    let checked = row.try_get::<Option<i64>, _>("at")?.is_some();
    let state = TargetState {
        health: health(row)?,
        blind: blind.map(|text| json::<OwnFault>(&text, "own fault")).transpose()?,
        streak_since: row.try_get::<Option<i64>, _>("streak_since")?.map(Timestamp::from_millis),
        last: checked.then(|| observation(row)).transpose()?,
        restored: true,
        ..TargetState::new(target, time(row, "since")?)
    };
    Ok((row.try_get("key")?, state))
}

/// An observation.
pub(super) fn observation(row: &SqliteRow) -> Result<Observation, ReadError> {
    let row = ObservationRow {
        target: (),
        at: time(row, "at")?,
        total_us: Micros(row.try_get("total_us")?),
        dns_us: micros(row, "dns_us")?,
        connect_us: micros(row, "connect_us")?,
        tls_us: micros(row, "tls_us")?,
        first_byte_us: micros(row, "first_byte_us")?,
        status_code: row.try_get("status_code")?,
        outcome: row.try_get("outcome")?,
        why: row.try_get("why")?,
    };
    row.observation()
}

/// The newest observations, with the small keys of their targets.
pub(super) fn recent(text: &str) -> Result<Vec<ObservationRow<i64>>, ReadError> {
    json(text, "observations")
}

/// An event.
pub(super) fn event(row: &SqliteRow) -> Result<Event, ReadError> {
    let number: i64 = row.try_get("number")?;
    Ok(Event {
        number: EventNumber(u64::try_from(number).map_err(|_| ReadError::Corrupt("event number"))?),
        at: time(row, "at")?,
        by: actor(row)?,
        why: row.try_get("why")?,
        kind: json::<EventKind>(&text(row, "body")?, "event")?,
    })
}

fn health(row: &SqliteRow) -> Result<Health, ReadError> {
    let belief = row.try_get::<Option<String>, _>("belief")?.ok_or(ReadError::Corrupt("health"))?;
    let (fails, passes) = (row.try_get::<u8, _>("fails")?, row.try_get::<u8, _>("passes")?);
    let cause = row.try_get::<Option<String>, _>("cause")?;
    let cause = cause.map(|text| json::<Failure>(&text, "cause")).transpose()?;
    match (belief.as_str(), cause, fails, passes) {
        ("initial", None, fails, 0) => Ok(Health::Initial { fails }),
        ("healthy", None, fails, 0) => Ok(Health::Healthy { fails }),
        ("unhealthy", Some(cause), 0, passes) => Ok(Health::Unhealthy { passes, cause }),
        _ => Err(ReadError::Corrupt("health")),
    }
}

fn actor(row: &SqliteRow) -> Result<Option<Actor>, ReadError> {
    let via = row.try_get::<Option<String>, _>("by_via")?;
    let address = row.try_get::<Option<String>, _>("by_address")?;
    let address = address.map(|text| text.parse::<IpAddr>()).transpose();
    let address = address.map_err(|_| ReadError::Corrupt("address of a person"))?;
    match via.as_deref() {
        None => Ok(None),
        Some("console") => Ok(Some(Actor { via: Via::Console, address })),
        Some("api") => Ok(Some(Actor { via: Via::Api, address })),
        Some("drainboard") => Ok(Some(Actor { via: Via::Drainboard, address })),
        Some(_) => Err(ReadError::Corrupt("way in")),
    }
}

pub(super) fn text(row: &SqliteRow, column: &'static str) -> Result<String, ReadError> {
    Ok(row.try_get(column)?)
}

fn time(row: &SqliteRow, column: &'static str) -> Result<Timestamp, ReadError> {
    Ok(Timestamp::from_millis(row.try_get(column)?))
}

fn micros(row: &SqliteRow, column: &'static str) -> Result<Option<Micros>, ReadError> {
    Ok(row.try_get::<Option<u32>, _>(column)?.map(Micros))
}

pub(super) fn json<T: DeserializeOwned>(text: &str, what: &'static str) -> Result<T, ReadError> {
    serde_json::from_str(text).map_err(|_| ReadError::Corrupt(what))
}
