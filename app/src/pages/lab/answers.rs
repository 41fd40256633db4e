//! Who answers: the strip of the last requests, the share of each server, what failed and what was slow.

use domain::{LabBalancer, LabRequest, LabShares, LabTally};
use leptos::prelude::*;

use crate::Route;
use crate::live::Live;
use crate::text::millis;

use super::closed::no_haproxy;
use super::read;

/// The section.
#[component]
pub(super) fn Answers() -> impl IntoView {
    let live = Live::here();
    let words = live.text().lab();
    let install = Memo::new(move |_| {
        read(live, |lab| match &lab.balancer {
            LabBalancer::Missing { install } => Some(install.clone()),
            LabBalancer::Awaited | LabBalancer::Haproxy { .. } => None,
        })
    });
    let content = move || match install.get() {
        Some(install) => no_haproxy(install),
        None => view! { <Strip/><div class="lab-below"><Shares/><Figures/></div> }.into_any(),
    };
    view! {
        <section class="card lab-answers" aria-labelledby="answers-title">
            <div class="card-title">
                <h2 id="answers-title">{words.answers}</h2>
                <Rate/>
            </div>
            {content}
        </section>
    }
    .into_any()
}

/// The last requests, a cell each: number and colour say who served it.
#[component]
fn Strip() -> impl IntoView {
    let live = Live::here();
    let words = live.text().lab();
    let answers = Memo::new(move |_| read(live, |lab| lab.answers.clone()));
    let count = Memo::new(move |_| answers.with(Vec::len));
    let lead = move || match count.get() {
        0 => words.no_answers.to_owned(),
        count => (words.answers_lead)(count),
    };
    view! {
        <p class="card-note">{lead}</p>
        <ol class="lab-strip" aria-hidden="true">
            <For each=move || answers.get() key=|answer| answer.number let(answer)>{cell(live, &answer)}</For>
        </ol>
    }
    .into_any()
}

fn cell(live: Live, answer: &LabRequest) -> AnyView {
    let words = live.text().lab();
    let slow = if answer.is_slow() { " lab-slow" } else { "" };
    let (class, text) = match answer.by().filter(|_| answer.is_served()) {
        Some(number) => (format!("lab-{number}{slow}"), number.to_string()),
        None => ("lab-bad".to_owned(), "✕".to_owned()),
    };
    let slow = answer.is_slow().then(|| format!(" · {}", words.slow));
    let title = format!("{} · {}{}", (words.answer)(answer.answer), millis(answer.took), slow.unwrap_or_default());
    view! { <li class=class title=title>{text}</li> }.into_any()
}

/// The share of each server in the strip.
#[component]
fn Shares() -> impl IntoView {
    let live = Live::here();
    let words = live.text().lab();
    let numbers = Memo::new(move |_| read(live, |lab| lab.backends.iter().map(|b| b.number).collect::<Vec<_>>()));
    let row = move |number: u8| {
        let percent = Memo::new(move |_| read(live, |lab| lab.shares().percent(number)));
        let served = Memo::new(move |_| read(live, |lab| lab.tally.served.get(&number).copied().unwrap_or(0)));
        let width = move || percent.get().unwrap_or(0).to_string();
        view! {
            <li>
                <span class=format!("lab-number lab-{number}") aria-hidden="true">{number}</span>
                <span class="lab-name">{(words.server)(number)}</span>
                <svg class=format!("lab-share lab-fill-{number}") viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
                    <rect class="lab-track" width="100" height="10"></rect>
                    <rect width=width height="10"></rect>
                </svg>
                <b class="lab-percent">{move || percent.get().map_or("–".to_owned(), words.percent)}</b>
                <span class="lab-served">{move || (words.served)(served.get())}</span>
            </li>
        }
    };
    view! {
        <div class="lab-shares">
            <h3>{words.share}</h3>
            <ul><For each=move || numbers.get() key=|number| *number let(number)>{row(number)}</For></ul>
        </div>
    }
    .into_any()
}

/// What failed and what was slow.
#[component]
fn Figures() -> impl IntoView {
    let live = Live::here();
    let words = live.text().lab();
    let figures = Memo::new(move |_| read(live, |lab| (lab.shares(), lab.tally.clone())));
    let [failed, slow, failed_ever, held_back] = words.figures;
    let of_last = move |count: fn(&LabShares) -> usize| {
        figures.with(|(shares, _)| match shares.total() {
            0 => "–".to_owned(),
            total => (words.of_last)(count(shares), total),
        })
    };
    let ever = move |count: fn(&LabTally) -> u64| figures.with(|(_, tally)| count(tally).to_string());
    let is_bad = move || figures.with(|(shares, _)| 0 < shares.failed);
    view! {
        <dl class="lab-figures">
            <div><dt class="k">{failed}</dt><dd class="v" class:lab-alarm=is_bad>{move || of_last(|shares| shares.failed)}</dd></div>
            <div><dt class="k">{slow}</dt><dd class="v">{move || of_last(|shares| shares.slow)}</dd></div>
            <div><dt class="k">{failed_ever}</dt><dd class="v">{move || ever(|tally| tally.failed)}</dd></div>
            <div hidden=move || figures.with(|(_, tally)| tally.held_back == 0)>
                <dt class="k">{held_back}</dt><dd class="v">{move || ever(|tally| tally.held_back)}</dd>
            </div>
        </dl>
    }
    .into_any()
}

/// How often the synthetic client asks.
#[component]
fn Rate() -> impl IntoView {
    let live = Live::here();
    let words = live.text().lab();
    let rate = Memo::new(move |_| read(live, |lab| lab.rate_per_s));
    move || {
        view! {
            <form class="lab-rate" method="post" action=Route::Lab.to_string()>
                <label for="lab-rate">{words.rate}</label>
                <input id="lab-rate" name="rate_per_s" inputmode="numeric" autocomplete="off" value=rate.get().to_string()/>
                <button class="btn" name="action" value="rate">{words.set_rate}</button>
            </form>
        }
    }
}
