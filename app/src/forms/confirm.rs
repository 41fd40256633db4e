//! Pages that ask before something goes, and say what goes with it.

use domain::{Board, GroupName, GroupState, Status, TargetId, TargetState};
use leptos::prelude::*;

use crate::{FormState, PageData, Route, Tab};

use super::consequence::{self, name_to_type};
use super::frame::{Frame, Place, danger};
use super::sheet::{Entry, Sheet};

/// Asks before a group is deleted.
pub(super) fn delete(data: &PageData, board: &Board, group: &GroupState) -> AnyView {
    let state = data.typed().unwrap_or_else(FormState::of_removal);
    let has_targets = !group.targets.is_empty();
    let sheet = Sheet::new(&state, data.language, has_targets.then_some("typed_name"));
    let words = sheet.words();
    let name = &group.group.name;
    let lead = match group.targets.len() {
        0 => words.delete_empty.to_owned(),
        count => (words.delete_lead)(count),
    };
    let frame = Frame { place: Place::Group(name), title: (words.delete_group)(name.as_str()), lead };
    let typed = has_targets.then(|| sheet.line_called("typed_name", (words.delete_type)(name.as_str()), Entry::Code));
    let bound = board.bindings.values().filter(|state| state.binding.group == *name).count();
    let bindings =
        (0 < bound).then(|| view! { <p>{(words.proxy.group_is_bound)(bound)}</p>{sheet.switch("put_back")} });
    let form = view! {
        <form method="post" action=Route::DeleteGroup(name.clone()).to_string() class="form" novalidate>
            <div class="card form-card">
                <p>{words.cannot_undo}</p>
                {bindings}
                {typed}
                {sheet.line("why", Entry::Line)}
            </div>
            {danger(&sheet, words.delete_do.to_owned(), &back(name))}
        </form>
    };
    frame.around(&sheet, form.into_any())
}

/// Asks before targets are deregistered. Without any, says how to choose some.
pub(super) fn deregister(data: &PageData, board: &Board, group: &GroupState, ids: &[TargetId]) -> AnyView {
    let state = data.typed().unwrap_or_default();
    let sheet = Sheet::new(&state, data.language, None);
    let words = sheet.words();
    let name = &group.group.name;
    let chosen: Vec<&TargetState> = ids.iter().filter_map(|id| group.targets.get(id)).collect();
    let names: Vec<String> = chosen.iter().map(|target| target.target.display_name()).collect();
    if chosen.is_empty() {
        let frame = Frame {
            place: Place::Group(name),
            title: words.nothing_chosen_title.to_owned(),
            lead: words.nothing_chosen.to_owned(),
        };
        let link = view! { <p><a class="btn" href=back(name).to_string()>{name.to_string()}</a></p> };
        return frame.around(&sheet, link.into_any());
    }
    let frame = Frame {
        place: Place::Group(name),
        title: (words.deregister)(&names),
        lead: (words.deregister_lead)(names.len(), name.as_str()),
    };
    let items: Vec<_> = chosen.iter().map(|target| item(target)).collect();
    let action = match ids {
        [id] => Route::DeregisterTarget(name.clone(), *id),
        _ => Route::Deregister(name.clone()),
    };
    let first = board.can_drain(name).then(|| view! { <p>{(words.drain.drained_first)(names.len())}</p> });
    let typed = || (words.drain.type_to_deregister)(&name_to_type(&names, name));
    let drain = board.can_drain(name).then(|| board.consequence(name, ids)).flatten();
    let drain = drain.map(|drain| consequence::shown(&sheet, &drain, typed()));
    let form = view! {
        <form method="post" action=action.to_string() class="form" novalidate>
            <input type="hidden" name="confirm" value="yes"/>
            {drain}
            <div class="card form-card">
                <ul class="form-list">{items}</ul>
                <p>{left(&sheet, group, &chosen)}</p>
                {first}
                {sheet.line("why", Entry::Line)}
            </div>
            {danger(&sheet, (words.deregister_do)(names.len()), &back(name))}
        </form>
    };
    frame.around(&sheet, form.into_any())
}

pub(super) fn item(target: &TargetState) -> AnyView {
    let (name, address) = (target.target.display_name(), target.target.address());
    let address = (name != address).then(|| view! { " "<span class="code">{address}</span> });
    view! { <li><input type="hidden" name="id" value=target.target.id.to_string()/>{name}{address}</li> }.into_any()
}

/// What stays: the consequence.
fn left(sheet: &Sheet<'_>, group: &GroupState, chosen: &[&TargetState]) -> String {
    let stays = |target: &&TargetState| !chosen.iter().any(|going| going.target.id == target.target.id);
    let staying: Vec<&TargetState> = group.targets.values().filter(stays).collect();
    let is_healthy = |target: &&&TargetState| target.standing(&group.group).status == Status::Healthy;
    (sheet.words().deregister_left)(staying.len(), staying.iter().filter(is_healthy).count())
}

fn back(name: &GroupName) -> Route {
    Route::Group(name.clone(), Tab::Targets)
}
