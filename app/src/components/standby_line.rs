//! Who would be next in a group with standbys, and which standby could not take over; and away from the targets a line that
//! says who serves.

use domain::{Board, GroupName, GroupState, PromotionStep, Status, TargetId, TargetState, Tier, Timestamp};
use leptos::prelude::*;

use crate::Route;
use crate::live::{Live, Topic};
use crate::text::StandbyText;

use super::serving::NAMES_MAX;

/// Who is next, and who is about to serve.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Next {
    next: Option<(String, Tier)>,
    coming: Vec<(String, PromotionStep)>,
}

impl Next {
    /// None where the group has no standbys.
    fn of(board: &Board, group: &GroupState) -> Option<Self> {
        let with_tier = |target: &TargetState| Some((name(target), target.standby.as_ref()?.tier));
        let coming = |target: &TargetState| Some((name(target), target.standby.as_ref()?.promotion?.step));
        group.targets.values().any(|target| target.standby.is_some()).then(|| Self {
            next: next(board, group).and_then(with_tier),
            coming: board.promoted(group).filter_map(coming).filter(|(_, step)| *step != PromotionStep::In).collect(),
        })
    }

    fn sentence(&self, words: &StandbyText) -> String {
        let next = match &self.next {
            Some((name, Tier::Cold)) => format!("{name} ({}, {})", (words.tier)(Tier::Cold), words.not_started),
            Some((name, tier)) => format!("{name} ({})", (words.tier)(*tier)),
            None => words.none_ready.to_owned(),
        };
        let mut said = format!("{}: {next}", words.next);
        for (name, step) in &self.coming {
            let step = if *step == PromotionStep::Starting { words.starting } else { words.waiting };
            said.push_str(&format!(" · {name}: {step}"));
        }
        said
    }
}

fn name(target: &TargetState) -> String {
    target.target.display_name()
}

/// The proxy's own backup is used before anybody is promoted.
fn next<'a>(board: &Board, group: &'a GroupState) -> Option<&'a TargetState> {
    let waits = |target: &&TargetState| board.is_backup(target) && target.is_fit() && !board.serves(group, target);
    group.targets.values().find(waits).or_else(|| board.next_standbys(group).into_iter().next())
}

/// Who serves, of how many that should, and who is next.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Line {
    serving: Vec<String>,
    meant: usize,
    is_judged: bool,
    next: Option<Next>,
}

impl Line {
    /// None for a group without targets.
    fn of(board: &Board, group: &GroupState) -> Option<Self> {
        let is_meant = |target: &&TargetState| !target.stands_by() || board.serves(group, target);
        let is_judged = |target: &TargetState| target.status(&group.group) != Status::Initial;
        let all = || group.targets.values();
        all().next().is_some().then(|| Self {
            serving: all().filter(|target| board.serves(group, target)).map(name).collect(),
            meant: all().filter(is_meant).count(),
            is_judged: all().filter(is_meant).all(is_judged),
            next: Next::of(board, group),
        })
    }

    fn sentence(&self, words: &StandbyText) -> String {
        let count = (words.of)(self.serving.len(), self.meant);
        let serving = match self.serving.len() {
            0 if !self.is_judged => words.not_known.to_owned(),
            0 => format!("{} ({count})", words.nobody),
            1..=NAMES_MAX => format!("{} ({count})", self.serving.join(", ")),
            _ => count,
        };
        let next = self.next.as_ref().map(|next| format!(" · {}", next.sentence(words))).unwrap_or_default();
        format!("{}: {serving}{next}", words.serving)
    }
}

/// The line, where the sentence about the targets does not stand.
#[component]
pub(crate) fn ServingLine(
    /// The group.
    name: GroupName,
) -> impl IntoView {
    let live = Live::here();
    let words = live.text().standby();
    let line = Memo::new(move |_| {
        live.board(Topic::Disputes, |_| ());
        live.board(Topic::Group(name.clone()), |board| {
            board.groups.get(&name).and_then(|group| Line::of(board, group)).map(|line| line.sentence(words))
        })
    });
    move || line.get().map(|said| view! { <p class="sub serving-line" role="status">{said}</p> })
}

/// Who is next, behind the sentence about the targets; nothing for a group without standbys.
#[component]
pub(super) fn NextLine(
    /// The group.
    name: GroupName,
) -> impl IntoView {
    let live = Live::here();
    let words = live.text().standby();
    let next = Memo::new(move |_| {
        live.board(Topic::Disputes, |_| ());
        live.board(Topic::Group(name.clone()), |board| {
            board.groups.get(&name).and_then(|group| Next::of(board, group)).map(|next| next.sentence(words))
        })
    });
    move || next.get().map(|said| view! { " "<span class="standby-line" role="status">{said}</span> })
}

type Unfit = (TargetId, String, Tier, Timestamp);

/// A warning for each standby that has not been fit for service.
#[component]
pub(crate) fn UnfitStandbys(
    /// The group.
    name: GroupName,
) -> impl IntoView {
    let live = Live::here();
    let of_group = name.clone();
    let unfit = Memo::new(move |_| {
        let told = |t: &TargetState| Some((t.target.id, t.target.display_name(), t.standby.as_ref()?.tier, t.since));
        live.board(Topic::Group(of_group.clone()), |board| -> Vec<Unfit> {
            let group = board.groups.get(&of_group);
            group.into_iter().flat_map(|group| board.unfit_standbys(group).filter_map(told)).collect()
        })
    });
    move || unfit.get().into_iter().map(|unfit| warning(live, &name, unfit)).collect_view()
}

fn warning(live: Live, group: &GroupName, (id, name, tier, since): Unfit) -> AnyView {
    let text = live.text();
    let href = Route::Target(group.clone(), id).to_string();
    let said = Memo::new(move |_| {
        let lasted = (text.span)(live.now.get().millis_since(since) / 1000 * 1000);
        (text.standby().unfit)(tier, &name, &lasted)
    });
    view! { <p class="banner warn" role="status"><a href=href>{move || said.get()}</a></p> }.into_any()
}

/// What a target is besides active, or that a drill treats it as unhealthy; nothing for one that is active.
pub(crate) fn role_of(board: &Board, target: &TargetState, words: &StandbyText) -> Option<String> {
    if target.feigned.is_some() {
        return Some(words.feigned.to_owned());
    }
    let standby = target.standby.as_ref()?;
    let tier = (words.tier)(standby.tier);
    let state = match standby.promotion.map(|promotion| promotion.step) {
        Some(PromotionStep::In) => Some(words.promoted),
        Some(PromotionStep::Waiting) => Some(words.waiting),
        Some(PromotionStep::Starting) => Some(words.starting),
        None if board.is_backup(target) => Some(words.backup),
        None if standby.stop.is_some() => Some(words.stopping),
        None if target.is_off() => Some(words.not_started),
        None => None,
    };
    Some(state.map_or_else(|| tier.to_owned(), |state| format!("{tier} · {state}")))
}
