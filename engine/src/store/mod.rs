//! The only SQL. One SQLite file, one writer, a few readers apart.
//!
//! Rows never leave this module: a row becomes a value of the domain or an error. The file belongs to one process, which
//! holds a lock on `<file>.lock` while it runs.

mod backup;
mod batch;
mod checks;
mod connect;
mod error;
mod examine;
mod failovers;
mod legacy;
mod link;
mod past;
mod place;
mod proxies;
mod reader;
mod restore;
mod rows;
mod schedules;
mod sql;
mod standbys;
mod standings;
#[cfg(test)]
mod tests;
mod writer;

use std::path::Path;

use domain::{Board, EventNumber, Timestamp};

pub use backup::{BackupError, backup, restore};
pub use batch::Batch;
pub use checks::Steps;
pub use error::{OpenError, ReadError, WriteError};
pub use failovers::FailoverFilter;
pub use past::{Curve, Lived};
pub use reader::{EventFilter, Reader};
pub use writer::{Cutoffs, Writer};

/// The store's file, as a place to open.
#[derive(Clone, Copy, Debug)]
pub struct Store;

/// What the store knew when it was opened.
#[derive(Clone, Debug)]
pub struct Restored {
    /// The board as it was when the store was last written.
    pub board: Board,
    /// The newest thing that is stored; none in a new store.
    pub last_seen: Option<Timestamp>,
    /// The number of the last event.
    pub number: EventNumber,
}

impl Store {
    /// Opens the file, makes it if it is not there, and brings its schema up to date. What is not ours, damaged, newer
    /// or in use is refused before anything is written to it.
    pub async fn open(path: &Path) -> Result<(Writer, Reader, Restored), OpenError> {
        let place = place::find(path)?;
        let lock = place::lock(&place)?;
        if place.exists {
            examine::examine(&place.file).await?;
        }
        let mut connection = connect::create(&place.file).await?;
        let failed = |error: ReadError| error.while_opening(&place.file);
        let memory = link::Memory::default();
        connect::migrate(&mut connection, &place.file, connect::LAST_WITH_OBSERVATIONS).await?;
        let mut link = link::Link::new(connection, memory.clone());
        legacy::move_observations(&mut link, &place.file).await?;
        connect::migrate(&mut link.connection, &place.file, connect::newest_schema()).await?;
        let restored = restore::restore(&mut link.connection, &memory).await.map_err(failed)?;
        let reader = Reader::new(&place.file, memory);
        let identity = place::identity(&place.file).ok_or_else(|| OpenError::NotAFile(place.file.clone()))?;
        let writer = Writer::new(place.file, identity, link, reader.clone(), lock);
        Ok((writer, reader, restored))
    }
}
