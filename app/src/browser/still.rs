//! Pages that the server alone draws: times in the reader's zone, and a new look while they grow.

use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::JsCast;
use web_sys::Element;

use crate::components::in_readers_zone;
use crate::live::Live;

use super::{fetch, is_seen};

/// A page that grows is asked for again so often.
const PERIOD: Duration = Duration::from_millis(1000);

/// Keeps such pages fresh, and their times in the reader's zone.
pub(super) fn start(live: Live) {
    Effect::new(move |_| {
        live.still.track();
        if live.is_mounted.get() {
            request_animation_frame(move || put_times(live));
        }
    });
    set_interval(move || refresh(live), PERIOD);
}

/// Writes every marked time as the reader wants it.
fn put_times(live: Live) {
    let Ok(times) = document().query_selector_all("time[data-local]") else { return };
    for place in 0..times.length() {
        let Some(time) = times.get(place).and_then(|node| node.dyn_into::<Element>().ok()) else { continue };
        if let Some(at) = time.get_attribute("datetime").and_then(|text| text.parse().ok()) {
            time.set_text_content(Some(&in_readers_zone(live, at)));
        }
    }
}

fn refresh(live: Live) {
    let grows = live.still.with_untracked(|still| still.as_ref().is_some_and(|still| still.refreshes));
    if !grows || !is_seen() || is_in_use() {
        return;
    }
    let path = live.page.with_untracked(|page| page.path.clone());
    spawn_local(async move {
        let Some(mut data) = fetch::page_data(live, &path).await else { return };
        if live.page.with_untracked(|page| page.path == data.path) {
            live.draw_still(&mut data);
        }
    });
}

/// Whether a menu of the page is open, or somebody writes in a form of it.
fn is_in_use() -> bool {
    document().query_selector(".drawn details[open], .drawn form :focus").is_ok_and(|found| found.is_some())
}
