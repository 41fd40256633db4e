//! What other settings would have made of the checks of the stretch.

use domain::{Discovery, GroupName, Invalid, Stretch, WhatIfDraft, WhatIfVerdict};
use leptos::prelude::*;

use crate::components::{Moment, Precision};
use crate::forms::sentence_of;
use crate::live::Live;
use crate::route::{WHAT_IF, what_if_values};
use crate::text::{Text, count};

use super::memo;

/// A small form, and what came of it in sentences and numbers.
pub(super) fn what_if(name: GroupName) -> impl IntoView {
    let live = Live::here();
    let words = live.text().past();
    let result = memo(live, |past| past.what_if.clone());
    let said = move || match result.get().flatten() {
        Some(Ok(verdict)) => verdict_view(live, &verdict).into_any(),
        Some(Err(_)) | None => ().into_any(),
    };
    view! {
        <section class="card below what-if" id="what-if" aria-labelledby="what-if-title">
            <h2 class="card-title" id="what-if-title">{words.what_if}<span class="hint">{words.what_if_lead}</span></h2>
            {form(live, name)}
            <div aria-live="polite">{said}</div>
        </section>
    }
    .into_any()
}

fn form(live: Live, name: GroupName) -> impl IntoView {
    let words = live.text().past();
    // What is set now stands in the fields until something else is tried.
    let as_set = live.board_untracked(|board| {
        board.groups.get(&name).map(|state| {
            let check = &state.group.check;
            let draft = WhatIfDraft {
                interval_ms: check.interval_ms.to_string(),
                healthy_threshold: check.healthy_threshold.to_string(),
                unhealthy_threshold: check.unhealthy_threshold.to_string(),
                matcher: check.matcher.to_string(),
            };
            (draft, check.protocol.is_http())
        })
    });
    let (as_set, is_http) = as_set.unwrap_or_default();
    let as_set = StoredValue::new(as_set);
    let shown = if is_http { 4 } else { 3 };
    let fields: Vec<_> = (0..shown).map(|place| field(live, place, as_set)).collect();
    let hidden = move || {
        let ask = live.past(|past| past.ask.clone())?;
        let stretch = match ask.stretch {
            Stretch::Last(window) => vec![("range", window.to_string())],
            Stretch::Between(span) => vec![("from", span.from().to_string()), ("to", span.to().to_string())],
        };
        let all = stretch.into_iter().chain([("phase", ask.phase.as_str().to_owned())]);
        Some(all.map(|(name, value)| view! { <input type="hidden" name=name value=value/> }).collect::<Vec<_>>())
    };
    view! {
        <form class="past-form" method="get" action=live.path()>
            {fields}
            {hidden}
            <button class="btn" type="submit">{words.try_it}</button>
        </form>
    }
}

fn field(live: Live, place: usize, as_set: StoredValue<WhatIfDraft>) -> impl IntoView {
    let name = WHAT_IF.get(place).copied().unwrap_or_default();
    let label = live.text().past().fields.get(place).copied().unwrap_or_default();
    let id = format!("what-if-{name}");
    let value = move || {
        let tried = live.past(|past| past.ask.what_if.clone()).flatten();
        let set = as_set.get_value();
        let text = |draft: &WhatIfDraft| what_if_values(draft).get(place).copied().unwrap_or_default().to_owned();
        tried.map(|draft| text(&draft)).filter(|text| !text.is_empty()).unwrap_or_else(|| text(&set))
    };
    let problem = Memo::new(move |_| {
        let wrong = live.past(|past| past.what_if.clone()).flatten().and_then(Result::err).unwrap_or_default();
        let of_field = |wrong: &&Invalid| wrong.field == name;
        wrong.iter().find(of_field).map(|wrong| sentence_of(&wrong.problem, live.language()))
    });
    let error_id = format!("{id}-error");
    let described = error_id.clone();
    let is_wrong = move || problem.with(Option::is_some);
    view! {
        <label class="moment">
            <span>{label}</span>
            <input type="text" inputmode=if place < 3 { "numeric" } else { "text" } name=name id=id value=value prop:value=value
                aria-invalid=move || is_wrong().then_some("true")
                aria-describedby=move || is_wrong().then(|| described.clone())/>
            <span class="error" id=error_id>{move || problem.get()}</span>
        </label>
    }
}

fn verdict_view(live: Live, verdict: &WhatIfVerdict) -> impl IntoView + use<> {
    let text = live.text();
    let words = text.past();
    let is_group = untrack(|| live.past(|past| !past.targets.is_empty())).unwrap_or_default();
    let sentences: Vec<_> =
        sentences(verdict, text, is_group).into_iter().map(|said| view! { <li>{said}</li> }).collect();
    let rows: Vec<_> = verdict.detections.iter().map(|found| row(live, found)).collect();
    let more = (verdict.outages_then + verdict.added).saturating_sub(verdict.detections.len() as u64);
    let more = (more > 0).then(|| (words.more_outages)(&count(more)));
    let whose = is_group.then_some(words.failed_columns[1]);
    let [when, then, now] = words.detection_columns;
    let head = [Some(when), whose, Some(then), Some(now)].into_iter().flatten();
    let head = head.map(|title| view! { <th scope="col">{title}</th> }).collect::<Vec<_>>();
    let table = (!rows.is_empty()).then(|| {
        view! {
            <table class="small">
                <caption>{words.detections}</caption>
                <thead><tr>{head}</tr></thead>
                <tbody>{rows}</tbody>
            </table>
            <p class="past-more">{more}</p>
        }
    });
    view! {
        <ul class="said">{sentences}</ul>
        {table}
    }
}

/// What came of it, the most important first.
fn sentences(verdict: &WhatIfVerdict, text: &Text, is_group: bool) -> Vec<String> {
    let words = text.past();
    let WhatIfVerdict { checks, checks_now, changes_then, changes_now, outages_then, missed, added, .. } = *verdict;
    if checks == 0 {
        return vec![words.no_checks.to_owned()];
    }
    let (then, now) = (count(changes_then), count(changes_now));
    let WhatIfVerdict { unhealthy_ms_then, unhealthy_ms_now, healthy_now, .. } = *verdict;
    let mut said: Vec<String> = verdict.since.iter().map(|since| (words.since)(&since.to_string())).collect();
    if !healthy_now {
        said.push(if is_group { words.some_never_healthy } else { words.never_healthy }.to_owned());
    }
    said.push(match changes_then.cmp(&changes_now) {
        // A target that stays unhealthy does not flap either.
        // Nor does one whose outages are all overlooked.
        std::cmp::Ordering::Greater if unhealthy_ms_then < unhealthy_ms_now || missed == outages_then => {
            (words.fewer_changes)(&then, &now)
        }
        std::cmp::Ordering::Greater => (words.flaps_avoided)(&then, &now, &count(changes_then - changes_now)),
        std::cmp::Ordering::Less => (words.more_changes)(&then, &now, &count(changes_now - changes_then)),
        std::cmp::Ordering::Equal => (words.same_changes)(&now),
    });
    if unhealthy_ms_then != unhealthy_ms_now {
        said.push((words.unhealthy_for)(&(text.span)(unhealthy_ms_then), &(text.span)(unhealthy_ms_now)));
    }
    said.push(match missed {
        0 => (words.none_missed)(&count(outages_then)),
        _ => (words.missed)(&count(missed), &count(outages_then)),
    });
    if added > 0 {
        said.push((words.added)(&count(added)));
    }
    said.extend(verdict.mean_shift_ms.map(|shift| match shift {
        0 => words.as_soon.to_owned(),
        1.. => (words.later_by)(&(text.span)(shift.unsigned_abs())),
        _ => (words.sooner_by)(&(text.span)(shift.unsigned_abs())),
    }));
    if checks_now < checks {
        said.push((words.tried)(&count(checks_now), &count(checks)));
    }
    said
}

fn row(live: Live, found: &Discovery) -> impl IntoView + use<> {
    let text = live.text();
    let words = text.past();
    let target = found.target.map(|target| {
        let called =
            |past: &crate::Past| past.targets.iter().rfind(|past| past.id == target).map(|past| past.name.clone());
        view! { <td>{untrack(|| live.past(called)).flatten()}</td> }
    });
    let after = |ms: Option<u64>| ms.map_or_else(|| words.not_found.to_owned(), text.span);
    view! {
        <tr>
            <td class="mono"><Moment at=found.first_failure precision=Precision::Alone/></td>
            {target}
            <td>{after(found.then_ms)}</td>
            <td>{after(found.now_ms)}</td>
        </tr>
    }
}
