//! The moment that is looked at, and the ways to move it.

use std::time::Duration;

use domain::{Span, Timestamp};
use leptos::prelude::*;

use crate::PastAsk;
use crate::live::Live;

/// From one picture to the next while time plays.
const FRAME: Duration = Duration::from_millis(50);

/// The address follows the moment when it has rested for so long.
const REST: Duration = Duration::from_millis(300);

/// How much faster than it was time can play.
pub(super) const SPEEDS: [u32; 4] = [1, 10, 60, 600];

/// A moment of the stretch that is shown.
#[derive(Clone, Copy)]
pub(super) struct Player {
    live: Live,
    /// In milliseconds since 1970.
    at: RwSignal<f64>,
    pub(super) speed: RwSignal<u32>,
    pub(super) is_playing: RwSignal<bool>,
    rest: StoredValue<Option<TimeoutHandle>>,
}

impl Player {
    /// At the moment that the address asks for, or at the end of the stretch.
    pub(super) fn new(live: Live) -> Self {
        let asked = live.past.with_untracked(|past| past.as_ref().map(|past| (past.ask.at, past.history.span)));
        let at = asked.map_or(0.0, |(at, span)| within(span, at.unwrap_or(span.to())));
        let player = Self {
            live,
            at: RwSignal::new(at),
            speed: RwSignal::new(60),
            is_playing: RwSignal::new(false),
            rest: StoredValue::new(None),
        };
        let shown = move || live.past(|past| (past.ask.at, past.history.span));
        Effect::watch(shown, move |shown, before, _| player.arrive(*shown, before.copied().flatten()), false);
        Effect::new(move |_| player.run());
        player
    }

    /// The moment. The last one of the stretch is just before its end.
    pub(super) fn at(self) -> Timestamp {
        let at = Timestamp::from_millis(self.at.get() as i64);
        match self.span() {
            Some(span) if span.to() <= at => span.to().plus_millis(-1),
            _ => at,
        }
    }

    /// In milliseconds since 1970.
    pub(super) fn millis(self) -> f64 {
        self.at.get()
    }

    /// Where it is in the stretch, from 0 to 1.
    pub(super) fn place(self) -> f64 {
        let Some(span) = self.span() else { return 0.0 };
        (self.at.get() - span.from().as_millis() as f64) / span.millis() as f64
    }

    /// Looks at another moment.
    pub(super) fn go(self, ms: f64) {
        let Some(span) = self.span_untracked() else { return };
        self.at.set(ms.clamp(span.from().as_millis() as f64, span.to().as_millis() as f64));
        self.rest.update_value(|rest| rest.take().into_iter().for_each(|handle| handle.clear()));
        self.rest.set_value(set_timeout_with_handle(move || self.remember(), REST).ok());
    }

    /// Looks at the moment that is this part of the stretch later.
    pub(super) fn step(self, part: f64) {
        if let Some(span) = self.span_untracked() {
            self.go(self.at.get_untracked() + part * span.millis() as f64);
        }
    }

    /// Looks at the moment at a fraction of the stretch.
    pub(super) fn go_to(self, fraction: f64) {
        if let Some(span) = self.span_untracked() {
            self.go(span.from().as_millis() as f64 + fraction * span.millis() as f64);
        }
    }

    /// The address of the moment.
    pub(super) fn link(self, at: Timestamp) -> Option<String> {
        let live = self.live;
        live.past(|past| {
            let ask = PastAsk { at: Some(at), ..past.ask.between(past.history.span) };
            format!("{}{ask}", live.path())
        })
    }

    fn span(self) -> Option<Span> {
        self.live.past(|past| past.history.span)
    }

    fn span_untracked(self) -> Option<Span> {
        self.live.past.with_untracked(|past| past.as_ref().map(|past| past.history.span))
    }

    /// Another stretch is shown. Who looks at its end stays there; who looks at a moment in it stays with that.
    fn arrive(self, shown: Option<(Option<Timestamp>, Span)>, before: Option<(Option<Timestamp>, Span)>) {
        let Some((asked, span)) = shown else { return };
        let was_asked = before.and_then(|(asked, _)| asked);
        let at = Timestamp::from_millis(self.at.get_untracked() as i64);
        let was_at_end = before.is_none_or(|(_, span)| span.to() <= at);
        let next = match asked.filter(|asked| Some(*asked) != was_asked) {
            Some(asked) => asked,
            None if was_at_end || !span.contains(at) => span.to(),
            None => at,
        };
        self.at.set(within(span, next));
    }

    /// While it plays, moves on and on.
    fn run(self) {
        if !self.is_playing.get() {
            return;
        }
        let speed = f64::from(self.speed.get());
        let frame = move || {
            let ms = self.at.get_untracked() + speed * FRAME.as_millis() as f64;
            self.go(ms);
            if self.span_untracked().is_none_or(|span| span.to().as_millis() as f64 <= ms) {
                self.is_playing.set(false);
            }
        };
        if let Ok(handle) = set_interval_with_handle(frame, FRAME) {
            on_cleanup(move || handle.clear());
        }
    }

    fn remember(self) {
        self.rest.set_value(None);
        if self.is_playing.get_untracked() {
            return;
        }
        let at = untrack(|| self.at());
        if let Some(url) = untrack(|| self.link(at)) {
            remember_in_place(&url);
        }
    }
}

fn within(span: Span, at: Timestamp) -> f64 {
    at.clamp(span.from(), span.to()).as_millis() as f64
}

#[cfg(feature = "hydrate")]
use crate::browser::remember_in_place;

#[cfg(not(feature = "hydrate"))]
fn remember_in_place(_: &str) {}
