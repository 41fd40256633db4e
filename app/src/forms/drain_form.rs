//! Asks before targets are drained, and says first what stays.

use domain::{Board, Drain, GroupName, GroupState, TargetId, TargetState};
use leptos::prelude::*;

use crate::{FormState, PageData, Route, Tab};

use super::confirm::item;
use super::consequence::{self, name_to_type};
use super::frame::{Frame, Place, actions};
use super::sheet::{Entry, Sheet};

/// So long a drain may be leased by the form, in seconds; nothing: until somebody returns the target.
const DURATIONS: [&str; 5] = ["", "900", "3600", "14400", "86400"];

/// Asks before targets are drained. Without any, says how to choose some.
pub(super) fn ask(data: &PageData, board: &Board, group: &GroupState, ids: &[TargetId]) -> AnyView {
    let name = &group.group.name;
    let chosen: Vec<&TargetState> = ids.iter().filter_map(|id| group.targets.get(id)).collect();
    let under_way = match chosen.as_slice() {
        [target] => target.drain.as_ref(),
        _ => None,
    };
    let state = data.typed().or_else(|| under_way.map(filled)).unwrap_or_default();
    let names: Vec<String> = chosen.iter().map(|target| target.target.display_name()).collect();
    let Some(consequence) = board.consequence(name, ids).filter(|_| !chosen.is_empty()) else {
        return nothing_chosen(data, &state, name);
    };
    let fresh = if consequence.breaks_floor { "typed_name" } else { "reason" };
    let sheet = Sheet::new(&state, data.language, Some(fresh));
    let words = sheet.words().drain;
    let (title, lead, submit) = match (under_way, names.as_slice()) {
        (Some(_), [name]) => ((words.change)(name), words.change_lead.to_owned(), sheet.words().save.to_owned()),
        _ => ((words.title)(&names), (words.lead)(names.len()), (words.submit)(names.len())),
    };
    let frame = Frame { place: Place::Group(name), title, lead };
    if !board.can_drain(name) {
        return frame.around(&sheet, not_bound(&sheet, name));
    }
    let action = match ids {
        [id] => Route::DrainTarget(name.clone(), *id),
        _ => Route::Drain(name.clone()),
    };
    let items: Vec<_> = chosen.iter().map(|target| item(target)).collect();
    let list = if 1 < items.len() { "form-list" } else { "form-list visually-hidden" };
    let typed = (words.type_name)(&name_to_type(&names, name));
    let form = view! {
        <form method="post" action=action.to_string() class="form" novalidate>
            <input type="hidden" name="confirm" value="yes"/>
            {consequence::shown(&sheet, &consequence, typed)}
            <div class="card form-card">
                <ul class=list>{items}</ul>
                {sheet.line("reason", Entry::Line)}
                <div class="form-row">
                    {sheet.choice("duration", &durations(&sheet))}
                    {sheet.choice("after_delay", &after_delay(&sheet))}
                </div>
            </div>
            {actions(&sheet, submit, None, &Route::Group(name.clone(), Tab::Targets))}
        </form>
    };
    frame.around(&sheet, form.into_any())
}

/// The form of a drain that is under way: draining again gives it another reason, lease or end.
fn filled(drain: &Drain) -> FormState {
    let lease_s = drain.expires_at.map(|expires| expires.millis_since(drain.at) / 1000);
    let reaches = |choice: &&&str| lease_s.is_some_and(|lease| choice.parse().is_ok_and(|choice: u64| lease <= choice));
    let longest = DURATIONS.last().filter(|_| lease_s.is_some());
    let duration = DURATIONS.iter().find(reaches).or(longest).copied().unwrap_or_default();
    FormState::with([
        ("reason", drain.reason.as_str().to_owned()),
        ("duration", duration.to_owned()),
        ("after_delay", drain.after_delay.as_str().to_owned()),
    ])
}

fn durations(sheet: &Sheet<'_>) -> Vec<(&'static str, String)> {
    DURATIONS.into_iter().zip(sheet.words().drain.durations.map(str::to_owned)).collect()
}

fn after_delay(sheet: &Sheet<'_>) -> Vec<(&'static str, String)> {
    ["wait", "cut"].into_iter().zip(sheet.words().drain.after_delay.map(str::to_owned)).collect()
}

fn nothing_chosen(data: &PageData, state: &FormState, name: &GroupName) -> AnyView {
    let sheet = Sheet::new(state, data.language, None);
    let words = sheet.words();
    let frame = Frame {
        place: Place::Group(name),
        title: words.nothing_chosen_title.to_owned(),
        lead: words.nothing_chosen.to_owned(),
    };
    let back = Route::Group(name.clone(), Tab::Targets).to_string();
    frame.around(&sheet, view! { <p><a class="btn" href=back>{name.to_string()}</a></p> }.into_any())
}

fn not_bound(sheet: &Sheet<'_>, name: &GroupName) -> AnyView {
    let words = sheet.words().drain;
    let proxies = Route::Group(name.clone(), Tab::Proxies).to_string();
    view! {
        <div class="form-summary" role="alert">
            <p><strong>{words.not_bound}</strong></p>
            <p><a href=proxies>{words.bind_first}</a></p>
        </div>
    }
    .into_any()
}
