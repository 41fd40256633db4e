//! Boards that tests look at.

use domain::{
    Actor, Admin, AdminState, AfterDelay, Answer, BackendView, Because, Binding, BindingId, Board, Check, Description,
    Drain, DrainReason, DrainStage, Event, EventKind, EventNumber, Group, GroupName, Hold, HoldCause, Label, Link,
    Mode, Order, Place, Protocol, Proxy, ProxyKind, ProxyName, Purpose, ServerView, Target, TargetId, Timestamp,
};
use serde_json::Value;

use super::view::event::EventView;
use super::view::proxy::ProxyView;

/// The time at which everything on these boards happened.
pub(crate) fn at() -> Timestamp {
    Timestamp::from_millis(1_700_000_000_000)
}

/// A group with a drained target that `web1` of `edge` is, and `gone`, which is held and not listed.
pub(crate) fn draining() -> Board {
    let mut board = Board::default();
    for kind in what_happened() {
        let number = board.number.next();
        board.apply(&Event { number, at: at(), by: None, why: None, kind }).unwrap();
    }
    board
}

/// Its proxy as the API shows it, and what is on record of what led there.
pub(crate) fn shown() -> (Value, Vec<Value>) {
    let board = draining();
    let proxies = board.proxies.values().map(|proxy| ProxyView::new(&board, proxy));
    let proxy = proxies.map(|view| serde_json::to_value(view).unwrap()).next().unwrap();
    let on_record = what_happened().into_iter().filter(EventKind::is_on_record);
    let events = on_record.map(|kind| Event { number: EventNumber(1), at: at(), by: None, why: None, kind });
    (proxy, events.map(|event| serde_json::to_value(EventView::from(&event)).unwrap()).collect())
}

/// Everything that leads there.
pub(crate) fn what_happened() -> Vec<EventKind> {
    let held = |server: &str, cause, target| EventKind::ServerHeld {
        place: place(server),
        hold: Hold {
            order: Order::Drain,
            target,
            cause,
            at: at(),
            kept: None,
            told: None,
            lost_sight: false,
            cut_at: None,
        },
    };
    let target = target();
    let told = EventKind::ServerTold {
        place: place("web1"),
        target: Some(target.id),
        order: Order::Drain,
        because: Because::Person,
        answer: Answer::Done { instance: "1".to_owned(), said: String::new() },
        took_us: 1500,
    };
    let (group, proxy): (GroupName, ProxyName) = ("web".parse().unwrap(), "edge".parse().unwrap());
    vec![
        EventKind::GroupCreated(web()),
        EventKind::TargetRegistered(target.clone()),
        EventKind::ProxyCreated(edge()),
        EventKind::ProxyBound(binding()),
        EventKind::ProxyLinked { proxy: proxy.clone(), link: Link::Reachable { since: at() } },
        EventKind::TargetDrained { group, target: target.id, drain: drain() },
        held("web1", HoldCause::Person, Some(target.id)),
        told,
        held("gone", HoldCause::Deregistered, None),
        EventKind::ProxyLooked {
            proxy,
            version: "2.6.12".to_owned(),
            instance: "1".to_owned(),
            warnings: Vec::new(),
            order: vec!["web".to_owned()],
            changed: vec![BackendView { name: "web".to_owned(), servers: servers() }],
        },
    ]
}

fn web() -> Group {
    Group {
        name: "web".parse().unwrap(),
        description: Description::default(),
        protocol: Protocol::Tcp,
        port: 80,
        deregistration_delay_s: 300,
        minimum_healthy_targets: 1,
        standby: domain::StandbyRule::default(),
        check: Check::default_for(Protocol::Tcp),
    }
}

fn target() -> Target {
    let id: TargetId = "0192a000-0000-7000-8000-000000000001".parse().unwrap();
    let (group, host) = ("web".parse().unwrap(), "127.0.0.1".parse().unwrap());
    Target { id, group, label: Label::new("web-1"), host, port: 8101 }
}

fn edge() -> Proxy {
    let (name, address) = ("edge".parse().unwrap(), "unix:/run/haproxy/admin.sock".parse().unwrap());
    Proxy { name, kind: ProxyKind::Haproxy, address }
}

fn binding() -> Binding {
    let (proxy, group) = ("edge".parse().unwrap(), "web".parse().unwrap());
    let id: BindingId = "0192a000-0000-7000-8000-000000000002".parse().unwrap();
    Binding {
        id,
        proxy,
        backend: "web".to_owned(),
        group,
        mode: Mode::ByHand,
        changes_per_minute: 3,
        cut_unhealthy: false,
    }
}

fn place(server: &str) -> Place {
    let Binding { id, proxy, group, backend, .. } = binding();
    Place { binding: id, proxy, group, backend, server: server.to_owned() }
}

fn drain() -> Drain {
    Drain {
        reason: DrainReason::new("disk"),
        by: Actor::drainboard(),
        at: at(),
        delay_ends_at: at().plus_millis(300_000),
        after_delay: AfterDelay::Wait,
        expires_at: None,
        purpose: Purpose::Maintenance,
        stage: DrainStage::Draining,
        overdue_since: None,
    }
}

fn servers() -> Vec<ServerView> {
    let server = |name: &str, address: &str| ServerView {
        name: name.to_owned(),
        address: Some(address.to_owned()),
        says: "UP".to_owned(),
        is_up: Some(true),
        ..ServerView::default()
    };
    let web1 =
        ServerView { admin: Admin::forced(AdminState::Drain), sessions: Some(14), ..server("web1", "127.0.0.1:8101") };
    vec![web1, server("web2", "127.0.0.1:8102")]
}
