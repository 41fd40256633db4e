//! What becomes of drains by themselves: they get empty, their lease ends, the target goes.

use std::sync::Arc;
use std::time::Duration;

use domain::{Change, Keeping, keep};

use crate::monitor::recorder::Inbox;
use crate::monitor::shared::Shared;
use crate::{Author, ChangeError};

/// Drains are looked at so often.
const PERIOD: Duration = Duration::from_millis(250);

/// After a change that could not be stored the next one is tried later.
const PERIOD_IN_OUTAGE: Duration = Duration::from_secs(2);

/// Runs until the recorder is gone.
pub(super) async fn run(shared: Arc<Shared>, recorder: Inbox) {
    let mut wake = shared.wake.subscribe();
    let mut period = PERIOD;
    loop {
        tokio::select! {
            changed = wake.changed(), if period == PERIOD => if changed.is_err() { return },
            () = tokio::time::sleep(period) => {}
        }
        period = PERIOD;
        for due in shared.with_board(|board| keep(board, shared.clock.now())) {
            match recorder.change(change(due), Author::drainboard()).await {
                Ok(()) => {}
                Err(ChangeError::Stopping) => return,
                // The page says already that nothing can be stored; it is due again.
                Err(ChangeError::NotRecorded(_)) => period = PERIOD_IN_OUTAGE,
                Err(error) => tracing::warn!(%error, "a drain could not be kept"),
            }
        }
    }
}

fn change(due: Keeping) -> Change {
    match due {
        Keeping::Changed(group, target, drain) => Change::UpdateDrain(group, target, drain),
        Keeping::Return(group, target, cause) => Change::Return(group, vec![target], cause),
        Keeping::Deregister(group, target) => Change::FinishDeregister(group, target),
        Keeping::EndFeigning(group, target) => Change::Feign(group, target, None),
    }
}
