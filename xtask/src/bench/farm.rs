//! The targets: a process of one thread that answers every request with 200 and stamps each connection.
//!
//! It is told by its standard input: each byte is stamped like a connection, as a mark; the end of the input is its own.

use std::fmt::Write as _;
use std::fs;
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::net::SocketAddr;
use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result};
use mio::net::{TcpListener, TcpStream};
use mio::unix::SourceFd;
use mio::{Events, Interest, Poll, Token};

use super::options::Load;

/// Where all targets listen, each on its own address.
pub(crate) const PORT: u16 = 8188;

/// How the targets answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Manner {
    /// Always well.
    Steady,
    /// Well and not well, in turns.
    Flipping,
}

impl Manner {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Manner::Steady => "steady",
            Manner::Flipping => "flipping",
        }
    }
}

const ANSWER: &[u8] = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok";

const REFUSAL: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 2\r\n\r\nno";

/// No checker here asks for more.
const REQUEST_MAX: usize = 4096;

/// Serves so many targets until the standard input ends, then writes the stamps: a target's index and microseconds since
/// the start a line. A mark has the index after the last target's.
pub(crate) fn farm(targets: &str, manner: &str, stamps: &Path) -> Result<()> {
    rlimit::increase_nofile_limit(u64::MAX).context("cannot raise the limit of open files")?;
    let is_flipping = manner == Manner::Flipping.as_str();
    let mut farm = Farm::open(Load::from((targets.parse()?, 1)), is_flipping)?;
    io::stdout().write_all(b"ready\n")?;
    farm.serve()?;
    farm.write(stamps).with_context(|| format!("cannot write {}", stamps.display()))
}

struct Farm {
    poll: Poll,
    began: Instant,
    listeners: Vec<TcpListener>,
    /// Tokens below are listeners', this one is the standard input's, those above are connections'.
    marks: usize,
    connections: Vec<Option<(TcpStream, &'static [u8])>>,
    /// What each target answers next; nothing where all are always well.
    next: Vec<bool>,
    free: Vec<usize>,
    stamps: Vec<(usize, u128)>,
}

impl Farm {
    fn open(load: Load, is_flipping: bool) -> Result<Farm> {
        let poll = Poll::new()?;
        let mut listeners = Vec::new();
        for (index, ip) in load.addresses().enumerate() {
            let address = SocketAddr::from((ip, PORT));
            let mut listener = TcpListener::bind(address).with_context(|| format!("cannot listen on {address}"))?;
            poll.registry().register(&mut listener, Token(index), Interest::READABLE)?;
            listeners.push(listener);
        }
        let marks = listeners.len();
        poll.registry().register(&mut SourceFd(&0), Token(marks), Interest::READABLE)?;
        let next = if is_flipping { vec![true; marks] } else { Vec::new() };
        let (connections, free, stamps) = (Vec::new(), Vec::new(), Vec::new());
        Ok(Farm { poll, began: Instant::now(), listeners, marks, connections, next, free, stamps })
    }

    fn serve(&mut self) -> Result<()> {
        let mut events = Events::with_capacity(1024);
        loop {
            match self.poll.poll(&mut events, None) {
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                polled => polled?,
            }
            for event in &events {
                let Token(token) = event.token();
                if token < self.marks {
                    self.accept(token)?;
                } else if token > self.marks {
                    self.answer(token - self.marks - 1);
                } else if self.mark()? == 0 || event.is_read_closed() {
                    return Ok(());
                }
            }
        }
    }

    fn accept(&mut self, target: usize) -> Result<()> {
        loop {
            let mut stream = match self.listeners[target].accept() {
                Ok((stream, _)) => stream,
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(()),
                // Who came has gone again.
                Err(error) if error.kind() == ErrorKind::ConnectionAborted => continue,
                Err(error) => return Err(error).context("the farm cannot accept a connection"),
            };
            self.stamp(target);
            let place = self.free.pop().unwrap_or_else(|| {
                self.connections.push(None);
                self.connections.len() - 1
            });
            self.poll.registry().register(&mut stream, Token(self.marks + 1 + place), Interest::READABLE)?;
            self.connections[place] = Some((stream, self.next_answer(target)));
        }
    }

    fn next_answer(&mut self, target: usize) -> &'static [u8] {
        let Some(is_well) = self.next.get_mut(target) else { return ANSWER };
        *is_well = !*is_well;
        if *is_well { REFUSAL } else { ANSWER }
    }

    /// Answers a request that is whole, and closes the connection, as it also does with one that broke.
    fn answer(&mut self, place: usize) {
        let Some((stream, answer)) = &mut self.connections[place] else { return };
        let mut request = [0; REQUEST_MAX];
        match stream.read(&mut request) {
            Err(error) if error.kind() == ErrorKind::WouldBlock => return,
            Ok(length) if length > 0 => {
                // A checker that is gone will not mind.
                let _ = stream.write(answer);
            }
            _ => {}
        }
        self.connections[place] = None;
        self.free.push(place);
    }

    fn mark(&mut self) -> io::Result<usize> {
        let count = io::stdin().read(&mut [0; 64])?;
        (0..count).for_each(|_| self.stamp(self.marks));
        Ok(count)
    }

    fn stamp(&mut self, index: usize) {
        self.stamps.push((index, self.began.elapsed().as_micros()));
    }

    fn write(&self, file: &Path) -> io::Result<()> {
        let mut text = String::new();
        for (index, micros) in &self.stamps {
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{index} {micros}");
        }
        fs::write(file, text)
    }
}
