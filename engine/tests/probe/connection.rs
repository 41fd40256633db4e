//! Faults of the connection: rows 1 to 3 and 9 of the table of faults.

use std::io::{Read, Write};
use std::sync::mpsc;
use std::sync::{Arc, Mutex};

use domain::{Failure, Outcome, Protocol};

use crate::sockets::{assert_none_leading_to, in_time_wait, leading_to};
use crate::target::{BlackHole, Closed, Target, hold, read_request, reset};
use crate::world::{check, check_for_text, impatient, in_time, observe, observe_at, prober, timed_out};

#[tokio::test]
async fn an_open_port_passes_a_tcp_check_and_sees_an_orderly_end() {
    let (tell, told) = mpsc::channel();
    let tell = Mutex::new(tell);
    let target = Target::new(move |mut stream| {
        let read = stream.read(&mut [0; 16]).map_err(|error| error.kind());
        tell.lock().unwrap().send(read).unwrap();
    });
    let seen = observe_at(&check(Protocol::Tcp), target.address).await;
    assert_eq!(seen.outcome, Outcome::Pass);
    assert!(seen.phases.connect.is_some() && seen.phases.dns.is_none() && seen.phases.first_byte.is_none());
    assert_eq!(told.recv().unwrap(), Ok(0), "the target reads an end, not a reset");
    assert_none_leading_to(target.address.port());
}

#[tokio::test]
async fn a_closed_port_refuses() {
    let closed = Closed::new("127.0.0.1:0");
    for protocol in Protocol::ALL {
        let seen = observe_at(&check(protocol), closed.address).await;
        assert_eq!(seen.outcome, Outcome::Fail(Failure::ConnectionRefused), "{protocol}");
        assert_eq!(seen.phases.connect, None);
    }
    assert_none_leading_to(closed.address.port());
}

#[tokio::test]
async fn a_reset_after_accept_is_told() {
    let target = Target::new(|mut stream| {
        let _ = read_request(&mut stream);
        reset(&stream);
    });
    let seen = observe_at(&check(Protocol::Http), target.address).await;
    assert_eq!(seen.outcome, Outcome::Fail(Failure::ConnectionReset));
    assert!(seen.phases.connect.is_some() && seen.phases.first_byte.is_none());
}

#[tokio::test]
async fn a_reset_in_the_body_is_told() {
    let target = Target::new(|mut stream| {
        read_request(&mut stream);
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\nalmost").unwrap();
        reset(&stream);
    });
    for check in [check(Protocol::Http), check_for_text("ready")] {
        let seen = observe_at(&check, target.address).await;
        assert_eq!(seen.outcome, Outcome::Fail(Failure::ConnectionReset));
        assert_eq!(seen.status_code, Some(200), "what was reached is told");
    }
}

#[tokio::test]
async fn a_close_without_an_answer_is_told() {
    for sent in ["", "HTT", "HTTP/1.1 200 OK\r\nContent-"] {
        let target = Target::answering(sent);
        let seen = observe_at(&check(Protocol::Http), target.address).await;
        assert_eq!(seen.outcome, Outcome::Fail(Failure::ConnectionClosed), "after {sent:?}");
        assert_eq!(seen.phases.first_byte.is_some(), !sent.is_empty());
    }
}

#[tokio::test]
async fn a_black_hole_is_a_timeout_and_leaves_nothing_behind() {
    let hole = BlackHole::new("127.0.0.1:0");
    let before = leading_to(hole.address.port()).len();
    let (prober, impatient) = (prober(), impatient(check(Protocol::Http)));
    let host = hole.address.ip().to_string();
    let checks = (0..50).map(|_| observe(&prober, &impatient, &host, hole.address.port()));
    for seen in in_time(futures_util::future::join_all(checks)).await {
        assert_eq!(seen.outcome, timed_out());
        assert_eq!(seen.phases.connect, None);
    }
    assert_eq!(leading_to(hole.address.port()).len(), before);
}

#[tokio::test]
async fn a_target_that_accepts_and_says_nothing_is_a_timeout() {
    let target = Target::new(hold);
    for protocol in [Protocol::Http, Protocol::Https] {
        let seen = observe_at(&impatient(check(protocol)), target.address).await;
        assert_eq!(seen.outcome, timed_out(), "{protocol}");
        assert!(seen.phases.connect.is_some() && seen.phases.first_byte.is_none());
    }
    assert_none_leading_to(target.address.port());
}

#[tokio::test]
#[expect(clippy::disallowed_methods, reason = "the pace of a slow target, on a thread of its own")]
async fn a_trickle_does_not_put_off_the_deadline() {
    let head = "HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n";
    for begin in ["HTTP/1.1 200 OK\r\nX: ", head] {
        let target = Target::new(move |mut stream| {
            read_request(&mut stream);
            let _ = stream.write_all(begin.as_bytes());
            while stream.write_all(b"x").is_ok() {
                std::thread::sleep(std::time::Duration::from_millis(20));
            }
        });
        for check in [check(Protocol::Http), check_for_text("ready")] {
            let seen = observe_at(&impatient(check), target.address).await;
            assert_eq!(seen.outcome, timed_out());
            assert!(seen.phases.first_byte.is_some(), "what was reached is told");
        }
    }
}

#[tokio::test]
async fn ipv6_alone_is_enough() {
    let target = Target::on("[::1]:0", |mut stream| {
        let request = read_request(&mut stream);
        let host = format!("Host: {}\r\n", stream.local_addr().unwrap());
        let code = if request.contains(&host) { "204 OK" } else { "400 Bad Host" };
        let _ = write!(stream, "HTTP/1.1 {code}\r\n\r\n");
        hold(stream);
    });
    let check = domain::Check { matcher: "204".parse().unwrap(), ..check(Protocol::Http) };
    assert_eq!(observe_at(&check, target.address).await.outcome, Outcome::Pass);
}

#[tokio::test]
async fn a_mapped_address_is_its_ipv4_address() {
    let target = Target::new(hold);
    let seen = observe(&prober(), &check(Protocol::Tcp), "::ffff:127.0.0.1", target.address.port()).await;
    assert_eq!(seen.outcome, Outcome::Pass);
}

#[tokio::test]
async fn forbidden_addresses_are_never_connected_to() {
    for ip in ["169.254.169.254", "::ffff:169.254.169.254", "fe80::1"] {
        let seen = observe(&prober(), &check(Protocol::Http), ip, 80).await;
        assert!(matches!(seen.outcome, Outcome::Fail(Failure::Forbidden(_))), "{ip}: {:?}", seen.outcome);
        assert_eq!(seen.phases.connect, None);
    }
}

#[tokio::test]
async fn a_thousand_checks_leave_no_socket_behind() {
    let target = Arc::new(Target::answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"));
    let (prober, check) = (prober(), check(Protocol::Http));
    for _ in 0..10 {
        let checks = (0..100).map(|_| observe(&prober, &check, "127.0.0.1", target.address.port()));
        for seen in in_time(futures_util::future::join_all(checks)).await {
            assert_eq!(seen.outcome, Outcome::Pass);
        }
    }
    assert_eq!(target.connections(), 1000, "a new connection for each check");
    assert_none_leading_to(target.address.port());
    // A peer may be so quick that it closes between our FIN and our reset; without the reset all would be left.
    let left = in_time_wait(target.address.port());
    assert!(left < 500, "{left} ports are in TIME_WAIT");
}
