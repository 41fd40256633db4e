//! A server of the lab, and what can be done to it.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::TargetId;

/// A server of the lab.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LabBackend {
    /// Its number, from 1: what it answers with.
    pub number: u8,
    /// The port on 127.0.0.1 that it listens on.
    pub port: u16,
    /// The target that it is on the board, once it is registered.
    pub target: Option<TargetId>,
    /// What its process does.
    pub doing: LabDoing,
    /// The command that starts it again by hand.
    pub start_command: String,
}

/// How a server of the lab answers while its process runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LabManners {
    /// At once, with 200.
    #[default]
    Well,
    /// At once, with 503.
    With503,
    /// With 200, late.
    Slowly,
}

/// What the process of a server does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "is", content = "with")]
pub enum LabDoing {
    /// It was started and does not listen yet.
    Starting,
    /// It answers.
    Answering {
        /// The process.
        pid: u32,
        /// How.
        manners: LabManners,
    },
    /// It is stopped by a signal: it takes connections and never answers.
    Hanging {
        /// The process.
        pid: u32,
        /// How it would answer.
        manners: LabManners,
    },
    /// There is no process.
    Gone,
}

/// What can be done to a server of the lab.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LabFault {
    /// Kill it as a crash does (SIGKILL).
    Kill,
    /// Ask it to end (SIGTERM).
    Stop,
    /// Stop it without ending it (SIGSTOP): connections are taken and never answered.
    Hang,
    /// Make it answer 503 (SIGUSR1).
    #[serde(rename = "answer-503")]
    Answer503,
    /// Make it answer late (SIGUSR2).
    Slow,
    /// Make it answer well again (SIGCONT, SIGHUP, or a new process).
    BringBack,
}

impl LabFault {
    /// All of them, the worst first.
    pub const ALL: [Self; 6] = [Self::Kill, Self::Stop, Self::Hang, Self::Answer503, Self::Slow, Self::BringBack];

    /// As it stands in a URL.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Kill => "kill",
            Self::Stop => "stop",
            Self::Hang => "hang",
            Self::Answer503 => "answer-503",
            Self::Slow => "slow",
            Self::BringBack => "bring-back",
        }
    }
}

impl fmt::Display for LabFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for LabFault {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|fault| fault.as_str() == text).ok_or(())
    }
}

impl LabDoing {
    /// The process, while there is one that is ready.
    pub fn pid(self) -> Option<u32> {
        match self {
            Self::Answering { pid, .. } | Self::Hanging { pid, .. } => Some(pid),
            Self::Starting | Self::Gone => None,
        }
    }

    /// Whether the fault would change anything now.
    pub fn takes(self, fault: LabFault) -> bool {
        use LabManners::{Slowly, Well, With503};
        match (self, fault) {
            (Self::Starting, _) => false,
            (Self::Gone, fault) => fault == LabFault::BringBack,
            // A process that is stopped hears no other signal until it goes on.
            (Self::Hanging { .. }, fault) => matches!(fault, LabFault::Kill | LabFault::BringBack),
            (Self::Answering { manners, .. }, LabFault::BringBack) => manners != Well,
            (Self::Answering { manners, .. }, LabFault::Answer503) => manners != With503,
            (Self::Answering { manners, .. }, LabFault::Slow) => manners != Slowly,
            (Self::Answering { .. }, LabFault::Kill | LabFault::Stop | LabFault::Hang) => true,
        }
    }
}

impl LabBackend {
    /// The command that does the same by hand; none where the fault would change nothing.
    pub fn command(&self, fault: LabFault) -> Option<String> {
        if !self.doing.takes(fault) {
            return None;
        }
        let Some(pid) = self.doing.pid() else { return Some(self.start_command.clone()) };
        Some(match (fault, self.doing) {
            (LabFault::Kill, _) => format!("kill -9 {pid}"),
            (LabFault::Stop, _) => format!("kill {pid}"),
            (LabFault::Hang, _) => format!("kill -STOP {pid}"),
            (LabFault::Answer503, _) => format!("kill -USR1 {pid}"),
            (LabFault::Slow, _) => format!("kill -USR2 {pid}"),
            (LabFault::BringBack, LabDoing::Hanging { manners: LabManners::Well, .. }) => format!("kill -CONT {pid}"),
            (LabFault::BringBack, LabDoing::Hanging { .. }) => format!("kill -HUP {pid}; kill -CONT {pid}"),
            (LabFault::BringBack, _) => format!("kill -HUP {pid}"),
        })
    }
}
