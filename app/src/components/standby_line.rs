//! Who serves in a group with standbys, who would be next, and which standby could not take over.

use domain::{Board, GroupName, GroupState, PromotionStep, TargetId, TargetState, Tier, Timestamp};
use leptos::prelude::*;

use crate::Route;
use crate::live::{Live, Topic};
use crate::text::StandbyText;

/// What the line says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct State {
    serving: Vec<String>,
    next: Option<(String, Tier)>,
    coming: Vec<(String, PromotionStep)>,
    unfit: Vec<(TargetId, String, Tier, Timestamp)>,
}

impl State {
    fn of(board: &Board, group: &GroupState) -> Option<Self> {
        let name = |target: &TargetState| target.target.display_name();
        let with_tier = |target: &TargetState| Some((name(target), target.standby.as_ref()?.tier));
        group.targets.values().any(|target| target.standby.is_some()).then(|| Self {
            serving: group.targets.values().filter(|target| board.serves(group, target)).map(name).collect(),
            next: next(board, group).and_then(with_tier),
            coming: board
                .promoted(group)
                .filter_map(|target| Some((name(target), target.standby.as_ref()?.promotion?.step)))
                .filter(|(_, step)| *step != PromotionStep::In)
                .collect(),
            unfit: board
                .unfit_standbys(group)
                .filter_map(|target| {
                    Some((target.target.id, name(target), target.standby.as_ref()?.tier, target.since))
                })
                .collect(),
        })
    }
}

/// The proxy's own backup is used before anybody is promoted.
fn next<'a>(board: &Board, group: &'a GroupState) -> Option<&'a TargetState> {
    let waits = |target: &&TargetState| board.is_backup(target) && target.is_fit() && !board.serves(group, target);
    group.targets.values().find(waits).or_else(|| board.next_standbys(group).into_iter().next())
}

/// The line and the warnings; nothing for a group without standbys.
#[component]
pub(crate) fn StandbyLine(
    /// The group.
    name: GroupName,
) -> impl IntoView {
    let live = Live::here();
    let words = live.text().standby();
    let of_group = name.clone();
    let state = Memo::new(move |_| {
        live.board(Topic::Disputes, |_| ());
        live.board(Topic::Group(of_group.clone()), |board| {
            board.groups.get(&of_group).and_then(|group| State::of(board, group))
        })
    });
    move || {
        let state = state.get()?;
        let said = sentence(&state, words);
        let warnings: Vec<_> = state.unfit.into_iter().map(|unfit| warning(live, &name, unfit)).collect();
        Some(view! { <p class="sub standby-line" role="status">{said}</p> {warnings} })
    }
}

fn sentence(state: &State, words: &StandbyText) -> String {
    let serving = if state.serving.is_empty() { words.nobody.to_owned() } else { state.serving.join(", ") };
    let next = match &state.next {
        Some((name, Tier::Cold)) => format!("{name} ({}, {})", (words.tier)(Tier::Cold), words.not_started),
        Some((name, tier)) => format!("{name} ({})", (words.tier)(*tier)),
        None => words.none_ready.to_owned(),
    };
    let mut said = format!("{}: {serving} · {}: {next}", words.serving, words.next);
    for (name, step) in &state.coming {
        let step = if *step == PromotionStep::Starting { words.starting } else { words.waiting };
        said.push_str(&format!(" · {name}: {step}"));
    }
    said
}

fn warning(live: Live, group: &GroupName, (id, name, tier, since): (TargetId, String, Tier, Timestamp)) -> AnyView {
    let text = live.text();
    let href = Route::Target(group.clone(), id).to_string();
    let said = Memo::new(move |_| {
        let lasted = (text.span)(live.now.get().millis_since(since) / 1000 * 1000);
        (text.standby().unfit)(tier, &name, &lasted)
    });
    view! { <p class="banner warn" role="status"><a href=href>{move || said.get()}</a></p> }.into_any()
}

/// What a target is besides active; nothing for one that is active.
pub(crate) fn role_of(board: &Board, target: &TargetState, words: &StandbyText) -> Option<String> {
    let standby = target.standby.as_ref()?;
    let tier = (words.tier)(standby.tier);
    let state = match standby.promotion.map(|promotion| promotion.step) {
        Some(PromotionStep::In) => Some(words.promoted),
        Some(PromotionStep::Waiting) => Some(words.waiting),
        Some(PromotionStep::Starting) => Some(words.starting),
        None if board.is_backup(target) => Some(words.backup),
        None if target.is_off() => Some(words.not_started),
        None => None,
    };
    Some(state.map_or_else(|| tier.to_owned(), |state| format!("{tier} · {state}")))
}
