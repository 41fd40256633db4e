//! Many checks of one target in little space: a column for each thing that a check tells, compressed by pco.
//!
//! Times of checks are kept to 10 ms, durations to 25 µs or a sixteenth, whichever is more; all else exactly. What is kept that
//! way stays as it is when it is packed again.

use domain::{Failure, Micros, Observation, Outcome, OwnFault, Phases, Timestamp};
use pco::ChunkConfig;
use pco::standalone::{simple_compress, simple_decompress};

use super::pack::{DAMAGED, put_number, take_bytes, take_number};
use crate::store::{ReadError, WriteError};

/// So many checks are in a chunk at most: enough for pco to learn what they have in common, few enough to read for one.
pub(super) const CHECKS_MAX: usize = 8192;

/// The form of the bytes. Another form gets another number.
const VERSION: u8 = 1;

/// Times are kept in units of so many milliseconds.
const TIME_UNIT_MS: i64 = 10;

/// Columns: of a check's time the distance from the one before; the others as their names say.
const TIME: usize = 0;
const TOTAL: usize = 1;
const DNS: usize = 2;
const CONNECT: usize = 3;
const TLS: usize = 4;
const FIRST_BYTE: usize = 5;
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
    /// A chunk whose times are told from `first`.
    pub(super) fn new(first: Timestamp) -> Self {
        Self { base: first.as_millis(), last: 0, columns: Default::default(), endings: Vec::new() }
    }

    /// How many checks are in it.
    pub(super) fn len(&self) -> usize {
        self.columns[TIME].len()
    }

    /// Adds a check that was made after those in it.
    pub(super) fn push(&mut self, check: &Observation) {
        let Observation { at, phases, status_code, outcome } = check;
        let units = (at.as_millis() - self.base + TIME_UNIT_MS / 2).div_euclid(TIME_UNIT_MS);
        let total = coarse(phases.total);
        let parts = [phases.dns, phases.connect, phases.tls].map(|phase| phase.map_or(0, |phase| coarse(phase) + 1));
        let expected = expected_first_byte(total, parts);
        let first_byte = phases.first_byte.map_or(0, |phase| zigzag(coarse(phase), expected) + 1);
        let ended = self.ending(outcome);
        let row = [
            zigzag_time(units - self.last),
            total,
            parts[0],
            parts[1],
            parts[2],
            first_byte,
            status_code.map_or(0, |code| u32::from(code) + 1),
            ended,
        ];
        self.columns.iter_mut().zip(row).for_each(|(column, value)| column.push(value));
        self.last = units;
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
        let parts = [at(DNS), at(CONNECT), at(TLS)];
        let [dns, connect, tls] = parts.map(|part| part.checked_sub(1).map(fine));
        let first_byte = at(FIRST_BYTE).checked_sub(1);
        let first_byte = first_byte.map(|part| fine(unzigzag(part, expected_first_byte(at(TOTAL), parts))));
        let status_code = at(STATUS).checked_sub(1).and_then(|code| u16::try_from(code).ok());
        let ending = at(ENDED).checked_sub(1).and_then(|place| self.endings.get(place as usize));
        Observation {
            at: Timestamp::from_millis(self.base + units * TIME_UNIT_MS),
            phases: Phases { dns, connect, tls, first_byte, total: fine(at(TOTAL)) },
            status_code,
            outcome: ending.cloned().unwrap_or(Outcome::Pass),
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
        if *version != VERSION || count > CHECKS_MAX {
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
        Ok(Self { base, last, columns, endings })
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

/// Durations are counted in units of so many microseconds.
const UNIT_US: u32 = 50;

/// So many units and more are told by their four leading bits, fewer by the nearest number of units.
const EXACT: u32 = 16;

/// A duration as a small number: the steps between two of them are 50 µs, from 0.8 ms on a sixteenth to an eighth.
fn coarse(duration: Micros) -> u32 {
    let units = duration.0 / UNIT_US;
    if units < EXACT {
        return ((duration.0 + UNIT_US / 2) / UNIT_US).min(EXACT - 1);
    }
    let shift = units.ilog2() - 3;
    EXACT + (shift - 1) * 8 + ((units >> shift) & 7)
}

/// The middle of the durations that are the same small number.
fn fine(code: u32) -> Micros {
    if code < EXACT {
        return Micros(code * UNIT_US);
    }
    let (shift, leading) = ((code - EXACT) / 8 + 1, 8 + (code - EXACT) % 8);
    let units = u64::from(leading) << shift.min(32) | (1u64 << (shift.min(32) - 1));
    Micros(u32::try_from(units * u64::from(UNIT_US)).unwrap_or(u32::MAX))
}

/// What is left of the whole for the first byte, as a small number. Mostly that is it.
fn expected_first_byte(total: u32, parts: [u32; 3]) -> u32 {
    let spent = parts.iter().filter_map(|part| part.checked_sub(1)).map(|part| fine(part).0);
    coarse(Micros(spent.fold(fine(total).0, u32::saturating_sub)))
}

/// By how much one small number differs from another, without a sign.
fn zigzag(code: u32, expected: u32) -> u32 {
    let distance = i64::from(code) - i64::from(expected);
    u32::try_from((distance << 1) ^ (distance >> 63)).unwrap_or(u32::MAX - 1)
}

fn unzigzag(distance: u32, expected: u32) -> u32 {
    let distance = i64::from(distance >> 1) ^ -i64::from(distance & 1);
    u32::try_from(i64::from(expected) + distance).unwrap_or(0)
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
    use proptest::prelude::*;

    fn chunk(checks: &[Observation]) -> Chunk {
        let mut chunk = Chunk::new(checks[0].at);
        checks.iter().for_each(|check| chunk.push(check));
        chunk
    }

    fn is_near(kept: Micros, seen: Micros) -> bool {
        f64::from(kept.0.abs_diff(seen.0)) <= (f64::from(seen.0) / 16.0).max(25.0)
    }

    /// Every duration up to 20 ms, and those on either side of each longer step's edge.
    #[test]
    fn durations_are_kept_to_what_is_promised() {
        let edges = (1..23).flat_map(|shift| (8..16).map(move |leading| (leading << shift) * UNIT_US));
        let about = edges.flat_map(|edge| [edge - 1, edge, edge + 1]);
        for seen in (0..20_000).chain(about).chain([u32::MAX]).map(Micros) {
            let kept = fine(coarse(seen));
            assert!(is_near(kept, seen), "{seen:?} came back as {kept:?}");
            assert_eq!(coarse(kept), coarse(seen), "{seen:?} changed when it was packed again");
        }
    }

    proptest! {
        #[test]
        fn checks_come_back_as_near_as_is_promised_and_stay_so(mut checks in prop::collection::vec(any_check(), 1..60)) {
            // A clock may be set back, but not by decades.
            let first = checks[0].at.as_millis();
            for check in &mut checks {
                check.at = Timestamp::from_millis(first + check.at.as_millis() % 1_000_000_000);
            }
            let kept: Vec<_> = Chunk::decode(&chunk(&checks).encode().unwrap()).unwrap().iter().collect();
            prop_assert_eq!(kept.len(), checks.len());
            for (kept, seen) in kept.iter().zip(&checks) {
                prop_assert!((kept.at.as_millis() - seen.at.as_millis()).abs() <= 5);
                prop_assert_eq!((&kept.outcome, kept.status_code), (&seen.outcome, seen.status_code));
                prop_assert!(is_near(kept.phases.total, seen.phases.total));
                for (kept, seen) in [
                    (kept.phases.dns, seen.phases.dns),
                    (kept.phases.connect, seen.phases.connect),
                    (kept.phases.tls, seen.phases.tls),
                    (kept.phases.first_byte, seen.phases.first_byte),
                ] {
                    prop_assert!(kept.is_some() == seen.is_some());
                    prop_assert!(kept.zip(seen).is_none_or(|(kept, seen)| is_near(kept, seen)), "{kept:?} {seen:?}");
                }
            }
            let again: Vec<_> = Chunk::decode(&chunk(&kept).encode().unwrap()).unwrap().iter().collect();
            prop_assert_eq!(again, kept);
        }

        #[test]
        fn what_is_damaged_is_told(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
            let _ = Chunk::decode(&bytes);
        }
    }
}
