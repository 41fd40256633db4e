//! A command that starts or stops a standby: with a time limit for it and all that it started, and the end of its output.

use std::process::Stdio;
use std::time::Duration;

use domain::{STARTER_OUTPUT_MAX, TargetId};
use rustix::process::{Pid, Signal, kill_process_group};
use tokio::io::{AsyncRead, AsyncReadExt as _};
use tokio::process::{Child, ChildStderr, ChildStdout, Command};
use tokio::time::timeout;

use super::leash::{Leash, Note};
use super::starter::{CommandLine, Ended};

/// What it leaves running may hold its output open, so the rest of that is waited for only so long once it has ended.
const REST: Duration = Duration::from_millis(500);

/// A process that was ended is waited for so long.
const GONE_WITHIN: Duration = Duration::from_secs(5);

/// Runs it in a process group of its own, so that a Ctrl-C in Drainboard's terminal does not reach it, and it can be ended
/// with all that it started.
pub(super) async fn run(line: &CommandLine, limit: Duration, leash: &Leash, target: TargetId) -> Ended {
    let mut command = Command::new(&line.program);
    command.args(&line.arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.kill_on_drop(true).process_group(0);
    let mut child = match command.spawn() {
        Ok(child) => child,
        Err(error) => return Ended { ok: false, said: format!("could not be run: {error}"), output: String::new() },
    };
    let group = Group::of(&child, leash, target);
    let mut written = Written::of(&mut child);
    let (ok, said) = match timeout(limit, written.until(child.wait())).await {
        Ok(Ok(status)) => {
            group.let_go();
            (status.success(), status.to_string())
        }
        Ok(Err(error)) => (false, format!("its end was not seen: {error}")),
        Err(_) => {
            drop(group);
            let is_gone = timeout(GONE_WITHIN, written.until(child.wait())).await.is_ok();
            let end = if is_gone { "so it was ended" } else { "and could not be ended" };
            (false, format!("did not end within {} s, {end}", limit.as_secs()))
        }
    };
    let _still_open = timeout(REST, written.rest()).await;
    Ended { ok, said, output: written.text() }
}

/// The process group of a command. All of it is ended when this goes, unless the command has ended by itself: then what it
/// left running is what it was told for.
struct Group {
    leader: Option<Pid>,
    /// Goes after the group.
    note: Option<Note>,
}

impl Group {
    fn of(child: &Child, leash: &Leash, target: TargetId) -> Self {
        let leader = child.id().and_then(|id| Pid::from_raw(i32::try_from(id).ok()?));
        Self { leader, note: leader.map(|leader| leash.note(target, leader)) }
    }

    fn let_go(mut self) {
        self.leader = None;
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        if let Some(leader) = self.leader
            && let Err(error) = kill_process_group(leader, Signal::KILL)
        {
            tracing::warn!(%error, "a starter could not be ended");
        }
        self.note = None;
    }
}

/// What it writes.
struct Written {
    out: Option<ChildStdout>,
    err: Option<ChildStderr>,
    tails: [Tail; 2],
}

impl Written {
    fn of(child: &mut Child) -> Self {
        Self { out: child.stdout.take(), err: child.stderr.take(), tails: Default::default() }
    }

    /// Reads until something else has happened.
    async fn until<T>(&mut self, end: impl Future<Output = T>) -> T {
        tokio::pin!(end);
        let [out, err] = &mut self.tails;
        loop {
            tokio::select! {
                () = read(&mut self.out, out), if self.out.is_some() => {}
                () = read(&mut self.err, err), if self.err.is_some() => {}
                ended = &mut end => return ended,
            }
        }
    }

    /// Reads until both ends are closed.
    async fn rest(&mut self) {
        let [out, err] = &mut self.tails;
        while self.out.is_some() || self.err.is_some() {
            tokio::select! {
                () = read(&mut self.out, out), if self.out.is_some() => {}
                () = read(&mut self.err, err), if self.err.is_some() => {}
            }
        }
    }

    fn text(&self) -> String {
        self.tails.iter().map(Tail::text).collect()
    }
}

/// The last bytes of what was written.
#[derive(Default)]
struct Tail(Vec<u8>);

impl Tail {
    fn push(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
        let half = STARTER_OUTPUT_MAX / 2;
        self.0.drain(..self.0.len().saturating_sub(half));
    }

    fn text(&self) -> String {
        let text = String::from_utf8_lossy(&self.0);
        text.chars().filter(|c| *c == '\n' || *c == '\t' || !c.is_control()).collect()
    }
}

/// Reads some more; at the end the stream goes.
async fn read(stream: &mut Option<impl AsyncRead + Unpin>, tail: &mut Tail) {
    let Some(open) = stream else { return };
    let mut buffer = [0; 1024];
    match open.read(&mut buffer).await {
        Ok(count) if 0 < count => tail.push(buffer.get(..count).unwrap_or_default()),
        _ => *stream = None,
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    fn place() -> PathBuf {
        let place = std::env::temp_dir().join(format!("drainboard-command-{}", uuid::Uuid::now_v7()));
        std::fs::create_dir_all(&place).unwrap();
        place
    }

    async fn shell(place: &std::path::Path, script: &str, limit: Duration) -> Ended {
        let arguments = ["-c", script].map(str::to_owned).to_vec();
        let line = CommandLine { program: "sh".to_owned(), arguments };
        run(&line, limit, &Leash::beside(&place.join("data")), TargetId::from_uuid(uuid::Uuid::now_v7())).await
    }

    fn is_running(pid: &str) -> bool {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", pid.trim())).unwrap_or_default();
        stat.rsplit_once(") ").is_some_and(|(_, rest)| !rest.starts_with('Z'))
    }

    #[tokio::test]
    async fn one_that_takes_too_long_is_ended_with_its_children_and_its_output_is_kept() {
        let place = place();
        let pid = place.join("pid");
        let script = format!("echo out; echo err >&2; sleep 600 & echo $! > {}; wait", pid.display());
        let ended = shell(&place, &script, Duration::from_secs(1)).await;
        assert!(!ended.ok);
        assert_eq!(
            (ended.said.as_str(), ended.output.as_str()),
            ("did not end within 1 s, so it was ended", "out\nerr\n")
        );
        let pid = std::fs::read_to_string(pid).unwrap();
        let gone = async {
            while is_running(&pid) {
                tokio::task::yield_now().await;
            }
        };
        timeout(GONE_WITHIN, gone).await.expect("its child is ended too");
        assert_eq!(std::fs::read_dir(place.join("data-starters")).unwrap().count(), 0);
        std::fs::remove_dir_all(place).unwrap();
    }

    #[tokio::test]
    async fn what_it_leaves_running_stays_and_its_last_words_are_read() {
        let place = place();
        let pid = place.join("pid");
        let script = format!("sleep 600 & echo $! > {}; head -c 9000 /dev/zero | tr '\\0' a; echo end", pid.display());
        let ended = shell(&place, &script, Duration::from_secs(30)).await;
        assert!(ended.ok, "{ended:?}");
        assert!(ended.output.ends_with("aaaend\n"));
        assert!(ended.output.len() <= STARTER_OUTPUT_MAX);
        let pid = std::fs::read_to_string(pid).unwrap();
        assert!(is_running(&pid));
        std::process::Command::new("kill").arg(pid.trim()).status().unwrap();
        std::fs::remove_dir_all(place).unwrap();
    }

    #[tokio::test]
    async fn what_is_not_there_is_told() {
        let place = place();
        let line = CommandLine { program: "/nowhere/at-all".to_owned(), arguments: Vec::new() };
        let leash = Leash::beside(&place.join("data"));
        let ended = run(&line, REST, &leash, TargetId::from_uuid(uuid::Uuid::now_v7())).await;
        assert!(!ended.ok && ended.said.starts_with("could not be run: "), "{ended:?}");
        std::fs::remove_dir_all(place).unwrap();
    }
}
