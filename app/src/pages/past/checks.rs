//! The evidence: single checks of the stretch that is shown, and all of them as a file.

use domain::{Observation, Outcome, Stretch};
use leptos::prelude::*;

use crate::components::{Moment, Precision};
use crate::live::Live;
use crate::text::{millis, outcome};

use super::export::export;
use super::{address, memo};

/// The table, and where to get the rest.
pub(super) fn checks(exports: String) -> impl IntoView {
    let live = Live::here();
    let text = live.text();
    let words = text.past();
    let head = text.target().observation_columns.map(|title| view! { <th scope="col">{title}</th> });
    let seen = memo(live, |past| past.checks.clone());
    let rows = move || seen.get().unwrap_or_default().into_iter().map(|check| row(live, &check)).collect::<Vec<_>>();
    let is_empty = move || seen.with(|seen| seen.as_ref().is_none_or(Vec::is_empty));
    view! {
        <section class="card below">
            <table class="observations">
                <caption>{words.evidence}</caption>
                <thead><tr>{head.into_view()}</tr></thead>
                <tbody>{rows}</tbody>
            </table>
            <p class="empty-note" hidden=move || !is_empty()>{words.none_here}</p>
            <p class="past-keys" hidden=is_empty>{words.rounded}</p>
            <p class="past-more">
                {pages(live)}
                <span class="grow"></span>
                {export(live, exports)}
            </p>
        </section>
    }
    .into_any()
}

/// On to the next checks, or back to the first.
fn pages(live: Live) -> impl IntoView {
    let words = live.text().past();
    // What comes next must not move while it is read.
    let next = move || {
        live.past(|past| {
            let after = past.more_after?;
            let stretch = Stretch::Between(past.history.span);
            Some(address(live, past, |ask| crate::PastAsk { stretch, after: Some(after), ..ask.clone() }))
        })
        .flatten()
    };
    let first = move || {
        live.past(|past| {
            past.ask.after.map(|_| address(live, past, |ask| crate::PastAsk { after: None, ..ask.clone() }))
        })
        .flatten()
    };
    view! {
        {move || first().map(|href| view! { <a class="btn quiet" href=href>{words.first}</a> })}
        {move || next().map(|href| view! { <a class="btn" href=href>{words.next}</a> })}
    }
}

/// The class of the row of a check.
pub(super) fn class(check: &Observation) -> &'static str {
    match check.outcome {
        Outcome::Pass => "passed",
        Outcome::Fail(_) => "failed",
        Outcome::Unknown(_) => "failed unseen",
    }
}

/// What a check saw, in words, and the code of the reason.
pub(super) fn result(live: Live, check: &Observation) -> impl IntoView + use<> {
    let text = live.text();
    let result = outcome(&check.outcome, text.language).unwrap_or_else(|| text.target().pass.to_owned());
    let reason = check.outcome.reason().map(|reason| reason.as_str());
    view! { <span class="result">{result}</span>" "<span class="reason">{reason}</span> }
}

fn row(live: Live, check: &Observation) -> impl IntoView + use<> {
    let class = class(check);
    let code = check.status_code.map_or_else(|| "–".to_owned(), |code| code.to_string());
    let phases = &check.phases;
    let times = [phases.dns, phases.connect, phases.tls, phases.first_byte, Some(phases.total)];
    let times = times.map(|time| view! { <td class="num">{time.map_or_else(|| "–".to_owned(), millis)}</td> });
    view! {
        <tr class=class>
            <td class="mono"><Moment at=check.at precision=Precision::Millis/></td>
            <td class="wide">{result(live, check)}</td>
            <td class="num">{code}</td>
            {times.into_view()}
        </tr>
    }
}
