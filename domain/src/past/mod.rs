//! What was: stretches of time, what was known in them, and what other settings would have made of it.

mod bytes;
mod fold;
mod group;
mod phase;
mod replay;
mod slot;
mod span;
mod spread;
mod states;
mod uptime;
mod what_if;
mod window;

pub use fold::{Fold, History, POINTS_MAX, POINTS_MIN, Percentiles, Point, Source};
pub use group::{FailedCheck, GroupHistory, GroupUptimes, TargetHistory, TargetPast};
pub use phase::Phase;
pub use replay::{OUTAGES_MAX, Outage, Replay};
pub use slot::Slot;
pub use span::{BadSpan, SPAN_MAX_MS, Span};
pub use spread::Spread;
pub use states::{Life, StateChange, StateRun, either_runs, state_runs};
pub use uptime::Uptime;
pub use what_if::{Discovery, WhatIf, WhatIfDraft, WhatIfRun, WhatIfVerdict, made_by};
pub use window::{Stretch, Window, parse_moment};
