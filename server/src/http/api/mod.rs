//! The programmable face, `/api/v1`: everything that a person can do in the browser.

pub(crate) mod check;
pub(crate) mod events;
mod events_stream;
mod fields;
pub(crate) mod groups;
pub(crate) mod openapi;
pub(crate) mod targets;
mod view;
