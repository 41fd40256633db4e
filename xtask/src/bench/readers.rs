//! Many readers of the live stream in one thread: each notes when the frames up to which event were there.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::SocketAddr;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, bail};
use memchr::memchr;
use mio::net::TcpStream;
use mio::{Events, Interest, Poll, Token};

/// The first line of a frame is no longer, as far as it is of interest.
const LINE_MAX: usize = 64;

/// Open streams.
pub(crate) struct Readers {
    poll: Poll,
    readers: Vec<Reader>,
    buffer: Vec<u8>,
}

/// One stream.
struct Reader {
    stream: TcpStream,
    line: Vec<u8>,
    /// The number of the frame that is being read.
    id: Option<u64>,
    arrivals: Vec<Arrival>,
    /// All that came, of the one reader whose frames are read.
    text: Option<Vec<u8>>,
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

    /// Opens so many streams more. `keep` keeps what comes.
    pub(crate) fn open(&mut self, address: SocketAddr, path: &str, count: usize, keep: bool) -> Result<()> {
        // Of HTTP/1.0, so that the frames come without others around them.
        let request = format!("GET {path} HTTP/1.0\r\nHost: {address}\r\nAccept: text/event-stream\r\n\r\n");
        for _ in 0..count {
            let stream = std::net::TcpStream::connect(address).context("cannot connect")?;
            (&stream).write_all(request.as_bytes())?;
            stream.set_nonblocking(true)?;
            let mut stream = TcpStream::from_std(stream);
            self.poll.registry().register(&mut stream, Token(self.readers.len()), Interest::READABLE)?;
            let text = keep.then(Vec::new);
            let (line, arrivals) = (Vec::new(), Vec::new());
            self.readers.push(Reader { stream, line, id: None, arrivals, text, is_open: true });
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
        let kept = self.readers.iter().find_map(|reader| reader.text.as_deref()).context("nobody kept what came")?;
        Ok(std::str::from_utf8(kept)?)
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

    /// Frames are lines; an empty one ends a frame. Only the line with the number is looked at.
    fn scan(&mut self, mut part: &[u8]) {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let at = u64::try_from(now.as_micros()).unwrap_or(u64::MAX);
        if let Some(text) = &mut self.text {
            text.extend_from_slice(part);
        }
        while !part.is_empty() {
            let end = memchr(b'\n', part);
            let line = &part[..end.unwrap_or(part.len())];
            self.line.extend_from_slice(&line[..line.len().min(LINE_MAX.saturating_sub(self.line.len()))]);
            let Some(end) = end else { return };
            part = &part[end + 1..];
            if self.line.is_empty() {
                self.arrivals.extend(self.id.take().map(|upto| Arrival { upto, at }));
            } else if let Some(id) = self.line.strip_prefix(b"id: ") {
                self.id = std::str::from_utf8(id).ok().and_then(|id| id.trim().parse().ok());
            }
            self.line.clear();
        }
    }
}

/// An event that changed a status: its number and when it was judged, in microseconds since 1970.
pub(crate) fn changes(text: &str) -> Result<Vec<(u64, u64)>> {
    let mut changes = Vec::new();
    for data in text.lines().filter_map(|line| line.strip_prefix("data: ")) {
        let data: serde_json::Value = serde_json::from_str(data)?;
        let events = data.get("events").unwrap_or(&data).as_array();
        for event in events.into_iter().flatten() {
            if event["kind"]["with"]["transition"].is_object() {
                let (Some(number), Some(at)) = (event["number"].as_u64(), event["at"].as_u64()) else {
                    bail!("an event without number or time: {event}");
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
        let text = "event: events\ndata: [{\"number\":7,\"at\":5,\"kind\":{\"is\":\"checked\",\"with\":{\"transition\":{}}}},\
                    {\"number\":8,\"at\":6,\"kind\":{\"is\":\"checked\",\"with\":{}}}]\n\n";
        assert_eq!(changes(text).unwrap(), [(7, 5000)]);
    }
}
