//! Who serves: healthy, wanted, and used by some proxy as far as the proxies tell.

use crate::{Board, Front, Group, GroupName, GroupState, Health, ServerView, TargetId, TargetState};

impl ServerView {
    /// Whether the proxy sends requests to it, as far as it tells.
    pub fn is_usable(&self) -> bool {
        self.admin.state == crate::AdminState::Ready && self.is_up != Some(false)
    }
}

impl Front<'_> {
    /// Whether the proxy sends requests to the target, as far as it tells.
    pub fn is_used(&self) -> bool {
        self.server.is_some_and(ServerView::is_usable)
    }

    fn is_told(&self) -> bool {
        self.proxy.link.is_up() && self.proxy.look.is_some()
    }
}

/// Whether some proxy sends requests to who has these fronts. Where no proxy tells, it is believed.
fn is_used(fronts: &[Front<'_>]) -> bool {
    let mut told = fronts.iter().filter(|front| front.is_told()).peekable();
    told.peek().is_none() || told.any(Front::is_used)
}

impl TargetState {
    /// Whether it is healthy and to be in service. Where checks are switched off, everything counts as healthy.
    pub fn is_in_service(&self, group: &Group) -> bool {
        let is_healthy = matches!(self.health, Health::Healthy { .. }) && self.blind.is_none();
        self.drain.is_none() && self.feigned.is_none() && !self.stands_by() && (is_healthy || !group.check.enabled)
    }

    /// Whether it may be serving: it is to be in service, and not known to be unhealthy.
    pub(crate) fn may_serve(&self, group: &Group) -> bool {
        let is_down = matches!(self.health, Health::Unhealthy { .. }) && self.blind.is_none();
        self.drain.is_none() && self.feigned.is_none() && !self.stands_by() && !(is_down && group.check.enabled)
    }
}

impl Board {
    /// Whether some proxy sends requests to the target. Where no proxy tells, it is believed.
    pub fn is_used(&self, target: &TargetState) -> bool {
        is_used(&self.fronts(&target.target))
    }

    /// Whether the target is healthy, to be in service, and used.
    pub fn serves(&self, group: &GroupState, target: &TargetState) -> bool {
        let is_backup =
            target.drain.is_none() && target.is_fit() && target.is_backup_in_use(&self.fronts(&target.target));
        is_backup || (target.is_in_service(&group.group) && self.is_used(target))
    }

    /// The targets of a group that serve.
    pub fn in_service(&self, group: &GroupState) -> Vec<TargetId> {
        let serving = group.targets.values().filter(|target| self.serves(group, target));
        serving.map(|target| target.target.id).collect()
    }

    /// Whether all targets of a group, if it has some, are known to be unhealthy, are out of service or not used: its
    /// proxies send requests to whoever is left, or refuse them.
    pub fn fails_open(&self, group: &GroupName) -> bool {
        let Some(state) = self.groups.get(group) else { return false };
        let all = self.fronts_of_all(state);
        let may = |(target, fronts): &(&TargetState, Vec<Front<'_>>)| {
            (target.may_serve(&state.group) && is_used(fronts)) || target.is_backup_in_use(fronts)
        };
        !all.is_empty() && !all.iter().any(may)
    }
}
