//! Times. The server prints UTC; the browser shows the reader's zone once it has taken over.

use domain::Timestamp;
use leptos::prelude::*;

use crate::Zone;
use crate::live::Live;
use crate::text::{clock_utc, date_utc};

/// How much of a time is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Precision {
    /// The time of day with milliseconds, in a list that says its zone.
    Millis,
    /// The same where nothing else says the zone.
    Alone,
    /// The time of day.
    Seconds,
}

/// A moment, in the zone that the reader wants. ISO 8601 on hover.
#[component]
pub(crate) fn Moment(
    /// When.
    #[prop(into)]
    at: Signal<Timestamp>,
    /// How exactly.
    precision: Precision,
) -> impl IntoView {
    let live = Live::here();
    let shown = move || in_words(live, at.get(), precision);
    view! { <time datetime=move || at.get().to_string() title=move || at.get().to_string()>{shown}</time> }
}

/// How long ago a moment was.
#[component]
pub(crate) fn Ago(
    /// When.
    #[prop(into)]
    at: Signal<Timestamp>,
) -> impl IntoView {
    let live = Live::here();
    let text = live.text();
    let ago = Memo::new(move |_| (text.ago)(live.now.get().millis_since(at.get())));
    view! {
        <time datetime=move || at.get().to_string() title=move || at.get().to_string()>
            {move || ago.get()}
        </time>
    }
}

/// Whether times are shown in the reader's zone: only the browser's program knows it.
pub(crate) fn is_local(live: Live) -> bool {
    live.is_mounted.get() && live.page.with_untracked(|page| page.zone) == Zone::Local
}

/// The time of day, with its date where that is not today.
pub(crate) fn in_words(live: Live, at: Timestamp, precision: Precision) -> String {
    let (date, clock) = if is_local(live) { local(at) } else { (date_utc(at), clock_utc(at)) };
    let date = date.get(..10).unwrap_or_default();
    let zone = if is_local(live) { "" } else { " UTC" };
    let clock = match precision {
        Precision::Millis => clock,
        Precision::Seconds => format!("{}{zone}", clock.get(..8).unwrap_or_default()),
        Precision::Alone => format!("{clock}{zone}"),
    };
    live.hour.track();
    let day = 24 * 3600 * 1000;
    let is_recent = live.now.with_untracked(|now| now.millis_since(at).max(at.millis_since(*now))) < day / 2;
    if is_recent { clock } else { format!("{date} {clock}") }
}

/// Date and time of day with milliseconds, in the zone that the reader wants.
#[cfg(feature = "hydrate")]
pub(crate) fn in_readers_zone(live: Live, at: Timestamp) -> String {
    let is_local = live.page.with_untracked(|page| page.zone) == Zone::Local;
    let (date, clock) = if is_local { local(at) } else { (date_utc(at), clock_utc(at)) };
    format!("{} {clock}{}", date.get(..10).unwrap_or_default(), if is_local { "" } else { " UTC" })
}

/// How far the reader's clock is ahead of UTC at a moment, in milliseconds; nothing where UTC is shown.
pub(crate) fn ahead_ms(live: Live, at: Timestamp) -> i64 {
    if is_local(live) { local_ahead_ms(at) } else { 0 }
}

/// Date and time of day in the reader's zone. Figures only, so that they are the same in every language.
fn local(at: Timestamp) -> (String, String) {
    let shifted = Timestamp::from_millis(at.as_millis().saturating_add(local_ahead_ms(at)));
    (date_utc(shifted), clock_utc(shifted))
}

#[cfg(feature = "hydrate")]
fn local_ahead_ms(at: Timestamp) -> i64 {
    let date = js_sys::Date::new(&wasm_bindgen::JsValue::from_f64(at.as_millis() as f64));
    -(date.get_timezone_offset() as i64) * 60_000
}

#[cfg(not(feature = "hydrate"))]
fn local_ahead_ms(_: Timestamp) -> i64 {
    0
}
