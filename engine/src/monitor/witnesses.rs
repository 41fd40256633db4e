//! Who is looked at beside a target that is found failing before its neighbours had their turn.
//!
//! Automatic mode takes nothing out while it may be our own network that fails, and only a pass that is newer than the
//! failure says that it is not. At the pace of the interval every neighbour has its turn between two failures; a failure
//! that is confirmed faster would wait for one. So some of those that are believed to be well are checked at once.

use std::collections::{BTreeMap, HashSet};
use std::ops::Bound;

use domain::{Board, GroupState, Health, TargetId, TargetState};

/// So many failures may wait for their witnesses.
pub(super) const SUSPECTS_MAX: usize = 64;

/// So many targets are looked at for all that are found failing at the same time.
const WITNESSES_MAX: usize = 3;

/// Targets whose passing would show that these fail by themselves: neighbours first, and not always the same ones.
pub(super) fn choose(board: &Board, suspects: &[TargetId]) -> Vec<TargetId> {
    let Some(first) = suspects.first() else { return Vec::new() };
    let suspected: HashSet<&TargetId> = suspects.iter().collect();
    let groups = || board.groups.values().filter(|state| state.group.check.enabled);
    let own = groups().filter(|state| state.targets.contains_key(first));
    let others = groups().filter(|state| !state.targets.contains_key(first));
    let well = |(id, target): &(&TargetId, &TargetState)| !suspected.contains(id) && is_well(target);
    let chosen = own.chain(others).flat_map(|state: &GroupState| from(&state.targets, *first).filter(well));
    chosen.map(|(id, _)| *id).take(WITNESSES_MAX).collect()
}

fn is_well(target: &TargetState) -> bool {
    target.blind.is_none() && matches!(target.health, Health::Healthy { fails: 0 })
}

/// All targets, beginning after this one.
fn from(targets: &BTreeMap<TargetId, TargetState>, first: TargetId) -> impl Iterator<Item = (&TargetId, &TargetState)> {
    let after = targets.range((Bound::Excluded(first), Bound::Unbounded));
    after.chain(targets.range(..first))
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{Change, Event, EventKind, EventNumber, GroupDraft, Protocol, Target, Timestamp};

    fn id(n: u128) -> TargetId {
        TargetId::from_uuid(uuid::Uuid::from_u128(n))
    }

    /// Targets of the groups a and b, numbered through: `h` healthy, `f` healthy with a failure, `i` not decided.
    fn check(a: &str, b: &str, suspects: &[u128], expected: &[u128]) {
        let mut board = Board::default();
        let happen = |board: &mut Board, kind: EventKind| {
            let event = Event {
                number: EventNumber(board.number.0 + 1),
                at: Timestamp::from_millis(0),
                by: None,
                why: None,
                kind,
            };
            board.apply(&event).unwrap();
        };
        let mut numbers = 1..;
        for (name, letters) in [("a", a), ("b", b)] {
            let draft = GroupDraft { name: name.to_owned(), ..GroupDraft::default_for(Protocol::Tcp) };
            let group = draft.validate().unwrap();
            for kind in board.plan(Change::CreateGroup(group.clone())).unwrap() {
                happen(&mut board, kind);
            }
            for (letter, n) in letters.chars().zip(&mut numbers) {
                let host = "127.0.0.1".parse().unwrap();
                let target =
                    Target { id: id(n), group: group.name.clone(), label: domain::Label::new(""), host, port: 80 };
                happen(&mut board, EventKind::TargetRegistered(target));
                board.groups.get_mut(&group.name).unwrap().targets.get_mut(&id(n)).unwrap().health = match letter {
                    'h' => Health::Healthy { fails: 0 },
                    'f' => Health::Healthy { fails: 1 },
                    _ => Health::new(),
                };
            }
        }
        let suspects: Vec<TargetId> = suspects.iter().map(|n| id(*n)).collect();
        let expected: Vec<TargetId> = expected.iter().map(|n| id(*n)).collect();
        assert_eq!(choose(&board, &suspects), expected);
    }

    #[test]
    fn neighbours_that_are_well_come_first() {
        check("fhhhhh", "hhh", &[1], &[2, 3, 4]);
        check("hhhhfh", "hhh", &[5], &[6, 1, 2]);
        check("fhif", "ih", &[1, 4], &[2, 6]);
    }

    #[test]
    fn who_is_suspected_or_unknown_is_no_witness() {
        check("ffi", "i", &[1], &[]);
        check("hh", "", &[1, 2], &[]);
    }
}
