//! Requests for a check at once, as they wait for the watch of their target.

use std::sync::{Mutex, PoisonError};

use domain::Observation;
use tokio::sync::{Notify, oneshot};

/// Somebody wants a check at once, and its result when it is on the board.
pub(crate) type Ask = oneshot::Sender<Observation>;

/// So many may wait.
const ASKS_MAX: usize = 64;

/// What waits for one watch. A channel would do, but takes ten times as much memory, and there are ten thousand watches.
#[derive(Debug, Default)]
pub(crate) struct Asks {
    waiting: Mutex<Vec<Ask>>,
    called: Notify,
}

impl Asks {
    /// Lets one wait; where too many wait already it is dropped, and its sender sees that.
    pub(crate) fn push(&self, ask: Ask) {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        if waiting.len() < ASKS_MAX {
            waiting.push(ask);
            self.called.notify_one();
        }
    }

    /// Those that wait, at least one of them. Safe to drop and call again.
    pub(crate) async fn next(&self) -> Vec<Ask> {
        loop {
            let asks = self.take();
            if !asks.is_empty() {
                return asks;
            }
            self.called.notified().await;
        }
    }

    /// Those that wait now.
    pub(crate) fn take(&self) -> Vec<Ask> {
        std::mem::take(&mut *self.waiting.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::FutureExt as _;

    #[tokio::test]
    async fn everybody_who_waits_is_taken_once_and_a_crowd_is_turned_away() {
        let asks = Asks::default();
        assert!(asks.next().now_or_never().is_none());
        let mut answers = Vec::new();
        for _ in 0..=ASKS_MAX {
            let (ask, answer) = oneshot::channel();
            asks.push(ask);
            answers.push(answer);
        }
        let taken = asks.next().await;
        assert_eq!(taken.len(), ASKS_MAX);
        assert_eq!(answers.pop().map(|mut answer| answer.try_recv()), Some(Err(oneshot::error::TryRecvError::Closed)));
        // They were called many times and are gone.
        assert!(asks.next().now_or_never().is_none());
    }
}
