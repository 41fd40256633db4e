//! Names: rows 8 and 9 of the table of faults, against a real name server.

use std::net::IpAddr;
use std::sync::Arc;

use domain::{Check, DnsFault, Failure, Outcome, OwnFault, Protocol};
use engine::Clock;
use engine::probe::{NameServers, Prober, ProberSettings};
use futures_util::future::join_all;

use crate::dns_server::{DnsServer, FORMERR, NXDOMAIN, REFUSED, Reply, SERVFAIL, is_v6};
use crate::target::{BlackHole, Closed, Target, hold};
use crate::world::{check, impatient, in_time, observe, prober_asking, prober_with, timed_out};

const NAME: &str = "shop.example";

fn tcp() -> Check {
    check(Protocol::Tcp)
}

fn ip(text: &str) -> IpAddr {
    text.parse().unwrap()
}

fn here(ttl: u32) -> Reply {
    Reply::Addresses(vec![ip("127.0.0.1")], ttl)
}

async fn outcome(reply: Reply, check: &Check, port: u16) -> Outcome {
    let server = DnsServer::always(reply);
    observe(&prober_asking(server.address), check, NAME, port).await.outcome
}

/// Checks until `expected` comes, which it must in time.
async fn becomes(prober: &Prober, port: u16, expected: impl Fn(&Outcome) -> bool) {
    in_time(async {
        while !expected(&observe(prober, &tcp(), NAME, port).await.outcome) {
            tokio::task::yield_now().await;
        }
    })
    .await;
}

fn is_forbidden(outcome: &Outcome) -> bool {
    *outcome == Outcome::Fail(Failure::Forbidden("169.254.169.254".to_owned()))
}

#[tokio::test]
async fn a_name_leads_to_its_target() {
    let (server, target) = (DnsServer::always(here(60)), Target::new(hold));
    let prober = prober_asking(server.address);
    let seen = observe(&prober, &tcp(), NAME, target.address.port()).await;
    assert_eq!(seen.outcome, Outcome::Pass);
    assert!(seen.phases.dns.is_some() && seen.phases.connect.is_some());
    let asked = server.asked().len();
    assert_eq!(observe(&prober, &tcp(), NAME, target.address.port()).await.outcome, Outcome::Pass);
    assert_eq!(server.asked().len(), asked, "the answer is kept for its TTL");
}

#[tokio::test]
async fn errors_of_names_are_told_precisely() {
    let name = || NAME.to_owned();
    for (reply, fault) in [
        (Reply::Code(NXDOMAIN), DnsFault::NoSuchName(name())),
        (Reply::Addresses(Vec::new(), 60), DnsFault::NoAddress(name())),
        (Reply::Code(FORMERR), DnsFault::Refused { name: name(), code: "FORMERR".to_owned() }),
    ] {
        assert_eq!(outcome(reply, &tcp(), 80).await, Outcome::Fail(Failure::Dns(fault)));
    }
}

#[tokio::test]
async fn a_dead_name_server_is_our_fault() {
    let unknown = Outcome::Unknown(OwnFault::Resolver);
    assert_eq!(outcome(Reply::Silence, &impatient(tcp()), 80).await, unknown);
    let closed = Closed::new("127.0.0.1:0");
    let seen = observe(&prober_asking(closed.address), &impatient(tcp()), NAME, 80).await;
    assert_eq!(seen.outcome, unknown);
}

#[tokio::test]
async fn servers_that_answer_for_no_name_are_our_fault() {
    for code in [SERVFAIL, REFUSED] {
        assert_eq!(outcome(Reply::Code(code), &tcp(), 80).await, Outcome::Unknown(OwnFault::Resolver), "{code}");
    }
}

#[tokio::test]
async fn a_name_that_fails_while_others_are_found_is_to_blame_itself() {
    let target = Target::new(hold);
    let server = DnsServer::new(|name, _| if name == NAME { Reply::Code(SERVFAIL) } else { here(0) });
    let prober = prober_asking(server.address);
    let (check, port) = (tcp(), target.address.port());
    assert_eq!(observe(&prober, &check, "other.example", port).await.outcome, Outcome::Pass);
    let fault = DnsFault::Refused { name: NAME.to_owned(), code: "SERVFAIL".to_owned() };
    assert_eq!(observe(&prober, &check, NAME, port).await.outcome, Outcome::Fail(Failure::Dns(fault)));
}

#[tokio::test]
async fn a_name_is_asked_for_as_it_is_written() {
    let server = DnsServer::always(Reply::Code(NXDOMAIN));
    let seen = observe(&prober_asking(server.address), &tcp(), "xn--a.example", 80).await;
    let fault = DnsFault::NoSuchName("xn--a.example".to_owned());
    assert_eq!(seen.outcome, Outcome::Fail(Failure::Dns(fault)));
    assert!(server.asked().iter().any(|name| name == "xn--a.example"), "{:?}", server.asked());
}

#[tokio::test]
async fn without_name_servers_only_names_are_unknown() {
    let target = Target::new(hold);
    let prober = prober_with(ProberSettings { name_servers: NameServers::These(Vec::new()), ..Default::default() });
    let port = target.address.port();
    assert_eq!(observe(&prober, &tcp(), NAME, port).await.outcome, Outcome::Unknown(OwnFault::Resolver));
    assert_eq!(observe(&prober, &tcp(), "localhost", port).await.outcome, Outcome::Pass);
    assert_eq!(observe(&prober, &tcp(), "127.0.0.1", port).await.outcome, Outcome::Pass);
}

#[tokio::test]
async fn a_loop_of_aliases_ends() {
    let server =
        DnsServer::new(|name, _| Reply::Alias(if name == "a.example" { NAME } else { "a.example" }.to_owned()));
    let seen = observe(&prober_asking(server.address), &tcp(), NAME, 80).await;
    assert!(matches!(seen.outcome, Outcome::Fail(Failure::Dns(_))), "{:?}", seen.outcome);
    assert!(server.asked().len() < 100, "{} questions", server.asked().len());
}

#[tokio::test]
async fn an_alias_is_followed() {
    let target = Target::new(hold);
    let server = DnsServer::new(|name, _| if name == NAME { Reply::Alias("a.example".to_owned()) } else { here(60) });
    let seen = observe(&prober_asking(server.address), &tcp(), NAME, target.address.port()).await;
    assert_eq!(seen.outcome, Outcome::Pass);
}

#[tokio::test]
async fn of_a_hundred_addresses_some_are_tried_within_the_deadline() {
    // One of the first few answers.
    let target = Target::new(hold);
    let many = (0..100).map(|i| ip(&format!("127.0.{}.{}", i / 4, 1 + i % 4))).collect();
    assert_eq!(outcome(Reply::Addresses(many, 60), &tcp(), target.address.port()).await, Outcome::Pass);

    let closed = Closed::new("0.0.0.0:0");
    let many = (1..=100).map(|i| ip(&format!("127.0.9.{i}"))).collect();
    let refused = Outcome::Fail(Failure::ConnectionRefused);
    assert_eq!(outcome(Reply::Addresses(many, 60), &tcp(), closed.address.port()).await, refused);
}

#[tokio::test]
async fn a_name_that_turns_to_a_metadata_service_is_not_followed() {
    let target = Target::new(hold);
    let (server, reply) = DnsServer::changeable(here(0));
    let prober = prober_asking(server.address);
    becomes(&prober, target.address.port(), |outcome| *outcome == Outcome::Pass).await;
    *reply.lock().unwrap() = Reply::Addresses(vec![ip("169.254.169.254")], 0);
    becomes(&prober, target.address.port(), is_forbidden).await;
    let mapped = Reply::Addresses(vec![ip("::ffff:169.254.169.254")], 0);
    assert!(is_forbidden(&outcome(mapped, &tcp(), 80).await));
}

#[tokio::test]
async fn a_ttl_of_zero_does_not_ask_for_each_check() {
    let (server, target) = (DnsServer::always(here(0)), Target::new(hold));
    let prober = prober_asking(server.address);
    for _ in 0..200 {
        assert_eq!(observe(&prober, &tcp(), NAME, target.address.port()).await.outcome, Outcome::Pass);
    }
    assert!(server.asked().len() < 100, "{} questions for 200 checks", server.asked().len());
}

#[tokio::test]
async fn an_old_answer_serves_while_the_servers_are_silent() {
    for trouble in [Reply::Silence, Reply::Code(SERVFAIL)] {
        let target = Target::new(hold);
        let (server, reply) = DnsServer::changeable(here(0));
        let prober = prober_asking(server.address);
        assert_eq!(observe(&prober, &tcp(), NAME, target.address.port()).await.outcome, Outcome::Pass);
        *reply.lock().unwrap() = trouble.clone();
        let asked = server.asked().len();
        in_time(async {
            while server.asked().len() == asked {
                let seen = observe(&prober, &tcp(), NAME, target.address.port()).await;
                assert_eq!(seen.outcome, Outcome::Pass, "{trouble:?}");
            }
        })
        .await;
        let unknown = observe(&prober, &impatient(tcp()), "other.example", 80).await.outcome;
        assert_ne!(unknown, Outcome::Pass);
    }
}

#[tokio::test]
async fn a_name_that_is_gone_is_gone() {
    let target = Target::new(hold);
    let (server, reply) = DnsServer::changeable(here(0));
    let prober = prober_asking(server.address);
    assert_eq!(observe(&prober, &tcp(), NAME, target.address.port()).await.outcome, Outcome::Pass);
    *reply.lock().unwrap() = Reply::Code(NXDOMAIN);
    let gone = Outcome::Fail(Failure::Dns(DnsFault::NoSuchName(NAME.to_owned())));
    becomes(&prober, target.address.port(), |outcome| *outcome == gone).await;
}

#[tokio::test]
async fn dead_lookups_hold_up_nothing_else() {
    let target = Target::new(hold);
    let server = DnsServer::new(|name, _| if name == NAME { here(60) } else { Reply::Silence });
    let prober = prober_asking(server.address);
    let (port, slow) = (target.address.port(), tcp());
    let dead: Vec<domain::Host> = (0..500).map(|i| format!("dead-{i}.example").parse().unwrap()).collect();
    let mut waiting = Box::pin(join_all(dead.iter().map(|host| prober.check(&slow, host, port))));
    tokio::select! {
        biased;
        _ = &mut waiting => panic!("the dead lookups end before anything else"),
        seen = async {
            let by_address = observe(&prober, &tcp(), "127.0.0.1", port).await;
            let by_name = observe(&prober, &tcp(), NAME, port).await;
            (by_address.outcome, by_name.outcome)
        } => assert_eq!(seen, (Outcome::Pass, Outcome::Pass)),
    }
}

#[tokio::test]
async fn five_hundred_names_at_once_are_found() {
    let (server, target) = (DnsServer::always(here(60)), Arc::new(Target::new(hold)));
    let prober = prober_asking(server.address);
    let names: Vec<_> = (0..500).map(|i| format!("live-{i}.example")).collect();
    let check = tcp();
    let checks = names.iter().map(|name| observe(&prober, &check, name, target.address.port()));
    for (name, seen) in names.iter().zip(in_time(join_all(checks)).await) {
        assert_eq!(seen.outcome, Outcome::Pass, "{name}");
    }
}

#[tokio::test]
async fn localhost_needs_no_name_server() {
    let (closed, target) = (Closed::new("127.0.0.1:0"), Target::new(hold));
    let prober = prober_asking(closed.address);
    for name in ["localhost", "shop.localhost"] {
        assert_eq!(observe(&prober, &tcp(), name, target.address.port()).await.outcome, Outcome::Pass);
    }
    let system = Prober::new(Clock).unwrap();
    assert_eq!(observe(&system, &tcp(), "localhost", target.address.port()).await.outcome, Outcome::Pass);
}

#[tokio::test]
async fn a_broken_family_does_not_hide_the_good_one() {
    let target = Target::new(hold);
    let port = target.address.port();
    let both = |v6: &str| Reply::Addresses(vec![ip(v6), ip("127.0.0.1")], 60);
    assert_eq!(outcome(both("::1"), &tcp(), port).await, Outcome::Pass, "refused by IPv6");
    assert_eq!(outcome(both("2001:db8::1"), &tcp(), port).await, Outcome::Pass, "no way by IPv6");

    let hole = BlackHole::new("[::1]:0");
    let good = Target::on(&format!("127.0.0.1:{}", hole.address.port()), hold);
    assert_eq!(outcome(both("::1"), &tcp(), good.address.port()).await, Outcome::Pass, "swallowed by IPv6");
}

#[tokio::test]
async fn if_no_address_answers_in_time_it_is_a_timeout() {
    let hole = BlackHole::new("127.0.0.1:0");
    let _also = BlackHole::new(&format!("[::1]:{}", hole.address.port()));
    let both = Reply::Addresses(vec![ip("::1"), ip("127.0.0.1")], 60);
    assert_eq!(outcome(both, &impatient(tcp()), hole.address.port()).await, timed_out());
}

#[tokio::test]
async fn a_server_that_drops_one_family_does_not_hide_the_other() {
    let target = Target::new(hold);
    let server = DnsServer::new(|_, family| if is_v6(family) { Reply::Silence } else { here(60) });
    let seen = observe(&prober_asking(server.address), &tcp(), NAME, target.address.port()).await;
    assert_eq!(seen.outcome, Outcome::Pass);
}
