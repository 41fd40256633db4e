//! The sentinel of one target: opened when the target is well, held, and given up when it is of no use.
//!
//! When to open it again is decided in `domain`; here are the connection and the waiting.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use domain::{Failure, Health, NotOpened, Outcome, Patience, Sentinel, TargetId, Timestamp};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, sleep_until};

use super::notices::Notices;
use super::shared::Shared;
use super::watch::Wanted;
use crate::probe::{Held, Prober};

/// How many sentinels may be held in all. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Places {
    free: Arc<Semaphore>,
    max: u32,
}

impl Places {
    pub(crate) fn new(max: usize) -> Self {
        let max = max.min(Semaphore::MAX_PERMITS);
        Self { free: Arc::new(Semaphore::new(max)), max: u32::try_from(max).unwrap_or(u32::MAX) }
    }
}

/// What every sentinel needs.
#[derive(Clone)]
pub(crate) struct Outfit {
    pub(crate) shared: Arc<Shared>,
    pub(crate) prober: Prober,
    pub(crate) places: Places,
    pub(crate) notices: Notices,
}

/// The sentinel of one target. Its place and its connection end with it.
pub(crate) struct Post {
    id: TargetId,
    wanted: Arc<Wanted>,
    outfit: Outfit,
    state: State,
    patience: Patience,
}

type Opening = Pin<Box<dyn Future<Output = Result<Held, NotOpened>> + Send>>;

enum State {
    /// It must not be opened: the target is not known to be well.
    Down,
    /// It is opened then.
    Pausing(Instant),
    Opening(Opening, OwnedSemaphorePermit),
    Held(Watched),
    /// It ended, and the check that this starts has not said yet why.
    Ended(End),
}

/// A connection that is held.
struct Watched {
    connection: Held,
    since: Instant,
    _place: OwnedSemaphorePermit,
    _count: Count,
}

/// What started a check.
enum End {
    /// The target ended a connection that was held for so long.
    Closed(Duration),
    /// It refused a new one.
    Refused(NotOpened),
}

impl Post {
    pub(crate) fn new(id: TargetId, wanted: Arc<Wanted>, outfit: Outfit) -> Self {
        Self { id, wanted, outfit, state: State::Down, patience: Patience::default() }
    }

    /// Opens and holds the connection as far as it may be, and waits for what calls for a check at once: its end, or that
    /// it is refused. Safe to drop and to call again.
    pub(crate) async fn alarm(&mut self) {
        loop {
            match &mut self.state {
                State::Down | State::Ended(_) => std::future::pending().await,
                State::Pausing(until) => {
                    sleep_until(*until).await;
                    self.open();
                }
                State::Opening(opening, _) => match opening.await {
                    Ok(connection) => self.hold(connection),
                    Err(why @ NotOpened::Target(Failure::ConnectionRefused)) => {
                        self.state = State::Ended(End::Refused(why));
                        break;
                    }
                    Err(why) => self.pause(|patience, now| patience.after_refusal(why, now)),
                },
                State::Held(watched) => {
                    watched.connection.ended().await;
                    let held = self.outfit.shared.clock.instant().saturating_duration_since(watched.since);
                    self.state = State::Ended(End::Closed(held));
                    break;
                }
            }
        }
        self.outfit.shared.vitals.sentinel_alarms.fetch_add(1, Ordering::Relaxed);
    }

    /// Takes in how a check ended, and what we believe since.
    pub(crate) fn learn(&mut self, outcome: &Outcome, health: &Health) {
        let is_well = self.wanted.check.holds_sentinel(health) && *outcome == Outcome::Pass;
        match &self.state {
            State::Down if is_well => {
                self.patience = Patience::default();
                self.open();
            }
            State::Ended(End::Closed(held)) if is_well => {
                let held_ms = u64::try_from(held.as_millis()).unwrap_or(u64::MAX);
                self.pause(|patience, now| patience.after_end(held_ms, now));
            }
            State::Ended(End::Refused(why)) if is_well => {
                let why = why.clone();
                self.pause(|patience, now| patience.after_refusal(why, now));
            }
            State::Down => {}
            _ if matches!(health, Health::Unhealthy { .. }) => self.give_up(),
            _ => {}
        }
    }

    fn open(&mut self) {
        let Places { free, max } = self.outfit.places.clone();
        let Ok(place) = free.try_acquire_owned() else {
            return self.pause(|patience, now| patience.without_room(max, now));
        };
        let (prober, wanted) = (self.outfit.prober.clone(), Arc::clone(&self.wanted));
        let opening = async move {
            let port = wanted.check.port.for_traffic(wanted.port);
            prober.hold(&wanted.check, &wanted.host, port).await
        };
        self.state = State::Opening(Box::pin(opening), place);
    }

    fn hold(&mut self, connection: Held) {
        let before = std::mem::replace(&mut self.state, State::Down);
        let State::Opening(_, place) = before else { return };
        let (since, count) = (self.outfit.shared.clock.instant(), Count::new(&self.outfit.shared));
        self.state = State::Held(Watched { connection, since, _place: place, _count: count });
        self.tell(Sentinel::Held { since: self.outfit.shared.clock.now() });
    }

    fn pause(&mut self, decide: impl FnOnce(Patience, Timestamp) -> (Patience, Sentinel)) {
        let clock = self.outfit.shared.clock;
        let now = clock.now();
        let (patience, sentinel) = decide(self.patience, now);
        let pause = sentinel.until().map_or(0, |until| until.millis_since(now));
        self.patience = patience;
        self.state = State::Pausing(clock.instant() + Duration::from_millis(pause));
        self.tell(sentinel);
    }

    fn give_up(&mut self) {
        if let State::Held(Watched { connection, .. }) = std::mem::replace(&mut self.state, State::Down) {
            connection.let_go();
        }
        self.tell(Sentinel::Down);
    }

    fn tell(&self, sentinel: Sentinel) {
        self.outfit.notices.put(&self.wanted.group, self.id, sentinel);
    }
}

impl Drop for Post {
    fn drop(&mut self) {
        if let State::Held(Watched { connection, .. }) = std::mem::replace(&mut self.state, State::Down) {
            connection.let_go();
        }
    }
}

/// Counts a sentinel as held for as long as it lives.
struct Count(Arc<Shared>);

impl Count {
    fn new(shared: &Arc<Shared>) -> Self {
        shared.vitals.sentinels_held.fetch_add(1, Ordering::Relaxed);
        Self(Arc::clone(shared))
    }
}

impl Drop for Count {
    fn drop(&mut self) {
        self.0.vitals.sentinels_held.fetch_sub(1, Ordering::Relaxed);
    }
}
