//! An event as a sentence.

use domain::{EventKind, Status, Transition};

use crate::Language;

use super::{Text, detail};

/// An event as it is told: what it is about stands out, the rest follows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Sentence {
    /// The status whose shape stands before it; none for what changes no status.
    pub(crate) shape: Option<Status>,
    /// What it is about.
    pub(crate) subject: String,
    /// What happened to it.
    pub(crate) verb: String,
}

/// Tells an event. `target` is the name of the target that it is about.
pub(crate) fn sentence(kind: &EventKind, target: &str, text: &Text) -> Sentence {
    let words = Words::of(text.language);
    let told = |shape, subject: String, verb: String| Sentence { shape, subject, verb };
    match kind {
        EventKind::GroupCreated(group) => told(None, group.name.to_string(), words.created.to_owned()),
        EventKind::GroupEdited(group) => told(None, group.name.to_string(), words.group_edited.to_owned()),
        EventKind::GroupDeleted(name) => told(None, name.to_string(), words.deleted.to_owned()),
        EventKind::TargetRegistered(t) => {
            told(Some(Status::Initial), format!("{} / {target}", t.group), words.registered.to_owned())
        }
        EventKind::TargetEdited(t) => told(None, format!("{} / {target}", t.group), (words.edited)(&t.address())),
        EventKind::TargetDeregistered(t) => {
            told(Some(Status::Unused), format!("{} / {target}", t.group), words.deregistered.to_owned())
        }
        EventKind::Checked { group, transition: Some(change), .. } => {
            told(Some(change.to), format!("{group} / {target}"), transition(change, text))
        }
        EventKind::Checked { group, observation, .. } => {
            let seen = detail::outcome(&observation.outcome, text.language);
            told(None, format!("{group} / {target}"), seen.unwrap_or_else(|| words.passed.to_owned()))
        }
        EventKind::Started { version, .. } => told(None, "Drainboard".to_owned(), (words.started)(version)),
        EventKind::RecordingStopped { why } => told(None, "Drainboard".to_owned(), (words.recording_stopped)(why)),
        EventKind::RecordingResumed { gap } => {
            let lasted = (text.span)(gap.to.millis_since(gap.from));
            told(None, "Drainboard".to_owned(), (words.recording_resumed)(&lasted))
        }
        kind => {
            let subject = kind.group().map(ToString::to_string).or_else(|| kind.proxy().map(ToString::to_string));
            told(None, subject.unwrap_or_default(), kind.as_str().to_owned())
        }
    }
}

/// A change of status: the word, why, and how long it took to be sure.
fn transition(change: &Transition, text: &Text) -> String {
    let words = Words::of(text.language);
    let lasted = (text.span)(change.lasted_ms);
    let status = (text.status_inside)(change.to);
    let mut parts = vec![match (change.from, change.to) {
        (Status::Unhealthy | Status::Unavailable, Status::Healthy) => (words.again)(status, &lasted),
        _ => status.to_owned(),
    }];
    parts.extend(change.failure.as_ref().map(|failure| detail::failure(failure, text.language)));
    parts.extend(change.own_fault.as_ref().map(|fault| detail::own_fault(fault, text.language)));
    parts.extend(change.reason.map(|reason| reason.to_string()));
    if change.to == Status::Unhealthy {
        parts.push((words.found)(&(text.span)(change.found_after_ms)));
    }
    parts.join(" · ")
}

struct Words {
    created: &'static str,
    group_edited: &'static str,
    deleted: &'static str,
    registered: &'static str,
    edited: fn(&str) -> String,
    deregistered: &'static str,
    passed: &'static str,
    started: fn(&str) -> String,
    recording_stopped: fn(&str) -> String,
    recording_resumed: fn(&str) -> String,
    again: fn(&str, &str) -> String,
    found: fn(&str) -> String,
}

impl Words {
    fn of(language: Language) -> &'static Self {
        match language {
            Language::En => &EN,
            Language::Ko => &KO,
        }
    }
}

static EN: Words = Words {
    created: "created",
    group_edited: "has new settings",
    deleted: "deleted",
    registered: "registered",
    edited: |address| format!("changed, now at {address}"),
    deregistered: "deregistered",
    passed: "passed its check",
    started: |version| format!("started, version {version}"),
    recording_stopped: |why| format!("cannot record: {why}"),
    recording_resumed: |lasted| format!("records again, after a gap of {lasted}"),
    again: |status, lasted| format!("{status} again after {lasted}"),
    found: |after| format!("found {after} after its first failed check"),
};

static KO: Words = Words {
    created: "생성됨",
    group_edited: "설정이 변경됨",
    deleted: "삭제됨",
    registered: "등록됨",
    edited: |address| format!("변경됨, 현재 주소 {address}"),
    deregistered: "등록 취소됨",
    passed: "상태 확인 통과",
    started: |version| format!("시작됨, 버전 {version}"),
    recording_stopped: |why| format!("기록할 수 없음: {why}"),
    recording_resumed: |lasted| format!("기록 재개, 공백 {lasted}"),
    again: |status, lasted| format!("{lasted} 만에 다시 {status}"),
    found: |after| format!("첫 실패 후 {after} 만에 감지"),
};
