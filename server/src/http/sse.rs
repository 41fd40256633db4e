//! Server-sent events: their frames, their answer, and how many may be open.

use std::convert::Infallible;
use std::fmt::Write as _;
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use domain::EventNumber;
use futures_util::Stream;
use futures_util::StreamExt as _;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::problem::{Kind, Problem};

/// A browser opens a stream that ended again after so many milliseconds.
pub(crate) const RETRY: &str = "retry: 1000\n\n";

/// The reader's place is unknown: it has to look at everything again.
pub(crate) const RESYNC: &str = "event: resync\ndata: {}\n\n";

/// A frame. `data` is JSON on one line.
pub(crate) fn frame(id: Option<EventNumber>, event: &str, data: &str) -> String {
    let mut frame = String::with_capacity(data.len() + event.len() + 48);
    if let Some(id) = id {
        // Writing to a string cannot fail.
        let _ = writeln!(frame, "id: {id}");
    }
    let _ = write!(frame, "event: {event}\ndata: {data}\n\n");
    frame
}

/// The answer that a stream of frames is.
pub(crate) fn respond<T: Into<Bytes> + 'static>(frames: impl Stream<Item = T> + Send + 'static) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/event-stream"),
        (header::CACHE_CONTROL, "no-store"),
        (header::HeaderName::from_static("x-accel-buffering"), "no"),
    ];
    (headers, Body::from_stream(frames.map(|frame| Ok::<Bytes, Infallible>(frame.into())))).into_response()
}

/// The streams that are open.
#[derive(Clone, Debug)]
pub(crate) struct Streams {
    places: Arc<Semaphore>,
    max: usize,
}

impl Streams {
    /// Room for so many.
    pub(crate) fn new(max: usize) -> Self {
        Self { places: Arc::new(Semaphore::new(max)), max }
    }

    /// A place for one more; it is free again when the permit is dropped.
    pub(crate) fn open(&self) -> Result<OwnedSemaphorePermit, Problem> {
        let busy = || Problem::new(Kind::Busy, format!("{} streams are open. Close one, or try later.", self.max));
        Arc::clone(&self.places).try_acquire_owned().map_err(|_| busy())
    }

    /// How many are open.
    pub(crate) fn count(&self) -> usize {
        self.max.saturating_sub(self.places.available_permits())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_has_its_number_its_kind_and_its_data() {
        assert_eq!(frame(Some(EventNumber(7)), "events", "[]"), "id: 7\nevent: events\ndata: []\n\n");
        assert_eq!(frame(None, "tick", "{}"), "event: tick\ndata: {}\n\n");
    }

    #[test]
    fn one_stream_too_many_is_refused_and_a_closed_one_makes_room() {
        let streams = Streams::new(5);
        let mut open: Vec<_> = (0..5).map(|_| streams.open().unwrap()).collect();
        assert!(streams.open().is_err());
        open.pop();
        open.push(streams.open().unwrap());
        assert_eq!(streams.count(), 5);
    }
}
