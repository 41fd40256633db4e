//! Everything that HAProxy says of itself and its servers, from one exchange.

use domain::{BackendView, ProxyLook, ProxyWarning, ServerView};

use super::super::ProxyError;
use super::csv::{Row, Table};
use super::states::{self, States};

/// `show stat` comes last: it is the only one that has text from outside in it.
pub(super) const COMMANDS: &str = "show info;show cli level;show servers state;show stat";

/// The `type` of servers in `show stat`.
const SERVER_TYPE: &str = "2";

/// Reads the reply to [`COMMANDS`].
pub(super) fn read(reply: &str) -> Result<ProxyLook, ProxyError> {
    read_parts(reply).ok_or_else(|| ProxyError::garbage(reply))
}

/// Each command's reply ends with an empty line. Without the last one HAProxy stopped in the middle, and servers would
/// seem to be gone.
fn read_parts(reply: &str) -> Option<ProxyLook> {
    let mut parts = reply.splitn(4, "\n\n");
    let (info, level, states, stat) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let states = states::read(states)?;
    let table = Table::read(stat).filter(|_| stat.ends_with("\n\n"))?;
    if !["pxname", "svname", "type", "status"].into_iter().all(|name| table.has(name)) {
        return None;
    }
    Some(ProxyLook {
        version: value(info, "Version")?.to_owned(),
        instance: instance(info)?,
        backends: backends(&table, &states),
        warnings: if level.trim() == "admin" { Vec::new() } else { vec![ProxyWarning::ReadOnly] },
    })
}

/// In a container every start may get the same process id, so the time of the start is in it.
fn instance(info: &str) -> Option<String> {
    let pid = value(info, "Pid")?;
    Some(value(info, "Start_time_sec").map_or_else(|| pid.to_owned(), |start| format!("{pid}@{start}")))
}

fn value<'a>(info: &'a str, name: &str) -> Option<&'a str> {
    info.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
}

fn backends(table: &Table<'_>, states: &States<'_>) -> Vec<BackendView> {
    let mut backends: Vec<BackendView> = Vec::new();
    for row in table.rows().filter(|row| row.text("type") == Some(SERVER_TYPE)) {
        let (Some(name), Some(server)) = (row.text("pxname"), server(row, states)) else { continue };
        match backends.last_mut() {
            Some(backend) if backend.name == name => backend.servers.push(server),
            _ => backends.push(BackendView { name: name.to_owned(), servers: vec![server] }),
        }
    }
    backends
}

/// None for a server that came or went while HAProxy answered: the next look tells.
fn server(row: Row<'_>, states: &States<'_>) -> Option<ServerView> {
    let (backend, name) = (row.text("pxname")?, row.text("svname")?);
    let state = states.get(&(backend, name))?;
    let says = row.text("status")?;
    Some(ServerView {
        name: name.to_owned(),
        address: state.address.clone(),
        says: says.to_owned(),
        is_up: is_up(row, says),
        admin: state.admin,
        weight: row.number("weight").and_then(|weight| weight.try_into().ok()),
        backup: row.number("bck") == Some(1),
        sessions: row.number("scur"),
        queue: row.number("qcur"),
        sessions_total: row.number("stot"),
        errors: sum(row.number("econ"), row.number("eresp")),
        retries: sum(row.number("wretr"), row.number("wredis")),
        answers_5xx: row.number("hrsp_5xx"),
        last_check: last_check(row),
    })
}

/// HAProxy takes a server for up until its first check has ended: that is no belief.
fn is_up(row: Row<'_>, says: &str) -> Option<bool> {
    let is_checked = row.text("tracked").is_some() || check_status(row).is_some();
    let begins = |words: &[&str]| words.iter().any(|word| says.starts_with(word));
    match is_checked {
        true if begins(&["UP", "NOLB", "DRAIN"]) => Some(true),
        true if begins(&["DOWN"]) => Some(false),
        _ => None,
    }
}

fn sum(one: Option<u64>, other: Option<u64>) -> Option<u64> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.saturating_add(other)),
        (one, other) => one.or(other),
    }
}

/// `L7STS/503 in 2 ms: Service Unavailable`
fn last_check(row: Row<'_>) -> Option<String> {
    let mut text = check_status(row)?.to_owned();
    if let Some(code) = row.number("check_code").filter(|code| *code > 0) {
        text.push_str(&format!("/{code}"));
    }
    if let Some(took) = row.number("check_duration") {
        text.push_str(&format!(" in {took} ms"));
    }
    if let Some(said) = row.text("last_chk").or(row.text("check_desc")) {
        text.push_str(&format!(": {said}"));
    }
    Some(domain::clean(&text, LAST_CHECK_MAX))
}

/// So many characters of what a check found are kept.
const LAST_CHECK_MAX: usize = 200;

/// The code of the last check that ended. A star stands before it while another one runs.
fn check_status(row: Row<'_>) -> Option<&str> {
    let status = row.text("check_status")?.trim_start_matches("* ");
    Some(status).filter(|status| !matches!(*status, "INI" | "UNK"))
}

#[cfg(test)]
mod tests;
