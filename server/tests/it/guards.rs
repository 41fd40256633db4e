//! What stands before every route, seen from outside, headers too large for it included.

use reqwest::{Method, StatusCode};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::program::{DEADLINE, Place, Program};

/// Sends these bytes and gives what comes back until the server closes.
async fn raw(program: &Program, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(program.url.trim_start_matches("http://")).await.unwrap();
    stream.write_all(bytes).await.unwrap();
    let mut answer = Vec::new();
    // A server that has heard enough may reset; what it said before that counts.
    let _ = tokio::time::timeout(DEADLINE, stream.read_to_end(&mut answer)).await.expect("an answer in time");
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn another_name_for_this_server_is_misdirected() {
    let place = Place::new();
    let program = place.start();
    let answer = raw(&program, b"GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n").await;
    assert!(answer.starts_with("HTTP/1.1 421 "), "{answer}");
    assert!(answer.contains("--allowed-host evil.example"), "{answer}");
    let answer =
        raw(&program, b"GET http://evil.example/ HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n").await;
    assert!(answer.starts_with("HTTP/1.1 421 "), "{answer}");
    let answer = raw(&program, b"GET / HTTP/1.0\r\n\r\n").await;
    assert!(answer.starts_with("HTTP/1.0 421 "), "{answer}");
}

#[tokio::test]
async fn heads_and_urls_have_a_limit() {
    let place = Place::new();
    let program = place.start();
    let long = "x".repeat(9 * 1024);
    assert_eq!(program.get(&format!("/?{long}")).await.status(), StatusCode::URI_TOO_LONG);
    let head = format!("GET / HTTP/1.1\r\nHost: x\r\nX-Long: {}\r\n\r\n", "x".repeat(64 * 1024));
    let answer = raw(&program, head.as_bytes()).await;
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 431 "), "{answer}");
}

#[tokio::test]
async fn a_form_is_urlencoded_and_of_a_reasonable_size() {
    let place = Place::new();
    let program = place.start();
    let send = |kind: &'static str, body: String| {
        program.request(Method::POST, "/groups/new").header("content-type", kind).body(body).send()
    };
    let form = "application/x-www-form-urlencoded";
    let refused = send("multipart/form-data; boundary=x", String::new()).await.unwrap();
    assert_eq!(refused.status(), StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let large = send(form, "x".repeat(300 * 1024)).await.unwrap();
    assert_eq!(large.status(), StatusCode::PAYLOAD_TOO_LARGE);
    let response = program.request(Method::PUT, "/groups/new").send().await.unwrap();
    assert_eq!(response.status(), StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(response.headers()["allow"], "GET,HEAD,POST");
}

#[tokio::test]
async fn files_are_cached_by_what_is_in_them_and_pages_are_asked_for_again() {
    let place = Place::new();
    let program = place.start();
    let file = program.get("/robots.txt").await;
    assert_eq!(file.headers()["cache-control"], "no-cache");
    let etag = file.headers()["etag"].clone();
    let again = program.request(Method::GET, "/robots.txt").header("if-none-match", etag).send().await.unwrap();
    assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
    assert_eq!(program.get("/assets/of-another-version.js").await.status(), StatusCode::NOT_FOUND);
    let page = program.get("/").await;
    // Not `no-store`: a form that somebody comes back to keeps what was typed.
    assert_eq!((page.status(), page.headers()["cache-control"].to_str().unwrap()), (StatusCode::OK, "no-cache"));
    assert!(page.headers()["content-type"].to_str().unwrap().starts_with("text/html"));
    assert!(page.headers()["content-security-policy"].to_str().unwrap().contains("frame-ancestors 'none'"));
    let data = program.request(Method::GET, "/").header("accept", "application/json").send().await.unwrap();
    assert_eq!(data.headers()["cache-control"], "no-store");
    assert!(data.json::<serde_json::Value>().await.unwrap()["number"].is_number());
}

#[tokio::test]
async fn pages_and_their_streams_are_compressed_for_who_wants_it_and_for_nobody_else() {
    let place = Place::new();
    let program = place.start();
    let ask = |path: &'static str| program.request(Method::GET, path).header("accept-encoding", "gzip").send();
    for path in ["/api/v1/openapi.json", "/live"] {
        assert_eq!(ask(path).await.unwrap().headers()["content-encoding"], "gzip", "{path}");
        let plain = program.request(Method::GET, path).header("accept-encoding", "identity").send().await.unwrap();
        assert!(!plain.headers().contains_key("content-encoding"), "{path}");
    }
}
