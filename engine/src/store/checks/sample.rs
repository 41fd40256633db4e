//! Checks of any kind, for tests.

use domain::{Failure, Micros, Observation, Outcome, OwnFault, Phases, Timestamp};
use proptest::prelude::*;

/// A check that may have happened.
pub(super) fn any_check() -> impl Strategy<Value = Observation> {
    // As many short ones as long ones.
    let duration = || (any::<u32>(), 0u32..32).prop_map(|(us, shift)| Micros(us >> shift));
    let phase = || prop::option::of(duration());
    let outcome = prop_oneof![
        6 => Just(Outcome::Pass),
        1 => Just(Outcome::Fail(Failure::ConnectionRefused)),
        1 => (100u16..600).prop_map(|code| Outcome::Fail(Failure::Status { code, expected: Default::default() })),
        1 => (0u32..9000).prop_map(|by_ms| Outcome::Unknown(OwnFault::Late { by_ms })),
    ];
    let status = prop::option::of(any::<u16>());
    (0i64..4_000_000_000_000, [phase(), phase(), phase(), phase()], duration(), status, outcome).prop_map(
        |(at, [dns, connect, tls, first_byte], total, status_code, outcome)| {
            let phases = Phases { dns, connect, tls, first_byte, total };
            Observation { at: Timestamp::from_millis(at), phases, status_code, outcome }
        },
    )
}
