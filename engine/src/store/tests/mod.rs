//! The store against real files.

mod backup;
mod faults;
mod history;
mod killed;
mod legacy;
mod measure;
mod proxies;
mod refusals;
mod restart;
mod round_trip;
mod story;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use super::{Reader, Restored, Store, Writer};

/// A directory of its own for each test; gone when it is dropped.
pub(super) struct TempDir(PathBuf);

impl TempDir {
    pub(super) fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("drainboard-store-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }

    /// The data file of most tests.
    pub(super) fn file(&self) -> PathBuf {
        self.0.join("board.db")
    }
}

impl Drop for TempDir {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Runs an ignored test of this crate in a process of its own, by way of a shell line that ends in `exec "$0" "$@"`.
pub(super) fn child(shell: &str, module: &str, test: &str, file: &Path) -> Command {
    let module = module.split_once("::").unwrap().1;
    let mut child = Command::new("sh");
    child.args(["-c", shell]).arg(std::env::current_exe().unwrap());
    child.args(["--ignored", "--nocapture", "--exact", &format!("{module}::{test}")]);
    child.env("DRAINBOARD_TEST_FILE", file);
    child
}

/// The file that [`child`] was given.
pub(super) fn file_of_child() -> PathBuf {
    std::env::var_os("DRAINBOARD_TEST_FILE").unwrap().into()
}

pub(super) async fn open(path: &Path) -> (Writer, Reader, Restored) {
    Store::open(path).await.unwrap()
}
