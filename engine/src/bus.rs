//! The events after they are stored (or known not to be): a ring that every reader reads at its own pace.
//!
//! There is no queue per reader: a slow one costs the others nothing, and one that falls off the ring is told so.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use domain::{Event, EventNumber};
use tokio::sync::watch;

/// So many events can be read again: at a thousand checks a second those of ten seconds, in which a page that was made now
/// has opened its stream. Each takes some 400 bytes.
const RING: usize = 10_240;

/// So many events are handed to a reader at once.
const HAND_MAX: usize = 4096;

/// An event as all readers have it.
#[derive(Clone, Debug)]
pub struct Published {
    /// The event.
    pub event: Arc<Event>,
    /// Whether it changed more than figures when it happened, see [`domain::Board::is_news`].
    pub is_news: bool,
}

/// What a reader gets.
#[derive(Clone, Debug)]
pub enum Follow {
    /// The next events, consecutive, at least one.
    Events(Vec<Published>),
    /// The events after the reader's place are not in the ring any more, or not yet made: take the whole board again.
    Lagged,
    /// Drainboard is stopping.
    Stopped,
}

#[derive(Debug, Default)]
struct Ring {
    events: VecDeque<Published>,
    last: EventNumber,
}

/// The writer's end; made once.
#[derive(Debug)]
pub(crate) struct Bus {
    ring: Mutex<Ring>,
    head: watch::Sender<EventNumber>,
}

impl Bus {
    /// A bus whose next event comes after `last`.
    pub(crate) fn new(last: EventNumber) -> Self {
        Self { ring: Mutex::new(Ring { events: VecDeque::new(), last }), head: watch::Sender::new(last) }
    }

    /// Makes these events known to every reader.
    pub(crate) fn publish(&self, published: Vec<Published>) {
        let Some(last) = published.last().map(|p| p.event.number) else { return };
        {
            let mut ring = self.ring.lock().unwrap_or_else(PoisonError::into_inner);
            ring.last = last;
            ring.events.extend(published);
            let surplus = ring.events.len().saturating_sub(RING);
            ring.events.drain(..surplus);
        }
        self.head.send_replace(last);
    }

    /// A reader that has seen everything up to `after`.
    pub(crate) fn follow(self: &Arc<Self>, after: EventNumber, stop: tokio_util::sync::CancellationToken) -> Follower {
        Follower { bus: Arc::clone(self), head: self.head.subscribe(), after, stop }
    }

    fn read(&self, after: EventNumber) -> Follow {
        let ring = self.ring.lock().unwrap_or_else(PoisonError::into_inner);
        let first = ring.events.front().map_or(ring.last.next(), |p| p.event.number);
        if after > ring.last || after.next() < first {
            return Follow::Lagged;
        }
        let skip = usize::try_from(after.next().0 - first.0).unwrap_or(usize::MAX);
        Follow::Events(ring.events.iter().skip(skip).take(HAND_MAX).cloned().collect())
    }
}

/// A reader's place in the events.
#[derive(Debug)]
pub struct Follower {
    bus: Arc<Bus>,
    head: watch::Receiver<EventNumber>,
    after: EventNumber,
    stop: tokio_util::sync::CancellationToken,
}

impl Follower {
    /// The last event that was handed out.
    pub fn position(&self) -> EventNumber {
        self.after
    }

    /// Goes on after `number`, without what came before.
    pub(crate) fn skip_to(&mut self, number: EventNumber) {
        self.after = number;
    }

    /// Waits for events after those that were handed out. Safe to drop and call again.
    pub async fn next(&mut self) -> Follow {
        loop {
            self.head.borrow_and_update();
            match self.bus.read(self.after) {
                Follow::Events(events) if events.is_empty() => {}
                Follow::Events(events) => {
                    self.after = events.last().map_or(self.after, |p| p.event.number);
                    return Follow::Events(events);
                }
                other => return other,
            }
            tokio::select! {
                () = self.stop.cancelled() => return Follow::Stopped,
                changed = self.head.changed() => if changed.is_err() { return Follow::Stopped },
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{EventKind, Timestamp};
    use tokio_util::sync::CancellationToken;

    fn event(number: u64) -> Published {
        let kind = EventKind::RecordingStopped { why: domain::StoreFault::Full };
        let event = Event { number: EventNumber(number), at: Timestamp::from_millis(0), by: None, why: None, kind };
        Published { event: Arc::new(event), is_news: true }
    }

    fn numbers(follow: Follow) -> Vec<u64> {
        match follow {
            Follow::Events(events) => events.iter().map(|p| p.event.number.0).collect(),
            other => panic!("{other:?}"),
        }
    }

    #[tokio::test]
    async fn a_reader_gets_everything_after_its_place_in_order() {
        let bus = Arc::new(Bus::new(EventNumber(7)));
        let mut reader = bus.follow(EventNumber(7), CancellationToken::new());
        bus.publish(vec![event(8), event(9)]);
        bus.publish(vec![event(10)]);
        assert_eq!(numbers(reader.next().await), [8, 9, 10]);
        assert_eq!(reader.position(), EventNumber(10));
    }

    #[tokio::test]
    async fn a_reader_that_fell_off_or_is_ahead_is_told_so() {
        let bus = Arc::new(Bus::new(EventNumber(0)));
        bus.publish((1..=RING as u64 + 10).map(event).collect());
        assert!(matches!(bus.follow(EventNumber(5), CancellationToken::new()).next().await, Follow::Lagged));
        assert!(matches!(bus.follow(EventNumber(1 << 40), CancellationToken::new()).next().await, Follow::Lagged));
    }

    #[tokio::test]
    async fn a_waiting_reader_ends_when_drainboard_stops() {
        let bus = Arc::new(Bus::new(EventNumber(0)));
        let stop = CancellationToken::new();
        let mut reader = bus.follow(EventNumber(0), stop.clone());
        let (followed, ()) = tokio::join!(reader.next(), async { stop.cancel() });
        assert!(matches!(followed, Follow::Stopped));
    }
}
