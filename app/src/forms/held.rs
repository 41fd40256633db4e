//! What Drainboard holds out of service in bindings that go, and whether it is put back first.

use domain::BindingState;
use leptos::prelude::*;

use super::sheet::Sheet;

/// The servers that are held, and the switch that puts them back; on unless the reader wants otherwise.
pub(super) fn held(sheet: &Sheet<'_>, bindings: &[&BindingState]) -> AnyView {
    let words = sheet.words().proxy;
    let servers = bindings.iter().flat_map(|state| {
        let backend = state.binding.backend.clone();
        state.holds.keys().map(move |server| format!("{backend}/{server}"))
    });
    let servers: Vec<String> = servers.collect();
    let lead = match servers.len() {
        0 => words.nothing_held.to_owned(),
        count => (words.held)(count),
    };
    let items: Vec<_> = servers.into_iter().map(|server| view! { <li class="code">{server}</li> }).collect();
    let list = (!items.is_empty()).then(|| view! { <ul class="form-list">{items}</ul> });
    let switch = (!bindings.is_empty()).then(|| sheet.switch("put_back"));
    view! { <p>{lead}</p>{list}{switch} }.into_any()
}
