//! What only the browser does: it takes over the page that the server rendered, and keeps it live.

mod fetch;
mod keys;
mod navigate;
mod past_form;
mod picks;
mod pointer;
mod search;
mod source;
mod still;
mod stream;
mod tab;

use leptos::prelude::*;

use crate::live::Live;
use crate::{App, Later, PageData, forms, wire};

use navigate::Navigation;
use source::Early;
use stream::Stream;

pub(crate) use fetch::{ask, page_data, text_of};
pub(crate) use navigate::remember_in_place;
pub(crate) use pointer::{capture, fraction};

/// Takes over the page that the server rendered.
pub fn hydrate() {
    let block = |id: &str| document().get_element_by_id(id).and_then(|block| block.text_content());
    match wire::read::<PageData>(&block("page-data").unwrap_or_default()) {
        Ok(mut data) => {
            if let Some(board) = block("page-board") {
                data.board = Later::told(board);
            }
            take_over(data);
        }
        Err(error) => leptos::logging::error!("the page's data cannot be read: {error}"),
    }
}

#[cfg(not(feature = "split"))]
fn take_over(data: PageData) {
    leptos::mount::hydrate_body(move || {
        provide_context(Early::open(&data));
        view! { <App data/> }
    });
}

/// Takes over when the parts that the page needs are there. Without them it stays as the server made it.
#[cfg(feature = "split")]
fn take_over(data: PageData) {
    use crate::parts::{Loaded, Part};

    wasm_bindgen_futures::spawn_local(async move {
        let parts = Loaded::default();
        if parts.load(Part::of_path(&data.path)).await.is_ok() {
            leptos::mount::hydrate_body(move || {
                provide_context(parts);
                provide_context(Early::open(&data));
                view! { <App data/> }
            });
        }
    });
}

/// Begins everything that goes on while the page is open.
pub(crate) fn start(live: Live) {
    live.is_mounted.set(true);
    let navigation = Navigation::start(live);
    forms::enhance(live, move |url| navigation.go(url));
    keys::listen(navigation);
    picks::listen();
    tab::follow(live);
    search::start(live);
    still::start(live);
    Stream::start(live);
}

/// The browser's clock, in milliseconds since 1970.
fn now_ms() -> i64 {
    js_sys::Date::now() as i64
}

/// Whether somebody looks.
fn is_seen() -> bool {
    document().visibility_state() == web_sys::VisibilityState::Visible
}

/// Listens to an event of the document for as long as the page is open.
fn on_document<E: leptos::wasm_bindgen::convert::FromWasmAbi + 'static>(name: &str, heard: impl Fn(E) + 'static) {
    on(&document(), name, heard);
}

/// Listens to an event of `target` for as long as the page is open.
fn on<E: leptos::wasm_bindgen::convert::FromWasmAbi + 'static>(
    target: &web_sys::EventTarget,
    name: &str,
    heard: impl Fn(E) + 'static,
) {
    use leptos::wasm_bindgen::{JsCast, closure::Closure};
    let listener = Closure::<dyn Fn(E)>::new(heard);
    if target.add_event_listener_with_callback(name, listener.as_ref().unchecked_ref()).is_ok() {
        // It listens as long as the document lives.
        listener.forget();
    }
}
