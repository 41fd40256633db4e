//! Uptime over the usual windows, percentiles of the parts, failures by reason.

use domain::{Phase, Uptime, Window};
use leptos::prelude::*;

use crate::live::Live;
use crate::text::{Text, count, millis, share};

use super::memo;

/// All three; `lead` says what the uptime is of.
pub(super) fn figures(lead: &'static str) -> impl IntoView {
    view! {
        {uptimes(lead)}
        <div class="two below">{percentiles()}{failures()}</div>
    }
}

/// Uptime over the usual windows and over the stretch that is shown.
fn uptimes(lead: &'static str) -> impl IntoView {
    let live = Live::here();
    let text = live.text();
    let words = text.past();
    let tiles = move || {
        let shown = live.past(|past| {
            let windows = past.uptimes.iter().map(|(window, uptime)| (label(*window, text), *uptime));
            windows.chain([(words.this_stretch, past.history.uptime)]).collect::<Vec<_>>()
        });
        let tile = |(label, uptime): (&'static str, Uptime)| {
            let figure = uptime.share().map_or_else(|| words.not_known.to_owned(), share);
            let class = if uptime.share().is_none() { "v unknown" } else { "v" };
            view! { <div><dt>{label}</dt><dd class=class>{figure}</dd><dd class="note">{note(uptime, text)}</dd></div> }
        };
        shown.unwrap_or_default().into_iter().map(tile).collect::<Vec<_>>()
    };
    view! {
        <section class="card below" aria-labelledby="uptime-title">
            <h2 class="card-title" id="uptime-title">{words.uptime}<span class="hint">{lead}</span></h2>
            <dl class="tiles">{tiles}</dl>
        </section>
    }
}

fn label(window: Window, text: &Text) -> &'static str {
    let [_, _, day, week, month, quarter] = text.past().range;
    match window {
        window if window == Window::DAY => day,
        window if window == Window::days(7) => week,
        window if window == Window::days(30) => month,
        _ => quarter,
    }
}

/// How long it was down, out, and how much of the time is known at all.
fn note(uptime: Uptime, text: &Text) -> String {
    let words = text.past();
    let known = uptime.total_ms() - uptime.unknown_ms;
    let part = |ms: u64, say: fn(&str) -> String| (ms > 0).then(|| say(&(text.span)(ms)));
    let parts = [
        part(uptime.down_ms, words.down_for),
        part(uptime.out_ms, words.out_for),
        part(known, words.known_for).filter(|_| uptime.unknown_ms > 0),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// Percentiles of the whole stretch, a row for each part that was measured.
fn percentiles() -> impl IntoView {
    let live = Live::here();
    let words = live.text().past();
    let phases = memo(live, |past| past.history.phases.clone());
    let rows = move || {
        let row = |(phase, of): (Phase, domain::Percentiles)| {
            let cells = [of.p50, of.p95, of.p99].map(|time| view! { <td class="num">{millis(time)}</td> });
            view! { <tr><th scope="row">{words.phases[phase as usize]}</th>{cells.into_view()}</tr> }
        };
        phases.get().unwrap_or_default().into_iter().map(row).collect::<Vec<_>>()
    };
    let source = memo(live, |past| past.history.source);
    let caption = move || source.get().map(|source| (words.whole)(source.percentiles_off()));
    let is_empty = move || phases.with(|phases| phases.as_ref().is_none_or(Vec::is_empty));
    view! {
        <section class="card">
            <table class="small">
                <caption>{caption}</caption>
                <thead>
                    <tr>
                        <th scope="col">{words.part}</th>
                        <th scope="col" class="num">"p50"</th>
                        <th scope="col" class="num">"p95"</th>
                        <th scope="col" class="num">"p99"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
            <p class="empty-note" hidden=move || !is_empty()>{words.no_pass}</p>
        </section>
    }
}

/// Why checks failed, the most frequent first, with bars.
fn failures() -> impl IntoView {
    let live = Live::here();
    let words = live.text().past();
    let failures = memo(live, |past| past.history.failures.clone());
    let rows = move || {
        let failures = failures.get().unwrap_or_default();
        let most = failures.iter().map(|(_, count)| *count).max().unwrap_or(1);
        let row = |(reason, number): (domain::Reason, u64)| {
            let width = (100 * number / most.max(1)).max(1).to_string();
            view! {
                <li>
                    <span>{reason.as_str()}</span>
                    <b class="num">{count(number)}</b>
                    <svg width="100%" height="6" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
                        <rect class="b-fail" width=width height="6"></rect>
                    </svg>
                </li>
            }
        };
        failures.into_iter().map(row).collect::<Vec<_>>()
    };
    let is_empty = move || failures.with(|failures| failures.as_ref().is_none_or(Vec::is_empty));
    view! {
        <section class="card" aria-labelledby="failures-title">
            <h2 class="card-title" id="failures-title">{words.failures}</h2>
            <ul class="reasons">{rows}</ul>
            <p class="empty-note" hidden=move || !is_empty()>{words.no_failures}</p>
        </section>
    }
}
