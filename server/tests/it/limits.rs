//! One more than there is room for is told so, and whoever leaves makes room.

use tokio::io::AsyncReadExt as _;
use tokio::net::TcpStream;

use crate::feed::Feed;
use crate::program::{Place, Program, eventually};

/// The program may have so many files open.
const FILES: u32 = 400;

/// As many as it takes then.
const STREAMS: usize = 225;
const CONNECTIONS: usize = 300;

async fn connect(program: &Program) -> TcpStream {
    TcpStream::connect(program.url.trim_start_matches("http://")).await.unwrap()
}

#[tokio::test]
async fn one_stream_too_many_is_refused_until_another_ends() {
    let place = Place::new();
    let program = place.start_with_files(FILES);
    let mut feeds = Vec::new();
    for _ in 0..STREAMS {
        feeds.push(Feed::open(&program, "/api/v1/events", None).await);
    }
    for path in ["/api/v1/events", "/live"] {
        let refused = program.client.get(format!("{}{path}", program.url)).header("accept", "text/event-stream");
        let refused = refused.send().await.unwrap();
        assert_eq!(
            (refused.status().as_u16(), refused.headers()["retry-after"].to_str().unwrap()),
            (503, "5"),
            "{path}"
        );
    }
    feeds.pop();
    eventually("room for a stream", || async {
        let response = program.client.get(format!("{}/live", program.url)).send().await.unwrap();
        response.status().is_success().then_some(())
    })
    .await;
}

#[tokio::test]
async fn one_connection_too_many_is_turned_away_with_a_sentence() {
    let place = Place::new();
    let program = place.start_with_files(FILES);
    let mut open = Vec::new();
    for _ in 0..CONNECTIONS {
        open.push(connect(&program).await);
    }
    let mut answer = String::new();
    connect(&program).await.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 503 ") && answer.contains("Retry-After: 5"), "{answer}");
    drop(open);
    eventually("room for a connection", || async {
        let response = program.client.get(format!("{}/livez", program.url)).send().await;
        response.ok().filter(|response| response.status().is_success())
    })
    .await;
}
