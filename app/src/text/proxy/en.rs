//! English.

use domain::{Admin, AdminCause, AdminState, Capabilities, Dispute, Doubt, HoldCause, Mode, ProxyWarning};

use super::ProxyText;

pub(in crate::text) static TEXT: ProxyText = ProxyText {
    title: "Proxies",
    lead: "The load balancers that Drainboard looks at, and drains targets in.",
    connect: "Connect a proxy",
    empty: "No proxy is connected yet",
    empty_lead: "Connect HAProxy or Caddy by its admin socket, then bind a backend of it to a target group.",
    columns: ["Proxy", "Connection", "Version", "Bindings"],

    untried: "Not looked at yet",
    reachable: "Reachable since",
    unreachable: "Unreachable since",
    version: "Version",
    not_known: "not known",
    unbound: "nothing is bound",

    disagreements: "Disagreements",
    disagreements_count: |count| match count {
        1 => "Drainboard and a proxy disagree on 1 server".to_owned(),
        count => format!("Drainboard and the proxies disagree on {count} servers"),
    },
    agree: "Drainboard and the proxies that answer agree on every target.",
    agree_unseen: "No backend is bound, so there is nothing to compare.",
    disagreement_columns: ["Target", "Drainboard says", "The proxy says", "What about", "For", "What to do"],
    dispute: |dispute| match dispute {
        Dispute::ProxySaysDown => "Drainboard finds it healthy, and the proxy holds it down.",
        Dispute::ProxySaysUp => "Drainboard finds it unhealthy, and the proxy goes on using it.",
        Dispute::NotTakenOut => "It is to be out of service, and the proxy goes on using it.",
        Dispute::TakenOutOutside => "Somebody else took it out of service.",
        Dispute::BroughtBackOutside => "Somebody else brought it back into service.",
        Dispute::BackendGone => {
            "Drainboard took it out and cannot bring it back: the proxy has no such backend any more. Put it back by hand, or give the handler its old @id."
        }
    },
    disagrees: "disagrees",
    wanted_in: "in service",
    wanted_out: "out of service",
    adopt: "Adopt",
    overrule: "Override",
    outside_lead: "Adopt: what the proxy does is wanted from now on. Override: Drainboard tells the proxy again.",

    edit: "Edit",
    delete: "Disconnect",
    capabilities: "What it can do",
    capability: |kind| capability(kind.capabilities()),
    warning: |warning| match warning {
        ProxyWarning::ReadOnly => {
            "This socket may only look: nothing can be drained through it. Write `level admin` in its `stats socket` line and reload HAProxy."
        }
        ProxyWarning::ClosesWebSockets => {
            "Every change closes all WebSockets: set `stream_close_delay` in every `reverse_proxy`, which Caddy knows since 2.7."
        }
    },
    not_looked: "It has not been looked at since Drainboard started.",
    no_backends: "It has no backends that Drainboard can use.",
    last_seen: "It cannot be reached: this is what it said last.",

    backend: |name| format!("Backend {name}"),
    serves: "serves",
    backend_gone: "The proxy does not list this backend now.",
    bind: "Bind",
    edit_binding: "Change mode",
    unbind: "Unbind",
    mode: |mode| match mode {
        Mode::Observe => "observe",
        Mode::ByHand => "by hand",
        Mode::Automatic => "automatic",
    },
    mode_says: |mode| match mode {
        Mode::Observe => "Drainboard only shows what the proxy does, and never changes anything.",
        Mode::ByHand => "Drainboard drains and returns what a person says, and nothing else.",
        Mode::Automatic => "Drainboard also takes unhealthy targets out, and brings them back when they are healthy.",
    },
    cuts_unhealthy: "closes sessions",
    per_minute: |count| match count {
        1 => "at most 1 change a minute".to_owned(),
        count => format!("at most {count} changes a minute"),
    },
    trouble: |server| format!("The last order for {server} failed"),
    waits: "Automatic mode waits",
    doubt: |doubt| match doubt {
        Doubt::Grace => "Drainboard has just started and waits until it has checked every target",
        Doubt::Blind => "Drainboard cannot check every target, and the fault is its own",
        Doubt::WholeFleet => "everything that is checked fails at once: the fault may be Drainboard's own network",
        Doubt::Floor => "one target less would leave fewer than the group's minimum in service",
        Doubt::Rate => "the changes allowed in a minute are used up",
    },

    server_columns: [
        "Server",
        "It says",
        "In service",
        "Weight",
        "Sessions",
        "Queue",
        "Errors",
        "Retries",
        "Last check",
    ],
    not_observable: "not observable",
    ready: "in service",
    out,
    held: |cause, reason| {
        let why = match cause {
            HoldCause::Person => "drained",
            HoldCause::Policy => "unhealthy",
            HoldCause::Deregistered => "deregistered",
            HoldCause::Standby => "standby",
        };
        format!("held by Drainboard: {}", reason.filter(|reason| !reason.is_empty()).unwrap_or(why))
    },
    backup: "backup",
    no_servers: "The backend has no servers.",
    unmatched_servers: |count| match count {
        1 => "1 server is no target of the group:".to_owned(),
        count => format!("{count} servers are no targets of the group:"),
    },
    unmatched_targets: |count| match count {
        1 => "1 target has no server here, so it gets no requests from this proxy:".to_owned(),
        count => format!("{count} targets have no server here, so they get no requests from this proxy:"),
    },
    register: |count| match count {
        1 => "Register 1 target".to_owned(),
        count => format!("Register {count} targets"),
    },

    events: "Events",
    no_events: "Nothing has happened at this proxy yet.",
    transcript: "Transcript",
    transcript_lead: "What Drainboard asked and what the proxy answered, newest first, as of when this page was opened.",
    transcript_empty: "Nothing was asked yet.",
    answered_badly: "failed",

    not_in: |proxy| format!("not in {proxy}"),
    absent: "OUT OF LIST",
    cannot_reach: "not reachable",

    group_unbound: "No proxy is bound to this group",
    group_unbound_lead: "Open a proxy and bind one of its backends to this group: then its targets can be drained.",
    to_proxies: "All proxies",
    snippets: "Configuration that loses no request when a target dies",
    snippets_lead: "Made for the targets of this group. Drainboard changes no file: copy what you want.",
    snippet_haproxy: "HAProxy",
    snippet_caddy: "Caddy (Caddyfile)",
    costs_haproxy: [
        ("option redispatch 1", "sends a retry to another server; clients that stick to one may change servers."),
        (
            "retry-on",
            "repeats a request that got no or a bad answer; the dead server may have worked on it, so it can be done twice.",
        ),
        ("retry-on all-retryable-errors", "would be shorter, and also repeats answers of 500 and refused early data."),
        ("inter 1s fall 3 rise 2", "finds a dead server within 3 s, for one request a second to each server."),
        (
            "on-marked-down shutdown-sessions",
            "cuts open connections to a server that is down, also those that might have finished.",
        ),
    ],
    costs_caddy: [
        ("lb_try_duration", "holds a request while another upstream is tried, so a client may wait that long."),
        ("health_uri", "finds a dead upstream within 3 s, for one request a second to each."),
        (
            "stream_close_delay",
            "keeps WebSockets open when a target is taken out, with the memory of the old configuration.",
        ),
    ],
    fail_open: "FAIL-OPEN",
    fail_open_lead: "No healthy target is in service. The proxies send requests to whoever is left, or refuse them. Return a target, or repair one.",
    fail_open_mark: "fail-open",
};

fn capability(can: Capabilities) -> [&'static str; 4] {
    [
        match can.sessions_observable {
            true => "Sessions: observable, also while a server drains.",
            false => "Sessions: not observable while a server drains; a drain waits for the deregistration delay.",
        },
        match can.drain_keeps_sticky {
            true => "A drain keeps sticky clients: they still reach the server until they leave.",
            false => "A drain also turns sticky clients away: they go to another server.",
        },
        match can.survives_reload {
            true => "A drain outlasts a reload of the proxy.",
            false => "A reload forgets drains; Drainboard tells them again.",
        },
        match can.reports_own_health {
            true => "It reports its own health checks of each server.",
            false => "It does not report health checks of its own.",
        },
    ]
}

fn out(Admin { state, cause }: Admin) -> String {
    let state = match state {
        AdminState::Ready => return "in service".to_owned(),
        AdminState::Drain => "drain",
        AdminState::Maint => "maintenance",
        AdminState::Absent => "not in its list",
    };
    match cause {
        Some(AdminCause::Forced) => format!("{state}, by a command"),
        Some(AdminCause::Inherited) => format!("{state}, inherited from a server that it tracks"),
        Some(AdminCause::Config) => format!("{state}, by the proxy's configuration"),
        None => state.to_owned(),
    }
}
