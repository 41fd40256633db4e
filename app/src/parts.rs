//! Parts of the console that the browser loads when a page needs them, so that the first page does not wait for all.
//!
//! The server has them all, and so has a browser's program that was not split (`split` is a feature of a release).

use leptos::prelude::*;

#[cfg(feature = "split")]
use crate::live::Live;
use crate::pages::content;
use crate::{PageData, Route, Tab};

/// Makes the content of a page.
pub(crate) type Show = fn(&Route, &PageData) -> AnyView;

/// What is loaded at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// A group and its targets.
    Group,
    /// What was.
    Past,
    /// Everything else: forms, proxies, the lab. Not a part each, since what two parts share is a file of its own.
    Rest,
}

impl Part {
    /// What a page needs beside the overview's part, which is always there.
    pub(crate) fn of(route: &Route) -> &'static [Self] {
        match route {
            Route::Overview | Route::Wall | Route::Events | Route::Preferences => &[],
            // The server alone draws them.
            route if route.is_still() => &[],
            Route::Group(_, Tab::History) | Route::TargetHistory(..) => &[Self::Group, Self::Past],
            Route::Group(..) | Route::Target(..) => &[Self::Group],
            _ => &[Self::Rest],
        }
    }

    /// What a path needs.
    #[cfg(any(feature = "split", feature = "ssr"))]
    pub(crate) fn of_path(path: &str) -> &'static [Self] {
        Route::parse(path.split(['?', '#']).next().unwrap_or_default()).map_or(&[], |route| Self::of(&route))
    }

    /// As its file is called.
    #[cfg(feature = "ssr")]
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Group => "group",
            Self::Past => "past",
            Self::Rest => "rest",
        }
    }
}

/// What this part makes of a page: its content, or a piece of that.
#[cfg(not(feature = "split"))]
pub(crate) fn show(part: Part, route: &Route, data: &PageData) -> AnyView {
    let show = match part {
        Part::Group => of_groups(),
        Part::Past => of_the_past(),
        Part::Rest => of_the_rest(),
    };
    show(route, data)
}

/// What this part makes of a page: its content, or a piece of that. Nothing where it was not loaded: who shows a page
/// loads its parts first.
#[cfg(feature = "split")]
pub(crate) fn show(part: Part, route: &Route, data: &PageData) -> AnyView {
    let show = Live::here().parts.with_value(|loaded| loaded.find(part));
    show.map_or_else(|| ().into_any(), |show| show(route, data))
}

#[cfg_attr(feature = "split", wasm_split_helpers::wasm_split(group, fallible))]
fn of_groups() -> Split {
    in_time(content::of_groups)
}

#[cfg_attr(feature = "split", wasm_split_helpers::wasm_split(past, fallible))]
fn of_the_past() -> Split {
    in_time(content::of_the_past)
}

#[cfg_attr(feature = "split", wasm_split_helpers::wasm_split(rest, fallible))]
fn of_the_rest() -> Split {
    in_time(content::of_the_rest)
}

/// What a point of the program gives at which it is split.
#[cfg(feature = "split")]
type Split = Result<Show, Missing>;
#[cfg(not(feature = "split"))]
type Split = Show;

#[cfg(feature = "split")]
fn in_time(show: Show) -> Split {
    Ok(show)
}
#[cfg(not(feature = "split"))]
fn in_time(show: Show) -> Split {
    show
}

#[cfg(feature = "split")]
pub(crate) use loaded::{Loaded, Missing};

#[cfg(feature = "split")]
mod loaded;
