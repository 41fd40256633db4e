//! What the settings promise for a fault of this kind.

use crate::{Bound, Check, LabFault, Reason};

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

    /// The time that detection takes at most by the settings, counted from where the record counts. Where only the first
    /// failed check is known and not the fault, the wait for that check is not in it.
    pub fn detection_bound_ms(&self) -> Option<u64> {
        let bound = self.loss()?.bound(&self.check);
        let wait = u64::from(self.check.interval_ms) + first_check_ms(self.loss()?, &self.check);
        let alarmed = self.check.sentinel && self.loss() == Some(Loss::Killed);
        Some(match self.fault {
            Some(_) => bound.worst_ms,
            None if alarmed => bound.worst_ms,
            None => bound.worst_ms.saturating_sub(wait),
        })
    }
}

/// How long the first check that fails takes, at most.
fn first_check_ms(loss: Loss, check: &Check) -> u64 {
    if loss == Loss::Hang { u64::from(check.timeout_ms) } else { 0 }
}
