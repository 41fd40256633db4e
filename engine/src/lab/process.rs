//! The lab's processes, known by their exact command lines and held by a handle, so that a number that meanwhile means
//! another process is never signalled.

use std::fs;
use std::io;
use std::os::fd::OwnedFd;
use std::path::Path;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Pid, PidfdFlags, Signal, pidfd_open, pidfd_send_signal};
use tokio::time::timeout;

use super::place::Place;

/// What a process of the lab is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// The server of this number.
    Server(u8),
    /// The load balancer.
    Haproxy,
}

/// A process of the lab that was there when it was opened.
#[derive(Debug)]
pub(super) struct Process {
    pub(super) role: Role,
    pid: u32,
    handle: OwnedFd,
}

/// So often it is looked whether a process has ended.
const LOOK_EVERY: Duration = Duration::from_millis(5);

/// The word by which the program becomes a server of the lab.
pub(super) const SERVER_COMMAND: &str = "lab-backend";

impl Process {
    /// The process of this number, if it belongs to the lab in this directory. The handle comes first, so what is read
    /// afterwards is of the process that the handle holds, or of none.
    pub(super) fn open(pid: u32, place: &Place) -> Option<Self> {
        let handle = pidfd_open(Pid::from_raw(i32::try_from(pid).ok()?)?, PidfdFlags::empty()).ok()?;
        let role = role(&command_line(pid)?, place)?;
        let process = Self { role, pid, handle };
        (!process.has_ended()).then_some(process)
    }

    /// All processes of the lab in this directory.
    pub(super) fn all(place: &Place) -> Vec<Self> {
        let Ok(entries) = fs::read_dir("/proc") else { return Vec::new() };
        let pids = entries.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
        pids.filter(|pid| *pid != std::process::id()).filter_map(|pid| Self::open(pid, place)).collect()
    }

    /// Sends a signal; a process that has ended takes none.
    pub(super) fn signal(&self, signal: Signal) -> io::Result<()> {
        Ok(pidfd_send_signal(&self.handle, signal)?)
    }

    /// Whether it is stopped by a signal (proc(5), `state`).
    pub(super) fn is_stopped(&self) -> bool {
        // The name stands in parentheses and may have any character, so the state follows the last one.
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.pid)).unwrap_or_default();
        stat.rsplit_once(") ").is_some_and(|(_, rest)| rest.starts_with(['T', 't']))
    }

    /// Waits for its end, so long at most; false if it still runs.
    pub(super) async fn ended(&self, within: Duration) -> bool {
        let end = async {
            while !self.has_ended() {
                tokio::time::sleep(LOOK_EVERY).await;
            }
        };
        timeout(within, end).await.is_ok()
    }

    /// Whether it has ended, also where nobody has waited for it yet: then its handle can be read (pidfd_open(2)).
    fn has_ended(&self) -> bool {
        let mut handles = [PollFd::new(&self.handle, PollFlags::IN)];
        matches!(poll(&mut handles, Some(&Timespec::default())), Ok(1..))
    }
}

/// The words with which a process was started; none where it has ended or belongs to somebody else.
fn command_line(pid: u32) -> Option<Vec<String>> {
    let text = fs::read(format!("/proc/{pid}/cmdline")).ok()?;
    let words = text.strip_suffix(b"\0")?.split(|byte| *byte == 0);
    words.map(|word| String::from_utf8(word.to_vec()).ok()).collect()
}

/// What a command line is in this lab: it must be exactly one that the lab gives.
fn role(words: &[String], place: &Place) -> Option<Role> {
    match words {
        [_, command, number, directory] if command == SERVER_COMMAND => {
            (Path::new(directory) == place.directory()).then_some(Role::Server(number.parse().ok()?))
        }
        [program, flag, file, config] if flag == "-db" && file == "-f" => {
            let is_haproxy =
                Path::new(program).file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"haproxy"));
            (is_haproxy && Path::new(config) == place.haproxy_config()).then_some(Role::Haproxy)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(words: &[&str], expected: Option<Role>) {
        let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        assert_eq!(role(&words, &Place::at(Path::new("/data/board.db-lab"))), expected, "{words:?}");
    }

    #[test]
    fn only_what_the_lab_started_is_the_labs() {
        check(&["/opt/drainboard", "lab-backend", "2", "/data/board.db-lab"], Some(Role::Server(2)));
        check(&["drainboard", "lab-backend", "2", "/data/other.db-lab"], None);
        check(&["drainboard", "lab-backend", "two", "/data/board.db-lab"], None);
        check(&["grep", "lab-backend", "/data/board.db-lab"], None);
        check(&["/usr/sbin/haproxy", "-db", "-f", "/data/board.db-lab/haproxy.cfg"], Some(Role::Haproxy));
        check(&["vim", "/data/board.db-lab/haproxy.cfg"], None);
        check(&["vim", "-db", "-f", "/data/board.db-lab/haproxy.cfg"], None);
        check(&["/usr/sbin/haproxy", "-db", "-f", "/etc/haproxy/haproxy.cfg"], None);
        check(&[], None);
    }

    #[test]
    fn a_process_that_is_not_the_labs_is_not_opened() {
        let place = Place::at(Path::new("/data/board.db-lab"));
        assert!(Process::open(std::process::id(), &place).is_none());
        assert!(Process::open(0, &place).is_none());
        assert!(Process::all(&place).is_empty());
    }
}
