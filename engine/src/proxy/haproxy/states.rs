//! `show servers state`: what was asked of each server, and where it is (management.txt, section 9.3).

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};

use domain::{Admin, AdminCause, AdminState};

// Bits of `srv_admin_state`. CMAINT only tells that the configuration said `disabled`: it stays after
// `set server … state ready`, and by itself keeps nothing out. HMAINT (0x40) tells that the name was set by a command.
const FMAINT: u32 = 0x01;
const IMAINT: u32 = 0x02;
const CMAINT: u32 = 0x04;
const FDRAIN: u32 = 0x08;
const IDRAIN: u32 = 0x10;
const RMAINT: u32 = 0x20;

/// What `show servers state` tells of a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct State {
    pub(super) admin: Admin,
    pub(super) address: Option<String>,
}

/// States by the names of backend and server.
pub(super) type States<'a> = HashMap<(&'a str, &'a str), State>;

/// None if it is not `show servers state`.
pub(super) fn read(text: &str) -> Option<States<'_>> {
    let mut lines = text.lines().skip_while(|line| !line.starts_with("# "));
    let names: Vec<&str> = lines.next()?.trim_start_matches("# ").split_whitespace().collect();
    let column = |name: &str| names.iter().position(|known| *known == name);
    let (backend, server, bits) = (column("be_name")?, column("srv_name")?, column("srv_admin_state")?);
    let (ip, port, fqdn) = (column("srv_addr"), column("srv_port"), column("srv_fqdn"));
    let mut states = HashMap::new();
    for line in lines {
        let values: Vec<&str> = line.split_whitespace().collect();
        let at = |column: Option<usize>| column.and_then(|at| values.get(at)).copied().unwrap_or("-");
        let (Some(backend), Some(server)) = (values.get(backend), values.get(server)) else { continue };
        let bits = at(Some(bits)).parse().ok()?;
        let state = State { admin: admin(bits), address: address(at(ip), at(port), at(fqdn)) };
        states.insert((*backend, *server), state);
    }
    Some(states)
}

fn admin(bits: u32) -> Admin {
    let has = |mask: u32| bits & mask != 0;
    let (state, cause) = if has(FMAINT) && has(CMAINT) {
        // A command may have said the same, but after a reload the configuration would hold again.
        (AdminState::Maint, AdminCause::Config)
    } else if has(FMAINT) {
        (AdminState::Maint, AdminCause::Forced)
    } else if has(RMAINT) {
        (AdminState::Maint, AdminCause::Config)
    } else if has(IMAINT) {
        (AdminState::Maint, AdminCause::Inherited)
    } else if has(FDRAIN) {
        (AdminState::Drain, AdminCause::Forced)
    } else if has(IDRAIN) {
        (AdminState::Drain, AdminCause::Inherited)
    } else {
        return Admin::READY;
    };
    Admin { state, cause: Some(cause) }
}

/// A server without an address has `-`, one that goes wherever the client wanted to go has `0.0.0.0` or port 0.
fn address(ip: &str, port: &str, fqdn: &str) -> Option<String> {
    let port: u16 = port.parse().ok().filter(|port| *port > 0)?;
    match ip.parse::<IpAddr>() {
        Ok(ip) if !ip.is_unspecified() => Some(SocketAddr::new(ip, port).to_string()),
        _ if fqdn != "-" => Some(format!("{fqdn}:{port}")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(bits: u32, expected: &str) {
        let Admin { state, cause } = admin(bits);
        let said = cause.map_or(String::new(), |cause| format!(" {cause:?}"));
        assert_eq!(format!("{state:?}{said}"), expected, "{bits:#x}");
    }

    #[test]
    fn bits_tell_who_asked() {
        check(0, "Ready");
        check(FMAINT, "Maint Forced");
        check(IMAINT, "Maint Inherited");
        check(FMAINT | CMAINT, "Maint Config");
        check(RMAINT, "Maint Config");
        check(FDRAIN, "Drain Forced");
        check(IDRAIN, "Drain Inherited");
        check(IMAINT | FDRAIN, "Maint Inherited");
        check(FDRAIN | IDRAIN, "Drain Forced");
    }

    #[test]
    fn a_server_that_the_configuration_disables_can_be_made_ready() {
        check(CMAINT, "Ready");
        check(CMAINT | FDRAIN, "Drain Forced");
    }

    #[test]
    fn addresses() {
        assert_eq!(address("127.0.0.1", "80", "-").as_deref(), Some("127.0.0.1:80"));
        assert_eq!(address("::1", "80", "-").as_deref(), Some("[::1]:80"));
        assert_eq!(address("-", "80", "web.local").as_deref(), Some("web.local:80"));
        assert_eq!(address("0.0.0.0", "80", "-"), None);
        assert_eq!(address("127.0.0.1", "0", "-"), None);
        assert_eq!(address("-", "-", "-"), None);
    }

    proptest! {
        #[test]
        fn any_text_can_be_read(text in "(1\n)?# be_name srv_name srv_admin_state( srv_addr)?\n([a-z0-9 \n]|é){0,60}") {
            let _ = read(&text);
        }
    }
}
