//! The pure part of Drainboard: every decision, compiled to native and to wasm.
//!
//! Nothing here reads a clock, a socket, a file, the environment or randomness, and nothing logs. Time comes in as an
//! argument. Server and browser take events into a [`Board`] in the same way; a page of all groups holds an [`Overview`].

mod actor;
mod admission;
mod binding;
mod board;
mod bound;
mod change;
mod check;
mod consequence;
mod disagreement;
mod draft;
mod drain;
mod drill;
mod event;
mod failover;
mod failure;
mod front;
mod group;
mod health;
mod history;
mod host;
mod ids;
mod keeping;
mod lab;
mod malformed;
mod map;
mod matcher;
mod news;
mod observation;
mod overview;
mod past;
mod proxy;
mod recording;
mod sentinel;
mod serving;
mod standby;
mod status;
mod storage;
mod tagged;
mod target;
mod target_list;
mod text;
mod time;
mod tls_fault;
mod validation;

pub use actor::{Actor, Via};
pub use admission::{
    AfterDelay, DRAIN_OLD_AFTER_MS, Drain, DrainReason, DrainStage, DrainWish, FloorRule, LEASE_MAX_S, Purpose,
    ReturnCause,
};
pub use binding::{
    Binding, BindingId, BindingState, CHANGES_PER_MINUTE, CURVE_MAX, Conduct, Curve, Doubt, Hold, HoldCause, Mode,
    Outside, Trouble,
};
pub use board::{Board, GroupState, LastChange, Missed, ProxyState, StandingChange, TargetState};
pub use bound::{Bound, Detection};
pub use change::{BINDINGS_MAX, Change, GROUPS_MAX, PROXIES_MAX, Refusal, Role, TARGETS_MAX};
pub use check::{Check, CheckPath, CheckPort, HeaderHost, Method, Protocol, Thresholds};
pub use consequence::{Consequence, Remaining};
pub use disagreement::{Disagreement, Dispute};
pub use draft::{CheckDraft, GroupDraft};
pub use drain::{Plan, Sight, Step, plan};
pub use drill::{
    Criteria, Criterion, DRILL_LATE_MS, DRILL_MAX_S, Drill, DrillDue, DrillKind, DrillSchedule, DrillTimes, Hurdle,
    LastDrill, SCHEDULES_MAX, ScheduleId, ScheduleStep, TimeOfDay, Verdict, Weekday,
};
pub use event::{Answer, Because, Event, EventKind, Place, Transition};
pub use failover::{
    Alternative, Belief, Brief, COLUMNS, Cause, Chronicle, Column, Counted, Ending, Evidence, Failover, FailoverId,
    FailoverNote, Fault, Figure, Figures, Kept, Loss, Missing, Opinion, Outlook, Promise, SeenCheck, Served, Term,
    Tick, Told, Traffic, Turn, Unbound,
};
pub use failure::{DnsFault, Failure, OwnFault};
pub use front::{Front, is_same_place};
pub use group::{Description, Group};
pub use health::{Health, Pips};
pub use history::{BEATS_MAX, Beat, Beats, Cell, LANE_CELLS, Lane};
pub use host::{DnsName, Host, is_forbidden};
pub use ids::{EventNumber, GroupName, TargetId};
pub use keeping::{Keeping, keep};
pub use lab::{
    CompareStep, LAB_BACKENDS, LAB_RATE, LAB_RATE_MAX, LAB_STARTER, LAB_STRIP_MAX, Lab, LabAnswer, LabBackend,
    LabBalancer, LabComparison, LabDoing, LabFault, LabGroups, LabManners, LabRequest, LabShares, LabStage, LabStep,
    LabTally, LabTrouble, LabView, SLOW_FROM_US, TierRun,
};
pub use malformed::MalformedAnswer;
pub use map::Map;
pub use matcher::Matcher;
pub use news::{News, Scope};
pub use observation::{Observation, Outcome, Phases};
pub use overview::{
    Changed, Digest, FORGOTTEN_MAX, Forgotten, Glance, Overview, Pulse, STATUSES_MAX, is_seen_at_a_glance,
};
pub use past::{
    BadSpan, Discovery, FailedCheck, Fold, GroupHistory, GroupUptimes, History, Life, OUTAGES_MAX, Outage, POINTS_MAX,
    POINTS_MIN, Percentiles, Phase, Point, Replay, SPAN_MAX_MS, Slot, Source, Span, Spread, StateChange, StateRun,
    Stretch, TargetHistory, TargetPast, Uptime, WhatIf, WhatIfDraft, WhatIfRun, WhatIfVerdict, Window, either_runs,
    made_by, parse_moment, state_runs,
};
pub use proxy::{
    Admin, AdminCause, AdminState, BackendName, BackendView, Capabilities, Link, Order, PROXY_LOOK_MS, Proxy,
    ProxyAddress, ProxyKind, ProxyLook, ProxyName, ProxyWarning, ServerName, ServerView, TranscriptLine,
};
pub use recording::{Gap, Recording, StoreFault};
pub use sentinel::{NotOpened, Patience, Sentinel};
pub use standby::{
    BadStarterName, FallBack, HOLD_DOWN_S, PROMOTE_AGAIN_AFTER_MS, Promotion, PromotionCause, PromotionStep,
    READY_WITHIN_MS, STARTER_OUTPUT_MAX, STOP_WITHIN_MS, Standby, StandbyDue, StandbyRule, StandbyStage, StarterName,
    StarterRun, Stop, Tier, stand_by,
};
pub use status::{Counts, Reason, Standing, Status};
pub use storage::Storage;
pub use target::{Label, Target, TargetDraft};
pub use target_list::{TARGETS_PER_REQUEST_MAX, TargetLine, parse_target_list};
pub use text::clean;
pub use time::{Micros, Timestamp};
pub use tls_fault::{CertificateFault, TlsAlert, TlsFault};
pub use validation::{Invalid, Problem};
