//! The whole program: the real binary, real backends, real files, driven over HTTP.

mod api;
mod backend;
mod disk;
mod feed;
mod guards;
mod journey;
mod machines;
mod program;
mod start_and_stop;
mod streams;
