//! Frames of one edition, made once for all its readers. There is no queue per reader: each has a place among the frames.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::body::Bytes;
use domain::EventNumber;
use engine::{Engine, Follow, Follower, Published};
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};

use super::edition::Edition;
use super::frame;

/// At most one frame is made in this time; the first one at once.
const FRAME_EVERY: Duration = Duration::from_millis(100);

/// What changes no more than figures, and is told only by what it did to the bar of a group, waits so long for company:
/// nobody sees the difference, and every frame is sent to every reader.
const QUIET_EVERY: Duration = Duration::from_millis(500);

/// So many events do not wait any longer.
const GATHERED_MAX: usize = 4096;

/// Frames that a reader may be behind: in number, and in bytes of all of them.
const FRAMES_MAX: usize = 128;
const BYTES_MAX: usize = 2 * 1024 * 1024;

/// A frame as it is sent.
#[derive(Clone, Debug)]
pub(super) struct Frame {
    /// The event before those it tells.
    pub(super) after: EventNumber,
    /// The last event it tells.
    pub(super) upto: EventNumber,
    pub(super) plain: Bytes,
    /// A piece of a stream of [`super::gzip`].
    pub(super) gzip: Bytes,
}

impl Frame {
    fn weight(&self) -> usize {
        self.plain.len() + self.gzip.len()
    }
}

/// What a reader gets.
#[derive(Debug)]
pub(super) enum Next {
    Frame(Frame),
    /// Nothing yet: wait for the head to move.
    Nothing,
    /// What the reader needs next is gone.
    Lagged,
    /// Drainboard is stopping.
    Stopped,
}

/// The frames of an edition.
#[derive(Debug)]
pub(super) struct Press {
    edition: Edition,
    frames: Mutex<Frames>,
    /// Moves when there is something new; counts.
    head: watch::Sender<u64>,
}

#[derive(Debug)]
struct Frames {
    /// Consecutive.
    ring: VecDeque<Frame>,
    bytes: usize,
    /// The event after which the next frame begins.
    at: EventNumber,
    is_stopped: bool,
}

impl Press {
    /// A press whose first frame comes after `at`.
    pub(super) fn new(edition: Edition, at: EventNumber) -> Self {
        let frames = Frames { ring: VecDeque::new(), bytes: 0, at, is_stopped: false };
        Self { edition, frames: Mutex::new(frames), head: watch::Sender::new(0) }
    }

    /// Its edition.
    pub(super) fn edition(&self) -> &Edition {
        &self.edition
    }

    /// Moves whenever [`Press::after`] may answer otherwise.
    pub(super) fn head(&self) -> watch::Receiver<u64> {
        self.head.subscribe()
    }

    /// Whether nobody reads.
    pub(super) fn is_idle(&self) -> bool {
        self.head.receiver_count() == 0
    }

    /// Whether Drainboard is stopping.
    pub(super) fn is_stopped(&self) -> bool {
        self.frames().is_stopped
    }

    /// The oldest event after which a reader can follow.
    pub(super) fn tail(&self) -> EventNumber {
        let frames = self.frames();
        frames.ring.front().map_or(frames.at, |frame| frame.after)
    }

    /// The frame that a reader needs who has seen everything up to `place`.
    pub(super) fn after(&self, place: EventNumber) -> Next {
        let frames = self.frames();
        if frames.is_stopped {
            return Next::Stopped;
        }
        if frames.at <= place {
            return Next::Nothing;
        }
        let index = frames.ring.partition_point(|frame| frame.upto <= place);
        match frames.ring.get(index) {
            Some(frame) if frame.after <= place => Next::Frame(frame.clone()),
            _ => Next::Lagged,
        }
    }

    /// Makes frames until nobody reads any more, or Drainboard stops.
    pub(super) async fn run(&self, engine: &Engine, mut follower: Follower) -> Follower {
        let mut gathered = Vec::new();
        let mut due = None;
        loop {
            let follow = tokio::select! {
                () = self.head.closed() => {
                    self.tell(engine, &mut gathered);
                    return follower;
                }
                () = until(due) => None,
                follow = follower.next() => Some(follow),
            };
            match follow {
                Some(Follow::Events(events)) => {
                    gathered.extend(events);
                    if self.is_quiet(&gathered) {
                        due.get_or_insert_with(|| engine.clock().instant() + QUIET_EVERY);
                        continue;
                    }
                    self.tell(engine, &mut gathered);
                }
                None => self.tell(engine, &mut gathered),
                Some(Follow::Lagged) => {
                    let now = engine.with_board(|board| board.number);
                    gathered.clear();
                    self.begin_anew(now);
                    follower = engine.follow(now);
                }
                Some(Follow::Stopped) => {
                    self.frames().is_stopped = true;
                    self.wake();
                    return follower;
                }
            }
            due = None;
            tokio::time::sleep(FRAME_EVERY).await;
        }
    }

    /// Whether nobody misses these events for a while.
    fn is_quiet(&self, events: &[Published]) -> bool {
        let is_told = |published: &Published| self.edition.tells(&published.event.kind, published.is_news);
        events.len() < GATHERED_MAX && !events.iter().any(is_told)
    }

    fn tell(&self, engine: &Engine, gathered: &mut Vec<Published>) {
        if !gathered.is_empty() {
            let after = self.frames().at;
            self.push(frame::of_events(engine, &self.edition, after, gathered));
            gathered.clear();
        }
    }

    fn push(&self, frame: Frame) {
        let mut frames = self.frames();
        frames.at = frame.upto;
        frames.bytes += frame.weight();
        frames.ring.push_back(frame);
        while FRAMES_MAX < frames.ring.len() || BYTES_MAX < frames.bytes {
            let Some(oldest) = frames.ring.pop_front() else { break };
            frames.bytes -= oldest.weight();
        }
        drop(frames);
        self.wake();
    }

    /// The events between were more than the engine keeps: every reader has to take everything again.
    fn begin_anew(&self, at: EventNumber) {
        let mut frames = self.frames();
        frames.ring.clear();
        (frames.bytes, frames.at) = (0, at);
        drop(frames);
        self.wake();
    }

    fn wake(&self) {
        self.head.send_modify(|count| *count = count.wrapping_add(1));
    }

    fn frames(&self) -> MutexGuard<'_, Frames> {
        self.frames.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Never, where nothing is due.
async fn until(due: Option<Instant>) {
    match due {
        Some(due) => sleep_until(due).await,
        None => std::future::pending().await,
    }
}

#[cfg(test)]
mod tests {
    use domain::Scope;

    use super::*;

    fn frame(after: u64, upto: u64) -> Frame {
        Frame {
            after: EventNumber(after),
            upto: EventNumber(upto),
            plain: Bytes::from_static(b"frame"),
            gzip: Bytes::new(),
        }
    }

    /// What readers at these places get of a press that made these frames: the last event, `-` to wait, `x` for lagged.
    fn check(made: &[(u64, u64)], expected: &[(u64, &str)]) {
        let press = Press::new(Edition::Board(Scope::Everything), EventNumber(made[0].0));
        made.iter().for_each(|(after, upto)| press.push(frame(*after, *upto)));
        for (place, expected) in expected {
            let got = match press.after(EventNumber(*place)) {
                Next::Frame(frame) => frame.upto.to_string(),
                Next::Nothing => "-".to_owned(),
                Next::Lagged => "x".to_owned(),
                Next::Stopped => "stop".to_owned(),
            };
            assert_eq!(got, *expected, "at {place}");
        }
    }

    #[test]
    fn a_reader_gets_the_frame_that_holds_what_it_needs_next() {
        check(&[(5, 8), (8, 12)], &[(4, "x"), (5, "8"), (7, "8"), (8, "12"), (11, "12"), (12, "-"), (14, "-")]);
    }

    #[test]
    fn old_frames_are_gone_and_their_readers_are_told() {
        let made: Vec<_> = (0..FRAMES_MAX as u64 + 3).map(|n| (n, n + 1)).collect();
        check(&made, &[(2, "x"), (3, "4")]);
    }

    #[test]
    fn after_a_gap_every_reader_is_told() {
        let press = Press::new(Edition::Overview(app::Language::En), EventNumber(0));
        press.push(frame(0, 3));
        press.begin_anew(EventNumber(9));
        assert!(matches!(press.after(EventNumber(3)), Next::Lagged));
        assert!(matches!(press.after(EventNumber(9)), Next::Nothing));
    }
}
