//! Where the file is, and whose: everything that can be said before SQLite is asked.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use super::OpenError;

/// How every SQLite file begins.
const MAGIC: &[u8; 16] = b"SQLite format 3\0";

/// The file that a path leads to, whatever links are on the way, so that two paths to one file share one lock.
#[derive(Debug)]
pub(super) struct Place {
    /// The file itself.
    pub(super) file: PathBuf,
    /// Whether there is anything in it yet.
    pub(super) exists: bool,
}

/// Finds the file and refuses what cannot be one of ours.
pub(super) fn find(path: &Path) -> Result<Place, OpenError> {
    match fs::canonicalize(path) {
        Ok(file) => look_at(file),
        Err(error) if error.kind() == io::ErrorKind::NotFound && !path.is_symlink() => place_of_new(path),
        Err(source) => Err(OpenError::Denied { file: path.to_owned(), source }),
    }
}

/// Device and number of a file: what it is, whatever it is called.
pub(super) type Identity = (u64, u64);

/// The file that stands at this path now. SQLite goes on writing into a file that was deleted, so somebody must ask.
pub(super) fn identity(file: &Path) -> Option<Identity> {
    fs::metadata(file).ok().map(|meta| (meta.dev(), meta.ino()))
}

/// Takes the lock. The system gives it back when the file is dropped, also after `kill -9`.
pub(super) fn lock(place: &Place) -> Result<File, OpenError> {
    let mut name = place.file.clone().into_os_string();
    name.push(".lock");
    let denied = |source| OpenError::Denied { file: PathBuf::from(&name), source };
    let lock = OpenOptions::new().create(true).truncate(false).write(true).open(&name).map_err(denied)?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(TryLockError::WouldBlock) => Err(OpenError::InUse(place.file.clone())),
        Err(TryLockError::Error(source)) => Err(denied(source)),
    }
}

fn place_of_new(path: &Path) -> Result<Place, OpenError> {
    let name = path.file_name().ok_or_else(|| OpenError::NotAFile(path.to_owned()))?;
    let directory = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    match fs::canonicalize(directory) {
        Ok(directory) if directory.is_dir() => Ok(Place { file: directory.join(name), exists: false }),
        Ok(_) => Err(OpenError::NoDirectory(directory.to_owned())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Err(OpenError::NoDirectory(directory.to_owned())),
        Err(source) => Err(OpenError::Denied { file: path.to_owned(), source }),
    }
}

fn look_at(file: PathBuf) -> Result<Place, OpenError> {
    let denied = |source| OpenError::Denied { file: file.clone(), source };
    if !fs::metadata(&file).map_err(denied)?.is_file() {
        return Err(OpenError::NotAFile(file));
    }
    let mut opened = OpenOptions::new().read(true).write(true).open(&file).map_err(denied)?;
    let mut head = Vec::new();
    opened.by_ref().take(MAGIC.len() as u64).read_to_end(&mut head).map_err(denied)?;
    match head.as_slice() {
        [] => Ok(Place { file, exists: false }),
        head if head == MAGIC => Ok(Place { file, exists: true }),
        _ => Err(OpenError::NotOurs(file)),
    }
}
