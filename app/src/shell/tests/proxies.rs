//! Pages of proxies from hand-made looks.

use domain::{
    Admin, AdminState, Answer, BackendView, Because, Binding, BindingId, BindingState, Doubt, Hold, HoldCause, Link,
    Mode, Order, Place, Proxy, ProxyKind, ProxyWarning, ServerView, TranscriptLine,
};

use super::*;

pub(super) fn id(n: u8) -> BindingId {
    format!("0192f0c1-0000-7000-8000-0000000001{n:02x}").parse().unwrap()
}

impl World {
    pub(super) fn proxy(&mut self, name: &str, kind: ProxyKind) {
        let address = match kind {
            ProxyKind::Haproxy => "unix:/run/haproxy/admin.sock",
            ProxyKind::Caddy => "http://localhost:2019",
        };
        let proxy = Proxy { name: name.parse().unwrap(), kind, address: address.parse().unwrap() };
        self.tell(EventKind::ProxyCreated(proxy));
        let link = Link::Reachable { since: self.now };
        self.tell(EventKind::ProxyLinked { proxy: name.parse().unwrap(), link });
    }

    pub(super) fn silence(&mut self, name: &str) {
        let link = Link::Unreachable { since: self.now, why: "nobody listens: start it".to_owned() };
        self.tell(EventKind::ProxyLinked { proxy: name.parse().unwrap(), link });
    }

    pub(super) fn bind(&mut self, n: u8, proxy: &str, group: &GroupName, mode: Mode) {
        let (proxy, backend) = (proxy.parse().unwrap(), "web".to_owned());
        let binding = Binding {
            id: id(n),
            proxy,
            backend,
            group: group.clone(),
            mode,
            changes_per_minute: 3,
            cut_unhealthy: false,
        };
        self.tell(EventKind::ProxyBound(binding));
    }

    pub(super) fn look(&mut self, name: &str, warnings: Vec<ProxyWarning>, servers: Vec<ServerView>) {
        self.now = self.now.plus_millis(1000);
        self.tell(EventKind::ProxyLooked {
            proxy: name.parse().unwrap(),
            version: "3.0.5".to_owned(),
            instance: "1".to_owned(),
            warnings,
            order: vec!["web".to_owned()],
            changed: vec![BackendView { name: "web".to_owned(), servers }],
        });
    }

    pub(super) fn place(&self, n: u8, server: &str) -> Place {
        let Binding { id, proxy, group, backend, .. } = self.board.bindings[&id(n)].binding.clone();
        Place { binding: id, proxy, group, backend, server: server.to_owned() }
    }

    pub(super) fn binding(&self, n: u8) -> &BindingState {
        &self.board.bindings[&id(n)]
    }
}

/// A server of HAProxy.
pub(super) fn up(name: &str, number: u8, sessions: u64) -> ServerView {
    ServerView {
        name: name.to_owned(),
        address: Some(format!("10.0.4.{number}:8000")),
        says: "UP".to_owned(),
        is_up: Some(true),
        weight: Some(100),
        sessions: Some(sessions),
        queue: Some(2),
        sessions_total: Some(500),
        errors: Some(3),
        retries: Some(4),
        last_check: Some("L7OK in 1 ms".to_owned()),
        ..ServerView::default()
    }
}

/// An upstream of Caddy, which tells nothing but that it is there.
pub(super) fn upstream(number: u8) -> ServerView {
    ServerView { name: format!("10.0.4.{number}:8000"), says: "LISTED".to_owned(), ..ServerView::default() }
}

/// The shop behind HAProxy, by hand.
pub(super) fn edge() -> (World, GroupName, [TargetId; 3]) {
    let (mut world, shop, three) = shop();
    world.proxy("edge", ProxyKind::Haproxy);
    world.bind(1, "edge", &shop, Mode::ByHand);
    world.look("edge", Vec::new(), vec![up("a", 11, 41), up("b", 12, 38), up("c", 13, 0), up("spare", 99, 0)]);
    let ids: Vec<TargetId> = world.board.groups[&shop].targets.keys().copied().collect();
    (world, shop, [ids[0], ids[1], three])
}

pub(super) fn korean(page: PageData) -> String {
    body(&PageData { language: Language::Ko, ..page })
}

#[test]
fn no_proxy_is_said_with_what_to_do_next() {
    let (world, ..) = shop();
    check(&body(&world.page("/proxies")), &["No proxy is connected yet", "Connect a proxy"]);
    check(&body(&world.page_in(Language::Ko, "/proxies")), &["아직 연결된 프록시가 없습니다", "프록시 연결"]);
}

#[test]
fn proxies_are_listed_with_link_version_and_bindings() {
    let (mut world, ..) = edge();
    let says =
        ["edge", "HAProxy · unix:/run/haproxy/admin.sock", "Reachable since", "3.0.5", "web → shop-web · by hand"];
    check(&body(&world.page("/proxies")), &says);
    world.silence("edge");
    check(&body(&world.page("/proxies")), &["Unreachable since", "nobody listens: start it"]);
    check(&body(&world.page_in(Language::Ko, "/proxies")), &["연결할 수 없음, 시작 시각", "수동"]);
}

#[test]
fn a_proxy_that_goes_on_using_a_target_that_is_down_disagrees() {
    let (world, ..) = edge();
    let says =
        ["shop-web / web-3", "unhealthy", "UP", "Drainboard finds it unhealthy, and the proxy goes on using it."];
    check(&body(&world.page("/proxies")), &says);
    check(&body(&world.page("/")), &["Drainboard and a proxy disagree on 1 server"]);
    check(&body(&world.page("/groups/shop-web")), &["disagrees"]);
}

#[test]
fn what_somebody_else_did_can_be_adopted_or_overruled_with_one_click() {
    let (mut world, ..) = edge();
    let place = world.place(1, "b");
    let maint = ServerView { admin: Admin::forced(AdminState::Maint), says: "MAINT".to_owned(), ..up("b", 12, 0) };
    world.look("edge", Vec::new(), vec![up("a", 11, 41), maint]);
    world.tell(EventKind::ServerChangedOutside { place, change: Some(Admin::forced(AdminState::Maint)) });
    let html = body(&world.page("/proxies"));
    check(&html, &["Somebody else took it out of service.", "Adopt", "Override", "MAINT · maintenance, by a command"]);
    assert!(html.contains(&format!("action=\"/proxies/edge/bindings/{}/outside?back=proxies\"", id(1))));
    assert!(html.contains("name=\"server\" value=\"b\""));
    check(
        &body(&world.page("/events")),
        &["web/b was taken out of service by somebody else (maintenance, by a command)"],
    );
    check(
        &body(&world.page_in(Language::Ko, "/proxies")),
        &["다른 누군가가 서비스에서 뺐습니다.", "받아들이기", "되돌리기"],
    );
}

#[test]
fn a_proxy_is_told_in_words() {
    let (mut world, ..) = edge();
    let place = world.place(1, "b");
    world.tell(EventKind::ServerTold {
        place,
        target: None,
        order: Order::Drain,
        because: Because::Person,
        answer: Answer::Failed { why: "No such server.".to_owned(), again: false },
        took_us: 1200,
    });
    world.tell(EventKind::PolicyWaits {
        binding: id(1),
        proxy: "edge".parse().unwrap(),
        group: "shop-web".parse().unwrap(),
        doubt: Some(Doubt::Floor),
    });
    world.look("edge", vec![ProxyWarning::ReadOnly], vec![up("a", 11, 41), up("spare", 99, 0)]);
    let line = TranscriptLine {
        at: world.now,
        asked: "show stat".to_owned(),
        answered: "# pxname".to_owned(),
        took_us: 900,
        ok: true,
    };
    let page = PageData { transcript: vec![line].into(), ..world.page("/proxies/edge") };
    let says = [
        "Sessions: observable, also while a server drains.",
        "A drain keeps sticky clients",
        "A reload forgets drains; Drainboard tells them again.",
        "This socket may only look",
        "serves shop-web",
        "The last order for b failed",
        "No such server.",
        "one target less would leave fewer than the group's minimum in service",
        "1 server is no target of the group: spare (10.0.4.99:8000)",
        "Register 1 target",
        "2 targets have no server here",
        "L7OK in 1 ms",
        "show stat",
        "did not drain web/b · asked for by a person · +1.2 ms · No such server.",
    ];
    check(&body(&page), &says);
    assert_no_english(&korean(PageData { events: world.page_in(Language::Ko, "/proxies/edge").events, ..page }));
}

#[test]
fn what_cannot_be_observed_is_never_a_zero() {
    let (mut world, shop, ..) = shop();
    world.proxy("gate", ProxyKind::Caddy);
    world.bind(2, "gate", &shop, Mode::ByHand);
    world.look("gate", Vec::new(), vec![upstream(11), upstream(12), upstream(13)]);
    let html = body(&world.page("/proxies/gate"));
    assert_eq!(html.matches("not observable").count(), 3 * 6 + 1, "six figures a server, and the capability");
    assert!(!html.contains("<td class=\"num\" data-label=\"Sessions\">0"), "{html}");
    check(&body(&world.page("/groups/shop-web")), &["gate LISTED · not observable"]);
    check(&body(&world.page_in(Language::Ko, "/groups/shop-web")), &["gate LISTED · 관찰할 수 없음"]);
}

#[test]
fn a_server_that_left_the_list_is_still_there_with_its_reason() {
    let (mut world, shop, [one, ..]) = edge();
    let place = world.place(1, "a");
    let hold = Hold {
        order: Order::Drain,
        target: Some(one),
        cause: HoldCause::Policy,
        at: world.now,
        kept: None,
        told: None,
        lost_sight: false,
        cut_at: None,
    };
    world.tell(EventKind::ServerHeld { place, hold });
    world.look("edge", Vec::new(), vec![up("b", 12, 38)]);
    assert!(world.binding(1).holds.contains_key("a"));
    check(&body(&world.page("/proxies/edge")), &["OUT OF LIST", "held by Drainboard: unhealthy"]);
    check(&body(&world.page(&format!("/groups/{shop}"))), &["edge OUT OF LIST · not observable"]);
}

#[test]
fn the_last_word_of_a_silent_proxy_is_not_its_word() {
    let (mut world, ..) = edge();
    world.silence("edge");
    let html = body(&world.page("/groups/shop-web"));
    check(&html, &["edge not reachable"]);
    assert!(!html.contains(">UP<"), "a word that is stale");
    check(&body(&world.page("/proxies/edge")), &["It cannot be reached: this is what it said last."]);
}

#[test]
fn the_tab_of_a_group_makes_a_configuration_for_it() {
    let (world, shop, _) = edge();
    let path = Route::Group(shop, Tab::Proxies).to_string();
    let says = [
        "edge / web",
        "option redispatch 1",
        "retry-on conn-failure empty-response response-timeout 502 503 504",
        "default-server inter 1s fall 3 rise 2 on-marked-down shutdown-sessions",
        "server shop-web-2 10.0.4.12:8000 check",
        "lb_try_duration 5s",
        "reverse_proxy 10.0.4.11:8000 10.0.4.12:8000 10.0.4.13:8000 {",
    ];
    check(&body(&world.page(&path)), &says);
    assert_no_english(&body(&world.page_in(Language::Ko, &path)));
}

#[test]
fn hostile_names_of_servers_stay_text() {
    let (mut world, shop, _) = shop();
    let hostile = "</script><script>alert(1)</script>";
    world.proxy("edge", ProxyKind::Haproxy);
    world.bind(1, "edge", &shop, Mode::Observe);
    let server = ServerView { says: hostile.to_owned(), last_check: Some(hostile.to_owned()), ..up(hostile, 11, 0) };
    world.look("edge", Vec::new(), vec![server, up("x", 99, 1)]);
    for path in ["/", "/proxies", "/proxies/edge", "/groups/shop-web", "/groups/shop-web/proxies", "/events"] {
        let html = document(&world.page(path), &Assets::default());
        assert!(!html.contains("<script>alert"), "{path}: {html}");
        assert!(!html.contains(" style=") && !html.contains(" onclick"), "{path}");
    }
}

/// No word of the English texts is left over.
pub(super) fn assert_no_english(html: &str) {
    let marks =
        [" the ", " is ", " are ", " and ", "Drainboard has", "Proxies", "Sessions", "Return", "not observable"];
    let mut shown = html.to_owned();
    for tag in ["code", "pre"] {
        while let (Some(from), Some(to)) = (shown.find(&format!("<{tag}")), shown.find(&format!("</{tag}>"))) {
            shown.replace_range(from..to + tag.len() + 3, "");
        }
    }
    let shown = text(&shown);
    for mark in marks {
        assert!(!shown.contains(mark), "{mark:?} in {shown}");
    }
}
