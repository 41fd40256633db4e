//! What the recorder writes and everybody else reads.

use std::sync::{Arc, PoisonError, RwLock};

use domain::{Board, Event, EventKind};
use tokio::sync::Notify;

use crate::bus::Bus;
use crate::{Clock, Vitals};

/// The board as it is shown, and the ways to learn of its changes.
#[derive(Debug)]
pub(crate) struct Shared {
    board: RwLock<Board>,
    pub(crate) bus: Arc<Bus>,
    /// Woken when groups or targets were added, changed or removed.
    pub(crate) configured: Notify,
    pub(crate) vitals: Vitals,
    pub(crate) clock: Clock,
}

impl Shared {
    pub(crate) fn new(board: Board, clock: Clock) -> Self {
        let bus = Arc::new(Bus::new(board.number));
        let (configured, vitals) = (Notify::new(), Vitals::default());
        Self { board: RwLock::new(board), bus, configured, vitals, clock }
    }

    /// Reads the board.
    pub(crate) fn with_board<T>(&self, read: impl FnOnce(&Board) -> T) -> T {
        read(&self.board.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Shows these events, which follow on the board's last one, to everybody.
    pub(crate) fn publish(&self, events: &[Event]) {
        let configured = events.iter().any(|event| changes_configuration(&event.kind));
        {
            let mut board = self.board.write().unwrap_or_else(PoisonError::into_inner);
            for event in events {
                if let Err(missed) = board.apply(event) {
                    tracing::error!(%missed, "events were published out of order");
                }
            }
        }
        self.bus.publish(events);
        if configured {
            self.configured.notify_one();
        }
    }
}

fn changes_configuration(kind: &EventKind) -> bool {
    !matches!(kind, EventKind::Checked { .. } | EventKind::RecordingStopped { .. } | EventKind::RecordingResumed { .. })
}
