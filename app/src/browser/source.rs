//! Where the stream of a page comes from: its address, and a connection that is opened early.

use std::time::Duration;

use domain::{EventNumber, Scope};
use leptos::prelude::*;
use web_sys::EventSource;

use crate::live::{route_of, scope_of};
use crate::{PageData, Route};

use super::is_seen;

/// The connection of a first page. It is opened before the page is taken over, so that the server answers meanwhile.
#[derive(Clone, Copy)]
pub(super) struct Early(StoredValue<Option<EventSource>, LocalStorage>);

impl Early {
    /// Goes on from what the page was made of.
    pub(super) fn open(page: &PageData) -> Self {
        let address = is_seen().then(|| address(page, page.number, page.boot));
        let early = Self(StoredValue::new_local(address.and_then(|address| EventSource::new(&address).ok())));
        // A page that is taken over takes it at once. Nobody closes that of one that is not.
        set_timeout(move || early.close(), Duration::ZERO);
        early
    }

    /// The connection, where nothing can have come that nobody listened to.
    pub(super) fn take(self) -> Option<EventSource> {
        let is_new = |source: &EventSource| source.ready_state() == EventSource::CONNECTING;
        if !self.0.with_value(|source| source.as_ref().is_some_and(is_new)) {
            self.close();
        }
        self.0.try_update_value(Option::take).flatten()
    }

    fn close(self) {
        self.0.try_update_value(Option::take).flatten().iter().for_each(EventSource::close);
    }
}

/// Where the stream is of a page that holds what came up to an event, of a start of the engine.
pub(super) fn address(page: &PageData, number: EventNumber, boot: u64) -> String {
    let route = route_of(page);
    let lab = if route == Some(Route::Lab) { "&lab=1" } else { "" };
    let scope = match scope_of(page) {
        None => {
            let of = if route.is_some_and(|route| route.is_overview()) { "overview" } else { "events" };
            format!("&of={of}&in={}", page.language.as_str())
        }
        Some(Scope::Everything) => String::new(),
        Some(Scope::Group(name)) => format!("&group={name}"),
    };
    format!("/live?after={number}&boot={boot}{scope}{lab}")
}
