//! The list of records.

use domain::{Brief, Figure, GroupName, Verdict};
use leptos::prelude::*;

use crate::still::{moment, still};
use crate::text::Text;
use crate::{Route, Still, Tab};

use super::{Words, took};

/// The page.
pub(in crate::still) fn list(briefs: &[Brief], group: Option<&GroupName>, goes_on: bool, text: &'static Text) -> Still {
    let words = Words::of(text.language);
    still(true, || {
        let narrowed = group.map(|group| {
            view! {
                <p class="sub">
                    {(words.of_group)(group.as_str())}" · "<a href=Route::Failovers.to_string()>{words.all}</a>
                </p>
            }
        });
        let content = if briefs.is_empty() { empty(words) } else { table(briefs, words) };
        let older = briefs.last().filter(|_| goes_on).map(|last| {
            let of_group = group.map(|group| format!("&group={group}")).unwrap_or_default();
            view! { <a class="btn" href=format!("/failovers?before={}{of_group}", last.id)>{words.older}</a> }
        });
        view! {
            <div class="head">
                <div>
                    <h1>{words.title}</h1>
                    <p class="sub">{words.lead}</p>
                    {narrowed}
                </div>
            </div>
            {content}
            <p class="after">{older}</p>
        }
        .into_any()
    })
}

fn empty(words: &Words) -> AnyView {
    view! {
        <div class="card first">
            <h2>{words.none}</h2>
            <p class="sub">{words.none_lead}</p>
            <p class="after">
                <a class="btn primary" href="/lab">{words.to_lab}</a>
                <a class="btn" href="/proxies">{words.to_proxies}</a>
            </p>
        </div>
    }
    .into_any()
}

fn table(briefs: &[Brief], words: &'static Words) -> AnyView {
    let rows: Vec<AnyView> = briefs.iter().map(|brief| row(brief, words)).collect();
    let heads = words.columns.map(|head| view! { <th scope="col">{head}</th> });
    view! {
        <div class="card">
            <table class="failovers stacks">
                <caption class="visually-hidden">{words.title}</caption>
                <thead><tr>{heads.into_iter().collect_view()}</tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn row(brief: &Brief, words: &'static Words) -> AnyView {
    let link = Route::Failover(brief.id).to_string();
    let group = Route::Group(brief.group.clone(), Tab::Targets).to_string();
    let drill = brief.drill.as_ref().map(|drill| {
        let (class, verdict) = match drill.verdict(&brief.figures, brief.ended_at.is_some()) {
            Verdict::Open => ("tag", words.open.to_owned()),
            Verdict::Passed => ("tag good", words.passed.to_owned()),
            Verdict::Failed(missed) => ("tag bad", (words.failed)(&missed)),
        };
        view! { <span class=class>{(words.drill)(drill.kind, drill.scheduled)}" · "{verdict}</span> }
    });
    let open = brief.ending.is_none().then(|| view! { <span class="tag warn">{words.open}</span> });
    let [when, target, what, detected, out, lost, back] = words.columns;
    let time = |figure: Figure| match figure.value {
        Some(ms) => view! { <b>{took(ms)}</b> }.into_any(),
        None => view! { <span class="note">{figure.missing.map(words.missing)}</span> }.into_any(),
    };
    let lost_requests = match brief.figures.requests_lost.value {
        Some(count) => view! { <b>{format!("{count:.0}")}</b> }.into_any(),
        None => time(brief.figures.requests_lost),
    };
    let fault = brief.fault.map(|fault| fault.what);
    let headline = (words.headline)(&brief.name, fault, brief.cause, brief.reason);
    view! {
        <tr>
            <td data-label=when><a href=link.clone()>{moment(brief.started_at)}</a></td>
            <td data-label=target><span class="name">{brief.name.clone()}</span><a class="note" href=group>{brief.group.to_string()}</a></td>
            <td data-label=what><a href=link>{headline}</a>" "{open}{drill}</td>
            <td class="num" data-label=detected>{time(brief.figures.detect_ms)}</td>
            <td class="num" data-label=out>{time(brief.figures.out_of_service_ms)}</td>
            <td class="num" data-label=lost>{lost_requests}</td>
            <td class="num" data-label=back>{time(brief.figures.recover_ms)}</td>
        </tr>
    }
    .into_any()
}
