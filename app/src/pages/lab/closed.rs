//! The page while no lab runs: what one is, and how to start it.

use leptos::prelude::*;

use crate::Route;
use crate::live::Live;

/// Others can reach this server.
pub(super) fn closed() -> AnyView {
    let words = Live::here().text().lab();
    view! {
        <div class="first">
            <h1>{words.closed}</h1>
            <p class="sub">{words.closed_lead}</p>
            <pre tabindex="0"><code>"drainboard lab --listen 127.0.0.1:3000"</code></pre>
        </div>
    }
    .into_any()
}

/// None runs.
pub(super) fn idle(install: Option<String>) -> AnyView {
    let words = Live::here().text().lab();
    let makes = words.idle_makes.map(|made| view! { <li>{made}</li> });
    view! {
        <div class="first lab-idle">
            <h1>{words.idle}</h1>
            <p class="sub">{words.lead}</p>
            <ul>{makes.into_view()}</ul>
            <p class="sub">{words.idle_ends}</p>
            {install.map(no_haproxy)}
            <form method="post" action=Route::Lab.to_string()>
                <button class="btn primary" name="action" value="start">{words.start}</button>
            </form>
            <p class="sub">{words.by_script}</p>
            <pre tabindex="0"><code>"drainboard lab"</code></pre>
        </div>
    }
    .into_any()
}

/// What is missing without HAProxy, and how to get it.
pub(super) fn no_haproxy(install: String) -> AnyView {
    let words = Live::here().text().lab();
    view! {
        <div class="banner warn lab-missing" role="status">
            <p><b>{words.no_haproxy}</b>" "{words.no_haproxy_lead}</p>
            <pre tabindex="0"><code>{install}</code></pre>
        </div>
    }
    .into_any()
}
