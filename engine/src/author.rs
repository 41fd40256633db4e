//! Who makes a change, and why.

use domain::Actor;

/// Who makes a change, and why; stored with the change in the same transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Author {
    /// Who.
    pub actor: Actor,
    /// Why, where somebody said so.
    pub why: Option<String>,
}

impl Author {
    /// A change by Drainboard itself.
    pub fn drainboard() -> Self {
        Self { actor: Actor::drainboard(), why: None }
    }
}
