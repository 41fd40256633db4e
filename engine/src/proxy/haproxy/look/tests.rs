//! `recorded.txt` is what HAProxy 2.6.12 of Debian 12 answered.

use domain::{AdminCause, AdminState};
use proptest::prelude::*;

use super::*;

const RECORDED: &str = include_str!("recorded.txt");

fn recorded() -> ProxyLook {
    read(RECORDED).unwrap()
}

fn server(name: &str) -> ServerView {
    let servers = recorded().backends.into_iter().flat_map(|backend| backend.servers);
    servers.into_iter().find(|server| server.name == name).unwrap()
}

fn check(name: &str, says: &str, is_up: Option<bool>, state: AdminState, last_check: Option<&str>) {
    let found = server(name);
    let told = (found.says.as_str(), found.is_up, found.admin.state, found.last_check.as_deref());
    assert_eq!(told, (says, is_up, state, last_check), "{name}");
}

#[test]
fn what_the_process_says_of_itself() {
    let look = recorded();
    assert_eq!(look.version, "2.6.12-1+deb12u4");
    let (pid, start) = look.instance.split_once('@').unwrap();
    assert!(pid.parse::<u32>().is_ok() && start.parse::<u64>().is_ok(), "{}", look.instance);
    assert_eq!(look.warnings, []);
}

#[test]
fn backends_without_servers_are_left_out() {
    let look = recorded();
    let names: Vec<(&str, usize)> =
        look.backends.iter().map(|backend| (backend.name.as_str(), backend.servers.len())).collect();
    assert_eq!(names, [("shop", 6), ("api", 1)]);
}

#[test]
fn servers_in_every_state() {
    let (ready, drain, maint) = (AdminState::Ready, AdminState::Drain, AdminState::Maint);
    check("web-1", "DOWN", Some(false), ready, Some("L4CON in 0 ms: Connection refused"));
    check("web-2", "MAINT", None, maint, None);
    check("web-3", "DRAIN", None, drain, None);
    check("web-4", "MAINT (via shop/web-2)", None, maint, None);
    check("web-5", "DOWN", Some(false), ready, Some("L7STS/503 in 0 ms: Busy, \"very\" busy"));
    check("web-6", "DRAIN", Some(true), drain, Some("L7OK/200 in 0 ms: Layer7 check passed"));
    check("a.1", "UP 1/3", None, ready, None);
}

#[test]
fn who_keeps_a_server_out() {
    assert_eq!(server("web-2").admin.cause, Some(AdminCause::Config));
    assert_eq!(server("web-4").admin.cause, Some(AdminCause::Inherited));
    assert_eq!(server("web-6").admin.cause, Some(AdminCause::Forced));
}

#[test]
fn numbers_and_addresses() {
    let server = server("web-3");
    assert_eq!((server.address.as_deref(), server.backup), (Some("[::1]:18083"), true));
    assert_eq!((server.sessions, server.queue, server.sessions_total), (Some(0), Some(0), Some(0)));
    assert_eq!((server.errors, server.retries, server.weight), (Some(0), Some(0), Some(1)));
}

#[test]
fn a_socket_that_may_only_look_is_told() {
    let operator = RECORDED.replacen("admin\n\n", "operator\n\n", 1);
    assert_eq!(read(&operator).unwrap().warnings, [ProxyWarning::ReadOnly]);
}

#[test]
fn what_is_no_reply_is_told() {
    assert_eq!(read(""), Err(ProxyError::Garbage("nothing".to_owned())));
    let page = "HTTP/1.0 400 Bad request\r\n\r\n<html>";
    assert_eq!(read(page), Err(ProxyError::Garbage("HTTP/1.0 400 Bad request    <html>".to_owned())));
}

#[test]
fn a_reply_that_breaks_off_is_none() {
    let rows = RECORDED.trim_end();
    assert!(read(rows).is_err());
    assert!(read(&rows[..rows.rfind("\nempty,").unwrap() + 1]).is_err());
}

proptest! {
    #[test]
    fn a_reply_that_is_damaged_anywhere_can_be_read(at in 0..RECORDED.len(), length in 0..2000_usize, with in "[\",\n ]{0,3}") {
        let end = (at + length).min(RECORDED.len());
        let _ = read(&format!("{}{with}{}", &RECORDED[..at], &RECORDED[end..]));
    }

    #[test]
    fn any_reply_can_be_read(reply in "([a-z# \n,\"]|é){0,200}") {
        let _ = read(&reply);
    }
}
