//! Which stretch of time is shown: the usual ones as links, any other by a form.

use domain::{Stretch, Timestamp, Window};
use leptos::prelude::*;

use crate::components::{ZoneNote, ahead_ms, is_local};
use crate::live::Live;
use crate::state::Past;

use super::{address, memo};

/// The stretches that are one click away.
const WINDOWS: [Window; 6] =
    [Window::HOUR, Window::hours(6), Window::DAY, Window::days(7), Window::days(30), Window::days(90)];

/// Links and form.
pub(super) fn range() -> impl IntoView {
    let live = Live::here();
    let words = live.text().past();
    let links: Vec<_> = WINDOWS.into_iter().zip(words.range).map(|(window, label)| link(live, window, label)).collect();
    let wrong = move || live.past(|past| past.wrong).flatten().map(words.wrong);
    view! {
        <div class="past-range">
            <div>
                <ZoneNote/>
                <nav class="picks" aria-label=words.ranges>{links}</nav>
            </div>
            {form(live)}
        </div>
        <p class="past-wrong" role="alert">{wrong}</p>
    }
}

fn link(live: Live, window: Window, label: &'static str) -> impl IntoView {
    let href = move || live.past(|past| address(live, past, |ask| ask.of(Stretch::Last(window))));
    let is_open = move || live.past(|past| past.ask.stretch == Stretch::Last(window)) == Some(true);
    view! { <a class="pick-one" href=href aria-current=move || is_open().then_some("true")>{label}</a> }
}

fn form(live: Live) -> impl IntoView {
    let words = live.text().past();
    let phase = memo(live, |past| past.ask.phase.as_str());
    view! {
        <form class="past-form" method="get" action=live.path() data-local=move || is_local(live).then_some("")>
            {moment_field(live, "from", words.from, |past| past.history.span.from())}
            {moment_field(live, "to", words.to, |past| past.history.span.to())}
            <input type="hidden" name="phase" value=move || phase.get()/>
            <button class="btn" type="submit">{words.show}</button>
        </form>
    }
}

/// A field for a moment: UTC until the browser's program knows the reader's zone.
pub(super) fn moment_field(
    live: Live,
    name: &'static str,
    label: &'static str,
    read: fn(&Past) -> Timestamp,
) -> impl IntoView {
    let words = live.text().past();
    let at = memo(live, read);
    let value = move || {
        let at = at.get()?;
        let shown = at.plus_millis(ahead_ms(live, at)).to_string();
        shown.get(..19).map(str::to_owned)
    };
    let zone = move || (!is_local(live)).then_some(words.utc);
    view! {
        <label class="moment">
            <span>{label}" "{zone}</span>
            <input type="datetime-local" step="1" required name=name value=value prop:value=move || value().unwrap_or_default()/>
        </label>
    }
}
