//! The whole program: the real binary, real backends, real files, driven over HTTP.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::disallowed_methods, reason = "a test fails by a panic")]

mod api;
mod backend;
mod disk;
mod drains;
mod failovers;
mod feed;
mod guards;
mod haproxy;
mod journey;
mod lab;
mod lab_faults;
mod lab_world;
mod limits;
mod machines;
mod past;
mod program;
mod proxies;
mod standby;
mod start_and_stop;
mod streams;
