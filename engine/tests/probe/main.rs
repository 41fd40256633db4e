//! Checks against real local targets that misbehave in every way we know of.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by a panic")]

mod connection;
mod cost;
mod dns;
mod dns_server;
mod http;
mod ours;
mod sockets;
mod target;
mod tls;
mod world;
