//! What is wanted of targets, and what we hold in proxies, comes back as it was.

use std::sync::Arc;

use domain::{
    Actor, Admin, AdminState, Answer, BackendView, Because, Binding, BindingId, Board, Change, Conduct, Curve, Doubt,
    DrillKind, DrillSchedule, DrillTimes, EventKind, Hold, HoldCause, Hurdle, LastDrill, Link, Mode, Order, Place,
    Proxy, ProxyKind, ProxyState, ReturnCause, Role, ScheduleId, ScheduleStep, ServerView, Tier, Timestamp, Weekday,
};
use uuid::Uuid;

use super::story::{Story, id, name, wish};
use super::{TempDir, open};
use crate::store::Batch;

fn binding(n: u128, mode: Mode) -> Binding {
    Binding {
        id: BindingId::from_uuid(Uuid::from_u128(n)),
        proxy: "edge".parse().unwrap(),
        backend: format!("web{n}"),
        group: name("web"),
        mode,
        changes_per_minute: 3,
        cut_unhealthy: false,
    }
}

fn proxy() -> Proxy {
    Proxy { name: "edge".parse().unwrap(), kind: ProxyKind::Haproxy, address: "unix:/run/edge.sock".parse().unwrap() }
}

fn place() -> Place {
    let Binding { id, proxy, backend, group, .. } = binding(1, Mode::ByHand);
    Place { binding: id, proxy, group, backend, server: "s1".to_owned() }
}

fn hold() -> Hold {
    Hold {
        order: Order::Drain,
        target: Some(id(1)),
        cause: HoldCause::Person,
        at: super::story::Story::new().now,
        kept: Some("{\"dial\":\"a\"}".to_owned()),
        told: None,
        lost_sight: false,
        cut_at: None,
    }
}

fn told(order: Order) -> EventKind {
    let answer = Answer::Done { instance: "7".to_owned(), said: "done".to_owned() };
    EventKind::ServerTold { place: place(), target: Some(id(1)), order, because: Because::Person, answer, took_us: 900 }
}

/// A proxy with two bindings, a drained target and a server that is held.
fn holds(story: &mut Story) {
    story.change(Change::CreateProxy(proxy()));
    story.change(Change::Bind(binding(1, Mode::ByHand)));
    story.change(Change::Bind(binding(2, Mode::Observe)));
    story.change(Change::Drain(
        name("web"),
        vec![id(1)],
        domain::DrainWish { floor: domain::FloorRule::Override, ..wish() },
    ));
    story.happen(EventKind::ServerHeld { place: place(), hold: hold() });
    story.happen_by(told(Order::Drain), Some(Actor::drainboard()), None);
}

/// Every kind of event about proxies, once at least.
pub(super) fn everything(story: &mut Story) {
    holds(story);
    let cold = Role::Standby(Tier::Cold, Some("start".parse().unwrap()));
    story.change(Change::SetRole(name("web"), id(2), cold));
    story.change(Change::Promote(name("web"), id(2), story.now));
    schedules(story);
    let edge = || "edge".parse().unwrap();
    story.happen(EventKind::ProxyLinked { proxy: edge(), link: Link::Reachable { since: story.now } });
    let servers = vec![ServerView { name: "s1".to_owned(), ..ServerView::default() }];
    story.happen(EventKind::ProxyLooked {
        proxy: edge(),
        version: "2.6".to_owned(),
        instance: "7".to_owned(),
        warnings: Vec::new(),
        order: vec!["web1".to_owned()],
        changed: vec![BackendView { name: "web1".to_owned(), servers }],
    });
    story.happen(EventKind::ServerChangedOutside { place: place(), change: Some(Admin::forced(AdminState::Maint)) });
    let doubt = Some(Doubt::Blind);
    story.happen(EventKind::PolicyWaits { binding: place().binding, proxy: edge(), group: name("web"), doubt });
    let drain = story.board.target(&name("web"), id(1)).and_then(|target| target.drain.clone()).unwrap();
    let drain = domain::Drain { stage: domain::DrainStage::Empty, ..drain };
    story.happen(EventKind::DrainChanged { group: name("web"), target: id(1), drain });
    let conduct = Conduct { mode: Mode::Automatic, changes_per_minute: 9, cut_unhealthy: true };
    story.change(Change::EditBinding(place().binding, conduct));
    let address = "tcp://127.0.0.1:9999".parse().unwrap();
    story.change(Change::EditProxy(Proxy { address, ..proxy() }));
    story.change(Change::Return(name("web"), vec![id(1)], ReturnCause::Asked));
    story.happen(told(Order::Ready));
    story.change(Change::DeleteProxy(edge()));
}

/// A schedule that stays, with what came of its last moment, and one that goes.
fn schedules(story: &mut Story) {
    let times = DrillTimes { days: Weekday::ALL.into(), at: "03:30".parse().unwrap() };
    let schedule = |n: u128| DrillSchedule {
        id: ScheduleId::from_uuid(uuid::Uuid::from_u128(n)),
        group: name("web"),
        kind: DrillKind::Drain,
        target: None,
        lasts_s: 10,
        criteria: domain::Criteria { lost: Some(0), ..domain::Criteria::default() },
        times: times.clone(),
        paused: false,
        done: Timestamp::from_millis(7),
        last: None,
    };
    for (n, step) in [(7, ScheduleStep::Made), (8, ScheduleStep::Made), (8, ScheduleStep::Removed)] {
        story.change(Change::Schedule(step, Box::new(schedule(n))));
    }
    let paused = DrillSchedule { paused: true, ..schedule(7) };
    story.change(Change::Schedule(ScheduleStep::Paused, Box::new(paused.clone())));
    let resumed = DrillSchedule { paused: false, done: story.now, ..paused };
    story.change(Change::Schedule(ScheduleStep::Resumed, Box::new(resumed.clone())));
    let last = LastDrill { at: story.now, target: Some(id(1)), hurdle: Some(Hurdle::Refused("because".to_owned())) };
    story.change(Change::Schedule(ScheduleStep::Came, Box::new(resumed.after(last))));
}

/// The board without what is not stored, since it is seen again.
fn as_restored(story: &Story) -> Board {
    let mut board = story.restored();
    for state in board.proxies.values_mut() {
        *state = ProxyState::new(state.proxy.clone());
    }
    for state in board.bindings.values_mut() {
        state.outside.clear();
        state.curves.clear();
        state.troubles.clear();
        state.waiting = None;
    }
    board
}

#[tokio::test]
async fn drains_bindings_and_holds_come_back() {
    let dir = TempDir::new();
    let (mut writer, _, _) = open(&dir.file()).await;
    let mut story = Story::with_targets(3);
    holds(&mut story);
    writer.write(&story.take(), &[], true).await.unwrap();
    writer.close().await;
    let (mut writer, _, restored) = open(&dir.file()).await;
    assert_eq!(super::story::without_lanes(restored.board.clone()), as_restored(&story));
    let state = &restored.board.bindings[&place().binding];
    assert_eq!(state.holds.get("s1"), Some(&Hold { told: Some("7".to_owned()), ..hold() }));
    assert_eq!(state.curves.get("s1"), None::<&Curve>);

    story.change(Change::Return(name("web"), vec![id(1)], ReturnCause::Asked));
    story.happen(told(Order::Ready));
    story.change(Change::Unbind(binding(2, Mode::Observe).id));
    writer.write(&story.take(), &[], true).await.unwrap();
    writer.close().await;
    let (writer, _, restored) = open(&dir.file()).await;
    assert_eq!(super::story::without_lanes(restored.board), as_restored(&story));
    writer.close().await;
}

#[tokio::test]
async fn a_store_that_heals_has_what_is_held_meanwhile() {
    let dir = TempDir::new();
    let (mut writer, _, _) = open(&dir.file()).await;
    let mut story = Story::with_targets(3);
    writer.write(&story.take(), &[], true).await.unwrap();
    holds(&mut story);
    let kept = Batch { events: Arc::new(story.take()), standings: Vec::new() };
    writer.heal(&story.board, &[kept], None, story.now).await.unwrap();
    writer.close().await;
    let (writer, _, restored) = open(&dir.file()).await;
    assert_eq!(super::story::without_lanes(restored.board), as_restored(&story));
    writer.close().await;
}

#[tokio::test]
async fn a_group_and_a_proxy_take_their_bindings_with_them() {
    let dir = TempDir::new();
    let (mut writer, _, _) = open(&dir.file()).await;
    let mut story = Story::with_targets(3);
    holds(&mut story);
    story.change(Change::DeleteGroup(name("web")));
    writer.write(&story.take(), &[], true).await.unwrap();
    writer.close().await;
    let (writer, _, restored) = open(&dir.file()).await;
    assert_eq!(restored.board.bindings.len(), 0);
    assert_eq!(restored.board.proxies.len(), 1);
    writer.close().await;
}
