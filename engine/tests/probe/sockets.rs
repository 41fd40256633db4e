//! Which sockets this machine has to a port, as the kernel tells it. Other tests do not disturb that.

use std::fs;

const TIME_WAIT: &str = "06";

/// The states of our sockets that lead to `port`.
pub(crate) fn leading_to(port: u16) -> Vec<String> {
    let tables = ["/proc/net/tcp", "/proc/net/tcp6"].map(|table| fs::read_to_string(table).unwrap_or_default());
    let remote = format!(":{port:04X}");
    let rows = tables.iter().flat_map(|table| table.lines().skip(1));
    let columns = rows.map(|row| row.split_whitespace().collect::<Vec<_>>());
    columns.filter(|columns| columns[2].ends_with(&remote)).map(|columns| columns[3].to_owned()).collect()
}

/// Asserts that no socket of ours is left open.
pub(crate) fn assert_none_leading_to(port: u16) {
    let open: Vec<_> = leading_to(port).into_iter().filter(|state| state != TIME_WAIT).collect();
    assert!(open.is_empty(), "sockets to port {port} are left in states {open:?}");
}

/// How many of our ports are blocked for a minute.
pub(crate) fn in_time_wait(port: u16) -> usize {
    leading_to(port).iter().filter(|state| *state == TIME_WAIT).count()
}
