//! A real HAProxy.

use domain::{Admin, AdminState, Order, ProxyKind, ProxyLook, ProxyWarning, ServerView};
use engine::proxy::{Adapter, Connector, ProxyError, Transcript};

use crate::backend::{Backend, waiting_request};
use crate::world::{Folder, Program, connector, free_port, reload_haproxy, server, wait_for};

/// An HAProxy with two servers in `shop` that are one and the same backend.
struct World {
    proxy: Connector,
    transcript: Transcript,
    port: u16,
    backend: Backend,
    _program: Program,
    folder: Folder,
}

impl World {
    async fn start() -> Self {
        let (folder, backend, port) = (Folder::new(), Backend::start().await, free_port());
        let target = backend.address;
        let sockets = ["admin", "operator"].map(|level| {
            let path = folder.path(&format!("{level}.sock"));
            format!("stats socket {path} mode 600 level {level}")
        });
        let config = folder.write(
            "haproxy.cfg",
            &format!(
                "global\n {}\n {}\ndefaults\n mode http\n timeout connect 2s\n timeout client 60s\n timeout server 60s\n\
                 frontend web\n bind 127.0.0.1:{port}\n default_backend shop\n\
                 backend shop\n server web-1 {target} check inter 200ms\n server web-2 {target} disabled\n",
                sockets[0], sockets[1],
            ),
        );
        let arguments = ["-W", "-db", "-S", &folder.path("master.sock"), "-f", &config];
        let program = Program::start("haproxy", &arguments, &folder, "haproxy.log");
        let (proxy, transcript) = connector(ProxyKind::Haproxy, &format!("unix:{}", folder.path("admin.sock")));
        let world = Self { proxy, transcript, port, folder, backend, _program: program };
        world.until("web-1 is up", |look| server(look, "shop", "web-1").is_up == Some(true)).await;
        world
    }

    /// The first look of which `holds` is true.
    async fn until(&self, what: &str, holds: impl Fn(&ProxyLook) -> bool) -> ProxyLook {
        wait_for(what, || async { self.proxy.look().await.ok().filter(|look| holds(look)) }).await
    }

    async fn reload(&self) {
        reload_haproxy(&self.folder.path("master.sock")).await;
    }

    async fn server(&self, name: &str) -> ServerView {
        server(&self.proxy.look().await.unwrap(), "shop", name)
    }

    async fn tell(&self, server: &str, order: Order) -> Result<String, ProxyError> {
        self.proxy.tell("shop", server, order, None).await
    }
}

#[tokio::test]
async fn a_look_tells_how_servers_are() {
    let world = World::start().await;
    let look = world.proxy.look().await.unwrap();
    assert!(look.version.starts_with(|c: char| c.is_ascii_digit()), "{}", look.version);
    assert_eq!(look.warnings, []);
    let web_1 = server(&look, "shop", "web-1");
    assert_eq!((web_1.says.as_str(), web_1.is_up, web_1.admin), ("UP", Some(true), Admin::READY));
    assert_eq!(web_1.sessions, Some(0));
    assert!(web_1.last_check.unwrap().starts_with("L4OK in "));
    assert_eq!(server(&look, "shop", "web-2").admin.state, AdminState::Maint);
}

#[tokio::test]
async fn open_sessions_are_seen_to_fall_while_a_server_drains() {
    let world = World::start().await;
    let _request = waiting_request(world.port).await;
    world.until("the session is seen", |look| server(look, "shop", "web-1").sessions == Some(1)).await;
    assert_eq!(world.tell("web-1", Order::Drain).await.as_deref(), Ok("done"));
    let draining = world.server("web-1").await;
    assert_eq!((draining.admin, draining.says.as_str()), (Admin::forced(AdminState::Drain), "DRAIN"));
    assert_eq!((draining.sessions, draining.is_up), (Some(1), Some(true)));
    world.backend.let_go();
    world.until("the session is gone", |look| server(look, "shop", "web-1").sessions == Some(0)).await;
}

#[tokio::test]
async fn sessions_can_be_cut() {
    let world = World::start().await;
    let _request = waiting_request(world.port).await;
    world.until("the session is seen", |look| server(look, "shop", "web-1").sessions == Some(1)).await;
    assert_eq!(world.tell("web-1", Order::Cut).await.as_deref(), Ok("done"));
    world.until("the session is cut", |look| server(look, "shop", "web-1").sessions == Some(0)).await;
}

#[tokio::test]
async fn orders_can_be_given_twice() {
    let world = World::start().await;
    for (order, state) in
        [(Order::Maint, AdminState::Maint), (Order::Drain, AdminState::Drain), (Order::Ready, AdminState::Ready)]
    {
        for _ in 0..2 {
            assert_eq!(world.tell("web-1", order).await.as_deref(), Ok("done"));
            assert_eq!(world.server("web-1").await.admin.state, state);
        }
    }
    world.tell("web-2", Order::Ready).await.unwrap();
    assert_eq!(world.server("web-2").await.admin, Admin::READY, "also one that the configuration disables");
}

#[tokio::test]
async fn what_is_not_there_is_told() {
    let world = World::start().await;
    let unknown = world.proxy.tell("shop", "web-9", Order::Drain, None).await;
    assert_eq!(unknown, Err(ProxyError::NoSuchServer));
    let unknown = world.proxy.tell("nowhere", "web-1", Order::Drain, None).await;
    assert_eq!(unknown, Err(ProxyError::NoSuchBackend));
    let hostile = world.tell("web-2 state ready;set server shop/web-1", Order::Maint).await;
    assert_eq!(hostile, Err(ProxyError::NoSuchServer));
    assert_eq!(world.server("web-1").await.admin, Admin::READY);
}

#[tokio::test]
async fn a_reload_is_another_instance_that_has_forgotten_the_drain() {
    let world = World::start().await;
    world.tell("web-1", Order::Drain).await.unwrap();
    let before = world.proxy.look().await.unwrap().instance;
    assert_eq!(world.proxy.look().await.unwrap().instance, before);
    world.reload().await;
    let after = world.until("the reload", |look| look.instance != before).await;
    assert_eq!(server(&after, "shop", "web-1").admin, Admin::READY);
}

#[tokio::test]
async fn a_socket_that_may_only_look_says_so() {
    let world = World::start().await;
    let (operator, _) = connector(ProxyKind::Haproxy, &world.folder.path("operator.sock"));
    assert_eq!(operator.look().await.unwrap().warnings, [ProxyWarning::ReadOnly]);
    assert_eq!(operator.tell("shop", "web-1", Order::Drain, None).await, Err(ProxyError::ReadOnly));
}

#[tokio::test]
async fn the_transcript_has_what_was_said() {
    let world = World::start().await;
    world.tell("web-1", Order::Drain).await.unwrap();
    let _ = world.tell("web-9", Order::Drain).await;
    world.proxy.look().await.unwrap();
    let lines = world.transcript.lines();
    let told: Vec<(&str, &str, bool)> =
        lines.iter().skip(1).map(|line| (line.asked.as_str(), line.answered.as_str(), line.ok)).collect();
    let expected = [
        ("set server shop/web-9 state drain", "No such server.", false),
        ("set server shop/web-1 state drain", "", true),
    ];
    assert_eq!(told, expected);
    assert!(lines[0].asked.starts_with("show info") && lines[0].answered.starts_with("Name: HAProxy"), "{lines:?}");
}
