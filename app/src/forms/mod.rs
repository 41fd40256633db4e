//! Everything that a person can change: the pages with forms, and what happens when one is sent.

mod confirm;
mod frame;
mod group_form;
mod problem;
mod sheet;
mod state;
mod target_form;
mod targets_form;
mod trial;
mod words;

#[cfg(feature = "hydrate")]
mod enhance;
#[cfg(feature = "ssr")]
mod submit;

#[cfg(all(test, feature = "ssr"))]
mod tests;

use leptos::prelude::*;

use crate::{PageData, Route};

#[cfg(feature = "hydrate")]
pub(crate) use enhance::enhance;
#[cfg(feature = "ssr")]
pub(crate) use submit::submit;

/// The content of the page, where the page is a form.
pub(crate) fn page(route: &Route, data: &PageData) -> Option<AnyView> {
    let group = route.group().and_then(|name| data.board.groups.get(name));
    let target = route.target().and_then(|id| group?.targets.get(&id));
    Some(match (route, group, target) {
        (Route::NewGroup, ..) => group_form::create(data),
        (Route::EditGroup(_), Some(group), _) => group_form::edit(data, &group.group),
        (Route::DeleteGroup(_), Some(group), _) => confirm::delete(data, group),
        (Route::AddTargets(_), Some(group), _) => targets_form::add(data, &group.group),
        (Route::Deregister(_), Some(group), _) => confirm::deregister(data, group, &chosen(data)),
        (Route::DeregisterTarget(_, id), Some(group), Some(_)) => confirm::deregister(data, group, &[*id]),
        (Route::EditTarget(..), Some(group), Some(target)) => target_form::edit(data, &group.group, &target.target),
        _ => return None,
    })
}

/// The targets that were ticked in the table.
fn chosen(data: &PageData) -> Vec<domain::TargetId> {
    let fields = data.form.iter().flat_map(|form| &form.fields);
    fields.filter(|(name, _)| name == "id").filter_map(|(_, id)| id.parse().ok()).collect()
}
