//! What is known of a check while it runs. It outlives the deadline, so that what was reached is told.

use std::time::Duration;

use domain::{Failure, Micros, Observation, Outcome, OwnFault, Phases, Timestamp};
use tokio::time::Instant;

use super::fault::Fault;
use crate::Clock;

/// A check under way.
pub(super) struct Run {
    /// What was reached so far.
    pub(super) phases: Phases,
    /// The status code, once it came.
    pub(super) status_code: Option<u16>,
    /// Whom we wait for.
    pub(super) stage: Stage,
    clock: Clock,
    at: Timestamp,
    begun: Instant,
    timeout_ms: u32,
}

/// Whom a check waits for: it decides whose fault a passed deadline is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// The name servers.
    Name,
    /// The target.
    Target,
    /// Its turn among the TLS handshakes.
    Turn,
}

/// We may be so late without a doubt about the result, or a quarter of the timeout if that is more.
const LATE_MIN: Duration = Duration::from_millis(50);

impl Run {
    /// A check that begins now.
    pub(super) fn begin(clock: Clock, timeout_ms: u32) -> Self {
        let phases = Phases { dns: None, connect: None, tls: None, first_byte: None, total: Micros(0) };
        let (at, begun) = (clock.now(), clock.instant());
        Self { phases, status_code: None, stage: Stage::Target, clock, at, begun, timeout_ms }
    }

    /// How long it may take.
    pub(super) fn timeout(&self) -> Duration {
        Duration::from_millis(self.timeout_ms.into())
    }

    /// When it must be over.
    pub(super) fn deadline(&self) -> Instant {
        self.begun + self.timeout()
    }

    /// The monotonic clock's time.
    pub(super) fn now(&self) -> Instant {
        self.clock.instant()
    }

    /// How long ago `begun` was.
    pub(super) fn since(&self, begun: Instant) -> Micros {
        self.now().saturating_duration_since(begun).into()
    }

    /// What was seen, once it is over; `None` if the deadline passed.
    pub(super) fn observation(mut self, seen: Option<Result<(), Fault>>) -> Observation {
        let took = self.now().saturating_duration_since(self.begun);
        self.phases.total = took.into();
        // The monotonic clock stands still while a machine sleeps; the wall's does not.
        let by_the_wall = Duration::from_millis(self.clock.now().millis_since(self.at));
        let outcome = outcome(seen, self.stage, took.max(by_the_wall), self.timeout_ms);
        Observation { at: self.at, phases: self.phases, status_code: self.status_code, outcome }
    }
}

fn outcome(seen: Option<Result<(), Fault>>, stage: Stage, took: Duration, timeout_ms: u32) -> Outcome {
    let timeout = Duration::from_millis(timeout_ms.into());
    let late_by = took.saturating_sub(timeout);
    let we_were_late = late_by > LATE_MIN.max(timeout / 4);
    match seen {
        Some(Ok(())) => Outcome::Pass,
        Some(Err(fault)) if !(we_were_late && fault.may_come_from_our_being_late()) => fault.into(),
        _ if we_were_late => Outcome::Unknown(OwnFault::Late { by_ms: millis(late_by) }),
        _ => match stage {
            Stage::Name => Outcome::Unknown(OwnFault::Resolver),
            Stage::Turn => Outcome::Unknown(OwnFault::Overloaded),
            Stage::Target => Outcome::Fail(Failure::Timeout { after_ms: timeout_ms }),
        },
    }
}

fn millis(duration: Duration) -> u32 {
    u32::try_from(duration.as_millis()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(seen: Option<Result<(), Fault>>, stage: Stage, took_ms: u64, expected: Outcome) {
        assert_eq!(outcome(seen, stage, Duration::from_millis(took_ms), 1000), expected);
    }

    #[test]
    fn a_passed_deadline_is_the_fault_of_whom_we_waited_for() {
        check(None, Stage::Target, 1001, Outcome::Fail(Failure::Timeout { after_ms: 1000 }));
        check(None, Stage::Name, 1001, Outcome::Unknown(OwnFault::Resolver));
        check(None, Stage::Turn, 1001, Outcome::Unknown(OwnFault::Overloaded));
    }

    #[test]
    fn whoever_is_late_does_not_judge() {
        check(None, Stage::Target, 1250, Outcome::Fail(Failure::Timeout { after_ms: 1000 }));
        check(None, Stage::Target, 1251, Outcome::Unknown(OwnFault::Late { by_ms: 251 }));
        check(None, Stage::Name, 31_000, Outcome::Unknown(OwnFault::Late { by_ms: 30_000 }));
    }

    #[test]
    fn an_answer_counts_however_late_we_read_it() {
        let status = Failure::Status { code: 503, expected: domain::Matcher::default() };
        check(Some(Ok(())), Stage::Target, 31_000, Outcome::Pass);
        check(Some(Err(status.clone().into())), Stage::Target, 31_000, Outcome::Fail(status));
    }

    #[test]
    fn a_target_that_gave_up_on_us_while_we_slept_is_not_to_blame() {
        let closed = || Some(Err(Failure::ConnectionClosed.into()));
        check(closed(), Stage::Target, 900, Outcome::Fail(Failure::ConnectionClosed));
        check(closed(), Stage::Target, 31_000, Outcome::Unknown(OwnFault::Late { by_ms: 30_000 }));
    }
}
