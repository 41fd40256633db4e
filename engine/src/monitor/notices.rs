//! How it stands with sentinels, on its way to the board: the newest of each target, all that are there at once.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::{EventKind, GroupName, Sentinel, TargetId};
use tokio::sync::Notify;

/// Cheap to clone; all clones are the same. It holds one entry a target at most.
#[derive(Clone, Debug, Default)]
pub(crate) struct Notices {
    inner: Arc<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    newest: Mutex<HashMap<TargetId, (GroupName, Sentinel)>>,
    put: Notify,
}

impl Notices {
    /// It stands so with the sentinel of this target.
    pub(crate) fn put(&self, group: &GroupName, target: TargetId, sentinel: Sentinel) {
        self.newest().insert(target, (group.clone(), sentinel));
        self.inner.put.notify_one();
    }

    /// Waits until something was put since the last time.
    pub(crate) async fn are_there(&self) {
        self.inner.put.notified().await;
    }

    /// Forgets what a watch that has ended put.
    pub(crate) fn forget(&self, target: TargetId) {
        self.newest().remove(&target);
    }

    /// All of them, as events.
    pub(crate) fn take(&self) -> Vec<EventKind> {
        let newest = std::mem::take(&mut *self.newest());
        let event = |(target, (group, sentinel))| EventKind::SentinelSeen { group, target, sentinel };
        newest.into_iter().map(event).collect()
    }

    fn newest(&self) -> MutexGuard<'_, HashMap<TargetId, (GroupName, Sentinel)>> {
        // Nothing in it can be half done.
        self.inner.newest.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
