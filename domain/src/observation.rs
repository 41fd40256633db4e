//! What one run of a check saw.

use serde::{Deserialize, Serialize};

use crate::{Failure, Micros, OwnFault, Reason, Timestamp};

/// How a check ended. A failed check is data, not an error of ours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "is", content = "why")]
pub enum Outcome {
    /// The target does what it should.
    Pass,
    /// It does not.
    Fail(Failure),
    /// We could not see, and it is not the target's fault.
    Unknown(OwnFault),
}

impl Outcome {
    /// The ELBv2 reason code; none for a pass.
    pub fn reason(&self) -> Option<Reason> {
        match self {
            Self::Pass => None,
            Self::Fail(failure) => Some(failure.reason()),
            Self::Unknown(fault) => Some(fault.reason()),
        }
    }

    /// The detail in English; none for a pass.
    pub fn detail(&self) -> Option<String> {
        match self {
            Self::Pass => None,
            Self::Fail(failure) => Some(failure.to_string()),
            Self::Unknown(fault) => Some(fault.to_string()),
        }
    }

    /// The word of the API: `pass`, `fail` or `unknown`.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail(_) => "fail",
            Self::Unknown(_) => "unknown",
        }
    }
}

/// How long the parts of a check took. A part that was not reached, or that the protocol does not have, is absent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Phases {
    /// Finding the address of a name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dns: Option<Micros>,
    /// Opening the TCP connection.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub connect: Option<Micros>,
    /// The TLS handshake.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tls: Option<Micros>,
    /// From the request sent to the first byte of the answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_byte: Option<Micros>,
    /// The whole check.
    pub total: Micros,
}

/// What one run of a check saw.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Observation {
    /// When it began.
    pub at: Timestamp,
    /// How long its parts took.
    pub phases: Phases,
    /// The HTTP status code, where one came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status_code: Option<u16>,
    /// How it ended.
    pub outcome: Outcome,
}

impl Observation {
    /// When it ended.
    pub fn ended_at(&self) -> Timestamp {
        self.at.plus_millis(i64::from(self.phases.total.0 / 1000))
    }
}
