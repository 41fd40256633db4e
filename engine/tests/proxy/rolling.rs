//! A rolling restart under load: nobody notices.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use domain::{DrainStage, GroupDraft, Mode, ProxyKind, Status};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use crate::stage::{Stage, me, web};

/// So many requests are made at least.
const REQUESTS: usize = 20_000;

/// Clients that ask again and again.
struct Load {
    made: Arc<AtomicUsize>,
    failed: Arc<AtomicUsize>,
    stops: Arc<AtomicBool>,
    clients: JoinSet<()>,
}

impl Load {
    fn start(front: u16, clients: usize, is_reset_when_new: bool) -> Self {
        let mut load =
            Self { made: Arc::default(), failed: Arc::default(), stops: Arc::default(), clients: JoinSet::new() };
        for _ in 0..clients {
            let (made, failed, stops) = (Arc::clone(&load.made), Arc::clone(&load.failed), Arc::clone(&load.stops));
            load.clients.spawn(async move {
                let mut client = Client { front, kept: None, is_reset_when_new };
                while !stops.load(Ordering::Relaxed) {
                    made.fetch_add(1, Ordering::Relaxed);
                    if let Err(how) = client.request().await {
                        eprintln!("a request failed: {how}");
                        failed.fetch_add(1, Ordering::Relaxed);
                    }
                }
            });
        }
        load
    }

    async fn reaches(&self, count: usize) {
        crate::world::wait_for("enough requests", || async {
            (count <= self.made.load(Ordering::Relaxed)).then_some(())
        })
        .await;
    }

    async fn end(mut self) -> (usize, usize) {
        self.stops.store(true, Ordering::Relaxed);
        while let Some(ended) = self.clients.join_next().await {
            ended.unwrap();
        }
        (self.made.load(Ordering::Relaxed), self.failed.load(Ordering::Relaxed))
    }
}

/// A client that keeps its connection, as browsers and pools do. Where that was closed before anything of an answer
/// came, it asks once more on a new one (RFC 9110 §9.2.2). Caddy closes kept connections at every change.
struct Client {
    front: u16,
    kept: Option<TcpStream>,
    /// A new connection may be reset before anything of an answer came, and it asks once more then, too.
    is_reset_when_new: bool,
}

impl Client {
    /// An error says how it failed.
    async fn request(&mut self) -> Result<(), String> {
        if let Some(stream) = self.kept.take()
            && let Ok(stream) = ask(stream).await
        {
            self.kept = Some(stream);
            return Ok(());
        }
        let answered = match self.ask_anew().await {
            Err(how) if self.is_reset_when_new && how.contains("reset by peer") => self.ask_anew().await,
            answered => answered,
        };
        self.kept = Some(answered?);
        Ok(())
    }

    async fn ask_anew(&self) -> Result<TcpStream, String> {
        let stream = TcpStream::connect(("127.0.0.1", self.front)).await.map_err(|error| error.to_string())?;
        ask(stream).await
    }
}

const REQUEST: &[u8] = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n";

/// Asks, and gives the connection back when the whole answer is there.
async fn ask(mut stream: TcpStream) -> Result<TcpStream, String> {
    let failed = |what: &str, error: std::io::Error| format!("{what}: {error}");
    stream.write_all(REQUEST).await.map_err(|error| failed("send", error))?;
    let (mut answer, mut part) = (Vec::new(), [0; 1024]);
    while !answer.ends_with(b"\r\n\r\nok") {
        match stream.read(&mut part).await.map_err(|error| failed("receive", error))? {
            0 => return Err(format!("closed after {:?}", String::from_utf8_lossy(&answer))),
            read => answer.extend_from_slice(&part[..read]),
        }
        let is_bad = b"HTTP/1.1 200".len() <= answer.len() && !answer.starts_with(b"HTTP/1.1 200");
        // An answer that is wrong is none to ask again for.
        assert!(!is_bad, "{}", String::from_utf8_lossy(&answer));
    }
    Ok(stream)
}

/// Drains, stops, starts and returns each of four servers in turn, while clients ask.
async fn check(kind: ProxyKind) {
    let mut stage = Stage::set(kind, 4, Mode::ByHand).await;
    let group = stage.engine().with_board(|board| board.groups[&web()].group.clone());
    let draft = GroupDraft { deregistration_delay_s: "1".to_owned(), ..GroupDraft::from(&group) };
    stage.engine().edit_group(draft.validate().unwrap(), me()).await.unwrap();
    // Caddy listens anew beside itself for each configuration (SO_REUSEPORT). What waits to be accepted on the old socket when
    // that is closed the kernel resets (ip-sysctl: tcp_migrate_req): one of some hundred thousand requests here.
    let load = Load::start(stage.front, 8, kind == ProxyKind::Caddy);
    for index in 0..4 {
        load.reaches((index + 1) * REQUESTS / 5).await;
        stage.drain(index).await;
        stage.until_stage(index, DrainStage::Empty).await;
        stage.servers[index].end().await;
        let served = stage.servers[index].served();
        stage.servers[index].begin().await;
        stage.bring_back(index).await;
        stage.until_status(index, Status::Healthy).await;
        let server = &stage.servers[index];
        crate::world::wait_for("it serves again", || async { (served < server.served()).then_some(()) }).await;
    }
    load.reaches(REQUESTS).await;
    let (made, failed) = load.end().await;
    eprintln!("{kind}: {failed} of {made} requests failed");
    assert_eq!(failed, 0, "of {made}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rolling_restart_behind_haproxy_loses_no_request() {
    check(ProxyKind::Haproxy).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rolling_restart_behind_caddy_loses_no_request() {
    check(ProxyKind::Caddy).await;
}
