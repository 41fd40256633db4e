//! The shapes of the statuses. Each status has its own, so that it is told without colour.

use domain::Status;
use leptos::prelude::*;

/// The class that gives a status its colour.
pub(crate) fn class_of(status: Status) -> &'static str {
    match status {
        Status::Initial => "s-initial",
        Status::Healthy => "s-healthy",
        Status::Unhealthy => "s-unhealthy",
        Status::Draining => "s-draining",
        Status::Unused => "s-unused",
        Status::Unavailable => "s-unavailable",
    }
}

/// The outline in a box of 12 by 12.
fn path_of(status: Status) -> &'static str {
    match status {
        Status::Healthy => "M6 1a5 5 0 1 0 0 10a5 5 0 1 0 0-10z",
        Status::Unhealthy => {
            "M2.5 1h7A1.5 1.5 0 0 1 11 2.5v7A1.5 1.5 0 0 1 9.5 11h-7A1.5 1.5 0 0 1 1 9.5v-7A1.5 1.5 0 0 1 2.5 1z"
        }
        Status::Draining => "M6 .8 11.6 11H.4z",
        Status::Initial => "M6 1.9 10.6 10.2H1.4z",
        Status::Unused | Status::Unavailable => "M6 1.7a4.3 4.3 0 1 0 0 8.6a4.3 4.3 0 1 0 0-8.6z",
    }
}

/// The shape of a status.
#[component]
pub(crate) fn Icon(
    /// The status.
    #[prop(into)]
    status: Signal<Status>,
) -> impl IntoView {
    let class = move || format!("icon {}", class_of(status.get()));
    view! {
        <svg class=class width="12" height="12" viewBox="0 0 12 12" aria-hidden="true">
            <path d=move || path_of(status.get())></path>
        </svg>
    }
}
