//! The writing half: one connection, one transaction at a time.
//!
//! After a write that failed, or whose future was dropped half way, the connection is closed, which rolls back what was
//! begun; the next write opens another one. So a store heals by itself as soon as its disk does.

use std::fs::File;
use std::path::PathBuf;
use std::time::Duration;

use domain::{Board, Check, Event, EventKind, EventNumber, Group, Target, TargetId, Timestamp, Transition};
use serde::Serialize;
use sqlx::{Connection, SqliteConnection};

use super::place::{self, Identity};
use super::rows::{CheckRow, TargetRow};
use super::{Reader, WriteError, connect, rows, sql};

/// `last_at` of a target that is checked may be so old, so that not every check has to write it.
pub(super) const LAST_AT_AGE_MS: i64 = 60_000;

/// So many rows go into one statement.
const ROWS_PER_STATEMENT: usize = 1000;

/// So long a close waits for reads under way. What they hold up, the next start carries over.
const READERS_AT_CLOSE: Duration = Duration::from_millis(200);

/// Writes to the store. There is one, and the file is locked while it lives.
#[derive(Debug)]
pub struct Writer {
    file: PathBuf,
    identity: Identity,
    pub(super) link: Option<Link>,
    reader: Reader,
    _lock: File,
}

#[derive(Debug)]
pub(super) struct Link {
    pub(super) connection: SqliteConnection,
    syncs_every_commit: bool,
}

impl Writer {
    pub(super) fn new(
        file: PathBuf,
        identity: Identity,
        connection: SqliteConnection,
        reader: Reader,
        lock: File,
    ) -> Self {
        Self { file, identity, link: Some(Link { connection, syncs_every_commit: false }), reader, _lock: lock }
    }

    /// Writes all of these events with everything they imply, or none. `durable`: when this returns, they survive a
    /// loss of power.
    pub async fn write(&mut self, events: &[Event], durable: bool) -> Result<(), WriteError> {
        let mut link = self.take_link().await?;
        link.begin(durable).await?;
        let done = link.put_events(events).await;
        self.finish(link, done).await
    }

    /// After a time without the store: makes groups, targets and health those of the board, and writes these events.
    pub async fn heal(&mut self, board: &Board, events: &[Event]) -> Result<(), WriteError> {
        let mut link = self.take_link().await?;
        link.begin(true).await?;
        let done = link.put_board(board, events).await;
        self.finish(link, done).await
    }

    /// Deletes at most `limit` observations and at most `limit` events that are older; says how many went.
    pub async fn prune(
        &mut self,
        observations_before: Timestamp,
        events_before: Timestamp,
        limit: u32,
    ) -> Result<u64, WriteError> {
        let mut link = self.take_link().await?;
        link.begin(false).await?;
        let done = link.prune(observations_before, events_before, limit).await;
        self.finish(link, done).await
    }

    /// Carries the log of writes over into the file, closes it, and lets go of the lock.
    pub async fn close(mut self) {
        let readers = tokio::time::timeout(READERS_AT_CLOSE, self.reader.close()).await;
        let Some(mut link) = self.link.take() else { return };
        let carried = match readers {
            Ok(()) => sqlx::query(sql::CHECKPOINT).execute(&mut link.connection).await.map(|_| ()),
            Err(_) => Ok(()),
        };
        let closed = link.connection.close().await;
        if let Err(error) = carried.and(closed) {
            tracing::warn!(file = %self.file.display(), %error, "the data file was not closed cleanly; nothing is lost, the next start puts it in order");
        }
    }

    /// The connection leaves the writer while it is used, so that it is dropped with a future that is dropped.
    async fn take_link(&mut self) -> Result<Link, WriteError> {
        let link = self.link.take();
        if place::identity(&self.file) != Some(self.identity) {
            return Err(WriteError::Gone);
        }
        match link {
            Some(link) => Ok(link),
            None => {
                let connection = connect::reopen(&self.file).await?;
                Ok(Link { connection, syncs_every_commit: false })
            }
        }
    }

    async fn finish<T>(&mut self, mut link: Link, done: Result<T, WriteError>) -> Result<T, WriteError> {
        match done {
            Ok(value) => {
                link.execute(sql::COMMIT).await?;
                self.link = Some(link);
                Ok(value)
            }
            Err(error) => {
                // The transaction may be gone already, and closing ends it in any case.
                link.execute(sql::ROLLBACK).await.ok();
                link.connection.close().await.ok();
                Err(error)
            }
        }
    }
}

impl Link {
    async fn begin(&mut self, durable: bool) -> Result<(), WriteError> {
        if self.syncs_every_commit != durable {
            self.execute(if durable { sql::SYNC_EVERY_COMMIT } else { sql::SYNC_AT_CHECKPOINTS }).await?;
            self.syncs_every_commit = durable;
        }
        self.execute(sql::BEGIN).await
    }

    async fn put_events(&mut self, events: &[Event]) -> Result<(), WriteError> {
        let is_check = |event: &Event| matches!(event.kind, EventKind::Checked { .. });
        for run in events.chunk_by(|a, b| is_check(a) && is_check(b)) {
            self.put_checks(run).await?;
            for event in run.iter().filter(|event| event.kind.is_on_record()) {
                self.put_change(event).await?;
                self.put_record(event).await?;
            }
        }
        match events.iter().map(|event| event.number).max() {
            Some(last) => self.set_last_event(last).await,
            None => Ok(()),
        }
    }

    /// The order of these is what makes it right: the events first, as they happened, then what the board says.
    async fn put_board(&mut self, board: &Board, events: &[Event]) -> Result<(), WriteError> {
        let at = events.last().map_or(Timestamp::from_millis(0), |event| event.at);
        let names: Vec<_> = board.groups.keys().collect();
        self.run(sqlx::query(sql::DELETE_OTHER_GROUPS).bind(serde_json::to_string(&names)?)).await?;
        for group in board.groups.values() {
            let last_change = group.last_change.as_ref().map(serde_json::to_string).transpose()?;
            self.put_group(&group.group, last_change).await?;
        }
        let states = || board.groups.values().flat_map(|group| group.targets.values());
        let targets: Vec<TargetRow> = states().map(|state| TargetRow::from(&state.target)).collect();
        self.run(sqlx::query(sql::DELETE_OTHER_TARGETS).bind(serde_json::to_string(&targets)?)).await?;
        self.put_targets(&targets, at).await?;
        self.put_events(events).await?;
        let beliefs: Vec<CheckRow> = states().map(CheckRow::of_state).collect::<Result<_, _>>()?;
        let (checked, unchecked): (Vec<_>, Vec<_>) = beliefs.into_iter().partition(CheckRow::is_checked);
        self.run_rows(sql::PUT_OBSERVATIONS, &checked).await?;
        self.run_rows(sql::PUT_HEALTH, &checked).await?;
        self.run_rows(sql::PUT_HEALTH, &unchecked).await?;
        self.set_last_event(board.number).await
    }

    async fn put_checks(&mut self, events: &[Event]) -> Result<(), WriteError> {
        for events in events.chunks(ROWS_PER_STATEMENT) {
            let checks = events.iter().filter_map(|event| match &event.kind {
                EventKind::Checked { target, observation, health, .. } => {
                    Some(CheckRow::of_check(*target, observation, health, event.at))
                }
                _ => None,
            });
            let checks: Vec<CheckRow> = checks.collect::<Result<_, _>>()?;
            if checks.is_empty() {
                continue;
            }
            let json = serde_json::to_string(&checks)?;
            self.run(sqlx::query(sql::PUT_OBSERVATIONS).bind(json.as_str())).await?;
            self.run(sqlx::query(sql::PUT_CHECKED_HEALTH).bind(json.as_str()).bind(LAST_AT_AGE_MS)).await?;
        }
        Ok(())
    }

    /// What an event changes in groups, targets and health, besides what checks do.
    async fn put_change(&mut self, event: &Event) -> Result<(), WriteError> {
        match &event.kind {
            EventKind::GroupCreated(group) => self.put_group(group, None).await,
            EventKind::GroupEdited(group) => {
                self.set_since_if_switched(group, &group.check, event.at).await?;
                self.put_group(group, None).await
            }
            EventKind::GroupDeleted(name) => self.run(sqlx::query(sql::DELETE_GROUP).bind(name.as_str())).await,
            EventKind::TargetRegistered(target) | EventKind::TargetEdited(target) => {
                self.put_targets(&[TargetRow::from(target)], event.at).await
            }
            EventKind::TargetDeregistered(Target { id, .. }) => {
                self.run(sqlx::query(sql::DELETE_TARGET).bind(id.to_string())).await
            }
            EventKind::Checked { group, target, transition: Some(transition), .. } => {
                self.put_transition(group.as_str(), *target, transition, event.at).await
            }
            EventKind::Checked { transition: None, .. }
            | EventKind::Started { .. }
            | EventKind::RecordingStopped { .. }
            | EventKind::RecordingResumed { .. } => Ok(()),
        }
    }

    async fn put_group(&mut self, group: &Group, last_change: Option<String>) -> Result<(), WriteError> {
        let settings = serde_json::to_string(group)?;
        self.run(sqlx::query(sql::PUT_GROUP).bind(group.name.as_str()).bind(settings).bind(last_change)).await
    }

    async fn set_since_if_switched(&mut self, group: &Group, check: &Check, at: Timestamp) -> Result<(), WriteError> {
        let query = sqlx::query(sql::SET_SINCE_IF_SWITCHED);
        self.run(query.bind(group.name.as_str()).bind(at.as_millis()).bind(check.enabled)).await
    }

    /// Keeps what we believe of targets that are known at the same address.
    async fn put_targets(&mut self, targets: &[TargetRow], at: Timestamp) -> Result<(), WriteError> {
        for targets in targets.chunks(ROWS_PER_STATEMENT) {
            let json = serde_json::to_string(targets)?;
            self.run(sqlx::query(sql::FORGET_MOVED_TARGETS).bind(json.as_str())).await?;
            self.run(sqlx::query(sql::PUT_TARGETS).bind(json.as_str()).bind(at.as_millis())).await?;
            self.run(sqlx::query(sql::PUT_NEW_HEALTH).bind(json.as_str()).bind(at.as_millis())).await?;
        }
        Ok(())
    }

    async fn put_transition(
        &mut self,
        group: &str,
        target: TargetId,
        transition: &Transition,
        at: Timestamp,
    ) -> Result<(), WriteError> {
        let target = target.to_string();
        self.run(sqlx::query(sql::SET_SINCE).bind(target.as_str()).bind(at.as_millis())).await?;
        let transition = serde_json::to_string(transition)?;
        let query = sqlx::query(sql::SET_LAST_CHANGE);
        self.run(query.bind(group).bind(at.as_millis()).bind(target.as_str()).bind(transition)).await
    }

    async fn put_record(&mut self, event: &Event) -> Result<(), WriteError> {
        let transition = match &event.kind {
            EventKind::Checked { transition, .. } => transition.as_ref(),
            _ => None,
        };
        let query = sqlx::query(sql::PUT_EVENT)
            .bind(position(event.number))
            .bind(event.at.as_millis())
            .bind(event.kind.as_str())
            .bind(event.kind.group().map(|group| group.as_str()))
            .bind(event.kind.target().map(|target| target.to_string()))
            .bind(event.by.as_ref().map(|by| rows::via_word(by.via)))
            .bind(event.by.as_ref().and_then(|by| by.address).map(|address| address.to_string()))
            .bind(event.why.as_deref())
            .bind(transition.map(|transition| transition.from.as_str()))
            .bind(transition.map(|transition| transition.to.as_str()))
            .bind(serde_json::to_string(&event.kind)?);
        self.run(query).await
    }

    async fn set_last_event(&mut self, number: EventNumber) -> Result<(), WriteError> {
        self.run(sqlx::query(sql::SET_LAST_EVENT).bind(position(number))).await
    }

    async fn prune(&mut self, observations: Timestamp, events: Timestamp, limit: u32) -> Result<u64, WriteError> {
        let mut gone = 0;
        for (statement, before) in [(sql::PRUNE_OBSERVATIONS, observations), (sql::PRUNE_EVENTS, events)] {
            let query = sqlx::query(statement).bind(before.as_millis()).bind(limit);
            gone += query.execute(&mut self.connection).await?.rows_affected();
        }
        Ok(gone)
    }

    async fn run_rows(&mut self, statement: &'static str, rows: &[impl Serialize]) -> Result<(), WriteError> {
        for rows in rows.chunks(ROWS_PER_STATEMENT) {
            self.run(sqlx::query(statement).bind(serde_json::to_string(rows)?)).await?;
        }
        Ok(())
    }

    async fn execute(&mut self, statement: &'static str) -> Result<(), WriteError> {
        self.run(sqlx::query(statement)).await
    }

    async fn run(&mut self, query: Query<'_>) -> Result<(), WriteError> {
        query.execute(&mut self.connection).await?;
        Ok(())
    }
}

type Query<'q> = sqlx::query::Query<'q, sqlx::Sqlite, sqlx::sqlite::SqliteArguments>;

fn position(number: EventNumber) -> i64 {
    i64::try_from(number.0).unwrap_or(i64::MAX)
}
