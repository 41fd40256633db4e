//! What all pages with a form have around it.

use leptos::prelude::*;

use domain::{GroupName, ProxyName};

use crate::{Route, Tab};

use super::sheet::Sheet;

/// Where a form stands, and what it is called.
pub(super) struct Frame<'a> {
    /// What it is about.
    pub(super) place: Place<'a>,
    /// The headline.
    pub(super) title: String,
    /// What sending the form does, in a sentence.
    pub(super) lead: String,
}

/// What a form is about.
#[derive(Clone, Copy)]
pub(super) enum Place<'a> {
    /// A new group.
    Groups,
    /// A group that is there.
    Group(&'a GroupName),
    /// A new proxy.
    Proxies,
    /// A proxy that is there.
    Proxy(&'a ProxyName),
}

impl Frame<'_> {
    /// The page: where it is, headline, what is wrong, and the content.
    pub(super) fn around(self, sheet: &Sheet<'_>, content: AnyView) -> AnyView {
        let words = sheet.words();
        let (top, all, own) = match self.place {
            Place::Groups => (Route::Overview, words.groups, None),
            Place::Group(name) => {
                (Route::Overview, words.groups, Some((Route::Group(name.clone(), Tab::Targets), name.to_string())))
            }
            Place::Proxies => (Route::Proxies, words.proxies, None),
            Place::Proxy(name) => (Route::Proxies, words.proxies, Some((Route::Proxy(name.clone()), name.to_string()))),
        };
        let trail = own.map(|(route, name)| view! { <a href=route.to_string()>{name}</a>" /" });
        view! {
            <div class="form-page">
                <nav class="crumb" aria-label=words.trail><a href=top.to_string()>{all}</a>" / "{trail}</nav>
                <h1>{self.title}</h1>
                <p class="sub">{self.lead}</p>
                {sheet.summary()}
                {content}
            </div>
        }
        .into_any()
    }
}

/// The buttons at the end of a form: the first one is what Enter does.
pub(super) fn actions(sheet: &Sheet<'_>, submit: String, more: Option<AnyView>, back: &Route) -> AnyView {
    let back = back.to_string();
    view! {
        <div class="form-actions">
            <button type="submit" class="btn primary">{submit}</button>
            {more}
            <a class="btn quiet" href=back>{sheet.words().cancel}</a>
        </div>
    }
    .into_any()
}

/// The button at the end of a form that takes something away.
pub(super) fn danger(sheet: &Sheet<'_>, submit: String, back: &Route) -> AnyView {
    view! {
        <div class="form-actions">
            <button type="submit" class="btn danger">{submit}</button>
            <a class="btn quiet" href=back.to_string()>{sheet.words().cancel}</a>
        </div>
    }
    .into_any()
}

/// What Enter does: a browser takes the first button of a form, which must not be the test.
pub(super) fn enter() -> AnyView {
    view! { <button type="submit" class="visually-hidden" tabindex="-1" aria-hidden="true"></button> }.into_any()
}

/// The button that tries without saving. The page that comes back begins at the results.
pub(super) fn test_button(sheet: &Sheet<'_>, action: &Route) -> AnyView {
    let words = sheet.words();
    let action = format!("{action}#trial");
    view! {
        <button type="submit" class="btn" name="action" value="test" formaction=action aria-describedby="test-lead">
            {words.test}
        </button>
        <span class="form-aside" id="test-lead">{words.test_lead}</span>
    }
    .into_any()
}
