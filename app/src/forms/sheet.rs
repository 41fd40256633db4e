//! The paper that a form is written on: fields with label, hint, what was typed, and what is wrong beside it.

use leptos::prelude::*;

use crate::{FormState, Language};

use super::problem::sentence;
use super::promise::Promise;
use super::state::field_of;
use super::words::Words;

/// A form as it is filled in, in the reader's language.
#[derive(Clone, Copy)]
pub(super) struct Sheet<'a> {
    state: &'a FormState,
    language: Language,
    /// The field where the reader begins: the first wrong one.
    focused: Option<&'a str>,
}

/// What a text field takes.
#[derive(Clone, Copy)]
pub(super) enum Entry {
    /// A line of text.
    Line,
    /// A name, an address, a path: nothing that a dictionary should mend.
    Code,
    /// A whole number.
    Number,
}

impl<'a> Sheet<'a> {
    /// `fresh` is the field where the reader begins when nothing is wrong.
    pub(super) fn new(state: &'a FormState, language: Language, fresh: Option<&'a str>) -> Self {
        let first_wrong = state.problems.first().map(|invalid| field_of(&invalid.field));
        Self { state, language, focused: first_wrong.or(fresh) }
    }

    /// The texts.
    pub(super) fn words(&self) -> &'static Words {
        Words::of(self.language)
    }

    /// What pages that are no forms say, too.
    pub(super) fn text(&self) -> &'static crate::text::Text {
        crate::text::Text::of(self.language)
    }

    /// How soon the settings find faults.
    pub(super) fn promise(&self) -> Promise {
        Promise::new(self.state, self.language)
    }

    /// Whether one of these fields is wrong.
    pub(super) fn is_wrong(&self, names: &[&str]) -> bool {
        names.iter().any(|name| self.state.wrong_with(name).next().is_some())
    }

    /// Whether this field is filled in.
    pub(super) fn is_filled(&self, name: &str) -> bool {
        !self.state.text(name).is_empty()
    }

    /// What is wrong altogether, with links to the fields; nothing when nothing is.
    pub(super) fn summary(&self) -> Option<AnyView> {
        let words = self.words();
        if let Some(why) = self.state.failure.clone() {
            let lead = words.refused;
            return Some(view! { <div class="form-summary" role="alert" tabindex="-1"><p><strong>{why}</strong></p><p>{lead}</p></div> }.into_any());
        }
        let lead = match self.wrong_fields().len() {
            0 => return None,
            count => (words.summary)(count),
        };
        let items = self.state.problems.iter().map(|invalid| {
            let name = field_of(&invalid.field);
            let label = (words.field)(name).label;
            let text = sentence(&invalid.problem, self.language);
            view! { <li><a href=format!("#f-{name}")>{label}</a>": "{text}</li> }
        });
        let items: Vec<_> = items.collect();
        Some(
            view! { <div class="form-summary" role="alert"><p><strong>{lead}</strong></p><ul>{items}</ul></div> }
                .into_any(),
        )
    }

    fn wrong_fields(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self.state.problems.iter().map(|invalid| field_of(&invalid.field)).collect();
        names.dedup();
        names
    }

    /// A field of one line.
    pub(super) fn line(&self, name: &'static str, entry: Entry) -> AnyView {
        self.line_called(name, (self.words().field)(name).label.to_owned(), entry)
    }

    /// A field of one line whose label carries a name.
    pub(super) fn line_called(&self, name: &'static str, label: String, entry: Entry) -> AnyView {
        let value = self.state.text(name).to_owned();
        let code = !matches!(entry, Entry::Line);
        let numeric = matches!(entry, Entry::Number);
        let input = view! {
            <input
                id=format!("f-{name}")
                name=name
                value=value
                class:code=code
                autocomplete="off"
                autocapitalize=code.then_some("off")
                spellcheck=code.then_some("false")
                inputmode=numeric.then_some("numeric")
                autofocus=self.has_focus(name)
                aria-invalid=self.invalid(name)
                aria-describedby=self.described_by(name)
            />
        };
        self.around(name, label, input.into_any())
    }

    /// A field of many lines.
    pub(super) fn lines(&self, name: &'static str, placeholder: &'static str) -> AnyView {
        let value = raw_text(self.state.text(name));
        let input = view! {
            <textarea
                id=format!("f-{name}")
                name=name
                rows="8"
                class="code"
                placeholder=placeholder
                autocapitalize="off"
                spellcheck="false"
                autofocus=self.has_focus(name)
                aria-invalid=self.invalid(name)
                aria-describedby=self.described_by(name)
                inner_html=value
            ></textarea>
        };
        self.around(name, (self.words().field)(name).label.to_owned(), input.into_any())
    }

    /// A choice of one; each with the text that it shows.
    pub(super) fn choice<V: ToString>(&self, name: &'static str, choices: &[(V, String)]) -> AnyView {
        let chosen = self.state.text(name);
        let is_exact = choices.iter().any(|(value, _)| value.to_string() == chosen);
        let is_chosen = |value: &str| if is_exact { value == chosen } else { value.eq_ignore_ascii_case(chosen) };
        let options: Vec<_> = choices
            .iter()
            .map(|(value, text)| {
                let (value, text) = (value.to_string(), text.clone());
                let selected = is_chosen(&value);
                view! { <option value=value selected=selected>{text}</option> }
            })
            .collect();
        let input = view! {
            <select
                id=format!("f-{name}")
                name=name
                autofocus=self.has_focus(name)
                aria-invalid=self.invalid(name)
                aria-describedby=self.described_by(name)
            >
                {options}
            </select>
        };
        self.around(name, (self.words().field)(name).label.to_owned(), input.into_any())
    }

    /// A choice of one, each with a sentence that says what it means.
    pub(super) fn radios(&self, name: &'static str, choices: &[(&'static str, &'static str, &'static str)]) -> AnyView {
        let chosen = self.state.text(name);
        let option = |(index, (value, label, means)): (usize, &(&'static str, &'static str, &'static str))| {
            let id = if index == 0 { format!("f-{name}") } else { format!("f-{name}-{value}") };
            let (hint, owner) = (format!("{id}-means"), id.clone());
            view! {
                <label class="radio" for=owner>
                    <input
                        type="radio"
                        id=id
                        name=name
                        value=*value
                        checked=*value == chosen
                        aria-invalid=self.invalid(name)
                        aria-describedby=hint.clone()
                    />
                    <span>
                        <b>{*label}</b>
                        <span class="field-hint" id=hint>{*means}</span>
                    </span>
                </label>
            }
        };
        let options: Vec<_> = choices.iter().enumerate().map(option).collect();
        view! {
            <fieldset class=format!("field field-radios field-{name}")>
                <legend>{(self.words().field)(name).label}</legend>
                {options}
                {self.below(name)}
            </fieldset>
        }
        .into_any()
    }

    /// A switch. The hidden field before it says `false` when it is off, since a browser then sends nothing.
    pub(super) fn switch(&self, name: &'static str) -> AnyView {
        let label = (self.words().field)(name).label;
        let on = matches!(self.state.text(name), "true" | "on");
        view! {
            <div class="field field-switch">
                <input type="hidden" name=name value="false"/>
                <label for=format!("f-{name}")>
                    <input
                        type="checkbox"
                        id=format!("f-{name}")
                        name=name
                        value="true"
                        checked=on
                        autofocus=self.has_focus(name)
                        aria-invalid=self.invalid(name)
                        aria-describedby=self.described_by(name)
                    />
                    {label}
                </label>
                {self.below(name)}
            </div>
        }
        .into_any()
    }

    /// Label, field, hint, and what is wrong.
    fn around(&self, name: &'static str, label: String, input: AnyView) -> AnyView {
        let words = self.words();
        let optional = OPTIONAL.contains(&name).then(|| view! { <span class="field-optional">{words.optional}</span> });
        view! {
            <div class=format!("field field-{name}")>
                <label for=format!("f-{name}")>{label}{optional}</label>
                {input}
                {self.below(name)}
            </div>
        }
        .into_any()
    }

    fn below(&self, name: &'static str) -> AnyView {
        let hint = (self.words().field)(name).hint;
        let errors: Vec<_> = self.state.wrong_with(name).map(|it| sentence(&it.problem, self.language)).collect();
        let errors = (!errors.is_empty()).then(|| {
            let errors: Vec<_> = errors.into_iter().map(|text| view! { <span>{text}</span> }).collect();
            view! { <p class="field-error" id=format!("f-{name}-error")>{errors}</p> }
        });
        view! {
            {errors}
            <p class="field-hint" id=format!("f-{name}-hint")>{hint}</p>
        }
        .into_any()
    }

    fn has_focus(&self, name: &str) -> bool {
        self.focused == Some(name)
    }

    fn invalid(&self, name: &str) -> Option<&'static str> {
        self.is_wrong(&[name]).then_some("true")
    }

    fn described_by(&self, name: &str) -> String {
        match self.is_wrong(&[name]) {
            true => format!("f-{name}-error f-{name}-hint"),
            false => format!("f-{name}-hint"),
        }
    }
}

/// What was typed as the content of a textarea: an empty text has no node that the browser's program could take over,
/// so it goes in as markup. The parser of a page drops the first line break in a textarea, that of `innerHTML` does not.
fn raw_text(text: &str) -> String {
    let line_break = if cfg!(feature = "ssr") { "\n" } else { "" };
    let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    format!("{line_break}{escaped}")
}

/// Fields whose emptiness is worth a word: their label alone would let one think that they are needed.
const OPTIONAL: [&str; 6] = ["description", "host", "body_contains", "server_name", "label", "why"];
