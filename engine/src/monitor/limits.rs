//! How many checks may be under way: in all, and to one host.

use std::collections::HashMap;
use std::sync::{Arc, Weak};
use std::time::Duration;

use domain::Host;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Hands out the limits that the watches share.
#[derive(Debug)]
pub(crate) struct Limits {
    all: Arc<Semaphore>,
    per_host: usize,
    hosts: HashMap<Host, Weak<Semaphore>>,
    /// When there are so many, those that nobody uses any more are forgotten.
    hosts_max: usize,
}

/// So many hosts are kept in any case.
const HOSTS_MIN: usize = 64;

/// The limits that hold for one target.
#[derive(Clone, Debug)]
pub(crate) struct Limit {
    all: Arc<Semaphore>,
    host: Arc<Semaphore>,
}

/// Permission to make one check.
#[derive(Debug)]
pub(crate) struct Permit {
    _host: OwnedSemaphorePermit,
    _all: OwnedSemaphorePermit,
}

impl Limits {
    pub(crate) fn new(at_once: usize, per_host: usize) -> Self {
        Self {
            all: Arc::new(Semaphore::new(at_once.max(1))),
            per_host: per_host.max(1),
            hosts: HashMap::new(),
            hosts_max: HOSTS_MIN,
        }
    }

    /// The limits for targets on `host`.
    pub(crate) fn for_host(&mut self, host: &Host) -> Limit {
        if self.hosts.len() >= self.hosts_max {
            self.hosts.retain(|_, semaphore| semaphore.strong_count() > 0);
            self.hosts_max = (2 * self.hosts.len()).max(HOSTS_MIN);
        }
        let known = self.hosts.get(host).and_then(Weak::upgrade);
        let semaphore = known.unwrap_or_else(|| Arc::new(Semaphore::new(self.per_host)));
        self.hosts.insert(host.clone(), Arc::downgrade(&semaphore));
        Limit { all: Arc::clone(&self.all), host: semaphore }
    }
}

impl Limit {
    /// Waits for permission, at most so long. The host's comes first, so that a crowd before one host keeps nobody else.
    pub(crate) async fn permit(&self, patience: Duration) -> Option<Permit> {
        let both = async {
            let host = Arc::clone(&self.host).acquire_owned().await.ok()?;
            let all = Arc::clone(&self.all).acquire_owned().await.ok()?;
            Some(Permit { _host: host, _all: all })
        };
        tokio::time::timeout(patience, both).await.ok().flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_crowd_before_one_host_keeps_nobody_else() {
        let mut limits = Limits::new(2, 1);
        let (crowded, free) = (limits.for_host(&"a".parse().unwrap()), limits.for_host(&"b".parse().unwrap()));
        let held = crowded.permit(Duration::from_secs(5)).await.unwrap();
        assert!(crowded.permit(Duration::ZERO).await.is_none());
        assert!(limits.for_host(&"a".parse().unwrap()).permit(Duration::ZERO).await.is_none());
        assert!(free.permit(Duration::ZERO).await.is_some());
        drop(held);
        assert!(crowded.permit(Duration::ZERO).await.is_some());
    }
}
