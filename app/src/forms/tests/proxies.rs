//! Forms about proxies, bindings and drains, against an engine that reaches no proxy.

use domain::{BindingId, Mode, ProxyName};

use super::*;

const EDGE: [(&str, &str); 3] =
    [("name", "edge"), ("kind", "haproxy"), ("address", "unix:/nowhere/drainboard-admin.sock")];

fn edge() -> ProxyName {
    "edge".parse().unwrap()
}

impl Console {
    async fn with_proxy(self) -> Self {
        let made = self.post("/proxies/new", &EDGE).await;
        assert_eq!((made.status, header(&made, "Location")), (303, "/proxies/edge"), "{}", made.body);
        self
    }

    async fn with_binding(self, mode: &str) -> (Self, BindingId) {
        let console = self.with_group().await.with_proxy().await;
        let fields = [("backend", "web"), ("group", "web"), ("mode", mode), ("changes_per_minute", "5")];
        let bound = console.post("/proxies/edge/bind", &fields).await;
        assert_eq!((bound.status, header(&bound, "Location")), (303, "/proxies/edge"), "{}", bound.body);
        let id = console.board(|board| *board.bindings.keys().next().unwrap());
        (console, id)
    }
}

#[tokio::test]
async fn a_proxy_is_connected_edited_and_disconnected_by_forms() {
    let console = Console::start().await.with_proxy().await;
    let taken = console.post("/proxies/new", &EDGE).await;
    assert_eq!(taken.status, 422);
    assert!(shown(&taken).contains("A proxy with this name exists already."));
    assert!(tag(shown(&taken), "f-address").contains("drainboard-admin.sock"), "what was typed stays");
    let edited = console.post("/proxies/edge/edit", &[("kind", "haproxy"), ("address", "tcp://127.0.0.1:1")]).await;
    assert_eq!(edited.status, 303, "{}", edited.body);
    let address = console.board(|board| board.proxies[&edge()].proxy.address.to_string());
    assert_eq!(address, "tcp://127.0.0.1:1");
    let deleted = console.post("/proxies/edge/delete", &EMPTY).await;
    assert_eq!((deleted.status, header(&deleted, "Location")), (303, "/proxies"));
    assert!(console.board(|board| board.proxies.is_empty()));
    assert_eq!(console.get("/proxies/edge", "en").await.status, 404);
    console.engine.stop().await;
}

#[tokio::test]
async fn a_proxy_may_be_called_new() {
    let console = Console::start().await;
    let fields = [("name", "new"), ("kind", "caddy"), ("address", "http://localhost:1")];
    let made = console.post("/proxies/new", &fields).await;
    let page = console.get(header(&made, "Location"), "en").await;
    assert_eq!((made.status, page.status), (303, 200));
    console.engine.stop().await;
}

#[tokio::test]
async fn what_is_wrong_with_a_proxy_stands_beside_its_field() {
    let console = Console::start().await;
    let nothing = console.post("/proxies/new", &[("kind", "haproxy")]).await;
    for wrong in ["f-name", "f-address"] {
        assert!(tag(shown(&nothing), wrong).contains("aria-invalid=\"true\""), "{wrong}");
    }
    let fields = [("name", "edge"), ("kind", "caddy"), ("address", "unix:/run/a.sock")];
    let response = console.post("/proxies/new", &fields).await;
    assert_eq!(response.status, 422);
    assert!(shown(&response).contains("Caddy is reached at http://host:port."));
    console.engine.stop().await;
}

#[tokio::test]
async fn a_test_that_fails_says_what_to_change_and_saves_nothing() {
    let console = Console::start().await;
    let mut fields = EDGE.to_vec();
    fields.push(("action", "test"));
    let tried = console.post("/proxies/new", &fields).await;
    let body = shown(&tried);
    assert_eq!(tried.status, 200, "{body}");
    assert!(body.contains("The proxy could not be looked at"));
    assert!(body.contains("stats socket /nowhere/drainboard-admin.sock mode 660 level admin"), "{body}");
    let caddy = [("action", "test"), ("kind", "caddy"), ("address", "http://127.0.0.1:1")];
    let tried = console.post("/proxies/new", &caddy).await;
    assert!(
        shown(&tried).contains("admin 127.0.0.1:1") && shown(&tried).contains("A reload with a Caddyfile overwrites")
    );
    assert!(console.board(|board| board.proxies.is_empty()));
    console.engine.stop().await;
}

#[tokio::test]
async fn a_backend_is_bound_changed_and_unbound_by_forms() {
    let (console, id) = Console::start().await.with_binding("observe").await;
    let twice = [("backend", "web"), ("group", "web"), ("mode", "by_hand")];
    let twice = console.post("/proxies/edge/bind", &twice).await;
    assert_eq!(twice.status, 422);
    assert!(shown(&twice).contains("This backend is bound already."));
    let wrong = console.post("/proxies/edge/bind", &[("changes_per_minute", "61"), ("group", "none")]).await;
    for field in ["f-backend", "f-mode", "f-changes_per_minute"] {
        assert!(tag(shown(&wrong), field).contains("aria-invalid=\"true\""), "{field}: {}", tag(shown(&wrong), field));
    }
    let path = format!("/proxies/edge/bindings/{id}");
    assert!(tag(shown(&console.get(&path, "ko").await), "f-mode").contains("checked"));
    let settings = [("mode", "automatic"), ("changes_per_minute", "7"), ("cut_unhealthy", "true")];
    let edited = console.post(&path, &settings).await;
    assert_eq!(edited.status, 303, "{}", edited.body);
    let binding = console.board(|board| board.bindings[&id].binding.clone());
    assert_eq!((binding.mode, binding.changes_per_minute, binding.cut_unhealthy), (Mode::Automatic, 7, true));
    let asked = console.get(&format!("{path}/remove"), "en").await;
    assert!(tag(shown(&asked), "f-put_back").contains("checked"), "put back unless somebody says otherwise");
    assert_eq!(console.post(&format!("{path}/remove"), &[("put_back", "true")]).await.status, 303);
    assert!(console.board(|board| board.bindings.is_empty()));
    assert_eq!(console.post(&path, &EMPTY).await.status, 404);
    console.engine.stop().await;
}

#[tokio::test]
async fn a_group_that_is_bound_says_so_before_it_goes() {
    let (console, _) = Console::start().await.with_binding("by_hand").await;
    let refused = console.post("/groups/web/delete", &EMPTY).await;
    assert_eq!(refused.status, 409, "whoever did not see the binding is told first");
    assert!(shown(&refused).contains("A proxy backend is bound to this group."));
    let put_back = [("put_back", "false"), ("put_back", "true")];
    assert_eq!(console.post("/groups/web/delete", &put_back).await.status, 303);
    assert!(console.board(|board| board.groups.is_empty() && board.bindings.is_empty()));
    console.engine.stop().await;
}

#[tokio::test]
async fn the_last_targets_are_drained_only_when_their_name_is_typed() {
    let (console, _) = Console::start().await.with_binding("by_hand").await;
    console.post("/groups/web/targets/add", &[("targets", "127.0.0.1:1 one\n127.0.0.1:2 two")]).await;
    let ids: Vec<String> = console.ids().iter().map(ToString::to_string).collect();
    let both = [("id", ids[0].as_str()), ("id", ids[1].as_str())];
    let asked = console.post("/groups/web/targets/drain", &both).await;
    assert_eq!(asked.status, 200);
    assert!(shown(&asked).contains("Type web to drain all the same"), "{}", shown(&asked));
    let with = |more: &[(&'static str, &'static str)]| -> Vec<(&str, &str)> {
        both.iter().copied().chain([("confirm", "yes")]).chain(more.iter().copied()).collect()
    };
    let refused = console.post("/groups/web/targets/drain", &with(&[("typed_name", "Web")])).await;
    assert_eq!(refused.status, 422);
    assert!(tag(shown(&refused), "f-typed_name").contains("aria-invalid"));
    assert!(tag(shown(&refused), "f-reason").contains("aria-invalid"), "a reason is needed");
    assert!(drained(&console).is_empty(), "nothing is done");
    let fields = with(&[("typed_name", "web"), ("reason", "work"), ("duration", "900"), ("after_delay", "cut")]);
    let done = console.post("/groups/web/targets/drain", &fields).await;
    assert_eq!((done.status, header(&done, "Location")), (303, "/groups/web"), "{}", done.body);
    assert_eq!(drained(&console), ["work", "work"]);
    let back = console.post("/groups/web/targets/return", &both[..1]).await;
    assert_eq!(back.status, 303);
    let one = format!("/groups/web/targets/{}/return", ids[1]);
    assert_eq!(console.post(&one, &EMPTY).await.status, 303);
    assert!(drained(&console).is_empty());
    console.engine.stop().await;
}

/// The reasons of all drains.
fn drained(console: &Console) -> Vec<String> {
    console.board(|board| {
        let drains = board.groups[&web()].targets.values().filter_map(|target| target.drain.as_ref());
        drains.map(|drain| drain.reason.as_str().to_owned()).collect()
    })
}

#[tokio::test]
async fn a_group_without_a_proxy_cannot_be_drained_and_says_what_to_do() {
    let console = Console::start().await.with_group().await;
    console.post("/groups/web/targets/add", &[("targets", "127.0.0.1:1")]).await;
    let path = format!("/groups/web/targets/{}/drain", console.ids()[0]);
    let asked = console.get(&path, "en").await;
    assert!(shown(&asked).contains("Bind a backend to it first"));
    let fields = [("confirm", "yes"), ("reason", "work")];
    let refused = console.post_as(request(&path, "ko", false), &fields).await;
    assert_eq!(refused.status, 409);
    assert!(shown(&refused).contains("드레이닝할 수 있는 프록시가 없습니다"), "{}", shown(&refused));
    console.engine.stop().await;
}

#[tokio::test]
async fn buttons_of_servers_that_nobody_changed_say_so() {
    let (console, id) = Console::start().await.with_binding("by_hand").await;
    let path = format!("/proxies/edge/bindings/{id}/outside");
    let done = console.post(&path, &[("server", "a"), ("action", "adopt")]).await;
    assert_eq!((done.status, header(&done, "Location")), (303, "/proxies/edge"));
    assert!(header(&done, "Set-Cookie").contains("not_done"));
    assert_eq!(console.get(&path, "en").await.status, 404, "nothing to see there");
    let registered = console.post(&format!("/proxies/edge/bindings/{id}/register"), &EMPTY).await;
    assert!(header(&registered, "Set-Cookie").contains("nothing_chosen"));
    console.engine.stop().await;
}
