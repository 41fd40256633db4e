//! One check in a few bytes, exactly as it was seen: how the log and the heads keep it.

use domain::{Failure, Micros, Observation, Outcome, OwnFault, Phases, Timestamp};
use integer_encoding::VarInt;

use crate::store::ReadError;

/// The two lowest bits of the first byte say how the check ended.
const PASS: u8 = 0;
const FAIL: u8 = 1;
const UNKNOWN: u8 = 2;
const ENDED: u8 = 0b11;

/// The others say which of the following there is.
const DNS: u8 = 1 << 2;
const CONNECT: u8 = 1 << 3;
const TLS: u8 = 1 << 4;
const FIRST_BYTE: u8 = 1 << 5;
const STATUS: u8 = 1 << 6;

/// Appends a check; its time is told as the distance from `previous`.
pub(super) fn put(out: &mut Vec<u8>, previous: i64, check: &Observation) -> Result<(), serde_json::Error> {
    let Observation { at, phases, status_code, outcome } = check;
    let (ended, why) = match outcome {
        Outcome::Pass => (PASS, None),
        Outcome::Fail(failure) => (FAIL, Some(serde_json::to_vec(failure)?)),
        Outcome::Unknown(fault) => (UNKNOWN, Some(serde_json::to_vec(fault)?)),
    };
    let optional = [(DNS, phases.dns), (CONNECT, phases.connect), (TLS, phases.tls), (FIRST_BYTE, phases.first_byte)];
    let flags = optional.iter().filter(|(_, phase)| phase.is_some()).fold(ended, |flags, (flag, _)| flags | flag);
    out.push(flags | if status_code.is_some() { STATUS } else { 0 });
    put_number(out, at.as_millis().wrapping_sub(previous));
    put_number(out, phases.total.0);
    optional.iter().filter_map(|(_, phase)| *phase).for_each(|phase| put_number(out, phase.0));
    if let Some(code) = status_code {
        put_number(out, *code);
    }
    if let Some(why) = why {
        put_number(out, why.len());
        out.extend_from_slice(&why);
    }
    Ok(())
}

/// Takes the next check off `bytes`.
pub(super) fn take(bytes: &mut &[u8], previous: i64) -> Result<Observation, ReadError> {
    let (flags, rest) = bytes.split_first().ok_or(DAMAGED)?;
    *bytes = rest;
    let flags = *flags;
    let at = Timestamp::from_millis(previous.wrapping_add(take_number::<i64>(bytes)?));
    let total = Micros(take_number(bytes)?);
    let mut phase = |flag| (flags & flag != 0).then(|| take_number(bytes).map(Micros)).transpose();
    let (dns, connect, tls, first_byte) = (phase(DNS)?, phase(CONNECT)?, phase(TLS)?, phase(FIRST_BYTE)?);
    let phases = Phases { dns, connect, tls, first_byte, total };
    let status_code = (flags & STATUS != 0).then(|| take_number(bytes)).transpose()?;
    let outcome = match flags & ENDED {
        PASS => Outcome::Pass,
        FAIL => Outcome::Fail(take_json::<Failure>(bytes)?),
        UNKNOWN => Outcome::Unknown(take_json::<OwnFault>(bytes)?),
        _ => return Err(DAMAGED),
    };
    Ok(Observation { at, phases, status_code, outcome })
}

/// What cannot be read.
pub(super) const DAMAGED: ReadError = ReadError::Corrupt("checks");

/// Appends a number.
pub(super) fn put_number(out: &mut Vec<u8>, number: impl VarInt) {
    let mut bytes = [0; 10];
    let length = number.encode_var(&mut bytes);
    out.extend_from_slice(&bytes[..length]);
}

/// Takes the next number off `bytes`.
pub(super) fn take_number<N: VarInt>(bytes: &mut &[u8]) -> Result<N, ReadError> {
    let (number, length) = N::decode_var(bytes).ok_or(DAMAGED)?;
    *bytes = &bytes[length..];
    Ok(number)
}

/// Takes the next so many bytes off `bytes`.
pub(super) fn take_bytes<'b>(bytes: &mut &'b [u8]) -> Result<&'b [u8], ReadError> {
    let length = take_number::<usize>(bytes)?;
    let (taken, rest) = bytes.split_at_checked(length).ok_or(DAMAGED)?;
    *bytes = rest;
    Ok(taken)
}

fn take_json<T: serde::de::DeserializeOwned>(bytes: &mut &[u8]) -> Result<T, ReadError> {
    serde_json::from_slice(take_bytes(bytes)?).map_err(|_| DAMAGED)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::checks::sample::any_check;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_check_comes_back_as_it_was(checks in prop::collection::vec(any_check(), 1..20)) {
            let mut packed = Vec::new();
            let mut previous = 0;
            for check in &checks {
                put(&mut packed, previous, check).unwrap();
                previous = check.at.as_millis();
            }
            let (mut bytes, mut previous) = (packed.as_slice(), 0);
            for check in &checks {
                let taken = take(&mut bytes, previous).unwrap();
                prop_assert_eq!(&taken, check);
                previous = taken.at.as_millis();
            }
            prop_assert!(bytes.is_empty());
        }

        #[test]
        fn what_is_damaged_is_told(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
            let _ = take(&mut bytes.as_slice(), 0);
        }
    }
}
