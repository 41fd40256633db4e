//! Lanes of targets: those that were alike the whole time are one lane.

use domain::{Span, Status, TargetPast, Timestamp, Uptime};
use leptos::prelude::*;

use super::draw::STATUSES;

/// Targets with the same states over the whole stretch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Lane {
    /// The first of them, in the order of registration.
    pub(super) first: TargetPast,
    /// The names of the others.
    pub(super) others: Vec<String>,
}

/// The lanes, those that were down longest first, then in the order of registration.
pub(super) fn lanes(targets: &[TargetPast], span: Span) -> Vec<Lane> {
    let mut lanes: Vec<Lane> = Vec::new();
    for target in targets {
        match lanes.iter_mut().find(|lane| is_alike(&lane.first, target, span)) {
            Some(lane) => lane.others.push(target.name.clone()),
            None => lanes.push(Lane { first: target.clone(), others: Vec::new() }),
        }
    }
    lanes.sort_by_key(|lane| {
        let Uptime { up_ms, down_ms, .. } = Uptime::of(&lane.first.states);
        (std::cmp::Reverse(down_ms), up_ms)
    });
    lanes
}

fn is_alike(one: &TargetPast, other: &TargetPast, span: Span) -> bool {
    let begins = |target: &TargetPast| target.from.filter(|from| span.from() < *from);
    one.until == other.until && begins(one) == begins(other) && one.states == other.states
}

/// The moments in the stretch at which some target became another, in order.
pub(super) fn changes(targets: &[TargetPast]) -> Vec<Timestamp> {
    let mut changes: Vec<Timestamp> =
        targets.iter().flat_map(|target| target.states.iter().skip(1).map(|run| run.from)).collect();
    changes.sort_unstable();
    changes.dedup();
    changes
}

/// The paths of a lane, one for each status.
pub(super) fn paths(lane: impl Fn() -> [String; 6] + Copy + Send + Sync + 'static) -> Vec<AnyView> {
    let path = |(place, status): (usize, Status)| {
        let class = format!("l-{status}");
        view! { <path class=class d=move || lane().into_iter().nth(place)></path> }.into_any()
    };
    STATUSES.into_iter().enumerate().map(path).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{StateRun, TargetId};

    fn target(name: &str, states: &[(i64, i64, Option<Status>)]) -> TargetPast {
        let time = Timestamp::from_millis;
        let run = |(from, to, status): &(i64, i64, Option<Status>)| StateRun {
            from: time(*from),
            to: time(*to),
            status: *status,
            reason: None,
        };
        let id: TargetId = "0192a000-0000-7000-8000-000000000000".parse().unwrap();
        let states = states.iter().map(run).collect();
        TargetPast { id, name: name.to_owned(), address: String::new(), from: None, until: None, states }
    }

    #[test]
    fn targets_that_were_alike_are_one_lane_and_the_worst_is_first() {
        let (up, down) = (Some(Status::Healthy), Some(Status::Unhealthy));
        let targets = [
            target("a", &[(0, 100, up)]),
            target("b", &[(0, 50, up), (50, 60, down), (60, 100, up)]),
            target("c", &[(0, 100, up)]),
            target("d", &[(0, 20, up), (20, 100, down)]),
        ];
        let span = Span::new(Timestamp::from_millis(0), Timestamp::from_millis(100)).unwrap();
        let told: Vec<_> =
            lanes(&targets, span).into_iter().map(|lane| (lane.first.name, lane.others.join(" "))).collect();
        let expected = [("d", ""), ("b", ""), ("a", "c")].map(|(name, others)| (name.to_owned(), others.to_owned()));
        assert_eq!(told, expected);
        assert_eq!(changes(&targets).iter().map(|at| at.as_millis()).collect::<Vec<_>>(), [20, 50, 60]);
    }
}
