//! An event as it stands in a list.

use domain::{EventNumber, Status, Timestamp};
use serde::{Deserialize, Serialize};

/// An event in the reader's words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Its number.
    pub number: EventNumber,
    /// When it happened.
    pub at: Timestamp,
    /// The status whose shape stands before it; none for what changes no status.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shape: Option<Status>,
    /// What it is about.
    pub subject: String,
    /// What happened to it.
    pub verb: String,
    /// The page of what it is about, where that is still there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub href: Option<String>,
    /// Who did it, where somebody did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// Why, in the words of who did it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// A status changed by itself, so it is told aloud.
    #[serde(default)]
    pub is_change: bool,
}
