//! Many checks of one target in little space: a column for each thing that a check tells, compressed by pco.
//!
//! Times of checks are kept to 10 ms, durations as [`durations`] says, all else exactly.

use domain::{Failure, Observation, Outcome, OwnFault, Timestamp};
use pco::ChunkConfig;
use pco::standalone::{simple_compress, simple_decompress};

use super::durations::{self, Durations, first_form};
use super::pack::{DAMAGED, put_number, take_bytes, take_number};
use crate::store::{ReadError, WriteError};

/// So many checks are in a chunk at most: enough that pages of the file are mostly full of it, few enough to read for one.
const CHECKS_MAX: usize = 24_576;

/// The form of the bytes. Another form gets another number.
const VERSION: u8 = 2;

/// The form whose durations were on other steps.
const FIRST_VERSION: u8 = 1;

/// Times are kept in units of so many milliseconds.
const TIME_UNIT_MS: i64 = 10;

/// Columns: of a check's time the distance from the one before; five of its durations; the others as their names say.
const TIME: usize = 0;
const DURATIONS: usize = 1;
const STATUS: usize = 6;
const ENDED: usize = 7;
const COLUMNS: usize = 8;

/// Checks of one target in the order in which they were made.
#[derive(Debug)]
pub(super) struct Chunk {
    base: i64,
    /// Since `base`, in units.
    last: i64,
    columns: [Vec<u32>; COLUMNS],
    /// How checks ended that did not pass, each way once.
    endings: Vec<Outcome>,
}

impl Chunk {
    /// A chunk whose times are told from about `first`.
    pub(super) fn new(first: Timestamp) -> Self {
        // Chunks that begin at whole units can be joined.
        let base = first.as_millis().div_euclid(TIME_UNIT_MS) * TIME_UNIT_MS;
        Self { base, last: 0, columns: Default::default(), endings: Vec::new() }
    }

    /// How many checks are in it.
    pub(super) fn len(&self) -> usize {
        self.columns[TIME].len()
    }

    /// Adds a check that was made after those in it.
    pub(super) fn push(&mut self, check: &Observation) {
        let Observation { at, phases, status_code, outcome } = check;
        let units = (at.as_millis() - self.base + TIME_UNIT_MS / 2).div_euclid(TIME_UNIT_MS);
        let [total, dns, connect, tls, first_byte] = durations::put(phases);
        let ended = self.ending(outcome);
        let row = [
            zigzag_time(units - self.last),
            total,
            dns,
            connect,
            tls,
            first_byte,
            status_code.map_or(0, |code| u32::from(code) + 1),
            ended,
        ];
        self.columns.iter_mut().zip(row).for_each(|(column, value)| column.push(value));
        self.last = units;
    }

    /// Whether the checks of another one can be added: not where they are too many, or their times are on other units.
    pub(super) fn takes(&self, other: &Self) -> bool {
        self.len() + other.len() <= CHECKS_MAX && (other.base - self.base) % TIME_UNIT_MS == 0
    }

    /// Adds the checks of another one, which were made after those in it, just as they are kept.
    pub(super) fn join(&mut self, other: Self) {
        let Self { base, last, mut columns, endings } = other;
        let distance = (base - self.base) / TIME_UNIT_MS;
        if let Some(first) = columns[TIME].first_mut() {
            *first = zigzag_time(distance + unzigzag_time(*first) - self.last);
            self.last = distance + last;
        }
        let places: Vec<u32> = endings.iter().map(|ending| self.ending(ending)).collect();
        let place =
            |ended: u32| ended.checked_sub(1).and_then(|place| places.get(place as usize)).copied().unwrap_or(0);
        columns[ENDED].iter_mut().for_each(|ended| *ended = place(*ended));
        self.columns.iter_mut().zip(columns).for_each(|(column, more)| column.extend(more));
    }

    /// In the order in which they were made.
    pub(super) fn iter(&self) -> impl Iterator<Item = Observation> {
        (0..self.len()).scan(0, |units: &mut i64, row| {
            *units += unzigzag_time(self.columns[TIME][row]);
            Some(self.check(row, *units))
        })
    }

    fn check(&self, row: usize, units: i64) -> Observation {
        let at = |column: usize| self.columns[column][row];
        let status_code = at(STATUS).checked_sub(1).and_then(|code| u16::try_from(code).ok());
        let ending = at(ENDED).checked_sub(1).and_then(|place| self.endings.get(place as usize));
        Observation {
            at: Timestamp::from_millis(self.base + units * TIME_UNIT_MS),
            phases: durations::take(self.durations(row)),
            status_code,
            outcome: ending.cloned().unwrap_or(Outcome::Pass),
        }
    }

    fn durations(&self, row: usize) -> Durations {
        std::array::from_fn(|column| self.columns[DURATIONS + column][row])
    }

    /// Puts durations of the first form on the steps of today.
    fn renew_durations(&mut self) {
        for row in 0..self.len() {
            let kept = durations::put(&first_form::take(self.durations(row)));
            kept.into_iter().enumerate().for_each(|(column, value)| self.columns[DURATIONS + column][row] = value);
        }
    }

    /// The value in the last column; 0 is a pass.
    fn ending(&mut self, outcome: &Outcome) -> u32 {
        if *outcome == Outcome::Pass {
            return 0;
        }
        let known = self.endings.iter().rposition(|ending| ending == outcome);
        let place = known.unwrap_or_else(|| {
            self.endings.push(outcome.clone());
            self.endings.len() - 1
        });
        u32::try_from(place + 1).unwrap_or(u32::MAX)
    }

    /// The bytes that are stored.
    pub(super) fn encode(&self) -> Result<Vec<u8>, WriteError> {
        let mut out = vec![VERSION];
        put_number(&mut out, self.len());
        put_number(&mut out, self.base);
        for column in &self.columns {
            put_column(&mut out, column)?;
        }
        put_number(&mut out, self.endings.len());
        for ending in &self.endings {
            let (kind, why) = match ending {
                Outcome::Fail(failure) => (1u8, serde_json::to_vec(failure)?),
                Outcome::Unknown(fault) => (2, serde_json::to_vec(fault)?),
                Outcome::Pass => continue,
            };
            out.push(kind);
            put_number(&mut out, why.len());
            out.extend_from_slice(&why);
        }
        Ok(out)
    }

    /// What was stored.
    pub(super) fn decode(mut bytes: &[u8]) -> Result<Self, ReadError> {
        let (version, rest) = bytes.split_first().ok_or(DAMAGED)?;
        bytes = rest;
        let count: usize = take_number(&mut bytes)?;
        if !matches!(*version, VERSION | FIRST_VERSION) || count > CHECKS_MAX {
            return Err(DAMAGED);
        }
        let base = take_number(&mut bytes)?;
        let mut columns: [Vec<u32>; COLUMNS] = Default::default();
        for column in &mut columns {
            *column = take_column(&mut bytes, count)?;
        }
        let mut endings = Vec::new();
        for _ in 0..take_number::<usize>(&mut bytes)? {
            endings.push(take_ending(&mut bytes)?);
        }
        let last = columns[TIME].iter().map(|distance| unzigzag_time(*distance)).sum();
        let mut chunk = Self { base, last, columns, endings };
        if *version == FIRST_VERSION {
            chunk.renew_durations();
        }
        Ok(chunk)
    }
}

/// One value for all, or what pco makes of them.
fn put_column(out: &mut Vec<u8>, column: &[u32]) -> Result<(), WriteError> {
    let first = column.first().copied().unwrap_or(0);
    if column.iter().all(|value| *value == first) {
        out.push(0);
        put_number(out, first);
        return Ok(());
    }
    let config = ChunkConfig::default().with_compression_level(4);
    let packed = simple_compress(column, &config).map_err(|error| WriteError::other(&error))?;
    out.push(1);
    put_number(out, packed.len());
    out.extend_from_slice(&packed);
    Ok(())
}

fn take_column(bytes: &mut &[u8], count: usize) -> Result<Vec<u32>, ReadError> {
    let (kind, rest) = bytes.split_first().ok_or(DAMAGED)?;
    *bytes = rest;
    let column = match kind {
        0 => vec![take_number(bytes)?; count],
        1 => simple_decompress(take_bytes(bytes)?).map_err(|_| DAMAGED)?,
        _ => return Err(DAMAGED),
    };
    if column.len() == count { Ok(column) } else { Err(DAMAGED) }
}

fn take_ending(bytes: &mut &[u8]) -> Result<Outcome, ReadError> {
    let (kind, rest) = bytes.split_first().ok_or(DAMAGED)?;
    *bytes = rest;
    let why = take_bytes(bytes)?;
    match kind {
        1 => serde_json::from_slice::<Failure>(why).map(Outcome::Fail).map_err(|_| DAMAGED),
        2 => serde_json::from_slice::<OwnFault>(why).map(Outcome::Unknown).map_err(|_| DAMAGED),
        _ => Err(DAMAGED),
    }
}

/// A distance of times; years, in either direction.
fn zigzag_time(units: i64) -> u32 {
    let units = units.clamp(i64::from(i32::MIN), i64::from(i32::MAX));
    u32::try_from((units << 1) ^ (units >> 63)).unwrap_or(u32::MAX)
}

fn unzigzag_time(distance: u32) -> i64 {
    i64::from(distance >> 1) ^ -i64::from(distance & 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::checks::sample::any_check;
    use domain::Micros;
    use proptest::prelude::*;

    fn chunk(checks: &[Observation]) -> Chunk {
        let mut chunk = Chunk::new(checks[0].at);
        checks.iter().for_each(|check| chunk.push(check));
        chunk
    }

    fn is_near(kept: Micros, seen: Micros, share: f64, us: f64) -> bool {
        f64::from(kept.0.abs_diff(seen.0)) <= (f64::from(seen.0) / share).max(us)
    }

    #[test]
    fn durations_of_the_first_form_are_put_on_the_steps_of_today() {
        // 4.2 ms, of which 300 µs to connect; the first byte a step later than what is left of it.
        let mut columns: [Vec<u32>; COLUMNS] = Default::default();
        columns.iter_mut().zip([0, 34, 0, 7, 0, 3, 201, 0]).for_each(|(column, value)| column.push(value));
        let mut bytes = Chunk { columns, ..Chunk::new(Timestamp::from_millis(0)) }.encode().unwrap();
        bytes[0] = FIRST_VERSION;
        let check = Chunk::decode(&bytes).unwrap().iter().next().unwrap();
        assert_eq!(check.status_code, Some(200));
        let phases = check.phases;
        assert_eq!((phases.dns, phases.connect, phases.tls), (None, Some(Micros(300)), None));
        assert!(is_near(phases.total, Micros(4200), 16.0, 25.0), "{phases:?}");
        assert!(is_near(phases.first_byte.unwrap(), Micros(4200), 12.0, 100.0), "{phases:?}");
    }

    proptest! {
        #[test]
        fn checks_come_back_as_near_as_is_promised(mut checks in prop::collection::vec(any_check(), 1..60)) {
            // A clock may be set back, but not by decades.
            let first = checks[0].at.as_millis();
            for check in &mut checks {
                check.at = Timestamp::from_millis(first + check.at.as_millis() % 1_000_000_000);
            }
            let chunk = chunk(&checks);
            let kept: Vec<_> = Chunk::decode(&chunk.encode().unwrap()).unwrap().iter().collect();
            prop_assert_eq!(kept.len(), checks.len());
            for (kept, seen) in kept.iter().zip(&checks) {
                prop_assert!((kept.at.as_millis() - seen.at.as_millis()).abs() <= 5);
                prop_assert_eq!((&kept.outcome, kept.status_code), (&seen.outcome, seen.status_code));
                prop_assert!(is_near(kept.phases.total, seen.phases.total, 16.0, 25.0));
                for (kept, seen, share, us) in [
                    (kept.phases.dns, seen.phases.dns, 16.0, 50.0),
                    (kept.phases.connect, seen.phases.connect, 16.0, 50.0),
                    (kept.phases.tls, seen.phases.tls, 16.0, 50.0),
                    (kept.phases.first_byte, seen.phases.first_byte, 12.0, 100.0),
                ] {
                    prop_assert!(kept.is_some() == seen.is_some());
                    let is_near = kept.zip(seen).is_none_or(|(kept, seen)| is_near(kept, seen, share, us));
                    prop_assert!(is_near, "{kept:?} {seen:?}");
                }
            }
            let again = Chunk::decode(&chunk.encode().unwrap()).unwrap();
            prop_assert_eq!(again.columns, chunk.columns);
        }

        #[test]
        fn joined_chunks_have_the_checks_of_both(
            mut some in prop::collection::vec(any_check(), 1..20),
            mut more in prop::collection::vec(any_check(), 1..20),
        ) {
            for check in some.iter_mut().chain(&mut more) {
                check.at = Timestamp::from_millis(check.at.as_millis() % 1_000_000_000);
            }
            let (mut joined, more) = (chunk(&some), chunk(&more));
            let both: Vec<_> = joined.iter().chain(more.iter()).collect();
            prop_assert!(joined.takes(&more));
            joined.join(more);
            prop_assert_eq!(Chunk::decode(&joined.encode().unwrap()).unwrap().iter().collect::<Vec<_>>(), both.clone());
            // What comes after them is told from the last of them.
            joined.push(&some[0]);
            prop_assert_eq!(joined.iter().last().unwrap().at, chunk(&some).iter().next().unwrap().at);
        }

        #[test]
        fn what_is_damaged_is_told(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
            let _ = Chunk::decode(&bytes);
        }
    }
}
