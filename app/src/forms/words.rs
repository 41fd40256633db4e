//! The texts of the forms.

mod drain;
mod en;
mod ko;
mod proxy;

use crate::Language;

pub(crate) use drain::DrainWords;
pub(crate) use proxy::ProxyWords;

/// A field: its label, and a hint that says what may be given.
pub(crate) struct FieldWords {
    pub(crate) label: &'static str,
    pub(crate) hint: &'static str,
}

/// Everything that the forms say in one language. What carries a number or a name is a function.
pub(crate) struct Words {
    pub(crate) groups: &'static str,
    pub(crate) proxies: &'static str,
    pub(crate) proxy: &'static ProxyWords,
    pub(crate) drain: &'static DrainWords,
    pub(crate) trail: &'static str,

    pub(crate) create_group: &'static str,
    pub(crate) create_group_lead: &'static str,
    pub(crate) create_group_do: &'static str,
    pub(crate) edit_group: fn(&str) -> String,
    pub(crate) edit_group_lead: &'static str,
    pub(crate) save: &'static str,
    pub(crate) cancel: &'static str,
    pub(crate) optional: &'static str,
    pub(crate) basics: &'static str,
    pub(crate) health_check: &'static str,
    pub(crate) health_check_lead: &'static str,
    pub(crate) advanced: &'static str,
    pub(crate) same_protocol: &'static str,
    pub(crate) field: fn(&str) -> FieldWords,
    pub(crate) default_port: fn(u16) -> String,

    pub(crate) add_targets: fn(&str) -> String,
    pub(crate) add_targets_lead: &'static str,
    pub(crate) add_targets_do: &'static str,
    pub(crate) example: &'static str,
    pub(crate) test: &'static str,
    pub(crate) test_lead: &'static str,
    pub(crate) understood: fn(usize) -> String,
    pub(crate) trial: &'static str,
    pub(crate) nothing_saved: &'static str,
    pub(crate) target: &'static str,
    pub(crate) verdict: &'static str,
    pub(crate) phases: [&'static str; 5],
    pub(crate) status_code: &'static str,
    pub(crate) pass: &'static str,
    pub(crate) fail: &'static str,
    pub(crate) unknown: &'static str,

    pub(crate) edit_target: fn(&str) -> String,
    pub(crate) edit_target_lead: &'static str,

    pub(crate) deregister: fn(&[String]) -> String,
    pub(crate) deregister_lead: fn(usize, &str) -> String,
    pub(crate) deregister_left: fn(usize, usize) -> String,
    pub(crate) deregister_do: fn(usize) -> String,
    pub(crate) nothing_chosen_title: &'static str,
    pub(crate) nothing_chosen: &'static str,

    pub(crate) delete_group: fn(&str) -> String,
    pub(crate) delete_empty: &'static str,
    pub(crate) delete_lead: fn(usize) -> String,
    pub(crate) delete_type: fn(&str) -> String,
    pub(crate) delete_do: &'static str,
    pub(crate) cannot_undo: &'static str,

    pub(crate) summary: fn(usize) -> String,
    pub(crate) refused: &'static str,
}

impl Words {
    /// The texts in this language.
    pub(crate) fn of(language: Language) -> &'static Self {
        match language {
            Language::En => &en::WORDS,
            Language::Ko => &ko::WORDS,
        }
    }
}
