//! A whole stage: backends, a real proxy before them, and an engine that is bound to it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use domain::{
    Actor, AdminState, Binding, BindingId, BindingState, Board, CheckDraft, Conduct, DrainStage, Event, EventKind,
    GroupDraft, GroupName, Mode, Protocol, Proxy, ProxyKind, Status, Target, TargetDraft, TargetId, Via,
};
use engine::{Author, Config, DrainAsk, Engine, EventFilter};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use crate::world::{Folder, Program, connects, free_port, reload_haproxy, wait_for};

/// A server behind the proxy, on a port of its own. It is stopped and started again.
pub(crate) struct Server {
    pub(crate) port: u16,
    served: Arc<AtomicUsize>,
    hangs: Arc<AtomicBool>,
    tasks: JoinSet<()>,
}

impl Server {
    async fn start(port: u16) -> Self {
        let mut server = Self { port, served: Arc::default(), hangs: Arc::default(), tasks: JoinSet::new() };
        server.begin().await;
        server
    }

    /// Listens again on its port.
    pub(crate) async fn begin(&mut self) {
        let listener = TcpListener::bind(("127.0.0.1", self.port)).await.unwrap();
        self.port = listener.local_addr().unwrap().port();
        let (served, hangs) = (Arc::clone(&self.served), Arc::clone(&self.hangs));
        self.tasks.spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((mut stream, _)) = listener.accept().await {
                let (served, hangs) = (Arc::clone(&served), Arc::clone(&hangs));
                connections.spawn(async move {
                    let mut request = vec![0; 4096];
                    while let Ok(1..) = stream.read(&mut request).await {
                        served.fetch_add(1, Ordering::Relaxed);
                        if hangs.load(Ordering::Relaxed) {
                            std::future::pending::<()>().await;
                        }
                        if stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok").await.is_err() {
                            return;
                        }
                    }
                });
            }
        });
    }

    /// Closes everything at once, as `kill -9` does.
    pub(crate) async fn end(&mut self) {
        self.tasks.shutdown().await;
    }

    /// From now on it takes connections and requests, and answers none.
    pub(crate) fn hang(&self) {
        self.hangs.store(true, Ordering::Relaxed);
    }

    pub(crate) fn served(&self) -> usize {
        self.served.load(Ordering::Relaxed)
    }
}

pub(crate) struct Stage {
    pub(crate) servers: Vec<Server>,
    /// Where clients connect to.
    pub(crate) front: u16,
    kind: ProxyKind,
    address: String,
    config: String,
    proxy: Option<Program>,
    folder: Folder,
    engine: Option<Engine>,
    pub(crate) targets: Vec<Target>,
    pub(crate) binding: Option<Binding>,
}

pub(crate) fn me() -> Author {
    Author { actor: Actor { via: Via::Api, address: None }, why: Some("test".to_owned()) }
}

pub(crate) fn web() -> GroupName {
    "web".parse().unwrap()
}

impl Stage {
    /// So many servers behind a proxy of this kind, all healthy, bound in this mode.
    pub(crate) async fn set(kind: ProxyKind, servers: usize, mode: Mode) -> Self {
        let conduct = Conduct { mode, changes_per_minute: 30, ..Conduct::default() };
        Self::set_with(kind, servers, conduct, |_| {}).await
    }

    /// The same with another conduct, and other settings of the check.
    pub(crate) async fn set_with(
        kind: ProxyKind,
        servers: usize,
        conduct: Conduct,
        change: impl FnOnce(&mut CheckDraft),
    ) -> Self {
        let mut stage = Self::bare(kind, servers).await;
        stage.connect(conduct, change).await;
        stage
    }

    /// Servers, proxy and engine, which do not know each other.
    async fn bare(kind: ProxyKind, count: usize) -> Self {
        let mut servers = Vec::new();
        for _ in 0..count {
            servers.push(Server::start(0).await);
        }
        let (folder, front, admin) = (Folder::new(), free_port(), free_port());
        let (address, config) = match kind {
            ProxyKind::Haproxy => {
                let socket = folder.path("admin.sock");
                (format!("unix:{socket}"), folder.write("haproxy.cfg", &haproxy(&socket, front, &servers)))
            }
            ProxyKind::Caddy => {
                (format!("http://127.0.0.1:{admin}"), folder.write("caddy.json", &caddy(admin, front, &servers)))
            }
        };
        let mut stage = Self {
            servers,
            front,
            kind,
            address,
            config,
            proxy: None,
            folder,
            engine: None,
            targets: Vec::new(),
            binding: None,
        };
        stage.start_proxy().await;
        stage.start_engine().await;
        stage
    }

    async fn connect(&mut self, conduct: Conduct, change: impl FnOnce(&mut CheckDraft)) {
        let mut draft = GroupDraft { name: "web".to_owned(), ..GroupDraft::default_for(Protocol::Tcp) };
        draft.check.interval_ms = "200".to_owned();
        draft.check.timeout_ms = "200".to_owned();
        draft.check.healthy_threshold = "1".to_owned();
        change(&mut draft.check);
        let proxy = Proxy { name: "edge".parse().unwrap(), kind: self.kind, address: self.address.parse().unwrap() };
        let engine = self.engine();
        engine.create_group(draft.validate().unwrap(), me()).await.unwrap();
        let target = |server: &Server| TargetDraft::parse("127.0.0.1", &server.port.to_string(), "", 80).unwrap();
        let targets = engine.register(web(), self.servers.iter().map(target).collect(), me()).await.unwrap();
        engine.create_proxy(proxy, me()).await.unwrap();
        self.until("the proxy is seen", |board| board.proxies.values().any(|state| state.look.is_some())).await;
        let binding = self.engine().bind("edge".parse().unwrap(), "web".to_owned(), web(), conduct, me()).await;
        (self.targets, self.binding) = (targets, Some(binding.unwrap()));
        self.until("all are healthy", |board| board.counts().healthy as usize == self.servers.len()).await;
    }

    pub(crate) fn engine(&self) -> &Engine {
        self.engine.as_ref().unwrap()
    }

    pub(crate) async fn start_engine(&mut self) {
        let mut config = Config::new(self.folder.path("drainboard.db"));
        config.automatic_grace = Duration::ZERO;
        self.engine = Some(Engine::start(config).await.unwrap());
    }

    pub(crate) async fn stop_engine(&mut self) {
        if let Some(engine) = self.engine.take() {
            engine.stop().await;
        }
    }

    pub(crate) async fn start_proxy(&mut self) {
        let program = match self.kind {
            ProxyKind::Haproxy => {
                let arguments = ["-W", "-db", "-S", &self.folder.path("master.sock"), "-f", &self.config];
                Program::start("haproxy", &arguments, &self.folder, "haproxy.log")
            }
            ProxyKind::Caddy => Program::start("caddy", &["run", "--config", &self.config], &self.folder, "caddy.log"),
        };
        self.proxy = Some(program);
        let front = self.front;
        wait_for("the proxy listens", || async move { connects(front).then_some(()) }).await;
    }

    pub(crate) fn stop_proxy(&mut self) {
        self.proxy = None;
    }

    /// Makes the proxy read its configuration again, as an operator does.
    pub(crate) async fn reload_proxy(&self) {
        match self.kind {
            ProxyKind::Haproxy => reload_haproxy(&self.folder.path("master.sock")).await,
            ProxyKind::Caddy => {
                let address = self.address.strip_prefix("http://").unwrap();
                let arguments = ["reload", "--force", "--config", &self.config, "--address", address];
                Program::start("caddy", &arguments, &self.folder, "reload.log").wait();
            }
        }
    }

    /// Says something to HAProxy behind Drainboard's back.
    pub(crate) async fn say_to_haproxy(&self, command: &str) {
        let path = self.address.strip_prefix("unix:").unwrap();
        let mut socket = tokio::net::UnixStream::connect(path).await.unwrap();
        socket.write_all(format!("{command}\n").as_bytes()).await.unwrap();
        let mut answer = String::new();
        socket.read_to_string(&mut answer).await.unwrap();
        assert_eq!(answer.trim(), "", "{command}");
    }

    pub(crate) fn id(&self, index: usize) -> TargetId {
        self.targets[index].id
    }

    pub(crate) async fn drain(&self, index: usize) {
        self.engine().drain(web(), vec![self.id(index)], DrainAsk::default(), me()).await.unwrap();
    }

    pub(crate) async fn bring_back(&self, index: usize) {
        self.engine().return_to_service(web(), vec![self.id(index)], me()).await.unwrap();
    }

    /// Waits until the board is so.
    pub(crate) async fn until(&self, what: &str, holds: impl Fn(&Board) -> bool) {
        let engine = self.engine();
        let look = || async { engine.with_board(|board| holds(board)).then_some(()) };
        let found = tokio::time::timeout(Duration::from_secs(30), wait_for(what, look)).await;
        assert!(found.is_ok(), "waited in vain for: {what}\n{:#?}", engine.with_board(|b| b.bindings.clone()));
    }

    pub(crate) async fn until_admin(&self, index: usize, wanted: AdminState) {
        let what = format!("target {index} is {} in the proxy", wanted.as_str());
        self.until(&what, |board| self.admin(board, index) == Some(wanted)).await;
    }

    pub(crate) async fn until_status(&self, index: usize, wanted: Status) {
        let what = format!("target {index} is {wanted}");
        self.until(&what, |board| self.status(board, index) == Some(wanted)).await;
    }

    pub(crate) async fn until_stage(&self, index: usize, wanted: DrainStage) {
        self.until("the drain is so far", |board| {
            let target = board.target(&web(), self.id(index));
            target.and_then(|target| target.drain.as_ref()).is_some_and(|drain| drain.stage == wanted)
        })
        .await;
    }

    pub(crate) fn admin(&self, board: &Board, index: usize) -> Option<AdminState> {
        let front = board.fronts(&self.targets[index]).into_iter().next()?;
        front.proxy.link.is_up().then(|| front.admin())?
    }

    pub(crate) fn status(&self, board: &Board, index: usize) -> Option<Status> {
        let group = board.groups.get(&web())?;
        Some(group.targets.get(&self.id(index))?.standing(&group.group).status)
    }

    pub(crate) fn binding_id(&self) -> BindingId {
        self.binding.as_ref().unwrap().id
    }

    pub(crate) fn with_binding<T>(&self, read: impl FnOnce(&BindingState) -> T) -> T {
        self.engine().with_board(|board| read(&board.bindings[&self.binding_id()]))
    }

    /// What is on the record, oldest first.
    pub(crate) async fn events(&self) -> Vec<Event> {
        let filter = EventFilter { since: Some(domain::EventNumber(0)), limit: 10_000, ..EventFilter::default() };
        self.engine().events(filter).await.unwrap()
    }

    /// So often the proxy was told something about a server.
    pub(crate) async fn times_told(&self) -> usize {
        let is_told = |event: &&Event| matches!(event.kind, EventKind::ServerTold { .. });
        self.events().await.iter().filter(is_told).count()
    }
}

fn haproxy(socket: &str, front: u16, servers: &[Server]) -> String {
    let lines = servers.iter().enumerate();
    let lines: Vec<String> = lines.map(|(n, s)| format!(" server s{n} 127.0.0.1:{} check\n", s.port)).collect();
    format!(
        "global\n stats socket {socket} mode 600 level admin\n\
         defaults\n mode http\n timeout connect 2s\n timeout client 60s\n timeout server 60s\n\
         frontend front\n bind 127.0.0.1:{front}\n default_backend web\n\
         backend web\n default-server inter 200ms fall 3 rise 1\n{}",
        lines.concat()
    )
}

fn caddy(admin: u16, front: u16, servers: &[Server]) -> String {
    let upstream = |(n, server): (usize, &Server)| json!({ "dial": format!("127.0.0.1:{}", server.port), "max_requests": 100 + n });
    let upstreams: Vec<_> = servers.iter().enumerate().map(upstream).collect();
    let handler = json!({ "@id": "web", "handler": "reverse_proxy", "upstreams": upstreams,
        "load_balancing": { "selection_policy": { "policy": "round_robin" } } });
    json!({
        "admin": { "listen": format!("127.0.0.1:{admin}"), "config": { "persist": false } },
        "apps": { "http": { "servers": { "srv0": {
            "listen": [format!("127.0.0.1:{front}")],
            "automatic_https": { "disable": true },
            "routes": [{ "handle": [handler] }],
        } } } },
    })
    .to_string()
}
