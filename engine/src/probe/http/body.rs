//! Reads the body of an answer to its end, and searches it for a text where one is wanted.

use domain::{Failure, MalformedAnswer};

use super::chunks::Chunks;
use super::head::Framing;

/// So much of a body is read.
pub(super) const BODY_MAX: usize = 64 * 1024;
/// So much is read to get there; the rest are the sizes of chunks.
const WIRE_MAX: usize = 2 * BODY_MAX;

/// A body that is being read.
#[derive(Debug)]
pub(super) struct Body {
    wanted: Option<Vec<u8>>,
    data: Data,
    searched: usize,
    wire: usize,
    framing: Remaining,
}

/// What came of a body: itself where it is searched, else only how much.
#[derive(Debug)]
pub(super) struct Data {
    kept: Option<Vec<u8>>,
    length: usize,
}

#[derive(Debug)]
enum Remaining {
    Length(u64),
    Chunked(Chunks),
    UntilClose,
}

/// How far a body is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// All that is wanted is there.
    Yes,
    /// The text does not occur, and nothing more will be read.
    No,
    /// There is more to come.
    NotYet,
}

impl Body {
    /// A body whose end is seen by `framing`, and in which `wanted` should occur.
    pub(super) fn new(wanted: Option<&str>, framing: Framing) -> Self {
        let framing = match framing {
            Framing::Length(length) => Remaining::Length(length),
            Framing::Chunked => Remaining::Chunked(Chunks::begin()),
            Framing::UntilClose => Remaining::UntilClose,
        };
        let wanted = wanted.map(|text| text.as_bytes().to_vec());
        let data = if wanted.is_some() { Data::kept() } else { Data::counted() };
        Self { wanted, data, searched: 0, wire: 0, framing }
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
        taken.map_err(Failure::Malformed)?;
        let is_over = self.is_complete() || self.data.length >= BODY_MAX || self.wire >= WIRE_MAX;
        Ok(match (is_over, &self.wanted) {
            (false, _) => Found::NotYet,
            (true, Some(_)) => Found::No,
            (true, None) => Found::Yes,
        })
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

    fn take(&mut self, bytes: &[u8]) -> Result<(), MalformedAnswer> {
        let room = BODY_MAX - self.data.length;
        let taken = match &mut self.framing {
            Remaining::Chunked(chunks) => return chunks.take(bytes, &mut self.data, BODY_MAX),
            Remaining::UntilClose => bytes.len().min(room),
            Remaining::Length(to_come) => {
                let taken = usize::try_from(*to_come).unwrap_or(usize::MAX).min(bytes.len()).min(room);
                *to_come -= taken as u64;
                taken
            }
        };
        self.data.push(&bytes[..taken]);
        Ok(())
    }

    /// Looks only where it has not looked, and where the text may straddle the border.
    fn occurs(&mut self) -> bool {
        let (Some(wanted), Some(body)) = (&self.wanted, &self.data.kept) else { return false };
        let length = wanted.len().max(1);
        let from = self.searched.saturating_sub(length - 1);
        self.searched = body.len();
        wanted.is_empty() || body[from..].windows(length).any(|window| window == wanted)
    }
}

impl Data {
    /// Keeps what comes.
    pub(super) fn kept() -> Self {
        Self { kept: Some(Vec::new()), length: 0 }
    }

    /// Counts what comes.
    pub(super) fn counted() -> Self {
        Self { kept: None, length: 0 }
    }

    /// Takes the next bytes.
    pub(super) fn push(&mut self, bytes: &[u8]) {
        self.length += bytes.len();
        if let Some(kept) = &mut self.kept {
            kept.extend_from_slice(bytes);
        }
    }

    /// How much came.
    pub(super) fn len(&self) -> usize {
        self.length
    }

    /// What was kept.
    #[cfg(test)]
    pub(super) fn bytes(&self) -> &[u8] {
        self.kept.as_deref().unwrap_or_default()
    }
}
