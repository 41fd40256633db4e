//! The form of one target.

use domain::{Group, Target};
use leptos::prelude::*;

use crate::{FormState, PageData, Route};

use super::frame::{Frame, Place, actions, test_button};
use super::sheet::{Entry, Sheet};
use super::trial;

/// Gives a target another name, host or port.
pub(super) fn edit(data: &PageData, group: &Group, target: &Target) -> AnyView {
    let state = data.typed().unwrap_or_else(|| filled(target));
    let sheet = Sheet::new(&state, data.language, None);
    let words = sheet.words();
    let frame = Frame {
        place: Place::Group(&group.name),
        title: (words.edit_target)(&target.display_name()),
        lead: words.edit_target_lead.to_owned(),
    };
    let action = Route::EditTarget(group.name.clone(), target.id);
    let back = Route::Target(group.name.clone(), target.id);
    let test = test_button(&sheet, &action);
    let form = view! {
        <form method="post" action=action.to_string() class="form" novalidate>
            <div class="card form-card">
                {sheet.line("label", Entry::Line)}
                <div class="form-row">
                    {sheet.line("target_host", Entry::Code)}
                    {sheet.line("target_port", Entry::Number)}
                </div>
                {sheet.line("why", Entry::Line)}
            </div>
            {actions(&sheet, words.save.to_owned(), Some(test), &back)}
        </form>
        {trial::results(data)}
    };
    frame.around(&sheet, form.into_any())
}

fn filled(target: &Target) -> FormState {
    let fields = [
        ("label", target.label.as_str().to_owned()),
        ("target_host", target.host.to_string()),
        ("target_port", target.port.to_string()),
    ];
    FormState::of(fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}
