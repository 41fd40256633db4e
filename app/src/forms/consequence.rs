//! What a drain leaves in service, told before it is done, and the field that overrides the group's minimum.

use domain::{Consequence, GroupName, Remaining};
use leptos::prelude::*;

use super::sheet::{Entry, Sheet};

/// The name that must be typed to go below the minimum: that of the one target, or of the group.
pub(super) fn name_to_type(names: &[String], group: &GroupName) -> String {
    match names {
        [name] => name.clone(),
        _ => group.to_string(),
    }
}

/// What stays, in the group and in each proxy. `typed` is the label of the field that overrides.
pub(super) fn shown(sheet: &Sheet<'_>, consequence: &Consequence, typed: String) -> AnyView {
    let words = sheet.words().drain;
    let Consequence { in_service, stays, floor, under_way, breaks_floor, proxies } = consequence;
    let under_way = (0 < *under_way).then(|| view! { <p>{(words.under_way)(*under_way)}</p> });
    let items: Vec<_> = proxies.iter().map(|remaining| item(sheet, remaining)).collect();
    let alarm = breaks_floor.then(|| {
        view! {
            <div class="floor" role="alert">
                <p><b>{(words.breaks_floor)(*stays, *floor)}</b></p>
                {sheet.line_called("typed_name", typed, Entry::Line)}
            </div>
        }
    });
    view! {
        <section class="card form-card consequence" data-testid="consequence">
            <h2>{words.consequence}</h2>
            <p>{(words.stays)(*stays, *in_service, *floor)}</p>
            {under_way}
            <ul class="form-list">{items}</ul>
            {alarm}
        </section>
    }
    .into_any()
}

/// What it means in one backend.
fn item(sheet: &Sheet<'_>, remaining: &Remaining) -> AnyView {
    let words = sheet.words().drain;
    let proxy = remaining.proxy.as_str();
    let says = match (remaining.drains, remaining.is_reachable) {
        (false, _) => (words.observed_only)(proxy),
        (true, false) => (words.told_later)(proxy),
        (true, true) => {
            let sessions = remaining.sessions.map(words.will_finish);
            let sessions = sessions.unwrap_or_else(|| words.not_observable.to_owned());
            format!("{}; {sessions}.", (words.remaining)(remaining.stays, remaining.of))
        }
    };
    let missing = (0 < remaining.missing && remaining.is_reachable).then(|| (words.missing)(remaining.missing));
    let web_sockets = (remaining.drains && remaining.closes_web_sockets).then(|| (words.web_sockets)(proxy));
    let more = [missing, web_sockets].into_iter().flatten().map(|line| view! { " "{line} });
    let more: Vec<_> = more.collect();
    view! {
        <li>
            <b>{proxy.to_owned()}</b>" "<span class="code">{remaining.backend.clone()}</span>": "{says}{more}
        </li>
    }
    .into_any()
}
