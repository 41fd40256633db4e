//! The verbs about standbys.

use domain::{Change, GroupName, Role, StarterName, TargetId};

use super::Engine;
use crate::{Author, ChangeError};

impl Engine {
    /// Makes a target a standby, or an active one again. A starter must be one that is configured.
    pub async fn set_role(
        &self,
        group: GroupName,
        id: TargetId,
        role: Role,
        author: Author,
    ) -> Result<(), ChangeError> {
        if let Role::Standby(_, Some(starter)) = &role
            && !self.starters.contains_key(starter)
            && self.bench.starter(starter).is_none()
        {
            return Err(ChangeError::NoSuchStarter(starter.to_string()));
        }
        self.change(Change::SetRole(group, id, role), author).await
    }

    /// Promotes a standby; it serves as soon as it is healthy, until somebody ends that.
    pub async fn promote(&self, group: GroupName, id: TargetId, author: Author) -> Result<(), ChangeError> {
        self.change(Change::Promote(group, id, self.clock().now()), author).await
    }

    /// Ends the promotion of a standby: it waits again.
    pub async fn fall_back(&self, group: GroupName, id: TargetId, author: Author) -> Result<(), ChangeError> {
        self.change(Change::FallBack(group, id, self.clock().now()), author).await
    }

    /// The names of the starters that are configured.
    pub fn starters(&self) -> Vec<StarterName> {
        self.starters.keys().cloned().collect()
    }
}
