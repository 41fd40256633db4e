//! Names and numbers of things.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The name of a target group: 1 to 32 ASCII letters, digits and hyphens, no hyphen at either end
/// (ELBv2 `CreateTargetGroup`, `Name`).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct GroupName(String);

/// Why a text is no group name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAGroupName {
    /// Nothing was given.
    #[error("Give the group a name.")]
    Empty,
    /// Too many characters.
    #[error("Use at most 32 characters.")]
    Long,
    /// A character that is not allowed.
    #[error("Use only the letters a to z, A to Z, digits and hyphens.")]
    Characters,
    /// A hyphen at an end.
    #[error("Do not begin or end the name with a hyphen.")]
    Hyphen,
}

impl GroupName {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for GroupName {
    type Err = NotAGroupName;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        match text {
            "" => Err(NotAGroupName::Empty),
            _ if !text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') => Err(NotAGroupName::Characters),
            _ if text.len() > 32 => Err(NotAGroupName::Long),
            _ if text.starts_with('-') || text.ends_with('-') => Err(NotAGroupName::Hyphen),
            _ => Ok(Self(text.to_owned())),
        }
    }
}

impl TryFrom<String> for GroupName {
    type Error = NotAGroupName;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<GroupName> for String {
    fn from(name: GroupName) -> String {
        name.0
    }
}

impl fmt::Display for GroupName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The identity of a registered target: a UUID v7, so that ids sort in the order of registration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TargetId(Uuid);

impl TargetId {
    /// The identity that this UUID names.
    pub fn from_uuid(uuid: Uuid) -> Self {
        Self(uuid)
    }

    /// The UUID behind it.
    pub fn as_uuid(self) -> Uuid {
        self.0
    }
}

impl FromStr for TargetId {
    type Err = uuid::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

impl fmt::Display for TargetId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The place of an event in the one sequence that boards follow: consecutive, from 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EventNumber(pub u64);

impl EventNumber {
    /// The number after this one.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

impl fmt::Display for EventNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Result<&str, NotAGroupName>) {
        let parsed = text.parse::<GroupName>();
        assert_eq!(parsed.as_ref().map(GroupName::as_str).map_err(|e| *e), expected, "{text:?}");
    }

    #[test]
    fn group_names_follow_elbv2() {
        check("web", Ok("web"));
        check(" shop-web-2 ", Ok("shop-web-2"));
        check("", Err(NotAGroupName::Empty));
        check("-web", Err(NotAGroupName::Hyphen));
        check("web-", Err(NotAGroupName::Hyphen));
        check("웹", Err(NotAGroupName::Characters));
        check("a/b", Err(NotAGroupName::Characters));
        check(&"a".repeat(33), Err(NotAGroupName::Long));
    }
}
