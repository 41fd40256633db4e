//! A replay under way, and what came of it.

use serde::{Deserialize, Serialize};

use crate::{Failure, OUTAGES_MAX, Observation, Outage, Outcome, Replay, TargetId, Timestamp};

use super::{Settings, WhatIf};

/// A replay under way: the same checks under the settings of the group and under others.
#[derive(Clone, Debug)]
pub struct WhatIfRun {
    settings: Settings,
    /// None: all checks are taken.
    thin: Option<Thin>,
    other_matcher: bool,
    checks: u64,
    checks_taken: u64,
    then: Replay,
    now: Replay,
}

/// Takes one check out of each interval.
#[derive(Clone, Copy, Debug)]
struct Thin {
    recorded_ms: i64,
    interval_ms: i64,
    first: Option<Timestamp>,
    taken: i64,
}

/// What came of a replay.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WhatIfVerdict {
    /// Since when the checks were replayed: those before were made by other settings, or are too many. None: all of the
    /// stretch.
    pub since: Option<Timestamp>,
    /// Checks that were replayed.
    pub checks: u64,
    /// Checks that there would have been.
    pub checks_now: u64,
    /// Changes between healthy and unhealthy under the settings of the group.
    pub changes_then: u64,
    /// Changes under the other settings.
    pub changes_now: u64,
    /// Outages under the settings of the group.
    pub outages_then: u64,
    /// Outages under the other settings.
    pub outages_now: u64,
    /// Outages that only the settings of the group see, as far as `detections` goes.
    pub missed: u64,
    /// Outages that only the other settings see, as far as `detections` goes.
    pub added: u64,
    /// How long it was unhealthy under the settings of the group, in milliseconds.
    pub unhealthy_ms_then: u64,
    /// The same under the other settings.
    pub unhealthy_ms_now: u64,
    /// Whether it would have been healthy at any time under the other settings; of several targets: each of them.
    pub healthy_now: bool,
    /// How much later the other settings find what both see, on average, in milliseconds; negative: sooner. An outage that
    /// goes on from one before is not found anew.
    pub mean_shift_ms: Option<i64>,
    /// So many outages both see, and find anew.
    pub shifts: u64,
    /// The outages of both, oldest first; at most twice [`crate::OUTAGES_MAX`].
    pub detections: Vec<Discovery>,
}

/// How an outage is found under both settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Discovery {
    /// The target, where several were replayed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<TargetId>,
    /// When the first failed check ended.
    pub first_failure: Timestamp,
    /// From then until the target was called unhealthy, in milliseconds; none: it was not.
    pub then_ms: Option<u64>,
    /// The same under the other settings.
    pub now_ms: Option<u64>,
}

impl WhatIf {
    /// Begins a replay of stored checks.
    pub fn begin(self) -> WhatIfRun {
        let Self { recorded, wanted } = self;
        WhatIfRun {
            thin: (wanted.interval_ms != recorded.interval_ms)
                .then(|| Thin::new(recorded.interval_ms, wanted.interval_ms)),
            other_matcher: wanted.matcher != recorded.matcher,
            checks: 0,
            checks_taken: 0,
            then: Replay::new(recorded.thresholds),
            now: Replay::new(wanted.thresholds),
            settings: wanted,
        }
    }
}

impl WhatIfRun {
    /// Takes in the next check, in the order of time.
    pub fn observe(&mut self, observation: &Observation) {
        let ended = observation.ended_at();
        self.checks += 1;
        self.then.observe(ended, &observation.outcome);
        if self.thin.as_mut().is_none_or(|thin| thin.takes(observation.at)) {
            self.checks_taken += 1;
            match self.judge_again(observation) {
                Some(outcome) => self.now.observe(ended, &outcome),
                None => self.now.observe(ended, &observation.outcome),
            }
        }
    }

    /// The target is at another address from now on, where nothing is believed of it yet.
    pub fn move_on(&mut self) {
        self.catch_up();
        self.then.begin_anew();
        self.now.begin_anew();
        if let Some(thin) = &mut self.thin {
            (thin.first, thin.taken) = (None, -1);
        }
    }

    /// Checks that the other settings would not have made last as long as those that were made.
    fn catch_up(&mut self) {
        if let Some(last) = self.then.last() {
            self.now.last_until(last);
        }
    }

    /// What came of it.
    pub fn finish(mut self) -> WhatIfVerdict {
        self.catch_up();
        let detections = pair(self.then.outages(), self.now.outages());
        let count = |only: fn(&Discovery) -> bool| detections.iter().filter(|d| only(d)).count() as u64;
        let shifts = shifts(self.then.outages(), self.now.outages());
        WhatIfVerdict {
            since: None,
            checks: self.checks,
            checks_now: self.checks_taken,
            changes_then: self.then.changes(),
            changes_now: self.now.changes(),
            outages_then: self.then.outage_count(),
            outages_now: self.now.outage_count(),
            missed: count(|d| d.now_ms.is_none()),
            added: count(|d| d.then_ms.is_none()),
            unhealthy_ms_then: self.then.unhealthy_ms(),
            unhealthy_ms_now: self.now.unhealthy_ms(),
            healthy_now: self.now.was_healthy(),
            mean_shift_ms: mean(&shifts),
            shifts: shifts.len() as u64,
            detections,
        }
    }

    /// The outcome under the other matcher, where it may be another: a check without a status code, or that failed for
    /// another reason than its code, keeps its verdict if the code passes.
    fn judge_again(&self, observation: &Observation) -> Option<Outcome> {
        let code = observation.status_code.filter(|_| self.other_matcher)?;
        let matches = self.settings.matcher.matches(code);
        match &observation.outcome {
            Outcome::Unknown(_) => None,
            Outcome::Fail(Failure::Status { .. }) if matches => Some(Outcome::Pass),
            Outcome::Pass | Outcome::Fail(_) if matches => None,
            Outcome::Pass | Outcome::Fail(_) => {
                Some(Outcome::Fail(Failure::Status { code, expected: self.settings.matcher.clone() }))
            }
        }
    }
}

impl Thin {
    fn new(recorded_ms: u32, interval_ms: u32) -> Self {
        Self { recorded_ms: recorded_ms.into(), interval_ms: interval_ms.into(), first: None, taken: -1 }
    }

    /// The first check of each interval is taken. Half a recorded interval is left for checks that began early or late.
    fn takes(&mut self, at: Timestamp) -> bool {
        let first = *self.first.get_or_insert(at);
        let since_first = at.as_millis() - first.as_millis() + self.recorded_ms / 2;
        let interval = since_first / self.interval_ms;
        let takes = self.taken < interval;
        self.taken = self.taken.max(interval);
        takes
    }
}

/// How much later each outage that both see is found anew, in milliseconds.
fn shifts(then: &[Outage], now: &[Outage]) -> Vec<i64> {
    let shift = |ours: &Outage| {
        let other = now.iter().find(|other| overlap(ours, other))?;
        let is_found_anew = ours.first_failure <= other.found;
        is_found_anew.then(|| other.found.as_millis() - ours.found.as_millis())
    };
    then.iter().filter_map(shift).collect()
}

fn mean(shifts: &[i64]) -> Option<i64> {
    let sum = shifts.iter().fold(0i64, |sum, shift| sum.saturating_add(*shift));
    sum.checked_div(i64::try_from(shifts.len()).ok()?)
}

impl WhatIfVerdict {
    /// What came of the replays of several targets.
    pub fn of_all(verdicts: impl IntoIterator<Item = (TargetId, Self)>) -> Option<Self> {
        let mut verdicts = verdicts.into_iter().map(|(target, mut verdict)| {
            verdict.detections.iter_mut().for_each(|found| found.target = Some(target));
            verdict
        });
        let mut all = verdicts.next()?;
        verdicts.for_each(|verdict| all.add(verdict));
        Some(all)
    }

    fn add(&mut self, other: Self) {
        let sum = |of: &Self| i128::from(of.mean_shift_ms.unwrap_or(0)) * i128::from(of.shifts);
        let mean = (sum(self) + sum(&other)).checked_div(i128::from(self.shifts + other.shifts));
        self.mean_shift_ms = mean.and_then(|mean| i64::try_from(mean).ok());
        // A target that was not checked was not unhealthy either.
        self.healthy_now = (self.healthy_now || self.checks == 0) && (other.healthy_now || other.checks == 0);
        self.since = self.since.max(other.since);
        for (sum, more) in [
            (&mut self.shifts, other.shifts),
            (&mut self.checks, other.checks),
            (&mut self.checks_now, other.checks_now),
            (&mut self.changes_then, other.changes_then),
            (&mut self.changes_now, other.changes_now),
            (&mut self.outages_then, other.outages_then),
            (&mut self.outages_now, other.outages_now),
            (&mut self.missed, other.missed),
            (&mut self.added, other.added),
            (&mut self.unhealthy_ms_then, other.unhealthy_ms_then),
            (&mut self.unhealthy_ms_now, other.unhealthy_ms_now),
        ] {
            *sum += more;
        }
        self.detections.extend(other.detections);
        self.detections.sort_by_key(|found| found.first_failure);
        self.detections.truncate(2 * OUTAGES_MAX);
    }
}

/// Outages that overlap are the same, seen twice. One that overlaps an outage which is told already adds nothing.
fn pair(then: &[Outage], now: &[Outage]) -> Vec<Discovery> {
    let found = |ours: &Outage, others: &[Outage]| {
        let other = others.iter().find(|other| overlap(ours, other))?;
        Some(other.found.millis_since(ours.first_failure))
    };
    let both = then.iter().map(|outage| Discovery {
        target: None,
        first_failure: outage.first_failure,
        then_ms: Some(outage.found.millis_since(outage.first_failure)),
        now_ms: found(outage, now),
    });
    let added = now.iter().filter(|outage| !then.iter().any(|other| overlap(outage, other))).map(|outage| Discovery {
        target: None,
        first_failure: outage.first_failure,
        then_ms: None,
        now_ms: Some(outage.found.millis_since(outage.first_failure)),
    });
    let mut detections: Vec<Discovery> = both.chain(added).collect();
    detections.sort_by_key(|detection| detection.first_failure);
    detections
}

fn overlap(one: &Outage, other: &Outage) -> bool {
    let begins_in = |one: &Outage, other: &Outage| other.over.is_none_or(|over| one.first_failure < over);
    begins_in(one, other) && begins_in(other, one)
}
