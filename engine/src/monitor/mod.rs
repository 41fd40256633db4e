//! Schedule and judgement: who is checked when, and what becomes of the results.
//!
//! [`fleet`] keeps the running watches equal to what the board wants, [`watch`] checks one target on its own phase,
//! [`sentinel`] holds its idle connection, [`recorder`] is the single writer: it judges, stores, and only then shows.

mod arrears;
mod asks;
pub(crate) mod fleet;
mod journal;
pub(crate) mod limits;
mod notices;
mod outage;
mod phase;
pub(crate) mod recorder;
pub(crate) mod scribe;
pub(crate) mod sentinel;
pub(crate) mod shared;
mod watch;
mod witnesses;
