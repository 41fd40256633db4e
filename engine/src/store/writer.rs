//! The writing half: one connection, one transaction at a time.
//!
//! After a write that failed, or whose future was dropped half way, the connection is closed, which rolls back what was
//! begun; the next write opens another one. So a store heals by itself as soon as its disk does.

use std::fs::File;
use std::path::PathBuf;
use std::time::Duration;

use domain::{Board, Event, StoreFault, Timestamp};
use sqlx::{Connection, SqliteConnection};

use super::link::Link;
use super::place::{self, Identity};
use super::{Reader, WriteError, connect, sql};

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

impl Writer {
    pub(super) fn new(
        file: PathBuf,
        identity: Identity,
        connection: SqliteConnection,
        reader: Reader,
        lock: File,
    ) -> Self {
        Self { file, identity, link: Some(Link::new(connection)), reader, _lock: lock }
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
            return Err(WriteError(StoreFault::Gone));
        }
        match link {
            Some(link) => Ok(link),
            None => Ok(Link::new(connect::reopen(&self.file).await?)),
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
