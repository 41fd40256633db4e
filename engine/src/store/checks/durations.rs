//! The durations of a check as small numbers: few enough to compress well, each near to what was seen.
//!
//! A duration is on a step. Eight steps are even: 50 µs for the whole, 100 µs for its parts. From there on they grow with
//! the duration, as far as a sixteenth allows: what lies between `edge` and 17/15 of it is told by 17/16 of `edge`, which is a sixteenth from either
//! end. The first byte mostly comes when what is left of the whole is over; then that is all that is kept of it.

use domain::{Micros, Phases};

/// What is kept of durations: the whole, dns, connect, tls, first byte. Of those that may be missing 0 says so.
pub(super) type Durations = [u32; 5];

/// Where a step ends and the next begins.
struct Steps {
    /// So many microseconds are a step where they are even.
    even_us: u32,
    /// The first durations of the steps that grow.
    edges: &'static [u32],
}

/// So many steps are even.
const EVENS: u32 = 8;

/// Of the whole.
const WHOLE: Steps = Steps { even_us: 50, edges: &edges::<130>(50) };

/// Of its parts: to connect takes so little that more would only be noise.
const PARTS: Steps = Steps { even_us: 100, edges: &edges::<125>(100) };

/// As many edges as there are.
const fn edges<const N: usize>(even_us: u32) -> [u32; N] {
    let mut edges = [EVENS * even_us - even_us / 2; N];
    let mut place = 1;
    while place < N {
        let before = edges[place - 1];
        // 17/15 of it, in two parts so that it fits.
        edges[place] = before / 15 * 17 + before % 15 * 17 / 15;
        place += 1;
    }
    edges
}

impl Steps {
    /// The number of the step that a duration is on.
    fn of(&self, duration: Micros) -> u32 {
        if duration.0 < self.edges[0] {
            return (duration.0 + self.even_us / 2) / self.even_us;
        }
        EVENS - 1 + self.edges.partition_point(|edge| *edge <= duration.0) as u32
    }

    /// The duration that tells a step.
    fn told_by(&self, step: u32) -> Micros {
        if step < EVENS {
            return Micros(step * self.even_us);
        }
        let edge = self.edges[((step - EVENS) as usize).min(self.edges.len() - 1)];
        Micros(edge.saturating_add(edge / 16))
    }
}

/// As it is kept.
pub(super) fn put(phases: &Phases) -> Durations {
    let total = WHOLE.of(phases.total);
    let [dns, connect, tls] =
        [phases.dns, phases.connect, phases.tls].map(|phase| phase.map_or(0, |phase| PARTS.of(phase) + 1));
    let expected = rest(WHOLE.told_by(total), [dns, connect, tls].map(part));
    let first_byte = phases.first_byte.map_or(0, |seen| put_first_byte(seen, expected));
    [total, dns, connect, tls, first_byte]
}

/// As it was seen, to a sixteenth, the first byte to a twelfth; but the whole not nearer than to 25 µs, what it takes to
/// connect than to 50 µs, the first byte than to 100 µs.
pub(super) fn take([total, dns, connect, tls, first_byte]: Durations) -> Phases {
    let total = WHOLE.told_by(total);
    let parts @ [dns, connect, tls] = [dns, connect, tls].map(part);
    Phases { dns, connect, tls, first_byte: take_first_byte(first_byte, rest(total, parts)), total }
}

fn part(kept: u32) -> Option<Micros> {
    kept.checked_sub(1).map(|step| PARTS.told_by(step))
}

/// What is left of the whole.
fn rest(total: Micros, parts: [Option<Micros>; 3]) -> Micros {
    Micros(parts.iter().flatten().fold(total.0, |rest, part| rest.saturating_sub(part.0)))
}

/// 1 if it is near to what is expected, else by how many steps it is off.
fn put_first_byte(seen: Micros, expected: Micros) -> u32 {
    if is_near(expected, seen) { 1 } else { zigzag(PARTS.of(seen), PARTS.of(expected)) + 2 }
}

fn take_first_byte(kept: u32, expected: Micros) -> Option<Micros> {
    let off = kept.checked_sub(1)?.checked_sub(1);
    Some(off.map_or(expected, |off| PARTS.told_by(unzigzag(off, PARTS.of(expected)))))
}

fn is_near(kept: Micros, seen: Micros) -> bool {
    kept.0.abs_diff(seen.0) <= (seen.0 / 12).max(100)
}

/// By how much one small number differs from another, without a sign.
fn zigzag(step: u32, expected: u32) -> u32 {
    let distance = i64::from(step) - i64::from(expected);
    u32::try_from((distance << 1) ^ (distance >> 63)).unwrap_or(u32::MAX - 2)
}

fn unzigzag(distance: u32, expected: u32) -> u32 {
    let distance = i64::from(distance >> 1) ^ -i64::from(distance & 1);
    u32::try_from(i64::from(expected) + distance).unwrap_or(0)
}

/// Chunks of the first form had other steps: four leading bits above 0.8 ms, 50 µs below; and no first byte without a
/// number of its own.
pub(super) mod first_form {
    use super::{Durations, Micros, Phases, rest, unzigzag};

    const UNIT_US: u32 = 50;
    const EXACT: u32 = 16;

    /// As it was seen, to a sixteenth or 25 µs.
    pub(in super::super) fn take([total, dns, connect, tls, first_byte]: Durations) -> Phases {
        let total = told_by(total);
        let parts @ [dns, connect, tls] = [dns, connect, tls].map(|part| part.checked_sub(1).map(told_by));
        let first_byte = first_byte.checked_sub(1).map(|off| told_by(unzigzag(off, step_of(rest(total, parts)))));
        Phases { dns, connect, tls, first_byte, total }
    }

    fn told_by(step: u32) -> Micros {
        if step < EXACT {
            return Micros(step * UNIT_US);
        }
        let (shift, leading) = ((step - EXACT) / 8 + 1, 8 + (step - EXACT) % 8);
        let units = u64::from(leading) << shift.min(32) | (1u64 << (shift.min(32) - 1));
        Micros(u32::try_from(units * u64::from(UNIT_US)).unwrap_or(u32::MAX))
    }

    fn step_of(told: Micros) -> u32 {
        let units = told.0 / UNIT_US;
        if units < EXACT {
            return units;
        }
        let shift = units.ilog2() - 3;
        EXACT + (shift - 1) * 8 + ((units >> shift) & 7)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_is_within_a_sixteenth_and_stays() {
        for (steps, us) in [(WHOLE, 25.0), (PARTS, 50.0)] {
            let about = steps.edges.iter().flat_map(|edge| [edge - 1, *edge, edge.saturating_add(1)]);
            for seen in (0..20_000).chain(about).chain([u32::MAX]).map(Micros) {
                let told = steps.told_by(steps.of(seen));
                let off = f64::from(told.0.abs_diff(seen.0));
                assert!(off <= (f64::from(seen.0) / 16.0).max(us), "{seen:?} is told as {told:?}");
                assert_eq!(steps.of(told), steps.of(seen), "{seen:?}");
            }
        }
    }
}
