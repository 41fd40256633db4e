//! What one's own last action did: said once, quietly.

use leptos::prelude::*;

use crate::live::Live;

/// The notice of the last action. It goes by itself, where the browser's program runs.
#[component]
pub(crate) fn Toast() -> impl IntoView {
    let live = Live::here();
    let text = live.text();
    let said = move || live.notice.with(|notice| notice.as_ref().map(|notice| (text.shell.notice)(notice)));
    #[cfg(feature = "hydrate")]
    Effect::new(move |_| {
        if live.notice.with(Option::is_some) {
            set_timeout(move || live.notice.set(None), std::time::Duration::from_secs(5));
        }
    });
    view! {
        <div class="toasts" role="status" aria-live="polite">
            {move || said().map(|said| view! { <p class="toast">{said}</p> })}
        </div>
        <div class="visually-hidden" role="status" aria-live="polite">{move || live.announced.get()}</div>
    }
}
