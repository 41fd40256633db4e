//! Many readers of the live stream in one thread: each notes when the frames up to which event were there.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::SocketAddr;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, bail};
use memchr::memmem::find;
use mio::net::TcpStream;
use mio::{Events, Interest, Poll, Token};

/// What a frame with events begins with, also within a compressed stream, where it stands in the open.
const FRAME_BEGINS: &[u8] = b"id: ";

/// What comes of a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reading {
    /// As a browser asks for it, compressed; only when it came is noted.
    Noted,
    /// Plain, and all of it is kept.
    Kept,
}

impl Reading {
    /// What a frame ends with: an empty line, or what a flush of the compression leaves.
    fn frame_ends(self) -> &'static [u8] {
        match self {
            Reading::Noted => &[0, 0, 0xff, 0xff],
            Reading::Kept => b"\n\n",
        }
    }
}

/// Open streams.
pub(crate) struct Readers {
    poll: Poll,
    readers: Vec<Reader>,
    buffer: Vec<u8>,
}

/// One stream.
struct Reader {
    stream: TcpStream,
    reading: Reading,
    /// What was not looked at yet.
    rest: Vec<u8>,
    /// The number of the frame that is being read.
    id: Option<u64>,
    arrivals: Vec<Arrival>,
    /// What came, where it is kept.
    text: Vec<u8>,
    bytes: u64,
    is_open: bool,
}

/// Every event up to a number was there at a time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Arrival {
    pub(crate) upto: u64,
    /// Microseconds since 1970.
    pub(crate) at: u64,
}

impl Readers {
    pub(crate) fn new() -> Result<Readers> {
        rlimit::increase_nofile_limit(u64::MAX).context("cannot raise the limit of open files")?;
        Ok(Readers { poll: Poll::new()?, readers: Vec::new(), buffer: vec![0; 1 << 18] })
    }

    /// Opens so many streams more.
    pub(crate) fn open(&mut self, address: SocketAddr, path: &str, count: usize, reading: Reading) -> Result<()> {
        // Of HTTP/1.0, so that the frames come without others around them.
        let coding = if reading == Reading::Noted { "Accept-Encoding: gzip\r\n" } else { "" };
        let head = format!("GET {path} HTTP/1.0\r\nHost: {address}\r\nAccept: text/event-stream\r\n");
        let request = format!("{head}{coding}\r\n");
        for _ in 0..count {
            let stream = std::net::TcpStream::connect(address).context("cannot connect")?;
            (&stream).write_all(request.as_bytes())?;
            stream.set_nonblocking(true)?;
            let mut stream = TcpStream::from_std(stream);
            self.poll.registry().register(&mut stream, Token(self.readers.len()), Interest::READABLE)?;
            let (rest, arrivals, text) = (Vec::new(), Vec::new(), Vec::new());
            self.readers.push(Reader { stream, reading, rest, id: None, arrivals, text, bytes: 0, is_open: true });
        }
        Ok(())
    }

    /// Reads for so long.
    pub(crate) fn read(&mut self, time: Duration) -> Result<()> {
        let mut events = Events::with_capacity(4096);
        let end = Instant::now() + time;
        while let Some(left) = end.checked_duration_since(Instant::now()) {
            match self.poll.poll(&mut events, Some(left)) {
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                polled => polled?,
            }
            for event in &events {
                self.readers[event.token().0].take(&mut self.buffer)?;
            }
        }
        Ok(())
    }

    pub(crate) fn open_count(&self) -> usize {
        self.readers.iter().filter(|reader| reader.is_open).count()
    }

    /// When which frames came, reader by reader.
    pub(crate) fn arrivals(&self) -> impl Iterator<Item = &[Arrival]> {
        self.readers.iter().map(|reader| reader.arrivals.as_slice())
    }

    /// What came to the reader that kept it.
    pub(crate) fn text(&self) -> Result<&str> {
        let keeper = self.readers.iter().find(|reader| reader.reading == Reading::Kept);
        Ok(std::str::from_utf8(&keeper.context("nobody kept what came")?.text)?)
    }

    /// What came to all of them together.
    pub(crate) fn bytes(&self) -> u64 {
        self.readers.iter().map(|reader| reader.bytes).sum()
    }
}

impl Reader {
    fn take(&mut self, buffer: &mut [u8]) -> Result<()> {
        loop {
            match self.stream.read(buffer) {
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(()),
                Err(_) | Ok(0) => {
                    self.is_open = false;
                    return Ok(());
                }
                Ok(length) => self.scan(&buffer[..length]),
            }
        }
    }

    fn scan(&mut self, part: &[u8]) {
        let at = micros();
        self.bytes += part.len() as u64;
        if self.reading == Reading::Kept {
            self.text.extend_from_slice(part);
        }
        self.rest.extend_from_slice(part);
        let mut done = 0;
        while let Some(length) = self.step(done, at) {
            done += length;
        }
        // What is looked for may be there in part.
        self.rest.drain(..done);
    }

    /// Looks for the next begin or end of a frame; says how much was passed over, nothing where more must come.
    fn step(&mut self, from: usize, at: u64) -> Option<usize> {
        let rest = &self.rest[from..];
        match self.id {
            None => {
                let begin = find(rest, FRAME_BEGINS)? + FRAME_BEGINS.len();
                let length = find(&rest[begin..], b"\n")?;
                self.id = std::str::from_utf8(&rest[begin..begin + length]).ok().and_then(|id| id.parse().ok());
                Some(begin + length)
            }
            Some(upto) => {
                let ends = self.reading.frame_ends();
                let end = find(rest, ends)?;
                self.arrivals.push(Arrival { upto, at });
                self.id = None;
                Some(end + ends.len())
            }
        }
    }
}

/// Microseconds since 1970.
#[expect(
    clippy::disallowed_methods,
    reason = "this is compared with the times that Drainboard gives, on the same machine"
)]
pub(crate) fn micros() -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(now.as_micros()).unwrap_or(u64::MAX)
}

/// The events that changed a status: number of each and when it was judged, in microseconds since 1970.
pub(crate) fn changes(text: &str) -> Result<Vec<(u64, u64)>> {
    let mut changes = Vec::new();
    for data in text.lines().filter_map(|line| line.strip_prefix("data: ")) {
        let data: serde_json::Value = serde_json::from_str(data)?;
        // Newest first.
        for line in data["lines"].as_array().into_iter().flatten().rev() {
            if line["is_change"] == true {
                let (Some(number), Some(at)) = (line["number"].as_u64(), line["at"].as_u64()) else {
                    bail!("an event without number or time: {line}");
                };
                changes.push((number, at * 1000));
            }
        }
    }
    Ok(changes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_of_status_are_found_among_the_events() {
        let text = "event: news\ndata: {\"lines\":[{\"number\":8,\"at\":6,\"is_change\":false},\
                    {\"number\":7,\"at\":5,\"is_change\":true}]}\n\n";
        assert_eq!(changes(text).unwrap(), [(7, 5000)]);
    }
}
