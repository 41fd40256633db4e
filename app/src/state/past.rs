//! What a page about the past is made from.

use domain::{
    BadSpan, FailedCheck, History, Invalid, Observation, Phase, Span, Stretch, TargetPast, Timestamp, Uptime,
    WhatIfDraft, WhatIfVerdict, Window,
};
use serde::{Deserialize, Serialize};

/// What was in a stretch of time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Past {
    /// What the address asks for.
    pub ask: PastAsk,
    /// Why the stretch that was asked for is none; the last day is shown instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wrong: Option<BadSpan>,
    /// The curve.
    pub history: History,
    /// Of a group: its targets, also those that are gone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub targets: Vec<TargetPast>,
    /// The last checks that failed, newest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub failed: Vec<FailedCheck>,
    /// Of a target, which may be deregistered: what it was, without its statuses.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub life: Option<TargetPast>,
    /// How long it could serve over the usual windows, which end now.
    pub uptimes: Vec<(Window, Uptime)>,
    /// Of a target: the first checks of the stretch, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub checks: Vec<Observation>,
    /// There are more checks after this moment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub more_after: Option<Timestamp>,
    /// What other settings would have made of the stretch, or what is wrong with them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub what_if: Option<Result<WhatIfVerdict, Vec<Invalid>>>,
}

/// What the address of a page about the past asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PastAsk {
    /// The stretch of time.
    pub stretch: Stretch,
    /// The part of the checks whose durations are drawn.
    pub phase: Phase,
    /// The moment that is looked at.
    pub at: Option<Timestamp>,
    /// Checks after this moment are listed.
    pub after: Option<Timestamp>,
    /// All lanes are shown, however many.
    pub all_lanes: bool,
    /// Settings to try.
    pub what_if: Option<WhatIfDraft>,
}

impl PastAsk {
    /// The same for another stretch, from its beginning.
    #[must_use]
    pub fn of(&self, stretch: Stretch) -> Self {
        Self { stretch, at: None, after: None, ..self.clone() }
    }

    /// The same for a stretch between two moments.
    #[must_use]
    pub fn between(&self, span: Span) -> Self {
        self.of(Stretch::Between(span))
    }
}
