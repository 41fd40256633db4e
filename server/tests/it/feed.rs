//! A reader of server-sent events.

use reqwest::{Method, Response};
use serde_json::Value;

use crate::program::{DEADLINE, Program};

/// A stream that is open.
pub(crate) struct Feed {
    response: Response,
    text: String,
}

/// An event of a stream.
#[derive(Debug, PartialEq)]
pub(crate) struct Frame {
    pub(crate) id: Option<u64>,
    pub(crate) event: String,
    pub(crate) data: Value,
}

impl Feed {
    /// Opens the stream at `path`.
    pub(crate) async fn open(program: &Program, path: &str, last_event_id: Option<u64>) -> Self {
        let url = format!("{}{path}", program.url);
        let mut request = program.client.request(Method::GET, url).header("accept", "text/event-stream");
        if let Some(id) = last_event_id {
            request = request.header("last-event-id", id.to_string());
        }
        let response = request.send().await.unwrap().error_for_status().unwrap();
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Self { response, text: String::new() }
    }

    /// The next event; none when the stream has ended.
    pub(crate) async fn next(&mut self) -> Option<Frame> {
        loop {
            while let Some((block, rest)) = self.text.split_once("\n\n") {
                let frame = parse(block);
                self.text = rest.to_owned();
                if frame.is_some() {
                    return frame;
                }
            }
            let chunk = tokio::time::timeout(DEADLINE, self.response.chunk()).await.expect("a frame in time");
            self.text.push_str(std::str::from_utf8(&chunk.ok()??).unwrap());
        }
    }

    /// The next event of this name; others are passed over.
    pub(crate) async fn next_named(&mut self, event: &str) -> Frame {
        loop {
            let frame = self.next().await.unwrap_or_else(|| panic!("the stream ended before {event}"));
            if frame.event == event {
                return frame;
            }
        }
    }
}

/// A block of lines; none if it is a comment or a setting.
fn parse(block: &str) -> Option<Frame> {
    let value = |name: &str| block.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
    let data = serde_json::from_str(value("data")?).unwrap();
    Some(Frame { id: value("id").map(|id| id.parse().unwrap()), event: value("event")?.to_owned(), data })
}
