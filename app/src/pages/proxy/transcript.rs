//! What a proxy was asked and what it answered, newest first.

use domain::{Micros, ProxyName, TranscriptLine};
use leptos::prelude::*;

use crate::Route;
use crate::components::{Moment, Precision};
use crate::live::Live;
use crate::text::{ProxyText, millis};

/// What the address ends with when the fold is open.
const OPEN: &str = "transcript=open";

/// The fold.
pub(super) fn transcript(name: StoredValue<ProxyName>) -> AnyView {
    let live = Live::here();
    let words = live.text().proxy();
    let lines = live.page.with_untracked(|page| page.transcript.clone());
    // The link shows the page anew, with the fold open: so it works without the browser's program, too.
    let again = name.with_value(|name| format!("{}?{OPEN}", Route::Proxy(name.clone())));
    let is_open = live.page.with_untracked(|page| page.path.ends_with(OPEN));
    let content = match lines.is_empty() {
        true => view! { <p class="empty-note">{words.transcript_empty}</p> }.into_any(),
        false => {
            let lines: Vec<_> = lines.iter().map(|line| item(line, words)).collect();
            view! { <ol class="transcript" reversed=true>{lines}</ol> }.into_any()
        }
    };
    view! {
        <details class="card below fold" open=is_open>
            <summary class="card-title">{words.transcript}</summary>
            <p class="card-note">{words.transcript_lead}" "<a href=again>{live.text().shell.renew}</a></p>
            {content}
        </details>
    }
    .into_any()
}

fn item(line: &TranscriptLine, words: &'static ProxyText) -> AnyView {
    let failed = (!line.ok).then(|| view! { " "<b class="s-unhealthy">{words.answered_badly}</b> });
    view! {
        <li>
            <p class="transcript-at">
                <Moment at=line.at precision=Precision::Millis/>" · "{millis(Micros(line.took_us))}{failed}
            </p>
            <pre class="asked"><code>{line.asked.clone()}</code></pre>
            <pre class="answered"><code>{line.answered.clone()}</code></pre>
        </li>
    }
    .into_any()
}
