//! What starts a cold standby: its name, and what it did.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::Timestamp;

/// The name of a starter in the server's configuration file: letters, digits, hyphens, dots and underscores.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct StarterName(String);

/// It is not the name of a starter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a starter's name has 1 to 64 letters, digits, hyphens, dots and underscores")]
pub struct BadStarterName;

impl StarterName {
    /// Characters that a name may have.
    const MAX: usize = 64;

    /// As text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for StarterName {
    type Err = BadStarterName;

    fn from_str(text: &str) -> Result<Self, BadStarterName> {
        let is_known = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_');
        let is_name = (1..=Self::MAX).contains(&text.len()) && text.chars().all(is_known);
        if is_name { Ok(Self(text.to_owned())) } else { Err(BadStarterName) }
    }
}

impl TryFrom<String> for StarterName {
    type Error = BadStarterName;

    fn try_from(text: String) -> Result<Self, BadStarterName> {
        text.parse()
    }
}

impl From<StarterName> for String {
    fn from(name: StarterName) -> Self {
        name.0
    }
}

impl fmt::Display for StarterName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// So many bytes of a starter's output are kept: the last ones.
pub const STARTER_OUTPUT_MAX: usize = 4096;

/// What a starter did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StarterRun {
    /// When it ended.
    pub at: Timestamp,
    /// How long it took, in milliseconds.
    pub took_ms: u64,
    /// Whether it did what it should.
    pub ok: bool,
    /// How it ended (`exit status: 0`, `HTTP 204`, `no answer within 30 s`).
    pub said: String,
    /// The end of what it wrote; see [`STARTER_OUTPUT_MAX`].
    pub output: String,
}
