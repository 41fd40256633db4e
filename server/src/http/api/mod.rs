//! The programmable face, `/api/v1`: everything that a person can do in the browser.

pub(crate) mod admission;
pub(crate) mod bindings;
#[cfg(test)]
pub(crate) mod boards;
pub(crate) mod check;
pub(crate) mod checks;
pub(crate) mod disagreements;
pub(crate) mod drills;
pub(crate) mod events;
mod events_stream;
pub(crate) mod failovers;
mod fields;
pub(crate) mod groups;
pub(crate) mod lab;
pub(crate) mod openapi;
pub(crate) mod past;
pub(crate) mod proxies;
pub(crate) mod schedules;
pub(crate) mod standby;
pub(crate) mod targets;
mod view;
