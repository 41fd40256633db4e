//! What starts a cold standby, and what stops it: what the operator configured.

use std::time::Duration;

use domain::{StarterRun, TargetId};

use super::command;
use super::leash::Leash;
use super::webhook;
use crate::Clock;

/// What starts a cold standby.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Starter {
    /// What is done.
    pub act: StarterAct,
    /// What stops the standby again when it falls back; none: it is left running.
    pub stop: Option<CommandLine>,
    /// Each of them may take so long.
    pub timeout: Duration,
}

/// What a starter does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StarterAct {
    /// A command.
    Command(CommandLine),
    /// A POST without a body to this URL.
    Webhook(hyper::Uri),
}

/// A program with its arguments; no shell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommandLine {
    /// The program.
    pub program: String,
    /// Its arguments.
    pub arguments: Vec<String>,
}

/// How it ended.
#[derive(Debug)]
pub(super) struct Ended {
    /// Whether it did what it should.
    pub(super) ok: bool,
    /// In words.
    pub(super) said: String,
    /// The end of what it wrote.
    pub(super) output: String,
}

impl Starter {
    /// Starts the standby, and says what came of it.
    pub(super) async fn start(&self, clock: Clock, leash: &Leash, target: TargetId) -> StarterRun {
        let act = async {
            match &self.act {
                StarterAct::Command(line) => command::run(line, self.timeout, leash, target).await,
                StarterAct::Webhook(uri) => webhook::call(uri, self.timeout).await,
            }
        };
        timed(clock, act).await
    }

    /// Stops the standby, and says what came of it; none where nothing does that.
    pub(super) async fn stop(&self, clock: Clock, leash: &Leash, target: TargetId) -> Option<StarterRun> {
        let line = self.stop.as_ref()?;
        Some(timed(clock, command::run(line, self.timeout, leash, target)).await)
    }
}

async fn timed(clock: Clock, act: impl Future<Output = Ended>) -> StarterRun {
    let began = clock.instant();
    let Ended { ok, said, output } = act.await;
    let took = clock.instant().saturating_duration_since(began).as_millis();
    StarterRun { at: clock.now(), took_ms: u64::try_from(took).unwrap_or(u64::MAX), ok, said, output }
}
