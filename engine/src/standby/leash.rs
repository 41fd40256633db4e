//! Starters that run are noted in a directory beside the data file, so that one which outlived a Drainboard that was killed
//! is found at the next start and ended, before it is told again.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use domain::TargetId;
use rustix::process::{Pid, Signal, kill_process_group};

/// A process that was ended is waited for so long, looked at so often.
const GONE_WITHIN: Duration = Duration::from_secs(5);
const LOOK_EVERY: Duration = Duration::from_millis(10);

/// A note has at most so many bytes.
const NOTE_MAX: u64 = 256;

/// Where it is noted. Cheap to clone.
#[derive(Clone, Debug)]
pub(super) struct Leash(Arc<Path>);

impl Leash {
    /// Beside this data file.
    pub(super) fn beside(database: &Path) -> Self {
        let mut name = OsString::from(database);
        name.push("-starters");
        Self(PathBuf::from(name).into())
    }

    /// Notes that this process, which leads a group of its own, is a starter of the target.
    pub(super) fn note(&self, target: TargetId, leader: Pid) -> Note {
        let path = self.0.join(target.to_string());
        let write = || -> io::Result<()> {
            fs::create_dir_all(&self.0)?;
            fs::write(&path, begun(leader).map(|begun| format!("{} {begun}", leader.as_raw_pid())).unwrap_or_default())
        };
        if let Err(error) = write() {
            tracing::warn!(%error, path = %path.display(), "a starter that runs could not be noted");
        }
        Note(path)
    }

    /// Ends the starters of a Drainboard that was killed, with all that they started.
    pub(super) async fn end_leftovers(&self) {
        let Ok(notes) = fs::read_dir(&self.0) else { return };
        for path in notes.filter_map(Result::ok).map(|entry| entry.path()) {
            if let Some((leader, noted)) = read(&path)
                && begun(leader).as_ref() == Some(&noted)
            {
                tracing::warn!(
                    process = leader.as_raw_pid(),
                    "a starter outlived the last run of Drainboard: it is ended"
                );
                let ended = kill_process_group(leader, Signal::KILL).map_err(io::Error::from);
                let gone = async {
                    while begun(leader).as_ref() == Some(&noted) {
                        tokio::time::sleep(LOOK_EVERY).await;
                    }
                };
                if ended.is_err() || tokio::time::timeout(GONE_WITHIN, gone).await.is_err() {
                    tracing::error!(process = leader.as_raw_pid(), "an old starter could not be ended");
                }
            }
            drop(Note(path));
        }
    }
}

/// It goes when the starter has ended.
#[derive(Debug)]
pub(super) struct Note(PathBuf);

impl Drop for Note {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_file(&self.0)
            && error.kind() != io::ErrorKind::NotFound
        {
            tracing::warn!(%error, path = %self.0.display(), "the note of a starter could not be removed");
        }
    }
}

fn read(path: &Path) -> Option<(Pid, String)> {
    if NOTE_MAX < fs::metadata(path).ok()?.len() {
        return None;
    }
    let text = fs::read_to_string(path).ok()?;
    let (leader, begun) = text.split_once(' ')?;
    Some((Pid::from_raw(leader.parse().ok()?)?, begun.to_owned()))
}

/// When a process that runs began, in ticks of this boot of the machine: a process that has its number later began later.
/// None where it has ended, or the system does not tell.
fn begun(process: Pid) -> Option<String> {
    let boot = fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
    let stat = fs::read_to_string(format!("/proc/{}/stat", process.as_raw_pid())).ok()?;
    // The name before the last parenthesis may have anything in it.
    let (_, fields) = stat.rsplit_once(") ")?;
    let mut fields = fields.split(' ');
    let has_ended = matches!(fields.next(), Some("Z" | "X") | None);
    let ticks = fields.nth(18)?;
    (!has_ended).then(|| format!("{} {ticks}", boot.trim()))
}

#[cfg(test)]
mod tests {
    use std::process::{Command, Stdio};

    use super::*;

    fn directory() -> PathBuf {
        std::env::temp_dir().join(format!("drainboard-leash-{}", uuid::Uuid::now_v7()))
    }

    #[tokio::test]
    async fn what_outlived_us_is_ended_and_a_number_that_others_have_now_is_not() {
        use std::os::unix::process::CommandExt as _;
        let directory = directory();
        let leash = Leash::beside(&directory.join("data"));
        let sleeper = || Command::new("sleep").arg("600").stdin(Stdio::null()).process_group(0).spawn().unwrap();
        let (mut ours, mut other) = (sleeper(), sleeper());
        let pid = |child: &std::process::Child| Pid::from_child(child);
        for child in [&ours, &other] {
            let id = TargetId::from_uuid(uuid::Uuid::now_v7());
            std::mem::forget(leash.note(id, pid(child)));
            if child.id() == other.id() {
                let path = leash.0.join(id.to_string());
                fs::write(path, format!("{} another-boot 1", child.id())).unwrap();
            }
        }
        leash.end_leftovers().await;
        assert!(!ours.wait().unwrap().success());
        assert!(other.try_wait().unwrap().is_none());
        assert_eq!(fs::read_dir(&leash.0).unwrap().count(), 0);
        other.kill().unwrap();
        other.wait().unwrap();
        fs::remove_dir_all(directory).unwrap();
    }
}
