//! The last good answer for each name. Pure: time comes in.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use domain::DnsName;
use tokio::time::Instant;

use super::lookup::Answer;

/// An answer that ran out is used for so long when the servers are silent (RFC 8767).
const STALE_FOR: Duration = Duration::from_secs(600);
/// Silent servers are not asked again for so long about a name that has an old answer.
const ASK_AGAIN_AFTER: Duration = Duration::from_secs(5);
/// So many names are remembered.
const NAMES_MAX: usize = 20_000;

/// What was answered.
#[derive(Debug, Default)]
pub(super) struct Cache {
    entries: HashMap<DnsName, Entry>,
}

#[derive(Debug)]
struct Entry {
    addresses: Arc<[IpAddr]>,
    ask_again_at: Instant,
    stale_until: Instant,
}

/// What is known of a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Known {
    /// These addresses are to be used.
    Fresh(Arc<[IpAddr]>),
    /// The servers should be asked; these addresses will do if they are silent.
    Old(Arc<[IpAddr]>),
    /// Nothing.
    Nothing,
}

impl Cache {
    /// What is known of `name`.
    pub(super) fn get(&self, name: &DnsName, now: Instant) -> Known {
        match self.entries.get(name) {
            Some(entry) if now < entry.ask_again_at => Known::Fresh(Arc::clone(&entry.addresses)),
            Some(entry) if now < entry.stale_until => Known::Old(Arc::clone(&entry.addresses)),
            _ => Known::Nothing,
        }
    }

    /// Remembers an answer, and gives its addresses.
    pub(super) fn put(&mut self, name: &DnsName, answer: Answer, now: Instant) -> Arc<[IpAddr]> {
        let addresses: Arc<[IpAddr]> = answer.addresses.into();
        if self.entries.len() >= NAMES_MAX {
            self.entries.retain(|_, entry| now < entry.ask_again_at);
        }
        if self.entries.len() < NAMES_MAX {
            let (ask_again_at, stale_until) = (answer.fresh_until, answer.fresh_until + STALE_FOR);
            let entry = Entry { addresses: Arc::clone(&addresses), ask_again_at, stale_until };
            self.entries.insert(name.clone(), entry);
        }
        addresses
    }

    /// The servers said nothing: the old answer is used for a while without asking.
    pub(super) fn servers_are_silent(&mut self, name: &DnsName, now: Instant) {
        if let Some(entry) = self.entries.get_mut(name) {
            entry.ask_again_at = entry.stale_until.min(now + ASK_AGAIN_AFTER);
        }
    }

    /// The servers said that there are no addresses any more.
    pub(super) fn forget(&mut self, name: &DnsName) {
        self.entries.remove(name);
    }
}

#[cfg(test)]
mod tests {
    use domain::Host;

    use super::*;
    use crate::Clock;

    const S: Duration = Duration::from_secs(1);

    fn name() -> DnsName {
        match "a.example".parse() {
            Ok(Host::Name(name)) => name,
            other => unreachable!("{other:?}"),
        }
    }

    fn cache_with_an_answer_for(ttl: Duration, now: Instant) -> (Cache, Arc<[IpAddr]>) {
        let mut cache = Cache::default();
        let answer = Answer { addresses: vec![IpAddr::from([10, 0, 0, 1])], fresh_until: now + ttl };
        let addresses = cache.put(&name(), answer, now);
        (cache, addresses)
    }

    #[tokio::test]
    async fn an_answer_is_fresh_then_old_then_gone() {
        let now = Clock.instant();
        let (cache, addresses) = cache_with_an_answer_for(30 * S, now);
        assert_eq!(cache.get(&name(), now + 29 * S), Known::Fresh(Arc::clone(&addresses)));
        assert_eq!(cache.get(&name(), now + 30 * S), Known::Old(addresses));
        assert_eq!(cache.get(&name(), now + 630 * S), Known::Nothing);
    }

    #[tokio::test]
    async fn silent_servers_are_left_alone_for_a_while() {
        let now = Clock.instant();
        let (mut cache, addresses) = cache_with_an_answer_for(30 * S, now);
        cache.servers_are_silent(&name(), now + 31 * S);
        assert_eq!(cache.get(&name(), now + 35 * S), Known::Fresh(Arc::clone(&addresses)));
        assert_eq!(cache.get(&name(), now + 36 * S), Known::Old(addresses));
        cache.servers_are_silent(&name(), now + 629 * S);
        assert_eq!(cache.get(&name(), now + 631 * S), Known::Nothing);
    }
}
