//! What is wanted of a target, and where it stands in the proxies.

use domain::{Disagreement, Drain, DrainStage, Front, Purpose, TargetState};
use serde::Serialize;

use super::proxy::{HoldView, OutsideView};
use super::{ActorView, Time};

/// Whether a target is to be in service. Of one that is, everything else is null.
#[derive(Debug, Serialize)]
pub(crate) struct AdmissionView {
    state: &'static str,
    reason: Option<String>,
    by: Option<ActorView>,
    at: Option<Time>,
    expires_at: Option<Time>,
    delay_ends_at: Option<Time>,
    after_delay: Option<&'static str>,
    overdue_since: Option<Time>,
    purpose: Option<Purpose>,
}

impl AdmissionView {
    /// What this drain wants; no drain is a target in service.
    pub(crate) fn new(drain: Option<&Drain>) -> Self {
        let state = match drain.map(|drain| drain.stage) {
            None => "in_service",
            Some(DrainStage::Draining) => "draining",
            Some(DrainStage::Empty) => "out",
        };
        Self {
            state,
            reason: drain.map(|drain| drain.reason.as_str().to_owned()),
            by: drain.map(|drain| ActorView::from(&drain.by)),
            at: drain.map(|drain| Time(drain.at)),
            expires_at: drain.and_then(|drain| drain.expires_at).map(Time),
            delay_ends_at: drain.map(|drain| Time(drain.delay_ends_at)),
            after_delay: drain.map(|drain| drain.after_delay.as_str()),
            overdue_since: drain.and_then(|drain| drain.overdue_since).map(Time),
            purpose: drain.map(|drain| drain.purpose),
        }
    }
}

/// A server in a proxy that is the target, or the place where one is missing. What the proxy does not tell is null.
#[derive(Debug, Serialize)]
pub(crate) struct FrontView {
    proxy: String,
    binding: String,
    backend: String,
    server: Option<String>,
    mode: &'static str,
    reachable: bool,
    says: Option<String>,
    is_up: Option<bool>,
    admin: Option<&'static str>,
    since: Option<Time>,
    sessions: Option<u64>,
    sessions_observable: bool,
    queue: Option<u64>,
    held: Option<HoldView>,
    outside: Option<OutsideView>,
    dispute: Option<&'static str>,
}

impl FrontView {
    /// The target as this proxy has it.
    pub(crate) fn new(front: &Front<'_>, target: &TargetState) -> Self {
        let binding = &front.binding.binding;
        Self {
            proxy: binding.proxy.to_string(),
            binding: binding.id.to_string(),
            backend: binding.backend.clone(),
            server: front.name.cloned(),
            mode: binding.mode.as_str(),
            reachable: front.proxy.link.is_up(),
            says: front.server.map(|server| server.says.clone()),
            is_up: front.server.and_then(|server| server.is_up),
            admin: front.admin().map(domain::AdminState::as_str),
            since: front.since().map(Time),
            sessions: front.server.and_then(|server| server.sessions),
            sessions_observable: front.proxy.proxy.kind.capabilities().sessions_observable,
            queue: front.server.and_then(|server| server.queue),
            held: front.hold().map(HoldView::from),
            outside: front.outside().map(OutsideView::from),
            dispute: front.dispute(target).map(domain::Dispute::as_str),
        }
    }
}

/// A target on which a proxy and we do not agree.
#[derive(Debug, Serialize)]
pub(crate) struct DisagreementView {
    group: String,
    target: String,
    proxy: String,
    binding: String,
    backend: String,
    server: Option<String>,
    dispute: &'static str,
    we_say: &'static str,
    proxy_says: Option<String>,
    since: Option<Time>,
}

impl DisagreementView {
    /// Both sides of it.
    pub(crate) fn new(found: &Disagreement<'_>, settings: &domain::Group) -> Self {
        let binding = &found.front.binding.binding;
        Self {
            group: found.group.to_string(),
            target: found.target.target.id.to_string(),
            proxy: binding.proxy.to_string(),
            binding: binding.id.to_string(),
            backend: binding.backend.clone(),
            server: found.front.name.cloned(),
            dispute: found.dispute.as_str(),
            we_say: found.target.standing(settings).status.as_str(),
            proxy_says: found.front.server.map(|server| server.says.clone()),
            since: found.since.map(Time),
        }
    }

    /// Its place in the list: no two have the same.
    pub(crate) fn place(&self) -> String {
        format!("{}/{}/{}/{}", self.group, self.target, self.binding, self.server.as_deref().unwrap_or_default())
    }
}
