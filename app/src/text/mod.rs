//! Everything that is said, in English and Korean. A sentence that is missing in one of them does not compile.
//!
//! The forms have theirs beside them.

pub(crate) mod detail;
mod detection;
mod drain;
mod en;
mod event;
mod ko;
mod lab;
mod line;
mod measure;
mod past;
mod proxy;
mod standby;
pub(crate) mod storage;

use domain::{Check, GroupName, Status};

use crate::Language;

pub(crate) use detail::{failure, outcome, own_fault};
pub(crate) use detection::DetectionText;
pub(crate) use drain::DrainText;
#[cfg(feature = "ssr")]
pub(crate) use event::hurdle_of;
pub(crate) use event::{Sentence, sentence};
#[cfg(feature = "ssr")]
pub(crate) use lab::LabRefusal;
pub(crate) use lab::LabText;
pub(crate) use line::line;
pub(crate) use measure::{clock_utc, count, date_utc, millis, share, to_a_tenth};
pub(crate) use past::PastText;
pub(crate) use proxy::ProxyText;
pub(crate) use standby::StandbyText;

/// Everything that is said in one language. What carries a number or a name is a function.
pub(crate) struct Text {
    pub(crate) language: Language,
    pub(crate) shell: Shell,
    pub(crate) overview: Overview,
    pub(crate) events: Events,
    #[cfg_attr(not(feature = "hydrate"), expect(dead_code, reason = "only the browser asks"))]
    pub(crate) sending: Sending,
    pub(crate) help: Help,
    /// The word for a status, as it stands alone.
    pub(crate) status: fn(Status) -> &'static str,
    /// The word for a status within a sentence.
    pub(crate) status_inside: fn(Status) -> &'static str,
    /// So long ago, from milliseconds.
    pub(crate) ago: fn(u64) -> String,
    /// So long, from tenths of a second.
    pub(crate) tenths: fn(u64) -> String,
    /// So long, from milliseconds.
    pub(crate) span: fn(u64) -> String,
}

/// What is said when the browser got no page for a form. Not with the texts of the forms, which come later than what sends them.
#[cfg_attr(not(feature = "hydrate"), expect(dead_code, reason = "only the browser asks"))]
pub(crate) struct Sending {
    pub(crate) no_answer: &'static str,
    pub(crate) odd_answer: fn(u16) -> String,
}

/// What stands around every page.
pub(crate) struct Shell {
    pub(crate) skip: &'static str,
    pub(crate) navigation: &'static str,
    pub(crate) groups: &'static str,
    pub(crate) proxies: &'static str,
    pub(crate) failovers: &'static str,
    pub(crate) events: &'static str,
    pub(crate) search: &'static str,
    pub(crate) live: fn(&str) -> String,
    pub(crate) as_of: fn(&str) -> String,
    pub(crate) stale: fn(&str) -> String,
    pub(crate) language: &'static str,
    pub(crate) theme: &'static str,
    pub(crate) themes: [&'static str; 3],
    pub(crate) zone: &'static str,
    pub(crate) zones: [&'static str; 2],
    pub(crate) times_in: fn(&str) -> String,
    pub(crate) preferences: &'static str,
    pub(crate) outdated: &'static str,
    pub(crate) reload: &'static str,
    pub(crate) renew: &'static str,
    pub(crate) not_recorded: &'static str,
    pub(crate) history_unread: &'static str,
    pub(crate) not_found: &'static str,
    pub(crate) not_found_lead: &'static str,
    pub(crate) to_overview: &'static str,
    pub(crate) close: &'static str,
    pub(crate) down: fn(u32) -> String,
    pub(crate) notice: fn(&crate::Notice) -> String,
}

/// The page of all groups.
pub(crate) struct Overview {
    pub(crate) first_run: &'static str,
    pub(crate) first_run_lead: &'static str,
    pub(crate) first_run_script: &'static str,
    pub(crate) all_healthy: fn(u32) -> String,
    pub(crate) no_targets: &'static str,
    pub(crate) no_targets_lead: &'static str,
    pub(crate) need_you: fn(u32) -> String,
    pub(crate) not_seen: fn(u32) -> String,
    pub(crate) first_checks: fn(u32) -> String,
    pub(crate) runs_on: fn(&GroupName, u32, u32) -> String,
    pub(crate) is_down: fn(&GroupName, u32) -> String,
    pub(crate) in_groups: fn(u32) -> String,
    pub(crate) create: &'static str,
    pub(crate) caption: &'static str,
    pub(crate) columns: [&'static str; 5],
    pub(crate) p95_title: &'static str,
    pub(crate) healthy_of: fn(u32, u32) -> String,
    pub(crate) empty: &'static str,
    pub(crate) nothing_here: &'static str,
    pub(crate) targets: fn(u32) -> &'static str,
    pub(crate) problems_only: &'static str,
    pub(crate) filters: &'static str,
    pub(crate) show_all: &'static str,
    pub(crate) no_change: &'static str,
    pub(crate) lane: fn(u32, u32, u32) -> String,
}

/// The page of a group.
pub(crate) struct GroupText {
    pub(crate) trail: &'static str,
    pub(crate) tabs: [&'static str; 5],
    pub(crate) tabs_label: &'static str,
    pub(crate) drill: &'static str,
    pub(crate) edit: &'static str,
    pub(crate) add: &'static str,
    pub(crate) rule: fn(&Check) -> String,
    pub(crate) off: &'static str,
    pub(crate) serving: fn(&[String]) -> String,
    pub(crate) serving_many: fn(u32) -> String,
    pub(crate) down_since: [&'static str; 2],
    pub(crate) and_more_down: fn(u32) -> String,
    pub(crate) none_healthy: &'static str,
    pub(crate) none_healthy_lead: &'static str,
    pub(crate) not_confirmed: &'static str,
    pub(crate) not_judged: &'static str,
    pub(crate) blind: &'static str,
    pub(crate) columns: [&'static str; 5],
    pub(crate) caption: &'static str,
    pub(crate) empty: &'static str,
    pub(crate) empty_lead: &'static str,
    pub(crate) search: &'static str,
    pub(crate) select: fn(&str) -> String,
    pub(crate) select_all: &'static str,
    pub(crate) selected: &'static str,
    pub(crate) deregister_selected: &'static str,
    pub(crate) no_events: &'static str,
    pub(crate) parts: &'static str,
    pub(crate) part: fn(usize, usize, usize) -> String,
    pub(crate) part_before: &'static str,
    pub(crate) part_after: &'static str,
}

/// A target, in its row and on its page.
pub(crate) struct TargetText {
    pub(crate) check_now: &'static str,
    pub(crate) edit: &'static str,
    pub(crate) deregister: &'static str,
    pub(crate) fails: fn(u8, u8, &str) -> String,
    pub(crate) passes: fn(u8, u8) -> String,
    pub(crate) pips: fn(u8, u8) -> String,
    pub(crate) restored: &'static str,
    pub(crate) first_check: &'static str,
    pub(crate) disabled: &'static str,
    pub(crate) next: fn(&str) -> String,
    pub(crate) now: &'static str,
    pub(crate) paused: &'static str,
    pub(crate) last_failed: &'static str,
    pub(crate) since: &'static str,
    pub(crate) beats: fn(u32, u32, u32) -> String,
    pub(crate) no_beats: &'static str,
    pub(crate) beats_untold: &'static str,
    pub(crate) beats_keys: &'static str,
    pub(crate) beats_label: &'static str,
    pub(crate) observations: &'static str,
    pub(crate) observation_columns: [&'static str; 8],
    pub(crate) pass: &'static str,
    pub(crate) none_yet: &'static str,
    pub(crate) history: &'static str,
    pub(crate) again: fn(usize) -> String,
    pub(crate) more: fn(&str) -> String,
    pub(crate) next_check: &'static str,
}

/// The settings of a group, readable.
pub(crate) struct Settings {
    pub(crate) group: &'static str,
    pub(crate) check: &'static str,
    pub(crate) rows: [&'static str; 21],
    pub(crate) every: fn(&str) -> String,
    pub(crate) traffic_port: &'static str,
    pub(crate) on: &'static str,
    pub(crate) off: &'static str,
    pub(crate) unset: &'static str,
    pub(crate) edit: &'static str,
    pub(crate) delete: &'static str,
    pub(crate) in_a_row: fn(u8) -> String,
}

/// The lists of events.
pub(crate) struct Events {
    pub(crate) title: &'static str,
    pub(crate) lead: &'static str,
    pub(crate) empty: &'static str,
    pub(crate) all: &'static str,
}

/// The help dialog: keys and what they do.
pub(crate) struct Help {
    pub(crate) title: &'static str,
    pub(crate) open: &'static str,
    pub(crate) keys: [(&'static str, &'static str); 9],
    pub(crate) shapes: &'static str,
}

/// What is said about one subject: a way to all of it, and a way to one thing in it, for who needs no more. What is pointed
/// to is in the program with everything that is in it, in both languages.
macro_rules! subjects {
    ($($(#[$meta:meta])* $all:ident, $one:ident: $Said:ty = $en:path, $ko:path;)+) => {
        impl Text {
            $($(#[$meta])*
            pub(crate) fn $all(&self) -> &'static $Said {
                match self.language {
                    Language::En => &$en,
                    Language::Ko => &$ko,
                }
            }

            $(#[$meta])*
            /// One thing of that, without the rest.
            #[inline]
            pub(crate) fn $one<T>(&self, one: impl FnOnce(&'static $Said) -> T) -> T {
                match self.language {
                    Language::En => one(&$en),
                    Language::Ko => one(&$ko),
                }
            })+
        }
    };
}

subjects! {
    /// What is said on the page of a group.
    group, group_one: GroupText = en::GROUP, ko::GROUP;
    /// What is said of a target.
    target, target_one: TargetText = en::TARGET, ko::TARGET;
    /// What is said about proxies.
    proxy, proxy_one: ProxyText = proxy::EN, proxy::KO;
    /// What is said about the past.
    past, past_one: PastText = past::EN, past::KO;
    /// What is said about how soon faults are found.
    detection, detection_one: DetectionText = detection::EN, detection::KO;
    /// What is said about drains.
    drain, drain_one: DrainText = drain::EN, drain::KO;
    /// What is said about standbys.
    standby, standby_one: StandbyText = standby::EN, standby::KO;
    /// What is said in the lab.
    lab, lab_one: LabText = lab::EN, lab::KO;
}

impl Text {
    /// The settings of a group.
    pub(crate) fn settings(&self) -> &'static Settings {
        match self.language {
            Language::En => &en::SETTINGS,
            Language::Ko => &ko::SETTINGS,
        }
    }

    /// Everything that is said in this language.
    pub(crate) fn of(language: Language) -> &'static Self {
        match language {
            Language::En => &en::TEXT,
            Language::Ko => &ko::TEXT,
        }
    }
}
