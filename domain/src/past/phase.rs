//! A part of a check, by name.

use serde::{Deserialize, Serialize};

use crate::{Micros, Phases};

/// A part of a check.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// The whole check.
    #[default]
    Total,
    /// Finding the address of a name.
    Dns,
    /// Opening the TCP connection.
    Connect,
    /// The TLS handshake.
    Tls,
    /// From the request sent to the first byte of the answer.
    FirstByte,
}

impl Phase {
    /// All, in the order in which they are stored.
    pub const ALL: [Self; 5] = [Self::Total, Self::Dns, Self::Connect, Self::Tls, Self::FirstByte];

    /// The API's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Total => "total",
            Self::Dns => "dns",
            Self::Connect => "connect",
            Self::Tls => "tls",
            Self::FirstByte => "first_byte",
        }
    }

    /// How long this part took; none where it was not reached or does not exist.
    pub fn of(self, phases: &Phases) -> Option<Micros> {
        match self {
            Self::Total => Some(phases.total),
            Self::Dns => phases.dns,
            Self::Connect => phases.connect,
            Self::Tls => phases.tls,
            Self::FirstByte => phases.first_byte,
        }
    }
}

impl std::str::FromStr for Phase {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|phase| phase.as_str() == text).ok_or(())
    }
}
