//! The form of a group: basics, health check, and what few people need behind a fold.

use domain::{FallBack, Group, GroupDraft, Protocol};
use leptos::prelude::*;

use crate::{FormState, PageData, Route, Tab};

use super::frame::{Frame, Place, actions, enter, test_button};
use super::promise::Promise;
use super::sheet::{Entry, Sheet};
use super::trial;

/// Makes a group.
pub(super) fn create(data: &PageData) -> AnyView {
    let state = data.typed().unwrap_or_else(FormState::of_new_group);
    let sheet = Sheet::new(&state, data.language, Some("name"));
    let words = sheet.words();
    let frame =
        Frame { place: Place::Groups, title: words.create_group.to_owned(), lead: words.create_group_lead.to_owned() };
    let form = form(data, &sheet, words.create_group_do, &Route::NewGroup, &Route::Overview, None);
    frame.around(&sheet, form)
}

/// Gives a group other settings.
pub(super) fn edit(data: &PageData, group: &Group) -> AnyView {
    let state = data.typed().unwrap_or_else(|| FormState::of_group(GroupDraft::from(group)));
    let sheet = Sheet::new(&state, data.language, None);
    let words = sheet.words();
    let name = &group.name;
    let frame = Frame {
        place: Place::Group(name),
        title: (words.edit_group)(name.as_str()),
        lead: words.edit_group_lead.to_owned(),
    };
    let back = Route::Group(name.clone(), Tab::Settings);
    let form = form(data, &sheet, words.save, &Route::EditGroup(name.clone()), &back, Some(group));
    frame.around(&sheet, form)
}

fn form(
    data: &PageData,
    sheet: &Sheet<'_>,
    submit: &'static str,
    action: &Route,
    back: &Route,
    group: Option<&Group>,
) -> AnyView {
    let trials = trial::results(data);
    let promise = sheet.promise();
    view! {
        <form
            method="post"
            action=action.to_string()
            class="form group-form"
            novalidate
            on:input=move |event| promise.follow(&event)
        >
            {enter()}
            {basics(sheet, group)}
            {health_check(sheet, promise)}
            <section class="card form-card form-try">
                {sheet.line("try_on", Entry::Code)}
                {test_button(sheet, action)}
                {trials}
            </section>
            <section class="card form-card form-why">{sheet.line("why", Entry::Line)}</section>
            {actions(sheet, submit.to_owned(), None, back)}
        </form>
    }
    .into_any()
}

/// The name of a group that exists cannot be changed, so it is not asked for.
fn basics(sheet: &Sheet<'_>, group: Option<&Group>) -> AnyView {
    let name = match group {
        Some(group) => view! { <input type="hidden" name="name" value=group.name.to_string()/> }.into_any(),
        None => sheet.line("name", Entry::Code),
    };
    view! {
        <fieldset class="card form-card">
            <legend>{sheet.words().basics}</legend>
            {name}
            {sheet.line("description", Entry::Line)}
            <div class="form-row">
                {sheet.choice("protocol", &protocols())}
                {sheet.line("port", Entry::Number)}
                {sheet.line("minimum_healthy_targets", Entry::Number)}
            </div>
            <div class="form-row">
                {sheet.line("wanted_active", Entry::Number)}
                {sheet.line("hold_down_s", Entry::Number)}
                {sheet.choice("fall_back", &fall_backs(sheet))}
            </div>
        </fieldset>
    }
    .into_any()
}

fn fall_backs(sheet: &Sheet<'_>) -> Vec<(&'static str, String)> {
    let words = sheet.text().standby().fall_backs;
    FallBack::ALL.into_iter().zip(words).map(|(way, said)| (way.as_str(), said.to_owned())).collect()
}

fn health_check(sheet: &Sheet<'_>, promise: Promise) -> AnyView {
    let words = sheet.words();
    let mut check_protocols = vec![("", words.same_protocol.to_owned())];
    check_protocols.extend(protocols());
    view! {
        <fieldset class="card form-card">
            <legend>{words.health_check}</legend>
            <p class="form-lead">{words.health_check_lead}</p>
            {sheet.switch("enabled")}
            <div class="form-row">
                {sheet.choice("check_protocol", &check_protocols)}
                <div class="http-only">{sheet.line("path", Entry::Code)}</div>
                <div class="http-only">{sheet.line("matcher", Entry::Code)}</div>
            </div>
            <div class="form-row">
                {sheet.line("interval_ms", Entry::Number)}
                {sheet.line("timeout_ms", Entry::Number)}
            </div>
            <div class="form-row">
                {sheet.line("unhealthy_threshold", Entry::Number)}
                {sheet.line("healthy_threshold", Entry::Number)}
            </div>
            {detection(sheet, promise)}
            {advanced(sheet)}
        </fieldset>
    }
    .into_any()
}

/// What finds faults sooner, and how soon they are found.
fn detection(sheet: &Sheet<'_>, promise: Promise) -> AnyView {
    view! {
        <div class="form-detection">
            {sheet.switch("fast_confirm")}
            <div class="fast-only">{sheet.line("fast_interval_ms", Entry::Number)}</div>
            {sheet.switch("sentinel")}
        </div>
        {promise.view()}
    }
    .into_any()
}

const ADVANCED: [&str; 7] =
    ["check_port", "method", "host", "body_contains", "tls_verify", "server_name", "deregistration_delay_s"];

/// Open when something in it is wrong or was set, since a reader must not miss either.
fn advanced(sheet: &Sheet<'_>) -> AnyView {
    let is_open =
        sheet.is_wrong(&ADVANCED) || ["host", "body_contains", "server_name"].iter().any(|name| sheet.is_filled(name));
    let methods = [("GET", "GET".to_owned()), ("HEAD", "HEAD".to_owned())];
    view! {
        <details class="form-more" open=is_open>
            <summary>{sheet.words().advanced}</summary>
            <div class="form-row">
                {sheet.line("check_port", Entry::Code)}
                {sheet.line("deregistration_delay_s", Entry::Number)}
            </div>
            <div class="form-row http-only">
                {sheet.choice("method", &methods)}
                {sheet.line("host", Entry::Code)}
            </div>
            <div class="http-only">{sheet.line("body_contains", Entry::Line)}</div>
            <div class="https-only">{sheet.switch("tls_verify")}{sheet.line("server_name", Entry::Code)}</div>
        </details>
    }
    .into_any()
}

fn protocols() -> Vec<(&'static str, String)> {
    Protocol::ALL.iter().map(|protocol| (protocol.as_str(), protocol.to_string())).collect()
}
