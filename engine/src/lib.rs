//! Everything that touches the world, except HTTP coming in: checks, schedule, store, and the verbs that people and
//! scripts can do.

mod author;
mod bus;
mod clock;
mod config;
mod drain;
mod engine;
mod error;
mod failover;
mod lab;
mod monitor;
pub mod probe;
pub mod proxy;
mod retention;
mod standby;
pub mod store;
mod vitals;

pub use author::Author;
pub use bus::{Follow, Follower, Published};
pub use clock::Clock;
pub use config::Config;
pub use engine::{DrainAsk, DrillAsk, Engine, PutBack, ScheduleAsk, WithBindings};
pub use error::{ChangeError, CheckNowError, DrillRefusal, StartError};
pub use lab::{BackendError, LAB_REQUESTS_MAX, Lab, LabConfig, LabError, LabFollower, run_backend};
pub use proxy::ProxyError;
pub use standby::{CommandLine, Starter, StarterAct, Starters};
pub use store::{EventFilter, FailoverFilter, Lived, OpenError, ReadError};
pub use vitals::{BUCKET_BOUNDS_MS, Histogram, Vitals};
