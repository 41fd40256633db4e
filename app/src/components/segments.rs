//! The targets of a group in one line: a segment each, or shares where they are many.

use domain::{Glance, Status};
use leptos::prelude::*;

use crate::text::to_a_tenth;

use super::icon::class_of;

const WIDTH: f64 = 150.0;
const GAP: f64 = 3.0;

/// Segments with their classes and widths, from the left.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Segment {
    x: f64,
    width: f64,
    status: Status,
}

/// The segments of a group: targets in the order of their rows, or shares worst first.
pub(crate) fn segments(glance: &Glance) -> Vec<Segment> {
    if !glance.statuses.is_empty() {
        return lay_out(glance.statuses.iter().map(|status| (*status, 1.0)).collect());
    }
    let order =
        [Status::Unhealthy, Status::Unavailable, Status::Draining, Status::Initial, Status::Unused, Status::Healthy];
    let shares = order.into_iter().map(|status| (status, f64::from(glance.counts.of(status))));
    lay_out(shares.filter(|(_, count)| 0.0 < *count).collect())
}

/// Shares the width out. The least share stays visible.
fn lay_out(parts: Vec<(Status, f64)>) -> Vec<Segment> {
    let total: f64 = parts.iter().map(|(_, part)| part).sum();
    let room = WIDTH - GAP * (parts.len().saturating_sub(1)) as f64;
    let mut x = 0.0;
    let mut segments = Vec::with_capacity(parts.len());
    for (status, part) in parts {
        let width = (room * part / total).max(2.0);
        segments.push(Segment { x, width, status });
        x += width + GAP;
    }
    segments
}

/// The line of segments.
#[component]
pub(crate) fn Segments(
    /// The segments.
    #[prop(into)]
    segments: Signal<Vec<Segment>>,
) -> impl IntoView {
    let rects = move || {
        let segments = segments.get();
        let rects = segments.into_iter().map(|Segment { x, width, status }| {
            view! {
                <rect class=format!("seg {}", class_of(status)) x=to_a_tenth(x) width=to_a_tenth(width) height="10" rx="2"></rect>
            }
        });
        rects.collect_view()
    };
    view! { <svg class="segments" width="150" height="10" viewBox="0 0 150 10" aria-hidden="true">{rects}</svg> }
        .into_any()
}
