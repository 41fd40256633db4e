//! A proxy, and everything that it says of its backends. What it does not say is null, never zero.

use std::collections::BTreeMap;

use domain::{
    Admin, AdminCause, AdminState, Binding, BindingState, Board, Capabilities, Doubt, Hold, Link, Outside, ProxyLook,
    ProxyState, ProxyWarning, ServerName, ServerView as Said, TargetId, TranscriptLine, Trouble,
};
use serde::Serialize;

use super::Time;

/// A proxy.
#[derive(Debug, Serialize)]
pub(crate) struct ProxyView {
    pub(crate) name: String,
    kind: &'static str,
    address: String,
    reachable: bool,
    since: Option<Time>,
    why: Option<String>,
    version: Option<String>,
    capabilities: Capabilities,
    warnings: Vec<ProxyWarning>,
    backends: Vec<BackendView>,
    bindings: Vec<BindingView>,
}

impl ProxyView {
    /// The proxy with its bindings. One that does not answer is shown as it was seen last.
    pub(crate) fn new(board: &Board, state: &ProxyState) -> Self {
        let proxy = &state.proxy;
        let bindings: Vec<_> = board.bindings.values().filter(|b| b.binding.proxy == proxy.name).collect();
        let look = state.look.as_ref();
        let backend = |said: &domain::BackendView| {
            let binding = bindings.iter().find(|state| state.binding.backend == said.name);
            BackendView::new(said, state, binding.map(|binding| Bound::new(board, binding)))
        };
        Self {
            name: proxy.name.to_string(),
            kind: proxy.kind.as_str(),
            address: proxy.address.to_string(),
            reachable: state.link.is_up(),
            since: state.link.since().map(Time),
            why: why(&state.link),
            version: look.map(|look| look.version.clone()),
            capabilities: proxy.kind.capabilities(),
            warnings: look.map(|look| look.warnings.clone()).unwrap_or_default(),
            backends: look.into_iter().flat_map(|look| &look.backends).map(backend).collect(),
            bindings: bindings.iter().map(|state| BindingView::from(*state)).collect(),
        }
    }
}

/// Why a proxy does not answer, and what to do about it.
pub(crate) fn why(link: &Link) -> Option<String> {
    match link {
        Link::Unreachable { why, .. } => Some(why.clone()),
        Link::Untried | Link::Reachable { .. } => None,
    }
}

/// A binding, and which target each server of its backend is.
struct Bound<'a> {
    state: &'a BindingState,
    targets: BTreeMap<&'a ServerName, TargetId>,
}

impl<'a> Bound<'a> {
    fn new(board: &'a Board, state: &'a BindingState) -> Self {
        let group = board.groups.get(&state.binding.group);
        let targets = group.into_iter().flat_map(|group| group.targets.values()).flat_map(|target| {
            let fronts = board.fronts(&target.target).into_iter();
            let here = fronts.filter(|front| front.binding.binding.id == state.binding.id);
            here.filter_map(|front| Some((front.name?, target.target.id)))
        });
        Self { state, targets: targets.collect() }
    }
}

/// A backend of a proxy.
#[derive(Debug, Serialize)]
struct BackendView {
    name: String,
    servers: Vec<ServerView>,
}

impl BackendView {
    /// All that the proxy lists, and after them what we hold and it lists no more.
    fn new(said: &domain::BackendView, proxy: &ProxyState, bound: Option<Bound<'_>>) -> Self {
        let since = |name: &ServerName| proxy.since.get(&said.name)?.get(name).copied().map(Time);
        let place = |name: &ServerName, said: SaidView| ServerView {
            since: since(name),
            target: bound.as_ref().and_then(|bound| bound.targets.get(name)).map(ToString::to_string),
            held: bound.as_ref().and_then(|bound| bound.state.holds.get(name)).map(HoldView::from),
            outside: bound.as_ref().and_then(|bound| bound.state.outside.get(name)).map(OutsideView::from),
            said,
        };
        let listed = said.servers.iter().map(|server| place(&server.name, SaidView::from(server)));
        let held = bound.iter().flat_map(|bound| bound.state.holds.keys());
        let absent = held.filter(|name| said.servers.iter().all(|server| server.name != **name));
        let absent = absent.map(|name| place(name, SaidView::absent(name)));
        Self { name: said.name.clone(), servers: listed.chain(absent).collect() }
    }
}

/// A server: what its proxy says, and what it is to us.
#[derive(Debug, Serialize)]
struct ServerView {
    #[serde(flatten)]
    said: SaidView,
    since: Option<Time>,
    target: Option<String>,
    held: Option<HoldView>,
    outside: Option<OutsideView>,
}

/// A server as its proxy tells it.
#[derive(Debug, Serialize)]
struct SaidView {
    name: String,
    address: Option<String>,
    says: Option<String>,
    is_up: Option<bool>,
    admin: &'static str,
    admin_cause: Option<AdminCause>,
    weight: Option<u32>,
    backup: Option<bool>,
    sessions: Option<u64>,
    sessions_total: Option<u64>,
    queue: Option<u64>,
    errors: Option<u64>,
    retries: Option<u64>,
    last_check: Option<String>,
}

impl From<&Said> for SaidView {
    fn from(said: &Said) -> Self {
        Self {
            name: said.name.clone(),
            address: said.address.clone(),
            says: Some(said.says.clone()),
            is_up: said.is_up,
            admin: said.admin.state.as_str(),
            admin_cause: said.admin.cause,
            weight: said.weight,
            backup: Some(said.backup),
            sessions: said.sessions,
            sessions_total: said.sessions_total,
            queue: said.queue,
            errors: said.errors,
            retries: said.retries,
            last_check: said.last_check.clone(),
        }
    }
}

impl SaidView {
    /// A server that its proxy does not list, so that it says nothing of it.
    fn absent(name: &ServerName) -> Self {
        let nothing = Said { name: name.clone(), admin: Admin::forced(AdminState::Absent), ..Said::default() };
        Self { says: None, backup: None, ..Self::from(&nothing) }
    }
}

/// What we do to a server.
#[derive(Debug, Serialize)]
pub(crate) struct HoldView {
    order: &'static str,
    cause: &'static str,
    at: Time,
}

impl From<&Hold> for HoldView {
    fn from(hold: &Hold) -> Self {
        Self { order: hold.order.as_str(), cause: hold.cause.as_str(), at: Time(hold.at) }
    }
}

/// What somebody else did to a server.
#[derive(Debug, Serialize)]
pub(crate) struct OutsideView {
    admin: &'static str,
    admin_cause: Option<AdminCause>,
    since: Time,
}

impl From<&Outside> for OutsideView {
    fn from(outside: &Outside) -> Self {
        let Admin { state, cause } = outside.admin;
        Self { admin: state.as_str(), admin_cause: cause, since: Time(outside.since) }
    }
}

/// A binding, and what goes wrong in it.
#[derive(Debug, Serialize)]
pub(crate) struct BindingView {
    pub(crate) id: String,
    proxy: String,
    backend: String,
    group: String,
    #[serde(flatten)]
    settings: BindingSettings,
    waiting: Option<DoubtView>,
    trouble: Option<TroubleView>,
}

impl From<&BindingState> for BindingView {
    fn from(state: &BindingState) -> Self {
        let binding = &state.binding;
        Self {
            id: binding.id.to_string(),
            proxy: binding.proxy.to_string(),
            backend: binding.backend.clone(),
            group: binding.group.to_string(),
            settings: BindingSettings::from(binding),
            waiting: state.waiting.map(DoubtView::from),
            trouble: state.trouble().map(TroubleView::from),
        }
    }
}

/// What we may do in a backend.
#[derive(Debug, Serialize)]
pub(crate) struct BindingSettings {
    mode: &'static str,
    changes_per_minute: u32,
    cut_unhealthy: bool,
}

impl From<&Binding> for BindingSettings {
    fn from(binding: &Binding) -> Self {
        let Binding { mode, changes_per_minute, cut_unhealthy, .. } = *binding;
        Self { mode: mode.as_str(), changes_per_minute, cut_unhealthy }
    }
}

/// Why automatic mode waits.
#[derive(Debug, Serialize)]
pub(crate) struct DoubtView {
    doubt: &'static str,
    detail: String,
}

impl From<Doubt> for DoubtView {
    fn from(doubt: Doubt) -> Self {
        Self { doubt: doubt.as_str(), detail: doubt.to_string() }
    }
}

/// The last order that was not carried out.
#[derive(Debug, Serialize)]
struct TroubleView {
    at: Time,
    server: String,
    why: String,
}

impl From<&Trouble> for TroubleView {
    fn from(trouble: &Trouble) -> Self {
        Self { at: Time(trouble.at), server: trouble.server.clone(), why: trouble.why.clone() }
    }
}

/// What was found at an address.
#[derive(Debug, Serialize)]
pub(crate) struct LookView {
    ok: bool,
    version: String,
    warnings: Vec<ProxyWarning>,
    backends: Vec<FoundBackend>,
}

#[derive(Debug, Serialize)]
struct FoundBackend {
    name: String,
    servers: Vec<SaidView>,
}

impl From<&ProxyLook> for LookView {
    fn from(look: &ProxyLook) -> Self {
        let backend = |said: &domain::BackendView| FoundBackend {
            name: said.name.clone(),
            servers: said.servers.iter().map(SaidView::from).collect(),
        };
        Self {
            ok: true,
            version: look.version.clone(),
            warnings: look.warnings.clone(),
            backends: look.backends.iter().map(backend).collect(),
        }
    }
}

/// What was asked of a proxy, and what it answered.
#[derive(Debug, Serialize)]
pub(crate) struct TranscriptView {
    at: Time,
    asked: String,
    answered: String,
    took_ms: f64,
    ok: bool,
}

impl From<TranscriptLine> for TranscriptView {
    fn from(line: TranscriptLine) -> Self {
        let took_ms = f64::from(line.took_us) / 1000.0;
        Self { at: Time(line.at), asked: line.asked, answered: line.answered, took_ms, ok: line.ok }
    }
}

#[cfg(test)]
mod tests;
