//! What the settings promise for a fault of this kind, and what the promise is made of.

use crate::{Bound, Check, LabFault, Mode, Reason};

use super::{Cause, Failover};

/// How a target was lost, as far as it matters for how soon that can be found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loss {
    /// Its process ended: connections are refused or reset.
    Killed,
    /// It answers, and not as it should.
    Wrong,
    /// It takes connections and says nothing.
    Hang,
}

impl Loss {
    /// What these settings promise.
    pub fn bound(self, check: &Check) -> Bound {
        let detection = check.detection();
        match self {
            Self::Killed => detection.killed,
            Self::Wrong => detection.wrong,
            Self::Hang => detection.hang,
        }
    }

    /// What detection is made of at most with these settings: from the fault, or from the first failed check on.
    fn promise(self, check: &Check, from_fault: bool) -> Promise {
        let hangs = self == Self::Hang;
        let waits = !(check.sentinel && self == Self::Killed);
        let step_ms = check.fast_interval_ms.unwrap_or(check.interval_ms);
        // A check that hangs ends with its timeout, and the next one does not begin before that.
        let step_ms = if hangs { step_ms.max(check.timeout_ms) } else { step_ms };
        let more = check.unhealthy_threshold.saturating_sub(1);
        let terms = [
            (from_fault && waits).then_some(Term::Interval(check.interval_ms)),
            (from_fault && hangs).then_some(Term::Timeout(check.timeout_ms)),
            (0 < more).then_some(Term::More { count: more, step_ms }),
        ];
        Promise(terms.into_iter().flatten().collect())
    }
}

impl Failover {
    /// How the target was lost; none where it did not fail.
    pub fn loss(&self) -> Option<Loss> {
        if self.cause != Cause::FailedChecks {
            return None;
        }
        let by_fault = self.fault.and_then(|fault| match fault.what {
            LabFault::Kill | LabFault::Stop => Some(Loss::Killed),
            LabFault::Hang | LabFault::Slow => Some(Loss::Hang),
            LabFault::Answer503 => Some(Loss::Wrong),
            LabFault::BringBack => None,
        });
        by_fault.or_else(|| {
            Some(match self.reason? {
                Reason::Timeout => Loss::Hang,
                Reason::FailedHealthChecks => Loss::Killed,
                _ => Loss::Wrong,
            })
        })
    }

    /// What bounds detection, counted from where the record counts; none where there was nothing to find. Where only the
    /// first failed check is known and not the fault, the wait for that check is not in it.
    pub fn detection_promise(&self) -> Option<Promise> {
        Some(self.loss()?.promise(&self.check, self.fault.is_some()))
    }

    /// What bounds the time until it is out of service, where that is in our hands.
    pub fn out_of_service_promise(&self) -> Result<Promise, Unbound> {
        if self.cause == Cause::CameBack {
            return Err(Unbound::NoBeginning);
        }
        let by_person = matches!(self.cause, Cause::Drained | Cause::Deregistered);
        let may_act = |mode: Mode| mode == Mode::Automatic || (by_person && mode == Mode::ByHand);
        if !self.served.iter().any(|served| may_act(served.mode)) {
            return Err(Unbound::ByProxy);
        }
        let mut promise = self.detection_promise().unwrap_or_default();
        promise.0.push(Term::Order);
        Ok(promise)
    }

    /// What bounds the time until service is whole, counted from when the target answers as it should again.
    pub fn recovery_promise(&self) -> Result<Promise, Unbound> {
        match self.cause {
            Cause::FailedChecks | Cause::CameBack => {}
            Cause::Drained | Cause::Deregistered | Cause::Drill => return Err(Unbound::ByPerson),
        }
        if !self.served.iter().all(|served| served.mode == Mode::Automatic) {
            return Err(Unbound::ByProxy);
        }
        let Check { interval_ms, healthy_threshold, .. } = self.check;
        Ok(Promise(vec![Term::More { count: healthy_threshold, step_ms: interval_ms }, Term::Order]))
    }
}

/// What a time is made of at most, in the order in which it passes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Promise(pub Vec<Term>);

/// A part of a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Term {
    /// The wait for the next turn, in milliseconds.
    Interval(u32),
    /// A check that says nothing, in milliseconds.
    Timeout(u32),
    /// So many more checks.
    More {
        /// How many.
        count: u8,
        /// So long each, in milliseconds.
        step_ms: u32,
    },
    /// An order to a proxy: no setting says how long it takes. It is a round trip where the proxy answers and automatic mode
    /// does not wait: after a start, for the floor, for its rate, or in doubt.
    Order,
}

/// Why no setting of ours bounds a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unbound {
    /// The proxy's own checks decide, and it does not tell their settings.
    ByProxy,
    /// It depends on the requests.
    ByTraffic,
    /// A person decides.
    ByPerson,
    /// Its beginning is on no record.
    NoBeginning,
}

impl Unbound {
    /// The API's sentence.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ByProxy => "the proxy's own checks decide, and it does not tell their settings",
            Self::ByTraffic => "it depends on the requests, not on the settings",
            Self::ByPerson => "a person decides when",
            Self::NoBeginning => "the beginning is on no record",
        }
    }
}

impl Promise {
    /// The sum of what settings say, in milliseconds.
    pub fn at_most_ms(&self) -> u64 {
        self.0.iter().map(|term| term.ms()).sum()
    }
}

impl Term {
    fn ms(self) -> u64 {
        match self {
            Self::Interval(ms) | Self::Timeout(ms) => u64::from(ms),
            Self::Order => 0,
            Self::More { count, step_ms } => u64::from(count) * u64::from(step_ms),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Protocol;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_parts_of_a_promise_are_the_bound_that_the_settings_imply(
            interval_ms in 200u32..=300_000, timeout_ms in 20u32..=120_000, unhealthy_threshold in 1u8..=10,
            fast in proptest::option::of(20u32..=300_000), sentinel: bool,
        ) {
            let check = Check {
                interval_ms,
                timeout_ms: timeout_ms.min(interval_ms),
                unhealthy_threshold,
                fast_interval_ms: fast.map(|fast| fast.min(interval_ms)),
                sentinel,
                ..Check::default_for(Protocol::Http)
            };
            for loss in [Loss::Killed, Loss::Wrong, Loss::Hang] {
                prop_assert_eq!(loss.promise(&check, true).at_most_ms(), loss.bound(&check).worst_ms);
            }
        }
    }
}
