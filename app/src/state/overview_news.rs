//! What a page that holds no board is told while it is open.

use domain::{Counts, Digest, EventNumber, Recording};
use serde::{Deserialize, Serialize};

use super::Line;

/// What happened after one event and up to another, in the reader's language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OverviewNews {
    /// The event before.
    pub after: EventNumber,
    /// The last event that is in it.
    pub upto: EventNumber,
    /// Of the page of all groups: what is new at a glance.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<Digest>,
    /// All targets of all groups by status, where that may have changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counts: Option<Counts>,
    /// Whether what is shown is stored.
    #[serde(default, skip_serializing_if = "Recording::is_on")]
    pub recording: Recording,
    /// Newest first: what belongs on the record, as far as a list has room for it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<Line>,
}
