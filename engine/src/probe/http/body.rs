//! Searches the body of an answer for a text.

use domain::Failure;

use super::chunks::Chunks;
use super::head::Framing;

/// So much of a body is searched.
pub(super) const BODY_MAX: usize = 64 * 1024;
/// So much is read to get there; the rest are the sizes of chunks.
const WIRE_MAX: usize = 2 * BODY_MAX;

/// A search under way.
#[derive(Debug)]
pub(super) struct Search {
    wanted: Vec<u8>,
    body: Vec<u8>,
    searched: usize,
    wire: usize,
    framing: Remaining,
}

#[derive(Debug)]
enum Remaining {
    Length(u64),
    Chunked(Chunks),
    UntilClose,
}

/// How far a search is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// The text occurs.
    Yes,
    /// It does not, and nothing more will be read.
    No,
    /// It did not yet.
    NotYet,
}

impl Search {
    /// A search for `wanted` in a body whose end is seen by `framing`.
    pub(super) fn new(wanted: &str, framing: Framing) -> Self {
        let framing = match framing {
            Framing::Length(length) => Remaining::Length(length),
            Framing::Chunked => Remaining::Chunked(Chunks::begin()),
            Framing::UntilClose => Remaining::UntilClose,
        };
        Self { wanted: wanted.as_bytes().to_vec(), body: Vec::new(), searched: 0, wire: 0, framing }
    }

    /// Takes the next bytes.
    pub(super) fn feed(&mut self, bytes: &[u8]) -> Result<Found, Failure> {
        let bytes = &bytes[..bytes.len().min(WIRE_MAX - self.wire)];
        self.wire += bytes.len();
        // The text may stand before the fault: then it was found, however the bytes were cut.
        let taken = self.take(bytes);
        if self.occurs() {
            return Ok(Found::Yes);
        }
        taken.map_err(|why| Failure::Malformed(why.to_owned()))?;
        let over = self.is_complete() || self.body.len() >= BODY_MAX || self.wire >= WIRE_MAX;
        Ok(if over { Found::No } else { Found::NotYet })
    }

    /// The peer closed. Whether the body was whole.
    pub(super) fn may_end_here(&self) -> bool {
        self.is_complete() || matches!(self.framing, Remaining::UntilClose)
    }

    fn is_complete(&self) -> bool {
        match &self.framing {
            Remaining::Length(to_come) => *to_come == 0,
            Remaining::Chunked(chunks) => chunks.are_over(),
            Remaining::UntilClose => false,
        }
    }

    fn take(&mut self, bytes: &[u8]) -> Result<(), &'static str> {
        let room = BODY_MAX - self.body.len();
        let taken = match &mut self.framing {
            Remaining::Chunked(chunks) => return chunks.take(bytes, &mut self.body, BODY_MAX),
            Remaining::UntilClose => bytes.len().min(room),
            Remaining::Length(to_come) => {
                let taken = usize::try_from(*to_come).unwrap_or(usize::MAX).min(bytes.len()).min(room);
                *to_come -= taken as u64;
                taken
            }
        };
        self.body.extend_from_slice(&bytes[..taken]);
        Ok(())
    }

    /// Looks only where it has not looked, and where the text may straddle the border.
    fn occurs(&mut self) -> bool {
        let length = self.wanted.len().max(1);
        let from = self.searched.saturating_sub(length - 1);
        self.searched = self.body.len();
        self.wanted.is_empty() || self.body[from..].windows(length).any(|window| window == self.wanted)
    }
}
