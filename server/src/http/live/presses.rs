//! The presses that run: one for each edition that somebody reads.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::EventNumber;
use engine::{Engine, Follow};
use futures_util::FutureExt as _;
use tokio::sync::watch;
use tokio_util::task::TaskTracker;

use super::edition::Edition;
use super::frame;
use super::press::{Frame, Next, Press};

/// All presses, of which there are no more than readers. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Presses {
    running: Arc<Mutex<HashMap<Edition, Arc<Press>>>>,
    tasks: TaskTracker,
}

/// A reader's place in the frames of its edition.
#[derive(Debug)]
pub(super) struct Seat {
    press: Arc<Press>,
    head: watch::Receiver<u64>,
    place: EventNumber,
    /// What happened before the press began, made for this reader.
    first: Option<Frame>,
}

/// The reader's place is unknown: it has to look at everything again.
#[derive(Debug)]
pub(super) struct Lost;

impl Presses {
    /// Presses whose tasks `tasks` waits for.
    pub(crate) fn new(tasks: TaskTracker) -> Self {
        Self { running: Arc::default(), tasks }
    }

    /// A seat for a reader that has seen everything up to `place`.
    pub(super) fn seat(&self, engine: &Engine, edition: Edition, place: EventNumber) -> Result<Seat, Lost> {
        if engine.with_board(|board| board.number) < place {
            return Err(Lost);
        }
        let (press, head) = {
            let mut running = self.running();
            let press = running.entry(edition.clone()).or_insert_with(|| self.begin(engine, edition, place));
            // Before the lock is let go, so that the press does not end for want of readers.
            (Arc::clone(press), press.head())
        };
        let first = if place < press.tail() { Some(missed(engine, press.edition(), place)?) } else { None };
        Ok(Seat { press, head, place, first })
    }

    fn begin(&self, engine: &Engine, edition: Edition, place: EventNumber) -> Arc<Press> {
        let press = Arc::new(Press::new(edition, place));
        self.tasks.spawn(run(self.clone(), engine.clone(), Arc::clone(&press), place));
        press
    }

    fn running(&self) -> MutexGuard<'_, HashMap<Edition, Arc<Press>>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Runs a press until nobody sits before it.
async fn run(presses: Presses, engine: Engine, press: Arc<Press>, place: EventNumber) {
    let mut follower = engine.follow(place);
    loop {
        follower = press.run(&engine, follower).await;
        let mut running = presses.running();
        // Somebody may have sat down meanwhile.
        if press.is_idle() || press.is_stopped() {
            running.remove(press.edition());
            return;
        }
    }
}

/// Everything after `place`, up to now.
fn missed(engine: &Engine, edition: &Edition, place: EventNumber) -> Result<Frame, Lost> {
    let mut follower = engine.follow(place);
    let mut events = Vec::new();
    loop {
        match follower.next().now_or_never() {
            Some(Follow::Events(more)) => events.extend(more),
            Some(Follow::Lagged) => return Err(Lost),
            Some(Follow::Stopped) | None => return Ok(frame::of_events(engine, edition, place, &events)),
        }
    }
}

impl Seat {
    /// Waits for the next frame. Safe to drop and call again.
    pub(super) async fn next(&mut self) -> Next {
        if let Some(first) = self.first.take() {
            return self.take(first);
        }
        loop {
            self.head.borrow_and_update();
            match self.press.after(self.place) {
                Next::Frame(frame) => return self.take(frame),
                Next::Nothing => {}
                other => return other,
            }
            if self.head.changed().await.is_err() {
                return Next::Stopped;
            }
        }
    }

    fn take(&mut self, frame: Frame) -> Next {
        self.place = frame.upto.max(self.place);
        Next::Frame(frame)
    }
}
