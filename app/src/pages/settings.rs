//! The settings of a group, readable.

use domain::{CheckPort, Group, GroupName};
use leptos::prelude::*;

use crate::Route;
use crate::live::Live;
use crate::text::{Settings, Text};

/// Two tables, and the ways to change them.
pub(super) fn tables(name: GroupName, group: Memo<Option<Group>>) -> AnyView {
    let text = Live::here().text();
    let words = text.settings();
    let values =
        Memo::new(move |_| group.with(|group| group.as_ref().map(|group| values(group, text)).unwrap_or_default()));
    let rows = move |from: usize, to: usize| {
        let row = move |index: usize| {
            let value = move || values.with(|values| values.get(index).cloned().flatten());
            let is_there = move || values.with(|values| values.get(index).is_some_and(Option::is_some));
            let title = words.rows.get(index).copied().unwrap_or_default();
            view! { <tr hidden=move || !is_there()><th scope="row">{title}</th><td>{value}</td></tr> }
        };
        (from..to).map(row).collect::<Vec<_>>()
    };
    let promise = Memo::new(move |_| {
        let check = group.with(|group| group.as_ref().map(|group| group.check.clone()))?;
        check.enabled.then(|| text.promise(&check.detection()))
    });
    let promise = view! { <p class="promise" hidden=move || promise.with(Option::is_none)>{move || promise.get()}</p> };
    view! {
        <div class="two">
            <div class="card"><table class="facts"><caption>{words.group}</caption><tbody>{rows(0, 6)}</tbody></table></div>
            <div class="card"><table class="facts"><caption>{words.check}</caption><tbody>{rows(6, 21)}</tbody></table>{promise}</div>
        </div>
        <p class="after">
            <a class="btn" href=Route::EditGroup(name.clone()).to_string()>{words.edit}</a>
            <a class="btn danger" href=Route::DeleteGroup(name.clone()).to_string()>{words.delete}</a>
        </p>
    }
    .into_any()
}

/// The values in the order of [`Settings::rows`]; none for what the protocol does not have.
fn values(group: &Group, text: &Text) -> Vec<Option<String>> {
    let words: &Settings = text.settings();
    let check = &group.check;
    let or_unset =
        |value: Option<String>| Some(value.filter(|v| !v.is_empty()).unwrap_or_else(|| words.unset.to_owned()));
    let switch = |on: bool| Some(if on { words.on } else { words.off }.to_owned());
    let http = check.protocol.is_http();
    let tls = check.protocol == domain::Protocol::Https;
    let span = |ms: u32| (text.span)(u64::from(ms));
    let port = match check.port {
        CheckPort::TrafficPort => words.traffic_port.to_owned(),
        CheckPort::Port(port) => port.to_string(),
    };
    vec![
        Some(group.name.to_string()),
        or_unset(Some(group.description.to_string())),
        Some(group.protocol.to_string()),
        Some(group.port.to_string()),
        Some((text.span)(u64::from(group.deregistration_delay_s) * 1000)),
        Some(group.minimum_healthy_targets.to_string()),
        switch(check.enabled),
        Some(check.protocol.to_string()),
        Some(port),
        http.then(|| check.path.to_string()),
        http.then(|| check.method.to_string()),
        or_unset(check.host.as_ref().map(ToString::to_string)).filter(|_| http),
        http.then(|| check.matcher.to_string()),
        or_unset(check.body_contains.clone()).filter(|_| http),
        switch(check.tls_verify).filter(|_| tls),
        or_unset(check.server_name.as_ref().map(ToString::to_string)).filter(|_| tls),
        Some(format!("{} · {}", span(check.interval_ms), span(check.timeout_ms))),
        Some((words.in_a_row)(check.healthy_threshold)),
        Some((words.in_a_row)(check.unhealthy_threshold)),
        Some(check.fast_interval_ms.map_or_else(|| words.off.to_owned(), |fast| (words.every)(&span(fast)))),
        switch(check.sentinel),
    ]
}
