//! Clients that ask for one thing after the other, as fast as they are answered.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};

/// A client that hears nothing for so long asks again.
const PATIENCE: Duration = Duration::from_secs(10);

/// One request.
#[derive(Clone, Copy)]
pub(super) struct Request {
    pub(super) ended: Instant,
    pub(super) took: Duration,
    pub(super) is_well: bool,
}

/// Clients that run.
pub(super) struct Clients {
    end: Arc<AtomicBool>,
    threads: Vec<JoinHandle<Vec<Request>>>,
}

impl Clients {
    pub(super) fn start(count: usize, front: SocketAddr) -> Clients {
        let end = Arc::new(AtomicBool::new(false));
        let threads = (0..count).map(|_| {
            let end = Arc::clone(&end);
            thread::spawn(move || ask(front, &end))
        });
        let threads = threads.collect();
        Clients { end, threads }
    }

    /// Ends them, and gives all requests.
    pub(super) fn end(self) -> Vec<Request> {
        self.end.store(true, Ordering::Relaxed);
        self.threads.into_iter().flat_map(|thread| thread.join().unwrap_or_default()).collect()
    }
}

fn ask(front: SocketAddr, end: &AtomicBool) -> Vec<Request> {
    let mut requests = Vec::new();
    let mut connection = None;
    while !end.load(Ordering::Relaxed) {
        let began = Instant::now();
        let answered = exchange(&mut connection, front);
        let (ended, is_well) = (Instant::now(), matches!(answered, Ok(true)));
        requests.push(Request { ended, took: ended - began, is_well });
        if !is_well {
            connection = None;
        }
    }
    requests
}

/// One request on a connection that is kept; whether it was served.
fn exchange(connection: &mut Option<BufReader<TcpStream>>, front: SocketAddr) -> Result<bool> {
    if connection.is_none() {
        let stream = TcpStream::connect_timeout(&front, PATIENCE)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        *connection = Some(BufReader::new(stream));
    }
    let reader = connection.as_mut().context("no connection")?;
    reader.get_mut().write_all(b"GET / HTTP/1.1\r\nHost: bench\r\n\r\n")?;
    let (mut is_well, mut length, mut line) = (false, 0, String::new());
    while line != "\r\n" {
        line.clear();
        if reader.read_line(&mut line)? == 0 {
            return Ok(false);
        }
        is_well |= line.starts_with("HTTP/1.1 200");
        if let Some(text) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = text.trim().parse()?;
        }
    }
    reader.read_exact(&mut vec![0; length])?;
    Ok(is_well)
}
