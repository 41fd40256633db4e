//! Something to check: a listener that accepts, until it is gone.

use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// A listener that answers every connection with a small page.
pub(crate) struct Backend {
    pub(crate) port: u16,
    accepting: JoinHandle<()>,
}

impl Backend {
    /// On a free port.
    pub(crate) async fn start() -> Self {
        Self::on(0).await
    }

    /// On this port.
    pub(crate) async fn on(port: u16) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", port)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let accepting = tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok";
                let _ = stream.write_all(answer).await;
            }
        });
        Self { port, accepting }
    }

    /// Closes the port.
    pub(crate) async fn kill(self) -> u16 {
        self.accepting.abort();
        let _ = self.accepting.await;
        self.port
    }
}
