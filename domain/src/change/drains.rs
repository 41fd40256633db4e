//! Changes of what is wanted of targets.

use super::Refusal;
use crate::{
    Admin, AdminState, BindingId, Board, Drain, DrainStage, DrainWish, EventKind, FloorRule, Group, GroupName,
    GroupState, Hold, HoldCause, Mode, Order, Purpose, ReturnCause, ServerName, TargetId, TargetState, Timestamp,
};

impl DrainWish {
    fn drain(&self, group: &Group, purpose: Purpose) -> Drain {
        let after = |seconds: u32| self.at.plus_millis(i64::from(seconds) * 1000);
        Drain {
            reason: self.reason.clone(),
            by: self.by.clone(),
            at: self.at,
            delay_ends_at: after(group.deregistration_delay_s),
            after_delay: self.after_delay,
            expires_at: self.lease_s.map(after),
            purpose,
            stage: DrainStage::Draining,
            overdue_since: None,
        }
    }
}

impl Board {
    fn group_with(&self, name: &GroupName, ids: &mut Vec<TargetId>) -> Result<&GroupState, Refusal> {
        let group = self.groups.get(name).ok_or_else(|| Refusal::NoSuchGroup(name.clone()))?;
        ids.sort_unstable();
        ids.dedup();
        match ids.iter().find(|id| !group.targets.contains_key(id)) {
            Some(id) => Err(Refusal::NoSuchTarget(*id)),
            None => Ok(group),
        }
    }

    /// Refuses what would leave fewer than the group's minimum, counting what is drained already.
    fn keep_floor(&self, name: &GroupName, ids: &[TargetId], rule: FloorRule) -> Result<(), Refusal> {
        match self.consequence(name, ids) {
            Some(consequence) if consequence.breaks_floor && rule == FloorRule::Keep => {
                Err(Refusal::Floor(Box::new(consequence)))
            }
            _ => Ok(()),
        }
    }

    pub(super) fn plan_drain(
        &self,
        name: &GroupName,
        mut ids: Vec<TargetId>,
        wish: &DrainWish,
    ) -> Result<Vec<EventKind>, Refusal> {
        let group = self.group_with(name, &mut ids)?;
        if !self.can_drain(name) {
            return Err(Refusal::NotBound(name.clone()));
        }
        self.keep_floor(name, &ids, wish.floor)?;
        let drain = wish.drain(&group.group, Purpose::Maintenance);
        Ok(ids.iter().filter_map(|id| group.targets.get(id)).map(|target| drained(name, target, &drain)).collect())
    }

    pub(super) fn plan_deregister(
        &self,
        name: &GroupName,
        mut ids: Vec<TargetId>,
        wish: &DrainWish,
    ) -> Result<Vec<EventKind>, Refusal> {
        let group = self.group_with(name, &mut ids)?;
        let targets = ids.iter().filter_map(|id| group.targets.get(id));
        if !self.can_drain(name) {
            return Ok(targets.map(|target| EventKind::TargetDeregistered(target.target.clone())).collect());
        }
        self.keep_floor(name, &ids, wish.floor)?;
        let drain = wish.drain(&group.group, Purpose::Deregistration);
        let event = |target: &TargetState| match self.is_served(target) {
            true => drained(name, target, &drain),
            false => EventKind::TargetDeregistered(target.target.clone()),
        };
        Ok(targets.map(event).collect())
    }

    /// Whether some proxy that we can tell has a server that is this target, or does not say.
    fn is_served(&self, target: &TargetState) -> bool {
        let fronts = self.fronts(&target.target);
        let ours = fronts.iter().filter(|front| front.binding.binding.mode.drains());
        ours.into_iter().any(|front| front.name.is_some() || front.proxy.look.is_none())
    }

    pub(super) fn plan_finish_deregister(&self, name: &GroupName, id: TargetId) -> Vec<EventKind> {
        let target = self
            .target(name, id)
            .filter(|target| target.drain.as_ref().is_some_and(|drain| drain.purpose == Purpose::Deregistration));
        target.map(|target| EventKind::TargetDeregistered(target.target.clone())).into_iter().collect()
    }

    pub(super) fn plan_return(
        &self,
        name: &GroupName,
        mut ids: Vec<TargetId>,
        cause: ReturnCause,
    ) -> Result<Vec<EventKind>, Refusal> {
        let group = self.group_with(name, &mut ids)?;
        let drained = ids.into_iter().filter(|id| group.targets.get(id).is_some_and(|t| t.drain.is_some()));
        Ok(drained.map(|target| EventKind::TargetReturned { group: name.clone(), target, cause }).collect())
    }

    /// Only what serves can be treated as if it did not, and only where a proxy follows.
    pub(super) fn plan_feign(
        &self,
        name: GroupName,
        id: TargetId,
        until: Option<Timestamp>,
    ) -> Result<Vec<EventKind>, Refusal> {
        let group = self.group_with(&name, &mut vec![id])?;
        let target = group.targets.get(&id).ok_or(Refusal::NoSuchTarget(id))?;
        if until.is_some() {
            let bindings = self.bindings.values().map(|state| &state.binding);
            if !bindings.filter(|binding| binding.group == name).any(|binding| binding.mode == Mode::Automatic) {
                return Err(Refusal::NotAutomatic(name));
            }
            self.keep_floor(&name, &[id], FloorRule::Keep)?;
        }
        let is_other = target.feigned != until;
        Ok(is_other.then_some(EventKind::TargetFeigned { group: name, target: id, until }).into_iter().collect())
    }

    pub(super) fn plan_update_drain(&self, group: GroupName, target: TargetId, drain: Drain) -> Vec<EventKind> {
        // It may have been returned or drained anew meanwhile.
        let before = self.target(&group, target).and_then(|state| state.drain.as_ref());
        let is_same = before.is_some_and(|before| before.at == drain.at && *before != drain);
        if is_same { vec![EventKind::DrainChanged { group, target, drain }] } else { Vec::new() }
    }

    /// What somebody else did is what is wanted from now on.
    pub(super) fn plan_adopt(
        &self,
        id: BindingId,
        server: &ServerName,
        wish: &DrainWish,
    ) -> Result<Vec<EventKind>, Refusal> {
        let (state, outside) = self.changed_outside(id, server)?;
        let group = &state.binding.group;
        let target = self.target_behind(state, server);
        match (outside.state, target) {
            (AdminState::Ready, Some(target)) if target.drain.is_some() => {
                self.plan_return(group, vec![target.target.id], ReturnCause::Asked)
            }
            (AdminState::Ready, _) => Ok(vec![EventKind::ServerReleased { place: state.place(server) }]),
            (_, Some(target)) => self.plan_drain(group, vec![target.target.id], wish),
            (_, None) => Ok(vec![EventKind::ServerChangedOutside { place: state.place(server), change: None }]),
        }
    }

    /// What we want is told to the proxy again.
    pub(super) fn plan_overrule(&self, id: BindingId, server: &ServerName) -> Result<Vec<EventKind>, Refusal> {
        let (state, outside) = self.changed_outside(id, server)?;
        let target = self.target_behind(state, server).map(|target| target.target.id);
        let hold = match (state.holds.get(server), outside.state) {
            (Some(hold), _) => Hold { told: None, ..hold.clone() },
            // Held by us, and wanted in service: the planner brings it back.
            (None, admin) => Hold {
                order: if admin == AdminState::Maint { Order::Maint } else { Order::Drain },
                target,
                cause: HoldCause::Person,
                at: state.outside.get(server).map_or(crate::Timestamp::from_millis(0), |outside| outside.since),
                kept: None,
                told: None,
                lost_sight: false,
                cut_at: None,
            },
        };
        Ok(vec![EventKind::ServerHeld { place: state.place(server), hold }])
    }

    fn changed_outside(&self, id: BindingId, server: &ServerName) -> Result<(&crate::BindingState, Admin), Refusal> {
        let state = self.bindings.get(&id).ok_or(Refusal::NoSuchBinding(id))?;
        let outside = state.outside.get(server).ok_or_else(|| Refusal::NotChangedOutside(server.clone()))?;
        if state.binding.mode.drains() {
            Ok((state, outside.admin))
        } else {
            Err(Refusal::NotBound(state.binding.group.clone()))
        }
    }

    fn target_behind(&self, state: &crate::BindingState, server: &ServerName) -> Option<&TargetState> {
        let proxy = self.proxies.get(&state.binding.proxy)?;
        let group = self.groups.get(&state.binding.group)?;
        group.targets.values().find(|target| state.names(proxy, &target.target).contains(&server))
    }
}

/// A drain that is under way keeps its beginning; one that was empty is looked at again.
fn drained(group: &GroupName, target: &TargetState, drain: &Drain) -> EventKind {
    let drain = match &target.drain {
        Some(before) if before.purpose == drain.purpose => {
            Drain { at: before.at, delay_ends_at: before.delay_ends_at, stage: before.stage, ..drain.clone() }
        }
        _ => drain.clone(),
    };
    EventKind::TargetDrained { group: group.clone(), target: target.target.id, drain }
}
