//! What a drain that was refused would have left, in numbers.

use domain::{Consequence, Remaining};
use serde::Serialize;

/// What a drain would have left of a group.
#[derive(Clone, Debug, Serialize)]
pub(super) struct ConsequenceView {
    in_service: u32,
    stays: u32,
    minimum_healthy_targets: u32,
    under_way: u32,
    proxies: Vec<RemainingView>,
}

/// What it would have left in a backend.
#[derive(Clone, Debug, Serialize)]
struct RemainingView {
    proxy: String,
    backend: String,
    drains: bool,
    reachable: bool,
    stays: u32,
    of: u32,
    sessions: Option<u64>,
    missing: u32,
    closes_web_sockets: bool,
}

impl From<&Consequence> for ConsequenceView {
    fn from(consequence: &Consequence) -> Self {
        Self {
            in_service: consequence.in_service,
            stays: consequence.stays,
            minimum_healthy_targets: consequence.floor,
            under_way: consequence.under_way,
            proxies: consequence.proxies.iter().map(RemainingView::from).collect(),
        }
    }
}

impl From<&Remaining> for RemainingView {
    fn from(remaining: &Remaining) -> Self {
        Self {
            proxy: remaining.proxy.to_string(),
            backend: remaining.backend.clone(),
            drains: remaining.drains,
            reachable: remaining.is_reachable,
            stays: remaining.stays,
            of: remaining.of,
            sessions: remaining.sessions,
            missing: remaining.missing,
            closes_web_sockets: remaining.closes_web_sockets,
        }
    }
}
