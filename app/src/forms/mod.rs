//! Everything that a person can change: the pages with forms, and what happens when one is sent.

mod binding_form;
mod confirm;
mod consequence;
mod drain_form;
mod frame;
mod group_form;
mod held;
mod problem;
mod promise;
mod proxy_form;
mod proxy_trial;
mod sheet;
mod standby_form;
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

use domain::Board;
use leptos::prelude::*;

use crate::{PageData, Route};

#[cfg(feature = "hydrate")]
pub(crate) use enhance::enhance;
pub(crate) use problem::sentence as sentence_of;
#[cfg(feature = "ssr")]
pub(crate) use submit::{DRILL_S, submit};

/// The content of the page, where the page is a form.
pub(crate) fn page(route: &Route, data: &PageData, board: &Board) -> Option<AnyView> {
    let group = route.group().and_then(|name| board.groups.get(name));
    let target = route.target().and_then(|id| group?.targets.get(&id));
    Some(match (route, group, target) {
        (Route::NewGroup, ..) => group_form::create(data),
        (Route::EditGroup(_), Some(group), _) => group_form::edit(data, &group.group),
        (Route::DeleteGroup(_), Some(group), _) => confirm::delete(data, board, group),
        (Route::AddTargets(_), Some(group), _) => targets_form::add(data, &group.group),
        (Route::Deregister(_), Some(group), _) => confirm::deregister(data, board, group, &chosen(data)),
        (Route::DeregisterTarget(_, id), Some(group), Some(_)) => confirm::deregister(data, board, group, &[*id]),
        (Route::Drain(_), Some(group), _) => drain_form::ask(data, board, group, &chosen(data)),
        (Route::DrainTarget(_, id), Some(group), Some(_)) => drain_form::ask(data, board, group, &[*id]),
        (Route::StandbyTarget(..), Some(group), Some(target)) => standby_form::edit(data, board, &group.group, target),
        (Route::EditTarget(..), Some(group), Some(target)) => target_form::edit(data, &group.group, &target.target),
        _ => return page_of_proxies(route, data, board),
    })
}

fn page_of_proxies(route: &Route, data: &PageData, board: &Board) -> Option<AnyView> {
    let proxy = route.proxy().and_then(|name| board.proxies.get(name));
    let binding = route.binding().and_then(|id| board.bindings.get(&id));
    Some(match (route, proxy, binding) {
        (Route::NewProxy, ..) => proxy_form::connect(data),
        (Route::EditProxy(_), Some(proxy), _) => proxy_form::edit(data, proxy),
        (Route::DeleteProxy(_), Some(proxy), _) => proxy_form::delete(data, board, proxy),
        (Route::Bind(_), Some(proxy), _) => binding_form::bind(data, board, proxy),
        (Route::EditBinding(..), Some(_), Some(binding)) => binding_form::edit(data, board, binding),
        (Route::Unbind(..), Some(_), Some(binding)) => binding_form::unbind(data, binding),
        _ => return None,
    })
}

/// The targets that were ticked in the table.
fn chosen(data: &PageData) -> Vec<domain::TargetId> {
    let fields = data.form.iter().flat_map(|form| &form.fields);
    fields.filter(|(name, _)| name == "id").filter_map(|(_, id)| id.parse().ok()).collect()
}
