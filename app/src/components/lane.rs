//! The bar of a group: a cell an interval, newest at the right.

use domain::{LANE_CELLS, Lane};
use leptos::prelude::*;

use crate::live::Live;

use super::beats::{BarPaths, cell, height, usual};

/// The bar of a group. One failure in an interval makes it red: nothing is averaged away.
fn paths(lane: &Lane) -> BarPaths {
    let usual = usual(lane.iter().filter(|cell| 0 < cell.passes).map(|cell| cell.slowest));
    let missing = LANE_CELLS.saturating_sub(lane.iter().len());
    let mut bar = BarPaths::default();
    (0..missing).for_each(|place| cell(&mut bar.empty, place, 5.0));
    for (place, interval) in (missing..).zip(lane.iter()) {
        match (interval.fails, interval.unknown, interval.passes) {
            (1.., _, _) => cell(&mut bar.fail, place, 22.0),
            (0, 1.., _) => cell(&mut bar.unknown, place, 9.0),
            (0, 0, 1..) => cell(&mut bar.pass, place, height(interval.slowest, usual)),
            (0, 0, 0) => cell(&mut bar.empty, place, 5.0),
        }
    }
    bar
}

/// The bar.
#[component]
pub(crate) fn LaneBar(
    /// The intervals.
    #[prop(into)]
    lane: Signal<Lane>,
) -> impl IntoView {
    let text = Live::here().text();
    let bar = Memo::new(move |_| lane.with(paths));
    let label = Memo::new(move |_| {
        let count =
            |is: fn(&domain::Cell) -> bool| lane.with(|lane| lane.iter().filter(|cell| is(cell)).count() as u32);
        let failed = count(|cell| 0 < cell.fails);
        let unseen = count(|cell| cell.fails == 0 && (0 < cell.unknown || cell.passes == 0));
        let passed = count(|cell| cell.fails == 0 && cell.unknown == 0 && 0 < cell.passes);
        (text.overview.lane)(passed, failed, unseen)
    });
    view! {
        <svg class="bar" width="185" height="22" viewBox="0 0 185 22" role="img" aria-label=move || label.get()>
            <path class="b-empty" d=move || bar.with(|bar| bar.empty.clone())></path>
            <path class="b-pass" d=move || bar.with(|bar| bar.pass.clone())></path>
            <path class="b-fail" d=move || bar.with(|bar| bar.fail.clone())></path>
            <path class="b-unknown" d=move || bar.with(|bar| bar.unknown.clone())></path>
        </svg>
    }
    .into_any()
}
