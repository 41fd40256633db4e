//! The evidence: the last checks that failed; of a group also all checks as a file.

use domain::{FailedCheck, GroupName, Source, Span, Stretch, TargetId, Timestamp, Window};
use leptos::prelude::*;

use crate::components::{Moment, Precision};
use crate::live::Live;
use crate::text::millis;
use crate::{PastAsk, Route};

use super::checks::{class, result};
use super::export::export;
use super::{address, memo};

/// So much of the target's past is shown around a check, before and after it, in milliseconds.
const AROUND_MS: i64 = 5 * 60_000;

/// The table; of a group whose each check is, and where to get the rest.
pub(super) fn failed(name: GroupName, is_group: bool) -> impl IntoView {
    let live = Live::here();
    let words = live.text().past();
    let exports = is_group.then(|| {
        let path = format!("/api/v1/target-groups/{name}/checks");
        view! { <p class="past-more"><span class="grow"></span>{export(live, path)}</p> }
    });
    let [time, target, result, code, whole] = words.failed_columns;
    let head = [Some(time), is_group.then_some(target), Some(result), Some(code), Some(whole)];
    let head = head.into_iter().flatten().map(|title| view! { <th scope="col">{title}</th> }).collect::<Vec<_>>();
    let seen = memo(live, |past| past.failed.clone());
    let rows = move || {
        let seen = seen.get().unwrap_or_default();
        seen.into_iter().map(|failed| row(live, is_group.then_some(&name), &failed)).collect::<Vec<_>>()
    };
    let source = memo(live, |past| past.history.source);
    let is_empty = move || seen.with(|seen| seen.as_ref().is_none_or(Vec::is_empty));
    let note = move || match source.get() {
        Some(Source::Hours) => words.failed_too_long,
        Some(Source::Checks) | None => words.no_failures,
    };
    let shorter = move || {
        let is_long = source.get() == Some(Source::Hours);
        let href = is_long.then(|| {
            let stretch = Stretch::Last(Window::HOUR);
            live.past(|past| address(live, past, |ask| PastAsk { what_if: None, ..ask.of(stretch) }))
        });
        href.flatten().map(|href| view! { " "<a href=href>{words.last_hour}</a> })
    };
    view! {
        <section class="card below">
            <table class="observations" class:of-group=is_group>
                <caption>{words.failed}</caption>
                <thead hidden=is_empty><tr>{head}</tr></thead>
                <tbody>{rows}</tbody>
            </table>
            <p class="empty-note" hidden=move || !is_empty()>{note}{shorter}</p>
            {exports}
        </section>
    }
    .into_any()
}

fn row(live: Live, group: Option<&GroupName>, FailedCheck { target, check }: &FailedCheck) -> impl IntoView + use<> {
    let whose = group.map(|group| view! { <td>{link(live, group, *target, check.at)}</td> });
    let code = check.status_code.map_or_else(|| "–".to_owned(), |code| code.to_string());
    view! {
        <tr class=class(check)>
            <td class="mono"><Moment at=check.at precision=Precision::Millis/></td>
            {whose}
            <td class="wide">{result(live, check)}</td>
            <td class="num">{code}</td>
            <td class="num">{millis(check.phases.total)}</td>
        </tr>
    }
}

/// The name of a target, which leads to its past around a moment.
fn link(live: Live, group: &GroupName, target: TargetId, at: Timestamp) -> impl IntoView + use<> {
    let around = Span::new(at.plus_millis(-AROUND_MS), at.plus_millis(AROUND_MS)).ok();
    let told = untrack(|| {
        live.past(|past| {
            let called = past.targets.iter().rfind(|past| past.id == target).map(|past| past.name.clone());
            (called, around.map(|span| PastAsk { what_if: None, ..past.ask.between(span) }.to_string()))
        })
    });
    let (called, ask) = told.unwrap_or_default();
    let href = format!("{}{}", Route::TargetHistory(group.clone(), target), ask.unwrap_or_default());
    view! { <a href=href>{called}</a> }
}
