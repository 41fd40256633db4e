//! What is said about the past: curve, uptime, single checks, the board at any moment, what-if.

mod en;
mod ko;

use domain::BadSpan;

pub(super) use en::TEXT as EN;
pub(super) use ko::TEXT as KO;

/// Everything that is said about the past in one language.
pub(crate) struct PastText {
    pub(crate) tab_now: &'static str,
    pub(crate) tab: &'static str,
    pub(crate) tabs_label: &'static str,
    pub(crate) unread: &'static str,

    pub(crate) ranges: &'static str,
    /// Hour, six hours, day, week, thirty and ninety days.
    pub(crate) range: [&'static str; 6],
    pub(crate) from: &'static str,
    pub(crate) to: &'static str,
    pub(crate) utc: &'static str,
    pub(crate) show: &'static str,
    pub(crate) wrong: fn(BadSpan) -> &'static str,

    pub(crate) curve: &'static str,
    pub(crate) phases_label: &'static str,
    /// In the order of [`domain::Phase::ALL`].
    pub(crate) phases: [&'static str; 5],
    pub(crate) earlier: &'static str,
    pub(crate) later: &'static str,
    pub(crate) closer: &'static str,
    pub(crate) wider: &'static str,
    pub(crate) keys: &'static str,
    pub(crate) summary: fn(&str, &str, &str) -> String,
    pub(crate) no_pass: &'static str,
    pub(crate) nothing: &'static str,
    pub(crate) from_hours: &'static str,
    pub(crate) each_point: fn(&str) -> String,
    pub(crate) checks: fn(&str, &str, &str) -> String,
    pub(crate) point: fn(&str, &str, &str) -> String,
    pub(crate) no_data: &'static str,
    pub(crate) legend_fails: &'static str,

    pub(crate) uptime: &'static str,
    pub(crate) uptime_lead: &'static str,
    pub(crate) uptime_lead_group: &'static str,
    pub(crate) known_for: fn(&str) -> String,
    pub(crate) down_for: fn(&str) -> String,
    pub(crate) out_for: fn(&str) -> String,
    pub(crate) not_known: &'static str,
    pub(crate) this_stretch: &'static str,

    /// The percentiles, and how many per cent they may be off.
    pub(crate) whole: fn(u8) -> String,
    pub(crate) part: &'static str,
    pub(crate) failures: &'static str,
    pub(crate) no_failures: &'static str,

    pub(crate) evidence: &'static str,
    pub(crate) failed: &'static str,
    /// Time, target, result, code, how long it took.
    pub(crate) failed_columns: [&'static str; 5],
    pub(crate) failed_too_long: &'static str,
    /// Leads to the last hour.
    pub(crate) last_hour: &'static str,
    /// How exact old checks are.
    pub(crate) rounded: &'static str,
    pub(crate) none_here: &'static str,
    pub(crate) first: &'static str,
    pub(crate) next: &'static str,
    pub(crate) export: &'static str,

    pub(crate) what_if: &'static str,
    pub(crate) what_if_lead: &'static str,
    /// In the order of [`crate::route::WHAT_IF`].
    pub(crate) fields: [&'static str; 4],
    pub(crate) try_it: &'static str,
    pub(crate) tried: fn(&str, &str) -> String,
    pub(crate) no_checks: &'static str,
    /// Checks since a moment were replayed.
    pub(crate) since: fn(&str) -> String,
    pub(crate) fewer_changes: fn(&str, &str) -> String,
    pub(crate) flaps_avoided: fn(&str, &str, &str) -> String,
    pub(crate) more_changes: fn(&str, &str, &str) -> String,
    pub(crate) same_changes: fn(&str) -> String,
    /// Before, and with the other settings.
    pub(crate) unhealthy_for: fn(&str, &str) -> String,
    pub(crate) never_healthy: &'static str,
    pub(crate) some_never_healthy: &'static str,
    pub(crate) missed: fn(&str, &str) -> String,
    pub(crate) added: fn(&str) -> String,
    pub(crate) none_missed: fn(&str) -> String,
    pub(crate) later_by: fn(&str) -> String,
    pub(crate) sooner_by: fn(&str) -> String,
    pub(crate) as_soon: &'static str,
    pub(crate) detections: &'static str,
    /// First failure, found as set, found with these settings.
    pub(crate) detection_columns: [&'static str; 3],
    pub(crate) not_found: &'static str,
    pub(crate) more_outages: fn(&str) -> String,

    pub(crate) scrub: &'static str,
    pub(crate) scrub_lead: &'static str,
    pub(crate) moment: &'static str,
    pub(crate) go_to: &'static str,
    pub(crate) change_before: &'static str,
    pub(crate) change_after: &'static str,
    pub(crate) play: &'static str,
    pub(crate) pause: &'static str,
    pub(crate) speed: &'static str,
    pub(crate) permalink: &'static str,
    pub(crate) alike: fn(&str, &str) -> String,
    pub(crate) more_lanes: fn(&str) -> String,
    pub(crate) was_not_there: &'static str,
    /// To another address; before a moment, as the next.
    pub(crate) moved: &'static str,
    pub(crate) deregistered: &'static str,
    pub(crate) no_targets: &'static str,
    pub(crate) none_then: &'static str,
    pub(crate) overview: &'static str,
}
