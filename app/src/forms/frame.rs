//! What all pages with a form have around it.

use leptos::prelude::*;

use domain::GroupName;

use crate::{Route, Tab};

use super::sheet::Sheet;

/// Where a form stands, and what it is called.
pub(super) struct Frame<'a> {
    /// The group that it is about; none for a new one.
    pub(super) group: Option<&'a GroupName>,
    /// The headline.
    pub(super) title: String,
    /// What sending the form does, in a sentence.
    pub(super) lead: String,
}

impl Frame<'_> {
    /// The page: where it is, headline, what is wrong, and the content.
    pub(super) fn around(self, sheet: &Sheet<'_>, content: AnyView) -> AnyView {
        let trail = self.group.map(|name| {
            let href = Route::Group(name.clone(), Tab::Targets).to_string();
            view! { <a href=href>{name.to_string()}</a>" /" }
        });
        let groups = sheet.words().groups;
        view! {
            <div class="form-page">
                <nav class="crumb" aria-label=sheet.words().trail><a href="/">{groups}</a>" / "{trail}</nav>
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
