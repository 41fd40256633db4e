//! Which targets stand in the table: those that the filter lets through, so many at a time.

use domain::{GroupState, TargetId, TargetState};

use crate::Filter;

/// So many rows a table has; more are in its next part.
pub(crate) const ROWS_MAX: usize = 100;

/// A part of the targets that the filter lets through, in the order of registration.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Rows {
    /// Those of this part.
    pub(crate) ids: Vec<TargetId>,
    /// So many stand before it.
    pub(crate) before: usize,
    /// So many there are in all parts.
    pub(crate) total: usize,
}

impl Rows {
    /// The part that the filter names; the last one where there are not so many.
    pub(crate) fn of(group: &GroupState, filter: &Filter) -> Self {
        let lets = |target: &&TargetState| {
            filter.is_empty()
                || filter.lets(target.status(&group.group), &[&target.target.display_name(), &target.target.address()])
        };
        let all: Vec<TargetId> = group.targets.values().filter(lets).map(|target| target.target.id).collect();
        let last = all.len().saturating_sub(1) / ROWS_MAX;
        let before = ROWS_MAX * last.min(usize::try_from(filter.page).unwrap_or(usize::MAX));
        let ids = all.iter().skip(before).take(ROWS_MAX).copied().collect();
        Self { ids, before, total: all.len() }
    }
}
