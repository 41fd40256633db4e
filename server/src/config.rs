//! What the operator sets, as the server uses it.

use std::net::SocketAddr;
use std::path::PathBuf;

/// The settings of the whole program.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    /// Where to listen.
    pub(crate) listen: SocketAddr,
    /// Whether an address that others can reach is wanted although there is no sign-in.
    pub(crate) allow_unauthenticated: bool,
    /// Further names by which browsers may ask for this server.
    pub(crate) allowed_hosts: Vec<String>,
    /// So many sentinels may be held; none: as the limit of open files allows.
    pub(crate) sentinels: Option<usize>,
    /// The configuration file, where there is one.
    pub(crate) config_file: Option<PathBuf>,
    /// The engine's part.
    pub(crate) engine: engine::Config,
    /// What is logged, and how.
    pub(crate) log: LogSettings,
    /// Whether a lab is started at once.
    pub(crate) lab: LabWish,
    /// The HAProxy program for the lab, where somebody named it.
    pub(crate) haproxy: Option<PathBuf>,
}

/// When a lab is started.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LabWish {
    /// When somebody asks for it.
    WhenAsked,
    /// With the program.
    AtOnce,
}

/// What is logged, and how.
#[derive(Clone, Debug)]
pub(crate) struct LogSettings {
    /// Which messages.
    pub(crate) filter: String,
    /// As JSON.
    pub(crate) json: bool,
}

/// The listening address is one that others can reach.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "refused to listen on {0}: there is no sign-in yet, so everybody who reaches that address could change everything. \
     Listen on 127.0.0.1 (with a reverse proxy that asks for a password before it, if others are to see the board), \
     or add --allow-unauthenticated if everybody on that network may"
)]
pub(crate) struct NotLoopback(SocketAddr);

impl Settings {
    /// Whether only this machine reaches the address. The lab starts and ends processes, so it is there only then.
    pub(crate) fn is_private(&self) -> bool {
        self.listen.ip().to_canonical().is_loopback()
    }

    /// Refuses an address that others can reach, unless it was asked for twice.
    pub(crate) fn safe_address(&self) -> Result<SocketAddr, NotLoopback> {
        if self.is_private() || self.allow_unauthenticated { Ok(self.listen) } else { Err(NotLoopback(self.listen)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(listen: &str, allow_unauthenticated: bool) -> bool {
        let log = LogSettings { filter: String::new(), json: false };
        let listen = listen.parse().unwrap();
        let engine = engine::Config::new("unused.db");
        let settings = Settings {
            listen,
            allow_unauthenticated,
            allowed_hosts: Vec::new(),
            sentinels: None,
            config_file: None,
            engine,
            log,
            lab: LabWish::WhenAsked,
            haproxy: None,
        };
        settings.safe_address().is_ok()
    }

    #[test]
    fn only_loopback_is_served_without_being_asked_twice() {
        assert!(check("127.0.0.1:3000", false));
        assert!(check("127.8.8.8:3000", false));
        assert!(check("[::1]:3000", false));
        assert!(check("[::ffff:127.0.0.1]:3000", false));
        assert!(!check("0.0.0.0:3000", false));
        assert!(!check("[::]:3000", false));
        assert!(!check("192.168.1.10:3000", false));
        assert!(check("0.0.0.0:3000", true));
    }
}
