//! What could not be written yet: all of it in its order, as far as it fits; what does not fit is a gap.

use std::collections::{BTreeMap, HashSet, VecDeque};
use std::sync::Arc;

use domain::{Event, EventKind, Gap, StandingChange, TargetId};

use crate::store::Batch;

/// So many events are kept in memory: those of half a minute at a thousand checks a second. A check takes some 400 bytes.
/// As many again while a write of what was kept is not answered.
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
        let batch = without_what_is_not_stored(batch);
        if is_empty(&batch) {
            return;
        }
        self.events += batch.events.len();
        self.batches.push_back(batch);
        while self.events > EVENTS_MAX {
            self.shed_first();
        }
    }

    /// Adds what came before all that is kept.
    pub(crate) fn add_before(&mut self, before: Self) {
        let later = std::mem::replace(self, before);
        // Where something of the later ones is lost, what came before them does not fit either.
        while later.shed.gap.is_some() && !self.batches.is_empty() {
            self.shed_first();
        }
        self.shed.take(later.shed);
        later.batches.into_iter().for_each(|batch| self.add(batch));
    }

    /// Takes out what was seen of these targets: they are gone, or are not what they were.
    pub(crate) fn forget(&mut self, targets: &HashSet<TargetId>) {
        let is_of_them =
            |event: &Event| matches!(&event.kind, EventKind::Checked { target, .. } if targets.contains(target));
        for batch in self.batches.iter_mut().filter(|batch| batch.events.iter().any(is_of_them)) {
            Arc::make_mut(&mut batch.events).retain(|event| !is_of_them(event));
            batch.standings.retain(|standing| !targets.contains(&standing.target));
        }
        self.batches.retain(|batch| !is_empty(batch));
        let kept = self.batches.iter().map(|batch| batch.events.len()).sum();
        self.shed.checks += (self.events - kept) as u64;
        self.events = kept;
        Arc::make_mut(&mut self.shed.record).retain(|event| !is_of_them(event));
        self.shed.standings.retain(|target, _| !targets.contains(target));
    }

    fn shed_first(&mut self) {
        let Some(batch) = self.batches.pop_front() else { return };
        self.events -= batch.events.len();
        let lost = self.shed.checks;
        self.shed.keep_what_matters(&batch);
        if lost < self.shed.checks {
            let next = self.batches.iter().find_map(|batch| batch.events.first()).or(batch.events.last());
            let gap = batch.begins().zip(next).map(|(from, next)| Gap { from, to: next.at });
            gap.into_iter().for_each(|gap| self.shed.lose(gap));
        }
    }

    /// What is to be written, in its order.
    pub(crate) fn batches(&self) -> Vec<Batch> {
        let Shed { record, standings, .. } = &self.shed;
        let first = Batch { events: Arc::clone(record), standings: standings.values().copied().collect() };
        std::iter::once(first).filter(|first| !is_empty(first)).chain(self.batches.iter().cloned()).collect()
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

    /// A clock that was set back must not hide that something is lost.
    fn lose(&mut self, gap: Gap) {
        let gap = Gap { to: gap.to.max(gap.from.plus_millis(1)), ..gap };
        self.gap = Some(self.gap.map_or(gap, |before| joined(before, gap)));
    }
}

/// From the beginning of the first to the end of the last.
pub(crate) fn joined(a: Gap, b: Gap) -> Gap {
    Gap { from: a.from.min(b.from), to: a.to.max(b.to) }
}

pub(crate) fn checks(events: &[Event]) -> u64 {
    events.iter().filter(|event| is_check(event)).count() as u64
}

fn is_empty(batch: &Batch) -> bool {
    batch.events.is_empty() && batch.standings.is_empty()
}

/// How it stands with proxies and sentinels is told, and not stored.
fn without_what_is_not_stored(batch: Batch) -> Batch {
    let is_stored = |event: &&Event| is_check(event) || event.kind.is_on_record();
    if batch.events.iter().all(|event| is_stored(&event)) {
        return batch;
    }
    Batch { events: Arc::new(batch.events.iter().filter(is_stored).cloned().collect()), ..batch }
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
    fn what_does_not_fit_with_what_came_since_is_lost_from_the_oldest_on() {
        let max = EVENTS_MAX as u64;
        let mut arrears = Arrears::default();
        arrears.add(batch(995..1001));
        let sent = std::mem::take(&mut arrears);
        for first in (1001..max + 3001).step_by(1000) {
            arrears.add(batch(first..first + 1000));
        }
        arrears.add_before(sent);
        let kept = numbers(&arrears);
        let record: Vec<u64> = kept.iter().copied().take_while(|number| number.is_multiple_of(1000)).collect();
        assert_eq!(record.first(), Some(&1000));
        let gap = arrears.gap().unwrap();
        assert_eq!((gap.from, gap.to), (time(995), time(kept[record.len()])));
    }

    #[test]
    fn of_targets_that_are_others_now_nothing_is_kept_and_what_is_not_stored_never() {
        let mut arrears = Arrears::default();
        arrears.add(batch(995..1003));
        let skipped = Event { kind: EventKind::NumberSkipped, ..batch(1003..1004).events[0].clone() };
        arrears.add(Batch { events: Arc::new(vec![skipped]), standings: Vec::new() });
        assert_eq!(arrears.batches().len(), 1);
        arrears.forget(&HashSet::from([id()]));
        assert_eq!(numbers(&arrears), [1000]);
        assert_eq!((arrears.gap(), arrears.checks()), (None, (0, 7)), "of the others everything is there");
        assert!(arrears.batches().iter().all(|batch| batch.standings.is_empty()));
    }
}
