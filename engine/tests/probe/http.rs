//! Answers that are wrong: rows 4 to 6 of the table of faults.

use std::io::Write;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, mpsc};

use domain::{Check, Failure, Method, Outcome, Protocol};

use crate::sockets::assert_none_leading_to;
use crate::target::{Target, hold, read_request};
use crate::world::{check, check_for_text, impatient, malformed, observe_at, timed_out};

async fn outcome(check: &Check, answer: impl Into<Vec<u8>>) -> Outcome {
    let target = Target::answering(answer);
    let seen = observe_at(check, target.address).await;
    assert_none_leading_to(target.address.port());
    seen.outcome
}

fn mismatch(text: &str) -> Outcome {
    Outcome::Fail(Failure::BodyMismatch(text.to_owned()))
}

#[tokio::test]
async fn the_target_is_asked_as_the_check_says() {
    let (tell, told) = mpsc::channel();
    let tell = Mutex::new(tell);
    let target = Target::new(move |mut stream| {
        tell.lock().unwrap().send(read_request(&mut stream)).unwrap();
        let _ = stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n");
    });
    let check = Check {
        path: "/health?deep=1".parse().unwrap(),
        method: Method::Head,
        host: Some("shop.example".parse().unwrap()),
        matcher: "200-299".parse().unwrap(),
        ..check(Protocol::Http)
    };
    let seen = observe_at(&check, target.address).await;
    assert_eq!((seen.outcome, seen.status_code), (Outcome::Pass, Some(204)));
    let request = told.recv().unwrap();
    assert!(request.starts_with("HEAD /health?deep=1 HTTP/1.1\r\nHost: shop.example\r\n"), "{request}");
    assert!(request.contains("\r\nUser-Agent: Drainboard/"), "{request}");
}

#[tokio::test]
async fn the_status_code_is_judged_by_the_matcher() {
    let expected: domain::Matcher = "200-399".parse().unwrap();
    let check = Check { matcher: expected.clone(), ..check(Protocol::Http) };
    assert_eq!(outcome(&check, "HTTP/1.1 302 Found\r\nLocation: /\r\n\r\n").await, Outcome::Pass);
    let failed = outcome(&check, "HTTP/1.1 503 Service Unavailable\r\n\r\n").await;
    assert_eq!(failed, Outcome::Fail(Failure::Status { code: 503, expected }));
    assert_eq!(failed.detail().unwrap(), "503, expected 200-399");
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let elsewhere = Target::new(hold);
    let location = format!("HTTP/1.1 302 Found\r\nLocation: http://{}/\r\n\r\n", elsewhere.address);
    let target = Target::answering(location);
    let seen = observe_at(&check(Protocol::Http), target.address).await;
    let expected = domain::Matcher::default();
    assert_eq!(seen.outcome, Outcome::Fail(Failure::Status { code: 302, expected }));
    assert_eq!((target.connections(), elsewhere.connections()), (1, 0));
}

#[tokio::test]
async fn the_body_is_searched_as_it_comes() {
    let check = check_for_text("대상 ready");
    assert_eq!(outcome(&check, "HTTP/1.1 200 OK\r\n\r\nthe 대상 ready, thanks").await, Outcome::Pass);
    assert_eq!(outcome(&check, "HTTP/1.1 200 OK\r\n\r\nnot yet").await, mismatch("대상 ready"));
    let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7\r\n대상 \r\n5\r\nready\r\n0\r\n\r\n";
    assert_eq!(outcome(&check, chunked).await, Outcome::Pass);
}

#[tokio::test]
async fn an_infinite_body_is_cut() {
    for (check, expected) in [(check(Protocol::Http), Outcome::Pass), (check_for_text("ready"), mismatch("ready"))] {
        let ended = Arc::new(AtomicBool::new(false));
        let tell = Arc::clone(&ended);
        let target = Target::new(move |mut stream| {
            read_request(&mut stream);
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n");
            while stream.write_all(&[b'x'; 4096]).is_ok() {}
            tell.store(true, Ordering::SeqCst);
        });
        assert_eq!(observe_at(&check, target.address).await.outcome, expected);
        while !ended.load(Ordering::SeqCst) {
            tokio::task::yield_now().await;
        }
        assert_none_leading_to(target.address.port());
    }
}

#[tokio::test]
async fn lengths_that_lie_harm_nobody() {
    let ten_gigabytes = format!("HTTP/1.1 200 OK\r\nContent-Length: 10737418240\r\n\r\n{}", "x".repeat(100_000));
    assert_eq!(outcome(&check(Protocol::Http), ten_gigabytes.as_bytes()).await, Outcome::Pass);
    assert_eq!(outcome(&check_for_text("ready"), ten_gigabytes.as_bytes()).await, mismatch("ready"));

    let more_than_said = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nnot ready";
    assert_eq!(outcome(&check_for_text("ready"), more_than_said).await, mismatch("ready"));
    let less_than_said = "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nnot";
    assert_eq!(outcome(&check_for_text("ready"), less_than_said).await, Outcome::Fail(Failure::ConnectionClosed));
    let no_number = "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999999\r\n\r\nready";
    assert!(malformed(&outcome(&check_for_text("ready"), no_number).await));
}

#[tokio::test]
async fn a_compressed_body_is_not_unpacked() {
    let head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n\x1f\x8b\x08\0\0\0\0\0\0\x03";
    let bomb = [head.as_slice(), &vec![0; 1_000_000]].concat();
    assert_eq!(outcome(&check(Protocol::Http), bomb.clone()).await, Outcome::Pass);
    assert_eq!(outcome(&check_for_text("ready"), bomb).await, mismatch("ready"));
}

#[tokio::test]
async fn headers_are_bounded() {
    let too_large = Outcome::Fail(Failure::HeadersTooLarge);
    let a_megabyte = format!("HTTP/1.1 200 OK\r\nX: {}\r\n\r\n", "x".repeat(1_000_000));
    assert_eq!(outcome(&check(Protocol::Http), a_megabyte).await, too_large);
    let many_lines = format!("HTTP/1.1 200 OK\r\n{}\r\n", "X: y\r\n".repeat(100_000));
    assert_eq!(outcome(&check(Protocol::Http), many_lines).await, too_large);
    let endless_line = format!("HTTP/1.1 200 {}", "x".repeat(1_000_000));
    assert_eq!(outcome(&check(Protocol::Http), endless_line).await, too_large);
}

#[tokio::test]
async fn what_is_no_http_is_malformed() {
    for answer in [
        "HTTP/1.1 200 OK\r\nX: a\0b\r\n\r\n",
        "HTTP/1.1 200 OK\r\nX: a\rb\r\n\r\n",
        "HTTP/1.1 200 OK\r\nX\n: b\r\n\r\n",
        "HTTP/1.1 200 OK\r\n\0\r\n\r\n",
        "HTTP/2.0 200 OK\r\n\r\n",
        "HTTP/1.1 OK\r\n\r\n",
        "<html>HTTP/0.9</html>",
        "SSH-2.0-OpenSSH_9.2p1\r\n",
        "\0\0\x12\x04\0\0\0\0\0",
        "-ERR unknown command\r\n",
    ] {
        let outcome = outcome(&check(Protocol::Http), answer).await;
        assert!(malformed(&outcome), "{answer:?}: {outcome:?}");
        assert!(outcome.detail().unwrap().chars().all(|c| !c.is_control()));
    }
}

#[tokio::test]
async fn bad_chunks_are_malformed() {
    for chunks in ["zz\r\nready", "\r\nready", "5\r\nxxxxxxx\r\n", "FFFFFFFFFFFFFFFFF\r\n"] {
        let answer = format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{chunks}");
        assert!(malformed(&outcome(&check_for_text("ready"), answer.as_bytes()).await), "{chunks:?}");
        assert!(malformed(&outcome(&check(Protocol::Http), answer).await), "{chunks:?}, without a wanted text");
    }
}

#[tokio::test]
async fn a_storm_of_interim_answers_ends() {
    let storm = "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n".repeat(5000);
    assert!(malformed(&outcome(&check(Protocol::Http), storm).await));
    let fair = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\n";
    assert_eq!(outcome(&check(Protocol::Http), fair).await, Outcome::Pass);
}

#[tokio::test]
async fn an_answer_is_whole_only_with_its_body() {
    let target = Target::new(|mut stream| {
        read_request(&mut stream);
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
        hold(stream);
    });
    let head = Check { method: Method::Head, ..check(Protocol::Http) };
    assert_eq!(observe_at(&head, target.address).await.outcome, Outcome::Pass, "HEAD has no body");
    for check in [check(Protocol::Http), check_for_text("ready")] {
        assert_eq!(observe_at(&impatient(check), target.address).await.outcome, timed_out());
    }
    let cut = outcome(&check(Protocol::Http), "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell").await;
    assert_eq!(cut, Outcome::Fail(Failure::ConnectionClosed));
}

#[tokio::test]
async fn what_unpacks_to_much_is_never_unpacked() {
    let head = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 20\r\n\r\n";
    let bomb = [head.as_bytes(), &[0x1f; 20]].concat();
    assert_eq!(outcome(&check(Protocol::Http), bomb).await, Outcome::Pass);
}
