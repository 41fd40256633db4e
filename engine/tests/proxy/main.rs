//! The adapters against the real programs, and against servers that misbehave.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by a panic")]

mod backend;
mod caddy;
mod detection;
mod drains;
mod fake;
mod faults;
mod haproxy;
mod rolling;
mod stage;
mod stale;
mod world;
