//! English.

use super::{FieldWords, Words, drain, proxy};

pub(super) const WORDS: Words = Words {
    groups: "Groups",
    proxies: "Proxies",
    proxy: &proxy::EN,
    drain: &drain::EN,
    trail: "Where you are",

    create_group: "Create target group",
    create_group_lead: "Targets that do one job, checked in one way. The values filled in are those of ELBv2; all but the name can be changed later.",
    create_group_do: "Create target group",
    edit_group: |name| format!("Edit {name}"),
    edit_group_lead: "Changes take effect at once. Targets keep their health.",
    save: "Save changes",
    cancel: "Cancel",
    optional: "optional",
    basics: "Basics",
    health_check: "Health check",
    health_check_lead: "How each target is asked, and how many answers in a row change its status.",
    advanced: "More health check settings",
    same_protocol: "Same as the group",
    field,
    default_port: |port| format!("A target without a port gets {port}, the port of the group."),

    add_targets: |group| format!("Add targets to {group}"),
    add_targets_lead: "Each target is checked within a second after it is added.",
    add_targets_do: "Add targets",
    example: "10.0.0.5:8080\n10.0.0.6:8080 web-2\nweb-[01-04].example",
    test: "Test",
    test_lead: "Runs the check once and shows what it sees. Saves nothing.",
    understood: |count| match count {
        1 => "1 target understood".to_owned(),
        _ => format!("{count} targets understood"),
    },
    trial: "Result of the test",
    nothing_saved: "Nothing is saved yet.",
    target: "Target",
    verdict: "Result",
    phases: ["DNS", "Connect", "TLS", "First byte", "Total"],
    status_code: "Status code",
    pass: "Pass",
    fail: "Fail",
    unknown: "Not known",

    edit_target: |name| format!("Edit {name}"),
    edit_target_lead: "At another host or port it is another machine: its health begins anew. Another name changes nothing else.",

    deregister: |names| match names {
        [name] => format!("Deregister {name}?"),
        _ => format!("Deregister {} targets?", names.len()),
    },
    deregister_lead: |count, group| match count {
        1 => format!(
            "It is no longer checked and leaves {group}. Its past results are kept until their time is over, but no page shows them any more."
        ),
        _ => format!(
            "They are no longer checked and leave {group}. Their past results are kept until their time is over, but no page shows them any more."
        ),
    },
    deregister_left: |left, healthy| match left {
        0 => "No target stays in the group.".to_owned(),
        1 => format!("1 target stays in the group, {healthy} healthy."),
        _ => format!("{left} targets stay in the group, {healthy} of them healthy."),
    },
    deregister_do: |count| match count {
        1 => "Deregister".to_owned(),
        _ => format!("Deregister {count} targets"),
    },
    nothing_chosen_title: "No target chosen",
    nothing_chosen: "Tick the targets in the table first.",

    delete_group: |name| format!("Delete {name}?"),
    delete_empty: "The group has no targets. Its settings go.",
    delete_lead: |count| match count {
        1 => "Its settings go, and 1 target is no longer checked.".to_owned(),
        _ => format!("Its settings go, and {count} targets are no longer checked."),
    },
    delete_type: |name| format!("Type {name} to confirm"),
    delete_do: "Delete target group",
    cannot_undo: "This cannot be undone. Events stay in the record.",

    summary: |count| match count {
        1 => "One field needs another value. Nothing was saved.".to_owned(),
        _ => format!("{count} fields need other values. Nothing was saved."),
    },
    refused: "Nothing was saved. What you typed is kept here: try again when the cause is gone.",
};

fn field(name: &str) -> FieldWords {
    let (label, hint) = match name {
        "name" => ("Name", "1 to 32 letters a to z, digits and hyphens. It cannot be changed later."),
        "description" => ("Description", "What the group is for; any text of up to 200 characters."),
        "protocol" => ("Protocol", "How the targets serve."),
        "port" => ("Port", "For targets that are added without one. 1 to 65535."),
        "enabled" => ("Check the targets", "Without checks every target shows as unavailable."),
        "check_protocol" => ("Check by", "TCP: the port must open. HTTP and HTTPS: a request must be answered."),
        "path" => ("Path", "Begins with /, a query may follow."),
        "matcher" => ("Success codes", "Such as 200, 200,204 or 200-399."),
        "interval_ms" => ("Interval (ms)", "200 to 300000; 30000 is 30 seconds."),
        "timeout_ms" => ("Timeout (ms)", "20 to 120000, not longer than the interval. For the whole check."),
        "healthy_threshold" => ("Healthy threshold", "1 to 10 passes in a row. A new target needs one."),
        "unhealthy_threshold" => ("Unhealthy threshold", "1 to 10 failures in a row."),
        "fast_confirm" => (
            "Confirm failures fast",
            "After a first failure the next checks come at the fast interval, until it is certain. Costs nothing while all is well; a fault that lasts only a moment makes a target unhealthy more easily.",
        ),
        "fast_interval_ms" => ("Fast interval (ms)", "20 up to the interval."),
        "sentinel" => (
            "Hold a sentinel connection",
            "One idle connection to each target: its end starts a check at once. Costs a file descriptor here, and on the target a connection that is never used. Of no use before a server that closes idle connections.",
        ),
        "cut_unhealthy" => (
            "Close the sessions of what automatic mode takes out",
            "Whoever waits for an unhealthy server is let go at once (shutdown sessions) and can be served elsewhere. Requests that it might still have answered fail.",
        ),
        "check_port" => ("Port to check", "traffic-port is the port on which the target serves. Or 1 to 65535."),
        "method" => ("Method", "HEAD asks for no body."),
        "host" => ("Host header", "Empty: the target's own host and port."),
        "body_contains" => ("Body must contain", "A text that must occur in the first 64 KiB. Empty: any body."),
        "tls_verify" => ("Verify the certificate", "An expired or foreign certificate fails the check."),
        "server_name" => ("TLS server name", "Asked for and verified. Empty: the host."),
        "deregistration_delay_s" => {
            ("Deregistration delay (s)", "How long a target may finish its connections. 0 to 3600.")
        }
        "try_on" => ("Try it on", "host:port of a target, such as 127.0.0.1:8000."),
        "targets" => {
            ("Targets", "One a line: host:port, a name may follow. Ranges such as 10.0.0.[1-8]:8080. Up to 1000.")
        }
        "label" => ("Name on the screen", "Any text of up to 64 characters. Empty: the address."),
        "target_host" => ("Host", "IPv4 or IPv6 address, or DNS name."),
        "target_port" => ("Port", "1 to 65535."),
        "minimum_healthy_targets" => (
            "Minimum of healthy targets",
            "A drain that would leave fewer in service is refused. 0 to 1000; 0 is no minimum.",
        ),
        "wanted_active" => (
            "Active targets wanted",
            "With fewer in service a standby is promoted. Empty: the minimum of healthy targets, at least 1.",
        ),
        "hold_down_s" => ("Hold-down (s)", "So long enough active targets must serve before a standby falls back."),
        "fall_back" => ("Fall back", "Who ends a promotion."),
        "standby_role" => ("Role", "Hot and warm run and are checked. Cold is started when it is needed."),
        "starter" => ("Starter", "For a cold standby. Starters are named in the configuration file only."),
        "kind" => ("Kind", "It cannot be changed later."),
        "address" => ("Address", "unix:/path or tcp://host:port for HAProxy, http://host:port for Caddy."),
        "backend" => ("Backend", "The proxy's own name of it. In Caddy the @id of the handler, else its place."),
        "group" => ("Target group", "The group whose targets the servers are; they are matched by address and port."),
        "mode" => ("What Drainboard may do", "It can be changed at any time."),
        "changes_per_minute" => ("Changes per minute", "1 to 60. Only matters for automatic mode."),
        "reason" => ("Reason", "Shown beside the target and kept in the record. Up to 200 characters."),
        "duration" => ("Returns by itself", "If the target is healthy then; else somebody is reminded."),
        "after_delay" => (
            "Connections open after the delay",
            "The deregistration delay of the group. HAProxy can cut them; Caddy closes them on its own terms.",
        ),
        "put_back" => (
            "Put back into service what Drainboard took out",
            "Without it, servers that are held out stay out until somebody brings them back in the proxy.",
        ),
        "typed_name" => ("Name to confirm", "Letter for letter."),
        "why" => ("Why", "Kept in the record of changes."),
        _ => ("", ""),
    };
    FieldWords { label, hint }
}
