//! What a *Test* saw: a row per target with the time of each phase.

use domain::{Micros, Outcome, Phases};
use leptos::prelude::*;

use crate::{Language, PageData, Trial};

use super::words::Words;

/// The results; nothing where nothing was tried.
pub(super) fn results(data: &PageData) -> Option<AnyView> {
    if data.trials.is_empty() {
        return None;
    }
    let words = Words::of(data.language);
    let phases = words.phases.map(|phase| view! { <th scope="col" class="num">{phase}</th> });
    let rows: Vec<_> = data.trials.iter().map(|trial| row(trial, words, data.language)).collect();
    Some(
        view! {
            <section class="card trial" role="status" tabindex="-1" id="trial">
                <table>
                    <caption>{words.trial}<span class="form-aside">{words.nothing_saved}</span></caption>
                    <thead>
                        <tr>
                            <th scope="col">{words.target}</th>
                            <th scope="col">{words.verdict}</th>
                            {phases}
                            <th scope="col" class="num">{words.status_code}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </section>
        }
        .into_any(),
    )
}

fn row(trial: &Trial, words: &'static Words, language: Language) -> AnyView {
    let observation = &trial.observation;
    let (class, word) = match observation.outcome {
        Outcome::Pass => ("verdict-pass", words.pass),
        Outcome::Fail(_) => ("verdict-fail", words.fail),
        Outcome::Unknown(_) => ("verdict-unknown", words.unknown),
    };
    let detail = crate::text::outcome(&observation.outcome, language);
    let Phases { dns, connect, tls, first_byte, total } = observation.phases;
    let cells = [dns, connect, tls, first_byte, Some(total)];
    let cells: Vec<_> = words
        .phases
        .iter()
        .zip(cells)
        .map(|(name, time)| view! { <td class="num" data-label=*name>{millis(time)}</td> })
        .collect();
    let code = observation.status_code.map_or("–".to_owned(), |code| code.to_string());
    view! {
        <tr>
            <th scope="row" class="code">{trial.address.clone()}</th>
            <td><strong class=class>{word}</strong>{detail.map(|text| view! { <span class="why">{text}</span> })}</td>
            {cells}
            <td class="num" data-label=words.status_code>{code}</td>
        </tr>
    }
    .into_any()
}

/// A time that was not measured is a dash, never a zero.
fn millis(time: Option<Micros>) -> String {
    time.map_or("–".to_owned(), |time| match time.as_millis_f64() {
        ms if ms < 100.0 => format!("{ms:.1} ms"),
        ms => format!("{ms:.0} ms"),
    })
}
