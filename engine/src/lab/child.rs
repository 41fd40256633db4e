//! A process that this run of Drainboard started: waited for, and its last words kept.

use std::ffi::OsStr;
use std::io;
use std::path::Path;
use std::process::Stdio;

use tokio::io::{AsyncRead, AsyncReadExt as _};
use tokio::process::Command;
use tokio::sync::watch;
use tokio_util::task::TaskTracker;

/// So many bytes of what a process says on standard error are kept, the last ones.
const WORDS_MAX: usize = 2048;

/// A process that was started. It does not end when this is dropped.
#[derive(Clone, Debug)]
pub(super) struct Child {
    pub(super) pid: u32,
    ended: watch::Receiver<Option<String>>,
}

impl Child {
    /// Starts a program in a process group of its own, so that Ctrl-C in Drainboard's terminal is not for it. `on_end` is
    /// called when it has ended.
    pub(super) fn start(
        program: &Path,
        arguments: &[&OsStr],
        tracker: &TaskTracker,
        on_end: impl FnOnce() + Send + 'static,
    ) -> io::Result<Self> {
        let mut command = Command::new(program);
        command.args(arguments).process_group(0);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut child = command.spawn()?;
        let pid = child.id().ok_or_else(|| io::Error::other("it ended at once"))?;
        let said = child.stderr.take();
        let (end, ended) = watch::channel(None);
        tracker.spawn(async move {
            let words = match said {
                Some(said) => last_words(said).await,
                None => String::new(),
            };
            // It closed its standard error, which it does by ending.
            if let Err(error) = child.wait().await {
                tracing::warn!(pid, %error, "a process of the lab could not be waited for");
            }
            end.send_replace(Some(words));
            on_end();
        });
        Ok(Self { pid, ended })
    }

    /// Waits for its end, and gives its last words.
    pub(super) async fn ended(&self) -> String {
        let mut ended = self.ended.clone();
        let words = ended.wait_for(Option::is_some).await.ok().and_then(|words| words.clone());
        match words {
            Some(words) => words,
            // Nobody waits for it any more.
            None => std::future::pending().await,
        }
    }

    /// Whether it has ended.
    pub(super) fn has_ended(&self) -> bool {
        self.ended.borrow().is_some()
    }
}

async fn last_words(mut said: impl AsyncRead + Unpin) -> String {
    let mut words = Vec::new();
    let mut piece = [0; 1024];
    while let Ok(read @ 1..) = said.read(&mut piece).await {
        words.extend_from_slice(piece.get(..read).unwrap_or_default());
        words.drain(..words.len().saturating_sub(WORDS_MAX));
    }
    domain::clean(&String::from_utf8_lossy(&words), WORDS_MAX)
}
