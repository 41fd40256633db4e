//! Where a target stands in the proxies: its servers, found by address and port.

use crate::{
    AdminState, BackendView, BindingState, Board, Hold, Map, Outside, ProxyState, ServerName, ServerView, Target,
    TargetId, Timestamp, Trouble,
};

/// A server in a proxy that is the target, or the place where one is missing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Front<'a> {
    /// The binding of the backend.
    pub binding: &'a BindingState,
    /// The proxy.
    pub proxy: &'a ProxyState,
    /// The proxy's name of the server; none where the backend has no such server.
    pub name: Option<&'a ServerName>,
    /// What the proxy says of it; none where it does not list it now, or has not been looked at.
    pub server: Option<&'a ServerView>,
}

impl<'a> Front<'a> {
    /// What we do to it.
    pub fn hold(&self) -> Option<&'a Hold> {
        self.binding.holds.get(self.name?)
    }

    /// What somebody else did to it.
    pub fn outside(&self) -> Option<&'a Outside> {
        self.binding.outside.get(self.name?)
    }

    /// The last order about it, where that was not carried out.
    pub fn trouble(&self) -> Option<&'a Trouble> {
        self.binding.troubles.get(self.name?)
    }

    /// Whether the proxy may use it; none where that is not known.
    pub fn admin(&self) -> Option<AdminState> {
        match (self.server, self.name) {
            (Some(server), _) => Some(server.admin.state),
            (None, Some(_)) if self.proxy.look.is_some() => Some(AdminState::Absent),
            _ => None,
        }
    }

    /// Since when the proxy says what it says, as far as we have looked.
    pub fn since(&self) -> Option<Timestamp> {
        let servers = self.proxy.since.get(&self.binding.binding.backend)?;
        servers.get(self.name?).copied()
    }
}

/// Whether two writings of `host:port` lead to the same place.
pub fn is_same_place(a: &str, b: &str) -> bool {
    a.eq_ignore_ascii_case(b) || loopback(a).is_some_and(|port| loopback(b) == Some(port))
}

fn loopback(address: &str) -> Option<&str> {
    address.strip_prefix("localhost:").or_else(|| address.strip_prefix("127.0.0.1:"))
}

impl BindingState {
    /// The backend as the proxy shows it.
    pub fn backend<'a>(&self, proxy: &'a ProxyState) -> Option<&'a BackendView> {
        let look = proxy.look.as_ref()?;
        look.backends.iter().find(|backend| backend.name == self.binding.backend)
    }

    /// The names of the servers that are the target, listed or held.
    pub(crate) fn names<'a>(&'a self, proxy: &'a ProxyState, target: &Target) -> Vec<&'a ServerName> {
        let address = target.address();
        let is_it = |server: &&ServerView| {
            let place = server.address.as_deref().unwrap_or(&server.name);
            is_same_place(place, &address)
        };
        let listed = self.backend(proxy).into_iter().flat_map(|backend| &backend.servers).filter(is_it);
        let mut names: Vec<&ServerName> = listed.map(|server| &server.name).collect();
        let held = self.holds.iter().filter(|(_, hold)| hold.target == Some(target.id)).map(|(name, _)| name);
        for name in held {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }
}

impl Board {
    /// The servers that are the target, in every proxy that serves its group.
    pub fn fronts(&self, target: &Target) -> Vec<Front<'_>> {
        let mut fronts = Vec::new();
        for binding in self.bindings.values().filter(|state| state.binding.group == target.group) {
            let Some(proxy) = self.proxies.get(&binding.binding.proxy) else { continue };
            let names = binding.names(proxy, target);
            if names.is_empty() {
                fronts.push(Front { binding, proxy, name: None, server: None });
            }
            for name in names {
                let listed = binding.backend(proxy).and_then(|b| b.servers.iter().find(|s| s.name == *name));
                fronts.push(Front { binding, proxy, name: Some(name), server: listed });
            }
        }
        fronts
    }
}

impl Board {
    /// For a binding: servers without a target (name and address), and targets without a server.
    pub fn unmatched(&self, state: &BindingState) -> (Vec<ServerView>, Vec<TargetId>) {
        let binding = &state.binding;
        let (Some(proxy), Some(group)) = (self.proxies.get(&binding.proxy), self.groups.get(&binding.group)) else {
            return (Vec::new(), Vec::new());
        };
        let Some(backend) = state.backend(proxy) else { return (Vec::new(), Vec::new()) };
        let matched: Map<TargetId, Vec<&ServerName>> =
            group.targets.iter().map(|(id, target)| (*id, state.names(proxy, &target.target))).collect();
        let is_matched = |name: &ServerName| matched.values().any(|names| names.contains(&name));
        let servers = backend.servers.iter().filter(|server| !is_matched(&server.name)).cloned().collect();
        let targets = matched.iter().filter(|(_, names)| names.is_empty()).map(|(id, _)| *id).collect();
        (servers, targets)
    }
}
