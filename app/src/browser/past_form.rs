//! Forms about the past: their fields become the address of the same page.

use leptos::wasm_bindgen::{JsCast, JsValue};
use web_sys::{FormData, HtmlFormElement, SubmitEvent, UrlSearchParams};

/// The address that a form about the past leads to; none for other forms.
pub(super) fn address(event: &SubmitEvent) -> Option<String> {
    let form: HtmlFormElement = event.target()?.dyn_into().ok()?;
    if !form.class_list().contains("past-form") || event.default_prevented() {
        return None;
    }
    let fields = FormData::new_with_form(&form).ok()?;
    let query = UrlSearchParams::new_with_str_sequence_sequence(&fields).ok()?;
    if form.has_attribute("data-local") {
        ["from", "to", "at"].iter().for_each(|name| to_utc(&query, name));
    }
    let action = form.get_attribute("action")?;
    Some(format!("{action}?{}", query.to_string().as_string()?))
}

/// A moment without a zone is the reader's.
fn to_utc(query: &UrlSearchParams, name: &str) {
    let moment = query.get(name).filter(|text| !text.is_empty() && !text.ends_with('Z'));
    let date = moment.map(|text| js_sys::Date::new(&JsValue::from_str(&text)));
    if let Some(date) = date.filter(|date| !date.get_time().is_nan()) {
        query.set(name, &String::from(date.to_iso_string()));
    }
}
