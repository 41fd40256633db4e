//! Which status a target had when.

use serde::{Deserialize, Serialize};

use crate::{Gap, Reason, Span, Status, Timestamp};

/// A target has another status, or another reason for it, from then on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StateChange {
    /// Since when.
    pub at: Timestamp,
    /// The status; none where it is not known.
    pub status: Option<Status>,
    /// Why; none when healthy.
    pub reason: Option<Reason>,
}

/// A time in which a target had one status for one reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StateRun {
    /// Its first moment.
    #[serde(rename = "f")]
    pub from: Timestamp,
    /// The first moment after it.
    #[serde(rename = "t")]
    pub to: Timestamp,
    /// The status; none where it is not known: Drainboard was not running or not recording, or there was no target.
    #[serde(rename = "s", default, skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
    /// Why.
    #[serde(rename = "r", default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
}

/// The time in which a target was registered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Life {
    /// When it was registered; none: before everything that is on record.
    pub from: Option<Timestamp>,
    /// When it was deregistered; none: it is there.
    pub until: Option<Timestamp>,
}

impl StateRun {
    /// How long it lasted, in milliseconds.
    pub fn millis(&self) -> u64 {
        self.to.millis_since(self.from)
    }
}

/// The runs of one target that fill the span without holes, oldest first. `changes` are in the order of time; the last
/// one before the span says how it begins. Neighbours differ.
pub fn state_runs(span: Span, life: Life, changes: &[StateChange], gaps: &[Gap]) -> Vec<StateRun> {
    let mut runs: Vec<StateRun> = Vec::new();
    let mut cuts = cuts(span, life, changes, gaps);
    cuts.push(span.to());
    let mut known = Known { changes: changes.iter().peekable(), state: None };
    for ends in cuts.windows(2) {
        let &[from, to] = ends else { continue };
        let state = known.at(from).filter(|_| life.contains(from) && !gaps.iter().any(|gap| contains(gap, from)));
        let (status, reason) = (state.and_then(|state| state.status), state.and_then(|state| state.reason));
        match runs.last_mut() {
            Some(last) if (last.status, last.reason) == (status, reason) => last.to = to,
            _ => runs.push(StateRun { from, to, status, reason }),
        }
    }
    runs
}

/// The runs of a target that was at one address and then at another, over the same span: at each moment those in which
/// something is known.
pub fn either_runs(some: &[StateRun], others: &[StateRun]) -> Vec<StateRun> {
    let mut runs: Vec<StateRun> = Vec::new();
    let (mut some, mut others) = (some.iter().peekable(), others.iter().peekable());
    while let (Some(one), Some(other)) = (some.peek(), others.peek()) {
        let (one, other) = (**one, **other);
        let known = if one.status.is_some() { one } else { other };
        let to = one.to.min(other.to);
        match runs.last_mut() {
            Some(last) if (last.status, last.reason) == (known.status, known.reason) => last.to = to,
            last => {
                let from = last.map_or(one.from.max(other.from), |last| last.to);
                runs.push(StateRun { from, to, ..known });
            }
        }
        some.next_if(|one| one.to <= to);
        others.next_if(|other| other.to <= to);
    }
    runs
}

/// The moments in the span at which something may be another than before, its beginning first.
fn cuts(span: Span, life: Life, changes: &[StateChange], gaps: &[Gap]) -> Vec<Timestamp> {
    let changes = changes.iter().map(|change| change.at);
    let gaps = gaps.iter().flat_map(|gap| [gap.from, gap.to]);
    let within = changes.chain(gaps).chain(life.from).chain(life.until).filter(|at| span.contains(*at));
    let mut cuts: Vec<Timestamp> = within.chain([span.from()]).collect();
    cuts.sort_unstable();
    cuts.dedup();
    cuts
}

/// Follows the changes as time goes on.
struct Known<'a> {
    changes: std::iter::Peekable<std::slice::Iter<'a, StateChange>>,
    state: Option<&'a StateChange>,
}

impl<'a> Known<'a> {
    fn at(&mut self, at: Timestamp) -> Option<&'a StateChange> {
        while let Some(change) = self.changes.next_if(|change| change.at <= at) {
            self.state = Some(change);
        }
        self.state
    }
}

impl Life {
    fn contains(self, at: Timestamp) -> bool {
        self.from.is_none_or(|from| from <= at) && self.until.is_none_or(|until| at < until)
    }
}

fn contains(gap: &Gap, at: Timestamp) -> bool {
    gap.from <= at && at < gap.to
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use proptest::prelude::*;

    pub(crate) fn at(ms: i64) -> Timestamp {
        Timestamp::from_millis(ms)
    }

    pub(crate) fn span(from: i64, to: i64) -> Span {
        Span::new(at(from), at(to)).unwrap()
    }

    /// `H` healthy, `U` unhealthy, `I` initial, `D` draining, `-` no data.
    fn letters(runs: &[StateRun]) -> String {
        let letter = |run: &StateRun| run.status.map_or('-', |status| status.as_str().to_uppercase().remove(0));
        runs.iter().map(|run| format!("{}{}", letter(run), run.millis())).collect::<Vec<_>>().join(" ")
    }

    fn change((at_ms, status): (i64, Status)) -> StateChange {
        StateChange { at: at(at_ms), status: Some(status), reason: None }
    }

    fn check(life: (Option<i64>, Option<i64>), changes: &[(i64, Status)], gaps: &[(i64, i64)], expected: &str) {
        let life = Life { from: life.0.map(at), until: life.1.map(at) };
        let changes: Vec<_> = changes.iter().copied().map(change).collect();
        let gaps: Vec<_> = gaps.iter().map(|(from, to)| Gap { from: at(*from), to: at(*to) }).collect();
        assert_eq!(letters(&state_runs(span(100, 200), life, &changes, &gaps)), expected);
    }

    use Status::{Healthy, Initial, Unhealthy};

    #[test]
    fn a_span_begins_as_it_was_before() {
        check((None, None), &[(10, Initial), (20, Healthy)], &[], "H100");
        check((None, None), &[(20, Healthy), (150, Unhealthy), (160, Healthy)], &[], "H50 U10 H40");
        check((None, None), &[], &[], "-100");
        check((None, None), &[(130, Healthy)], &[], "-30 H70");
    }

    #[test]
    fn gaps_are_no_data_and_what_was_known_holds_after_them() {
        check((None, None), &[(20, Healthy)], &[(120, 130)], "H20 -10 H70");
        check((None, None), &[(20, Healthy), (125, Unhealthy)], &[(120, 130)], "H20 -10 U70");
        check((None, None), &[(20, Healthy)], &[(0, 300)], "-100");
        check((None, None), &[(20, Healthy)], &[(90, 110), (105, 120)], "-20 H80");
    }

    #[test]
    fn there_is_nothing_before_and_after_a_target() {
        check((Some(120), Some(180)), &[(120, Initial), (130, Healthy)], &[], "-20 I10 H50 -20");
        check((Some(300), None), &[(20, Healthy)], &[], "-100");
    }

    #[test]
    fn a_target_that_moved_is_what_it_was_at_either_address() {
        let runs = |life: (Option<i64>, Option<i64>), changes: &[(i64, Status)]| {
            let life = Life { from: life.0.map(at), until: life.1.map(at) };
            state_runs(span(100, 200), life, &changes.iter().copied().map(change).collect::<Vec<_>>(), &[])
        };
        let before = runs((Some(110), Some(150)), &[(110, Healthy), (140, Unhealthy)]);
        let after = runs((Some(150), None), &[(150, Initial), (170, Healthy)]);
        assert_eq!(letters(&either_runs(&before, &after)), "-10 H30 U10 I20 H30");
        assert_eq!(either_runs(&after, &before), either_runs(&before, &after));
    }

    proptest! {
        #[test]
        fn runs_fill_the_span_and_neighbours_differ(
            mut times in prop::collection::vec((0i64..300, 0usize..6), 0..20),
            gaps in prop::collection::vec((0i64..300, 0i64..60), 0..5),
            life in (prop::option::of(0i64..150), prop::option::of(150i64..300)),
        ) {
            times.sort_unstable();
            let changes: Vec<_> = times.iter().map(|(at, status)| change((*at, Status::ALL[*status]))).collect();
            let gaps: Vec<_> = gaps.iter().map(|(from, ms)| Gap { from: at(*from), to: at(from + ms) }).collect();
            let life = Life { from: life.0.map(at), until: life.1.map(at) };
            let runs = state_runs(span(100, 200), life, &changes, &gaps);
            prop_assert_eq!(runs.first().map(|run| run.from), Some(at(100)));
            prop_assert_eq!(runs.last().map(|run| run.to), Some(at(200)));
            for pair in runs.windows(2) {
                prop_assert_eq!(pair[0].to, pair[1].from);
                prop_assert!((pair[0].status, pair[0].reason) != (pair[1].status, pair[1].reason));
            }
            for run in runs.iter().filter(|run| run.status.is_some()) {
                for gap in &gaps {
                    prop_assert!(run.to <= gap.from || gap.to <= run.from || gap.from == gap.to);
                }
            }
        }
    }
}
