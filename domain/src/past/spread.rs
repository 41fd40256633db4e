//! How durations spread: a histogram that can be merged and needs a few bytes.

use super::bytes;
use crate::Micros;

/// Buckets per doubling of the duration.
const PER_OCTAVE: u32 = 8;

/// So many buckets hold every duration.
const BUCKETS: usize = bucket_of(u32::MAX) as usize + 1;

/// Durations, counted in buckets that grow with them: eight for each doubling, so that a value stands for itself within
/// 6 %. Below 16 µs every value has its own bucket.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spread {
    /// The bucket of the first count.
    first: u8,
    /// Without zeros at the ends.
    counts: Vec<u64>,
}

impl Spread {
    /// Adds a duration.
    pub fn record(&mut self, duration: Micros) {
        self.add(bucket_of(duration.0), 1);
    }

    /// Adds all that another one has.
    pub fn merge(&mut self, other: &Self) {
        for (bucket, count) in other.buckets() {
            self.add(bucket, count);
        }
    }

    /// How many durations were recorded.
    pub fn count(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// The duration that a share of all, from 0 to 1, does not exceed (nearest rank). At most 6 % off: where in its
    /// bucket a value lay is not kept, and the point is taken that is as far from one end as from the other, by
    /// proportion. None of nothing.
    pub fn percentile(&self, share: f64) -> Option<Micros> {
        let count = self.count();
        let rank = ((share.clamp(0.0, 1.0) * count as f64).ceil() as u64).clamp(1, count.max(1));
        let mut seen = 0;
        let (bucket, _) = self.buckets().find(|(_, count)| {
            seen += count;
            rank <= seen
        })?;
        Some(Micros(middle(bucket)))
    }

    /// In bytes that say where they end: the number of buckets, the first bucket, the counts; after a zero, how many
    /// more of them.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut to = Vec::new();
        self.put(&mut to);
        to
    }

    /// Back from bytes; none if they are not whole or say what cannot be.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let mut rest = bytes;
        let spread = Self::take(&mut rest)?;
        rest.is_empty().then_some(spread)
    }

    pub(super) fn put(&self, to: &mut Vec<u8>) {
        to.push(self.counts.len() as u8);
        if !self.counts.is_empty() {
            to.push(self.first);
        }
        let mut counts = self.counts.iter().peekable();
        while let Some(count) = counts.next() {
            bytes::put(to, *count);
            if *count == 0 {
                let mut more = 0;
                while counts.next_if(|count| **count == 0).is_some() {
                    more += 1;
                }
                bytes::put(to, more);
            }
        }
    }

    pub(super) fn take(from: &mut &[u8]) -> Option<Self> {
        let len = usize::from(bytes::take_byte(from)?);
        if len == 0 {
            return Some(Self::default());
        }
        let first = bytes::take_byte(from)?;
        let mut counts = Vec::with_capacity(len);
        while counts.len() < len {
            let count = bytes::take(from)?;
            let more = if count == 0 { usize::try_from(bytes::take(from)?).ok()? } else { 0 };
            if more >= len - counts.len() {
                return None;
            }
            counts.resize(counts.len() + 1 + more, count);
        }
        counts.iter().try_fold(0u64, |sum, count| sum.checked_add(*count))?;
        let fits = usize::from(first) + len <= BUCKETS;
        (fits && counts.first() != Some(&0) && counts.last() != Some(&0)).then_some(Self { first, counts })
    }

    fn add(&mut self, bucket: u8, count: u64) {
        if self.counts.is_empty() {
            self.first = bucket;
        }
        let before = usize::from(self.first.saturating_sub(bucket));
        self.counts.splice(0..0, std::iter::repeat_n(0, before));
        self.first = self.first.min(bucket);
        let index = usize::from(bucket - self.first);
        if self.counts.len() <= index {
            self.counts.resize(index + 1, 0);
        }
        self.counts[index] = self.counts[index].saturating_add(count);
    }

    fn buckets(&self) -> impl Iterator<Item = (u8, u64)> {
        self.counts.iter().enumerate().map(|(index, count)| (self.first + index as u8, *count)).filter(|(_, n)| *n > 0)
    }
}

/// The bucket of a duration in microseconds.
const fn bucket_of(us: u32) -> u8 {
    if us < 2 * PER_OCTAVE {
        return us as u8;
    }
    let shift = us.ilog2() - PER_OCTAVE.ilog2();
    (shift * PER_OCTAVE + (us >> shift)) as u8
}

/// What stands for a bucket: the harmonic mean of its ends.
fn middle(bucket: u8) -> u32 {
    let bucket = u32::from(bucket);
    if bucket < 2 * PER_OCTAVE {
        return bucket;
    }
    let shift = bucket / PER_OCTAVE - 1;
    let from = u128::from(bucket - shift * PER_OCTAVE) << shift;
    let to = from + (1 << shift) - 1;
    (2 * from * to / (from + to)) as u32
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn spread(durations: &[u32]) -> Spread {
        let mut spread = Spread::default();
        durations.iter().for_each(|us| spread.record(Micros(*us)));
        spread
    }

    /// From microseconds to over an hour, each size as likely as another.
    fn durations() -> impl Strategy<Value = Vec<u32>> {
        prop::collection::vec((0u32..32).prop_flat_map(|bits| 0..=(u32::MAX >> bits)), 1..200)
    }

    #[test]
    fn buckets_follow_each_other_without_holes() {
        let mut last = 0;
        for us in (0..100_000).chain([u32::MAX / 2, u32::MAX]) {
            let bucket = bucket_of(us);
            assert!(us < 100_000 && bucket <= last + 1 || us >= 100_000 && bucket > last, "{us}");
            last = bucket;
        }
        assert_eq!(BUCKETS, 240);
    }

    #[test]
    fn nothing_has_no_percentile() {
        assert_eq!(Spread::default().percentile(0.5), None);
        assert_eq!(Spread::from_bytes(&Spread::default().to_bytes()), Some(Spread::default()));
    }

    #[test]
    fn a_narrow_spread_needs_a_few_bytes() {
        let durations: Vec<u32> = (0..100).map(|step| 1000 + step).collect();
        assert!(spread(&durations).to_bytes().len() <= 5, "{:?}", spread(&durations).to_bytes());
        assert!(spread(&[1, u32::MAX]).to_bytes().len() <= 8);
    }

    proptest! {
        #[test]
        fn percentiles_are_at_most_six_percent_off(mut durations in durations(), share in 0.0f64..=1.0) {
            let found = spread(&durations).percentile(share).unwrap().0;
            durations.sort_unstable();
            let rank = ((share * durations.len() as f64).ceil() as usize).max(1);
            let exact = durations[rank - 1];
            prop_assert!(found.abs_diff(exact) as f64 <= 0.06 * f64::from(exact), "{} for {}", found, exact);
        }

        #[test]
        fn merging_is_recording_everything(some in durations(), others in durations()) {
            let mut merged = spread(&some);
            merged.merge(&spread(&others));
            let all: Vec<u32> = some.into_iter().chain(others).collect();
            prop_assert_eq!(merged.count(), all.len() as u64);
            prop_assert_eq!(merged, spread(&all));
        }

        #[test]
        fn bytes_survive(durations in durations()) {
            let spread = spread(&durations);
            prop_assert_eq!(Spread::from_bytes(&spread.to_bytes()), Some(spread));
        }

        #[test]
        fn nonsense_is_none_or_sound(bytes in prop::collection::vec(prop_oneof![0u8..4, 0u8..=255], 0..40)) {
            if let Some(spread) = Spread::from_bytes(&bytes) {
                spread.percentile(0.5);
                prop_assert_eq!(Spread::from_bytes(&spread.to_bytes()), Some(spread));
            }
        }
    }
}
