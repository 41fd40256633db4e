//! A small HTTP server behind a proxy: answers at once, except for a path that waits until the test lets it go.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

/// The path that waits.
const WAITS: &str = "/wait";

/// Ends when it is dropped.
pub(crate) struct Backend {
    pub(crate) address: SocketAddr,
    lets_go: watch::Sender<bool>,
    _tasks: JoinSet<()>,
}

impl Backend {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (lets_go, is_let_go) = watch::channel(false);
        let mut tasks = JoinSet::new();
        tasks.spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                connections.spawn(answer(stream, is_let_go.clone()));
            }
        });
        Self { address, lets_go, _tasks: tasks }
    }

    /// Answers what waits.
    pub(crate) fn let_go(&self) {
        self.lets_go.send_replace(true);
    }
}

async fn answer(mut stream: TcpStream, mut is_let_go: watch::Receiver<bool>) {
    let mut request = vec![0; 4096];
    while let Ok(read) = stream.read(&mut request).await {
        if read == 0 {
            return;
        }
        if String::from_utf8_lossy(&request[..read]).contains(WAITS) {
            let _ = is_let_go.wait_for(|is| *is).await;
        }
        if stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok").await.is_err() {
            return;
        }
    }
}

/// A request through a proxy that waits for [`Backend::let_go`].
pub(crate) async fn waiting_request(port: u16) -> TcpStream {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    stream.write_all(format!("GET {WAITS} HTTP/1.1\r\nHost: x\r\n\r\n").as_bytes()).await.unwrap();
    stream
}
