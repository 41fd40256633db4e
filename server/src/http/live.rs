//! The browser's stream: every event of the board, in frames that a browser can keep up with.

use std::time::Duration;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse as _, Response};
use domain::{EventNumber, LabView};
use engine::{Follow, Follower, LabFollower, Published};
use futures_util::stream;
use serde::Serialize;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::{Instant, Interval, MissedTickBehavior, interval, sleep_until};

use super::query::Query;
use super::{Site, assets, sse};

/// At most one frame of events goes to a reader in this time; the first one at once.
const FRAME_EVERY: Duration = Duration::from_millis(100);

/// At most one frame of the lab goes to a reader in this time.
const LAB_FRAME_EVERY: Duration = Duration::from_millis(200);

/// A tick says that the stream is alive, and what time it is here.
const TICK_EVERY: Duration = Duration::from_secs(2);

/// `GET /live?after=N&boot=B`, and with `&lab=1` the lab, too.
pub(crate) async fn live(State(site): State<Site>, mut query: Query, headers: HeaderMap) -> Response {
    let permit = match site.streams.open() {
        Ok(permit) => permit,
        Err(problem) => return problem.into_response(),
    };
    let after = last_event_id(&headers).or_else(|| query.number("after").map(EventNumber));
    let is_this_boot = query.number("boot") == Some(site.engine.boot());
    let lab = query.number("lab").map(|_| site.engine.lab().follow());
    let reader = Reader::new(site, after.filter(|_| is_this_boot), lab, permit);
    sse::respond(stream::unfold(reader, |mut reader| async { Some((reader.next().await?, reader)) }))
}

/// Where a browser that reconnects by itself was.
pub(crate) fn last_event_id(headers: &HeaderMap) -> Option<EventNumber> {
    headers.get("last-event-id")?.to_str().ok()?.parse().ok().map(EventNumber)
}

/// What stands in a tick.
#[derive(Serialize)]
struct Tick {
    now: i64,
    number: EventNumber,
    boot: u64,
    build: &'static str,
}

/// A reader of the stream. It is read only when the client takes more, so a slow client holds nothing back: it falls
/// off the ring, and is told so.
struct Reader {
    site: Site,
    place: Place,
    ticks: Interval,
    next_frame: Instant,
    lab: Option<LabFollower>,
    next_lab_frame: Instant,
    _permit: OwnedSemaphorePermit,
}

enum Place {
    Greeting(Option<EventNumber>),
    Following(Follower),
    Ended,
}

impl Reader {
    fn new(site: Site, after: Option<EventNumber>, lab: Option<LabFollower>, permit: OwnedSemaphorePermit) -> Self {
        let mut ticks = interval(TICK_EVERY);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let now = site.engine.clock().instant();
        let place = Place::Greeting(after);
        Self { site, place, ticks, next_frame: now, lab, next_lab_frame: now, _permit: permit }
    }

    async fn next(&mut self) -> Option<String> {
        let follower = match &mut self.place {
            Place::Greeting(after) => {
                let after = *after;
                return Some(self.greet(after));
            }
            Place::Following(follower) => follower,
            Place::Ended => return None,
        };
        let (next_frame, next_lab_frame) = (self.next_frame, self.next_lab_frame);
        tokio::select! {
            _ = self.ticks.tick() => Some(self.tick()),
            follow = async { sleep_until(next_frame).await; follower.next().await } => self.take(follow),
            view = async { sleep_until(next_lab_frame).await; lab_view(&mut self.lab).await } => Some(self.take_lab(&view)),
        }
    }

    fn greet(&mut self, after: Option<EventNumber>) -> String {
        self.ticks.reset();
        let greeting = format!("{}{}", sse::RETRY, self.tick());
        match after {
            Some(after) => {
                self.place = Place::Following(self.site.engine.follow(after));
                greeting
            }
            None => {
                self.place = Place::Ended;
                greeting + sse::RESYNC
            }
        }
    }

    fn take(&mut self, follow: Follow) -> Option<String> {
        match follow {
            Follow::Events(events) => {
                self.next_frame = self.site.engine.clock().instant() + FRAME_EVERY;
                Some(events_frame(&events))
            }
            Follow::Lagged => {
                self.place = Place::Ended;
                Some(sse::RESYNC.to_owned())
            }
            Follow::Stopped => None,
        }
    }

    fn take_lab(&mut self, view: &LabView) -> String {
        self.next_lab_frame = self.site.engine.clock().instant() + LAB_FRAME_EVERY;
        sse::frame(None, "lab", &serde_json::to_string(view).unwrap_or_default())
    }

    fn tick(&self) -> String {
        let engine = &self.site.engine;
        let number = engine.with_board(|board| board.number);
        let tick = Tick { now: engine.clock().now().as_millis(), number, boot: engine.boot(), build: assets::BUILD_ID };
        sse::frame(None, "tick", &serde_json::to_string(&tick).unwrap_or_default())
    }
}

/// What is new of the lab, for a reader who looks at it.
async fn lab_view(lab: &mut Option<LabFollower>) -> LabView {
    match lab {
        Some(lab) => lab.next().await,
        None => std::future::pending().await,
    }
}

/// One frame for all these events; their JSON was made once for all readers.
fn events_frame(events: &[Published]) -> String {
    let mut data = String::with_capacity(events.iter().map(|event| event.json.len() + 1).sum::<usize>() + 2);
    data.push('[');
    for (index, event) in events.iter().enumerate() {
        if index > 0 {
            data.push(',');
        }
        data.push_str(&event.json);
    }
    data.push(']');
    sse::frame(events.last().map(|last| last.event.number), "events", &data)
}
