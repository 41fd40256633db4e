//! A program that is measured.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};

use super::pause::until;

/// A stop that takes longer is made short.
const STOP_MAX: Duration = Duration::from_secs(15);

/// A program that runs, and does not outlive its value.
pub(crate) struct Process {
    child: Child,
    log: PathBuf,
}

impl Process {
    /// Starts a program; what it prints goes to a file.
    pub(crate) fn start(command: &mut Command, log: &Path) -> Result<Process> {
        let file = File::create(log).with_context(|| format!("cannot write {}", log.display()))?;
        command.stdin(Stdio::null()).stdout(file.try_clone()?).stderr(file);
        let child =
            command.spawn().with_context(|| format!("cannot start {}", command.get_program().to_string_lossy()))?;
        Ok(Process { child, log: log.to_owned() })
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Waits until `is_so`, unless the program ends before.
    pub(crate) fn until(&mut self, what: &str, mut is_so: impl FnMut() -> bool) -> Result<()> {
        let mut ended = false;
        until(what, Duration::from_secs(30), || {
            ended = matches!(self.child.try_wait(), Ok(Some(_)) | Err(_));
            ended || is_so()
        })?;
        if ended {
            bail!("{what}: the program ended by itself: {}", last_words(&self.log));
        }
        Ok(())
    }

    /// Sends it a signal, by its name without SIG.
    pub(crate) fn signal(&self, name: &str) -> Result<()> {
        let kill = format!("kill -{name} \"$0\"");
        let status = Command::new("sh").args(["-c", &kill, &self.id().to_string()]).status()?;
        if status.success() { Ok(()) } else { bail!("SIG{name} could not be sent") }
    }

    /// Asks the program to stop, and waits until it has.
    pub(crate) fn stop(&mut self) -> Result<()> {
        self.signal("TERM")?;
        until("a stop", STOP_MAX, || matches!(self.child.try_wait(), Ok(Some(_))))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Both do nothing to a program that has ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn last_words(log: &Path) -> String {
    let text = fs::read_to_string(log).unwrap_or_default();
    text.trim().lines().last().unwrap_or("it said nothing").to_owned()
}
