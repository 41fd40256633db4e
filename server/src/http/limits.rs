//! How much of anything a client may ask for.

use std::time::Duration;

/// How many clients there may be at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Crowd {
    /// Open connections.
    pub(crate) connections: usize,
    /// Open streams of events, browsers and scripts together.
    pub(crate) streams: usize,
}

impl Crowd {
    /// Memory, and the time in which a change reaches all, is provided for so many.
    pub(crate) const MAX: Self = Self { connections: 14_000, streams: 12_000 };

    /// Where the program may have `files` open: each connection is one, and checks need some, too.
    pub(crate) fn for_files(files: u64) -> Self {
        let connections = usize::try_from(files / 4 * 3).unwrap_or(usize::MAX).min(Self::MAX.connections);
        Self { connections, streams: (connections / 4 * 3).min(Self::MAX.streams) }
    }
}

/// All headers of a request, with its first line.
pub(crate) const HEAD_MAX: usize = 32 * 1024;

/// What is read of a connection before it is understood, and what waits to be sent: beyond it, answers wait themselves.
pub(crate) const BUFFER_MAX: usize = 2 * HEAD_MAX;

/// Path and query of a request.
pub(crate) const URL_MAX: usize = 8 * 1024;

/// A form.
pub(crate) const FORM_MAX: usize = 256 * 1024;

/// A JSON body.
pub(crate) const JSON_MAX: usize = 1024 * 1024;

/// From the opening of a connection, or from the last answer, until the headers of a request are there.
pub(crate) const HEAD_READ_MAX: Duration = Duration::from_secs(30);

/// From the headers of a request until its body is there.
pub(crate) const BODY_READ_MAX: Duration = Duration::from_secs(15);

/// Items in one page of a list.
pub(crate) const PAGE_MAX: u32 = 1000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_files_leave_room_for_checks_and_for_requests() {
        assert_eq!(Crowd::for_files(1024), Crowd { connections: 768, streams: 576 });
        assert_eq!(Crowd::for_files(1 << 20), Crowd { connections: 14_000, streams: 10_500 });
    }
}
