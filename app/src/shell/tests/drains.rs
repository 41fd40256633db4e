//! Drains on the pages: what is left, what stays, who should be reminded.

use domain::{Actor, AfterDelay, Drain, DrainReason, DrainStage, Hold, HoldCause, Mode, Order, ProxyKind, Purpose};

use super::proxies::{assert_no_english, edge, korean, up, upstream};
use super::*;

impl World {
    fn drain(&mut self, group: &GroupName, target: TargetId, reason: &str) -> Drain {
        let drain = Drain {
            reason: DrainReason::new(reason),
            by: Actor::drainboard(),
            at: self.now,
            delay_ends_at: self.now.plus_millis(300_000),
            after_delay: AfterDelay::Wait,
            expires_at: Some(self.now.plus_millis(3_600_000)),
            purpose: Purpose::Maintenance,
            stage: DrainStage::Draining,
            overdue_since: None,
        };
        self.tell(EventKind::TargetDrained { group: group.clone(), target, drain: drain.clone() });
        drain
    }

    fn hold(&mut self, binding: u8, server: &str, target: TargetId) {
        let hold = Hold {
            order: Order::Drain,
            target: Some(target),
            cause: HoldCause::Person,
            at: self.now,
            kept: None,
            told: Some("1".to_owned()),
            lost_sight: false,
            cut_at: None,
        };
        let place = self.place(binding, server);
        self.tell(EventKind::ServerHeld { place, hold });
    }
}

/// web-1 drains on edge: 44 sessions, then 3.
fn draining() -> (World, GroupName, TargetId) {
    let (mut world, shop, [one, ..]) = edge();
    world.drain(&shop, one, "kernel update");
    world.hold(1, "a", one);
    for sessions in [44, 20, 3] {
        let drained = domain::ServerView {
            says: "DRAIN".to_owned(),
            admin: domain::Admin::forced(domain::AdminState::Drain),
            ..up("a", 11, sessions)
        };
        world.look("edge", Vec::new(), vec![drained, up("b", 12, 38), up("c", 13, 0)]);
    }
    (world, shop, one)
}

#[test]
fn a_drain_tells_what_is_left_and_who_stays() {
    let (world, shop, one) = draining();
    let html = body(&world.page("/groups/shop-web"));
    let says = [
        "Draining: 3 sessions left, none new for 14 s",
        "kernel update · by drainboard",
        "웹-2 stays in service.",
        "Connections that are still open after 4 min 45 s will be left alone, as chosen.",
        "Return to service",
        "returns by itself at 11:03:",
        "44 at first, 44 at most, 3 now",
        "Sessions of a on edge",
        "Serving: 웹-2.",
        "web-1 is draining.",
        "The group stands on its minimum of 1.",
        "edge DRAIN · 3",
    ];
    check(&html, &says);
    assert!(html.contains(&format!("/groups/{shop}/targets/{one}/return")));
    check(&body(&world.page(&format!("/groups/{shop}/targets/{one}"))), &["Draining: 3 sessions left", "Return"]);
    check(&body(&world.page("/")), &["draining", "1 of 3 healthy"]);
    let korean = body(&world.page_in(Language::Ko, "/groups/shop-web"));
    check(&korean, &["드레이닝 중: 세션 3개 남음", "서비스로 복귀", "14초 동안 새 세션 없음"]);
    assert_no_english(&korean);
    assert_no_english(&body(&world.page_in(Language::Ko, "/events")));
}

#[test]
fn a_drain_that_is_done_is_safe_to_work_on() {
    let (mut world, shop, one) = draining();
    let drain = Drain { stage: DrainStage::Empty, ..world.board.target(&shop, one).unwrap().drain.clone().unwrap() };
    world.tell(EventKind::DrainChanged { group: shop, target: one, drain });
    let html = body(&world.page("/groups/shop-web"));
    check(&html, &["Empty: safe to work on", "Unused", "web-1 is out of service."]);
    assert!(!html.contains("<progress"), "nothing waits for the delay");
}

#[test]
fn sessions_that_are_not_told_are_not_counted() {
    let (mut world, shop, _) = shop();
    world.proxy("gate", ProxyKind::Caddy);
    world.bind(2, "gate", &shop, Mode::ByHand);
    world.look("gate", Vec::new(), vec![upstream(11), upstream(12)]);
    let one = *world.board.groups[&shop].targets.keys().next().unwrap();
    world.drain(&shop, one, "");
    world.hold(2, "10.0.4.11:8000", one);
    world.look("gate", Vec::new(), vec![upstream(12)]);
    let html = body(&world.page("/groups/shop-web"));
    check(&html, &["sessions are not observable, so it waits for the deregistration delay", "gate OUT OF LIST"]);
    assert!(!html.contains("sessions left"), "{html}");
}

#[test]
fn proxies_that_do_not_follow_are_named() {
    let (mut world, shop, [one, ..]) = edge();
    world.proxy("edge-2", ProxyKind::Haproxy);
    world.bind(2, "edge-2", &shop, Mode::Observe);
    world.look("edge-2", Vec::new(), vec![up("a", 11, 9)]);
    world.silence("edge");
    world.drain(&shop, one, "work");
    let says = ["edge-2 is only observed: it goes on sending.", "edge cannot be reached: it is told when it is back."];
    check(&body(&world.page("/groups/shop-web")), &says);
    let ask = body(&world.page(&format!("/groups/{shop}/targets/{one}/drain")));
    check(&ask, &says);
}

#[test]
fn the_form_says_first_what_stays() {
    let (world, shop, [one, two, _]) = edge();
    let ask = |id: TargetId| world.page(&format!("/groups/{shop}/targets/{id}/drain"));
    let html = body(&ask(one));
    check(
        &html,
        &["Drain web-1?", "1 of 2 healthy targets stay in service; the minimum is 1.", "41 sessions will finish"],
    );
    assert!(!html.contains("typed_name"), "nothing to override");
    assert_no_english(&korean(ask(one)));
    let mut world = world;
    world.drain(&shop, one, "work");
    let ask = world.page(&format!("/groups/{shop}/targets/{two}/drain"));
    let says = [
        "No healthy target would stay in service, and the minimum is 1.",
        "Type 웹-2 to drain all the same",
        "1 other target is drained already.",
    ];
    check(&body(&ask), &says);
    let page = world.page(&format!("/groups/{shop}/targets/{two}/deregister"));
    check(&body(&page), &["It is drained first", "Type 웹-2 to deregister all the same"]);
    assert_no_english(&korean(ask));
}

#[test]
fn a_drain_under_way_is_changed_in_its_form() {
    let (mut world, shop, [one, ..]) = edge();
    world.drain(&shop, one, "kernel update");
    let href = format!("/groups/{shop}/targets/{one}/drain");
    assert!(body(&world.page("/groups/shop-web")).contains(&href));
    let html = body(&world.page(&href));
    check(&html, &["Change the drain of web-1", "Save changes"]);
    assert!(html.contains("value=\"kernel update\""), "{html}");
    assert_no_english(&body(&world.page_in(Language::Ko, &href)));
}

#[test]
fn a_group_that_nobody_serves_raises_the_alarm_where_a_proxy_stands_before_it() {
    let (mut world, shop, [one, two, _]) = edge();
    world.drain(&shop, one, "");
    world.drain(&shop, two, "");
    let html = body(&world.page("/groups/shop-web"));
    check(&html, &["FAIL-OPEN No healthy target is in service.", "web-3 is down since", "web-1, 웹-2 are draining."]);
    assert_eq!(html.matches("alarm").count(), 1, "one banner says it all");
    check(&body(&world.page("/groups/shop-web/events")), &["FAIL-OPEN No healthy target is in service."]);
    check(&body(&world.page("/")), &["fail-open"]);
    let (world, ..) = super::shop();
    assert!(!body(&world.page("/groups/shop-web")).contains("FAIL-OPEN"));
}

#[test]
fn a_forgotten_drain_is_pointed_out() {
    let (mut world, _, _) = draining();
    assert!(!body(&world.page("/")).contains("may be forgotten"));
    world.now = world.now.plus_millis(25 * 3_600_000);
    check(&body(&world.page("/")), &["1 drain may be forgotten:", "shop-web / web-1"]);
    check(&body(&world.page_in(Language::Ko, "/")), &["잊혔을 수 있는 드레이닝이 1개 있습니다:"]);
}

#[test]
fn hostile_reasons_stay_text() {
    let (mut world, shop, [one, ..]) = edge();
    world.drain(&shop, one, "<script>alert(1)</script>");
    for path in ["/", "/groups/shop-web", "/events", &format!("/groups/{shop}/targets/{one}"), "/proxies/edge"] {
        let html = document(&world.page(path), &Assets::default());
        assert!(!html.contains("<script>alert"), "{path}");
    }
}
