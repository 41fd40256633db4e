//! The same loss against a hot, a warm and a cold standby, side by side.

use serde::{Deserialize, Serialize};

use crate::{FailoverId, GroupName, Tier, Timestamp};

/// The starter of the server of a lab that is compared as a cold standby.
pub const LAB_STARTER: &str = "lab-server-2";

/// A comparison that goes on, or is over.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LabComparison {
    /// When it began.
    pub started_at: Timestamp,
    /// The group that is made for it; gone when it is over.
    pub group: GroupName,
    /// What was measured, in the order of the tiers.
    pub runs: Vec<TierRun>,
    /// What is done now; none when it is over.
    pub now: Option<(Tier, CompareStep)>,
    /// Why it did not get to its end.
    pub failed: Option<String>,
}

/// A step of a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CompareStep {
    /// The standby is made ready as its tier has it.
    Preparing,
    /// The server is killed; the first answer of the replacement is waited for.
    Losing,
    /// The server is brought back, and the standby waits again.
    Restoring,
}

/// What the same loss cost with a standby of one tier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TierRun {
    /// The tier.
    pub tier: Tier,
    /// When the server was killed.
    pub at: Timestamp,
    /// From then until the first answer of the replacement to a request that was sent later, in microseconds; none where
    /// it did not come in time.
    pub in_service_us: Option<u64>,
    /// Requests that were sent from then until that answer came.
    pub asked: u32,
    /// Of these, those that were not answered.
    pub lost: u32,
    /// The record that was made of it.
    pub failover: Option<FailoverId>,
}
