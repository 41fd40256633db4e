//! Reading JSON objects field by field, so that everything that is wrong is told at once, each with its field.
//!
//! The texts that come out go to the same drafts that forms fill, so forms and API agree on what is valid.

use domain::{CheckDraft, GroupDraft, Invalid, Problem as Wrong};
use serde_json::{Map, Value};

use crate::http::problem::Problem;

/// An object whose fields are taken one by one. `null` is the same as a field that is set back to its default.
#[derive(Debug)]
pub(crate) struct Fields {
    prefix: String,
    object: Map<String, Value>,
    wrong: Vec<Invalid>,
}

impl Fields {
    /// The body of a request.
    pub(crate) fn new(object: Map<String, Value>) -> Self {
        Self { prefix: String::new(), object, wrong: Vec::new() }
    }

    /// Takes a text.
    pub(crate) fn text(&mut self, name: &str, slot: &mut String) {
        self.take(name, slot, |value| match value {
            Value::String(text) => Ok(text),
            _ => Err(Wrong::Malformed("Give a text in quotes.".to_owned())),
        });
    }

    /// Takes a whole number.
    pub(crate) fn number(&mut self, name: &str, slot: &mut String) {
        self.take(name, slot, |value| match value {
            Value::Number(number) if !number.is_f64() => Ok(number.to_string()),
            _ => Err(Wrong::NotANumber),
        });
    }

    /// Takes a whole number or a text.
    pub(crate) fn number_or_text(&mut self, name: &str, slot: &mut String) {
        self.take(name, slot, |value| match value {
            Value::String(text) => Ok(text),
            Value::Number(number) if !number.is_f64() => Ok(number.to_string()),
            _ => Err(Wrong::NotANumber),
        });
    }

    /// Takes true or false.
    pub(crate) fn switch(&mut self, name: &str, slot: &mut String) {
        self.take(name, slot, |value| match value {
            Value::Bool(switch) => Ok(switch.to_string()),
            _ => Err(Wrong::OneOf("true, false".to_owned())),
        });
    }

    /// Takes an object within this one and reads it.
    pub(crate) fn object(&mut self, name: &str, read: impl FnOnce(&mut Fields)) {
        match self.object.remove(name) {
            None => {}
            Some(Value::Object(object)) => self.read_object(name, object, read),
            Some(_) => self.refuse(name, Wrong::Malformed("Give an object: {…}.".to_owned())),
        }
    }

    /// Takes a list of objects and reads each.
    pub(crate) fn objects(&mut self, name: &str, max: usize, mut read: impl FnMut(&mut Fields)) {
        match self.object.remove(name) {
            None | Some(Value::Null) => self.refuse(name, Wrong::Missing),
            Some(Value::Array(items)) if items.is_empty() => self.refuse(name, Wrong::Missing),
            Some(Value::Array(items)) if items.len() > max => {
                self.refuse(name, Wrong::TooMany(u32::try_from(max).unwrap_or(u32::MAX)));
            }
            Some(Value::Array(items)) => {
                for (index, item) in items.into_iter().enumerate() {
                    let name = format!("{name}[{index}]");
                    match item {
                        Value::Object(object) => self.read_object(&name, object, &mut read),
                        _ => self.refuse(&name, Wrong::Malformed("Give an object: {…}.".to_owned())),
                    }
                }
            }
            Some(_) => self.refuse(name, Wrong::Malformed("Give a list: […].".to_owned())),
        }
    }

    /// Takes a list of texts.
    pub(crate) fn texts(&mut self, name: &str, max: usize) -> Vec<String> {
        let texts = match self.object.remove(name) {
            None | Some(Value::Null) => Err(Wrong::Missing),
            Some(Value::Array(items)) if items.is_empty() => Err(Wrong::Missing),
            Some(Value::Array(items)) if items.len() > max => {
                Err(Wrong::TooMany(u32::try_from(max).unwrap_or(u32::MAX)))
            }
            Some(Value::Array(items)) => {
                let texts = items.into_iter().map(|item| match item {
                    Value::String(text) => Some(text),
                    _ => None,
                });
                let texts: Option<Vec<String>> = texts.collect();
                texts.ok_or_else(|| Wrong::Malformed("Give a list of texts in quotes: [\"…\"].".to_owned()))
            }
            Some(_) => Err(Wrong::Malformed("Give a list: […].".to_owned())),
        };
        self.keep(name, texts).unwrap_or_default()
    }

    /// Gives what is right, and tells what is wrong unless something worse is known of the field.
    pub(crate) fn keep<T>(&mut self, name: &str, judged: Result<T, Wrong>) -> Option<T> {
        judged.map_err(|wrong| self.add(vec![Invalid::new(name, wrong)])).ok()
    }

    /// Adds what a draft found wrong, except for fields of which something worse is known.
    pub(crate) fn add(&mut self, wrong: Vec<Invalid>) {
        for invalid in wrong {
            let field = self.path(&invalid.field);
            if !self.wrong.iter().any(|known| known.field == field) {
                self.wrong.push(Invalid::new(field, invalid.problem));
            }
        }
    }

    /// `name` is wrong in this way.
    pub(crate) fn refuse(&mut self, name: &str, wrong: Wrong) {
        let field = self.path(name);
        self.wrong.push(Invalid::new(field, wrong));
    }

    /// Everything that is wrong, unknown fields included.
    pub(crate) fn finish<T>(mut self, value: Option<T>) -> Result<T, Problem> {
        self.refuse_the_rest();
        match value {
            Some(value) if self.wrong.is_empty() => Ok(value),
            _ => Err(Problem::invalid(self.wrong)),
        }
    }

    fn take(&mut self, name: &str, slot: &mut String, read: impl FnOnce(Value) -> Result<String, Wrong>) {
        match self.object.remove(name) {
            None => {}
            Some(Value::Null) => slot.clear(),
            Some(value) => match read(value) {
                Ok(text) => *slot = text,
                Err(wrong) => self.refuse(name, wrong),
            },
        }
    }

    fn read_object(&mut self, name: &str, object: Map<String, Value>, read: impl FnOnce(&mut Fields)) {
        let mut inner = Fields { prefix: format!("{}.", self.path(name)), object, wrong: Vec::new() };
        read(&mut inner);
        inner.refuse_the_rest();
        self.wrong.append(&mut inner.wrong);
    }

    fn refuse_the_rest(&mut self) {
        for name in std::mem::take(&mut self.object).keys() {
            self.refuse(&domain::clean(name, 100), Wrong::UnknownField);
        }
    }

    fn path(&self, name: &str) -> String {
        format!("{}{name}", self.prefix)
    }
}

/// The whole number that was taken as this text, within its range.
pub(crate) fn in_range(text: &str, min: u32, max: u32) -> Result<u32, Wrong> {
    text.parse().ok().filter(|number| (min..=max).contains(number)).ok_or(Wrong::Range { min, max })
}

/// Takes the fields of a group over those of the draft.
pub(crate) fn overlay_group(fields: &mut Fields, draft: &mut GroupDraft) {
    fields.text("name", &mut draft.name);
    fields.text("description", &mut draft.description);
    fields.text("protocol", &mut draft.protocol);
    fields.number("port", &mut draft.port);
    fields.number("deregistration_delay_s", &mut draft.deregistration_delay_s);
    fields.number("minimum_healthy_targets", &mut draft.minimum_healthy_targets);
    fields.object("standby", |fields| {
        fields.number("wanted_active", &mut draft.wanted_active);
        fields.number("hold_down_s", &mut draft.hold_down_s);
        fields.text("fall_back", &mut draft.fall_back);
    });
    fields.object("health_check", |fields| overlay_check(fields, &mut draft.check));
}

/// Takes the fields of a health check over those of the draft.
pub(crate) fn overlay_check(fields: &mut Fields, draft: &mut CheckDraft) {
    fields.switch("enabled", &mut draft.enabled);
    fields.text("protocol", &mut draft.check_protocol);
    fields.number_or_text("port", &mut draft.check_port);
    fields.text("path", &mut draft.path);
    fields.text("method", &mut draft.method);
    fields.text("host", &mut draft.host);
    fields.text("matcher", &mut draft.matcher);
    fields.text("body_contains", &mut draft.body_contains);
    fields.switch("tls_verify", &mut draft.tls_verify);
    fields.text("server_name", &mut draft.server_name);
    fields.number("interval_ms", &mut draft.interval_ms);
    fields.number("timeout_ms", &mut draft.timeout_ms);
    fields.number("healthy_threshold", &mut draft.healthy_threshold);
    fields.number("unhealthy_threshold", &mut draft.unhealthy_threshold);
    *draft = std::mem::take(draft).without_switches();
    fields.number("fast_interval_ms", &mut draft.fast_interval_ms);
    fields.switch("sentinel", &mut draft.sentinel);
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn wrong(body: Value) -> Vec<(String, String)> {
        let Value::Object(object) = body else { panic!("an object") };
        let mut fields = Fields::new(object);
        let mut draft = GroupDraft::default();
        overlay_group(&mut fields, &mut draft);
        if let Err(wrong) = draft.validate() {
            fields.add(wrong);
        }
        fields.refuse_the_rest();
        fields.wrong.iter().map(|wrong| (wrong.field.clone(), wrong.message())).collect()
    }

    fn pair(field: &str, message: &str) -> (String, String) {
        (field.to_owned(), message.to_owned())
    }

    #[test]
    fn a_whole_group_is_read() {
        let body =
            json!({"name": "web", "protocol": "HTTP", "port": 80, "health_check": {"port": 8080, "enabled": false}});
        assert_eq!(wrong(body), []);
    }

    #[test]
    fn a_wrong_type_names_the_field_once() {
        let body = json!({"name": "web", "protocol": "HTTP", "port": "80", "health_check": {"interval_ms": 1.5}});
        let whole = "Give a whole number.";
        assert_eq!(wrong(body), [pair("port", whole), pair("health_check.interval_ms", whole)]);
    }

    #[test]
    fn unknown_fields_are_told_with_everything_else() {
        let body = json!({"protocol": "HTTP", "port": 80, "colour": "red", "health_check": {"intervall": 5}});
        let unknown = "There is no such field.";
        let all = [pair("health_check.intervall", unknown), pair("name", "This is needed."), pair("colour", unknown)];
        assert_eq!(wrong(body), all);
    }

    #[test]
    fn an_object_is_not_something_else() {
        let body = json!({"name": "web", "protocol": "TCP", "port": 80, "health_check": []});
        assert_eq!(wrong(body), [pair("health_check", "Give an object: {…}.")]);
    }
}
