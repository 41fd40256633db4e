//! English.

use domain::{Check, Status};

use crate::{Language, Notice};

use super::{Events, GroupText, Help, Overview, Sending, Settings, Shell, TargetText, Text, lab};

pub(super) static TEXT: Text = Text {
    language: Language::En,
    shell: SHELL,
    overview: OVERVIEW,
    events: Events {
        title: "Events",
        lead: "What changed, newest first.",
        empty: "Nothing has happened yet.",
        all: "All events",
    },
    sending: Sending {
        no_answer: "Drainboard does not answer. Nothing was saved; try again.",
        odd_answer: |status| {
            format!("Drainboard answered with status {status} and nothing was saved. Reload the page and try again.")
        },
    },
    help: Help {
        title: "Keys and shapes",
        open: "Help: keys and shapes",
        keys: [
            ("/", "search"),
            ("j", "next row"),
            ("k", "previous row"),
            ("Enter", "open the row"),
            ("x", "select the row"),
            ("d", "drain the selected rows, or this one"),
            ("r", "return them to service"),
            ("g", "all groups"),
            ("?", "this help"),
        ],
        shapes: "Every status has its own shape, so that colour is never needed to tell it.",
    },
    status: |status| match status {
        Status::Initial => "Initial",
        Status::Healthy => "Healthy",
        Status::Unhealthy => "Unhealthy",
        Status::Draining => "Draining",
        Status::Unused => "Unused",
        Status::Unavailable => "Unavailable",
    },
    status_inside: |status| status.as_str(),
    ago: |ms| match ms {
        0..=999 => "just now".to_owned(),
        ms => format!("{} ago", span(ms)),
    },
    tenths: |tenths| format!("{}.{} s", tenths / 10, tenths % 10),
    span,
};

const SHELL: Shell = Shell {
    skip: "Skip to the content",
    navigation: "Main",
    groups: "Groups",
    proxies: "Proxies",
    failovers: "Failovers",
    events: "Events",
    search: "Find a group or target",
    live: |age| format!("Live · {age} s"),
    as_of: |time| format!("As of {time}"),
    stale: |time| format!("Stale since {time}, reconnecting"),
    language: "Language",
    theme: "Theme",
    themes: ["System", "Light", "Dark"],
    zone: "Times",
    zones: ["Local", "UTC"],
    times_in: |zone| format!("Times in {zone}"),
    preferences: "Preferences",
    outdated: "A new version of Drainboard runs here.",
    reload: "Reload",
    renew: "Show the latest",
    not_recorded: "Checks go on and wait in memory, but nothing is recorded since",
    history_unread: "The history cannot be read right now, so lists of events and checks are incomplete. What is live is true.",
    not_found: "There is no such page",
    not_found_lead: "It may have been deleted, or the address is mistyped.",
    to_overview: "All groups",
    close: "Close",
    down: |count| format!("({count} down) "),
    notice,
};

const OVERVIEW: Overview = Overview {
    first_run: "Nothing is watched yet",
    first_run_lead: "Create a target group, add the servers that do one job, and watch them turn healthy.",
    first_run_script: "Or from a script:",
    all_healthy: |targets| match targets {
        1 => "The one target is healthy".to_owned(),
        2 => "Both targets are healthy".to_owned(),
        targets => format!("All {targets} targets are healthy"),
    },
    no_targets: "No targets yet",
    no_targets_lead: "Open a group and add the servers that stand behind it.",
    need_you: |groups| match groups {
        1 => "One group needs you".to_owned(),
        2 => "Two groups need you".to_owned(),
        3 => "Three groups need you".to_owned(),
        groups => format!("{groups} groups need you"),
    },
    not_seen: |targets| match targets {
        1 => "One target cannot be judged".to_owned(),
        targets => format!("{targets} targets cannot be judged"),
    },
    first_checks: |_| "First checks are under way".to_owned(),
    runs_on: |group, healthy, total| format!("{group} runs on {healthy} of {total}."),
    is_down: |group, total| match total {
        1 => format!("{group} is down: its only target is unhealthy."),
        total => format!("{group} is down: none of its {total} targets is healthy."),
    },
    in_groups: |groups| match groups {
        1 => "In one group, as of their last checks.".to_owned(),
        groups => format!("In {groups} groups, as of their last checks."),
    },
    create: "Create target group",
    caption: "Target groups",
    columns: ["Group", "Targets", "Last 44 intervals", "p95", "Last change"],
    p95_title: "95th percentile of the last check of each target that passed",
    healthy_of: |healthy, total| format!("{healthy} of {total} healthy"),
    empty: "no targets",
    nothing_here: "Nothing matches.",
    targets: |count| if count == 1 { "target" } else { "targets" },
    problems_only: "Problems only",
    filters: "Filter by status",
    show_all: "Show all",
    no_change: "no change yet",
    lane: |pass, fail, unknown| {
        format!("Last intervals: {pass} without failures, {fail} with failures, {unknown} not seen")
    },
};

pub(super) static GROUP: GroupText = GroupText {
    trail: "You are here",
    tabs: ["Targets", "History", "Events", "Proxies", "Settings"],
    tabs_label: "Group",
    drill: "Drill",
    edit: "Edit checks",
    add: "Add targets",
    rule,
    off: "Health checks are off",
    serving: |names| format!("Serving: {}.", names.join(", ")),
    serving_many: |count| format!("Serving: {count} targets."),
    down_since: ["is down since", "."],
    and_more_down: |count| format!("{count} more are down."),
    none_healthy: "No target is healthy.",
    none_healthy_lead: "A load balancer that fails open now sends to all of them; others refuse every request.",
    not_confirmed: "As of before the restart, not confirmed yet.",
    not_judged: "No target is judged yet: first checks are under way.",
    blind: "Drainboard cannot judge every target: see the reasons below.",
    columns: ["Target", "Status", "Last 40 checks", "Latency", "Next check"],
    caption: "Targets",
    empty: "This group has no targets yet.",
    empty_lead: "Add the servers that do this job: one per line, pasted in bulk, or by range.",
    search: "Find a target",
    select: |name| format!("Select {name}"),
    select_all: "Select all",
    selected: "selected",
    deregister_selected: "Deregister selected",
    no_events: "Nothing has happened in this group yet.",
    parts: "Parts of the list",
    part: |first, last, total| format!("{first} to {last} of {total}"),
    part_before: "Previous",
    part_after: "Next",
};

pub(super) static TARGET: TargetText = TargetText {
    check_now: "Check now",
    edit: "Edit",
    deregister: "Deregister",
    fails: |done, of, why| format!("{done} of {of} failures: {why}"),
    passes: |done, of| format!("{done} of {of} passes to come back"),
    pips: |done, of| format!("{done} of {of}"),
    restored: "from before the restart",
    first_check: "First check under way",
    disabled: "Health checks are off",
    next: |time| format!("next {time}"),
    now: "now",
    paused: "off",
    last_failed: "failed",
    since: "since",
    beats: |pass, fail, unknown| match unknown {
        0 => format!("Last {} checks: {pass} passed, {fail} failed", pass + fail),
        _ => format!("Last {} checks: {pass} passed, {fail} failed, {unknown} not seen", pass + fail + unknown),
    },
    no_beats: "No checks yet",
    beats_untold: "The last checks are being fetched",
    beats_keys: "Use the arrow keys to read single checks",
    beats_label: "Last 40 checks",
    observations: "Last checks",
    observation_columns: ["Time", "Result", "Code", "DNS", "Connect", "TLS", "First byte", "Total"],
    pass: "Passed",
    none_yet: "No check has ended yet.",
    history: "Changes",
    again: |count| match count {
        1 => "the same once before, at".to_owned(),
        count => format!("the same {count} times before, since"),
    },
    more: |name| format!("More for {name}"),
    next_check: "Next check",
};

pub(super) static SETTINGS: Settings = Settings {
    group: "Target group",
    check: "Health check",
    rows: [
        "Name",
        "Description",
        "Protocol",
        "Port",
        "Deregistration delay",
        "Minimum of healthy targets",
        "Health checks",
        "Protocol",
        "Port",
        "Path",
        "Method",
        "Host header",
        "Success codes",
        "Body must contain",
        "Verify TLS certificate",
        "TLS server name",
        "Interval · timeout",
        "Healthy threshold",
        "Unhealthy threshold",
        "Fast confirm",
        "Sentinel",
    ],
    every: |span| format!("every {span} after a failure"),
    traffic_port: "traffic port",
    on: "on",
    off: "off",
    unset: "not set",
    edit: "Edit settings",
    delete: "Delete group",
    in_a_row: |count| format!("{count} in a row"),
};

fn rule(check: &Check) -> String {
    let Check { interval_ms, healthy_threshold: rise, unhealthy_threshold: fall, .. } = check;
    let how = match check.protocol.is_http() {
        true => format!("{} {}", check.method, check.path),
        false => "a TCP connection".to_owned(),
    };
    let failures = if *fall == 1 { "failure" } else { "failures" };
    let passes = if *rise == 1 { "pass" } else { "passes" };
    let every = span(u64::from(*interval_ms));
    format!("{how} every {every}, {fall} {failures} to go down, {rise} {passes} to come back")
}

fn span(ms: u64) -> String {
    let (s, min, h) = (ms / 1000, ms / 60_000, ms / 3_600_000);
    match ms {
        0..1000 => format!("{ms} ms"),
        1000..10_000 if ms.is_multiple_of(1000) => format!("{s} s"),
        1000..10_000 => format!("{s}.{} s", ms % 1000 / 100),
        10_000..60_000 => format!("{s} s"),
        60_000..3_600_000 if s % 60 == 0 || 10 <= min => format!("{min} min"),
        60_000..3_600_000 => format!("{min} min {} s", s % 60),
        3_600_000..86_400_000 if min.is_multiple_of(60) => format!("{h} h"),
        3_600_000..86_400_000 => format!("{h} h {} min", min % 60),
        _ if h < 48 => format!("{h} h"),
        _ => format!("{} days", h / 24),
    }
}

fn notice(notice: &Notice) -> String {
    let targets = |count: &u32| if *count == 1 { "1 target".to_owned() } else { format!("{count} targets") };
    match notice {
        Notice::GroupCreated(name) => format!("{name} was created. Now add its targets."),
        Notice::GroupSaved(name) => format!("The settings of {name} were saved and hold from now on."),
        Notice::GroupDeleted(name) => format!("{name} was deleted."),
        Notice::TargetsRegistered(count) => format!("{} registered. First checks are under way.", targets(count)),
        Notice::TargetSaved(name) => format!("{name} was saved."),
        Notice::StandbyPromoted(name) => format!("{name} is being promoted."),
        Notice::StandbyFallsBack(name) => format!("{name} falls back."),
        Notice::TargetsDeregistered(count) => format!("{} deregistered.", targets(count)),
        Notice::NothingChosen => "No target was chosen, so nothing was done.".to_owned(),
        Notice::CheckPassed(name) => format!("{name} was checked and passed."),
        Notice::CheckFailed(name) => format!("{name} was checked and did not pass."),
        Notice::NotChecked(why) => format!("Not checked: {why}"),
        Notice::TargetsLeaving(count) => {
            format!("{} drained first, and deregistered when empty or after the delay.", targets(count))
        }
        Notice::TargetsDrained(count) => format!("{} draining.", targets(count)),
        Notice::TargetsReturned(count) => format!("{} back in service.", targets(count)),
        Notice::ProxyCreated(name) => format!("{name} is connected. Now bind its backends to target groups."),
        Notice::ProxySaved(name) => format!("{name} was saved."),
        Notice::ProxyDeleted(name) => format!("{name} was disconnected."),
        Notice::Bound(backend, group) => format!("{backend} is bound to {group}."),
        Notice::BindingSaved(backend) => format!("The binding of {backend} was saved."),
        Notice::Unbound(backend, group) => format!("{backend} is no longer bound to {group}."),
        Notice::Adopted(server) => format!("What was done to {server} is wanted from now on."),
        Notice::Overruled(server) => format!("The proxy is told about {server} again."),
        Notice::LabStarted => lab::EN.started.to_owned(),
        Notice::ComparisonBegun => "The comparison has begun; it takes about half a minute.".to_owned(),
        Notice::DrillPlanned => "The schedule of drills is changed.".to_owned(),
        Notice::DrillEnded => "The drill is ended; what it did is being undone.".to_owned(),
        Notice::DrillBegun => "The drill has begun. Its record is here as soon as the loss is seen.".to_owned(),
        Notice::LabEnded => lab::EN.ended.to_owned(),
        Notice::LabRate(rate) => (lab::EN.rate_set)(*rate),
        Notice::LabFault(number, fault) => (lab::EN.inflicted)(*number, *fault),
        Notice::NotDone(why) => format!("Nothing was done: {why}"),
    }
}
