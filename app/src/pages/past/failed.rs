//! The evidence of a group: the last checks that did not pass, and all checks as a file.

use domain::{FailedCheck, GroupName, Source, Span};
use leptos::prelude::*;

use crate::components::{Moment, Precision};
use crate::live::Live;
use crate::text::millis;
use crate::{PastAsk, Route};

use super::checks::{class, result};
use super::export::export;
use super::memo;

/// So much of the target's past is shown around a check, before and after it, in milliseconds.
const AROUND_MS: i64 = 5 * 60_000;

/// The table, and where to get the rest.
pub(super) fn failed(name: GroupName) -> impl IntoView {
    let live = Live::here();
    let words = live.text().past();
    let exports = format!("/api/v1/target-groups/{name}/checks");
    let head = words.failed_columns.map(|title| view! { <th scope="col">{title}</th> });
    let seen = memo(live, |past| past.failed.clone());
    let rows = move || {
        let seen = seen.get().unwrap_or_default();
        seen.into_iter().map(|failed| row(live, &name, &failed)).collect::<Vec<_>>()
    };
    let source = memo(live, |past| past.history.source);
    let is_empty = move || seen.with(|seen| seen.as_ref().is_none_or(Vec::is_empty));
    let note = move || match source.get() {
        Some(Source::Hours) => words.failed_too_long,
        Some(Source::Checks) | None => words.no_failures,
    };
    view! {
        <section class="card below">
            <table class="observations">
                <caption>{words.failed}</caption>
                <thead hidden=is_empty><tr>{head.into_view()}</tr></thead>
                <tbody>{rows}</tbody>
            </table>
            <p class="empty-note" hidden=move || !is_empty()>{note}</p>
            <p class="past-more"><span class="grow"></span>{export(live, exports)}</p>
        </section>
    }
    .into_any()
}

fn row(live: Live, group: &GroupName, failed: &FailedCheck) -> impl IntoView + use<> {
    let FailedCheck { target, check } = failed;
    let called = untrack(|| {
        live.past(|past| past.targets.iter().rfind(|past| past.id == *target).map(|past| past.name.clone())).flatten()
    });
    let around = Span::new(check.at.plus_millis(-AROUND_MS), check.at.plus_millis(AROUND_MS)).ok();
    let ask = around.and_then(|span| untrack(|| live.past(|past| PastAsk { what_if: None, ..past.ask.between(span) })));
    let href = format!(
        "{}{}",
        Route::TargetHistory(group.clone(), *target),
        ask.map(|ask| ask.to_string()).unwrap_or_default()
    );
    let code = check.status_code.map_or_else(|| "–".to_owned(), |code| code.to_string());
    view! {
        <tr class=class(check)>
            <td class="mono"><Moment at=check.at precision=Precision::Millis/></td>
            <td><a href=href>{called}</a></td>
            <td class="wide">{result(live, check)}</td>
            <td class="num">{code}</td>
            <td class="num">{millis(check.phases.total)}</td>
        </tr>
    }
}
