//! The browser's stream: what its page must learn, in frames that a browser can keep up with.

mod edition;
mod frame;
mod gzip;
mod press;
mod presses;

use std::time::Duration;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use domain::{EventNumber, LabView};
use engine::LabFollower;
use futures_util::stream;
use serde::Serialize;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::{Instant, Interval, MissedTickBehavior, interval, sleep_until};

pub(crate) use presses::Presses;

use edition::Edition;
use press::{Frame, Next};
use presses::Seat;

use super::query::Query;
use super::{Site, assets, sse};

/// A tick says that the stream is alive, and what time it is here.
const TICK_EVERY: Duration = Duration::from_secs(2);

/// At most one frame of the lab goes to a reader in this time.
const LAB_FRAME_EVERY: Duration = Duration::from_millis(200);

/// `GET /live?after=N&boot=B`; with `&of=overview&in=LANGUAGE`, `&of=events&in=LANGUAGE` or `&group=NAME` only what such a
/// page shows; with `&lab=1` the lab, too.
pub(crate) async fn live(State(site): State<Site>, mut query: Query, headers: HeaderMap) -> Response {
    let permit = match site.streams.open() {
        Ok(permit) => permit,
        Err(problem) => return problem.into_response(),
    };
    let edition = Edition::asked(&mut query);
    let after = last_event_id(&headers).or_else(|| query.number("after").map(EventNumber));
    let is_this_boot = query.number("boot") == Some(site.engine.boot());
    let coding = Coding::accepted(&headers);
    let lab = query.number("lab").map(|_| Box::new(OfLab::new(&site)));
    let reader = Reader { lab, ..Reader::new(site, edition, after.filter(|_| is_this_boot), coding, permit) };
    let mut response =
        sse::respond(stream::unfold(reader, |mut reader| async { Some((reader.next().await?, reader)) }));
    if coding == Coding::Gzip {
        response.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    response
}

/// How a stream is coded. Frames are compressed once for all; what is a reader's own is sent as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Coding {
    Plain,
    Gzip,
}

impl Coding {
    fn accepted(headers: &HeaderMap) -> Self {
        let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or("");
        if assets::accepts(accepted, "gzip") { Self::Gzip } else { Self::Plain }
    }

    fn own(self, text: &str) -> Bytes {
        match self {
            Self::Plain => Bytes::copy_from_slice(text.as_bytes()),
            Self::Gzip => gzip::stored(text.as_bytes()).into(),
        }
    }

    fn shared(self, frame: Frame) -> Bytes {
        match self {
            Self::Plain => frame.plain,
            Self::Gzip => frame.gzip,
        }
    }

    fn first(self, text: &str) -> Bytes {
        match self {
            Self::Plain => self.own(text),
            Self::Gzip => [gzip::HEAD.as_slice(), &self.own(text)].concat().into(),
        }
    }
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

/// The lab, for a reader who looks at it.
struct OfLab {
    follower: LabFollower,
    clock: engine::Clock,
    next_frame: Instant,
}

impl OfLab {
    fn new(site: &Site) -> Self {
        let clock = site.engine.clock();
        Self { follower: site.engine.lab().follow(), clock, next_frame: clock.instant() }
    }
}

/// What is new of the lab; never, for a reader who does not look at it. Safe to drop and call again.
async fn next_view(lab: Option<&mut OfLab>) -> LabView {
    match lab {
        Some(lab) => {
            sleep_until(lab.next_frame).await;
            let view = lab.follower.next().await;
            lab.next_frame = lab.clock.instant() + LAB_FRAME_EVERY;
            view
        }
        None => std::future::pending().await,
    }
}

fn lab_frame(view: &LabView) -> String {
    sse::frame(None, "lab", &serde_json::to_string(view).unwrap_or_default())
}

/// A reader of the stream. It is read only when the client takes more, so a slow client holds nothing back: it falls
/// behind, and is told so.
struct Reader {
    site: Site,
    place: Place,
    ticks: Interval,
    coding: Coding,
    /// For a reader who looks at the lab.
    lab: Option<Box<OfLab>>,
    _permit: OwnedSemaphorePermit,
}

enum Place {
    Greeting(Edition, Option<EventNumber>),
    Following(Seat),
    Ended,
}

impl Reader {
    fn new(
        site: Site,
        edition: Edition,
        after: Option<EventNumber>,
        coding: Coding,
        permit: OwnedSemaphorePermit,
    ) -> Self {
        let mut ticks = interval(TICK_EVERY);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Self { site, place: Place::Greeting(edition, after), ticks, coding, lab: None, _permit: permit }
    }

    async fn next(&mut self) -> Option<Bytes> {
        match &mut self.place {
            Place::Greeting(..) => Some(self.coding.first(&self.greet())),
            Place::Following(seat) => tokio::select! {
                _ = self.ticks.tick() => Some(self.coding.own(&self.tick())),
                next = seat.next() => self.take(next),
                view = next_view(self.lab.as_deref_mut()) => Some(self.coding.own(&lab_frame(&view))),
            },
            Place::Ended => None,
        }
    }

    fn greet(&mut self) -> String {
        self.ticks.reset();
        let mut greeting = format!("{}{}", sse::RETRY, self.tick());
        let seat = match std::mem::replace(&mut self.place, Place::Ended) {
            Place::Greeting(edition, Some(after)) => self.site.presses.seat(&self.site.engine, edition, after).ok(),
            _ => None,
        };
        match seat {
            Some(seat) => self.place = Place::Following(seat),
            None => greeting.push_str(sse::RESYNC),
        }
        greeting
    }

    fn take(&mut self, next: Next) -> Option<Bytes> {
        match next {
            Next::Frame(frame) => Some(self.coding.shared(frame)),
            Next::Lagged => {
                self.place = Place::Ended;
                Some(self.coding.own(sse::RESYNC))
            }
            Next::Nothing | Next::Stopped => None,
        }
    }

    fn tick(&self) -> String {
        let engine = &self.site.engine;
        let number = engine.with_board(|board| board.number);
        let tick = Tick { now: engine.clock().now().as_millis(), number, boot: engine.boot(), build: assets::BUILD_ID };
        sse::frame(None, "tick", &serde_json::to_string(&tick).unwrap_or_default())
    }
}
