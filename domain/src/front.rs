//! Where a target stands in the proxies: its servers, found by address and port.

use crate::{
    AdminState, BackendView, BindingState, Board, GroupState, Hold, Map, Outside, ProxyState, ServerName, ServerView,
    Target, TargetId, TargetState, Timestamp, Trouble,
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
    a.eq_ignore_ascii_case(b)
        || loopback(a).zip(loopback(b)).is_some_and(|(port, other)| port.eq_ignore_ascii_case(other))
}

fn loopback(address: &str) -> Option<&str> {
    let (host, port) = address.rsplit_once(':')?;
    (host.eq_ignore_ascii_case("localhost") || host == "127.0.0.1").then_some(port)
}

/// The same for all writings of `host:port` that lead to the same place, and for no other.
fn place_key(address: &str) -> String {
    match loopback(address) {
        Some(port) => format!("127.0.0.1:{}", port.to_ascii_lowercase()),
        None => address.to_ascii_lowercase(),
    }
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

/// The servers of a binding, in the order of their places.
struct Places<'a> {
    binding: &'a BindingState,
    proxy: &'a ProxyState,
    listed: Vec<(String, &'a ServerView)>,
    held: Vec<(TargetId, &'a ServerName)>,
}

impl<'a> Places<'a> {
    fn of(binding: &'a BindingState, proxy: &'a ProxyState) -> Self {
        let servers = binding.backend(proxy).into_iter().flat_map(|backend| &backend.servers);
        let place = |server: &'a ServerView| place_key(server.address.as_deref().unwrap_or(&server.name));
        let mut listed: Vec<(String, &ServerView)> = servers.map(|server| (place(server), server)).collect();
        // Those of one place stay in the proxy's order.
        listed.sort_by(|(a, _), (b, _)| a.cmp(b));
        let mut held: Vec<(TargetId, &ServerName)> =
            binding.holds.iter().filter_map(|(name, hold)| Some((hold.target?, name))).collect();
        held.sort_by_key(|(target, _)| *target);
        Self { binding, proxy, listed, held }
    }

    /// Adds the servers that are the target, as [`BindingState::names`] says, or the place where one is missing.
    fn put(&self, target: &Target, fronts: &mut Vec<Front<'a>>) {
        let Self { binding, proxy, .. } = *self;
        let key = place_key(&target.address());
        let first = self.listed.partition_point(|(place, _)| *place < key);
        let listed = self.listed[first..].iter().take_while(|(place, _)| *place == key);
        let begin = fronts.len();
        fronts.extend(listed.map(|(_, server)| Front {
            binding,
            proxy,
            name: Some(&server.name),
            server: Some(server),
        }));
        let first = self.held.partition_point(|(id, _)| *id < target.id);
        for (_, name) in self.held[first..].iter().take_while(|(id, _)| *id == target.id) {
            if fronts[begin..].iter().all(|front| front.name != Some(*name)) {
                let server = self.listed.iter().map(|(_, server)| *server).find(|server| server.name == **name);
                fronts.push(Front { binding, proxy, name: Some(*name), server });
            }
        }
        if fronts.len() == begin {
            fronts.push(Front { binding, proxy, name: None, server: None });
        }
    }
}

impl Board {
    /// Every target of a group with its [fronts](Self::fronts): all at once, since there may be many targets, and each may
    /// be any of many servers.
    pub(crate) fn fronts_of_all<'a>(&'a self, group: &'a GroupState) -> Vec<(&'a TargetState, Vec<Front<'a>>)> {
        let mut all: Vec<(&TargetState, Vec<Front<'_>>)> =
            group.targets.values().map(|target| (target, Vec::new())).collect();
        for binding in self.bindings.values().filter(|state| state.binding.group == group.group.name) {
            let Some(proxy) = self.proxies.get(&binding.binding.proxy) else { continue };
            let places = Places::of(binding, proxy);
            all.iter_mut().for_each(|(target, fronts)| places.put(&target.target, fronts));
        }
        all
    }

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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn keys_are_equal_where_places_are_the_same(
            a in "(localhost|LocalHost|127\\.0\\.0\\.1|web|WEB)?(:(80|81|http|HTTP))?",
            b in "(localhost|LocalHost|127\\.0\\.0\\.1|web|WEB)?(:(80|81|http|HTTP))?",
        ) {
            prop_assert_eq!(is_same_place(&a, &b), place_key(&a) == place_key(&b));
        }
    }
}
