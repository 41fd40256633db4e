//! Whatever answers instead of a proxy: the right error, within the deadline.

use std::net::SocketAddr;
use std::time::Duration;

use domain::{Order, ProxyKind};
use engine::proxy::{Adapter, ProxyError};

use crate::fake;
use crate::world::{Folder, connector, free_port};

/// The deadlines are 2 s and 5 s; a busy machine gets some more.
const HANG: Duration = Duration::from_secs(15);

/// What a look says, and what an order says.
async fn ask(kind: ProxyKind, address: &str) -> [ProxyError; 2] {
    let (proxy, transcript) = connector(kind, address);
    let both = async { tokio::join!(proxy.look(), proxy.tell("api", "web-1:80", Order::Drain, None)) };
    let (look, told) = tokio::time::timeout(HANG, both).await.expect("it hangs");
    assert!(transcript.lines().iter().all(|line| !line.ok && !line.answered.is_empty()));
    [look.unwrap_err(), told.unwrap_err()]
}

async fn ask_both(address: SocketAddr) -> Vec<ProxyError> {
    let (tcp, http) = (format!("tcp://{address}"), format!("http://{address}"));
    let (haproxy, caddy) = tokio::join!(ask(ProxyKind::Haproxy, &tcp), ask(ProxyKind::Caddy, &http));
    haproxy.into_iter().chain(caddy).collect()
}

fn check_unreachable(errors: &[ProxyError], advice: &str) {
    for error in errors {
        assert!(matches!(error, ProxyError::Unreachable(why) if why.contains(advice)), "{error:?}");
    }
}

fn check_garbage(errors: &[ProxyError], said: &str) {
    for error in errors {
        assert!(matches!(error, ProxyError::Garbage(text) if text.contains(said)), "{error:?}");
    }
}

#[tokio::test]
async fn nobody_listens() {
    check_unreachable(&ask_both(SocketAddr::from(([127, 0, 0, 1], free_port()))).await, "nobody listens");
}

#[tokio::test]
async fn there_is_no_socket() {
    let path = Folder::new().path("none.sock");
    check_unreachable(&ask(ProxyKind::Haproxy, &path).await, "there is no socket");
}

#[tokio::test]
async fn an_address_of_the_wrong_kind() {
    check_unreachable(&ask(ProxyKind::Haproxy, "http://127.0.0.1:1").await, "unix:/path or tcp://");
    check_unreachable(&ask(ProxyKind::Caddy, "tcp://127.0.0.1:1").await, "give http://");
}

#[tokio::test]
async fn it_says_nothing() {
    check_unreachable(&ask_both(fake::silent()).await, "did not answer within");
}

#[tokio::test]
async fn it_speaks_something_else() {
    let errors = ask_both(fake::saying(b"SSH-2.0-OpenSSH\r\n\r\n\r\n\r\n")).await;
    check_garbage(&errors[..1], "SSH-2.0-OpenSSH");
    assert_eq!(errors[1], ProxyError::Refused("SSH-2.0-OpenSSH".to_owned()));
    check_garbage(&errors[2..], "no HTTP");
    let page = b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<html>";
    check_garbage(&ask_both(fake::saying(page)).await[2..], "<html>");
}

#[tokio::test]
async fn it_never_ends() {
    let errors = ask_both(fake::endless(b"HTTP/1.1 200 OK\r\n\r\n")).await;
    check_garbage(&errors[..2], "HTTP/1.1 200 OK");
    check_garbage(&errors[2..], "more than 8 MiB");
}

#[tokio::test]
async fn it_breaks_off() {
    let page = b"HTTP/1.1 200 OK\r\nContent-Length: 60\r\n\r\n{";
    check_garbage(&ask_both(fake::saying(page)).await[2..], "breaks off");
    let errors = ask_both(fake::saying(b"")).await;
    check_garbage(&errors[..2], "nothing");
    check_unreachable(&errors[2..], "without an answer");
}
