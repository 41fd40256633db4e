//! One record.

use domain::{Cause, Failover, ProxyName, Timestamp, Verdict};
use leptos::prelude::*;

use crate::still::{moment, still};
use crate::text::{Text, failure};
use crate::{Route, Still, Tab};

use super::{Words, figures, lanes, lasts, story, took};

/// The page.
pub(in crate::still) fn record(failover: &Failover, now: Timestamp, text: &'static Text) -> Still {
    let words = Words::of(text.language);
    still(!failover.frozen, || {
        view! {
            <p class="crumb"><a href=Route::Failovers.to_string()>{words.title}</a>" / "{moment(failover.started_at)}</p>
            <div class="head">
                <div>
                    <h1>{title(failover, words)}</h1>
                    {sub(failover, words, text)}
                </div>
                <span class="grow"></span>
                {exports(failover, words)}
            </div>
            {verdict(failover, words)}
            <section class="card failover">
                {figures::figures(failover, words)}
                {lanes::lanes(failover, now, words)}
            </section>
            <div class="two below">
                {outlook(failover, words)}
                {story::story(failover, words, text)}
            </div>
        }
        .into_any()
    })
}

fn title(failover: &Failover, words: &Words) -> String {
    let figures = failover.figures();
    let moved = figures.first_success_elsewhere_ms.value.zip(figures.out_of_service_ms.value);
    let second = match (moved, figures.out_of_service_ms.value, failover.cause) {
        (_, _, Cause::CameBack) => None,
        // Requests may reach others at once where some still reach the one that is lost; it has moved when both hold.
        (Some((elsewhere, out)), ..) => Some((words.moved)(&took(elsewhere.max(out)))),
        (None, Some(out), _) => Some((words.out_in)(&took(out))),
        _ if failover.ending.is_none() => Some(words.not_over.to_owned()),
        _ => None,
    };
    let fault = failover.fault.map(|fault| fault.what);
    let first = (words.headline)(&failover.name, fault, failover.cause, failover.reason);
    second.map_or(first.clone(), |second| format!("{first} {second}"))
}

fn sub(failover: &Failover, words: &'static Words, text: &'static Text) -> AnyView {
    let group = Route::Group(failover.group.clone(), Tab::Targets).to_string();
    let target = Route::Target(failover.group.clone(), failover.target).to_string();
    let failure = failover.failure.as_ref().map(|failed| format!(" · {}", failure(failed, text.language)));
    let end = failover.ended_at.map(|at| view! { " "{words.to}" "{moment(at)} });
    let ending = failover.ending.map_or(words.not_over, |ending| (words.ending)(ending));
    let before = failover.last_good.filter(|_| failover.fault.is_none() && failover.cause == Cause::FailedChecks);
    let before =
        before.map(|good| format!(" {}", (words.fault_before)(&lasts(failover.started_at.millis_since(good)))));
    view! {
        <p class="sub">
            <a href=group>{failover.group.to_string()}</a>" · "<a href=target>{failover.address.clone()}</a>{failure}" · "
            {moment(failover.started_at)}{end}". "{ending}{before}
        </p>
    }
    .into_any()
}

fn exports(failover: &Failover, words: &'static Words) -> AnyView {
    let id = failover.id;
    let link = Route::Failover(id).to_string();
    let format = |name: &'static str, format: &'static str| {
        view! { <a href=format!("/api/v1/failovers/{id}?format={format}") download="">{name}</a> }
    };
    view! {
        <details class="more">
            <summary class="btn">{words.export}</summary>
            <div class="more-menu">
                {format("JSON", "json")}
                {format("CSV", "csv")}
                {format("Markdown", "markdown")}
            </div>
        </details>
        <a class="btn" href=link>{words.link}</a>
    }
    .into_any()
}

fn verdict(failover: &Failover, words: &'static Words) -> Option<AnyView> {
    let drill = failover.drill.as_ref()?;
    let (class, verdict) = match drill.verdict(&failover.figures(), failover.ended_at.is_some() || failover.frozen) {
        Verdict::Open => ("banner", words.open.to_owned()),
        Verdict::Passed => ("banner good", words.passed.to_owned()),
        Verdict::Failed(missed) => ("banner bad", (words.failed)(&missed)),
    };
    let kind = (words.drill)(drill.kind, drill.scheduled);
    let end = failover.ending.is_none().then(|| {
        view! {
            <form method="post" action=Route::Drill(failover.group.clone()).to_string()>
                <input type="hidden" name="target" value=failover.target.to_string()/>
                <button class="btn" name="action" value="end">{words.end_drill}</button>
            </form>
        }
    });
    Some(view! { <div class=format!("{class} drill-banner") role="status"><p><b>{kind}</b>" · "{verdict}</p>{end}</div> }.into_any())
}

/// What other settings would have given, and what the proxy alone did.
fn outlook(failover: &Failover, words: &'static Words) -> AnyView {
    let figures = failover.figures();
    let row = |name: String, note: Option<&'static str>, value: String| {
        view! {
            <tr>
                <td><span class="name">{name}</span><span class="note">{note}</span></td>
                <td class="num">{value}</td>
            </tr>
        }
        .into_any()
    };
    let mut rows: Vec<AnyView> = failover
        .outlooks()
        .into_iter()
        .map(|outlook| {
            let (mean, worst) = (lasts(outlook.bound.mean_ms), lasts(outlook.bound.worst_ms));
            row((words.alternative)(outlook.alternative).to_owned(), None, (words.mean_worst)(&mean, &worst))
        })
        .collect();
    let is_found = failover.cause == Cause::FailedChecks;
    let mut telling: Vec<&ProxyName> =
        failover.served.iter().filter(|served| is_found && served.tells_health).map(|served| &served.proxy).collect();
    telling.dedup();
    for proxy in telling {
        let (note, value) = match figures.proxy_detect_ms.value {
            Some(ms) => (words.measured_here, took(ms)),
            None => (words.not_told, "–".to_owned()),
        };
        rows.push(row((words.proxy_alone)(proxy.as_str()), Some(note), value));
    }
    if let Some(counted) = failover.counted() {
        let show = |count: Option<u64>| count.map_or("–".to_owned(), |count| count.to_string());
        let value = (words.counted)(&show(counted.errors), &show(counted.retries));
        rows.push(row(words.counted_title.to_owned(), None, value));
    }
    let bound = failover.loss().map(|loss| (words.bound_of)(&lasts(loss.bound(&failover.check).worst_ms)));
    if rows.is_empty() && bound.is_none() {
        return ().into_any();
    }
    view! {
        <section class="card">
            <h2 class="card-title">{words.outlook}</h2>
            {bound.map(|bound| view! { <p class="promise">{bound}</p> })}
            <table class="outlook"><tbody>{rows}</tbody></table>
        </section>
    }
    .into_any()
}
