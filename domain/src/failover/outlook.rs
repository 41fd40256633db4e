//! What other settings would have given, and what the proxy alone did or would have done.

use crate::{Bound, Check};

use super::{Failover, Loss};

/// So often a check that is confirmed fast comes, where other settings are reckoned, in milliseconds.
const FAST_MS: u32 = 100;

/// Other settings than those that the record was made with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alternative {
    /// Without sentinel and fast confirming.
    Plain,
    /// With fast confirming, without sentinel.
    Fast,
    /// With both.
    Sentinel,
}

/// What settings would have given for the same loss.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outlook {
    /// Which.
    pub alternative: Alternative,
    /// From the fault until we believe it.
    pub bound: Bound,
}

impl Failover {
    /// What other settings would have given for the same loss, the ones that differ from those of the record only.
    pub fn outlooks(&self) -> Vec<Outlook> {
        let Some(loss) = self.loss() else { return Vec::new() };
        let own = loss.bound(&self.check);
        let all = [Alternative::Plain, Alternative::Fast, Alternative::Sentinel];
        let outlooks =
            all.into_iter().map(|alternative| Outlook { alternative, bound: alternative.bound(loss, &self.check) });
        outlooks.filter(|outlook| outlook.bound != own).collect()
    }
}

impl Alternative {
    fn bound(self, loss: Loss, check: &Check) -> Bound {
        let fast = check.fast_interval_ms.or(Some(FAST_MS.min(check.interval_ms)));
        let (fast_interval_ms, sentinel) = match self {
            Self::Plain => (None, false),
            Self::Fast => (fast, false),
            Self::Sentinel => (fast, true),
        };
        loss.bound(&Check { fast_interval_ms, sentinel, ..check.clone() })
    }
}
