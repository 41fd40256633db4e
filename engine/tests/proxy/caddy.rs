//! A real Caddy.

use domain::{Admin, Order, ProxyKind, ProxyLook, ProxyWarning};
use engine::proxy::{Adapter, Connector, ProxyError, Transcript};
use serde_json::{Value, json};

use crate::backend::{Backend, waiting_request};
use crate::world::{Folder, Program, backend, connector, connects, free_port, server, wait_for};

/// The backend that has no `@id`.
const PLACE: &str = "srv0/routes/1/handle/0/routes/0/handle/0";

/// A Caddy with a handler `api` and one in a subroute. `dials` are five backends.
struct World {
    proxy: Connector,
    transcript: Transcript,
    admin: u16,
    port: u16,
    dials: Vec<String>,
    _backends: Vec<Backend>,
    _program: Program,
    _folder: Folder,
}

impl World {
    async fn start() -> Self {
        let mut backends = Vec::new();
        for _ in 0..5 {
            backends.push(Backend::start().await);
        }
        let dials: Vec<String> = backends.iter().map(|backend| backend.address.to_string()).collect();
        let (folder, admin, port) = (Folder::new(), free_port(), free_port());
        let config = folder.write("caddy.json", &config(admin, port, &dials).to_string());
        let program = Program::start("caddy", &["run", "--config", &config], &folder, "caddy.log");
        let (proxy, transcript) = connector(ProxyKind::Caddy, &format!("http://127.0.0.1:{admin}"));
        wait_for("caddy", || async { (proxy.look().await.is_ok() && connects(port)).then_some(()) }).await;
        Self { proxy, transcript, admin, port, dials, _backends: backends, _program: program, _folder: folder }
    }

    async fn look(&self) -> ProxyLook {
        self.proxy.look().await.unwrap()
    }

    /// The upstreams of a handler, word by word.
    async fn upstreams(&self, path: &str) -> Value {
        let client = get_by_hand(self.admin, path).await;
        serde_json::from_str(&client).unwrap()
    }

    async fn take_out(&self, backend: &str, dial: &str) -> String {
        let kept = self.proxy.prepare(backend, dial, Order::Drain).await.unwrap().unwrap();
        assert_eq!(self.proxy.tell(backend, dial, Order::Drain, Some(&kept)).await.as_deref(), Ok("200 OK"));
        kept
    }

    async fn names(&self, name: &str) -> Vec<String> {
        backend(&self.look().await, name).servers.into_iter().map(|server| server.name).collect()
    }
}

fn config(admin: u16, port: u16, dials: &[String]) -> Value {
    let api = json!({
        "@id": "api", "handler": "reverse_proxy",
        "upstreams": [
            { "dial": dials[0], "max_requests": 7 }, { "dial": dials[1], "max_requests": 8 }, { "dial": dials[2] },
        ],
        "health_checks": { "active": { "path": "/", "interval": "1s" } },
    });
    let inner = json!({ "handler": "reverse_proxy", "upstreams": [{ "dial": dials[3] }, { "dial": dials[4] }] });
    let subroute = json!({ "handler": "subroute", "routes": [{ "handle": [inner] }] });
    json!({
        "admin": { "listen": format!("127.0.0.1:{admin}"), "config": { "persist": false } },
        "apps": { "http": { "servers": { "srv0": {
            "listen": [format!("127.0.0.1:{port}")],
            "automatic_https": { "disable": true },
            "routes": [{ "match": [{ "path": ["/api/*"] }], "handle": [api] }, { "handle": [subroute] }],
        } } } },
    })
}

/// The body of an answer, by other means than those that are tested.
async fn get_by_hand(port: u16, path: &str) -> String {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let mut stream = tokio::net::TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    let request = format!("GET {path} HTTP/1.0\r\nHost: 127.0.0.1:{port}\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer.split_once("\r\n\r\n").unwrap().1.to_owned()
}

#[tokio::test]
async fn a_look_finds_every_handler() {
    let world = World::start().await;
    let look = world.look().await;
    let names: Vec<&str> = look.backends.iter().map(|backend| backend.name.as_str()).collect();
    assert_eq!(names, ["api", PLACE]);
    assert_eq!(world.names("api").await, world.dials[..3]);
    let first = server(&look, "api", &world.dials[0]);
    assert_eq!(
        (first.address.as_ref(), first.admin, first.says.as_str()),
        (Some(&world.dials[0]), Admin::READY, "listed")
    );
    assert_eq!((first.sessions, first.is_up), (Some(0), Some(true)));
    assert_eq!(server(&look, PLACE, &world.dials[3]).is_up, None, "nobody checks it");
    assert_eq!(look.warnings, [ProxyWarning::ClosesWebSockets]);
    assert_eq!(look.instance, "");
}

#[tokio::test]
async fn an_upstream_comes_back_as_the_same_object_in_the_same_place() {
    let world = World::start().await;
    for (backend, path, dial) in [
        ("api", "/id/api/upstreams", &world.dials[0]),
        ("api", "/id/api/upstreams", &world.dials[1]),
        ("api", "/id/api/upstreams", &world.dials[2]),
        (PLACE, &format!("/config/apps/http/servers/{PLACE}/upstreams"), &world.dials[4]),
    ] {
        let before = world.upstreams(path).await;
        let kept = world.take_out(backend, dial).await;
        assert!(!world.names(backend).await.contains(dial));
        assert_eq!(world.proxy.tell(backend, dial, Order::Ready, Some(&kept)).await.as_deref(), Ok("200 OK"));
        assert_eq!(world.upstreams(path).await, before);
    }
}

#[tokio::test]
async fn orders_can_be_given_twice() {
    let world = World::start().await;
    let dial = &world.dials[1];
    let kept = world.take_out("api", dial).await;
    assert_eq!(world.proxy.prepare("api", dial, Order::Drain).await, Ok(None));
    assert_eq!(world.proxy.tell("api", dial, Order::Maint, Some(&kept)).await.as_deref(), Ok("not listed already"));
    world.proxy.tell("api", dial, Order::Ready, Some(&kept)).await.unwrap();
    assert_eq!(world.proxy.tell("api", dial, Order::Ready, Some(&kept)).await.as_deref(), Ok("listed already"));
    assert_eq!(world.names("api").await, world.dials[..3]);
}

#[tokio::test]
async fn the_last_upstream_stays() {
    let world = World::start().await;
    world.take_out(PLACE, &world.dials[3]).await;
    let last = &world.dials[4];
    assert_eq!(world.proxy.prepare(PLACE, last, Order::Drain).await, Err(ProxyError::LastUpstream));
    assert_eq!(world.proxy.tell(PLACE, last, Order::Drain, None).await, Err(ProxyError::LastUpstream));
    assert_eq!(world.names(PLACE).await, std::slice::from_ref(last));
}

#[tokio::test]
async fn an_open_request_is_seen_and_does_not_hold_up_the_drain() {
    let world = World::start().await;
    let _request = waiting_request(world.port).await;
    let busy = wait_for("the request is seen", || async {
        let servers = backend(&world.look().await, PLACE).servers;
        servers.into_iter().find(|server| server.sessions == Some(1))
    });
    let busy = busy.await.name;
    world.take_out(PLACE, &busy).await;
    assert!(!world.names(PLACE).await.contains(&busy));
}

#[tokio::test]
async fn what_is_not_there_is_told() {
    let world = World::start().await;
    let dial = &world.dials[0];
    for backend in
        ["nope", "srv0/routes/9/handle/0", "srv0/routes/1/handle/0", "..", "srv0/routes/../routes/0/handle/0"]
    {
        let answer = world.proxy.tell(backend, dial, Order::Drain, None).await;
        assert_eq!(answer, Err(ProxyError::NoSuchBackend), "{backend}");
    }
    let cut = world.proxy.tell("api", dial, Order::Cut, None).await;
    assert!(matches!(cut, Err(ProxyError::Refused(_))), "{cut:?}");
    let without_kept = world.take_out("api", dial).await;
    let back = world.proxy.tell("api", dial, Order::Ready, None).await;
    assert!(matches!(back, Err(ProxyError::Refused(_))), "{back:?} {without_kept}");
}

#[tokio::test]
async fn looks_leave_three_lines_in_the_transcript() {
    let world = World::start().await;
    world.look().await;
    world.look().await;
    let mut asked: Vec<String> = world.transcript.lines().into_iter().map(|line| line.asked).collect();
    asked.sort();
    assert_eq!(asked, ["GET /config/apps/http/servers", "GET /metrics", "GET /reverse_proxy/upstreams"]);
}
