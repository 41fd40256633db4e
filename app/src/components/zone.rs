//! Which zone times are shown in, in a line.

use leptos::prelude::*;

use crate::live::Live;

use super::moment::is_local;

/// The line. The server prints UTC; the browser's program knows the reader's zone.
#[component]
pub(crate) fn ZoneNote() -> impl IntoView {
    let live = Live::here();
    let words = live.text().shell.times_in;
    let zone = move || if is_local(live) { local_zone() } else { "UTC".to_owned() };
    view! { <p class="zone-note">{move || words(&zone())}</p> }
}

/// The name of the reader's zone, as `Europe/Berlin`.
#[cfg(feature = "hydrate")]
fn local_zone() -> String {
    let format = js_sys::Intl::DateTimeFormat::new(&js_sys::Array::new(), &js_sys::Object::new());
    let zone = js_sys::Reflect::get(&format.resolved_options(), &"timeZone".into());
    zone.ok().and_then(|zone| zone.as_string()).unwrap_or_else(|| "UTC".to_owned())
}

#[cfg(not(feature = "hydrate"))]
fn local_zone() -> String {
    "UTC".to_owned()
}
