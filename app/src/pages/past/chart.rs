//! The curve: percentiles, failures and states over time. It can be zoomed and moved by pointer, wheel, keys and links.
//!
//! While it moves only a transformation changes; what the new stretch holds is asked for when it rests.

use std::time::Duration;

use domain::{Phase, Point, Span, Timestamp};
use leptos::ev::{KeyboardEvent, PointerEvent, WheelEvent};
use leptos::prelude::*;

use crate::PastAsk;
use crate::components::{Precision, ahead_ms, in_words};
use crate::live::{Freshness, Live, Wish};
use crate::state::Past;
use crate::text::{count, millis};

use super::draw::{Curve, HEIGHT, WIDTH, curve, lane};
use super::view::View;
use super::{address, axis, memo};

/// So long a view rests before what it holds is asked for.
const REST: Duration = Duration::from_millis(250);

/// A stretch that ends now is asked for again after so many steps, within these bounds.
const AGAIN_MS: (u64, u64) = (5_000, 60_000);

/// A drag shorter than this part of the width is a click.
const CLICK: f64 = 0.008;

/// What moves while the page is open.
#[derive(Clone, Copy)]
struct Chart {
    live: Live,
    view: RwSignal<View>,
    /// Where a drag began and where it is, as fractions of the width.
    drag: RwSignal<Option<(f64, f64)>>,
    /// Where the pointer is.
    hover: RwSignal<Option<f64>>,
    rest: StoredValue<Option<TimeoutHandle>>,
}

/// The curve with its legend and its buttons.
pub(super) fn chart(with_states: bool) -> impl IntoView {
    let live = Live::here();
    let words = live.text().past();
    let span = memo(live, |past| past.history.span);
    let first = View::from(span.get_untracked().unwrap_or_else(|| Span::last(1, live.now.get_untracked())));
    let chart = Chart {
        live,
        view: RwSignal::new(first),
        drag: RwSignal::new(None),
        hover: RwSignal::new(None),
        rest: StoredValue::new(None),
    };
    Effect::watch(
        move || live.past.with(|past| past.as_ref().map(|past| past.history.span)),
        move |span, _, _| chart.arrive(*span),
        false,
    );
    chart.follow_now();
    view! {
        <section class="card below past-chart" aria-labelledby="curve-title">
            <div class="card-title">
                <h2 id="curve-title">{words.curve}</h2>
                <output>{move || chart.says()}</output>
                <span class="grow"></span>
                {phases(live)}
            </div>
            {chart.picture(with_states)}
            <p class="past-more">
                {legend(live)}
                <span class="grow"></span>
                <span class="past-moves">{links(live)}</span>
            </p>
            <p class="past-keys">{words.keys}</p>
        </section>
    }
    .into_any()
}

/// Which part of the checks is drawn.
fn phases(live: Live) -> impl IntoView {
    let words = live.text().past();
    let measured = memo(live, |past| past.history.phases.iter().map(|(phase, _)| *phase).collect::<Vec<_>>());
    let link = move |phase: Phase| {
        let href = move || live.past(|past| address(live, past, |ask| PastAsk { phase, ..ask.clone() }));
        let is_open = move || live.past(|past| past.history.phase == phase) == Some(true);
        view! { <a class="pick-one" href=href aria-current=move || is_open().then_some("true")>{words.phases[phase as usize]}</a> }
    };
    let links = move || {
        let measured = measured.get().unwrap_or_default();
        measured.into_iter().map(link).collect::<Vec<_>>()
    };
    view! { <nav class="picks" aria-label=words.phases_label>{links}</nav> }
}

/// What the lines are, and how fine the curve is.
fn legend(live: Live) -> impl IntoView {
    let text = live.text();
    let words = text.past();
    let fine = move || {
        live.past(|past| {
            let step = (words.each_point)(&(text.span)(past.history.step_ms));
            match past.history.source {
                domain::Source::Checks => step,
                domain::Source::Hours => format!("{step}, {}", words.from_hours),
            }
        })
    };
    view! {
        <span class="key k50">"p50"</span>
        <span class="key k95">"p95"</span>
        <span class="key k99">"p99"</span>
        <span class="key kfail">{words.legend_fails}</span>
        <span class="fine">{fine}</span>
    }
}

/// From a view to the next one, with the time that it is now.
type Move = fn(View, Timestamp) -> View;

/// The same as the wheel and the keys do, for everybody.
fn links(live: Live) -> impl IntoView {
    let words = live.text().past();
    let moves: [(&str, &str, Move); 4] = [
        ("‹", words.earlier, |view, now| view.moved(-0.5, now)),
        ("−", words.wider, |view, now| view.zoomed(2.0, 0.5, now)),
        ("+", words.closer, |view, now| view.zoomed(0.5, 0.5, now)),
        ("›", words.later, |view, now| view.moved(0.5, now)),
    ];
    let link = |(sign, label, to): (&'static str, &'static str, Move)| {
        let href = move || {
            live.past(|past| {
                let span = to(View::from(past.history.span), live.now.get_untracked()).span();
                span.map(|span| address(live, past, |ask| ask.between(span)))
            })
            .flatten()
        };
        view! { <a class="btn square" href=href aria-label=label title=label>{sign}</a> }
    };
    moves.map(link).into_view()
}

impl Chart {
    fn picture(self, with_states: bool) -> impl IntoView {
        let live = self.live;
        let drawn = memo(live, |past| curve(&past.history));
        let drawn = move || drawn.get().unwrap_or_default();
        let path = move |of: fn(Curve) -> String| move || of(drawn());
        let states = memo(live, |past| lane(past.history.span, &past.history.states, 12.0));
        let height = if with_states { "212" } else { "192" };
        let clock_y = if with_states { "206" } else { "184" };
        let lane = with_states.then(|| {
            let lane = move || states.get().unwrap_or_default();
            let paths = super::lanes::paths(lane);
            view! {
                <rect class="lane-empty" y="174" width="100%" height="12"></rect>
                <svg y="174" width="100%" height="12" viewBox="0 0 1000 12" preserveAspectRatio="none">
                    <g transform=move || self.transform()>{paths}</g>
                </svg>
            }
        });
        view! {
            <svg class="curve-picture" width="100%" height=height role="img" tabindex="0" aria-label=move || self.summary()
                on:pointerdown=move |event| self.press(&event)
                on:pointermove=move |event| self.point_at(&event)
                on:pointerup=move |event| self.release(&event)
                on:pointercancel=move |_| self.drag.set(None)
                on:pointerleave=move |_| self.hover.set(None)
                on:wheel=move |event| self.turn(&event)
                on:keydown=move |event| self.type_in(&event)
            >
                {move || scale(&drawn())}
                <svg width="100%" height="160" viewBox="0 0 1000 160" preserveAspectRatio="none">
                    <g transform=move || self.transform()>
                        <path class="c-unknown" d=path(|curve| curve.unknown)></path>
                        <path class="c-fail" d=path(|curve| curve.fails)></path>
                        <path class="c-line c99" d=path(|curve| curve.p99)></path>
                        <path class="c-line c95" d=path(|curve| curve.p95)></path>
                        <path class="c-line c50" d=path(|curve| curve.p50)></path>
                    </g>
                </svg>
                {lane}
                {move || self.clock(clock_y)}
                {move || self.nothing()}
                <rect class="c-drag" y="0" height="160" x=move || self.dragged().0 width=move || self.dragged().1></rect>
                <line class="c-cursor" y1="0" y2="160" x1=move || self.cursor() x2=move || self.cursor()></line>
            </svg>
        }
    }

    /// From the drawing, which is of the stretch that was asked for, to the view.
    fn transform(self) -> String {
        let view = self.view.get();
        let Some(drawn) = self.live.past(|past| View::from(past.history.span)) else { return String::new() };
        let scale = drawn.width() / view.width();
        let shift = WIDTH * view.place(drawn.from);
        format!("matrix({scale} 0 0 1 {shift} 0)")
    }

    fn clock(self, y: &'static str) -> Vec<AnyView> {
        let view = self.view.get();
        let ahead = ahead_ms(self.live, Timestamp::from_millis(view.to as i64));
        let mark = |mark: axis::Mark| {
            let x = percent(mark.place);
            view! {
                <line class="c-tick" x1=x.clone() x2=x.clone() y1="0" y2="166"></line>
                <text class="c-time" x=x y=y text-anchor="middle">{mark.label}</text>
            }
            .into_any()
        };
        let inside = |mark: &axis::Mark| (0.03..0.97).contains(&mark.place);
        axis::times(view, 6, ahead).into_iter().filter(inside).map(mark).collect()
    }

    /// Where nothing is drawn, why.
    fn nothing(self) -> Option<AnyView> {
        let words = self.live.text().past();
        let said = self.live.past(|past| match () {
            () if past.history.points.is_empty() => Some(words.nothing),
            () if past.history.points.iter().all(|point| point.latency.is_none()) => Some(words.no_pass),
            () => None,
        });
        let said = said.flatten()?;
        Some(view! { <text class="c-nothing" x="50%" y="76" text-anchor="middle">{said}</text> }.into_any())
    }

    /// The point under the cursor in words, or the whole stretch.
    fn says(self) -> String {
        let live = self.live;
        let words = live.text().past();
        let Some(at) = self.hover.get().map(|fraction| self.view.get().at(fraction)) else {
            return live.past(|past| checks_of(live, past)).unwrap_or_default();
        };
        let said = live.past(|past| {
            let step = past.history.step_ms.max(1) as f64;
            let start = Timestamp::from_millis((at - at.rem_euclid(step)) as i64);
            let time = in_words(live, start, Precision::Seconds);
            let point = past.history.points.iter().find(|point| point.start == start);
            format!("{time} · {}", point.map_or_else(|| words.no_data.to_owned(), |point| point_of(live, point)))
        });
        said.unwrap_or_default()
    }

    /// The curve in a sentence, for those who do not see it.
    fn summary(self) -> String {
        let live = self.live;
        let words = live.text().past();
        let said = live.past(|past| {
            let [from, to] =
                [past.history.span.from(), past.history.span.to()].map(|at| in_words(live, at, Precision::Seconds));
            (words.summary)(&from, &to, &checks_of(live, past))
        });
        said.unwrap_or_default()
    }

    fn cursor(self) -> String {
        self.hover.get().map_or_else(|| "-10".to_owned(), percent)
    }

    fn dragged(self) -> (String, String) {
        let (from, to) = self.drag.get().unwrap_or_default();
        (percent(from.min(to)), percent((from - to).abs()))
    }
}

/// What a person does with it.
impl Chart {
    fn press(self, event: &PointerEvent) {
        if event.button() == 0 {
            capture(event);
            self.drag.set(fraction(event).map(|at| (at, at)));
        }
    }

    fn point_at(self, event: &PointerEvent) {
        let at = fraction(event);
        self.hover.set(at);
        if let (Some(at), Some((from, _))) = (at, self.drag.get_untracked()) {
            self.drag.set(Some((from, at)));
        }
    }

    fn release(self, event: &PointerEvent) {
        let Some((from, _)) = self.drag.get_untracked() else { return };
        self.drag.set(None);
        let to = fraction(event).unwrap_or(from);
        let (view, now) = (self.view.get_untracked(), self.live.now.get_untracked());
        if CLICK < (from - to).abs() {
            return self.show(view.between(from, to, now), true);
        }
        let step = self.live.past.with_untracked(|past| past.as_ref().map(|past| past.history.step_ms));
        let step = step.unwrap_or(1).max(1) as f64;
        let start = view.at(to) - view.at(to).rem_euclid(step);
        // A point that cannot be looked at closer is no reason to move.
        if view.width() > step * 2.0 {
            self.show(View { from: start, to: start + step.max(10_000.0) }, true);
        }
    }

    fn turn(self, event: &WheelEvent) {
        let is_ours = event.ctrl_key() || event.meta_key() || event.delta_x().abs() > event.delta_y().abs();
        let (Some(at), true) = (fraction(event), is_ours) else { return };
        event.prevent_default();
        let (view, now) = (self.view.get_untracked(), self.live.now.get_untracked());
        let next = match event.ctrl_key() || event.meta_key() {
            true => view.zoomed((event.delta_y() / 300.0).clamp(-1.0, 1.0).exp2(), at, now),
            false => view.moved(event.delta_x() / 1000.0, now),
        };
        self.glide(next);
    }

    fn type_in(self, event: &KeyboardEvent) {
        if event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        let (view, now) = (self.view.get_untracked(), self.live.now.get_untracked());
        let next = match event.key().as_str() {
            "ArrowLeft" => view.moved(-0.1, now),
            "ArrowRight" => view.moved(0.1, now),
            "+" | "=" => view.zoomed(0.7, 0.5, now),
            "-" | "_" => view.zoomed(1.0 / 0.7, 0.5, now),
            _ => return,
        };
        event.prevent_default();
        self.glide(next);
    }

    /// Moves at once, and asks for what is there when it rests.
    fn glide(self, view: View) {
        self.view.set(view);
        self.rest.update_value(|rest| rest.take().into_iter().for_each(|handle| handle.clear()));
        let later = set_timeout_with_handle(move || self.show(view, false), REST);
        self.rest.set_value(later.ok());
    }

    fn show(self, view: View, is_step: bool) {
        self.rest.set_value(None);
        self.view.set(view);
        let live = self.live;
        let url = live.past.with_untracked(|past| {
            let span = view.span()?;
            past.as_ref().map(|past| address(live, past, |ask| ask.between(span)))
        });
        if let Some(url) = url {
            live.wish.set(Some(Wish { url, is_step }));
        }
    }

    /// What was asked for is there: a view that is moving already stays.
    fn arrive(self, span: Option<Span>) {
        if let Some(span) =
            span.filter(|_| self.rest.with_value(Option::is_none) && self.drag.get_untracked().is_none())
        {
            self.view.set(View::from(span));
        }
    }

    /// A stretch that ends now goes on while it is looked at.
    fn follow_now(self) {
        let live = self.live;
        Effect::new(move |_| {
            let again = live.past(|past| match past.ask.stretch {
                domain::Stretch::Last(_) => {
                    let ms = past.history.step_ms.clamp(AGAIN_MS.0, AGAIN_MS.1);
                    Some((format!("{}{}", live.path(), past.ask), Duration::from_millis(ms)))
                }
                domain::Stretch::Between(_) => None,
            });
            let Some((url, later)) = again.flatten() else { return };
            let ask = move || {
                let is_quiet = self.rest.with_value(Option::is_none) && self.drag.get_untracked().is_none();
                if is_quiet && !matches!(live.freshness.get_untracked(), Freshness::Stale(_)) {
                    live.wish.set(Some(Wish { url: url.clone(), is_step: false }));
                }
            };
            if let Ok(handle) = set_timeout_with_handle(ask, later) {
                on_cleanup(move || handle.clear());
            }
        });
    }
}

fn checks_of(live: Live, past: &Past) -> String {
    let history = &past.history;
    (live.text().past().checks)(&count(history.passes), &count(history.fails), &count(history.unknown))
}

fn point_of(live: Live, point: &Point) -> String {
    let words = live.text().past();
    let counts = (words.point)(&count(point.passes), &count(point.fails), &count(point.unknown));
    match point.latency {
        Some(latency) => {
            let [p50, p95, p99] = [latency.p50, latency.p95, latency.p99].map(millis);
            format!("p50 {p50} · p95 {p95} · p99 {p99} · {counts}")
        }
        None => counts,
    }
}

/// Lines for round durations.
fn scale(curve: &Curve) -> Vec<AnyView> {
    let mark = |mark: &axis::Mark| {
        let y = HEIGHT * mark.place;
        let (line, label) = (format!("{y:.1}"), format!("{:.1}", y + 12.0));
        view! {
            <line class="c-grid" x1="0" x2="100%" y1=line.clone() y2=line></line>
            <text class="c-time" x="6" y=label>{mark.label.clone()}</text>
        }
        .into_any()
    };
    curve.marks.iter().map(mark).collect()
}

fn percent(fraction: f64) -> String {
    format!("{:.3}%", fraction * 100.0)
}

#[cfg(feature = "hydrate")]
use crate::browser::{capture, fraction};

#[cfg(not(feature = "hydrate"))]
fn fraction(_: &leptos::ev::MouseEvent) -> Option<f64> {
    None
}

#[cfg(not(feature = "hydrate"))]
fn capture(_: &PointerEvent) {}
