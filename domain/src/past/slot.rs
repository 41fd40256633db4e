//! What happened in one stretch of time.

use super::bytes;
use crate::{Map, Observation, Outcome, Phase, Reason, Spread, Timestamp};

/// The way in which a slot is written as bytes.
const VERSION: u8 = 1;

/// What the checks of a target, or of a group, saw in one stretch of time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slot {
    /// When it begins.
    pub start: Timestamp,
    /// Checks that passed.
    pub passes: u64,
    /// Checks that failed.
    pub fails: u64,
    /// Checks that we could not make.
    pub unknown: u64,
    /// How long the parts of the checks that passed took, in the order of [`Phase::ALL`].
    spreads: [Spread; Phase::ALL.len()],
    /// Why checks failed.
    pub reasons: Map<Reason, u64>,
}

impl Slot {
    /// A stretch in which nothing was checked.
    pub fn new(start: Timestamp) -> Self {
        Self { start, passes: 0, fails: 0, unknown: 0, spreads: Default::default(), reasons: Map::new() }
    }

    /// How long a part of the checks that passed took.
    pub fn spread(&self, phase: Phase) -> &Spread {
        &self.spreads[phase as usize]
    }

    /// Counts a check.
    pub fn add(&mut self, observation: &Observation) {
        match &observation.outcome {
            Outcome::Pass => {
                self.passes += 1;
                for (spread, phase) in self.spreads.iter_mut().zip(Phase::ALL) {
                    phase.of(&observation.phases).into_iter().for_each(|duration| spread.record(duration));
                }
            }
            Outcome::Fail(failure) => {
                self.fails += 1;
                *self.reasons.entry(failure.reason()).or_default() += 1;
            }
            Outcome::Unknown(_) => self.unknown += 1,
        }
    }

    /// Adds all that another one has; the start stays.
    pub fn merge(&mut self, other: &Self) {
        self.passes += other.passes;
        self.fails += other.fails;
        self.unknown += other.unknown;
        for (spread, others) in self.spreads.iter_mut().zip(&other.spreads) {
            spread.merge(others);
        }
        for (reason, count) in &other.reasons {
            *self.reasons.entry(*reason).or_default() += count;
        }
    }

    /// Whether nothing was checked.
    pub fn is_empty(&self) -> bool {
        self.passes + self.fails + self.unknown == 0
    }

    /// Spreads and reasons in bytes; start and counts are kept apart.
    pub fn details(&self) -> Vec<u8> {
        let mut to = vec![VERSION, self.reasons.len() as u8];
        for (reason, count) in &self.reasons {
            to.push(reason.code());
            bytes::put(&mut to, *count);
        }
        self.spreads.iter().for_each(|spread| spread.put(&mut to));
        to
    }

    /// The same slot with spreads and reasons from bytes; none if they are not whole or say what cannot be.
    #[must_use]
    pub fn with_details(mut self, details: &[u8]) -> Option<Self> {
        let mut rest = details;
        if bytes::take_byte(&mut rest)? != VERSION {
            return None;
        }
        self.reasons.clear();
        for _ in 0..bytes::take_byte(&mut rest)? {
            let reason = Reason::from_code(bytes::take_byte(&mut rest)?)?;
            self.reasons.insert(reason, bytes::take(&mut rest)?);
        }
        for spread in &mut self.spreads {
            *spread = Spread::take(&mut rest)?;
        }
        rest.is_empty().then_some(self)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::{Failure, Micros, OwnFault, Phases};
    use proptest::prelude::*;

    pub(crate) fn seen(at: i64, outcome: Outcome, total_us: u32) -> Observation {
        let connect = (outcome == Outcome::Pass).then_some(Micros(total_us / 2));
        let phases = Phases { dns: None, connect, tls: None, first_byte: None, total: Micros(total_us) };
        Observation { at: Timestamp::from_millis(at), phases, status_code: None, outcome }
    }

    pub(crate) fn outcome(letter: char) -> Outcome {
        match letter {
            '+' => Outcome::Pass,
            '-' => Outcome::Fail(Failure::ConnectionRefused),
            '~' => Outcome::Fail(Failure::Timeout { after_ms: 1000 }),
            _ => Outcome::Unknown(OwnFault::Resolver),
        }
    }

    fn slot(letters: &str) -> Slot {
        let mut slot = Slot::new(Timestamp::from_millis(0));
        letters.chars().zip(1u32..).for_each(|(letter, n)| slot.add(&seen(0, outcome(letter), n * 100)));
        slot
    }

    #[test]
    fn only_passes_have_durations_and_only_failures_reasons() {
        let slot = slot("+-~?+-");
        assert_eq!((slot.passes, slot.fails, slot.unknown), (2, 3, 1));
        assert_eq!(slot.spread(Phase::Total).count(), 2);
        assert_eq!(slot.spread(Phase::Connect).count(), 2);
        assert_eq!(slot.spread(Phase::Tls).count(), 0);
        let reasons: Vec<_> = slot.reasons.iter().map(|(reason, count)| (*reason, *count)).collect();
        assert_eq!(reasons, [(Reason::Timeout, 1), (Reason::FailedHealthChecks, 2)]);
    }

    proptest! {
        #[test]
        fn details_survive_and_merging_is_adding_everything(some in "[-+~?]{0,50}", more in "[-+~?]{0,50}") {
            let (mut merged, other) = (slot(&some), slot(&more));
            let bare = Slot { spreads: Default::default(), reasons: Map::new(), ..merged.clone() };
            prop_assert_eq!(bare.with_details(&merged.details()), Some(merged.clone()));
            merged.merge(&other);
            prop_assert_eq!(merged.passes, (some + &more).matches('+').count() as u64);
            prop_assert_eq!(merged.reasons.values().sum::<u64>(), merged.fails);
            prop_assert_eq!(merged.spread(Phase::Total).count(), merged.passes);
        }

        #[test]
        fn nonsense_is_no_panic(bytes in prop::collection::vec(0u8..8, 0..40)) {
            let _ = slot("").with_details(&bytes);
        }
    }
}
