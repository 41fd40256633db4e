//! The heartbeat bar of a target: a cell a check, newest at the right, drawn as one path per colour.

use std::fmt::Write as _;

use domain::{BEATS_MAX, Beat, Beats, Micros, Reason};
use leptos::prelude::*;

use crate::live::Live;
use crate::text::{millis, to_a_tenth};

use super::moment::{Precision, in_words};

const HEIGHT: f64 = 22.0;

/// From the upper left corner of a cell over its width down to the whole height, and back.
const DOWN: &str = "h3V22h-3z";

/// Width of a cell with its gap.
const STEP: f64 = 4.2;

/// Cells of a bar as paths.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct BarPaths {
    /// Checks that passed.
    pub(crate) pass: String,
    /// Checks that failed.
    pub(crate) fail: String,
    /// Checks that we could not make.
    pub(crate) unknown: String,
    /// Places where no check is.
    pub(crate) empty: String,
}

/// Adds a cell of this height at a place.
pub(crate) fn cell(path: &mut String, place: usize, height: f64) {
    let x = place as f64 * STEP;
    // Writing to a string cannot fail.
    let _ = write!(path, "M{} {}{DOWN}", to_a_tenth(x), to_a_tenth(HEIGHT - height));
}

/// The height of a pass: as usual is a little over half, each doubling is a step more.
pub(crate) fn height(total: Micros, usual: Micros) -> f64 {
    let ratio = f64::from(total.0.max(1)) / f64::from(usual.0.max(1));
    (12.0 + 3.0 * ratio.log2()).clamp(5.0, 18.0)
}

/// What is usual: the median.
pub(crate) fn usual(totals: impl Iterator<Item = Micros>) -> Micros {
    let mut totals: Vec<Micros> = totals.collect();
    totals.sort_unstable();
    totals.get(totals.len() / 2).copied().unwrap_or(Micros(1))
}

/// The bar of a target.
pub(crate) fn paths(beats: &Beats) -> BarPaths {
    let usual = usual(beats.iter().filter(|beat| beat.reason.is_none()).map(|beat| beat.total));
    let mut bar = BarPaths::default();
    if !beats.are_told() {
        return bar;
    }
    let missing = BEATS_MAX.saturating_sub(beats.iter().len());
    (0..missing).for_each(|place| cell(&mut bar.empty, place, 5.0));
    for (place, beat) in (missing..).zip(beats.iter()) {
        match beat.reason {
            None => cell(&mut bar.pass, place, height(beat.total, usual)),
            Some(Reason::InternalError) => cell(&mut bar.unknown, place, 9.0),
            Some(_) => cell(&mut bar.fail, place, HEIGHT),
        }
    }
    bar
}

/// The bar; the pointer and the arrow keys read single checks.
#[component]
pub(crate) fn BeatBar(
    /// The checks.
    #[prop(into)]
    beats: Signal<Beats>,
) -> impl IntoView {
    let live = Live::here();
    let chosen = RwSignal::new(None::<usize>);
    let bar = Memo::new(move |_| beats.with(paths));
    let summary = move || beats.with(|beats| summary(live, beats));
    let mark = move || chosen.get().map(|place| format!("M{} 0{DOWN}", to_a_tenth(place as f64 * STEP)));
    let tip = move || chosen.get().and_then(|place| beats.with(|beats| tip(live, beats, place)));
    view! {
        <span class="beats">
            <svg class="bar" width="168" height="22" viewBox="0 0 168 22" role="img" tabindex="0" aria-label=summary
                on:keydown=move |event| on_key(&event, chosen)
                on:blur=move |_| chosen.set(None)
                on:mousemove=move |event| chosen.set(Some(place_at(&event)))
                on:mouseleave=move |_| chosen.set(None)
            >
                <path class="b-empty" d=move || bar.with(|bar| bar.empty.clone())></path>
                <path class="b-pass" d=move || bar.with(|bar| bar.pass.clone())></path>
                <path class="b-fail" d=move || bar.with(|bar| bar.fail.clone())></path>
                <path class="b-unknown" d=move || bar.with(|bar| bar.unknown.clone())></path>
                <path class="b-mark" d=move || mark().unwrap_or_default()></path>
            </svg>
            <output class="tip">{tip}</output>
        </span>
    }
    .into_any()
}

/// The check at a place, in words.
fn tip(live: Live, beats: &Beats, place: usize) -> Option<String> {
    let missing = BEATS_MAX.saturating_sub(beats.iter().len());
    let Beat { at, total, reason } = beats.iter().nth(place.checked_sub(missing)?).copied()?;
    let time = in_words(live, at, Precision::Millis);
    let result = reason.map_or(live.text().target().pass, Reason::as_str);
    Some(format!("{time} · {} · {result}", millis(total)))
}

/// The bar in a sentence, for those who do not see it.
fn summary(live: Live, beats: &Beats) -> String {
    let words = live.text().target();
    let count = |is: fn(&Option<Reason>) -> bool| {
        u32::try_from(beats.iter().filter(|beat| is(&beat.reason)).count()).unwrap_or(u32::MAX)
    };
    let passed = count(Option::is_none);
    let unknown = count(|reason| *reason == Some(Reason::InternalError));
    let failed = count(Option::is_some).saturating_sub(unknown);
    match beats.iter().len() {
        _ if !beats.are_told() => words.beats_untold.to_owned(),
        0 => words.no_beats.to_owned(),
        _ => format!("{}. {}", (words.beats)(passed, failed, unknown), words.beats_keys),
    }
}

fn on_key(event: &leptos::ev::KeyboardEvent, chosen: RwSignal<Option<usize>>) {
    let now = chosen.get_untracked();
    let last = BEATS_MAX - 1;
    let next = match event.key().as_str() {
        "ArrowLeft" => Some(now.map_or(last, |place| place.saturating_sub(1))),
        "ArrowRight" => Some(now.map_or(last, |place| (place + 1).min(last))),
        "Home" => Some(0),
        "End" => Some(last),
        "Escape" => None,
        _ => return,
    };
    event.prevent_default();
    chosen.set(next);
}

/// The cell under the pointer: the bar is as wide as its box, in CSS pixels.
fn place_at(event: &leptos::ev::MouseEvent) -> usize {
    (f64::from(event.offset_x().max(0)) / STEP) as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{Failure, Observation, Outcome, Phases, Timestamp};

    fn beats(outcomes: &str) -> Beats {
        let mut beats = Beats::default();
        for (at, letter) in (0i64..).zip(outcomes.chars()) {
            let phases = Phases { dns: None, connect: None, tls: None, first_byte: None, total: Micros(1000) };
            let outcome = if letter == '+' { Outcome::Pass } else { Outcome::Fail(Failure::ConnectionRefused) };
            beats.push(&Observation { at: Timestamp::from_millis(at), phases, status_code: None, outcome });
        }
        beats
    }

    #[test]
    fn every_place_is_drawn_once_and_the_newest_is_at_the_right() {
        let bar = paths(&beats("++-"));
        let cells = |path: &str| path.matches('M').count();
        assert_eq!((cells(&bar.empty), cells(&bar.pass), cells(&bar.fail)), (37, 2, 1));
        assert!(bar.fail.starts_with("M163.8 0.0"), "{}", bar.fail);
    }

    #[test]
    fn slower_is_higher_within_bounds() {
        let usual = Micros(1000);
        assert_eq!(height(usual, usual), 12.0);
        assert!(height(Micros(2000), usual) > height(usual, usual));
        assert_eq!(height(Micros(u32::MAX), usual), 18.0);
        assert_eq!(height(Micros(0), usual), 5.0);
    }
}
