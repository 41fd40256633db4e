//! What a failover took and cost, reckoned from its record.

use serde::{Deserialize, Serialize};

use crate::{BackendName, Mode, ProxyName, Status, Timestamp};

use super::{Cause, Ending, Failover, Promise, Unbound};

/// A figure: what was measured, or why it could not be.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Figure {
    /// The value: milliseconds, or a number of requests.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<f64>,
    /// It is later than this by at most so many milliseconds, where it was only looked at from time to time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blur_ms: Option<u64>,
    /// Why there is no value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub missing: Option<Missing>,
    /// At most so much by the settings, in the same unit; of [`Figures::recover_ms`] counted from when the target answers
    /// as it should again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bound: Option<u64>,
}

/// Why a figure is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Missing {
    /// It has not come yet.
    NotYet,
    /// It did not come before the record ended.
    Never,
    /// There was nothing to find: the target was taken out on purpose.
    OnPurpose,
    /// Its beginning is on no record.
    NoBeginning,
    /// No proxy tells what its own checks say.
    ProxySilent,
    /// The proxy was told to leave the target out before it noticed by itself.
    TakenOutFirst,
    /// The bindings only observe, and the proxy did not stop using it by itself.
    OnlyObserved,
    /// There was no synthetic client, and proxies do not tell it.
    NoClient,
    /// No other target answered.
    NobodyElse,
    /// Drainboard stopped, or missed events.
    Unseen,
}

impl Missing {
    /// The API's sentence.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotYet => "not yet",
            Self::Never => "it did not come before the record ended",
            Self::OnPurpose => "nothing to find: it was taken out on purpose",
            Self::NoBeginning => "the beginning is on no record",
            Self::ProxySilent => "no proxy tells what its own checks say",
            Self::TakenOutFirst => "it was taken out before the proxy noticed by itself",
            Self::OnlyObserved => "the bindings only observe",
            Self::NoClient => "there was no synthetic client, and proxies do not tell it",
            Self::NobodyElse => "no other target answered",
            Self::Unseen => "Drainboard stopped or missed events meanwhile",
        }
    }
}

/// The figures of a record. Times count from [`Failover::started_at`].
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Figures {
    /// Until we believed that it is unhealthy.
    pub detect_ms: Figure,
    /// Until the checks of a proxy said so.
    pub proxy_detect_ms: Figure,
    /// Until the first proxy sent it nothing new any more, by our order or by itself.
    pub out_of_service_ms: Figure,
    /// Until another target answered a request that was sent after the beginning.
    pub first_success_elsewhere_ms: Figure,
    /// Requests that were not served.
    pub requests_lost: Figure,
    /// Requests that were served late.
    pub requests_stalled: Figure,
    /// Until service was whole again.
    pub recover_ms: Figure,
}

impl Figure {
    fn of(value: f64) -> Self {
        Self { value: Some(value.max(0.0)), blur_ms: None, missing: None, bound: None }
    }

    fn missing(why: Missing) -> Self {
        Self { value: None, blur_ms: None, missing: Some(why), bound: None }
    }

    fn or_missing(value: Option<f64>, why: Missing) -> Self {
        value.map_or(Self::missing(why), Self::of)
    }
}

#[expect(clippy::cast_precision_loss, reason = "milliseconds of days are exact")]
fn float(number: u64) -> f64 {
    number as f64
}

impl Failover {
    /// What it took and cost.
    pub fn figures(&self) -> Figures {
        let bound =
            |promise: Result<Promise, Unbound>| promise.ok().map(|promise| promise.at_most_ms()).filter(|ms| 0 < *ms);
        Figures {
            detect_ms: self.detect(),
            proxy_detect_ms: self.proxy_detect(),
            out_of_service_ms: Figure { bound: bound(self.out_of_service_promise()), ..self.out_of_service() },
            first_success_elsewhere_ms: self.elsewhere(),
            requests_lost: self.lost(),
            requests_stalled: self.stalled(),
            recover_ms: Figure { bound: bound(self.recovery_promise()), ..self.recover() },
        }
    }

    /// Why something that can still come is not there.
    fn not_there(&self) -> Missing {
        match (self.frozen, self.ending) {
            (false, None) => Missing::NotYet,
            (_, Some(Ending::Interrupted)) => Missing::Unseen,
            _ if self.evidence.has_holes => Missing::Unseen,
            _ => Missing::Never,
        }
    }

    /// When we first believed that it is unhealthy.
    pub fn detected_at(&self) -> Option<Timestamp> {
        let found = self.evidence.beliefs.iter().find(|belief| belief.status == Status::Unhealthy);
        found.map(|belief| belief.at)
    }

    fn detect(&self) -> Figure {
        let bound = self.detection_promise().map(|promise| promise.at_most_ms());
        let figure = match self.cause {
            Cause::FailedChecks => {
                Figure::or_missing(self.detected_at().map(|at| float(self.after(at))), self.not_there())
            }
            Cause::Drained | Cause::Deregistered | Cause::Drill => Figure::missing(Missing::OnPurpose),
            Cause::CameBack => Figure::missing(Missing::NoBeginning),
        };
        Figure { bound, ..figure }
    }

    fn proxy_detect(&self) -> Figure {
        match self.cause {
            Cause::Drained | Cause::Deregistered | Cause::Drill => return Figure::missing(Missing::OnPurpose),
            Cause::CameBack => return Figure::missing(Missing::NoBeginning),
            Cause::FailedChecks => {}
        }
        let mut told = self.evidence.opinions.iter().filter(|opinion| self.started_at <= opinion.at);
        if let Some(down) = told.find(|opinion| opinion.is_up == Some(false)) {
            let not_before = down.not_before.filter(|before| self.started_at <= *before).unwrap_or(self.started_at);
            let blur_ms = Some(down.at.millis_since(not_before));
            return Figure { blur_ms, ..Figure::of(float(self.after(down.at))) };
        }
        let is_told = self.served.iter().any(|served| served.tells_health);
        Figure::missing(match (is_told, self.taken_out_at()) {
            (false, _) => Missing::ProxySilent,
            (true, Some(_)) if self.frozen || self.ended_at.is_some() => Missing::TakenOutFirst,
            (true, _) => self.not_there(),
        })
    }

    /// When the first proxy was told to leave it out, and had done so.
    pub fn taken_out_at(&self) -> Option<Timestamp> {
        self.evidence.told.iter().find(|told| told.takes_out() && self.started_at <= told.at).map(|told| told.at)
    }

    fn out_of_service(&self) -> Figure {
        if self.cause == Cause::CameBack {
            return Figure::missing(Missing::NoBeginning);
        }
        let ours = self.taken_out_at().map(|at| (at, None));
        let mut opinions = self.evidence.opinions.iter().filter(|opinion| self.started_at <= opinion.at);
        let theirs = opinions.find(|opinion| opinion.is_up == Some(false));
        let theirs = theirs.map(|opinion| (opinion.at, Some(opinion.not_before.unwrap_or(self.started_at))));
        let first = [ours, theirs].into_iter().flatten().min_by_key(|(at, _)| *at);
        if let Some((at, not_before)) = first {
            let blur_ms = not_before.map(|before| at.millis_since(before.max(self.started_at)));
            return Figure { blur_ms, ..Figure::of(float(self.after(at))) };
        }
        let only_observed = self.served.iter().all(|served| served.mode == Mode::Observe);
        let is_over = self.frozen || self.ended_at.is_some();
        Figure::missing(if only_observed && is_over { Missing::OnlyObserved } else { self.not_there() })
    }

    fn elsewhere(&self) -> Figure {
        match &self.traffic {
            None => Figure::missing(Missing::NoClient),
            Some(traffic) => match traffic.elsewhere {
                Some((us, _)) => Figure::of(float(us) / 1000.0),
                None if self.frozen => Figure::missing(Missing::NobodyElse),
                None => Figure::missing(self.not_there()),
            },
        }
    }

    /// With a client as it saw it, else as proxies count what failed for good: answers of 500 and above. What was tried
    /// again elsewhere is not lost, and connections that failed are told apart, see [`Self::counted`].
    fn lost(&self) -> Figure {
        match &self.traffic {
            Some(traffic) => Figure::of(float(traffic.lost)),
            None => {
                Figure::or_missing(self.counted().and_then(|counted| counted.answers_5xx).map(float), Missing::NoClient)
            }
        }
    }

    fn stalled(&self) -> Figure {
        let stalled = self.traffic.as_ref().map(|traffic| float(traffic.stalled));
        Figure::or_missing(stalled, Missing::NoClient)
    }

    fn recover(&self) -> Figure {
        let whole = self.ended_at.filter(|_| self.ending == Some(Ending::Whole));
        Figure::or_missing(whole.map(|at| float(self.after(at))), self.not_there())
    }
}

/// By how much the counters of all proxies grew over a record. None where no proxy tells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counted {
    /// Connections and answers that failed.
    pub errors: Option<u64>,
    /// Requests that were tried again or given to another server.
    pub retries: Option<u64>,
    /// Answers with a status of 500 and above.
    pub answers_5xx: Option<u64>,
}

impl Failover {
    /// The backends whose proxies tell what they counted.
    pub fn backends(&self) -> Vec<(&ProxyName, &BackendName)> {
        let mut backends: Vec<_> = self.evidence.ticks.iter().map(|tick| (&tick.proxy, &tick.backend)).collect();
        backends.sort_unstable();
        backends.dedup();
        backends
    }

    /// What proxies counted from the last look before the beginning until the last one.
    pub fn counted(&self) -> Option<Counted> {
        let mut sum: Option<Counted> = None;
        for (proxy, backend) in self.backends() {
            let ticks = self.evidence.ticks.iter().filter(|tick| (&tick.proxy, &tick.backend) == (proxy, backend));
            let ticks: Vec<_> = ticks.collect();
            let before = ticks.partition_point(|tick| tick.at <= self.started_at).saturating_sub(1);
            let ticks = &ticks[before..];
            let grown = |read: fn(&super::Tick) -> Option<u64>| {
                // Counters begin anew where the proxy does.
                let steps = ticks.windows(2).map(|pair| Some(read(pair[1])?.saturating_sub(read(pair[0])?)));
                // A look that shows nothing new is not kept: then nothing was counted.
                steps.sum::<Option<u64>>().filter(|_| ticks.last().is_some_and(|last| read(last).is_some()))
            };
            let sum = sum.get_or_insert_default();
            sum.errors = plus(sum.errors, grown(|tick| tick.errors));
            sum.retries = plus(sum.retries, grown(|tick| tick.retries));
            sum.answers_5xx = plus(sum.answers_5xx, grown(|tick| tick.answers_5xx));
        }
        sum
    }
}

fn plus(sum: Option<u64>, more: Option<u64>) -> Option<u64> {
    match (sum, more) {
        (Some(sum), Some(more)) => Some(sum + more),
        (sum, more) => sum.or(more),
    }
}
