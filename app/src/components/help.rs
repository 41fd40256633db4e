//! The help dialog: keys and shapes.

use domain::Status;
use leptos::prelude::*;

use crate::live::Live;

use super::Icon;

/// The dialog, closed until it is asked for.
#[component]
pub(crate) fn Help() -> impl IntoView {
    let text = Live::here().text();
    let keys = text.help.keys.map(|(key, does)| view! { <div><dt><kbd>{key}</kbd></dt><dd>{does}</dd></div> });
    let shapes = Status::ALL.map(|status| {
        view! { <li><Icon status/>" "{(text.status)(status)}</li> }
    });
    view! {
        <dialog id="help" aria-labelledby="help-title">
            <h2 id="help-title">{text.help.title}</h2>
            <dl class="keys">{keys.into_view()}</dl>
            <p>{text.help.shapes}</p>
            <ul class="shapes">{shapes.into_view()}</ul>
            <form method="dialog">
                <button class="btn" type="submit">{text.shell.close}</button>
            </form>
        </dialog>
    }
    .into_any()
}
