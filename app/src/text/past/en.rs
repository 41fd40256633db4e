//! English.

use domain::BadSpan;

use super::PastText;

pub(in crate::text) static TEXT: PastText = PastText {
    tab_now: "Now",
    tab: "History",
    tabs_label: "Now and before",
    unread: "What is stored cannot be read at the moment. Load the page again.",

    ranges: "Stretch of time",
    range: ["1 h", "6 h", "24 h", "7 d", "30 d", "90 d"],
    from: "From",
    to: "To",
    utc: "UTC",
    show: "Show",
    wrong: |wrong| match wrong {
        BadSpan::Window => "That is no length of time: give one such as 90m, 24h or 30d. The last 24 hours are shown.",
        BadSpan::From | BadSpan::To => "That is no moment: give date and time. The last 24 hours are shown.",
        BadSpan::NoFrom => "Say where it begins, too. The last 24 hours are shown.",
        BadSpan::Backwards => "The end must be after the beginning. The last 24 hours are shown.",
        BadSpan::Ahead => "Nothing is known of the future: let it begin before now. The last 24 hours are shown.",
        BadSpan::TooLong => "At most 400 days can be shown at once. The last 24 hours are shown.",
    },

    curve: "Response time",
    phases_label: "Part of the check",
    phases: ["Whole check", "DNS", "Connect", "TLS", "First byte"],
    earlier: "Earlier",
    later: "Later",
    closer: "Zoom in",
    wider: "Zoom out",
    keys: "Drag to zoom in on a stretch, click on a point, or use the arrow keys, + and −. With Ctrl the wheel zooms.",
    summary: |from, to, checks| format!("Response time from {from} to {to}. {checks}."),
    no_pass: "No check passed in this stretch.",
    nothing: "Nothing was checked in this stretch.",
    from_hours: "made from whole hours",
    each_point: |step| format!("Each point is {step}"),
    checks: |passes, fails, unknown| {
        let checks = if passes == "1" { "check" } else { "checks" };
        match (fails, unknown) {
            ("0", "0") => format!("{passes} {checks} passed, none failed"),
            (_, "0") => format!("{passes} {checks} passed, {fails} failed"),
            _ => format!("{passes} {checks} passed, {fails} failed, {unknown} could not be made"),
        }
    },
    point: |passes, fails, unknown| match (fails, unknown) {
        ("0", "0") => format!("{passes} passed"),
        (_, "0") => format!("{passes} passed, {fails} failed"),
        _ => format!("{passes} passed, {fails} failed, {unknown} not made"),
    },
    no_data: "no data",
    legend_fails: "failed checks",

    uptime: "Uptime",
    uptime_lead: "Healthy against unhealthy time. Time without data counts as unknown, not as up.",
    uptime_lead_group: "The time of all targets added up. Time without data counts as unknown, not as up.",
    known_for: |time| format!("known for {time}"),
    down_for: |time| format!("down {time}"),
    out_for: |time| format!("out of service {time}"),
    not_known: "unknown",
    this_stretch: "shown",

    whole: |off| format!("Percentiles of the checks that passed, within {off} %"),
    part: "Part",
    failures: "Failed checks by reason",
    no_failures: "No check failed.",

    evidence: "Single checks, oldest first",
    failed: "Failed checks, the last 50, newest first",
    failed_columns: ["Time", "Target", "Result", "Code", "Whole check"],
    failed_too_long: "This stretch is made from whole hours: choose a shorter one to see which checks failed.",
    last_hour: "Show the last hour",
    rounded: "After a quarter of an hour times are kept to 10 ms, and durations to a sixteenth.",
    none_here: "No single check of this stretch is kept.",
    first: "From the beginning",
    next: "Next 25",
    export: "Export this stretch",

    what_if: "What if",
    what_if_lead: "Replays the checks of this stretch with other settings. Nothing is changed.",
    fields: ["Interval (ms)", "Passes to be healthy", "Failures to be unhealthy", "Codes that pass"],
    try_it: "Replay",
    tried: |now, all| format!("{now} of {all} checks would have been made."),
    no_checks: "There are no checks to replay in this stretch.",
    since: |moment| {
        format!("Checks since {moment}: those before were made with other settings or are too many, and are left out.")
    },
    fewer_changes: |then, now| format!("{now} changes between healthy and unhealthy instead of {then}."),
    flaps_avoided: |then, now, avoided| {
        format!("{now} changes between healthy and unhealthy instead of {then}: {avoided} flaps avoided.")
    },
    more_changes: |then, now, more| {
        format!("{now} changes between healthy and unhealthy instead of {then}: {more} more.")
    },
    unhealthy_for: |then, now| format!("Unhealthy for {now} instead of {then}."),
    never_healthy: "It would never have been healthy.",
    some_never_healthy: "Not every target would ever have been healthy.",
    same_changes: |changes| format!("{changes} changes between healthy and unhealthy, as it was."),
    missed: |missed, all| format!("{missed} of {all} outages would not have been seen."),
    added: |added| {
        let (outages, them) = if added == "1" { ("outage", "it") } else { ("outages", "them") };
        format!("{added} {outages} would be new: the settings that were in force did not see {them}.")
    },
    none_missed: |all| match all {
        "0" => "There was no outage.".to_owned(),
        "1" => "The one outage would have been seen.".to_owned(),
        _ => format!("All {all} outages would have been seen."),
    },
    later_by: |time| format!("Outages would have been found {time} later on average."),
    sooner_by: |time| format!("Outages would have been found {time} sooner on average."),
    as_soon: "Outages would have been found as soon as they were.",
    detections: "From the first failure until called unhealthy",
    detection_columns: ["First failure", "As it was set", "With these settings"],
    not_found: "not seen",
    more_outages: |more| format!("and {more} more; the API has more of them"),

    scrub: "The board at any moment",
    scrub_lead: "Click or drag on the lanes, or use the keys: every target is shown as it was known then.",
    moment: "Moment",
    go_to: "Go",
    change_before: "Change before",
    change_after: "Change after",
    play: "Play",
    pause: "Pause",
    speed: "Speed",
    permalink: "Link to this moment",
    alike: |first, more| format!("{first} and {more} more alike"),
    more_lanes: |more| format!("Show {more} more lanes"),
    was_not_there: "not registered",
    moved: "moved",
    deregistered: "deregistered",
    no_targets: "No target was registered in this stretch.",
    none_then: "No target was registered then.",
    overview: "Uptime 24 h · 30 d",
};
