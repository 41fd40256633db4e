//! A copy of the store that is whole, also while it is written to, and the way back.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use sqlx::Connection;

use super::{OpenError, connect, examine, place, sql};

/// Why there is no copy, or nothing was put back. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The data file, or the backup, cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// There is something at the place for the copy.
    #[error("{} is there already; give another name, or move it away", .0.display())]
    Exists(PathBuf),
    /// There is nothing to copy.
    #[error("there is no data file {}; name the one that Drainboard uses with --database", .0.display())]
    Missing(PathBuf),
    /// There is nothing to go back to.
    #[error("there is no backup {}; name one that `drainboard backup` made", .0.display())]
    NoBackup(PathBuf),
    /// The backup that is named is the store itself.
    #[error("{} is the data file itself; name a backup, or another file with --database", .0.display())]
    Same(PathBuf),
    /// The copy has a fault.
    #[error("{} is damaged ({what}); use another backup", .file.display())]
    Damaged {
        /// The file.
        file: PathBuf,
        /// What was found.
        what: String,
    },
    /// SQLite could not make the copy.
    #[error("the copy cannot be written to {}; make sure that there is space and that this user may write there", .file.display())]
    Copy {
        /// The copy.
        file: PathBuf,
        /// What SQLite said.
        source: sqlx::Error,
    },
    /// The system does not let us.
    #[error("{} cannot be written", .file.display())]
    Io {
        /// The file.
        file: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

/// Copies the store at `database` to `copy`, which must not be there yet, and looks whether the copy is sound. Works while
/// a Drainboard uses the store, which is not held up. Gives the size in bytes.
pub async fn backup(database: &Path, copy: &Path) -> Result<u64, BackupError> {
    let place = place::find(database)?;
    if !place.exists {
        return Err(BackupError::Missing(place.file));
    }
    if copy.exists() {
        return Err(BackupError::Exists(copy.to_owned()));
    }
    // Under another name until it is whole, so that nobody takes half of it for a backup.
    let partial = with_suffix(copy, ".partial");
    remove_if_there(&partial)?;
    let copied = copy_into(&place.file, &partial).await;
    let finished = match copied {
        Ok(()) => put_in_place(&partial, copy),
        Err(error) => Err(error),
    };
    if finished.is_err() {
        // What is left of it is of no use.
        let _ = fs::remove_file(&partial);
    }
    finished?;
    fs::metadata(copy).map(|meta| meta.len()).map_err(io_error(copy))
}

/// Puts a backup in the place of the store at `database`, which no Drainboard may be using. What was there stays, under
/// the name that is given back.
pub async fn restore(copy: &Path, database: &Path) -> Result<Option<PathBuf>, BackupError> {
    let source = place::find(copy)?;
    if !source.exists {
        return Err(BackupError::NoBackup(copy.to_owned()));
    }
    let place = place::find(database)?;
    if place.file == source.file {
        return Err(BackupError::Same(copy.to_owned()));
    }
    examine::examine(&source.file).await?;
    check(&source.file).await?;
    let _lock = place::lock(&place)?;
    // Copied first: then only names change.
    let partial = with_suffix(&place.file, ".restoring");
    remove_if_there(&partial)?;
    fs::copy(&source.file, &partial).map_err(io_error(&partial))?;
    let kept = if place.exists { Some(set_aside(&place.file)?) } else { None };
    put_in_place(&partial, &place.file)?;
    Ok(kept)
}

async fn copy_into(database: &Path, partial: &Path) -> Result<(), BackupError> {
    let failed = |source| BackupError::Copy { file: partial.to_owned(), source };
    examine::examine(database).await?;
    let mut connection = connect::read_only(database).await.map_err(failed)?;
    let copied = sqlx::query(sql::COPY).bind(partial.to_string_lossy().into_owned()).execute(&mut connection).await;
    connection.close().await.map_err(failed)?;
    copied.map_err(failed)?;
    check(partial).await
}

/// Reads all of it once.
async fn check(file: &Path) -> Result<(), BackupError> {
    let damaged = |what: String| BackupError::Damaged { file: file.to_owned(), what };
    let mut connection = connect::read_only(file).await.map_err(|error| damaged(error.to_string()))?;
    let verdict: Result<String, _> = sqlx::query_scalar(sql::INTEGRITY_CHECK).fetch_one(&mut connection).await;
    connection.close().await.map_err(|error| damaged(error.to_string()))?;
    match verdict {
        Ok(verdict) if verdict == "ok" => Ok(()),
        Ok(verdict) => Err(damaged(verdict)),
        Err(error) => Err(damaged(error.to_string())),
    }
}

/// Gives a file that is whole its name, for good.
fn put_in_place(partial: &Path, name: &Path) -> Result<(), BackupError> {
    File::open(partial).and_then(|file| file.sync_all()).map_err(io_error(partial))?;
    fs::rename(partial, name).map_err(io_error(name))?;
    let directory = match name.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    File::open(directory).and_then(|directory| directory.sync_all()).map_err(io_error(directory))
}

/// Renames a store with the files that belong to it; says how it is called now.
fn set_aside(file: &Path) -> Result<PathBuf, BackupError> {
    let free = |number: &u32| !with_suffix(file, &format!(".before-restore-{number}")).exists();
    let number = (1..).find(free).unwrap_or(0);
    let aside = with_suffix(file, &format!(".before-restore-{number}"));
    for suffix in ["-wal", "-shm", ""] {
        let (from, to) = (with_suffix(file, suffix), with_suffix(&aside, suffix));
        if from.exists() {
            fs::rename(&from, &to).map_err(io_error(&from))?;
        }
    }
    Ok(aside)
}

fn remove_if_there(file: &Path) -> Result<(), BackupError> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(io_error(file)(error)),
        _ => Ok(()),
    }
}

fn with_suffix(file: &Path, suffix: &str) -> PathBuf {
    let mut name: OsString = file.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

fn io_error(file: &Path) -> impl Fn(io::Error) -> BackupError {
    move |source| BackupError::Io { file: file.to_owned(), source }
}
