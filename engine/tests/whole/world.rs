//! What the tests need: a folder, an engine on it, backends that behave as told.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use domain::{
    Actor, Board, Event, EventKind, Group, GroupDraft, GroupName, Protocol, Status, Target, TargetDraft, Via,
};
use engine::{Author, Config, Engine, Follow, Follower};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// Nothing that a test waits for takes this long unless it never comes.
pub(crate) const NEVER: Duration = Duration::from_secs(30);

/// A folder that goes when the test ends.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        let path = std::env::temp_dir().join(format!("drainboard-test-{}", uuid::Uuid::now_v7()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub(crate) fn database(&self) -> PathBuf {
        self.0.join("drainboard.db")
    }

    pub(crate) async fn engine(&self) -> Engine {
        self.engine_with(|_| {}).await
    }

    pub(crate) async fn engine_with(&self, change: impl FnOnce(&mut Config)) -> Engine {
        let mut config = Config::new(self.database());
        change(&mut config);
        Engine::start(config).await.unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

pub(crate) fn me() -> Author {
    Author { actor: Actor { via: Via::Api, address: None }, why: Some("test".to_owned()) }
}

pub(crate) fn web() -> GroupName {
    "web".parse().unwrap()
}

/// A group called web that is checked every 200 ms and decides after one pass or two failures.
pub(crate) fn group(change: impl FnOnce(&mut GroupDraft)) -> Group {
    let mut draft = GroupDraft { name: "web".to_owned(), ..GroupDraft::default_for(Protocol::Http) };
    draft.check.interval_ms = "200".to_owned();
    draft.check.timeout_ms = "200".to_owned();
    draft.check.healthy_threshold = "1".to_owned();
    change(&mut draft);
    draft.validate().unwrap()
}

pub(crate) async fn register(engine: &Engine, ports: &[u16]) -> Vec<Target> {
    let draft = |port: &u16| TargetDraft::parse("127.0.0.1", &port.to_string(), "", 80).unwrap();
    engine.register(web(), ports.iter().map(draft).collect(), me()).await.unwrap()
}

/// A backend on a free port of 127.0.0.1.
pub(crate) struct Backend {
    pub(crate) port: u16,
    task: JoinHandle<()>,
    most_at_once: Arc<AtomicUsize>,
    connections: Arc<AtomicUsize>,
}

impl Backend {
    /// Answers 200 to everything.
    pub(crate) async fn answers() -> Self {
        Self::start(0, true).await
    }

    /// Accepts and says nothing.
    pub(crate) async fn hangs() -> Self {
        Self::start(0, false).await
    }

    /// Answers on a port that was used before.
    pub(crate) async fn answers_again_on(port: u16) -> Self {
        Self::start(port, true).await
    }

    async fn start(port: u16, answers: bool) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", port)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (now, most_at_once, connections) = <(Arc<AtomicUsize>, Arc<AtomicUsize>, Arc<AtomicUsize>)>::default();
        let (most, total) = (Arc::clone(&most_at_once), Arc::clone(&connections));
        let task = tokio::spawn(async move {
            loop {
                let (mut socket, _) = listener.accept().await.unwrap();
                total.fetch_add(1, Ordering::SeqCst);
                most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                let now = Arc::clone(&now);
                tokio::spawn(async move {
                    let mut request = [0; 1024];
                    let mut read = socket.read(&mut request).await;
                    if answers && read.is_ok() {
                        let _ = socket.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok").await;
                    }
                    while matches!(read, Ok(1..)) {
                        read = socket.read(&mut request).await;
                    }
                    now.fetch_sub(1, Ordering::SeqCst);
                });
            }
        });
        Self { port, task, most_at_once, connections }
    }

    pub(crate) async fn dies(self) -> u16 {
        self.task.abort();
        let _ = self.task.await;
        self.port
    }

    pub(crate) fn most_at_once(&self) -> usize {
        self.most_at_once.load(Ordering::SeqCst)
    }

    pub(crate) fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }
}

/// Follows the events from here on.
pub(crate) fn follow(engine: &Engine) -> Follower {
    engine.follow(engine.with_board(|board| board.number))
}

/// The first event that `wanted` likes.
pub(crate) async fn next<T>(events: &mut Follower, mut wanted: impl FnMut(&Event) -> Option<T>) -> T {
    let search = async {
        loop {
            match events.next().await {
                Follow::Events(batch) => {
                    if let Some(found) = batch.iter().find_map(|published| wanted(&published.event)) {
                        return found;
                    }
                }
                other => panic!("{other:?}"),
            }
        }
    };
    tokio::time::timeout(NEVER, search).await.unwrap()
}

/// Waits until a target of the group web has this status.
pub(crate) async fn until(engine: &Engine, target: &Target, status: Status) {
    let mut events = follow(engine);
    if status_of(engine, target) == status {
        return;
    }
    next(&mut events, |event| match &event.kind {
        EventKind::Checked { target: id, transition: Some(change), .. } if *id == target.id => {
            (change.to == status).then_some(())
        }
        _ => None,
    })
    .await;
}

pub(crate) fn status_of(engine: &Engine, target: &Target) -> Status {
    engine.with_board(|board| status_on(board, target))
}

pub(crate) fn status_on(board: &Board, target: &Target) -> Status {
    let group = &board.groups[&target.group];
    group.targets[&target.id].standing(&group.group).status
}

/// Waits for the next check of a target.
pub(crate) async fn check_of(events: &mut Follower, target: &Target) -> domain::Observation {
    next(events, |event| match &event.kind {
        EventKind::Checked { target: id, observation, .. } if *id == target.id => Some(observation.clone()),
        _ => None,
    })
    .await
}
