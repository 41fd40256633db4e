//! What the recorder writes and everybody else reads.

use std::sync::{Arc, PoisonError, RwLock};

use domain::{Board, Doubt, Event, EventKind, Outcome, Via};
use tokio::sync::{Notify, watch};

use crate::bus::{Bus, Published};
use crate::{Clock, Vitals};

/// The board as it is shown, and the ways to learn of its changes.
#[derive(Debug)]
pub(crate) struct Shared {
    board: RwLock<Board>,
    pub(crate) bus: Arc<Bus>,
    /// Woken when groups or targets were added, changed or removed.
    pub(crate) configured: Notify,
    /// Counts what may change what proxies should be told.
    pub(crate) wake: watch::Sender<u64>,
    pub(crate) vitals: Vitals,
    pub(crate) clock: Clock,
}

impl Shared {
    pub(crate) fn new(board: Board, clock: Clock) -> Self {
        let bus = Arc::new(Bus::new(board.number));
        let (configured, wake, vitals) = (Notify::new(), watch::Sender::new(0), Vitals::default());
        Self { board: RwLock::new(board), bus, configured, wake, vitals, clock }
    }

    /// Reads the board.
    pub(crate) fn with_board<T>(&self, read: impl FnOnce(&Board) -> T) -> T {
        read(&self.board.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Shows these events, which follow on the board's last one, to everybody.
    pub(crate) fn publish(&self, events: &[Event]) {
        let configured = events.iter().any(|event| changes_configuration(&event.kind));
        let mut published = Vec::with_capacity(events.len());
        let doubted = {
            let mut board = self.board.write().unwrap_or_else(PoisonError::into_inner);
            for event in events {
                published.push(Published { is_news: board.is_news(&event.kind), event: Arc::new(event.clone()) });
                if let Err(missed) = board.apply(event) {
                    tracing::error!(%missed, "events were published out of order");
                }
            }
            board.bindings.values().any(|state| state.waiting == Some(Doubt::WholeFleet))
        };
        self.bus.publish(published);
        if configured {
            self.configured.notify_one();
        }
        if events.iter().any(|event| concerns_proxies(event) || (doubted && is_pass(&event.kind))) {
            self.wake.send_modify(|count| *count = count.wrapping_add(1));
        }
    }
}

/// Whether other targets are to be checked, or otherwise.
fn changes_configuration(kind: &EventKind) -> bool {
    matches!(
        kind,
        EventKind::GroupCreated(_)
            | EventKind::GroupEdited(_)
            | EventKind::GroupDeleted(_)
            | EventKind::TargetRegistered(_)
            | EventKind::TargetEdited { .. }
            | EventKind::TargetDeregistered(_)
            | EventKind::Started { .. }
    )
}

/// Whether it shows that our own network does not fail.
fn is_pass(kind: &EventKind) -> bool {
    matches!(kind, EventKind::Checked { observation, .. } if observation.outcome == Outcome::Pass)
}

/// Whether proxies may have to be told something. What their talkers report wakes nobody.
fn concerns_proxies(event: &Event) -> bool {
    match &event.kind {
        EventKind::Checked { transition, .. } => transition.is_some(),
        EventKind::ServerHeld { .. } | EventKind::ServerReleased { .. } | EventKind::ServerChangedOutside { .. } => {
            event.by.as_ref().is_some_and(|by| by.via != Via::Drainboard)
        }
        EventKind::ProxyCreated(_)
        | EventKind::ProxyEdited(_)
        | EventKind::ProxyDeleted(_)
        | EventKind::ProxyBound(_)
        | EventKind::BindingEdited(_)
        | EventKind::ProxyUnbound(_)
        | EventKind::TargetDrained { .. }
        | EventKind::TargetFeigned { .. }
        | EventKind::TargetReturned { .. }
        | EventKind::RoleChanged { .. }
        | EventKind::StandbyMoved { .. } => true,
        kind => changes_configuration(kind),
    }
}
