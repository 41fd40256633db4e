//! What a *Test connection* found, or what to change in the proxy's configuration.

use domain::{ProxyKind, ProxyWarning};
use leptos::prelude::*;

use crate::text::Text;
use crate::{FormState, Language, PageData, ProxyFault, ProxyTrial};

use super::words::{ProxyWords, Words};

/// So many backends are named; the rest is counted.
const SHOWN_MAX: usize = 20;

/// The result; nothing where nothing was tried.
pub(super) fn result(data: &PageData, state: &FormState) -> Option<AnyView> {
    let trial = data.proxy_trial.as_ref()?;
    let words = Words::of(data.language);
    let kind = state.text("kind").parse().unwrap_or(ProxyKind::Haproxy);
    let content = match trial {
        ProxyTrial::Found { version, backends, warnings } => {
            found(words.proxy, version, backends, warnings, kind, data.language)
        }
        ProxyTrial::Failed(fault) => failed(words.proxy, fault, kind, state.text("address")),
    };
    Some(
        view! {
            <section class="card form-card proxy-trial" role="status" tabindex="-1" id="trial">
                <h2>{words.proxy.trial}" "<span class="form-aside">{words.nothing_saved}</span></h2>
                {content}
            </section>
        }
        .into_any(),
    )
}

fn found(
    words: &'static ProxyWords,
    version: &str,
    backends: &[(String, u32)],
    warnings: &[ProxyWarning],
    kind: ProxyKind,
    language: Language,
) -> AnyView {
    let is_admin = !warnings.contains(&ProxyWarning::ReadOnly);
    let (class, level) =
        if is_admin { ("verdict-pass", words.may_change) } else { ("verdict-unknown", words.may_not_change) };
    let items = backends.iter().take(SHOWN_MAX).map(|(name, servers)| {
        view! { <li><span class="code">{name.clone()}</span>" · "{(words.servers)(*servers)}</li> }
    });
    let items: Vec<_> = items.collect();
    let rest = backends.len().checked_sub(SHOWN_MAX).filter(|rest| 0 < *rest);
    let rest = rest.map(|rest| view! { <li>{format!("+ {rest}")}</li> });
    let count = if backends.is_empty() { words.no_backends.to_owned() } else { (words.backends)(backends.len()) };
    let warnings: Vec<_> = warnings
        .iter()
        .map(|warning| view! { <p class="banner warn">{(Text::of(language).proxy().warning)(*warning)}</p> })
        .collect();
    let fix = (!is_admin).then(|| fix(words, kind, ""));
    view! {
        <p><strong class="verdict-pass">{(words.found)(version)}</strong></p>
        <p class=class>{level}</p>
        <p>{count}</p>
        <ul class="form-list">{items}{rest}</ul>
        {warnings}
        {fix}
    }
    .into_any()
}

fn failed(words: &'static ProxyWords, fault: &ProxyFault, kind: ProxyKind, address: &str) -> AnyView {
    let why = match fault {
        ProxyFault::Unreachable(why) | ProxyFault::Other(why) => why.clone(),
        ProxyFault::Refused(said) => (words.refused)(said),
        ProxyFault::ReadOnly => words.read_only.to_owned(),
        ProxyFault::Garbage(said) => (words.garbage)(said),
    };
    view! {
        <p><strong class="verdict-fail">{words.failed}</strong></p>
        <p>{why}</p>
        {fix(words, kind, address)}
    }
    .into_any()
}

/// Exactly what to write into the proxy's configuration.
fn fix(words: &'static ProxyWords, kind: ProxyKind, address: &str) -> AnyView {
    view! {
        <p>{(words.fix)(kind)}</p>
        <pre class="snippet" tabindex="0"><code>{snippet(kind, address)}</code></pre>
        <p class="form-aside">{(words.fix_after)(kind)}</p>
    }
    .into_any()
}

/// The lines for this address, or for the usual one where that says nothing.
fn snippet(kind: ProxyKind, address: &str) -> String {
    let place = |scheme: &str| address.trim().strip_prefix(scheme).filter(|place| !place.is_empty()).map(str::to_owned);
    match kind {
        ProxyKind::Haproxy => match place("tcp://") {
            Some(place) => format!("global\n    stats socket ipv4@{place} level admin"),
            None => {
                let path = place("unix:").unwrap_or_else(|| "/run/haproxy/admin.sock".to_owned());
                format!("global\n    stats socket {path} mode 660 level admin")
            }
        },
        ProxyKind::Caddy => {
            let place = place("http://").unwrap_or_else(|| "localhost:2019".to_owned());
            format!("{{\n    admin {}\n}}", place.trim_end_matches('/'))
        }
    }
}
