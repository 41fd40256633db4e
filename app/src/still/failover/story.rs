//! The same as a list in the order of time, for those who read rather than look.

use domain::{Failover, Status, Timestamp};
use leptos::prelude::*;

use crate::text::{Text, clock_utc};

use super::{Words, lanes, took};

/// So many lines.
const LINES_MAX: usize = 200;

/// One line.
struct Line {
    at: Timestamp,
    who: String,
    what: String,
    class: &'static str,
}

/// The card.
pub(super) fn story(failover: &Failover, words: &'static Words, text: &'static Text) -> AnyView {
    let mut lines = lines(failover, words, text);
    lines.sort_by_key(|line| line.at);
    let surplus = lines.len().saturating_sub(LINES_MAX);
    lines.truncate(LINES_MAX);
    let left_out = u32::try_from(surplus).unwrap_or(u32::MAX).saturating_add(failover.evidence.checks.left_out());
    let rows = lines.into_iter().map(|line| {
        let title = format!("{} UTC", clock_utc(line.at));
        view! {
            <tr class=line.class>
                <td class="num" title=title>{lanes::offset(failover, line.at)}</td>
                <td>{line.who}</td>
                <td>{line.what}</td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    let [after, who, what] = words.story_columns;
    let holes = failover.evidence.has_holes.then(|| view! { <p class="promise">{words.holes}</p> });
    let left_out = (0 < left_out).then(|| view! { <p class="promise">{(words.left_out)(left_out)}</p> });
    view! {
        <section class="card">
            <h2 class="card-title">{words.in_order}</h2>
            {holes}
            <table class="story">
                <thead><tr><th scope="col" class="num">{after}</th><th scope="col">{who}</th><th scope="col">{what}</th></tr></thead>
                <tbody>{rows}</tbody>
            </table>
            {left_out}
        </section>
    }
    .into_any()
}

/// Passes that follow each other are one line.
fn lines(failover: &Failover, words: &'static Words, text: &'static Text) -> Vec<Line> {
    let ours = || "Drainboard".to_owned();
    let mut lines = Vec::new();
    if let Some(fault) = failover.fault {
        let what = (words.fault)(fault.what).to_owned();
        lines.push(Line { at: fault.at, who: failover.name.clone(), what, class: "bad" });
    }
    let mut passes = 0_u32;
    for check in &failover.evidence.checks {
        let (what, class) = match check.reason {
            Some(reason) => (format!("{} · {}", reason.as_str(), took(check.took.as_millis_f64())), "bad"),
            None => (format!("{} · {}", words.passed_check, took(check.took.as_millis_f64())), ""),
        };
        passes = if check.reason.is_none() { passes + 1 } else { 0 };
        // Of a run of passes the first two tell enough.
        if passes <= 2 {
            lines.push(Line { at: check.ended_at(), who: words.our_checks.to_owned(), what, class });
        }
    }
    for belief in &failover.evidence.beliefs {
        let class = if belief.status == Status::Unhealthy { "bad" } else { "" };
        let what = (words.became)((text.status_inside)(belief.status));
        lines.push(Line { at: belief.at, who: ours(), what, class });
    }
    for opinion in &failover.evidence.opinions {
        let what = opinion.says.clone().unwrap_or_else(|| words.silent.to_owned());
        let class = if opinion.is_up == Some(false) { "bad" } else { "" };
        lines.push(Line {
            at: opinion.at,
            who: lanes::name(failover, &opinion.proxy, &opinion.backend),
            what: format!("{} {what}", opinion.server),
            class,
        });
    }
    for told in &failover.evidence.told {
        let answer = told.failed.clone().unwrap_or_else(|| took(told.took.as_millis_f64()));
        let proxy = lanes::name(failover, &told.proxy, &told.backend);
        let what = format!("{proxy} → {} {} · {answer}", lanes::order(told.order), told.server);
        lines.push(Line { at: told.at, who: ours(), what, class: if told.failed.is_some() { "bad" } else { "did" } });
    }
    if let Some(end) = failover.ended_at {
        let what = failover.ending.map_or(words.not_over, |ending| (words.ending)(ending)).to_owned();
        lines.push(Line { at: end, who: ours(), what, class: "good" });
    }
    lines
}
