//! The live stream: what is new into what the page holds, and the truth about how fresh that is.

use std::time::Duration;

use domain::Timestamp;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::{JsCast, closure::Closure};
use serde::Deserialize;
use web_sys::{EventSource, MessageEvent};

use crate::live::{Freshness, Live};
use crate::wire;

use super::source::{Early, address};
use super::{fetch, is_seen, now_ms, on, on_document};

/// After a reconnect, silence does not count for so long, so that a reload does not flash.
const GRACE_MS: i64 = 1500;

/// A connection that was refused is tried again after so long.
const RETRY: Duration = Duration::from_millis(1000);

/// What a list demands is gathered for so long.
const GATHER: Duration = Duration::from_millis(100);

/// Ages and countdowns are drawn anew so often.
const REDRAW: Duration = Duration::from_millis(250);

/// A hidden tab has no stream; it looks so often for what its title says.
const LOOK_WHILE_HIDDEN_MS: i64 = 10_000;

/// The stream of a page.
#[derive(Clone, Copy)]
pub(super) struct Stream {
    live: Live,
    connection: StoredValue<Option<Connection>, LocalStorage>,
    clock: StoredValue<Clock>,
    is_looking: StoredValue<bool>,
}

/// When the server was heard, by the browser's clock in milliseconds.
#[derive(Clone, Copy)]
struct Clock {
    heard: i64,
    /// Whether it was heard since the page last came from it: what is shown goes on from there.
    was_heard: bool,
    grace_until: i64,
    /// How far the server's clock is ahead.
    ahead: i64,
    looked: i64,
}

/// What the server says every 2 s.
#[derive(Deserialize)]
struct Tick {
    now: i64,
    boot: u64,
    build: String,
}

/// An open connection.
struct Connection {
    source: EventSource,
    _listeners: [Closure<dyn Fn(MessageEvent)>; 5],
}

impl Stream {
    /// Opens the stream, and keeps it open while somebody looks.
    pub(super) fn start(live: Live) {
        let now = now_ms();
        let ahead = live.now.get_untracked().as_millis() - now;
        let clock = Clock { heard: now, was_heard: false, grace_until: 0, ahead, looked: now };
        let (connection, clock) = (StoredValue::new_local(None), StoredValue::new(clock));
        let stream = Self { live, connection, clock, is_looking: StoredValue::new(false) };
        match use_context::<Early>().and_then(Early::take) {
            Some(source) => stream.follow(source),
            None => stream.reopen(),
        }
        set_interval(move || stream.redraw(), REDRAW);
        on_document("visibilitychange", move |_: web_sys::Event| stream.turn());
        on(&window(), "pageshow", move |event: web_sys::PageTransitionEvent| {
            if event.persisted() {
                stream.turn();
            }
        });
        on(&window(), "online", move |_: web_sys::Event| stream.turn());
        // Only the lab's own page hears of the lab.
        let is_lab = Memo::new(move |_| live.is_lab());
        Effect::watch(move || is_lab.get(), move |_, _, _| stream.turn(), false);
        Effect::watch(move || live.demands.get(), move |_, _, _| stream.meet_demand(), false);
        Effect::watch(move || live.breaks.get(), move |_, _, _| stream.turn(), false);
    }

    fn open(self) {
        let (number, boot) = (self.live.number(), self.live.boot());
        let address = self.live.page.with_untracked(|page| address(page, number, boot));
        if let Ok(source) = EventSource::new(&address) {
            self.follow(source);
        }
    }

    fn follow(self, source: EventSource) {
        let listen = |name: &str, heard: fn(Self, &str)| {
            let listener = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
                heard(self, &event.data().as_string().unwrap_or_default());
            });
            // Only a wrong name could fail here.
            let _ = source.add_event_listener_with_callback(name, listener.as_ref().unchecked_ref());
            listener
        };
        let _listeners = [
            listen("news", Self::on_news),
            listen("tick", Self::on_tick),
            listen("lab", Self::on_lab),
            listen("resync", |stream, _| stream.resync()),
            listen("error", |stream, _| stream.on_error()),
        ];
        self.connection.set_value(Some(Connection { source, _listeners }));
    }

    fn close(self) {
        let old = self.connection.try_update_value(Option::take).flatten();
        // At once, so that nothing more comes from it.
        old.iter().for_each(|old| old.source.close());
        // Dropped later: one of its own listeners may be running.
        set_timeout(move || drop(old), Duration::ZERO);
    }

    fn is_open(self) -> bool {
        self.connection.with_value(Option::is_some)
    }

    /// Closes the stream of a hidden tab, opens that of one that is looked at.
    fn turn(self) {
        self.close();
        if is_seen() {
            self.clock.update_value(|clock| clock.grace_until = now_ms() + GRACE_MS);
            self.open();
        }
    }

    fn hear(self) {
        self.clock.update_value(|clock| {
            clock.heard = now_ms();
            clock.was_heard = true;
        });
        if !matches!(self.live.freshness.get_untracked(), Freshness::Live(_)) {
            // After what came with it, which may say that the page has to be taken again.
            set_timeout(move || self.redraw(), Duration::ZERO);
        }
    }

    fn on_news(self, data: &str) {
        self.hear();
        if !self.live.hear(data) {
            self.resync();
        }
    }

    fn on_lab(self, data: &str) {
        self.hear();
        if let Some(hear) = self.live.hear_lab.get_value() {
            hear(self.live, data);
        }
    }

    fn on_tick(self, data: &str) {
        let Ok(Tick { now, boot, build }) = wire::read(data) else { return };
        self.clock.update_value(|clock| clock.ahead = now - now_ms());
        self.hear();
        let is_other = self.live.page.with_untracked(|page| page.build != build);
        if is_other != self.live.is_outdated.get_untracked() {
            self.live.is_outdated.set(is_other);
        }
        if boot != self.live.boot() {
            self.resync();
        }
    }

    /// The browser tries again by itself, unless the answer was no stream at all.
    fn on_error(self) {
        let is_closed = self
            .connection
            .with_value(|open| open.as_ref().is_some_and(|open| open.source.ready_state() == EventSource::CLOSED));
        if is_closed {
            self.close();
            set_timeout(move || self.reopen(), RETRY);
        }
    }

    fn reopen(self) {
        if !self.is_open() && is_seen() {
            self.open();
        }
    }

    /// Takes everything again, then follows from there.
    fn resync(self) {
        self.close();
        self.clock.update_value(|clock| clock.was_heard = false);
        if matches!(self.live.freshness.get_untracked(), Freshness::Live(_)) {
            let Clock { heard, ahead, .. } = self.clock.get_value();
            self.live.freshness.set(Freshness::Made(Timestamp::from_millis(heard + ahead)));
        }
        spawn_local(async move {
            match self.look().await {
                true => self.reopen(),
                false => set_timeout(
                    move || {
                        if !self.is_open() {
                            self.resync()
                        }
                    },
                    RETRY,
                ),
            }
        });
    }

    /// Fetches what a list came to show, once for all that came within a moment.
    fn meet_demand(self) {
        if !self.is_looking.get_value() {
            self.is_looking.set_value(true);
            let look = move || {
                self.is_looking.set_value(false);
                spawn_local(async move {
                    self.look().await;
                });
            };
            set_timeout(look, GATHER);
        }
    }

    async fn look(self) -> bool {
        self.clock.update_value(|clock| clock.looked = now_ms());
        let url = self.live.address();
        let Some(mut data) = fetch::page_data(self.live, &url).await else { return false };
        self.live.address() != url || self.live.renew(&mut data)
    }

    /// Draws ages anew, and says so when nothing was heard for too long.
    fn redraw(self) {
        let Clock { heard, was_heard, grace_until, ahead, looked } = self.clock.get_value();
        let now = now_ms();
        if !is_seen() {
            if LOOK_WHILE_HIDDEN_MS < now - looked {
                spawn_local(async move {
                    self.look().await;
                });
            }
            return;
        }
        self.live.now.set(Timestamp::from_millis(now + ahead));
        let freshness = match Freshness::after_silence(heard, now, ahead, now < grace_until) {
            // What was heard of what is not shown makes nothing live.
            Freshness::Live(_) if !was_heard => return,
            freshness => freshness,
        };
        if freshness != self.live.freshness.get_untracked() {
            self.live.freshness.set(freshness);
        }
    }
}
