//! What events about proxies and bindings change.

use super::{Board, ProxyState};
use crate::{
    Answer, BackendName, BackendView, BindingState, Curve, EventKind, Link, Map, Order, Outside, Place, Proxy,
    ProxyLook, ProxyName, ServerName, ServerView, Timestamp, Trouble,
};

impl ProxyState {
    /// A proxy that was not looked at yet.
    pub fn new(proxy: Proxy) -> Self {
        Self { proxy, link: Link::Untried, look: None, since: Map::new() }
    }

    /// Takes in a look: what is not in `changed` is as it was.
    fn take_look(&mut self, mut look: ProxyLook, order: &[BackendName], changed: &[BackendView], at: Timestamp) {
        let old = self.look.take().map(|look| look.backends).unwrap_or_default();
        let find = |name: &BackendName| {
            let new = changed.iter().find(|backend| backend.name == *name);
            new.or_else(|| old.iter().find(|backend| backend.name == *name)).cloned()
        };
        look.backends = order.iter().filter_map(find).collect();
        for backend in changed {
            let before = old.iter().find(|other| other.name == backend.name);
            let since = self.since.remove(&backend.name).unwrap_or_default();
            self.since.insert(backend.name.clone(), ages(backend, before, since, at));
        }
        self.since.retain(|name, _| order.contains(name));
        self.look = Some(look);
    }
}

/// Since when each server is as it is; one that is new to us is so since now.
fn ages(
    backend: &BackendView,
    before: Option<&BackendView>,
    mut since: Map<ServerName, Timestamp>,
    at: Timestamp,
) -> Map<ServerName, Timestamp> {
    let is_as_it_was = |server: &ServerView| {
        let old = before.and_then(|before| before.servers.iter().find(|old| old.name == server.name));
        old.is_some_and(|old| (old.is_up, old.admin) == (server.is_up, server.admin))
    };
    let age = |server: &ServerView| {
        let kept = since.remove(&server.name).filter(|_| is_as_it_was(server));
        (server.name.clone(), kept.unwrap_or(at))
    };
    backend.servers.iter().map(age).collect()
}

impl Board {
    pub(super) fn take_proxy_event(&mut self, kind: &EventKind, at: Timestamp) {
        match kind {
            EventKind::ProxyCreated(proxy) => {
                self.proxies.insert(proxy.name.clone(), ProxyState::new(proxy.clone()));
            }
            EventKind::ProxyEdited(proxy) => self.edit_proxy(proxy),
            EventKind::ProxyDeleted(name) => {
                self.proxies.remove(name);
                self.bindings.retain(|_, state| state.binding.proxy != *name);
            }
            EventKind::ProxyBound(binding) => {
                self.bindings.insert(binding.id, BindingState::new(binding.clone()));
            }
            EventKind::BindingEdited(binding) => {
                if let Some(state) = self.bindings.get_mut(&binding.id) {
                    state.binding = binding.clone();
                    state.waiting = None;
                }
            }
            EventKind::ProxyUnbound(binding) => {
                self.bindings.remove(&binding.id);
            }
            EventKind::ProxyLinked { proxy, link } => {
                if let Some(state) = self.proxies.get_mut(proxy) {
                    state.link = link.clone();
                }
            }
            EventKind::ProxyLooked { proxy, version, instance, warnings, order, changed } => {
                if let Some(state) = self.proxies.get_mut(proxy) {
                    let (version, instance, warnings) = (version.clone(), instance.clone(), warnings.clone());
                    let look = ProxyLook { version, instance, warnings, backends: Vec::new() };
                    state.take_look(look, order, changed, at);
                }
                self.draw_curves(proxy, at);
            }
            kind => self.take_binding_event(kind, at),
        }
    }

    /// Another address is another proxy: what the old one said does not hold.
    fn edit_proxy(&mut self, proxy: &Proxy) {
        let Some(state) = self.proxies.get_mut(&proxy.name).filter(|state| state.proxy != *proxy) else { return };
        *state = ProxyState::new(proxy.clone());
        for state in self.bindings.values_mut().filter(|state| state.binding.proxy == proxy.name) {
            state.troubles.clear();
        }
    }

    fn take_binding_event(&mut self, kind: &EventKind, at: Timestamp) {
        match kind {
            EventKind::ServerHeld { place, hold } => self.with_binding(place, |state| {
                state.outside.remove(&place.server);
                state.holds.insert(place.server.clone(), hold.clone());
            }),
            EventKind::ServerReleased { place } => self.with_binding(place, |state| state.release(&place.server)),
            EventKind::ServerTold { place, order, answer, .. } => {
                self.with_binding(place, |state| state.take_answer(place, *order, answer, at));
            }
            EventKind::ServerChangedOutside { place, change } => self.with_binding(place, |state| {
                match change {
                    Some(admin) => state.outside.insert(place.server.clone(), Outside { admin: *admin, since: at }),
                    None => state.outside.remove(&place.server),
                };
            }),
            EventKind::PolicyWaits { binding, doubt, .. } => {
                if let Some(state) = self.bindings.get_mut(binding) {
                    state.waiting = *doubt;
                }
            }
            _ => {}
        }
    }

    fn with_binding(&mut self, place: &Place, change: impl FnOnce(&mut BindingState)) {
        if let Some(state) = self.bindings.get_mut(&place.binding) {
            change(state);
        }
    }

    /// Adds a point to the curve of every server that a person drains, where the proxy tells its sessions.
    fn draw_curves(&mut self, name: &ProxyName, at: Timestamp) {
        let Some(proxy) = self.proxies.get(name) else { return };
        for state in self.bindings.values_mut().filter(|state| state.binding.proxy == *name) {
            let Some(backend) = state.backend(proxy) else { continue };
            for server in backend.servers.iter().filter(|server| state.holds.contains_key(&server.name)) {
                if let Some(sessions) = server.sessions {
                    let curve: &mut Curve = state.curves.entry(server.name.clone()).or_default();
                    curve.push(at, sessions, server.sessions_total);
                }
            }
        }
    }
}

impl BindingState {
    fn release(&mut self, server: &str) {
        self.holds.remove(server);
        self.outside.remove(server);
        self.troubles.remove(server);
        self.curves.remove(server);
    }

    fn take_answer(&mut self, place: &Place, order: Order, answer: &Answer, at: Timestamp) {
        match (answer, order) {
            (Answer::Failed { why, .. }, _) => {
                let server = place.server.clone();
                let before = self.troubles.get(&server).filter(|trouble| trouble.why == *why);
                let tries = before.map_or(0, |trouble| trouble.tries).saturating_add(1);
                self.troubles.insert(server.clone(), Trouble { at, server, why: why.clone(), tries });
            }
            (Answer::Done { .. }, Order::Ready) => {
                self.troubles.remove(&place.server);
                self.release(&place.server);
            }
            (Answer::Done { .. }, Order::Cut) => {
                self.troubles.remove(&place.server);
                if let Some(hold) = self.holds.get_mut(&place.server) {
                    hold.cut_at = Some(at);
                }
            }
            (Answer::Done { instance, .. }, Order::Drain | Order::Maint) => {
                self.troubles.remove(&place.server);
                if let Some(hold) = self.holds.get_mut(&place.server) {
                    hold.told = Some(instance.clone());
                }
            }
        }
    }
}
