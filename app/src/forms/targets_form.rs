//! The form that adds targets: many at once, as text.

use domain::{Group, TargetLine, parse_target_list};
use leptos::prelude::*;

use crate::{FormState, PageData, Route, Tab};

use super::frame::{Frame, Place, actions, test_button};
use super::sheet::{Entry, Sheet};
use super::trial;

/// Adds targets to a group.
pub(super) fn add(data: &PageData, group: &Group) -> AnyView {
    let state = data.typed().unwrap_or_default();
    let sheet = Sheet::new(&state, data.language, Some("targets"));
    let words = sheet.words();
    let name = &group.name;
    let frame = Frame {
        place: Place::Group(name),
        title: (words.add_targets)(name.as_str()),
        lead: words.add_targets_lead.to_owned(),
    };
    let back = Route::Group(name.clone(), Tab::Targets);
    let action = Route::AddTargets(name.clone());
    let test = test_button(&sheet, &action);
    let form = view! {
        <form method="post" action=action.to_string() class="form" novalidate>
            <div class="card form-card">
                {sheet.lines("targets", words.example)}
                <p class="field-hint">{(words.default_port)(group.port)}</p>
                {sheet.line("why", Entry::Line)}
            </div>
            {actions(&sheet, words.add_targets_do.to_owned(), Some(test), &back)}
        </form>
        {understood(&sheet, &state, group)}
        {trial::results(data)}
    };
    frame.around(&sheet, form.into_any())
}

/// So many lines are shown as they were understood; the rest is counted.
const SHOWN_MAX: usize = 50;

/// How the lines are read, after a test.
fn understood(sheet: &Sheet<'_>, state: &FormState, group: &Group) -> Option<AnyView> {
    let lines = parse_target_list(state.text("targets"), group.port).ok().filter(|_| state.problems.is_empty())?;
    let words = sheet.words();
    let items: Vec<_> = lines.iter().take(SHOWN_MAX).map(item).collect();
    let rest = lines
        .len()
        .checked_sub(SHOWN_MAX)
        .filter(|rest| *rest > 0)
        .map(|rest| view! { <li>{format!("+ {rest}")}</li> });
    Some(
        view! {
            <section class="card form-card understood" role="status">
                <h2>{(words.understood)(lines.len())}</h2>
                <ol>{items}{rest}</ol>
            </section>
        }
        .into_any(),
    )
}

fn item(line: &TargetLine) -> AnyView {
    let label = line.target.label.as_str().to_owned();
    view! { <li><span class="code">{line.target.address()}</span>" "{label}</li> }.into_any()
}
