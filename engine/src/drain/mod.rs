//! The reconciler of drains: makes proxies what is wanted, again and again.
//!
//! What is wanted lives in the store and on the board. [`crew`] keeps one [`talker`] per proxy; a talker looks at its
//! proxy, asks the pure planner what to tell it, and tells it. Both take no input but the board: they are woken by changes
//! and on a period, and after a crash they find the same answer. [`keeper`] does what becomes of drains by themselves.

mod acting;
pub(crate) mod crew;
mod keeper;
mod looking;
mod talker;

pub(crate) use crew::{Crew, Switchboard};
