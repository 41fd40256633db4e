//! Changes of proxies and bindings.

use std::collections::BTreeSet;

use super::{BINDINGS_MAX, PROXIES_MAX, Refusal, invalid};
use crate::{
    Binding, BindingId, Board, Conduct, EventKind, GroupName, Invalid, Problem, Proxy, ProxyKind, ProxyName, Purpose,
    ReturnCause, TargetState,
};

impl Board {
    pub(super) fn plan_create_proxy(&self, proxy: Proxy) -> Result<Vec<EventKind>, Refusal> {
        if self.proxies.contains_key(&proxy.name) {
            return Err(invalid("name", Problem::ProxyNameTaken));
        }
        if self.proxies.len() >= PROXIES_MAX {
            return Err(invalid("name", Problem::TooMany(PROXIES_MAX as u32)));
        }
        goes_together(&proxy)?;
        Ok(vec![EventKind::ProxyCreated(proxy)])
    }

    pub(super) fn plan_edit_proxy(&self, proxy: Proxy) -> Result<Vec<EventKind>, Refusal> {
        let state = self.proxies.get(&proxy.name).ok_or_else(|| Refusal::NoSuchProxy(proxy.name.clone()))?;
        goes_together(&proxy)?;
        if state.proxy.kind != proxy.kind {
            let wrong = "The kind of a proxy never changes. Connect another one.".to_owned();
            return Err(invalid("kind", Problem::Malformed(wrong)));
        }
        Ok(if state.proxy == proxy { Vec::new() } else { vec![EventKind::ProxyEdited(proxy)] })
    }

    pub(super) fn plan_delete_proxy(&self, name: ProxyName) -> Result<Vec<EventKind>, Refusal> {
        if !self.proxies.contains_key(&name) {
            return Err(Refusal::NoSuchProxy(name));
        }
        let bindings = self.bindings.values().map(|state| &state.binding).filter(|binding| binding.proxy == name);
        let bindings: Vec<&Binding> = bindings.collect();
        let mut events = self.given_up(&bindings);
        events.extend(bindings.into_iter().cloned().map(EventKind::ProxyUnbound));
        events.push(EventKind::ProxyDeleted(name));
        Ok(events)
    }

    pub(super) fn plan_bind(&self, binding: Binding) -> Result<Vec<EventKind>, Refusal> {
        let Some(proxy) = self.proxies.get(&binding.proxy) else { return Err(Refusal::NoSuchProxy(binding.proxy)) };
        let mut wrong: Vec<Invalid> = cannot_cut(&proxy.proxy, binding.conduct()).into_iter().collect();
        if !self.groups.contains_key(&binding.group) {
            wrong.push(Invalid::new("group", Problem::NoSuch(binding.group.to_string())));
        }
        let others = self.bindings.values().map(|state| &state.binding);
        let is_taken = others.clone().any(|b| (&b.proxy, &b.backend) == (&binding.proxy, &binding.backend));
        if is_taken {
            wrong.push(Invalid::new("backend", Problem::BackendBound));
        }
        if BINDINGS_MAX <= others.count() {
            wrong.push(Invalid::new("backend", Problem::TooMany(BINDINGS_MAX as u32)));
        }
        // A proxy that was not looked at yet may have the backend.
        if proxy.look.as_ref().is_some_and(|look| look.backends.iter().all(|backend| backend.name != binding.backend)) {
            wrong.push(Invalid::new("backend", Problem::NoSuch(binding.backend.clone())));
        }
        if wrong.is_empty() { Ok(vec![EventKind::ProxyBound(binding)]) } else { Err(Refusal::Invalid(wrong)) }
    }

    pub(super) fn plan_edit_binding(&self, id: BindingId, conduct: Conduct) -> Result<Vec<EventKind>, Refusal> {
        let state = self.bindings.get(&id).ok_or(Refusal::NoSuchBinding(id))?;
        let proxy = self.proxies.get(&state.binding.proxy);
        if let Some(wrong) = proxy.and_then(|state| cannot_cut(&state.proxy, conduct)) {
            return Err(Refusal::Invalid(vec![wrong]));
        }
        let edited = state.binding.with(conduct);
        if edited == state.binding {
            return Ok(Vec::new());
        }
        let mut events = if conduct.mode.drains() { Vec::new() } else { self.given_up(&[&state.binding]) };
        events.push(EventKind::BindingEdited(edited));
        Ok(events)
    }

    /// What becomes of the wishes of groups in which nothing can be drained any more without these bindings: a target that
    /// stays "drained" though no proxy is told would be a lie.
    fn given_up(&self, bindings: &[&Binding]) -> Vec<EventKind> {
        let stays = |binding: &Binding| binding.mode.drains() && bindings.iter().all(|gone| gone.id != binding.id);
        let groups: BTreeSet<&GroupName> = bindings.iter().map(|binding| &binding.group).collect();
        let alone = groups.into_iter().filter(|group| {
            let mut others = self.bindings.values().map(|state| &state.binding);
            !others.any(|binding| binding.group == **group && stays(binding))
        });
        let states = alone.filter_map(|name| self.groups.get(name));
        states.flat_map(|state| state.targets.values()).filter_map(given_up).collect()
    }

    pub(super) fn plan_unbind(&self, id: BindingId) -> Result<Vec<EventKind>, Refusal> {
        let state = self.bindings.get(&id).ok_or(Refusal::NoSuchBinding(id))?;
        let mut events = self.given_up(&[&state.binding]);
        events.push(EventKind::ProxyUnbound(state.binding.clone()));
        Ok(events)
    }

    /// Whether what a talker or the fleet reports is about something that is still there.
    pub(super) fn can_take(&self, kind: &EventKind) -> bool {
        match kind {
            EventKind::ProxyLinked { proxy, .. } | EventKind::ProxyLooked { proxy, .. } => {
                self.proxies.contains_key(proxy)
            }
            EventKind::ServerHeld { place, .. }
            | EventKind::ServerReleased { place }
            | EventKind::ServerTold { place, .. }
            | EventKind::ServerChangedOutside { place, .. } => self.bindings.contains_key(&place.binding),
            // A record outlives what it is of.
            EventKind::FailoverRecorded(_) => true,
            EventKind::PolicyWaits { binding, .. } => self.bindings.contains_key(binding),
            EventKind::SentinelSeen { group, target, .. } => {
                let is_wanted = self.groups.get(group).is_some_and(|state| state.group.check.sentinel);
                is_wanted && self.target(group, *target).is_some()
            }
            _ => false,
        }
    }
}

fn given_up(target: &TargetState) -> Option<EventKind> {
    let (group, id) = (target.target.group.clone(), target.target.id);
    Some(match target.drain.as_ref()?.purpose {
        Purpose::Maintenance => EventKind::TargetReturned { group, target: id, cause: ReturnCause::Unbound },
        Purpose::Deregistration => EventKind::TargetDeregistered(target.target.clone()),
    })
}

/// Caddy closes nothing when it is told to.
fn cannot_cut(proxy: &Proxy, conduct: Conduct) -> Option<Invalid> {
    let problem = Problem::CannotCut(proxy.kind.title().to_owned());
    (conduct.cut_unhealthy && proxy.kind != ProxyKind::Haproxy).then(|| Invalid::new("cut_unhealthy", problem))
}

fn goes_together(proxy: &Proxy) -> Result<(), Refusal> {
    if proxy.address.goes_with(proxy.kind) {
        return Ok(());
    }
    let wanted = match proxy.kind {
        ProxyKind::Haproxy => "unix:/path or tcp://host:port",
        ProxyKind::Caddy => "http://host:port",
    };
    let problem = Problem::ProxyAddressKind(proxy.kind.title().to_owned(), wanted.to_owned());
    Err(invalid("address", problem))
}
