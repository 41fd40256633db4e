//! What is said about proxies: their pages, the tab of a group, and what they say of a target.

mod en;
mod ko;

use domain::{Admin, Dispute, Doubt, HoldCause, Mode, ProxyKind, ProxyWarning};

pub(super) use en::TEXT as EN;
pub(super) use ko::TEXT as KO;

/// Everything that is said about proxies in one language.
pub(crate) struct ProxyText {
    pub(crate) title: &'static str,
    pub(crate) lead: &'static str,
    pub(crate) connect: &'static str,
    pub(crate) empty: &'static str,
    pub(crate) empty_lead: &'static str,
    pub(crate) columns: [&'static str; 4],

    pub(crate) untried: &'static str,
    pub(crate) reachable: &'static str,
    pub(crate) unreachable: &'static str,
    pub(crate) version: &'static str,
    pub(crate) not_known: &'static str,
    pub(crate) unbound: &'static str,

    pub(crate) disagreements: &'static str,
    pub(crate) disagreements_count: fn(usize) -> String,
    pub(crate) agree: &'static str,
    pub(crate) agree_unseen: &'static str,
    pub(crate) disagreement_columns: [&'static str; 6],
    pub(crate) dispute: fn(Dispute) -> &'static str,
    pub(crate) disagrees: &'static str,
    pub(crate) wanted_in: &'static str,
    pub(crate) wanted_out: &'static str,
    pub(crate) adopt: &'static str,
    pub(crate) overrule: &'static str,
    pub(crate) outside_lead: &'static str,

    pub(crate) edit: &'static str,
    pub(crate) delete: &'static str,
    pub(crate) capabilities: &'static str,
    pub(crate) capability: fn(ProxyKind) -> [&'static str; 4],
    pub(crate) warning: fn(ProxyWarning) -> &'static str,
    pub(crate) not_looked: &'static str,
    pub(crate) no_backends: &'static str,
    pub(crate) last_seen: &'static str,

    pub(crate) backend: fn(&str) -> String,
    pub(crate) serves: &'static str,
    pub(crate) backend_gone: &'static str,
    pub(crate) bind: &'static str,
    pub(crate) edit_binding: &'static str,
    pub(crate) unbind: &'static str,
    pub(crate) mode: fn(Mode) -> &'static str,
    pub(crate) mode_says: fn(Mode) -> &'static str,
    pub(crate) per_minute: fn(u32) -> String,
    pub(crate) cuts_unhealthy: &'static str,
    pub(crate) trouble: fn(&str) -> String,
    pub(crate) waits: &'static str,
    pub(crate) doubt: fn(Doubt) -> &'static str,

    pub(crate) server_columns: [&'static str; 9],
    pub(crate) not_observable: &'static str,
    pub(crate) ready: &'static str,
    pub(crate) out: fn(Admin) -> String,
    pub(crate) held: fn(HoldCause, Option<&str>) -> String,
    pub(crate) backup: &'static str,
    pub(crate) no_servers: &'static str,
    pub(crate) unmatched_servers: fn(usize) -> String,
    pub(crate) unmatched_targets: fn(usize) -> String,
    pub(crate) register: fn(usize) -> String,

    pub(crate) events: &'static str,
    pub(crate) no_events: &'static str,
    pub(crate) transcript: &'static str,
    pub(crate) transcript_lead: &'static str,
    pub(crate) transcript_empty: &'static str,
    pub(crate) answered_badly: &'static str,

    pub(crate) not_in: fn(&str) -> String,
    pub(crate) absent: &'static str,
    pub(crate) cannot_reach: &'static str,

    pub(crate) group_unbound: &'static str,
    pub(crate) group_unbound_lead: &'static str,
    pub(crate) to_proxies: &'static str,
    pub(crate) snippets: &'static str,
    pub(crate) snippets_lead: &'static str,
    pub(crate) snippet_haproxy: &'static str,
    pub(crate) snippet_caddy: &'static str,
    pub(crate) costs_haproxy: [(&'static str, &'static str); 5],
    pub(crate) costs_caddy: [(&'static str, &'static str); 3],
    pub(crate) fail_open: &'static str,
    pub(crate) fail_open_lead: &'static str,
    pub(crate) fail_open_mark: &'static str,
}
