//! Ticking many rows: all of them, or a range with shift.

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, MouseEvent};

use super::on_document;

/// Listens to clicks on the ticks of a table.
pub(super) fn listen() {
    let last = StoredValue::new(None::<String>);
    on_document("click", move |event: MouseEvent| {
        let tick = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
        let Some(tick) = tick.filter(|tick| tick.type_() == "checkbox") else { return };
        if tick.has_attribute("data-select-all") {
            ticks().iter().for_each(|other| other.set_checked(tick.checked()));
        } else if tick.name() == "id" {
            if event.shift_key() {
                tick_range(&tick, last.get_value());
            }
            last.set_value(Some(tick.value()));
        }
    });
}

fn ticks() -> Vec<HtmlInputElement> {
    let Ok(found) = document().query_selector_all("input[name=id]") else { return Vec::new() };
    (0..found.length()).filter_map(|n| found.get(n)?.dyn_into().ok()).collect()
}

/// Gives every tick between the last one and this one the state of this one.
fn tick_range(tick: &HtmlInputElement, last: Option<String>) {
    let all = ticks();
    let place = |value: &str| all.iter().position(|other| other.value() == value);
    let (Some(here), Some(there)) = (place(&tick.value()), last.as_deref().and_then(place)) else { return };
    let range = here.min(there)..=here.max(there);
    all.get(range).into_iter().flatten().for_each(|other| other.set_checked(tick.checked()));
}
