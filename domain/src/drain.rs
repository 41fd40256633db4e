//! The planner of drains: what a proxy should be told, and what must be noted. Pure: it looks and decides, others act.

use std::collections::BTreeSet;

use crate::{
    Admin, AdminCause, AdminState, AfterDelay, Beat, Because, BindingState, Board, Doubt, EventKind, GroupState,
    Health, Hold, HoldCause, Mode, Order, Outcome, Place, ProxyState, Purpose, Reason, ServerName, ServerView,
    TargetId, TargetState, Tier, Timestamp, is_same_place,
};

/// What the planner looks at.
#[derive(Clone, Copy, Debug)]
pub struct Sight<'a> {
    /// The board.
    pub board: &'a Board,
    /// The binding to plan for.
    pub binding: &'a BindingState,
    /// Its proxy, as it was seen just now.
    pub proxy: &'a ProxyState,
    /// Now.
    pub now: Timestamp,
    /// So many changes automatic mode may still make in this minute.
    pub budget: u32,
    /// Whether Drainboard has only just started.
    pub in_grace: bool,
}

/// What a proxy should be told about a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The server.
    pub server: ServerName,
    /// The target that it is.
    pub target: Option<TargetId>,
    /// What to tell.
    pub order: Order,
    /// Why.
    pub because: Because,
    /// Whether it is automatic mode's own decision, which is limited.
    pub is_policy: bool,
}

impl Step {
    /// On whose behalf the server is held from now on. What was forgotten is held as before.
    pub fn hold_cause(&self, before: Option<&Hold>) -> HoldCause {
        match (self.because, before) {
            (Because::Policy, _) => HoldCause::Policy,
            (Because::Deregistered, _) => HoldCause::Deregistered,
            (Because::Standby, _) => HoldCause::Standby,
            (Because::Forgotten, Some(hold)) => hold.cause,
            _ => HoldCause::Person,
        }
    }
}

impl Hold {
    /// Whether a proxy that is told once more after this was another process meanwhile, whose sessions are not seen.
    pub fn loses_sight(&self) -> bool {
        self.lost_sight || self.told.is_some()
    }
}

/// What is to be done in a backend.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// What to tell the proxy, in order.
    pub steps: Vec<Step>,
    /// What to note; nothing needs to be told for it.
    pub notes: Vec<EventKind>,
}

/// Sessions that outlast the delay are cut again so often while there are any.
const CUT_EVERY_MS: u64 = 5_000;

/// What we want of a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wanted {
    /// The proxy may use it.
    In,
    /// It may not.
    Out(HoldCause),
    /// Leave it as it is: automatic mode would take it out or bring it back, and must wait.
    Undecided,
}

/// What to do in one backend so that it is as it is wanted. Asked again after it is done, there is nothing to do.
pub fn plan(sight: Sight<'_>) -> Plan {
    let mut planner = Planner { sight, plan: Plan::default(), budget: sight.budget, waits: None };
    let Some(group) = sight.board.groups.get(&sight.binding.binding.group) else { return planner.plan };
    // A proxy that does not list the backend says nothing about its servers.
    let Some(backend) = sight.binding.backend(sight.proxy) else { return planner.plan };
    let listed = backend.servers.iter().map(|server| &server.name);
    let names: BTreeSet<&ServerName> = listed.chain(sight.binding.holds.keys()).collect();
    for name in names {
        let server = backend.servers.iter().find(|server| server.name == *name);
        planner.plan_server(group, name, server);
    }
    planner.note_waiting();
    planner.plan
}

struct Planner<'a> {
    sight: Sight<'a>,
    plan: Plan,
    budget: u32,
    waits: Option<Doubt>,
}

impl Planner<'_> {
    fn plan_server(&mut self, group: &GroupState, name: &ServerName, server: Option<&ServerView>) {
        let hold = self.sight.binding.holds.get(name);
        let admin = server.map_or(Admin::forced(AdminState::Absent), |server| server.admin);
        let target = target_of(group, name, server, hold);
        let is_out = admin.state != AdminState::Ready;
        match self.wanted(group, name, target, hold) {
            Wanted::Undecided => {}
            Wanted::In => self.plan_in(name, target, hold, admin),
            Wanted::Out(cause) if is_out => self.adopt(name, target, hold, cause, admin),
            Wanted::Out(cause) => self.plan_out(name, target, hold, cause, server),
        }
        self.plan_cut(name, server, target, hold);
        self.plan_cut_unhealthy(name, server, target, hold);
    }

    fn wanted(
        &mut self,
        group: &GroupState,
        name: &ServerName,
        target: Option<&TargetState>,
        hold: Option<&Hold>,
    ) -> Wanted {
        let mode = self.sight.binding.binding.mode;
        let Some(target) = target else {
            // A deregistered target stays out: to bring it back would be to use what nobody checks any more.
            let stays = hold.is_some_and(|hold| hold.cause == HoldCause::Deregistered) && mode.drains();
            return if stays { Wanted::Out(HoldCause::Deregistered) } else { Wanted::In };
        };
        match (mode, &target.drain) {
            (Mode::Observe, _) => Wanted::In,
            (_, Some(drain)) if drain.purpose == Purpose::Deregistration => Wanted::Out(HoldCause::Deregistered),
            (_, Some(_)) => Wanted::Out(HoldCause::Person),
            (_, None) if target.stands_by() => self.stands_by(name, target, hold),
            (Mode::ByHand, None) => Wanted::In,
            (Mode::Automatic, None) => self.by_health(group, name, target, hold),
        }
    }

    /// A standby is held out until it is promoted. The proxy's own backup is left to the proxy; and the last server that
    /// it uses is not taken from it.
    fn stands_by(&self, name: &ServerName, target: &TargetState, hold: Option<&Hold>) -> Wanted {
        let backend = self.sight.binding.backend(self.sight.proxy);
        let server = backend.and_then(|backend| backend.servers.iter().find(|server| server.name == *name));
        let is_backup = server.is_some_and(|server| server.backup);
        let is_hot = target.standby.as_ref().is_some_and(|standby| standby.tier == Tier::Hot);
        match (is_hot && is_backup, hold) {
            (true, _) => Wanted::In,
            (false, None) if server.is_some_and(ServerView::is_usable) && self.is_last(name) => Wanted::Undecided,
            (false, _) => Wanted::Out(HoldCause::Standby),
        }
    }

    /// What automatic mode wants, within its limits.
    fn by_health(
        &mut self,
        group: &GroupState,
        name: &ServerName,
        target: &TargetState,
        hold: Option<&Hold>,
    ) -> Wanted {
        let is_policys = hold.is_some_and(|hold| hold.cause == HoldCause::Policy);
        // What was believed before checks were switched off is worth nothing now.
        if !group.group.check.enabled {
            return if is_policys { Wanted::Undecided } else { Wanted::In };
        }
        if target.feigned.is_some() {
            return self.feigned(group, name, is_policys);
        }
        match (&target.health, is_policys) {
            (Health::Unhealthy { .. }, true) => Wanted::Out(HoldCause::Policy),
            // It is about to come back.
            (Health::Unhealthy { passes: 1.., .. }, false) => Wanted::In,
            (Health::Unhealthy { .. }, false) => {
                let doubt = self.doubt(group, name, target);
                match self.limited(Wanted::Out(HoldCause::Policy), doubt) {
                    // Somebody has returned it: that is done at once, whatever comes of it.
                    Wanted::Undecided if hold.is_some() => Wanted::In,
                    wanted => wanted,
                }
            }
            // Where few are left nobody waits for the rate.
            (Health::Healthy { .. }, true) if target.blind.is_none() && self.is_short(group) => Wanted::In,
            (Health::Healthy { .. }, true) if target.blind.is_none() => self.limited(Wanted::In, None),
            // Nothing is known of it: it stays as it is.
            (_, true) => Wanted::Undecided,
            (_, false) => Wanted::In,
        }
    }

    /// A drill treats it as unhealthy: it goes out as such a target does, within the same limits, but that it fails alone
    /// needs no proof.
    fn feigned(&mut self, group: &GroupState, name: &ServerName, is_policys: bool) -> Wanted {
        if is_policys {
            return Wanted::Out(HoldCause::Policy);
        }
        let floor = usize::try_from(group.group.minimum_healthy_targets).unwrap_or(usize::MAX);
        let in_service = self.sight.board.in_service(group).len();
        let is_short = in_service < floor || (floor > 0 && self.is_last(name));
        let doubt = if self.sight.in_grace { Some(Doubt::Grace) } else { is_short.then_some(Doubt::Floor) };
        self.limited(Wanted::Out(HoldCause::Policy), doubt)
    }

    /// Whether no more targets serve than must.
    fn is_short(&self, group: &GroupState) -> bool {
        let floor = usize::try_from(group.group.minimum_healthy_targets).unwrap_or(usize::MAX);
        self.sight.board.in_service(group).len() <= floor
    }

    /// Whether the proxy uses no other server of the backend.
    fn is_last(&self, name: &ServerName) -> bool {
        let backend = self.sight.binding.backend(self.sight.proxy);
        let mut servers = backend.into_iter().flat_map(|backend| &backend.servers);
        !servers.any(|server| server.name != *name && server.is_usable())
    }

    fn limited(&mut self, wanted: Wanted, doubt: Option<Doubt>) -> Wanted {
        let doubt = doubt.or((self.budget == 0).then_some(Doubt::Rate));
        match doubt {
            Some(doubt) => {
                self.waits = self.waits.or(Some(doubt));
                Wanted::Undecided
            }
            None => wanted,
        }
    }

    /// Why nothing may be taken out now.
    fn doubt(&self, group: &GroupState, name: &ServerName, target: &TargetState) -> Option<Doubt> {
        let Sight { board, in_grace, .. } = self.sight;
        let floor = usize::try_from(group.group.minimum_healthy_targets).unwrap_or(usize::MAX);
        if in_grace || group.targets.values().any(|target| target.restored) {
            Some(Doubt::Grace)
        } else if group.targets.values().any(|target| target.blind.is_some()) {
            Some(Doubt::Blind)
        } else if !is_alone(board, target, group.group.check.unhealthy_threshold) {
            Some(Doubt::WholeFleet)
        } else if board.in_service(group).len() < floor || (floor > 0 && self.is_last(name)) {
            Some(Doubt::Floor)
        } else {
            None
        }
    }

    /// It is to be in service.
    fn plan_in(&mut self, name: &ServerName, target: Option<&TargetState>, hold: Option<&Hold>, admin: Admin) {
        let is_out = admin.state != AdminState::Ready;
        match (hold, is_out) {
            (Some(hold), true) => {
                let is_policy = hold.cause == HoldCause::Policy && self.sight.binding.binding.mode == Mode::Automatic;
                let because = match (target, self.sight.binding.binding.mode) {
                    (_, Mode::Observe) | (None, _) => Because::Unbound,
                    _ if is_policy => Because::Policy,
                    _ if hold.cause == HoldCause::Standby => Because::Standby,
                    _ => Because::Person,
                };
                self.step(name, target, Order::Ready, because, is_policy);
            }
            (Some(_), false) => self.plan.notes.push(EventKind::ServerReleased { place: self.place(name) }),
            (None, true) if admin.cause == Some(AdminCause::Forced) && admin.state != AdminState::Absent => {
                self.note_outside(name, Some(admin));
            }
            // What could not be done is not wanted any more.
            (None, false) if self.sight.binding.troubles.contains_key(name) => {
                self.plan.notes.push(EventKind::ServerReleased { place: self.place(name) });
            }
            (None, _) => self.note_outside(name, None),
        }
    }

    /// It is to be out of service, and is not.
    fn plan_out(
        &mut self,
        name: &ServerName,
        target: Option<&TargetState>,
        hold: Option<&Hold>,
        cause: HoldCause,
        server: Option<&ServerView>,
    ) {
        let instance = self.sight.proxy.look.as_ref().map_or("", |look| look.instance.as_str());
        let order = match hold {
            Some(hold) => hold.order,
            None if cause == HoldCause::Standby => Order::Maint,
            // HAProxy does not drain a server that it holds down.
            None if server.and_then(|server| server.is_up) == Some(false) => Order::Maint,
            None => Order::Drain,
        };
        match hold.and_then(|hold| hold.told.as_deref()) {
            // The same process that did it before has undone it: somebody told it to.
            Some(told) if told == instance && !instance.is_empty() => self.note_outside(name, Some(Admin::READY)),
            Some(_) => self.step(name, target, order, Because::Forgotten, false),
            None => {
                let because = match cause {
                    HoldCause::Person => Because::Person,
                    HoldCause::Policy => Because::Policy,
                    HoldCause::Deregistered => Because::Deregistered,
                    HoldCause::Standby => Because::Standby,
                };
                self.step(name, target, order, because, cause == HoldCause::Policy);
            }
        }
    }

    /// It is to be out of service, and is: then it is ours, whoever did it, if a person wants it so.
    fn adopt(
        &mut self,
        name: &ServerName,
        target: Option<&TargetState>,
        hold: Option<&Hold>,
        cause: HoldCause,
        admin: Admin,
    ) {
        let instance = self.sight.proxy.look.as_ref().map_or("", |look| look.instance.as_str());
        let is_settled = hold.is_some_and(|hold| hold.cause == cause && hold.told.as_deref() == Some(instance));
        if is_settled {
            return self.note_outside(name, None);
        }
        // A standby may be disabled in the proxy's configuration; promoted, it is to be used all the same.
        let is_ours = admin.cause == Some(AdminCause::Forced) || cause == HoldCause::Standby;
        if !is_ours || (hold.is_none() && admin.state == AdminState::Absent) {
            return;
        }
        if hold.is_none() && cause == HoldCause::Policy {
            return self.note_outside(name, Some(admin));
        }
        let order = if admin.state == AdminState::Maint { Order::Maint } else { Order::Drain };
        let (at, kept) = hold.map_or((self.sight.now, None), |hold| (hold.at, hold.kept.clone()));
        let target = target.map(|target| target.target.id);
        // Another process carries it out now, by a file of states say: what the one before still has is not seen.
        let lost_sight =
            hold.is_some_and(|hold| hold.lost_sight || hold.told.as_deref().is_some_and(|told| told != instance));
        let hold = Hold { order, target, cause, at, kept, told: Some(instance.to_owned()), lost_sight, cut_at: None };
        self.plan.notes.push(EventKind::ServerHeld { place: self.place(name), hold });
    }

    /// Closes what is still open after the delay, where that was wanted and the proxy tells that something is.
    fn plan_cut(
        &mut self,
        name: &ServerName,
        server: Option<&ServerView>,
        target: Option<&TargetState>,
        hold: Option<&Hold>,
    ) {
        let Some(drain) = target.and_then(|target| target.drain.as_ref()) else { return };
        let is_over = drain.delay_ends_at <= self.sight.now && drain.after_delay == AfterDelay::Cut;
        if is_over && self.can_cut(server, hold) && self.sight.binding.binding.mode.drains() {
            self.step(name, target, Order::Cut, Because::DelayOver, false);
        }
    }

    /// Closes what an unhealthy target still has, where that is wanted: who waits for it would wait in vain.
    fn plan_cut_unhealthy(
        &mut self,
        name: &ServerName,
        server: Option<&ServerView>,
        target: Option<&TargetState>,
        hold: Option<&Hold>,
    ) {
        let binding = &self.sight.binding.binding;
        let is_wanted = binding.mode == Mode::Automatic && binding.cut_unhealthy;
        let is_policys = hold.is_some_and(|hold| hold.cause == HoldCause::Policy);
        let is_unhealthy = target.is_some_and(|target| matches!(target.health, Health::Unhealthy { .. }));
        if is_wanted && is_policys && is_unhealthy && self.can_cut(server, hold) {
            self.step(name, target, Order::Cut, Because::Policy, false);
        }
    }

    /// Whether the proxy tells of sessions of a server that it holds out for us, and was not told to close them just now:
    /// closing takes its time.
    fn can_cut(&self, server: Option<&ServerView>, hold: Option<&Hold>) -> bool {
        let has_sessions = server.and_then(|server| server.sessions).is_some_and(|sessions| sessions > 0);
        let is_time = |hold: &Hold| hold.cut_at.is_none_or(|cut| CUT_EVERY_MS <= self.sight.now.millis_since(cut));
        has_sessions && hold.is_some_and(|hold| hold.told.is_some() && is_time(hold))
    }

    fn step(
        &mut self,
        name: &ServerName,
        target: Option<&TargetState>,
        order: Order,
        because: Because,
        is_policy: bool,
    ) {
        let trouble = self.sight.binding.troubles.get(name);
        if trouble.is_some_and(|trouble| !trouble.may_retry(self.sight.now)) {
            return;
        }
        if is_policy {
            self.budget = self.budget.saturating_sub(1);
        }
        let target = target.map(|target| target.target.id);
        self.plan.steps.push(Step { server: name.clone(), target, order, because, is_policy });
    }

    fn note_outside(&mut self, name: &ServerName, change: Option<Admin>) {
        let known = self.sight.binding.outside.get(name).map(|outside| outside.admin);
        if known != change {
            self.plan.notes.push(EventKind::ServerChangedOutside { place: self.place(name), change });
        }
    }

    fn note_waiting(&mut self) {
        let binding = &self.sight.binding.binding;
        if self.waits != self.sight.binding.waiting {
            let (id, proxy, group) = (binding.id, binding.proxy.clone(), binding.group.clone());
            self.plan.notes.push(EventKind::PolicyWaits { binding: id, proxy, group, doubt: self.waits });
        }
    }

    fn place(&self, server: &ServerName) -> Place {
        self.sight.binding.place(server)
    }
}

impl BindingState {
    /// The place of a server of the binding.
    pub fn place(&self, server: &ServerName) -> Place {
        let binding = &self.binding;
        Place {
            binding: binding.id,
            proxy: binding.proxy.clone(),
            group: binding.group.clone(),
            backend: binding.backend.clone(),
            server: server.clone(),
        }
    }
}

fn target_of<'a>(
    group: &'a GroupState,
    name: &ServerName,
    server: Option<&ServerView>,
    hold: Option<&Hold>,
) -> Option<&'a TargetState> {
    let address = server.and_then(|server| server.address.as_deref()).unwrap_or(name);
    let by_address = group.targets.values().find(|target| is_same_place(&target.target.address(), address));
    by_address.or_else(|| group.targets.get(&hold?.target?).filter(|_| server.is_none()))
}

/// Whether this target fails by itself: some other one passes since it began to fail, and had begun to pass before its
/// last failures, as many as the threshold. Else the fault is more likely our own network, or everything comes back after
/// a fault that all had, one after the other. Nobody waits for it otherwise: at the pace of the interval every target is
/// checked once between two failures of another, and for one that is confirmed faster some others are looked at at once.
fn is_alone(board: &Board, target: &TargetState, threshold: u8) -> bool {
    let Some(since) = target.streak_since else { return false };
    let is_failure = |beat: &&Beat| beat.reason.is_some_and(|reason| reason != Reason::InternalError);
    let failures = target.beats.iter().rev().take_while(is_failure).map(|beat| beat.at);
    let decisive = failures.take(usize::from(threshold)).last().unwrap_or(since);
    let targets = board.groups.values().flat_map(|state| state.targets.values());
    let mut passing = targets.filter(|other| other.last.as_ref().is_some_and(|last| last.outcome == Outcome::Pass));
    passing.any(|other| {
        let last = other.last.as_ref().map(|last| last.at);
        Some(since) <= last && other.streak_since.is_some_and(|began| began <= decisive)
    })
}

#[cfg(test)]
mod tests;
