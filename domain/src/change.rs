//! What people and scripts may ask for, and what follows from it: pure, so that the one writer decides without waiting.

use crate::{
    Binding, BindingId, Board, Conduct, Consequence, Drain, DrainWish, DrillSchedule, EventKind, Group, GroupName,
    Invalid, Problem, Proxy, ProxyName, ReturnCause, ScheduleId, ScheduleStep, ServerName, StandbyDue, Target,
    TargetDraft, TargetId, Timestamp,
};

mod drains;
mod drills;
mod proxies;
mod standbys;

pub use standbys::Role;

/// A change of the configuration, valid in itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Make a group.
    CreateGroup(Group),
    /// Give the group of this name other settings.
    EditGroup(Group),
    /// Delete a group with its targets.
    DeleteGroup(GroupName),
    /// Register these targets, all in one group, all or none.
    Register(GroupName, Vec<Target>),
    /// Give a target another label, host or port.
    EditTarget(GroupName, TargetId, TargetDraft),
    /// Deregister these targets, all or none. Where a proxy serves them they are drained first.
    Deregister(GroupName, Vec<TargetId>, DrainWish),
    /// Remove a target whose drain before deregistration is done.
    FinishDeregister(GroupName, TargetId),
    /// Take these targets out of service, all or none.
    Drain(GroupName, Vec<TargetId>, DrainWish),
    /// Bring these targets back into service, all or none.
    Return(GroupName, Vec<TargetId>, ReturnCause),
    /// Treat a target as unhealthy until then, or not any more.
    Feign(GroupName, TargetId, Option<Timestamp>),
    /// Hold drills on a schedule: what happened to it, and as it is then.
    Schedule(ScheduleStep, Box<DrillSchedule>),
    /// A drain is further, or past its lease.
    UpdateDrain(GroupName, TargetId, Drain),
    /// Make a target a standby, or an active one again.
    SetRole(GroupName, TargetId, Role),
    /// Promote a standby, at this time.
    Promote(GroupName, TargetId, Timestamp),
    /// End a promotion.
    FallBack(GroupName, TargetId, Timestamp),
    /// A standby is further.
    MoveStandby(StandbyDue),
    /// Connect a proxy.
    CreateProxy(Proxy),
    /// Give the proxy of this name another address.
    EditProxy(Proxy),
    /// Forget a proxy and its bindings.
    DeleteProxy(ProxyName),
    /// Bind a backend to a group.
    Bind(Binding),
    /// Let us do something else in a bound backend.
    EditBinding(BindingId, Conduct),
    /// Remove a binding.
    Unbind(BindingId),
    /// What somebody else did to a server stays as it is.
    Adopt(BindingId, ServerName, DrainWish),
    /// What somebody else did to a server is undone.
    Overrule(BindingId, ServerName),
    /// What a talker saw or did at its proxy, or how it stands with sentinels.
    Report(Vec<EventKind>),
}

/// Why a change is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// There is no such group.
    NoSuchGroup(GroupName),
    /// There is no such target in the group.
    NoSuchTarget(TargetId),
    /// It does not go with what is there.
    Invalid(Vec<Invalid>),
    /// There is no such proxy.
    NoSuchProxy(ProxyName),
    /// There is no such binding.
    NoSuchBinding(BindingId),
    /// No proxy in which we may drain stands before the group.
    NotBound(GroupName),
    /// Fewer than the group's minimum would stay in service.
    Floor(Box<Consequence>),
    /// No proxy takes targets of the group out by itself.
    NotAutomatic(GroupName),
    /// The target is not a standby.
    NotAStandby(TargetId),
    /// There is no such schedule in the group.
    NoSuchSchedule(ScheduleId),
    /// Nobody else changed this server.
    NotChangedOutside(ServerName),
}

/// So many proxies may be connected.
pub const PROXIES_MAX: usize = 100;

/// So many bindings may exist.
pub const BINDINGS_MAX: usize = 1000;

/// So many groups may exist.
pub const GROUPS_MAX: usize = 1000;

/// So many targets may be registered in all.
pub const TARGETS_MAX: usize = 20_000;

impl Board {
    /// The events that carry the change out, or why it is refused. A change that changes nothing has no events.
    pub fn plan(&self, change: Change) -> Result<Vec<EventKind>, Refusal> {
        match change {
            Change::CreateGroup(group) => self.plan_create(group),
            Change::EditGroup(group) => {
                let state = self.groups.get(&group.name).ok_or(Refusal::NoSuchGroup(group.name.clone()))?;
                Ok(if state.group == group { Vec::new() } else { vec![EventKind::GroupEdited(group)] })
            }
            Change::DeleteGroup(name) => {
                self.groups.get(&name).ok_or(Refusal::NoSuchGroup(name.clone()))?;
                Ok(vec![EventKind::GroupDeleted(name)])
            }
            Change::Register(group, targets) => self.plan_register(&group, targets),
            Change::EditTarget(group, id, draft) => self.plan_edit_target(&group, id, draft),
            Change::Deregister(group, ids, wish) => self.plan_deregister(&group, ids, &wish),
            Change::FinishDeregister(group, id) => Ok(self.plan_finish_deregister(&group, id)),
            Change::Drain(group, ids, wish) => self.plan_drain(&group, ids, &wish),
            Change::Return(group, ids, cause) => self.plan_return(&group, ids, cause),
            Change::Feign(group, id, until) => self.plan_feign(group, id, until),
            Change::Schedule(step, schedule) => self.plan_schedule(step, schedule),
            Change::UpdateDrain(group, id, drain) => Ok(self.plan_update_drain(group, id, drain)),
            Change::SetRole(group, id, role) => self.plan_role(group, id, role),
            Change::Promote(group, id, now) => self.plan_promote(group, id, now),
            Change::FallBack(group, id, now) => self.plan_fall_back(group, id, now),
            Change::MoveStandby(due) => Ok(self.plan_move_standby(due)),
            Change::CreateProxy(proxy) => self.plan_create_proxy(proxy),
            Change::EditProxy(proxy) => self.plan_edit_proxy(proxy),
            Change::DeleteProxy(name) => self.plan_delete_proxy(name),
            Change::Bind(binding) => self.plan_bind(binding),
            Change::EditBinding(id, conduct) => self.plan_edit_binding(id, conduct),
            Change::Unbind(id) => self.plan_unbind(id),
            Change::Adopt(id, server, wish) => self.plan_adopt(id, &server, &wish),
            Change::Overrule(id, server) => self.plan_overrule(id, &server),
            Change::Report(kinds) => Ok(kinds.into_iter().filter(|kind| self.can_take(kind)).collect()),
        }
    }

    fn plan_create(&self, group: Group) -> Result<Vec<EventKind>, Refusal> {
        if self.groups.contains_key(&group.name) {
            return Err(invalid("name", Problem::GroupNameTaken));
        }
        if self.groups.len() >= GROUPS_MAX {
            return Err(invalid("name", Problem::TooMany(GROUPS_MAX as u32)));
        }
        Ok(vec![EventKind::GroupCreated(group)])
    }

    fn plan_register(&self, name: &GroupName, targets: Vec<Target>) -> Result<Vec<EventKind>, Refusal> {
        let group = self.groups.get(name).ok_or_else(|| Refusal::NoSuchGroup(name.clone()))?;
        let registered: usize = self.groups.values().map(|group| group.targets.len()).sum();
        if registered + targets.len() > TARGETS_MAX {
            return Err(invalid("targets", Problem::TooMany(TARGETS_MAX as u32)));
        }
        let mut taken: std::collections::BTreeSet<_> =
            group.targets.values().map(|state| (&state.target.host, state.target.port)).collect();
        let twice = targets.iter().filter(|target| !taken.insert((&target.host, target.port)));
        let wrong: Vec<_> = twice.map(|t| Invalid::new("targets", Problem::Duplicate(t.address()))).take(10).collect();
        if wrong.is_empty() {
            Ok(targets.into_iter().map(EventKind::TargetRegistered).collect())
        } else {
            Err(Refusal::Invalid(wrong))
        }
    }

    fn plan_edit_target(&self, name: &GroupName, id: TargetId, draft: TargetDraft) -> Result<Vec<EventKind>, Refusal> {
        let group = self.groups.get(name).ok_or_else(|| Refusal::NoSuchGroup(name.clone()))?;
        let state = group.targets.get(&id).ok_or(Refusal::NoSuchTarget(id))?;
        let TargetDraft { label, host, port } = draft;
        let edited = Target { label, host, port, ..state.target.clone() };
        let others = group.targets.values().filter(|other| other.target.id != id);
        let is_taken = others.map(|o| &o.target).any(|o| (&o.host, o.port) == (&edited.host, edited.port));
        match (is_taken, edited == state.target) {
            (true, _) => Err(invalid("host", Problem::Duplicate(edited.address()))),
            (false, true) => Ok(Vec::new()),
            (false, false) => {
                let was = Some(state.target.clone().into());
                Ok(vec![EventKind::TargetEdited { target: edited, was }])
            }
        }
    }
}

fn invalid(field: &str, problem: Problem) -> Refusal {
    Refusal::Invalid(vec![Invalid::new(field, problem)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Event, FloorRule, GroupDraft, Label, Protocol};

    fn group(name: &str) -> Group {
        GroupDraft { name: name.to_owned(), ..GroupDraft::default_for(Protocol::Tcp) }.validate().unwrap()
    }

    fn target(n: u128, port: u16) -> Target {
        let id = TargetId::from_uuid(uuid::Uuid::from_u128(n));
        let host = "127.0.0.1".parse().unwrap();
        Target { id, group: "web".parse().unwrap(), label: Label::new(""), host, port }
    }

    fn board(changes: impl IntoIterator<Item = Change>) -> Board {
        let mut board = Board::default();
        for change in changes {
            for kind in board.plan(change).unwrap() {
                let number = board.number.next();
                let event = Event { number, at: Timestamp::from_millis(0), by: None, why: None, kind };
                board.apply(&event).unwrap();
            }
        }
        board
    }

    fn web() -> GroupName {
        "web".parse().unwrap()
    }

    fn two() -> Board {
        board([Change::CreateGroup(group("web")), Change::Register(web(), vec![target(1, 81), target(2, 82)])])
    }

    #[test]
    fn a_name_can_be_taken_once() {
        assert_eq!(two().plan(Change::CreateGroup(group("web"))), Err(invalid("name", Problem::GroupNameTaken)));
    }

    #[test]
    fn an_address_can_be_in_a_group_once() {
        let duplicate = Problem::Duplicate("127.0.0.1:81".to_owned());
        assert_eq!(
            two().plan(Change::Register(web(), vec![target(3, 83), target(4, 81)])),
            Err(invalid("targets", duplicate.clone())),
        );
        let draft = TargetDraft { label: Label::new(""), host: "127.0.0.1".parse().unwrap(), port: 81 };
        assert_eq!(two().plan(Change::EditTarget(web(), target(2, 0).id, draft)), Err(invalid("host", duplicate)));
    }

    #[test]
    fn deregistering_is_all_or_none() {
        let ids = vec![target(1, 0).id, target(9, 0).id];
        let wish = DrainWish {
            reason: crate::DrainReason::default(),
            by: crate::Actor::drainboard(),
            at: Timestamp::from_millis(0),
            lease_s: None,
            after_delay: crate::AfterDelay::Wait,
            floor: FloorRule::Keep,
        };
        assert_eq!(two().plan(Change::Deregister(web(), ids, wish)), Err(Refusal::NoSuchTarget(target(9, 0).id)));
    }

    #[test]
    fn what_changes_nothing_has_no_events() {
        assert_eq!(two().plan(Change::EditGroup(group("web"))), Ok(Vec::new()));
    }

    #[test]
    fn what_is_not_there_cannot_be_changed() {
        assert!(matches!(two().plan(Change::DeleteGroup("api".parse().unwrap())), Err(Refusal::NoSuchGroup(_))));
        assert!(matches!(two().plan(Change::EditGroup(group("api"))), Err(Refusal::NoSuchGroup(_))));
    }
}
