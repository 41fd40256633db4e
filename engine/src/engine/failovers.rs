//! What is on record of failovers.

use domain::{Brief, Failover, FailoverId};

use super::Engine;
use crate::failover::Casebook;
use crate::store::FailoverFilter;
use crate::{ReadError, store};

impl Engine {
    /// A failover record, as it is now; none if there is no such record.
    pub async fn failover(&self, id: FailoverId) -> Result<Option<Failover>, ReadError> {
        match self.casebook.open(id) {
            Some(open) => Ok(Some(open)),
            None => self.reader.failover(id).await,
        }
    }

    /// Failover records as they stand in lists, newest first. Those that are open are as they are now.
    pub async fn failovers(&self, filter: store::FailoverFilter) -> Result<Vec<Brief>, ReadError> {
        let FailoverFilter { group, before, limit } = filter.clone();
        let mut open = self.casebook.briefs(group.as_ref());
        open.retain(|brief| before.is_none_or(|before| brief.id < before));
        let mut briefs = self.reader.failovers(filter).await?;
        for brief in open {
            briefs.retain(|stored| stored.id != brief.id);
            briefs.push(brief);
        }
        briefs.sort_unstable_by_key(|brief| std::cmp::Reverse(brief.id));
        briefs.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        Ok(briefs)
    }

    pub(crate) fn casebook(&self) -> &Casebook {
        &self.casebook
    }
}
