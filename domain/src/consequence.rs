//! What a drain would leave in service, told before it is done.

use crate::{Board, Front, GroupName, ProxyKind, ProxyName, TargetId, TargetState};

/// What a drain of some targets would do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consequence {
    /// Healthy targets in service now.
    pub in_service: u32,
    /// Healthy targets that stay in service.
    pub stays: u32,
    /// The group's minimum.
    pub floor: u32,
    /// Targets of the group that are being drained already, beside these.
    pub under_way: u32,
    /// Whether fewer than the minimum would stay, because of this drain.
    pub breaks_floor: bool,
    /// What it means in each proxy that serves the group.
    pub proxies: Vec<Remaining>,
}

/// What a drain would leave in one backend.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remaining {
    /// The proxy.
    pub proxy: ProxyName,
    /// What it is.
    pub kind: ProxyKind,
    /// Its backend.
    pub backend: String,
    /// Whether the drain is carried out there.
    pub drains: bool,
    /// Whether the proxy answers now.
    pub is_reachable: bool,
    /// Servers that it uses now.
    pub uses: u32,
    /// Servers that it would still use.
    pub stays: u32,
    /// All its servers.
    pub of: u32,
    /// Sessions that will finish; none where the proxy does not tell.
    pub sessions: Option<u64>,
    /// Of the targets, so many have no server there.
    pub missing: u32,
    /// Taking them out closes all WebSockets of the proxy.
    pub closes_web_sockets: bool,
}

impl Board {
    /// What a drain of these targets would do; none if there is no such group.
    pub fn consequence(&self, name: &GroupName, ids: &[TargetId]) -> Option<Consequence> {
        let group = self.groups.get(name)?;
        let chosen = |target: &TargetState| ids.contains(&target.target.id);
        let serving = self.in_service(group);
        let stays = serving.iter().filter(|id| !ids.contains(id)).count();
        // Of a target whose health is not known it must be assumed that it serves.
        let takes_out = group.targets.values().any(|target| chosen(target) && target.may_serve(&group.group));
        let is_last =
            group.targets.values().all(|target| target.drain.is_some() || target.stands_by() || chosen(target));
        let floor = group.group.minimum_healthy_targets;
        let stays = u32::try_from(stays).unwrap_or(u32::MAX);
        let under_way = group.targets.values().filter(|target| target.drain.is_some() && !chosen(target)).count();
        let bindings = self.bindings.values().filter(|state| state.binding.group == *name);
        let proxies: Vec<Remaining> = bindings.filter_map(|state| self.remaining(&state.binding, ids)).collect();
        let empties_backend =
            proxies.iter().any(|left| left.drains && left.is_reachable && left.stays == 0 && left.uses > 0);
        Some(Consequence {
            in_service: u32::try_from(serving.len()).unwrap_or(u32::MAX),
            stays,
            floor,
            under_way: u32::try_from(under_way).unwrap_or(u32::MAX),
            breaks_floor: floor > 0 && ((takes_out && stays < floor) || is_last || empties_backend),
            proxies,
        })
    }

    fn remaining(&self, binding: &crate::Binding, ids: &[TargetId]) -> Option<Remaining> {
        let proxy = self.proxies.get(&binding.proxy)?;
        let state = self.bindings.get(&binding.id)?;
        let targets = self.groups.get(&binding.group)?.targets.values().filter(|t| ids.contains(&t.target.id));
        let fronts: Vec<Front<'_>> = targets.flat_map(|target| self.fronts(&target.target)).collect();
        let here: Vec<&Front<'_>> = fronts.iter().filter(|front| front.binding.binding.id == binding.id).collect();
        let servers = state.backend(proxy).map(|backend| backend.servers.as_slice()).unwrap_or_default();
        let is_chosen = |name: &str| here.iter().any(|front| front.name.is_some_and(|chosen| chosen == name));
        let usable = servers.iter().filter(|server| server.is_usable());
        // Of a proxy that was not looked at nobody knows which servers it has.
        let missing = here.iter().filter(|front| front.name.is_none() && proxy.look.is_some()).count();
        Some(Remaining {
            proxy: binding.proxy.clone(),
            kind: proxy.proxy.kind,
            backend: binding.backend.clone(),
            drains: binding.mode.drains(),
            is_reachable: proxy.link.is_up(),
            uses: u32::try_from(usable.clone().count()).unwrap_or(u32::MAX),
            stays: u32::try_from(usable.filter(|server| !is_chosen(&server.name)).count()).unwrap_or(u32::MAX),
            of: u32::try_from(servers.len()).unwrap_or(u32::MAX),
            sessions: sessions(&here),
            missing: u32::try_from(missing).unwrap_or(u32::MAX),
            closes_web_sockets: proxy
                .look
                .as_ref()
                .is_some_and(|look| look.warnings.contains(&crate::ProxyWarning::ClosesWebSockets)),
        })
    }
}

/// The sessions of all these servers; none if one of them is not told, or there is none.
fn sessions(fronts: &[&Front<'_>]) -> Option<u64> {
    let listed: Vec<_> = fronts.iter().filter_map(|front| front.server).collect();
    let all = listed.iter().map(|server| server.sessions);
    if listed.is_empty() { None } else { all.sum() }
}
