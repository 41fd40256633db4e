//! How soon the settings in the form find faults: a sentence that stays true while they are typed.

use domain::Protocol;
use leptos::prelude::*;

use crate::text::Text;
use crate::{FormState, Language};

/// The sentence, and what keeps it true.
#[derive(Clone, Copy)]
pub(super) struct Promise {
    sentence: RwSignal<Option<String>>,
    language: Language,
}

impl Promise {
    /// Of the form as it is.
    pub(super) fn new(state: &FormState, language: Language) -> Self {
        Self { sentence: RwSignal::new(sentence(state, language)), language }
    }

    /// The sentence; nothing while the settings are wrong or checks are off.
    pub(super) fn view(self) -> AnyView {
        let sentence = self.sentence;
        view! {
            <p class="form-promise" aria-live="polite" hidden=move || sentence.with(Option::is_none)>
                {move || sentence.get()}
            </p>
        }
        .into_any()
    }

    /// Takes in what is in the form now.
    pub(super) fn follow(self, event: &leptos::ev::Event) {
        if let Some(fields) = fields_of(event) {
            self.sentence.set(sentence(&FormState::of(fields), self.language));
        }
    }
}

fn sentence(state: &FormState, language: Language) -> Option<String> {
    let draft = state.group_draft();
    let check = draft.check.validate(draft.protocol.parse().unwrap_or(Protocol::Http)).ok()?;
    check.enabled.then(|| Text::of(language).promise(&check.detection()))
}

/// The fields of the form in which something was typed.
#[cfg(feature = "hydrate")]
fn fields_of(event: &leptos::ev::Event) -> Option<Vec<(String, String)>> {
    use leptos::wasm_bindgen::JsCast as _;
    use web_sys::{FormData, HtmlFormElement, UrlSearchParams};

    let form: HtmlFormElement = event.current_target()?.dyn_into().ok()?;
    let fields = FormData::new_with_form(&form).ok()?;
    let fields = UrlSearchParams::new_with_str_sequence_sequence(&fields).ok()?;
    Some(crate::route::pairs(&String::from(fields.to_string())))
}

#[cfg(not(feature = "hydrate"))]
fn fields_of(_: &leptos::ev::Event) -> Option<Vec<(String, String)>> {
    None
}
