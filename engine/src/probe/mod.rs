//! The only sockets to targets.
