//! Somebody else changes Caddy's configuration between our look and our write. The fake does what Caddy 2.6 does: the
//! ETag is a trailer, and a write with an old one is refused with 412.

use std::io::Write;
use std::net::TcpStream;
use std::sync::{Arc, Mutex};

use domain::{Order, ProxyKind};
use engine::proxy::{Adapter, Connector, ProxyError};
use serde_json::{Value, json};

use crate::fake;
use crate::world::connector;

/// A list of upstreams that others change, too.
#[derive(Default)]
struct List {
    upstreams: Vec<Value>,
    version: u32,
    /// What others do, one for each of our writes, just before it.
    others: Vec<fn(&mut Vec<Value>)>,
    writes: u32,
    /// So many connections are closed without an answer.
    hang_ups: u32,
}

fn upstream(dial: &str) -> Value {
    json!({ "dial": dial })
}

fn caddy(dials: &[&str], others: Vec<fn(&mut Vec<Value>)>) -> (Connector, Arc<Mutex<List>>) {
    let upstreams = dials.iter().map(|dial| upstream(dial)).collect();
    let list = Arc::new(Mutex::new(List { upstreams, others, ..List::default() }));
    let shared = Arc::clone(&list);
    let address = fake::server(move |stream| answer(stream, &mut shared.lock().unwrap()));
    (connector(ProxyKind::Caddy, &format!("http://{address}")).0, list)
}

fn answer(mut stream: TcpStream, list: &mut List) {
    let (head, body) = fake::read_request(&mut stream);
    if list.hang_ups > 0 {
        list.hang_ups -= 1;
        return;
    }
    let (method, path) = head.split_once(' ').unwrap();
    let index = path.split_once(" http").unwrap().0.rsplit('/').next().and_then(|at| at.parse::<usize>().ok());
    if method == "get" {
        let body = json!(list.upstreams).to_string();
        let (length, version) = (body.len(), list.version);
        let head = "HTTP/1.1 200 OK\r\nTrailer: ETag\r\nTransfer-Encoding: chunked\r\n\r\n";
        return write!(stream, "{head}{length:x}\r\n{body}\r\n0\r\nEtag: \"/x {version}\"\r\n\r\n").unwrap();
    }
    list.writes += 1;
    if !list.others.is_empty() {
        list.others.remove(0)(&mut list.upstreams);
        list.version += 1;
    }
    if !head.contains(&format!("if-match: \"/x {}\"\r\n", list.version)) {
        let error = "{\"error\":\"If-Match header did not match current config hash\"}";
        let length = error.len();
        let status = "412 Precondition Failed";
        return write!(stream, "HTTP/1.1 {status}\r\nContent-Length: {length}\r\n\r\n{error}").unwrap();
    }
    match (method, index) {
        ("delete", Some(at)) => drop(list.upstreams.remove(at)),
        ("put", Some(at)) => list.upstreams.insert(at, serde_json::from_str(&body).unwrap()),
        _ => list.upstreams.push(serde_json::from_str(&body).unwrap()),
    }
    list.version += 1;
    write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").unwrap();
}

fn check(list: &Mutex<List>, dials: &str, writes: u32) {
    let list = list.lock().unwrap();
    let now: Vec<&str> = list.upstreams.iter().map(|upstream| upstream["dial"].as_str().unwrap()).collect();
    assert_eq!((now.join(" ").as_str(), list.writes), (dials, writes));
}

#[tokio::test]
async fn the_right_one_leaves_though_the_list_moved() {
    let (proxy, list) = caddy(&["a", "b", "c"], vec![|upstreams| upstreams.insert(0, upstream("new"))]);
    assert_eq!(proxy.tell("api", "b", Order::Drain, None).await.as_deref(), Ok("200 OK"));
    check(&list, "new a c", 2);
}

#[tokio::test]
async fn what_somebody_else_took_out_is_out() {
    let (proxy, list) = caddy(&["a", "b"], vec![|upstreams| upstreams.retain(|upstream| upstream["dial"] != "b")]);
    assert_eq!(proxy.tell("api", "b", Order::Drain, None).await.as_deref(), Ok("not listed already"));
    check(&list, "a", 1);
}

#[tokio::test]
async fn it_stays_when_the_others_left_in_between() {
    let (proxy, list) = caddy(&["a", "b"], vec![|upstreams| upstreams.retain(|upstream| upstream["dial"] == "b")]);
    assert_eq!(proxy.tell("api", "b", Order::Drain, None).await, Err(ProxyError::LastUpstream));
    check(&list, "b", 1);
}

#[tokio::test]
async fn it_comes_back_to_its_neighbour_though_the_list_moved() {
    let (proxy, list) = caddy(&["a", "b", "c"], Vec::new());
    let kept = proxy.prepare("api", "b", Order::Drain).await.unwrap();
    proxy.tell("api", "b", Order::Drain, kept.as_deref()).await.unwrap();
    list.lock().unwrap().others.push(|upstreams| upstreams.insert(0, upstream("new")));
    assert_eq!(proxy.tell("api", "b", Order::Ready, kept.as_deref()).await.as_deref(), Ok("200 OK"));
    check(&list, "new a b c", 3);
}

#[tokio::test]
async fn after_five_tries_it_is_somebody_elses_turn() {
    let (proxy, list) = caddy(&["a", "b"], vec![|_| (); 9]);
    assert_eq!(proxy.tell("api", "b", Order::Drain, None).await, Err(ProxyError::Conflict));
    check(&list, "a b", 5);
}

#[tokio::test]
async fn the_same_address_twice_is_left_alone() {
    let (proxy, list) = caddy(&["a", "b", "a"], Vec::new());
    assert_eq!(proxy.prepare("api", "a", Order::Drain).await, Err(ProxyError::Ambiguous));
    assert_eq!(proxy.tell("api", "a", Order::Drain, None).await, Err(ProxyError::Ambiguous));
    check(&list, "a b a", 0);
}

#[tokio::test]
async fn an_admin_server_that_goes_is_asked_again() {
    let (proxy, list) = caddy(&["a", "b"], Vec::new());
    list.lock().unwrap().hang_ups = 2;
    assert_eq!(proxy.tell("api", "b", Order::Drain, None).await.as_deref(), Ok("200 OK"));
    check(&list, "a", 1);
}
