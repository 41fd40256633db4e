//! Configuration for HAProxy and Caddy that loses no request when a target dies, made for a group.

use domain::{Group, GroupName, GroupState, Target};
use leptos::prelude::*;

use crate::live::{Live, Topic};

/// Both snippets, and what each line costs.
pub(super) fn snippets(name: GroupName) -> AnyView {
    let live = Live::here();
    let words = live.text().proxy();
    let made = Memo::new(move |_| {
        live.board(Topic::Members(name.clone()), |board| board.groups.get(&name).map(|g| (haproxy(g), caddy(g))))
            .unwrap_or_default()
    });
    view! {
        <section class="card below snippets" aria-labelledby="snippets-title">
            <h2 class="card-title" id="snippets-title">{words.snippets}</h2>
            <p class="card-note">{words.snippets_lead}</p>
            <div class="two">
                <div>
                    <h3>{words.snippet_haproxy}</h3>
                    <pre class="snippet" tabindex="0"><code>{move || made.get().0}</code></pre>
                    {costs(&words.costs_haproxy)}
                </div>
                <div>
                    <h3>{words.snippet_caddy}</h3>
                    <pre class="snippet" tabindex="0"><code>{move || made.get().1}</code></pre>
                    {costs(&words.costs_caddy)}
                </div>
            </div>
        </section>
    }
    .into_any()
}

fn costs(costs: &'static [(&'static str, &'static str)]) -> AnyView {
    let items = costs.iter().map(|(line, cost)| view! { <li><code>{*line}</code>" "{*cost}</li> });
    view! { <ul class="costs">{items.collect::<Vec<_>>()}</ul> }.into_any()
}

fn targets(group: &GroupState) -> impl Iterator<Item = &Target> {
    group.targets.values().map(|state| &state.target)
}

/// A backend for HAProxy.
fn haproxy(group: &GroupState) -> String {
    let Group { name, check, .. } = &group.group;
    let mut lines = vec![format!("backend {name}")];
    if check.protocol.is_http() {
        lines.extend([
            format!("    option httpchk {} {}", check.method, check.path),
            "    option redispatch 1".to_owned(),
            "    retries 3".to_owned(),
            "    retry-on conn-failure empty-response response-timeout 502 503 504".to_owned(),
            "    # shorter, and wider: retry-on all-retryable-errors".to_owned(),
        ]);
    } else {
        lines.extend(["    mode tcp", "    option redispatch 1", "    retries 3"].map(str::to_owned));
    }
    lines.push("    default-server inter 1s fall 3 rise 2 on-marked-down shutdown-sessions".to_owned());
    lines.extend((1..).zip(targets(group)).map(|(number, target)| {
        format!("    server {} {} check", server_name(target, name, number), target.address())
    }));
    lines.join("\n")
}

/// The target's label where HAProxy takes it as a name, else the group's name with a number.
fn server_name(target: &Target, group: &GroupName, number: usize) -> String {
    let label = target.label.as_str();
    let is_name = !label.is_empty() && label.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.:".contains(&b));
    if is_name { label.to_owned() } else { format!("{group}-{number}") }
}

/// A site for Caddy.
fn caddy(group: &GroupState) -> String {
    let check = &group.group.check;
    let to: Vec<String> = targets(group).map(Target::address).collect();
    let path = if check.protocol.is_http() { check.path.to_string() } else { "/".to_owned() };
    let lines = [
        format!("reverse_proxy {} {{", to.join(" ")),
        "    lb_try_duration 5s".to_owned(),
        "    lb_try_interval 250ms".to_owned(),
        format!("    health_uri {path}"),
        "    health_interval 1s".to_owned(),
        "    # stream_close_delay 5m   (Caddy 2.7 and newer)".to_owned(),
        "    # health_fails 3          (newer than Caddy 2.6)".to_owned(),
        "    # health_passes 2         (newer than Caddy 2.6)".to_owned(),
        "}".to_owned(),
    ];
    lines.join("\n")
}
