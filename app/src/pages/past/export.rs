//! The single checks of the stretch that is shown, as a file.

use leptos::prelude::*;

use crate::live::Live;

/// Links to the file; `path` is that of the checks in the API.
pub(super) fn export(live: Live, path: String) -> impl IntoView {
    let path = StoredValue::new(path);
    let href = move |format: &'static str| {
        move || {
            live.past(|past| {
                let (from, to) = (past.history.span.from(), past.history.span.to());
                path.with_value(|path| format!("{path}?from={from}&to={to}&format={format}"))
            })
        }
    };
    view! {
        <span>{live.text().past().export}</span>
        <a class="btn" href=href("csv") download="">"CSV"</a>
        <a class="btn" href=href("json") download="">"JSON"</a>
    }
}
