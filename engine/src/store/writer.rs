//! The writing half: one connection, one transaction at a time.
//!
//! After a write that failed, or whose future was dropped half way, the connection is closed, which rolls back what was
//! begun; the next write opens another one. So a store heals by itself as soon as its disk does.

use std::fs::File;
use std::path::PathBuf;
use std::time::Duration;

use domain::{Board, Event, Gap, StandingChange, StoreFault, Timestamp};
use sqlx::{Connection, SqliteConnection};

use super::link::{Link, Memory};
use super::place::{self, Identity};
use super::{Batch, Reader, WriteError, checks, connect, sql};

/// So long a close waits for reads under way. What they hold up, the next start carries over.
const READERS_AT_CLOSE: Duration = Duration::from_millis(200);

/// Writes to the store. There is one, and the file is locked while it lives.
#[derive(Debug)]
pub struct Writer {
    file: PathBuf,
    identity: Identity,
    pub(super) link: Option<Link>,
    memory: Memory,
    reader: Reader,
    _lock: File,
}

/// What is older goes.
#[derive(Clone, Copy, Debug)]
pub struct Cutoffs {
    /// Single checks.
    pub checks: Timestamp,
    /// What is kept of whole hours.
    pub hours: Timestamp,
    /// Events.
    pub events: Timestamp,
}

impl Writer {
    pub(super) fn new(file: PathBuf, identity: Identity, link: Link, reader: Reader, lock: File) -> Self {
        let memory = link.memory.clone();
        Self { file, identity, link: Some(link), memory, reader, _lock: lock }
    }

    /// Writes all of these events with everything they imply, or none, and what they make of statuses. `durable`: when
    /// this returns, they survive a loss of power.
    pub async fn write(
        &mut self,
        events: &[Event],
        standings: &[StandingChange],
        durable: bool,
    ) -> Result<(), WriteError> {
        let mut link = self.take_link().await?;
        if !durable && standings.is_empty() && link.put_checks_alone(events).await? {
            link.remember()?;
            self.link = Some(link);
            return Ok(());
        }
        link.begin(durable).await?;
        let done = put(&mut link, events, standings).await;
        self.finish(link, done).await
    }

    /// After a time without the store: writes these batches, the time whose checks are lost, and makes groups, targets,
    /// health and statuses those of the board, as it is at `at`. All of it or none.
    pub async fn heal(
        &mut self,
        board: &Board,
        batches: &[Batch],
        gap: Option<Gap>,
        at: Timestamp,
    ) -> Result<(), WriteError> {
        let mut link = self.take_link().await?;
        link.begin(true).await?;
        let done = mend(&mut link, board, batches, gap, at).await;
        self.finish(link, done).await
    }

    /// Moves some of the checks that are due from the log into chunks and hours; says whether more are due.
    pub async fn fold(&mut self, now: Timestamp) -> Result<bool, WriteError> {
        let mut link = self.take_link().await?;
        let due = checks::due(&self.memory.head, now, link.is_there().await?);
        if due.is_empty() {
            self.link = Some(link);
            return Ok(false);
        }
        link.begin(false).await?;
        let folded = link.fold(&self.memory.head, &due).await;
        self.memory.head.turn();
        let folded = self.finish(link, folded).await.map(|folded| folded.leave(&self.memory.head));
        self.memory.head.turn();
        folded.map(|()| true)
    }

    /// Deletes what is older, at most `limit` rows of each kind; says how many went.
    pub async fn prune(&mut self, cutoffs: Cutoffs, limit: u32) -> Result<u64, WriteError> {
        let mut link = self.take_link().await?;
        let last_row = link.last_row().await?;
        let needed = self.memory.head.first_row().unwrap_or(last_row + 1);
        let hour = checks::hour_of(cutoffs.hours);
        link.begin(false).await?;
        let mut gone = Ok(0);
        for (statement, before) in [
            (sql::PRUNE_LOG, needed),
            (sql::PRUNE_CHUNKS, cutoffs.checks.as_millis()),
            (sql::PRUNE_FILLING, cutoffs.checks.as_millis()),
            (sql::PRUNE_HOURS, hour),
            (sql::PRUNE_GROUP_HOURS, hour),
            (sql::PRUNE_EVENTS, cutoffs.events.as_millis()),
            (sql::PRUNE_FAILOVERS, cutoffs.events.as_millis()),
        ] {
            if let Ok(so_far) = gone {
                let query = sqlx::query(statement).bind(before).bind(limit);
                let result = query.execute(&mut link.connection).await;
                gone = result.map(|result| so_far + result.rows_affected()).map_err(WriteError::from);
            }
        }
        self.finish(link, gone).await
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
    pub(super) async fn take_link(&mut self) -> Result<Link, WriteError> {
        let link = self.link.take();
        if place::identity(&self.file) != Some(self.identity) {
            return Err(WriteError(StoreFault::Gone));
        }
        match link {
            Some(link) => Ok(link),
            None => {
                // Nobody knows what became of the last transaction, so what is in memory is read again.
                let mut connection: SqliteConnection = connect::reopen(&self.file).await?;
                let head = checks::Head::default();
                checks::load(&mut connection, &head).await?;
                self.memory.standings.load(&mut connection).await?;
                self.memory.head.turn();
                self.memory.head.replace(&head);
                self.memory.head.turn();
                Ok(Link::new(connection, self.memory.clone()))
            }
        }
    }

    pub(super) async fn finish<T>(&mut self, mut link: Link, done: Result<T, WriteError>) -> Result<T, WriteError> {
        match done {
            Ok(value) => {
                link.execute(sql::COMMIT).await?;
                link.remember()?;
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

async fn put(link: &mut Link, events: &[Event], standings: &[StandingChange]) -> Result<(), WriteError> {
    link.put_events(events).await?;
    link.put_standings(standings).await
}

async fn mend(
    link: &mut Link,
    board: &Board,
    batches: &[Batch],
    gap: Option<Gap>,
    at: Timestamp,
) -> Result<(), WriteError> {
    // In the order of time, and before the statuses, whose sums leave them out.
    let told = batches.iter().flat_map(|batch| batch.events.iter()).filter_map(|event| event.kind.gap());
    let mut gaps: Vec<Gap> = told.chain(gap).collect();
    gaps.sort_by_key(|gap| gap.from);
    for gap in gaps {
        link.put_gap(gap).await?;
    }
    link.put_board(board, batches).await?;
    for batch in batches {
        link.put_standings(&batch.standings).await?;
    }
    link.put_standings(&board.standings(at)).await
}
