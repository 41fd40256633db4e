//! What the tests share: checks, a prober, and a guard against checks that hang.

use std::future::Future;
use std::net::SocketAddr;
use std::time::Duration;

use domain::{Check, Failure, Host, Observation, Outcome, OwnFault, Protocol};
use engine::Clock;
use engine::probe::{NameServers, Prober, ProberSettings, TrustedRoots};

/// No check may take so long, whatever happens.
const HANG: Duration = Duration::from_secs(60);
/// So often a check is made again because this machine was too busy to judge.
const LATE_MAX: usize = 50;

/// The deadline of checks that are expected to miss it.
pub(crate) const SOON_MS: u32 = 300;

pub(crate) fn prober() -> Prober {
    prober_with(ProberSettings::default())
}

pub(crate) fn prober_with(settings: ProberSettings) -> Prober {
    Prober::with_settings(Clock, settings).unwrap()
}

/// A prober that asks `server`.
pub(crate) fn prober_asking(server: SocketAddr) -> Prober {
    let name_servers = NameServers::These(vec![server]);
    prober_with(ProberSettings { name_servers, trusted_roots: TrustedRoots::These(Vec::new()) })
}

/// A check with so long a deadline that a busy machine does not miss it.
pub(crate) fn check(protocol: Protocol) -> Check {
    Check { timeout_ms: 20_000, ..Check::default_for(protocol) }
}

pub(crate) fn check_for_text(text: &str) -> Check {
    Check { body_contains: Some(text.to_owned()), ..check(Protocol::Http) }
}

pub(crate) fn impatient(check: Check) -> Check {
    Check { timeout_ms: SOON_MS, ..check }
}

/// Checks once more as long as this machine is too busy to judge.
pub(crate) async fn observe(prober: &Prober, check: &Check, host: &str, port: u16) -> Observation {
    let host: Host = host.parse().unwrap();
    for _ in 0..LATE_MAX {
        let seen = in_time(prober.check(check, &host, port)).await;
        if !matches!(seen.outcome, Outcome::Unknown(OwnFault::Late { .. })) {
            return seen;
        }
    }
    panic!("this machine is too busy");
}

pub(crate) async fn observe_at(check: &Check, address: SocketAddr) -> Observation {
    observe(&prober(), check, &address.ip().to_string(), address.port()).await
}

pub(crate) async fn in_time<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(HANG, future).await.expect("a check hangs")
}

pub(crate) fn timed_out() -> Outcome {
    Outcome::Fail(Failure::Timeout { after_ms: SOON_MS })
}

pub(crate) fn malformed(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Fail(Failure::Malformed(_)))
}
