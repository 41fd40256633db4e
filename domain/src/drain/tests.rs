//! The laws of the planner, in a world with one proxy that does what it is told.

use proptest::prelude::*;

use super::*;
use crate::{
    Actor, Answer, BackendView, Binding, BindingId, Change, Conduct, DrainReason, DrainWish, Event, Failure, FloorRule,
    GroupDraft, GroupName, Invalid, Keeping, Label, Link, Micros, Observation, Outcome, OwnFault, Phases, Problem,
    Protocol, Proxy, ProxyKind, Refusal, ReturnCause, Target, keep,
};

/// A board, a proxy with a server per target, and the time.
struct World {
    board: Board,
    servers: Vec<ServerView>,
    instance: u32,
    now: i64,
    budget: u32,
    told: Vec<String>,
}

fn id(n: u128) -> TargetId {
    TargetId::from_uuid(uuid::Uuid::from_u128(n))
}

fn binding_id() -> BindingId {
    BindingId::from_uuid(uuid::Uuid::from_u128(99))
}

fn conduct(mode: Mode) -> Conduct {
    Conduct { mode, ..Conduct::default() }
}

fn web() -> GroupName {
    "web".parse().unwrap()
}

impl World {
    /// Three healthy targets behind a proxy.
    fn new(mode: Mode, kind: ProxyKind) -> Self {
        let group = GroupDraft { name: "web".to_owned(), ..GroupDraft::default_for(Protocol::Tcp) }.validate().unwrap();
        let address = if kind == ProxyKind::Caddy { "http://127.0.0.1:2019" } else { "unix:/run/edge.sock" };
        let proxy = Proxy { name: "edge".parse().unwrap(), kind, address: address.parse().unwrap() };
        let servers = (1..=3).map(|n| {
            let address = Some(format!("127.0.0.1:810{n}"));
            let name = if kind == ProxyKind::Caddy { format!("127.0.0.1:810{n}") } else { format!("s{n}") };
            ServerView { name, address, is_up: Some(true), sessions: Some(0), ..ServerView::default() }
        });
        let mut world = Self {
            board: Board::default(),
            servers: servers.collect(),
            instance: 1,
            now: 0,
            budget: 3,
            told: Vec::new(),
        };
        world.changes(Change::CreateGroup(group)).unwrap();
        let host: crate::Host = "127.0.0.1".parse().unwrap();
        let target = |n: u16| Target {
            id: id(u128::from(n)),
            group: web(),
            label: Label::new(""),
            host: host.clone(),
            port: 8100 + n,
        };
        world.changes(Change::Register(web(), (1..=3).map(target).collect())).unwrap();
        world.changes(Change::CreateProxy(proxy)).unwrap();
        let binding = Binding {
            id: binding_id(),
            proxy: "edge".parse().unwrap(),
            backend: "web".to_owned(),
            group: web(),
            mode,
            changes_per_minute: 3,
            cut_unhealthy: false,
        };
        world.changes(Change::Bind(binding)).unwrap();
        world.sees("+++").sees("+++");
        world
    }

    fn happens(&mut self, kind: EventKind) {
        let at = Timestamp::from_millis(self.now);
        let event = Event { number: self.board.number.next(), at, by: None, why: None, kind };
        // What is applied can be sent.
        let text = serde_json::to_string(&event).unwrap();
        assert_eq!(serde_json::from_str::<Event>(&text).unwrap(), event);
        self.board.apply(&event).unwrap();
    }

    fn changes(&mut self, change: Change) -> Result<usize, Refusal> {
        let events = self.board.plan(change)?;
        let count = events.len();
        events.into_iter().for_each(|kind| self.happens(kind));
        Ok(count)
    }

    /// One check of each target: `+` passes, `-` fails, `?` is our own fault.
    fn sees(&mut self, outcomes: &str) -> &mut Self {
        self.now += 1000;
        for (n, letter) in (1..).zip(outcomes.chars()) {
            let outcome = match letter {
                '+' => Outcome::Pass,
                '-' => Outcome::Fail(Failure::ConnectionRefused),
                _ => Outcome::Unknown(OwnFault::FileDescriptors),
            };
            let phases = Phases { dns: None, connect: None, tls: None, first_byte: None, total: Micros(1) };
            let at = Timestamp::from_millis(self.now);
            let seen = Observation { at, phases, status_code: None, outcome };
            if let Some(kind) = self.board.judge(&web(), id(n), seen, at, None) {
                self.happens(kind);
            }
        }
        self
    }

    fn looks(&mut self) {
        let proxy = "edge".parse().unwrap();
        self.happens(EventKind::ProxyLinked { proxy, link: Link::Reachable { since: Timestamp::from_millis(0) } });
        let backend = BackendView { name: "web".to_owned(), servers: self.servers.clone() };
        self.happens(EventKind::ProxyLooked {
            proxy: "edge".parse().unwrap(),
            version: "2.6".to_owned(),
            instance: if self.is_caddy() { String::new() } else { self.instance.to_string() },
            warnings: Vec::new(),
            order: vec!["web".to_owned()],
            changed: vec![backend],
        });
    }

    fn is_caddy(&self) -> bool {
        self.board.proxies.values().any(|state| state.proxy.kind == ProxyKind::Caddy)
    }

    fn planned(&self) -> Plan {
        let binding = &self.board.bindings[&binding_id()];
        let proxy = &self.board.proxies[&binding.binding.proxy];
        let now = Timestamp::from_millis(self.now);
        plan(Sight { board: &self.board, binding, proxy, now, budget: self.budget, in_grace: false })
    }

    /// Looks, plans and acts, then looks again: there is nothing more to do.
    fn reconciles(&mut self) -> &mut Self {
        self.looks();
        let Plan { steps, notes } = self.planned();
        notes.into_iter().for_each(|kind| self.happens(kind));
        for step in steps {
            self.carries_out(&step);
        }
        self.looks();
        let notes = self.planned().notes;
        notes.into_iter().for_each(|kind| self.happens(kind));
        self.looks();
        let again = self.planned();
        let is_settled = again.steps.iter().all(|step| step.is_policy || step.order == Order::Cut);
        assert!(is_settled && again.notes.is_empty(), "not settled: {again:?}");
        self
    }

    fn carries_out(&mut self, step: &Step) {
        self.told.push(format!("{} {}", step.order.as_str(), step.server));
        let place = self.board.bindings[&binding_id()].place(&step.server);
        if matches!(step.order, Order::Drain | Order::Maint) {
            let cause = step.hold_cause(self.board.bindings[&binding_id()].holds.get(&step.server));
            let at = Timestamp::from_millis(self.now);
            let before = self.board.bindings[&binding_id()].holds.get(&step.server);
            let lost_sight = before.is_some_and(Hold::loses_sight);
            let hold = Hold {
                order: step.order,
                target: step.target,
                cause,
                at,
                kept: None,
                told: None,
                lost_sight,
                cut_at: None,
            };
            self.happens(EventKind::ServerHeld { place: place.clone(), hold });
        }
        let is_caddy = self.is_caddy();
        match (step.order, is_caddy) {
            (Order::Drain | Order::Maint, true) => self.servers.retain(|server| server.name != step.server),
            (Order::Ready, true) => self.servers.push(ServerView {
                name: step.server.clone(),
                address: Some(step.server.clone()),
                ..ServerView::default()
            }),
            (order, false) => {
                let server = self.servers.iter_mut().find(|server| server.name == step.server).unwrap();
                match order {
                    Order::Drain => server.admin = Admin::forced(AdminState::Drain),
                    Order::Maint => server.admin = Admin::forced(AdminState::Maint),
                    Order::Ready => server.admin = Admin::READY,
                    Order::Cut => server.sessions = Some(0),
                }
            }
            (Order::Cut, true) => {}
        }
        let instance = if is_caddy { String::new() } else { self.instance.to_string() };
        self.happens(EventKind::ServerTold {
            place,
            target: step.target,
            order: step.order,
            because: step.because,
            answer: Answer::Done { instance, said: String::new() },
            took_us: 1,
        });
    }

    fn keeps(&mut self) {
        for due in keep(&self.board, Timestamp::from_millis(self.now)) {
            let change = match due {
                Keeping::Changed(group, id, drain) => Change::UpdateDrain(group, id, drain),
                Keeping::Return(group, id, cause) => Change::Return(group, vec![id], cause),
                Keeping::Deregister(group, id) => Change::FinishDeregister(group, id),
                Keeping::EndFeigning(group, id) => Change::Feign(group, id, None),
            };
            self.changes(change).unwrap();
        }
    }

    fn wish(&self) -> DrainWish {
        DrainWish {
            reason: DrainReason::new("kernel"),
            by: Actor::drainboard(),
            at: Timestamp::from_millis(self.now),
            lease_s: None,
            after_delay: AfterDelay::Wait,
            floor: FloorRule::Keep,
        }
    }

    fn drains(&mut self, n: u128) -> Result<usize, Refusal> {
        self.changes(Change::Drain(web(), vec![id(n)], self.wish()))
    }

    fn returns(&mut self, n: u128) -> &mut Self {
        self.changes(Change::Return(web(), vec![id(n)], ReturnCause::Asked)).unwrap();
        self
    }

    fn told(&mut self) -> Vec<String> {
        std::mem::take(&mut self.told)
    }

    fn status(&self, n: u128) -> &'static str {
        let group = &self.board.groups[&web()];
        group.targets[&id(n)].standing(&group.group).status.as_str()
    }

    fn outside(&self) -> Vec<&str> {
        self.board.bindings[&binding_id()].outside.keys().map(String::as_str).collect()
    }
}

#[test]
fn a_drain_is_told_once_and_undone_by_return() {
    let mut world = World::new(Mode::ByHand, ProxyKind::Haproxy);
    world.reconciles();
    assert!(world.told().is_empty());
    world.drains(1).unwrap();
    assert_eq!(world.status(1), "draining");
    world.reconciles().reconciles();
    assert_eq!(world.told(), ["drain s1"]);
    world.keeps();
    assert_eq!(world.status(1), "unused");
    world.returns(1).reconciles();
    assert_eq!((world.told(), world.status(1)), (vec!["ready s1".to_owned()], "healthy"));
}

#[test]
fn sessions_keep_a_target_draining_and_the_delay_cuts_them_where_wanted() {
    let mut world = World::new(Mode::ByHand, ProxyKind::Haproxy);
    world.servers[0].sessions = Some(2);
    let wish = DrainWish { after_delay: AfterDelay::Cut, ..world.wish() };
    world.changes(Change::Drain(web(), vec![id(1)], wish)).unwrap();
    world.reconciles().keeps();
    assert_eq!(world.status(1), "draining");
    world.now += 300_000;
    world.told();
    world.reconciles().keeps();
    assert_eq!((world.told(), world.status(1)), (vec!["cut s1".to_owned()], "unused"));
}

#[test]
fn sessions_of_what_is_unhealthy_are_closed_only_where_that_is_wanted() {
    for wanted in [false, true] {
        let mut world = World::new(Mode::Automatic, ProxyKind::Haproxy);
        let conduct = Conduct { cut_unhealthy: wanted, ..conduct(Mode::Automatic) };
        world.changes(Change::EditBinding(binding_id(), conduct)).unwrap();
        world.servers[0].sessions = Some(7);
        world.sees("-++").sees("-++").reconciles().reconciles();
        let told: &[&str] = if wanted { &["drain s1", "cut s1"] } else { &["drain s1"] };
        assert_eq!(world.told(), told);
        world.servers[0].sessions = Some(1);
        world.reconciles();
        assert!(world.told().is_empty(), "it was told just now");
        world.now += 4_000;
        world.sees("-++").reconciles();
        assert_eq!(world.told().is_empty(), !wanted, "what is still open is closed again");
    }
}

#[test]
fn sessions_of_what_a_person_drains_are_left_to_the_drain() {
    let mut world = World::new(Mode::Automatic, ProxyKind::Haproxy);
    let conduct = Conduct { cut_unhealthy: true, ..conduct(Mode::Automatic) };
    world.changes(Change::EditBinding(binding_id(), conduct)).unwrap();
    world.servers[0].sessions = Some(7);
    world.drains(1).unwrap();
    world.reconciles().sees("-++").sees("-++").reconciles();
    assert_eq!(world.told(), ["drain s1"]);
}

#[test]
fn a_proxy_that_closes_no_sessions_is_not_asked_to() {
    let mut world = World::new(Mode::Automatic, ProxyKind::Caddy);
    let conduct = Conduct { cut_unhealthy: true, ..conduct(Mode::Automatic) };
    let refused = world.changes(Change::EditBinding(binding_id(), conduct));
    let problem = Problem::CannotCut("Caddy".to_owned());
    assert_eq!(refused, Err(Refusal::Invalid(vec![Invalid::new("cut_unhealthy", problem)])));
}

#[test]
fn a_server_that_the_proxy_holds_down_is_put_into_maintenance() {
    let mut world = World::new(Mode::ByHand, ProxyKind::Haproxy);
    world.servers[1].is_up = Some(false);
    world.drains(2).unwrap();
    world.reconciles();
    assert_eq!(world.told(), ["maint s2"]);
}

#[test]
fn what_a_reload_forgot_is_told_again() {
    let mut world = World::new(Mode::ByHand, ProxyKind::Haproxy);
    world.drains(1).unwrap();
    world.reconciles().told();
    world.instance = 2;
    world.servers[0].admin = Admin::READY;
    world.reconciles();
    assert_eq!(world.told(), ["drain s1"]);
    assert!(world.outside().is_empty());
}

#[test]
fn what_somebody_else_undid_is_shown_and_not_fought() {
    let mut world = World::new(Mode::ByHand, ProxyKind::Haproxy);
    world.drains(1).unwrap();
    world.reconciles().told();
    world.servers[0].admin = Admin::READY;
    world.reconciles();
    assert_eq!((world.told().len(), world.outside()), (0, vec!["s1"]));
    world.changes(Change::Overrule(binding_id(), "s1".to_owned())).unwrap();
    world.reconciles();
    assert_eq!((world.told(), world.outside().len()), (vec!["drain s1".to_owned()], 0));
    world.servers[0].admin = Admin::READY;
    world.reconciles();
    world.changes(Change::Adopt(binding_id(), "s1".to_owned(), world.wish())).unwrap();
    world.reconciles();
    assert_eq!((world.status(1), world.outside().len(), world.told().len()), ("healthy", 0, 0));
}

#[test]
fn what_somebody_else_drained_is_shown_adopted_or_overruled() {
    let mut world = World::new(Mode::ByHand, ProxyKind::Haproxy);
    world.servers[2].admin = Admin::forced(AdminState::Maint);
    world.reconciles();
    assert_eq!((world.told().len(), world.outside()), (0, vec!["s3"]));
    world.changes(Change::Overrule(binding_id(), "s3".to_owned())).unwrap();
    world.reconciles();
    assert_eq!((world.told(), world.outside().len()), (vec!["ready s3".to_owned()], 0));

    world.servers[2].admin = Admin::forced(AdminState::Drain);
    world.reconciles();
    world.changes(Change::Adopt(binding_id(), "s3".to_owned(), world.wish())).unwrap();
    world.reconciles();
    assert_eq!((world.status(3), world.told().len(), world.outside().len()), ("draining", 0, 0));
    world.returns(3).reconciles();
    assert_eq!(world.told(), ["ready s3"]);
}

#[test]
fn what_the_configuration_says_is_nobodys_change() {
    let mut world = World::new(Mode::Automatic, ProxyKind::Haproxy);
    world.servers[2].admin = Admin { state: AdminState::Maint, cause: Some(AdminCause::Config) };
    world.reconciles();
    assert_eq!((world.told().len(), world.outside().len()), (0, 0));
}

#[test]
fn automatic_takes_out_what_is_unhealthy_and_brings_back_what_is_healthy() {
    let mut world = World::new(Mode::Automatic, ProxyKind::Haproxy);
    world.sees("-++").sees("-++").reconciles();
    assert_eq!(world.told(), ["drain s1"]);
    for _ in 0..5 {
        world.sees("+++");
    }
    world.reconciles();
    assert_eq!(world.told(), ["ready s1"]);
}

#[test]
fn a_target_that_a_person_drained_stays_drained_when_it_is_healthy() {
    let mut world = World::new(Mode::Automatic, ProxyKind::Haproxy);
    world.drains(1).unwrap();
    world.sees("-++").sees("-++").reconciles();
    for _ in 0..5 {
        world.sees("+++");
    }
    world.reconciles();
    assert_eq!(world.told(), ["drain s1"]);
}

/// What automatic mode waits for after these checks, one round a word.
fn check_doubt(rounds: &str, expected: Option<Doubt>) {
    let mut world = World::new(Mode::Automatic, ProxyKind::Haproxy);
    for round in rounds.split(' ') {
        world.sees(round);
    }
    world.looks();
    let plan = world.planned();
    let waits = plan.notes.iter().find_map(|kind| match kind {
        EventKind::PolicyWaits { doubt, .. } => *doubt,
        _ => None,
    });
    assert_eq!(waits, expected, "{rounds}");
    assert_eq!(plan.steps.is_empty(), expected.is_some(), "{rounds}");
}

#[test]
fn automatic_waits_where_it_cannot_be_sure() {
    check_doubt("--+ --+", None);
    check_doubt("-+? -+?", Some(Doubt::Blind));
    check_doubt("--- ---", Some(Doubt::WholeFleet));
}

#[test]
fn automatic_never_undercuts_the_floor_nor_its_rate() {
    let mut world = World::new(Mode::Automatic, ProxyKind::Haproxy);
    world.budget = 1;
    world.sees("--+").sees("--+");
    world.looks();
    let steps = world.planned().steps;
    assert_eq!(steps.len(), 1);

    let mut world = World::new(Mode::Automatic, ProxyKind::Haproxy);
    world.drains(3).unwrap();
    world.drains(2).unwrap();
    world.sees("-++").sees("-++").reconciles();
    assert_eq!(world.told(), ["drain s2", "drain s3"]);
}

#[test]
fn the_last_healthy_target_is_not_drained_without_an_override() {
    let mut world = World::new(Mode::ByHand, ProxyKind::Haproxy);
    world.drains(1).unwrap();
    world.drains(2).unwrap();
    assert!(matches!(world.drains(3), Err(Refusal::Floor(c)) if c.stays == 0 && c.under_way == 2));
    let wish = DrainWish { floor: FloorRule::Override, ..world.wish() };
    assert_eq!(world.changes(Change::Drain(web(), vec![id(3)], wish)), Ok(1));
}

#[test]
fn a_bulk_drain_obeys_the_floor_as_a_whole() {
    let mut world = World::new(Mode::ByHand, ProxyKind::Haproxy);
    let all = Change::Drain(web(), vec![id(1), id(2), id(3)], world.wish());
    assert!(matches!(world.changes(all), Err(Refusal::Floor(_))));
    assert_eq!(world.changes(Change::Drain(web(), vec![id(1), id(2)], world.wish())), Ok(2));
}

#[test]
fn a_drain_that_nobody_would_carry_out_is_refused() {
    let mut world = World::new(Mode::Observe, ProxyKind::Haproxy);
    assert_eq!(world.drains(1), Err(Refusal::NotBound(web())));
}

#[test]
fn a_lease_returns_the_target_if_it_is_healthy_and_says_so_if_not() {
    let mut world = World::new(Mode::ByHand, ProxyKind::Haproxy);
    let wish = DrainWish { lease_s: Some(60), ..world.wish() };
    world.changes(Change::Drain(web(), vec![id(1), id(2)], wish)).unwrap();
    world.sees("+-+").sees("+-+").reconciles().keeps();
    world.now += 60_000;
    world.keeps();
    let drain = world.board.target(&web(), id(2)).unwrap().drain.clone().unwrap();
    assert_eq!((world.status(1), world.status(2)), ("healthy", "unused"));
    assert!(drain.overdue_since.is_some() && drain.is_forgotten(Timestamp::from_millis(world.now)));
}

#[test]
fn a_bound_target_is_drained_before_it_is_deregistered_and_stays_out() {
    let mut world = World::new(Mode::ByHand, ProxyKind::Haproxy);
    world.servers[0].sessions = Some(1);
    world.changes(Change::Deregister(web(), vec![id(1)], world.wish())).unwrap();
    world.keeps();
    world.reconciles().keeps();
    assert_eq!(world.status(1), "draining");
    world.servers[0].sessions = Some(0);
    world.reconciles().keeps();
    assert!(world.board.target(&web(), id(1)).is_none());
    world.reconciles();
    assert_eq!(world.told(), ["drain s1"]);
    let target =
        Target { id: id(7), group: web(), label: Label::new(""), host: "127.0.0.1".parse().unwrap(), port: 8101 };
    world.changes(Change::Register(web(), vec![target])).unwrap();
    world.reconciles();
    assert_eq!(world.told(), ["ready s1"]);
}

#[test]
fn where_sessions_cannot_be_seen_only_the_delay_ends_a_drain() {
    let mut world = World::new(Mode::ByHand, ProxyKind::Caddy);
    world.drains(1).unwrap();
    world.reconciles().keeps();
    assert_eq!((world.told(), world.status(1)), (vec!["drain 127.0.0.1:8101".to_owned()], "draining"));
    world.now += 300_000;
    world.reconciles().keeps();
    assert_eq!(world.status(1), "unused");
    world.returns(1).reconciles();
    assert_eq!(world.told(), ["ready 127.0.0.1:8101"]);
}

#[test]
fn without_a_proxy_to_drain_in_nothing_stays_drained() {
    let mut world = World::new(Mode::ByHand, ProxyKind::Haproxy);
    world.drains(1).unwrap();
    world.reconciles().told();
    world.changes(Change::EditBinding(binding_id(), conduct(Mode::Observe))).unwrap();
    assert_eq!(world.status(1), "healthy");
    world.reconciles();
    assert_eq!(world.told(), ["ready s1"]);

    world.changes(Change::EditBinding(binding_id(), conduct(Mode::ByHand))).unwrap();
    world.drains(1).unwrap();
    world.changes(Change::Deregister(web(), vec![id(2)], world.wish())).unwrap();
    world.changes(Change::Unbind(binding_id())).unwrap();
    assert_eq!((world.status(1), world.board.target(&web(), id(2))), ("healthy", None));
}

#[test]
fn with_checks_switched_off_automatic_judges_nothing_and_everybody_may_serve() {
    let mut world = World::new(Mode::Automatic, ProxyKind::Haproxy);
    world.sees("-++").sees("-++");
    let mut group = world.board.groups[&web()].group.clone();
    group.check.enabled = false;
    world.changes(Change::EditGroup(group)).unwrap();
    world.reconciles();
    assert!(world.told().is_empty());
    assert!(!world.board.fails_open(&web()));
    assert_eq!(world.board.consequence(&web(), &[id(1)]).map(|c| (c.in_service, c.stays)), Some((3, 2)));
}

#[test]
fn a_group_fails_open_when_nobody_is_left_who_may_serve() {
    let mut world = World::new(Mode::ByHand, ProxyKind::Haproxy);
    world.drains(1).unwrap();
    world.sees("+--").sees("+--");
    assert!(world.board.fails_open(&web()));
    world.returns(1);
    assert!(!world.board.fails_open(&web()));
}

#[test]
fn the_floor_counts_only_targets_that_the_proxy_uses() {
    let mut world = World::new(Mode::ByHand, ProxyKind::Haproxy);
    world.servers[1].admin = Admin::forced(AdminState::Maint);
    world.servers[2].is_up = Some(false);
    world.reconciles();
    assert!(matches!(world.drains(1), Err(Refusal::Floor(c)) if (c.in_service, c.stays) == (1, 0)));
    assert!(!world.board.fails_open(&web()));
    world.servers[0].is_up = Some(false);
    world.reconciles();
    assert!(world.board.fails_open(&web()));
}

#[test]
fn what_somebody_else_did_is_adopted_within_the_floor_only() {
    let mut world = World::new(Mode::ByHand, ProxyKind::Haproxy);
    world.drains(1).unwrap();
    world.drains(2).unwrap();
    world.reconciles();
    world.servers[2].admin = Admin::forced(AdminState::Drain);
    world.reconciles();
    let adopted = world.changes(Change::Adopt(binding_id(), "s3".to_owned(), world.wish()));
    assert!(matches!(adopted, Err(Refusal::Floor(_))), "{adopted:?}");
}

#[test]
fn a_server_to_which_somebody_still_comes_is_not_empty() {
    let mut world = World::new(Mode::ByHand, ProxyKind::Haproxy);
    world.servers[0].sessions_total = Some(100);
    world.drains(1).unwrap();
    world.reconciles().keeps();
    assert_eq!(world.status(1), "draining", "nobody can have seen yet whether somebody comes");
    world.now += 1_000;
    world.servers[0].sessions_total = Some(101);
    world.looks();
    world.keeps();
    assert_eq!(world.status(1), "draining");
    world.now += 10_000;
    world.looks();
    world.keeps();
    assert_eq!(world.status(1), "unused");
}

#[test]
fn after_a_reload_only_the_delay_ends_a_drain() {
    let mut world = World::new(Mode::ByHand, ProxyKind::Haproxy);
    world.servers[0].sessions = Some(1);
    world.drains(1).unwrap();
    world.reconciles();
    world.instance = 2;
    world.servers[0].admin = Admin::READY;
    world.servers[0].sessions = Some(0);
    world.reconciles().keeps();
    assert_eq!(world.status(1), "draining");
    world.now += 300_000;
    world.reconciles().keeps();
    assert_eq!(world.status(1), "unused");
}

#[test]
fn when_everything_comes_back_nothing_is_taken_out() {
    let mut world = World::new(Mode::Automatic, ProxyKind::Haproxy);
    world.sees("---").sees("---").sees("---");
    // The first one is back, and the others were not looked at since.
    world.sees("+").sees("+--");
    world.looks();
    assert!(world.planned().steps.is_empty());
    for _ in 0..5 {
        world.sees("+++");
        world.looks();
        assert!(world.planned().steps.is_empty());
    }
    world.reconciles();
    assert!(world.told().is_empty());
    world.sees("++-").sees("++-").reconciles();
    assert_eq!(world.told(), ["drain s3"]);
}

#[test]
fn an_order_that_fails_is_given_again_less_and_less_often() {
    let mut world = World::new(Mode::ByHand, ProxyKind::Haproxy);
    world.drains(1).unwrap();
    world.looks();
    let mut told = 0;
    for _ in 0..120 {
        for step in world.planned().steps {
            told += 1;
            let place = world.board.bindings[&binding_id()].place(&step.server);
            let again = !world.board.bindings[&binding_id()].troubles.is_empty();
            let answer = Answer::Failed { why: "permission denied".to_owned(), again };
            let kind = EventKind::ServerTold {
                place,
                target: step.target,
                order: step.order,
                because: step.because,
                answer,
                took_us: 1,
            };
            assert_eq!(kind.is_on_record(), !again);
            world.happens(kind);
        }
        world.now += 1_000;
    }
    assert!((2..=6).contains(&told), "{told}");
    world.returns(1);
    let notes = world.planned().notes;
    assert!(matches!(notes.as_slice(), [EventKind::ServerReleased { .. }]), "{notes:?}");
}

#[test]
fn a_start_forgets_what_proxies_said_and_nothing_that_is_wanted() {
    let mut world = World::new(Mode::ByHand, ProxyKind::Haproxy);
    world.drains(1).unwrap();
    world.reconciles().keeps();
    world.happens(EventKind::Started { version: "1".to_owned(), gap: None });
    world.keeps();
    assert_eq!(world.status(1), "unused");
    world.told();
    world.reconciles();
    assert!(world.told().is_empty());
}

proptest! {
    #[test]
    fn whatever_happens_the_plan_settles_and_a_person_is_obeyed(
        moves in prop::collection::vec((0..8_u8, 1..=3_u128), 1..40),
        mode in prop::sample::select(vec![Mode::ByHand, Mode::Automatic]),
    ) {
        let mut world = World::new(mode, ProxyKind::Haproxy);
        for (what, n) in moves {
            let index = usize::try_from(n - 1).unwrap();
            match what {
                0 => drop(world.drains(n)),
                1 => drop(world.returns(n)),
                2 => drop(world.sees("-++")),
                3 => drop(world.sees("++-")),
                4 => drop(world.sees("+++")),
                5 => world.instance += 1,
                6 => world.servers[index].admin = Admin::READY,
                _ => world.servers[index].admin = Admin::forced(AdminState::Maint),
            }
            world.budget = 1000;
            world.reconciles();
            for n in 1..=3 {
                let target = world.board.target(&web(), id(n)).unwrap();
                let server = &world.servers[usize::try_from(n - 1).unwrap()];
                let is_disputed = world.outside().contains(&server.name.as_str());
                if target.drain.is_some() && !is_disputed {
                    prop_assert_ne!(server.admin.state, AdminState::Ready);
                }
            }
        }
    }
}

fn standby(world: &mut World, n: u128, tier: Tier) {
    let role = crate::Role::Standby(tier, (tier == Tier::Cold).then(|| "start".parse().unwrap()));
    world.changes(Change::SetRole(web(), id(n), role)).unwrap();
}

fn promotes(world: &mut World) -> &mut World {
    for _ in 0..2 {
        for due in crate::stand_by(&world.board, Timestamp::from_millis(world.now)) {
            world.changes(Change::MoveStandby(due)).unwrap();
        }
    }
    world
}

#[test]
fn a_standby_is_held_out_until_it_is_promoted_and_after_it_fell_back() {
    for (mode, tier) in [(Mode::ByHand, Tier::Warm), (Mode::Automatic, Tier::Warm), (Mode::ByHand, Tier::Hot)] {
        let mut world = World::new(mode, ProxyKind::Haproxy);
        standby(&mut world, 3, tier);
        world.sees("+++").reconciles();
        assert_eq!(world.told(), ["maint s3"], "{mode}");
        world.sees("---").sees("--+").sees("--+").sees("--+").sees("--+").sees("--+");
        let promoted = promotes(&mut world);
        promoted.reconciles();
        assert!(promoted.told().contains(&"ready s3".to_owned()), "{mode}");
        let now = Timestamp::from_millis(promoted.now);
        promoted.changes(Change::FallBack(web(), id(3), now)).unwrap();
        promoted.sees("+++").sees("+++").sees("+++").sees("+++").sees("+++").reconciles();
        assert!(promoted.told().contains(&"maint s3".to_owned()), "{mode}");
    }
}

#[test]
fn in_a_backend_that_is_only_observed_no_standby_is_touched() {
    let mut world = World::new(Mode::Observe, ProxyKind::Haproxy);
    standby(&mut world, 3, Tier::Warm);
    world.sees("+++").reconciles();
    assert!(world.told().is_empty());
}

#[test]
fn the_proxys_own_backup_is_left_to_the_proxy_and_serves_when_no_other_does() {
    let mut world = World::new(Mode::ByHand, ProxyKind::Haproxy);
    world.servers[2].backup = true;
    standby(&mut world, 3, Tier::Hot);
    world.sees("+++").reconciles();
    assert!(world.told().is_empty());
    assert_eq!(world.board.in_service(&world.board.groups[&web()]), [id(1), id(2)]);
    for server in &mut world.servers[..2] {
        server.is_up = Some(false);
    }
    world.sees("--+").sees("--+").reconciles();
    assert_eq!(promotes(&mut world).told(), [""; 0], "the proxy uses it by itself");
    assert_eq!(world.board.in_service(&world.board.groups[&web()]), [id(3)]);
    assert!(!world.board.fails_open(&web()));
}

#[test]
fn the_last_server_that_a_proxy_uses_is_not_taken_from_it_for_a_role() {
    let mut world = World::new(Mode::ByHand, ProxyKind::Haproxy);
    for server in &mut world.servers[..2] {
        server.is_up = Some(false);
    }
    standby(&mut world, 3, Tier::Warm);
    world.reconciles();
    assert!(world.told().is_empty());
}

#[test]
fn a_standby_that_waits_does_not_count_where_a_drain_is_judged() {
    let mut world = World::new(Mode::ByHand, ProxyKind::Haproxy);
    standby(&mut world, 2, Tier::Warm);
    standby(&mut world, 3, Tier::Warm);
    world.sees("+++").reconciles();
    assert!(matches!(world.drains(1), Err(Refusal::Floor(_))));
}
