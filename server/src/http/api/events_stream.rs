//! The record as a stream: first what is stored after the reader's place, then what comes, without gap or repeat.

use std::collections::VecDeque;
use std::time::Duration;

use axum::response::Response;
use domain::{Event, EventNumber};
use engine::{EventFilter, Follow, Follower};
use futures_util::{FutureExt as _, stream};
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::{Interval, MissedTickBehavior, interval};

use super::events::Wanted;
use super::view::event::EventView;
use crate::http::problem::Problem;
use crate::http::{Site, sse};

/// A comment says that the stream is alive.
const TICK_EVERY: Duration = Duration::from_secs(15);

/// Stored events are read in such pages.
const PAGE: u32 = 500;

/// The answer that the stream of these events is.
pub(crate) fn respond(site: Site, wanted: Wanted) -> Result<Response, Problem> {
    let permit = site.streams.open()?;
    let reader = Reader::new(site, wanted, permit);
    Ok(sse::respond(stream::unfold(reader, |mut reader| async { Some((reader.next().await?, reader)) })))
}

struct Reader {
    site: Site,
    wanted: Wanted,
    place: Place,
    ticks: Interval,
    _permit: OwnedSemaphorePermit,
}

enum Place {
    Greeting,
    /// Reading what is stored after `after`, up to where `live` takes over.
    Stored {
        after: EventNumber,
        live: Follower,
    },
    Live(Follower),
    Ended,
}

impl Reader {
    fn new(site: Site, wanted: Wanted, permit: OwnedSemaphorePermit) -> Self {
        let mut ticks = interval(TICK_EVERY);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Self { site, wanted, place: Place::Greeting, ticks, _permit: permit }
    }

    /// The next text to send; none when the stream ends.
    async fn next(&mut self) -> Option<String> {
        loop {
            let text = match std::mem::replace(&mut self.place, Place::Ended) {
                Place::Greeting => self.greet(),
                Place::Stored { after, live } => self.read_stored(after, live).await,
                Place::Live(follower) => self.follow(follower).await?,
                Place::Ended => return None,
            };
            if !text.is_empty() {
                return Some(text);
            }
        }
    }

    /// What is still in the ring is taken from there: it may not be stored, while the store cannot write.
    fn greet(&mut self) -> String {
        self.ticks.reset();
        let engine = &self.site.engine;
        let now = engine.with_board(|board| board.number);
        let since = self.wanted.since.unwrap_or(now);
        let mut follower = engine.follow(since);
        let mut text = sse::RETRY.to_owned();
        self.place = match follower.next().now_or_never() {
            None => Place::Live(follower),
            Some(Follow::Events(events)) => {
                text.extend(events.iter().filter_map(|published| self.frame(&published.event)));
                Place::Live(follower)
            }
            Some(Follow::Lagged) => Place::Stored { after: since, live: engine.follow(now) },
            Some(Follow::Stopped) => Place::Ended,
        };
        text
    }

    async fn read_stored(&mut self, after: EventNumber, live: Follower) -> String {
        let (group, proxy) = (self.wanted.group.clone(), self.wanted.proxy.clone());
        let filter = EventFilter { since: Some(after), group, proxy, limit: PAGE, ..EventFilter::default() };
        let events: VecDeque<Event> = match self.site.engine.events(filter).await {
            Ok(events) => events.into(),
            Err(error) => {
                tracing::error!(%error, "a stream of events ends: what is stored cannot be read");
                return sse::RESYNC.to_owned();
            }
        };
        let upto = live.position();
        let is_last_page = events.len() < PAGE as usize || events.back().is_none_or(|last| last.number >= upto);
        let text = events.iter().filter(|event| event.number <= upto).filter_map(|event| self.frame(event)).collect();
        self.place = match events.back() {
            Some(last) if !is_last_page => Place::Stored { after: last.number, live },
            _ => Place::Live(live),
        };
        text
    }

    async fn follow(&mut self, mut follower: Follower) -> Option<String> {
        let follow = tokio::select! {
            _ = self.ticks.tick() => {
                self.place = Place::Live(follower);
                return Some(": tick\n\n".to_owned());
            }
            follow = follower.next() => follow,
        };
        match follow {
            Follow::Events(events) => {
                self.place = Place::Live(follower);
                Some(events.iter().filter_map(|published| self.frame(&published.event)).collect())
            }
            Follow::Lagged => Some(sse::RESYNC.to_owned()),
            Follow::Stopped => None,
        }
    }

    fn frame(&self, event: &Event) -> Option<String> {
        let Wanted { group, proxy, .. } = &self.wanted;
        let is_wanted = group.as_ref().is_none_or(|group| event.kind.group() == Some(group))
            && proxy.as_ref().is_none_or(|proxy| event.kind.proxy() == Some(proxy));
        if !is_wanted || !event.kind.is_on_record() {
            return None;
        }
        let data = serde_json::to_string(&EventView::from(event)).ok()?;
        Some(sse::frame(Some(event.number), event.kind.as_str(), &data))
    }
}
