//! The engine as a whole: real sockets, a real SQLite file.

#![expect(clippy::unwrap_used, clippy::disallowed_methods, reason = "tests")]

mod checking;
mod configuring;
mod recording;
mod world;
