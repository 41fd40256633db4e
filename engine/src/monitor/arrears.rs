//! What could not be written yet: all of it in its order, as far as it fits; what does not fit is a gap.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use domain::{Event, EventKind, Gap, StandingChange, TargetId};

use crate::store::Batch;

/// So many events are kept in memory: those of half a minute at a thousand checks a second. Each takes some 400 bytes.
const EVENTS_MAX: usize = 32_768;

/// So many events on record are kept of those that did not fit; the oldest go first.
const RECORD_MAX: usize = 10_000;

/// What the store has not taken yet.
#[derive(Clone, Debug, Default)]
pub(crate) struct Arrears {
    /// The newest, complete.
    batches: VecDeque<Batch>,
    /// How many events are in `batches`.
    events: usize,
    /// What came before them and did not fit.
    shed: Shed,
}

/// What is left of what did not fit.
#[derive(Clone, Debug, Default)]
struct Shed {
    /// The events on record.
    record: Arc<Vec<Event>>,
    /// The last status of each target that had another.
    standings: BTreeMap<TargetId, StandingChange>,
    /// The time whose checks are lost.
    gap: Option<Gap>,
    /// How many checks are lost.
    checks: u64,
}

impl Arrears {
    /// Adds what comes after all that is kept.
    pub(crate) fn add(&mut self, batch: Batch) {
        self.events += batch.events.len();
        self.batches.push_back(batch);
        while self.events > EVENTS_MAX {
            self.shed_first();
        }
    }

    /// Adds what came before all that is kept.
    pub(crate) fn add_before(&mut self, before: Self) {
        let later = std::mem::replace(self, before);
        // Where something of the later ones is lost, nothing before it is complete.
        if let Some(gap) = later.shed.gap {
            self.shed_all(gap);
        }
        self.shed.take(later.shed);
        later.batches.into_iter().for_each(|batch| self.add(batch));
    }

    /// Nothing is known of this time, which ends after all that is kept.
    pub(crate) fn shed_all(&mut self, gap: Gap) {
        let first = self.batches.front().and_then(|batch| batch.events.first()).map(|event| event.at);
        while !self.batches.is_empty() {
            self.shed_first();
        }
        self.shed.lose(Gap { from: first.map_or(gap.from, |first| first.min(gap.from)), to: gap.to });
    }

    fn shed_first(&mut self) {
        let Some(batch) = self.batches.pop_front() else { return };
        self.events -= batch.events.len();
        let next = self.batches.front().unwrap_or(&batch);
        if let (Some(first), Some(next)) = (batch.events.first(), next.events.first()) {
            self.shed.lose(Gap { from: first.at, to: next.at });
        }
        self.shed.keep_what_matters(&batch);
    }

    /// What is to be written, in its order.
    pub(crate) fn batches(&self) -> Vec<Batch> {
        let Shed { record, standings, .. } = &self.shed;
        let first = Batch { events: Arc::clone(record), standings: standings.values().copied().collect() };
        std::iter::once(first).filter(|first| !first.events.is_empty()).chain(self.batches.iter().cloned()).collect()
    }

    /// The time whose checks are lost.
    pub(crate) fn gap(&self) -> Option<Gap> {
        self.shed.gap
    }

    /// How many checks are kept, and how many are lost.
    pub(crate) fn checks(&self) -> (u64, u64) {
        let kept: u64 = self.batches.iter().map(|batch| checks(&batch.events)).sum();
        (kept + checks(&self.shed.record), self.shed.checks)
    }
}

impl Shed {
    fn keep_what_matters(&mut self, batch: &Batch) {
        let record = Arc::make_mut(&mut self.record);
        let before = record.len();
        record.extend(batch.events.iter().filter(|event| event.kind.is_on_record()).cloned());
        self.checks += checks(&batch.events) - checks(record.get(before..).unwrap_or_default());
        let surplus = record.len().saturating_sub(RECORD_MAX);
        if surplus > 0 {
            tracing::error!(events = surplus, "the store has been away for so long that events are lost");
            self.checks += record.drain(..surplus).filter(is_check).count() as u64;
        }
        self.standings.extend(batch.standings.iter().map(|standing| (standing.target, *standing)));
    }

    /// Takes what was shed later.
    fn take(&mut self, later: Self) {
        self.keep_what_matters(&Batch { events: later.record, standings: later.standings.into_values().collect() });
        self.checks += later.checks;
        later.gap.into_iter().for_each(|gap| self.lose(gap));
    }

    fn lose(&mut self, gap: Gap) {
        if gap.from < gap.to {
            self.gap = Some(self.gap.map_or(gap, |before| joined(before, gap)));
        }
    }
}

/// From the beginning of the first to the end of the last.
pub(crate) fn joined(a: Gap, b: Gap) -> Gap {
    Gap { from: a.from.min(b.from), to: a.to.max(b.to) }
}

pub(crate) fn checks(events: &[Event]) -> u64 {
    events.iter().filter(|event| is_check(event)).count() as u64
}

fn is_check(event: &Event) -> bool {
    matches!(event.kind, EventKind::Checked { .. })
}

#[cfg(test)]
mod tests {
    use domain::{EventNumber, Health, Micros, Observation, Outcome, Phases, Status, StoreFault, Timestamp};

    use super::*;

    fn time(ms: u64) -> Timestamp {
        Timestamp::from_millis(ms as i64)
    }

    fn id() -> TargetId {
        TargetId::from_uuid(uuid::Uuid::nil())
    }

    /// Quiet checks with these numbers, each at the millisecond of its number; every thousandth event is on record and
    /// changes a status.
    fn batch(numbers: std::ops::Range<u64>) -> Batch {
        let phases = Phases { dns: None, connect: None, tls: None, first_byte: None, total: Micros(9) };
        let check = |at| EventKind::Checked {
            group: "web".parse().unwrap(),
            target: id(),
            observation: Observation { at, phases, status_code: None, outcome: Outcome::Pass },
            health: Health::new(),
            transition: None,
            next_check_at: None,
        };
        let event = |number: u64| {
            let at = time(number);
            let kind = if number.is_multiple_of(1000) {
                EventKind::RecordingStopped { why: StoreFault::Full }
            } else {
                check(at)
            };
            Event { number: EventNumber(number), at, by: None, why: None, kind }
        };
        let change = |at| StandingChange { target: id(), at: time(at), status: Some(Status::Healthy), reason: None };
        let standings = numbers.clone().filter(|number| number.is_multiple_of(1000)).map(change).collect();
        Batch { events: Arc::new(numbers.map(event).collect()), standings }
    }

    fn numbers(arrears: &Arrears) -> Vec<u64> {
        arrears.batches().iter().flat_map(|batch| batch.events.iter()).map(|event| event.number.0).collect()
    }

    #[test]
    fn what_fits_is_kept_in_its_order() {
        let mut arrears = Arrears::default();
        (0..20).for_each(|part| arrears.add(batch(part * 100 + 1..part * 100 + 101)));
        assert_eq!(numbers(&arrears), (1..2001).collect::<Vec<_>>());
        assert_eq!((arrears.gap(), arrears.checks()), (None, (1998, 0)));
    }

    #[test]
    fn of_what_does_not_fit_the_record_and_the_last_statuses_are_kept_and_the_rest_is_a_gap() {
        let mut arrears = Arrears::default();
        let max = EVENTS_MAX as u64;
        let all = max + 5000;
        (0..all / 100).for_each(|part| arrears.add(batch(part * 100 + 1..part * 100 + 101)));
        let end = all / 100 * 100;
        let kept = numbers(&arrears);
        let lost = kept.iter().copied().find(|number| !number.is_multiple_of(1000)).unwrap() - 1;
        let record: Vec<u64> = (1..=lost).filter(|number| number.is_multiple_of(1000)).collect();
        assert_eq!(kept, record.iter().copied().chain(lost + 1..=end).collect::<Vec<_>>());
        assert!(end - lost <= max && end - lost > max - 200, "{lost}");
        assert_eq!(arrears.gap(), Some(Gap { from: time(1), to: time(lost + 1) }));
        assert_eq!(arrears.checks().1, lost - record.len() as u64);
        let statuses = &arrears.batches()[0].standings;
        assert_eq!(statuses.iter().map(|change| change.at).collect::<Vec<_>>(), [time(*record.last().unwrap())]);
    }

    #[test]
    fn what_was_not_taken_comes_before_what_came_since() {
        let mut arrears = Arrears::default();
        arrears.add(batch(1..11));
        let sent = std::mem::take(&mut arrears);
        arrears.add(batch(11..21));
        arrears.add_before(sent);
        assert_eq!(numbers(&arrears), (1..21).collect::<Vec<_>>());
        assert_eq!(arrears.gap(), None);
    }

    #[test]
    fn before_a_time_that_is_not_known_only_the_record_is_kept() {
        let mut later = Arrears::default();
        later.add(batch(1001..1003));
        let mut arrears = Arrears::default();
        arrears.add(batch(995..1001));
        let sent = std::mem::take(&mut arrears);
        later.shed_all(Gap { from: time(1003), to: time(9000) });
        later.add(batch(9000..9002));
        later.add_before(sent);
        assert_eq!(numbers(&later), [1000, 9000, 9001]);
        assert_eq!(later.gap(), Some(Gap { from: time(995), to: time(9000) }));
        assert_eq!(later.checks(), (1, 5 + 2));
    }
}
