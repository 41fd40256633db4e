//! What is shown at an address, by the part of the program that makes it.

use leptos::prelude::*;

use crate::live::Live;
use crate::parts::{self, Part};
use crate::{PageData, Route, forms};

use super::{events, group, lab, not_found, overview, past, proxies, proxy, still, target};

/// The content of a page.
pub(super) fn content(data: &PageData) -> AnyView {
    let route = Route::parse(data.path.split('?').next().unwrap_or_default()).filter(|_| data.found);
    let Some(route) = route else { return not_found::page() };
    match Part::of(&route).first() {
        Some(part) => parts::show(*part, &route, data),
        None => always(&route),
    }
}

/// What needs no part of its own.
fn always(route: &Route) -> AnyView {
    match route {
        Route::Overview | Route::Wall => overview::page(),
        Route::Events => events::page(),
        route if route.is_still() => still::page(),
        _ => not_found::page(),
    }
}

/// Pages of groups and targets.
pub(crate) fn of_groups(route: &Route, _: &PageData) -> AnyView {
    Live::here().read_boards();
    match route.clone() {
        Route::Group(name, tab) => group::page(name, tab),
        Route::Target(name, id) => target::page(name, id, false),
        Route::TargetHistory(name, id) => target::page(name, id, true),
        _ => not_found::page(),
    }
}

/// What is about the past on pages of groups and targets.
pub(crate) fn of_the_past(route: &Route, _: &PageData) -> AnyView {
    match route.clone() {
        Route::Group(name, _) => past::group(name),
        Route::TargetHistory(name, id) => past::target(name, id),
        _ => not_found::page(),
    }
}

/// Every other page.
pub(crate) fn of_the_rest(route: &Route, data: &PageData) -> AnyView {
    Live::here().read_boards();
    match route.clone() {
        Route::Proxies => proxies::page(),
        Route::Proxy(name) => proxy::page(name),
        Route::Lab => lab::page(),
        route => {
            let form = Live::here().board_untracked(|board| forms::page(&route, data, board));
            form.unwrap_or_else(not_found::page)
        }
    }
}
