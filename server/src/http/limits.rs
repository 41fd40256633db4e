//! How much of anything a client may ask for.

use std::time::Duration;

/// Open connections.
pub(crate) const CONNECTIONS_MAX: usize = 2048;

/// Open streams of events, browsers and scripts together.
pub(crate) const STREAMS_MAX: usize = 512;

/// All headers of a request, with its first line.
pub(crate) const HEAD_MAX: usize = 32 * 1024;

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
