//! Who serves in a group right now, what is wrong with the others, and who is next, in a sentence. The alarm when nobody does.

use domain::{Board, GroupName, GroupState, Status, TargetState, Timestamp};
use leptos::prelude::*;

use crate::live::{Live, Topic};
use crate::text::DrainText;

use super::standby_line::NextLine;
use super::{Icon, Moment, Precision, read_fails_open};

/// So many names are told before they are only counted.
pub(super) const NAMES_MAX: usize = 6;

/// So many targets that are down are told with their time.
const DOWN_MAX: usize = 3;

/// What the banner says.
#[derive(Clone, Debug, PartialEq, Eq)]
struct State {
    healthy: Vec<String>,
    /// Healthy, and used by no proxy.
    idle: Vec<String>,
    down: Vec<(String, Timestamp)>,
    draining: Vec<String>,
    out: Vec<String>,
    /// The group's minimum, where somebody can drain.
    floor: Option<u32>,
    initial: bool,
    blind: bool,
    is_enabled: bool,
    /// The proxies before the group have nobody healthy to send to.
    fails_open: bool,
    /// Some of what is healthy was so before the restart, and was not checked since.
    is_restored: bool,
}

impl State {
    fn of(board: &Board, group: &GroupState, can_drain: bool, fails_open: bool) -> Self {
        // A standby that waits is told of by a line of its own.
        let is_meant = |target: &&TargetState| !target.stands_by() || board.serves(group, target);
        let all = || group.targets.values().filter(is_meant);
        let with = |wanted: Status| all().filter(move |target| target.status(&group.group) == wanted);
        // Healthy, but no proxy uses it: then it serves nobody.
        let idle = |target: &&TargetState| !board.is_used(target);
        Self {
            idle: with(Status::Healthy).filter(idle).map(|target| target.target.display_name()).collect(),
            healthy: with(Status::Healthy)
                .filter(|target| !idle(target))
                .map(|target| target.target.display_name())
                .collect(),
            down: with(Status::Unhealthy).map(|target| (target.target.display_name(), target.since)).collect(),
            draining: with(Status::Draining).map(|target| target.target.display_name()).collect(),
            out: with(Status::Unused).map(|target| target.target.display_name()).collect(),
            floor: Some(group.group.minimum_healthy_targets).filter(|floor| can_drain && 0 < *floor),
            initial: with(Status::Initial).next().is_some(),
            blind: with(Status::Unavailable).next().is_some(),
            is_enabled: group.group.check.enabled,
            fails_open,
            is_restored: with(Status::Healthy).any(|target| target.restored),
        }
    }

    fn is_drained(&self) -> bool {
        !self.draining.is_empty() || !self.out.is_empty()
    }

    /// How many more may fail before the minimum is undercut, and the minimum.
    fn spare(&self) -> Option<(u32, u32)> {
        let floor = self.floor?;
        let spare = u32::try_from(self.healthy.len()).unwrap_or(u32::MAX).checked_sub(floor)?;
        Some((spare, floor))
    }

    /// What the sentence begins with.
    fn lead(&self) -> Status {
        match (self.healthy.is_empty(), self.down.is_empty()) {
            (false, _) => Status::Healthy,
            (true, false) => Status::Unhealthy,
            (true, true) if self.initial => Status::Initial,
            (true, true) if !self.blind && self.is_drained() => Status::Draining,
            (true, true) => Status::Unavailable,
        }
    }

    /// The shape before the sentence: by how bad it is, and never green for what nobody has confirmed.
    fn shape(&self) -> Status {
        let judged = self.healthy.len() + self.down.len();
        let is_short = self.floor.is_some() && self.spare().is_none();
        match self.lead() {
            _ if self.fails_open => Status::Unhealthy,
            Status::Healthy if is_short || judged <= 2 * self.down.len() => Status::Unhealthy,
            Status::Healthy if !self.down.is_empty() => Status::Draining,
            Status::Healthy if self.is_restored => Status::Unavailable,
            lead => lead,
        }
    }

    /// Whether nobody serves who should.
    fn is_alarm(&self) -> bool {
        self.fails_open || self.lead() == Status::Unhealthy
    }
}

/// The banner of a group with targets.
#[component]
pub(crate) fn Serving(
    /// The group.
    name: GroupName,
) -> impl IntoView {
    let live = Live::here();
    let of_next = name.clone();
    let state = Memo::new(move |_| {
        let can_drain = live.board(Topic::Bindings(name.clone()), |board| board.can_drain(&name));
        let fails_open = read_fails_open(live, &name);
        live.board(Topic::Disputes, |_| ());
        live.board(Topic::Group(name.clone()), |board| {
            board.groups.get(&name).map(|group| State::of(board, group, can_drain, fails_open))
        })
    });
    move || {
        let state = state.get()?;
        let class = match (state.fails_open, state.is_alarm()) {
            (true, _) => "banner serving alarm fail-open",
            (false, true) => "banner serving alarm",
            (false, false) => "banner serving",
        };
        Some(view! {
            <div class=class role=state.fails_open.then_some("alert")>
                <Icon status=state.shape()/>
                <p>{sentence(live, &state)}<NextLine name=of_next.clone()/></p>
            </div>
        })
    }
}

fn sentence(live: Live, state: &State) -> AnyView {
    let text = live.text();
    let (words, drains) = (text.group(), text.drain());
    let proxy = text.proxy();
    let lead = match (state.lead(), state.healthy.len()) {
        _ if state.fails_open => proxy.fail_open.to_owned(),
        (Status::Healthy, ..=NAMES_MAX) => (words.serving)(&state.healthy),
        (Status::Healthy, count) => (words.serving_many)(u32::try_from(count).unwrap_or(u32::MAX)),
        (Status::Unhealthy, _) => words.none_healthy.to_owned(),
        (Status::Initial, _) => words.not_judged.to_owned(),
        (Status::Draining, _) => drains.all_out.to_owned(),
        _ if !state.is_enabled => words.off.to_owned(),
        _ => words.blind.to_owned(),
    };
    let consequence = match (state.fails_open, state.lead()) {
        (true, _) => Some(proxy.fail_open_lead),
        (false, Status::Unhealthy) => Some(words.none_healthy_lead),
        (false, _) => None,
    };
    let blind = (state.blind && state.lead() == Status::Healthy).then_some(words.blind);
    let restored = state.is_restored.then_some(words.not_confirmed);
    let down = state.down.iter().take(DOWN_MAX).map(|(name, since)| {
        let [is_down, end] = words.down_since;
        view! { " "{name.clone()}" "{is_down}" "<Moment at=*since precision=Precision::Seconds/>{end} }
    });
    let down = down.collect_view();
    let more = state.down.len().saturating_sub(DOWN_MAX);
    let more = (0 < more).then(|| (words.and_more_down)(u32::try_from(more).unwrap_or(u32::MAX)));
    let out = out(state, drains).into_iter().map(|line| format!(" {line}")).collect_view();
    let spare = state.spare().map(|(spare, floor)| format!(" {}", (drains.spare)(spare, floor)));
    view! { <b>{lead}</b>" "{consequence}{restored}{down}" "{more}{out}{spare}" "{blind} }.into_any()
}

/// Who is taken out; where they are many, the chips count them.
fn out(state: &State, words: &DrainText) -> Vec<String> {
    let said = [(&state.draining, words.draining), (&state.out, words.out), (&state.idle, words.idle)];
    said.into_iter()
        .filter(|(names, _)| (1..=NAMES_MAX).contains(&names.len()))
        .map(|(names, say)| say(names))
        .collect()
}
