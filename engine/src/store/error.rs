//! Errors of the store, by what one can do about them.

use std::io;
use std::path::{Path, PathBuf};

use domain::StoreFault;

/// Why the store was not opened. Each says what to do.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another instance has it.
    #[error("the data file {} is in use by another Drainboard; stop that one or give this one another file", .0.display())]
    InUse(PathBuf),
    /// Another program holds it locked.
    #[error("the data file {} is locked by another program; close what has it open (a sqlite3 shell, a backup)", .0.display())]
    Locked(PathBuf),
    /// A newer Drainboard wrote it.
    #[error(
        "the data file {} was written by a newer Drainboard (schema {found}, this one knows {known}); run the newer version or give another file",
        .file.display()
    )]
    Newer {
        /// The file.
        file: PathBuf,
        /// Its schema.
        found: i64,
        /// The newest schema that this version knows.
        known: i64,
    },
    /// It is a file of something else.
    #[error("the file {} is not Drainboard's; give another file", .0.display())]
    NotOurs(PathBuf),
    /// It is damaged.
    #[error(
        "the data file {} is damaged ({what}); restore it from a backup, or move it away together with its -wal and -shm files to start with an empty one",
        .file.display()
    )]
    Damaged {
        /// The file.
        file: PathBuf,
        /// What was found.
        what: String,
    },
    /// The directory is not there.
    #[error("there is no directory {} for the data file; make it or give another file", .0.display())]
    NoDirectory(PathBuf),
    /// A directory or a device.
    #[error("{} is not a file; give the name of a file", .0.display())]
    NotAFile(PathBuf),
    /// The system does not let us.
    #[error("the data file {} cannot be opened for writing; let this user write it and its directory", .file.display())]
    Denied {
        /// The file.
        file: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// No space.
    #[error("the disk of the data file {} is full; free some space", .0.display())]
    Full(PathBuf),
    /// Anything else.
    #[error("the data file {} cannot be opened", .file.display())]
    Failed {
        /// The file.
        file: PathBuf,
        /// What went wrong.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

/// Why something could not be written. Nothing of it was.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct WriteError(pub StoreFault);

/// Why the store could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// A row that is no value.
    #[error("the data file is damaged (unreadable {0}); restore it from a backup")]
    Corrupt(&'static str),
    /// It took too long.
    #[error("the data file could not be read in time; try again")]
    TooSlow,
    /// Drainboard is stopping.
    #[error("the data file is closed, because Drainboard is stopping")]
    Closed,
    /// Anything else.
    #[error("the data file cannot be read")]
    Failed(#[source] sqlx::Error),
}

/// SQLite's primary result codes that are told apart (sqlite.org/rescode.html).
pub(super) mod code {
    pub(crate) const PERM: i32 = 3;
    pub(crate) const BUSY: i32 = 5;
    pub(crate) const LOCKED: i32 = 6;
    pub(crate) const READONLY: i32 = 8;
    pub(crate) const INTERRUPT: i32 = 9;
    pub(crate) const IOERR: i32 = 10;
    pub(crate) const CORRUPT: i32 = 11;
    pub(crate) const FULL: i32 = 13;
    pub(crate) const CANTOPEN: i32 = 14;
    pub(crate) const NOTADB: i32 = 26;
}

/// `SQLITE_IOERR_SHMSIZE`: the file that connections share beside the log has no room, so the disk is full.
const NO_ROOM_TO_SHARE: i32 = code::IOERR | 19 << 8;

/// SQLite's primary result code of an error.
pub(super) fn code_of(error: &sqlx::Error) -> Option<i32> {
    match error.as_database_error()?.code()?.parse().ok()? {
        NO_ROOM_TO_SHARE => Some(code::FULL),
        extended => Some(extended & 0xff),
    }
}

impl OpenError {
    /// What an error of SQLite means while `file` is opened.
    pub(super) fn from_sqlx(file: &Path, error: sqlx::Error) -> Self {
        let file = file.to_owned();
        match code_of(&error) {
            Some(code::CORRUPT | code::NOTADB) => Self::Damaged { file, what: message(&error) },
            Some(code::BUSY | code::LOCKED) => Self::Locked(file),
            Some(code::FULL) => Self::Full(file),
            Some(code::READONLY | code::PERM | code::CANTOPEN) => {
                Self::Denied { file, source: io::Error::other(message(&error)) }
            }
            _ => Self::Failed { file, source: Box::new(error) },
        }
    }
}

impl ReadError {
    /// What this means while `file` is opened.
    pub(super) fn while_opening(self, file: &Path) -> OpenError {
        match self {
            Self::Corrupt(what) => OpenError::Damaged { file: file.to_owned(), what: format!("unreadable {what}") },
            Self::Failed(error) => OpenError::from_sqlx(file, error),
            other => OpenError::Failed { file: file.to_owned(), source: Box::new(other) },
        }
    }
}

impl From<sqlx::Error> for ReadError {
    fn from(error: sqlx::Error) -> Self {
        match error {
            sqlx::Error::PoolClosed => Self::Closed,
            sqlx::Error::PoolTimedOut => Self::TooSlow,
            error if matches!(code_of(&error), Some(code::CORRUPT | code::NOTADB)) => Self::Corrupt("page"),
            error => Self::Failed(error),
        }
    }
}

impl From<sqlx::Error> for WriteError {
    fn from(error: sqlx::Error) -> Self {
        Self(match code_of(&error) {
            Some(code::FULL) => StoreFault::Full,
            Some(code::READONLY | code::PERM) => StoreFault::ReadOnly,
            Some(code::BUSY | code::LOCKED) => StoreFault::Busy,
            Some(code::IOERR | code::CANTOPEN) => StoreFault::Io(message(&error)),
            Some(code::CORRUPT | code::NOTADB) => StoreFault::Corrupt(message(&error)),
            _ => StoreFault::Other(message(&error)),
        })
    }
}

impl WriteError {
    /// Something that is not SQLite's.
    pub(super) fn other(error: &dyn std::fmt::Display) -> Self {
        Self(StoreFault::Other(error.to_string()))
    }
}

impl From<ReadError> for WriteError {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Failed(error) => Self::from(error),
            error => Self(StoreFault::Corrupt(error.to_string())),
        }
    }
}

impl From<serde_json::Error> for WriteError {
    fn from(error: serde_json::Error) -> Self {
        Self(StoreFault::Other(error.to_string()))
    }
}

fn message(error: &sqlx::Error) -> String {
    match error.as_database_error() {
        Some(error) => error.message().to_owned(),
        None => error.to_string(),
    }
}
