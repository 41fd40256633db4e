//! A form that came back: reading what was typed, and what is wrong with it.

use domain::{GroupDraft, Invalid, Protocol};
use serde_json::{Map, Value};

use crate::FormState;

impl FormState {
    /// A form with these fields and nothing wrong.
    pub(super) fn of(fields: Vec<(String, String)>) -> Self {
        Self { fields, ..Self::default() }
    }

    /// The value of a field; the last one where it came more than once (a checkbox after its hidden `false`).
    pub(super) fn text(&self, name: &str) -> &str {
        self.fields.iter().rev().find(|(key, _)| key == name).map_or("", |(_, value)| value)
    }

    /// What is wrong with the field that the form calls `name`.
    pub(super) fn wrong_with<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Invalid> {
        self.problems.iter().filter(move |invalid| field_of(&invalid.field) == name)
    }

    /// A form filled with a group. A check that speaks the group's own protocol follows it when that is changed.
    pub(super) fn of_group(mut draft: GroupDraft) -> Self {
        if draft.check.check_protocol == draft.protocol {
            draft.check.check_protocol.clear();
        }
        match serde_json::to_value(draft) {
            Ok(Value::Object(fields)) => Self::of(texts(fields)),
            _ => Self::default(),
        }
    }

    /// The form of a new group: ELBv2's defaults.
    pub(super) fn of_new_group() -> Self {
        Self::of_group(GroupDraft::default_for(Protocol::Http))
    }
}

/// Forms that begin with something filled in, and what is in them.
impl FormState {
    /// The group that was typed.
    pub(super) fn group_draft(&self) -> GroupDraft {
        let fields = self.fields.iter().map(|(name, value)| (name.clone(), Value::String(value.clone())));
        serde_json::from_value(Value::Object(fields.collect())).unwrap_or_default()
    }

    /// A form with these values.
    pub(super) fn with<const N: usize>(fields: [(&str, String); N]) -> Self {
        Self::of(fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
    }

    /// A form that takes a binding away: what we did in the proxy is undone.
    pub(super) fn of_removal() -> Self {
        Self::with([("put_back", "true".to_owned())])
    }
}

/// What only the server asks of a form that was sent.
#[cfg(feature = "ssr")]
impl FormState {
    /// Why somebody does it, where they said so.
    pub(super) fn why(&self) -> Option<String> {
        Some(domain::clean(self.text("why"), WHY_MAX)).filter(|why| !why.is_empty())
    }

    /// Whether this button was pressed.
    pub(super) fn asks_for(&self, action: &str) -> bool {
        self.text("action") == action
    }
}

/// Characters of a reason that are kept.
#[cfg(feature = "ssr")]
const WHY_MAX: usize = 200;

fn texts(fields: Map<String, Value>) -> Vec<(String, String)> {
    let text = |value: Value| match value {
        Value::String(text) => text,
        other => other.to_string(),
    };
    fields.into_iter().map(|(name, value)| (name, text(value))).collect()
}

/// The form's name of a field that the API calls `api`.
pub(super) fn field_of(api: &str) -> &str {
    match api.strip_prefix("health_check.").or(api.strip_prefix("standby.")) {
        Some("protocol") => "check_protocol",
        Some("port") => "check_port",
        Some(name) => name,
        None => api,
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;
    use domain::Problem;

    fn typed(pairs: &[(&str, &str)]) -> FormState {
        FormState::of(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }

    #[test]
    fn a_checkbox_wins_over_the_hidden_field_before_it() {
        assert_eq!(typed(&[("enabled", "false"), ("enabled", "true")]).text("enabled"), "true");
        assert_eq!(typed(&[("enabled", "false")]).text("enabled"), "false");
        assert_eq!(typed(&[]).text("enabled"), "");
    }

    #[test]
    fn the_apis_names_lead_to_the_forms_fields() {
        let mut form = typed(&[]);
        form.problems = vec![Invalid::new("health_check.port", Problem::Port)];
        assert_eq!(form.wrong_with("port").count(), 0);
        assert_eq!(form.wrong_with("check_port").count(), 1);
    }

    #[test]
    fn a_group_goes_through_its_form_unchanged() {
        for protocol in Protocol::ALL {
            let draft = GroupDraft { name: "web".to_owned(), ..GroupDraft::default_for(protocol) };
            let form = FormState::of_group(draft.clone());
            assert_eq!(form.text("check_protocol"), "");
            assert_eq!(form.group_draft().validate(), draft.validate());
        }
    }

    #[test]
    fn fields_that_are_no_part_of_a_group_do_no_harm() {
        let mut form = FormState::of_new_group();
        form.fields.extend([("name".to_owned(), "web".to_owned()), ("action".to_owned(), "test".to_owned())]);
        assert_eq!(form.group_draft().validate().unwrap().name.as_str(), "web");
    }
}
