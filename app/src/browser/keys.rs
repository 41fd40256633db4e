//! The keyboard: search, move, open, select, help.

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::{Element, HtmlDialogElement, HtmlElement, HtmlInputElement, KeyboardEvent, MouseEvent};

use super::navigate::Navigation;
use super::on_document;

/// Listens to the keys that the help dialog names.
pub(super) fn listen(navigation: Navigation) {
    on_document("keydown", move |event: KeyboardEvent| {
        let has_modifier = event.ctrl_key() || event.meta_key() || event.alt_key();
        if has_modifier || is_typing(&event) {
            return;
        }
        match event.key().as_str() {
            "/" => focus("#search"),
            "?" => toggle_help(),
            "g" => navigation.go("/".to_owned()),
            "j" => step(1),
            "k" => step(-1),
            "x" => pick(),
            "d" => act("drain"),
            "r" => act("return"),
            _ => return,
        }
        event.prevent_default();
    });
    on_document("click", |event: MouseEvent| {
        let element = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        if element.and_then(|element| element.closest("[data-help]").ok().flatten()).is_some() {
            toggle_help();
        }
    });
}

fn is_typing(event: &KeyboardEvent) -> bool {
    let element = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    element.is_some_and(|element| {
        let is_text = element.matches("input:not([type=checkbox]), textarea, select, dialog *").unwrap_or(false);
        is_text || element.has_attribute("contenteditable")
    })
}

fn find(selector: &str) -> Option<HtmlElement> {
    document().query_selector(selector).ok().flatten()?.dyn_into().ok()
}

fn focus(selector: &str) {
    if let Some(element) = find(selector) {
        let _ = element.focus();
    }
}

fn toggle_help() {
    let Some(dialog) = find("#help").and_then(|dialog| dialog.dyn_into::<HtmlDialogElement>().ok()) else { return };
    if dialog.open() {
        dialog.close();
    } else {
        // Fails only where it is open already.
        let _ = dialog.show_modal();
    }
}

/// The row that has the focus.
fn row() -> Option<Element> {
    document().active_element()?.closest("[data-row]").ok().flatten()
}

/// Moves the focus so many rows on, from the first or to the last one.
fn step(by: i32) {
    let Ok(rows) = document().query_selector_all("[data-row]") else { return };
    let all: Vec<Element> = (0..rows.length()).filter_map(|n| rows.get(n)?.dyn_into().ok()).collect();
    let last = i32::try_from(all.len()).unwrap_or(i32::MAX) - 1;
    let now = row().and_then(|row| all.iter().position(|other| *other == row));
    let next = now.map_or(0, |now| i32::try_from(now).unwrap_or(0) + by).clamp(0, last.max(0));
    let link =
        usize::try_from(next).ok().and_then(|next| all.get(next)).and_then(|row| row.query_selector("a").ok()?);
    if let Some(link) = link.and_then(|link| link.dyn_into::<HtmlElement>().ok()) {
        let _ = link.focus();
    }
}

/// Ticks the row that has the focus.
fn pick() {
    let tick = row().and_then(|row| row.query_selector("input[type=checkbox]").ok()?);
    if let Some(tick) = tick.and_then(|tick| tick.dyn_into::<HtmlInputElement>().ok()) {
        tick.click();
    }
}

/// Presses the button of the ticked rows, or that of the row that has the focus, or that of the page's own target.
fn act(what: &str) {
    let selector = format!("[data-act={what}]");
    let is_ticked = find("input[name=id]:checked").is_some();
    let of_row = || row().and_then(|row| row.query_selector(&selector).ok()?).and_then(|button| button.dyn_into().ok());
    let button = match is_ticked {
        true => find(&format!(".bulk {selector}")),
        false => of_row().or_else(|| find(&format!(".head {selector}"))),
    };
    if let Some(button) = button {
        button.click();
    }
}
