//! When records begin and end, and what their figures say, in a world with one proxy.

use proptest::prelude::*;

use super::*;
use crate::{
    Actor, Admin, AdminState, Answer, BackendView, Because, Binding, BindingId, Board, Change, Criteria, DrainReason,
    DrainWish, Drill, Event, EventKind, Failure, FloorRule, GroupDraft, LabAnswer, LabRequest, Label, Link, Micros,
    Observation, Order, Outcome, Phases, Protocol, Proxy, ProxyKind, ReturnCause, ServerView, Status, Target,
};

struct World {
    board: Board,
    chronicle: Chronicle,
    frozen: Vec<Failover>,
    now: i64,
    records: u128,
    servers: Vec<ServerView>,
}

fn id(n: u128) -> TargetId {
    TargetId::from_uuid(Uuid::from_u128(n))
}

fn web() -> GroupName {
    "web".parse().unwrap()
}

fn time(ms: i64) -> Timestamp {
    Timestamp::from_millis(ms)
}

impl World {
    /// Two healthy targets behind a proxy, at 10 s. Down after three failures, up after two passes.
    fn new() -> Self {
        let draft = GroupDraft { name: "web".to_owned(), ..GroupDraft::default_for(Protocol::Tcp) };
        let mut group = draft.validate().unwrap();
        (group.check.unhealthy_threshold, group.check.healthy_threshold) = (3, 2);
        (group.check.interval_ms, group.check.timeout_ms) = (1_000, 500);
        let server = |n: u16| ServerView {
            name: format!("s{n}"),
            address: Some(format!("127.0.0.1:810{n}")),
            says: "UP".to_owned(),
            is_up: Some(true),
            sessions_total: Some(100),
            errors: Some(7),
            ..ServerView::default()
        };
        let (board, chronicle) = (Board::default(), Chronicle::default());
        let servers = vec![server(1), server(2)];
        let mut world = Self { board, chronicle, frozen: Vec::new(), now: 7_000, records: 0, servers };
        let host: crate::Host = "127.0.0.1".parse().unwrap();
        let target = |n: u16| Target {
            id: id(u128::from(n)),
            group: web(),
            label: Label::new(&format!("web-{n}")),
            host: host.clone(),
            port: 8100 + n,
        };
        let (name, address) = ("edge".parse().unwrap(), "unix:/run/edge.sock".parse().unwrap());
        world.changes(Change::CreateGroup(group));
        world.changes(Change::Register(web(), vec![target(1), target(2)]));
        world.changes(Change::CreateProxy(Proxy { name, kind: ProxyKind::Haproxy, address }));
        world.changes(Change::Bind(Binding {
            id: BindingId::from_uuid(Uuid::from_u128(99)),
            proxy: "edge".parse().unwrap(),
            backend: "web".to_owned(),
            group: web(),
            mode: Mode::Automatic,
            changes_per_minute: 3,
            cut_unhealthy: false,
        }));
        let link = Link::Reachable { since: time(0) };
        world.happens(EventKind::ProxyLinked { proxy: "edge".parse().unwrap(), link });
        world.looks();
        (0..3).for_each(|_| world.sees("++"));
        world
    }

    fn happens(&mut self, kind: EventKind) {
        let event = Event { number: self.board.number.next(), at: time(self.now), by: None, why: None, kind };
        self.board.apply(&event).unwrap();
        self.records += 1;
        if self.chronicle.is_concerned(&event.kind) {
            self.chronicle.take(&self.board, &event, FailoverId::from_uuid(Uuid::from_u128(self.records)));
        }
    }

    fn changes(&mut self, change: Change) {
        let kinds = self.board.plan(change).unwrap();
        kinds.into_iter().for_each(|kind| self.happens(kind));
    }

    /// A second passes, then each target is checked: `+` passes, `-` is refused. A check takes 2 ms.
    fn sees(&mut self, outcomes: &str) {
        self.now += 1000;
        for (n, letter) in (1..).zip(outcomes.chars()) {
            let outcome = if letter == '+' { Outcome::Pass } else { Outcome::Fail(Failure::ConnectionRefused) };
            let phases = Phases { dns: None, connect: None, tls: None, first_byte: None, total: Micros(2_000) };
            let seen = Observation { at: time(self.now - 2), phases, status_code: None, outcome };
            let kind = self.board.judge(&web(), id(n), seen, time(self.now), None).unwrap();
            self.happens(kind);
        }
        self.frozen.extend(self.chronicle.turn(time(self.now)).frozen);
    }

    fn looks(&mut self) {
        let backend = BackendView { name: "web".to_owned(), servers: self.servers.clone() };
        self.happens(EventKind::ProxyLooked {
            proxy: "edge".parse().unwrap(),
            version: "2.6".to_owned(),
            instance: "1".to_owned(),
            warnings: Vec::new(),
            order: vec!["web".to_owned()],
            changed: vec![backend],
        });
    }

    fn tells(&mut self, order: Order) {
        self.servers[0].admin = match order {
            Order::Ready => Admin::READY,
            _ => Admin::forced(AdminState::Drain),
        };
        let place = self.board.bindings.values().next().unwrap().place(&"s1".to_owned());
        let answer = Answer::Done { instance: "1".to_owned(), said: String::new() };
        let because = Because::Policy;
        self.happens(EventKind::ServerTold { place, target: Some(id(1)), order, because, answer, took_us: 300 });
        self.looks();
    }

    fn drain(&mut self) {
        let wish = DrainWish {
            reason: DrainReason::new("kernel"),
            by: Actor::drainboard(),
            at: time(self.now),
            lease_s: None,
            after_delay: crate::AfterDelay::Wait,
            floor: FloorRule::Override,
        };
        self.changes(Change::Drain(web(), vec![id(1)], wish));
    }

    fn open(&self) -> &Failover {
        let mut open = self.chronicle.open();
        let first = open.next().expect("a record is open");
        assert!(open.next().is_none());
        first
    }

    fn done(&mut self) -> Failover {
        self.frozen.extend(self.chronicle.turn(time(self.now + 10_000)).frozen);
        self.frozen.pop().expect("a record is frozen")
    }
}

#[test]
fn a_failure_that_passes_leaves_no_record() {
    let mut world = World::new();
    world.sees("-+");
    world.sees("-+");
    world.sees("++");
    assert_eq!((world.chronicle.open().count(), world.frozen.len()), (0, 0));
}

#[test]
fn a_target_that_fails_and_comes_back_is_one_record_from_its_first_failure_on() {
    let mut world = World::new();
    world.sees("-+"); // 11 s, the first failure
    world.sees("-+");
    world.servers[0].errors = Some(9);
    world.looks();
    world.sees("-+"); // 13 s: unhealthy
    assert_eq!(world.open().started_at, time(11_000));
    world.now += 20;
    world.tells(Order::Drain);
    (world.servers[0].is_up, world.servers[0].says) = (Some(false), "DOWN".to_owned());
    world.now += 480;
    world.looks(); // 13.5 s
    world.sees("++");
    (world.servers[0].is_up, world.servers[0].says) = (Some(true), "UP".to_owned());
    world.sees("++"); // 15.5 s: healthy, and not in service
    assert_eq!(world.open().ending, None);
    world.now += 30;
    world.tells(Order::Ready);
    assert_eq!(world.open().ending, Some(Ending::Whole));
    let record = world.done();
    let figures = record.figures();
    let values = [figures.detect_ms, figures.proxy_detect_ms, figures.out_of_service_ms, figures.recover_ms];
    assert_eq!(values.map(|figure| figure.value), [Some(2000.0), Some(2500.0), Some(2020.0), Some(4530.0)]);
    // Two more failures at the pace of the interval.
    assert_eq!(figures.detect_ms.bound, Some(2000));
    assert_eq!((figures.out_of_service_ms.bound, figures.recover_ms.bound), (Some(2000), Some(2000)));
    assert_eq!(figures.first_success_elsewhere_ms.missing, Some(Missing::NoClient));
    assert_eq!(record.counted().unwrap().errors, Some(2));
    assert_eq!((record.others, record.last_good), (vec!["web-2".to_owned()], Some(time(10_000))));
    let statuses: Vec<Status> = record.evidence.beliefs.iter().map(|belief| belief.status).collect();
    assert_eq!(statuses, [Status::Unhealthy, Status::Healthy]);
    let failed = record.evidence.checks.iter().filter(|check| check.is_failure()).count();
    assert_eq!(failed, 3);
}

#[test]
fn a_fault_that_was_inflicted_is_where_the_record_begins() {
    let mut world = World::new();
    world.chronicle.inflicted(id(1), Fault { at: time(10_400), what: LabFault::Kill });
    (0..3).for_each(|_| world.sees("-+"));
    let record = world.open();
    assert_eq!((record.started_at, record.figures().detect_ms.value), (time(10_400), Some(2_600.0)));
    assert_eq!(record.figures().detect_ms.bound, Some(3_000));
}

#[test]
fn a_fault_that_was_taken_back_is_the_cause_of_nothing() {
    let mut world = World::new();
    world.chronicle.inflicted(id(1), Fault { at: time(10_400), what: LabFault::Kill });
    world.chronicle.inflicted(id(1), Fault { at: time(10_500), what: LabFault::BringBack });
    (0..3).for_each(|_| world.sees("-+"));
    assert_eq!((world.open().fault, world.open().started_at), (None, time(11_000)));
}

#[test]
fn another_fault_is_another_record_however_soon_it_comes() {
    let mut world = World::new();
    (0..3).for_each(|_| world.sees("-+"));
    (0..2).for_each(|_| world.sees("++"));
    assert_eq!(world.open().ending, Some(Ending::Whole));
    world.chronicle.inflicted(id(1), Fault { at: time(world.now), what: LabFault::Kill });
    (0..3).for_each(|_| world.sees("-+"));
    assert_eq!((world.frozen.len(), world.open().fault.is_some()), (1, true));
}

#[test]
fn a_drain_is_a_record_in_which_there_was_nothing_to_find() {
    let mut world = World::new();
    world.drain();
    world.tells(Order::Drain);
    assert_eq!(world.open().cause, Cause::Drained);
    assert_eq!(world.open().figures().detect_ms.missing, Some(Missing::OnPurpose));
    world.now += 5_000;
    world.changes(Change::Return(web(), vec![id(1)], ReturnCause::Asked));
    assert_eq!(world.open().ending, None, "the proxy does not use it yet");
    world.tells(Order::Ready);
    assert_eq!(world.done().figures().recover_ms.value, Some(5_000.0));
}

#[test]
fn a_drill_that_feigns_ends_when_it_is_called_off() {
    let mut world = World::new();
    let until = time(30_000);
    let criteria = Criteria { fail_over_ms: Some(100), detect_ms: None, lost: None };
    let drill = Drill { kind: crate::DrillKind::AsIfUnhealthy, at: time(world.now), until, criteria, scheduled: false };
    world.chronicle.expect_drill(id(1), drill);
    world.changes(Change::Feign(web(), id(1), Some(until)));
    world.now += 40;
    world.tells(Order::Drain);
    world.changes(Change::Feign(web(), id(1), None));
    world.tells(Order::Ready);
    let record = world.done();
    let drill = record.drill.clone().expect("it belongs to the drill");
    assert_eq!((record.cause, drill.verdict(&record.figures(), true)), (Cause::Drill, crate::Verdict::Passed));
    let strict = Drill { criteria: Criteria { lost: Some(0), ..criteria }, ..drill };
    let failed = crate::Verdict::Failed(vec![crate::Criterion::Lost]);
    assert_eq!(strict.verdict(&record.figures(), true), failed, "what was not measured is not passed");
}

#[test]
fn a_drill_that_came_to_nothing_is_not_the_cause_of_what_fails_later() {
    let mut world = World::new();
    let (at, until) = (time(world.now), time(world.now + 500));
    let kind = crate::DrillKind::Kill;
    world.chronicle.expect_drill(id(1), Drill { kind, at, until, criteria: Criteria::default(), scheduled: false });
    (0..3).for_each(|_| world.sees("-+"));
    assert_eq!(world.open().drill, None);
}

#[test]
fn a_target_that_goes_ends_its_record() {
    let mut world = World::new();
    (0..3).for_each(|_| world.sees("-+"));
    world.changes(Change::DeleteGroup(web()));
    let record = world.done();
    assert_eq!((record.ending, record.figures().recover_ms.missing), (Some(Ending::Gone), Some(Missing::Never)));
}

#[test]
fn a_stop_ends_what_is_open_as_not_seen() {
    let mut world = World::new();
    (0..3).for_each(|_| world.sees("-+"));
    let record = world.chronicle.interrupt().frozen.pop().unwrap();
    assert_eq!(record.figures().recover_ms.missing, Some(Missing::Unseen));
}

#[test]
fn without_a_binding_there_is_no_record() {
    let mut world = World::new();
    let binding = *world.board.bindings.keys().next().unwrap();
    world.changes(Change::Unbind(binding));
    (0..4).for_each(|_| world.sees("-+"));
    assert_eq!(world.chronicle.open().count(), 0);
}

#[test]
fn what_a_client_saw_is_counted_from_the_beginning_on() {
    let mut world = World::new();
    world.chronicle.inflicted(id(1), Fault { at: time(10_400), what: LabFault::Kill });
    (0..3).for_each(|_| world.sees("-+"));
    let request = |number: u64, at: i64, us: u32, answer: LabAnswer| LabRequest {
        number,
        at: time(at),
        took: Micros(us),
        answer,
    };
    let requests = [
        request(1, 10_300, 1_000, LabAnswer::Served(1)),    // before
        request(2, 10_399, 30_000, LabAnswer::Closed),      // under way when it died
        request(3, 10_410, 5_500, LabAnswer::Served(2)),    // elsewhere, after 15.5 ms
        request(4, 10_420, 1_000, LabAnswer::NotConnected), // lost
        request(5, 10_500, 300_000, LabAnswer::Served(2)),  // stalled
    ];
    let names = [(1, "web-1".to_owned()), (2, "web-2".to_owned())].into_iter().collect();
    world.chronicle.see_traffic(id(1), &requests, names, Some(1), time(world.now));
    let figures = world.open().figures();
    let values = [figures.first_success_elsewhere_ms, figures.requests_lost, figures.requests_stalled];
    assert_eq!(values.map(|figure| figure.value), [Some(15.5), Some(2.0), Some(1.0)]);
    let traffic = world.open().traffic.clone().unwrap();
    assert_eq!((traffic.total, traffic.lost_in_flight), (4, 1));
    let columns: u32 = traffic.columns.iter().map(|column| column.failed + column.by.values().sum::<u32>()).sum();
    assert_eq!(columns, 5);
}

proptest! {
    /// Whatever happens, no figure is negative, nothing is both measured and missing, and a record is what it says.
    #[test]
    fn figures_are_never_made_up(steps in proptest::collection::vec(0u8..10, 0..60)) {
        let mut world = World::new();
        for step in steps {
            match step {
                0..=2 => world.sees("-+"),
                3..=5 => world.sees("++"),
                6 => world.tells(Order::Drain),
                7 => world.tells(Order::Ready),
                8 if world.board.target(&web(), id(1)).is_some_and(|target| target.drain.is_none()) => world.drain(),
                8 => world.changes(Change::Return(web(), vec![id(1)], ReturnCause::Asked)),
                _ => {
                    world.servers[0].is_up = world.servers[0].is_up.map(|is_up| !is_up);
                    world.looks();
                }
            }
        }
        let open: Vec<Failover> = world.chronicle.open().cloned().collect();
        for record in world.frozen.iter().chain(&open) {
            let Figures { detect_ms, proxy_detect_ms, out_of_service_ms, recover_ms, .. } = record.figures();
            for figure in [detect_ms, proxy_detect_ms, out_of_service_ms, recover_ms] {
                prop_assert!(figure.value.is_none_or(|value| 0.0 <= value));
                prop_assert!(figure.value.is_some() != figure.missing.is_some());
            }
            prop_assert!(record.ended_at.is_none_or(|end| record.started_at <= end));
            prop_assert_eq!(record.frozen, record.frozen && record.ending.is_some());
            let text = serde_json::to_string(record).unwrap();
            prop_assert_eq!(&serde_json::from_str::<Failover>(&text).unwrap(), record);
        }
    }
}
