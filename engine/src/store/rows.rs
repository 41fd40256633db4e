//! Rows and what they stand for. A row becomes a value or an error; nobody else sees the row.

use std::net::IpAddr;

use domain::{
    Actor, Event, EventKind, EventNumber, Failure, Group, GroupState, Health, LastChange, Observation, Outcome,
    OwnFault, Slot, Target, TargetId, TargetState, Timestamp, Via,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
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
    let state = TargetState {
        health: health(row)?,
        blind: blind.map(|text| json::<OwnFault>(&text, "own fault")).transpose()?,
        streak_since: row.try_get::<Option<i64>, _>("streak_since")?.map(Timestamp::from_millis),
        restored: true,
        ..TargetState::new(target, time(row, "since")?)
    };
    Ok((row.try_get("key")?, state))
}

/// What the checks of an hour were.
pub(super) fn slot(row: &SqliteRow, start: Timestamp) -> Result<Slot, ReadError> {
    let count = |column| row.try_get::<i64, _>(column).map(|count| u64::try_from(count).unwrap_or(0));
    let (passes, fails, unknown) = (count("passes")?, count("fails")?, count("unknown")?);
    let details: &[u8] = row.try_get("details")?;
    let mut slot = Slot::new(start);
    (slot.passes, slot.fails, slot.unknown) = (passes, fails, unknown);
    slot.with_details(details).ok_or(ReadError::Corrupt("hour"))
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

pub(super) fn json<T: DeserializeOwned>(text: &str, what: &'static str) -> Result<T, ReadError> {
    serde_json::from_str(text).map_err(|_| ReadError::Corrupt(what))
}
