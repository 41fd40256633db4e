//! What is said in the lab.

mod en;
mod ko;

use domain::{LabAnswer, LabDoing, LabFault, LabStage, LabStep, LabTrouble};

pub(super) use en::TEXT as EN;
pub(super) use ko::TEXT as KO;

/// Everything that is said in the lab in one language.
pub(crate) struct LabText {
    pub(crate) title: &'static str,
    pub(crate) lead: &'static str,
    pub(crate) start: &'static str,
    pub(crate) offer: &'static str,
    pub(crate) end: &'static str,

    pub(crate) closed: &'static str,
    pub(crate) closed_lead: &'static str,
    pub(crate) idle: &'static str,
    pub(crate) idle_makes: [&'static str; 4],
    pub(crate) idle_ends: &'static str,
    pub(crate) by_script: &'static str,
    pub(crate) no_haproxy: &'static str,
    pub(crate) no_haproxy_lead: &'static str,

    pub(crate) stage: fn(&LabStage) -> &'static str,
    pub(crate) steps: &'static str,
    pub(crate) step: fn(LabStep) -> &'static str,
    pub(crate) step_done: &'static str,
    pub(crate) step_now: &'static str,
    pub(crate) step_to_come: &'static str,
    pub(crate) trouble: fn(&LabTrouble) -> String,

    pub(crate) answers: &'static str,
    pub(crate) answers_lead: fn(usize) -> String,
    pub(crate) no_answers: &'static str,
    pub(crate) answer: fn(LabAnswer) -> String,
    pub(crate) slow: &'static str,
    pub(crate) share: &'static str,
    pub(crate) server: fn(u8) -> String,
    pub(crate) percent: fn(usize) -> String,
    pub(crate) served: fn(u64) -> String,
    pub(crate) figures: [&'static str; 4],
    pub(crate) of_last: fn(usize, usize) -> String,
    pub(crate) rate: &'static str,
    pub(crate) set_rate: &'static str,

    pub(crate) compare: &'static str,
    pub(crate) balancers: &'static str,
    pub(crate) network: &'static str,
    pub(crate) network_lead: &'static str,
    pub(crate) application: &'static str,
    pub(crate) application_lead: fn(&str, &str) -> String,
    pub(crate) haproxy: fn(u32) -> String,
    pub(crate) haproxy_gone: &'static str,
    pub(crate) on_the_board: &'static str,

    pub(crate) servers: &'static str,
    pub(crate) servers_lead: &'static str,
    pub(crate) process: fn(u32) -> String,
    pub(crate) doing: fn(LabDoing) -> &'static str,
    pub(crate) fault: fn(LabFault) -> &'static str,
    pub(crate) fault_of: fn(LabFault, u8) -> String,

    pub(crate) started: &'static str,
    pub(crate) ended: &'static str,
    pub(crate) rate_set: fn(u32) -> String,
    pub(crate) inflicted: fn(u8, LabFault) -> String,
    #[cfg_attr(not(feature = "ssr"), expect(dead_code, reason = "the server says it"))]
    pub(crate) refused: fn(&LabRefusal) -> String,
}

/// Why something in the lab was not done.
#[cfg_attr(not(feature = "ssr"), expect(dead_code, reason = "the server says it"))]
pub(crate) enum LabRefusal {
    /// Others can reach this server.
    Closed,
    /// One runs already.
    Running,
    /// None runs.
    NotRunning,
    /// It cannot be done to a server now.
    NotNow(u8, LabDoing),
    /// It was done, and the process is not so yet.
    NotYet(u8),
    /// Anything else, in English.
    Other(String),
}
