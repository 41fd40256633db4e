//! Drains in real proxies, whatever restarts.

use std::time::Duration;

use domain::{
    AdminState, Answer, Because, DrainStage, EventKind, FloorRule, HoldCause, Link, Mode, Order, ProxyKind, Status,
};
use engine::{ChangeError, DrainAsk, PutBack, WithBindings};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use crate::stage::{Stage, me, web};

/// A client that is connected and has not asked for anything yet, so that its session stays.
async fn session(front: u16) -> TcpStream {
    let mut stream = TcpStream::connect(("127.0.0.1", front)).await.unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\nHost: x\r\n").await.unwrap();
    stream
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_target_is_drained_emptied_and_returned() {
    let stage = Stage::set(ProxyKind::Haproxy, 3, Mode::ByHand).await;
    stage.drain(0).await;
    stage.until_admin(0, AdminState::Drain).await;
    stage.until_status(0, Status::Unused).await;
    stage.bring_back(0).await;
    stage.until_admin(0, AdminState::Ready).await;
    stage.until_status(0, Status::Healthy).await;
    stage.until("nothing is held", |_| stage.with_binding(|state| state.holds.is_empty())).await;

    let told = stage.events().await.into_iter().filter_map(|event| match event.kind {
        EventKind::ServerTold { order, because, answer: Answer::Done { .. }, target, .. } => {
            Some((order, because, target == Some(stage.id(0))))
        }
        _ => None,
    });
    let told: Vec<_> = told.collect();
    assert_eq!(told, [(Order::Drain, Because::Person, true), (Order::Ready, Because::Person, true)]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_drained_stays_so_over_a_reload_of_haproxy() {
    let stage = Stage::set(ProxyKind::Haproxy, 3, Mode::ByHand).await;
    stage.drain(1).await;
    stage.until_admin(1, AdminState::Drain).await;
    stage.reload_proxy().await;
    stage
        .until("the reload forgot it and was told again", |_| {
            stage.with_binding(|state| state.holds.values().any(|hold| hold.told.is_some() && state.outside.is_empty()))
                && stage.engine().with_board(|board| stage.admin(board, 1)) == Some(AdminState::Drain)
        })
        .await;
    let is_again = |kind: &EventKind| matches!(kind, EventKind::ServerTold { because: Because::Forgotten, .. });
    crate::world::wait_for("the record says that it was told again", || async {
        stage.events().await.iter().any(|event| is_again(&event.kind)).then_some(())
    })
    .await;
    stage.until_admin(1, AdminState::Drain).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_drained_stays_so_over_restarts_of_both() {
    let mut stage = Stage::set(ProxyKind::Haproxy, 3, Mode::ByHand).await;
    stage.drain(2).await;
    stage.until_admin(2, AdminState::Drain).await;
    stage.stop_engine().await;
    stage.stop_proxy();
    stage.start_engine().await;
    let is_down = |board: &domain::Board| board.proxies.values().all(|p| matches!(p.link, Link::Unreachable { .. }));
    stage.until("it is said that the proxy does not answer", is_down).await;
    stage.start_proxy().await;
    stage.until_admin(2, AdminState::Drain).await;
    stage.bring_back(2).await;
    stage.until_admin(2, AdminState::Ready).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn drainboard_that_stops_changes_nothing() {
    let mut stage = Stage::set(ProxyKind::Haproxy, 3, Mode::ByHand).await;
    stage.drain(0).await;
    stage.until_admin(0, AdminState::Drain).await;
    let told = stage.times_told().await;
    stage.stop_engine().await;
    stage.start_engine().await;
    stage.until_admin(0, AdminState::Drain).await;
    stage.until_status(0, Status::Unused).await;
    assert_eq!(stage.times_told().await, told, "nothing had to be told again");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_drainer_is_shown_and_not_fought() {
    let stage = Stage::set(ProxyKind::Haproxy, 3, Mode::Automatic).await;
    stage.say_to_haproxy("set server web/s1 state maint").await;
    let is_outside = || stage.with_binding(|state| state.outside.contains_key("s1"));
    stage.until("it is noted", |_| is_outside()).await;
    assert_eq!(stage.times_told().await, 0);
    stage.engine().overrule(stage.binding_id(), "s1".to_owned(), me()).await.unwrap();
    stage.until_admin(1, AdminState::Ready).await;
    stage.until("it is over", |_| !is_outside()).await;

    stage.drain(0).await;
    stage.until_admin(0, AdminState::Drain).await;
    stage.say_to_haproxy("set server web/s0 state ready").await;
    stage.until("it is noted", |_| stage.with_binding(|state| state.outside.contains_key("s0"))).await;
    stage.engine().adopt(stage.binding_id(), "s0".to_owned(), me()).await.unwrap();
    stage.until_status(0, Status::Healthy).await;
    stage.until("nothing is held", |_| stage.with_binding(|state| state.holds.is_empty())).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn automatic_takes_out_what_dies_and_brings_it_back() {
    let mut stage = Stage::set(ProxyKind::Haproxy, 3, Mode::Automatic).await;
    stage.servers[1].end().await;
    stage
        .until("it is held by health", |_| {
            stage.with_binding(|state| state.holds.get("s1").is_some_and(|hold| hold.cause == HoldCause::Policy))
        })
        .await;
    stage
        .until("the proxy does not use it", |board| {
            stage.admin(board, 1).is_some_and(|admin| admin != AdminState::Ready)
        })
        .await;
    stage.servers[1].begin().await;
    stage.until_admin(1, AdminState::Ready).await;
    stage.until("nothing is held", |_| stage.with_binding(|state| state.holds.is_empty())).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn automatic_never_takes_out_the_last_ones() {
    let mut stage = Stage::set(ProxyKind::Haproxy, 2, Mode::Automatic).await;
    stage.servers[0].end().await;
    stage.until_status(0, Status::Unhealthy).await;
    stage.servers[1].end().await;
    stage.until_status(1, Status::Unhealthy).await;
    stage.until("it waits and says why", |_| stage.with_binding(|state| state.waiting.is_some())).await;
    stage.until_admin(1, AdminState::Ready).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn open_sessions_keep_a_target_draining_until_they_end() {
    let stage = Stage::set(ProxyKind::Haproxy, 1, Mode::ByHand).await;
    // The only server gets every session. It is held by a request whose head never ends at the proxy, so ask for real.
    let mut client = session(stage.front).await;
    client.write_all(b"Content-Length: 5\r\n\r\nab").await.unwrap();
    stage
        .until("the session is seen", |board| {
            let fronts = board.fronts(&stage.targets[0]);
            fronts.iter().any(|front| front.server.is_some_and(|server| server.sessions == Some(1)))
        })
        .await;
    let ask = DrainAsk { floor: FloorRule::Override, ..DrainAsk::default() };
    stage.engine().drain(web(), vec![stage.id(0)], ask, me()).await.unwrap();
    stage.until_admin(0, AdminState::Drain).await;
    stage.until_stage(0, DrainStage::Draining).await;
    stage.until("the curve has begun", |_| stage.with_binding(|state| !state.curves.is_empty())).await;
    drop(client);
    stage.until_stage(0, DrainStage::Empty).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_last_one_is_drained_only_with_an_override() {
    let stage = Stage::set(ProxyKind::Haproxy, 2, Mode::ByHand).await;
    stage.drain(0).await;
    let refused = stage.engine().drain(web(), vec![stage.id(1)], DrainAsk::default(), me()).await;
    assert!(matches!(refused, Err(ChangeError::Floor(consequence)) if consequence.stays == 0));
    stage.until_admin(0, AdminState::Drain).await;
    stage.engine().with_board(|board| assert_eq!(stage.admin(board, 1), Some(AdminState::Ready)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_deregistered_target_is_drained_first_and_stays_out() {
    let stage = Stage::set(ProxyKind::Haproxy, 3, Mode::ByHand).await;
    stage.engine().deregister(web(), vec![stage.id(0)], FloorRule::Keep, me()).await.unwrap();
    stage.until("it is gone", |board| board.target(&web(), stage.id(0)).is_none()).await;
    let cause = stage.with_binding(|state| state.holds.get("s0").map(|hold| hold.cause));
    assert_eq!(cause, Some(HoldCause::Deregistered));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn unbinding_puts_back_what_was_taken_out() {
    let mut stage = Stage::set(ProxyKind::Haproxy, 3, Mode::ByHand).await;
    stage.drain(0).await;
    stage.until_admin(0, AdminState::Drain).await;
    let id = stage.binding_id();

    stage.stop_proxy();
    let is_down = |board: &domain::Board| board.proxies.values().all(|p| matches!(p.link, Link::Unreachable { .. }));
    stage.until("it is said that the proxy does not answer", is_down).await;
    let refused = stage.engine().unbind(id, PutBack::Yes, me()).await;
    assert!(matches!(refused, Err(ChangeError::NotPutBack(_))), "{refused:?}");
    let refused = stage.engine().delete_group(web(), WithBindings::Refuse, me()).await;
    assert_eq!(refused, Err(ChangeError::GroupIsBound(web())));

    stage.start_proxy().await;
    stage.until_admin(0, AdminState::Drain).await;
    stage.engine().unbind(id, PutBack::Yes, me()).await.unwrap();
    let is_back = |board: &domain::Board| {
        let look = board.proxies.values().find_map(|proxy| proxy.look.as_ref());
        look.is_some_and(|look| look.backends[0].servers.iter().all(|server| server.admin.state == AdminState::Ready))
    };
    stage.until("all are in service", is_back).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_proxy_that_does_not_answer_holds_up_nobody_else() {
    let stage = Stage::set(ProxyKind::Haproxy, 2, Mode::ByHand).await;
    let gone = domain::Proxy {
        name: "gone".parse().unwrap(),
        kind: ProxyKind::Haproxy,
        address: "unix:/nowhere/admin.sock".parse().unwrap(),
    };
    stage.engine().create_proxy(gone, me()).await.unwrap();
    stage.drain(0).await;
    stage.until_admin(0, AdminState::Drain).await;
    let gone = "gone".parse().unwrap();
    stage
        .until("it is said that it does not answer", |board| {
            matches!(&board.proxies[&gone].link, Link::Unreachable { why, .. } if why.contains("there is no socket"))
        })
        .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn caddy_gets_its_upstream_back_as_it_was() {
    let stage = Stage::set(ProxyKind::Caddy, 3, Mode::ByHand).await;
    let before =
        stage.engine().with_board(|board| board.proxies.values().next().unwrap().look.clone().unwrap().backends);
    stage.drain(1).await;
    stage.until_admin(1, AdminState::Absent).await;
    stage.until_status(1, Status::Draining).await;
    stage.reload_proxy().await;
    stage
        .until("the reload brought it back and it left again", |board| {
            stage.admin(board, 1) == Some(AdminState::Absent)
        })
        .await;
    stage.bring_back(1).await;
    stage.until_admin(1, AdminState::Ready).await;
    let names = |backends: &[domain::BackendView]| {
        backends[0].servers.iter().map(|server| server.name.clone()).collect::<Vec<_>>()
    };
    let after =
        stage.engine().with_board(|board| board.proxies.values().next().unwrap().look.clone().unwrap().backends);
    assert_eq!(names(&after), names(&before));
}

/// How long it takes from the decision until HAProxy has done it: printed, not judged.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn decisions_are_carried_out_at_once() {
    let stage = Stage::set(ProxyKind::Haproxy, 3, Mode::ByHand).await;
    for _ in 0..50 {
        stage.drain(0).await;
        stage.until_admin(0, AdminState::Drain).await;
        stage.bring_back(0).await;
        stage.until_admin(0, AdminState::Ready).await;
    }
    let took = stage.events().await.into_iter().filter_map(|event| match event.kind {
        EventKind::ServerTold { took_us, .. } => Some(Duration::from_micros(u64::from(took_us))),
        _ => None,
    });
    let mut took: Vec<Duration> = took.collect();
    took.sort_unstable();
    assert_eq!(took.len(), 100);
    eprintln!("decision to applied on HAProxy's socket: p50 {:?}, p99 {:?}", took[50], took[98]);
}
