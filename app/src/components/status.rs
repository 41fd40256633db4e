//! The status of a target: shape, word, reason, and how far the next change is.

use domain::{Drain, GroupState, Health, Outcome, Pips, Reason, Status, TargetState};
use leptos::prelude::*;

use crate::text::{Text, failure, outcome, own_fault};

use super::Icon;
use super::icon::class_of;

/// What a status cell says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Verdict {
    /// The status.
    pub(crate) status: Status,
    /// How far the next change is, where one has begun or is what everybody waits for.
    pub(crate) pips: Option<Pips>,
    /// Why, and what to do about it.
    pub(crate) why: Option<String>,
    /// The code of the reason.
    pub(crate) reason: Option<Reason>,
    /// The status is from before the last start.
    pub(crate) is_restored: bool,
}

impl Verdict {
    /// Of a target that was just deregistered, until its row is gone.
    pub(crate) fn gone() -> Self {
        Self { status: Status::Unused, pips: None, why: None, reason: None, is_restored: false }
    }

    /// Whether the target is down.
    pub(crate) fn is_bad(&self) -> bool {
        self.status == Status::Unhealthy
    }

    /// What is said about a target.
    pub(crate) fn of(group: &GroupState, target: &TargetState, text: &Text) -> Self {
        let standing = target.standing(&group.group);
        let pips = target.pips(&group.group);
        let is_judged = matches!(standing.status, Status::Healthy | Status::Unhealthy | Status::Initial);
        let is_on_the_way = 0 < pips.done || standing.status == Status::Unhealthy;
        Self {
            status: standing.status,
            pips: Some(pips).filter(|_| is_judged && is_on_the_way),
            why: match &target.drain {
                Some(drain) => drained(drain, text),
                None => why(group, target, standing.status, pips, text).map(capitalised),
            },
            // Of a target that is drained the words of whoever wants it say more.
            reason: standing.reason.filter(|_| standing.status != Status::Initial && target.drain.is_none()),
            is_restored: target.restored,
        }
    }
}

/// The reason of a drain as it was given, and who gave it.
fn drained(drain: &Drain, text: &Text) -> Option<String> {
    let by = (text.drain().by)(&drain.by.to_string());
    let reason = drain.reason.as_str();
    Some(if reason.is_empty() { by } else { format!("{reason} · {by}") })
}

fn why(group: &GroupState, target: &TargetState, status: Status, pips: Pips, text: &Text) -> Option<String> {
    let words = text.target();
    let last = target.last.as_ref().and_then(|last| outcome(&last.outcome, text.language));
    match (status, &target.health) {
        (Status::Unavailable, _) if !group.group.check.enabled => Some(words.disabled.to_owned()),
        (Status::Unavailable, _) => target.blind.as_ref().map(|fault| own_fault(fault, text.language)),
        (Status::Unhealthy, Health::Unhealthy { passes: 1.., .. }) => Some((words.passes)(pips.done, pips.of)),
        (Status::Unhealthy, Health::Unhealthy { cause, .. }) => Some(failure(cause, text.language)),
        (Status::Healthy | Status::Initial, _) if 0 < pips.done => {
            Some((words.fails)(pips.done, pips.of, &last.unwrap_or_default()))
        }
        (Status::Initial, _) if target.last.is_none() => Some(words.first_check.to_owned()),
        _ => None,
    }
}

/// A detail as it begins a line.
fn capitalised(detail: String) -> String {
    let mut letters = detail.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// The last result of a target in a word or a number.
pub(crate) fn latency(target: &TargetState, text: &Text) -> String {
    match target.last.as_ref().map(|last| (&last.outcome, last.phases.total)) {
        Some((Outcome::Pass, total)) => crate::text::millis(total),
        Some((Outcome::Fail(_), _)) => text.target().last_failed.to_owned(),
        Some((Outcome::Unknown(_), _)) | None => "–".to_owned(),
    }
}

/// Status, pips and reason.
#[component]
pub(crate) fn StatusCell(
    /// What to say.
    #[prop(into)]
    verdict: Signal<Verdict>,
    /// Everything that is said.
    text: &'static Text,
) -> impl IntoView {
    let status = Signal::derive(move || verdict.with(|verdict| verdict.status));
    let class = move || {
        let restored = if verdict.with(|verdict| verdict.is_restored) { " restored" } else { "" };
        format!("status {}{restored}", class_of(status.get()))
    };
    let restored = move || verdict.with(|verdict| verdict.is_restored).then_some(text.target().restored);
    let pips = move || verdict.with(|verdict| verdict.pips).map(|pips| pip_marks(pips, text));
    let why = move || verdict.with(|verdict| verdict.why.clone());
    let reason = move || verdict.with(|verdict| verdict.reason.map(Reason::as_str));
    view! {
        <span class=class>
            <Icon status/>
            <span>{move || (text.status)(status.get())}</span>
            {pips}
        </span>
        <span class="why">
            <span class="detail">{why}</span>
            <span class="reason">{reason}</span>
            <span class="tag-restored">{restored}</span>
        </span>
    }
    .into_any()
}

/// One mark for each result that is needed; the ones that are there are filled.
fn pip_marks(pips: Pips, text: &'static Text) -> impl IntoView {
    let label = (text.target().pips)(pips.done, pips.of);
    let marks: String = (0..pips.of).map(|n| format!("M{} 0h9v5h-9z", u32::from(n) * 12)).collect();
    let done: String = (0..pips.done).map(|n| format!("M{} 0h9v5h-9z", u32::from(n) * 12)).collect();
    let width = (u32::from(pips.of) * 12).saturating_sub(3).to_string();
    view! {
        <svg class="pips" width=width height="5" role="img" aria-label=label>
            <path class="pip" d=marks></path>
            <path class="pip on" d=done></path>
        </svg>
    }
}
