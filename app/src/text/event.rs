//! An event as a sentence.

use domain::{
    Binding, DrainStage, EventKind, FailoverNote, Hurdle, LastDrill, ScheduleStep, Standing, Status, Transition,
};

use crate::Language;

use super::{Text, detail};

mod drains;
mod proxies;
mod standbys;

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
        EventKind::TargetEdited { target: t, was } => {
            let renamed = was.as_ref().filter(|was| (&was.host, was.port) == (&t.host, t.port));
            let verb = renamed.map_or_else(|| (words.edited)(&t.address()), |was| (words.renamed)(&was.display_name()));
            told(None, format!("{} / {target}", t.group), verb)
        }
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
        EventKind::RecordingStopped { why } => {
            told(None, "Drainboard".to_owned(), (words.recording_stopped)(&detail::store(why, text.language)))
        }
        EventKind::RecordingResumed { gap } => {
            let lasted = gap.map(|gap| (text.span)(gap.to.millis_since(gap.from)));
            told(None, "Drainboard".to_owned(), (words.recording_resumed)(lasted.as_deref()))
        }
        EventKind::Paused { gap } => {
            let lasted = (text.span)(gap.to.millis_since(gap.from));
            told(None, "Drainboard".to_owned(), (words.paused)(&lasted))
        }
        EventKind::TargetDrained { group, drain, .. } | EventKind::DrainChanged { group, drain, .. } => {
            told(Some(drain_status(drain.stage)), format!("{group} / {target}"), drains::verb(kind, drain, text))
        }
        EventKind::TargetReturned { group, cause, .. } => {
            told(None, format!("{group} / {target}"), drains::returned(*cause, text).to_owned())
        }
        EventKind::RoleChanged { group, standby, .. } => {
            told(None, format!("{group} / {target}"), standbys::role(standby.as_ref(), text))
        }
        EventKind::StandbyMoved { group, stage, standby, .. } => {
            told(None, format!("{group} / {target}"), standbys::moved(*stage, standby, text))
        }
        EventKind::ProxyCreated(proxy) => told(None, proxy.name.to_string(), proxies::created(proxy, text)),
        EventKind::ProxyEdited(proxy) => told(None, proxy.name.to_string(), proxies::edited(proxy, text)),
        EventKind::ProxyDeleted(name) => told(None, name.to_string(), proxies::deleted(text).to_owned()),
        EventKind::ProxyBound(binding) => told(None, of_backend(binding), proxies::bound(binding, text)),
        EventKind::BindingEdited(binding) => told(None, of_backend(binding), proxies::binding_edited(binding, text)),
        EventKind::ProxyUnbound(binding) => told(None, of_backend(binding), proxies::unbound(binding, text)),
        EventKind::ProxyLinked { proxy, link } => {
            let (shape, verb) = proxies::linked(link, text);
            told(shape, proxy.to_string(), verb)
        }
        EventKind::ProxyLooked { proxy, version, .. } => told(None, proxy.to_string(), proxies::looked(version, text)),
        EventKind::ServerHeld { place, .. } => told(None, place.proxy.to_string(), proxies::held(place, text)),
        EventKind::ServerReleased { place } => told(None, place.proxy.to_string(), proxies::released(place, text)),
        EventKind::ServerTold { place, order, because, answer, took_us, .. } => {
            let verb = proxies::told(place, target, *order, *because, answer, *took_us, text);
            told(proxies::shape_of(*order, answer), place.proxy.to_string(), verb)
        }
        EventKind::ServerChangedOutside { place, change } => {
            told(Some(Status::Unavailable), place.proxy.to_string(), proxies::outside(place, *change, text))
        }
        // These are not on the record.
        EventKind::NumberSkipped => told(None, "Drainboard".to_owned(), String::new()),
        EventKind::SentinelSeen { group, .. } => {
            told(None, format!("{group} / {target}"), text.detection_one(|words| words.sentinel).to_owned())
        }
        EventKind::DrillScheduled { step, schedule } => {
            let verb = (words.scheduled)(*step, schedule.last.as_ref());
            told(None, schedule.group.to_string(), verb)
        }
        EventKind::TargetFeigned { group, until, .. } => {
            let verb = if until.is_some() { words.feigned } else { words.not_feigned };
            told(None, format!("{group} / {target}"), verb.to_owned())
        }
        EventKind::FailoverRecorded(note) => {
            let verb = match note.ending {
                None => words.failover_begins.to_owned(),
                Some(_) => failover_over(note, words, text),
            };
            told(None, format!("{} / {}", note.group, note.name), verb)
        }
        EventKind::PolicyWaits { proxy, group, doubt, .. } => {
            told(None, format!("{proxy} → {group}"), proxies::waits(*doubt, text))
        }
    }
}

/// A backend with its proxy.
fn of_backend(binding: &Binding) -> String {
    format!("{} / {}", binding.proxy, binding.backend)
}

/// The status of a target whose drain is so far.
fn drain_status(stage: DrainStage) -> Status {
    Standing::drained(stage).status
}

/// What a failover took and cost, as far as it was measured.
fn failover_over(note: &FailoverNote, words: &Words, text: &Text) -> String {
    let took = words.failover_took.iter().zip(note.took_ms);
    let took = took.filter_map(|(word, ms)| Some(format!("{word} {}", (text.span)(ms? as u64))));
    let lost = note.lost.map(|lost| (words.failover_lost)(lost as u64));
    let parts: Vec<String> = [words.failover_over.to_owned()].into_iter().chain(took).chain(lost).collect();
    parts.join(" · ")
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
    renamed: fn(&str) -> String,
    deregistered: &'static str,
    passed: &'static str,
    started: fn(&str) -> String,
    recording_stopped: fn(&str) -> String,
    recording_resumed: fn(Option<&str>) -> String,
    paused: fn(&str) -> String,
    again: fn(&str, &str) -> String,
    found: fn(&str) -> String,
    scheduled: fn(ScheduleStep, Option<&LastDrill>) -> String,
    feigned: &'static str,
    not_feigned: &'static str,
    failover_begins: &'static str,
    failover_over: &'static str,
    /// Before the times until it was found, out of service, and whole again.
    failover_took: [&'static str; 3],
    failover_lost: fn(u64) -> String,
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
    renamed: |before| format!("renamed, was {before}"),
    deregistered: "deregistered",
    passed: "passed its check",
    started: |version| format!("started, version {version}"),
    recording_stopped: |why| format!("cannot record: {why}"),
    recording_resumed: |lasted| match lasted {
        Some(lasted) => format!("records again, after a gap of {lasted}"),
        None => "records again; nothing is missing".to_owned(),
    },
    paused: |lasted| format!("was paused for {lasted}: what happened then is not known"),
    again: |status, lasted| format!("{status} again after {lasted}"),
    found: |after| format!("found {after} after its first failed check"),
    scheduled: |step, last| match (step, last.map(|last| last.hurdle.as_ref())) {
        (ScheduleStep::Made, _) => "has drills on a schedule from now on".to_owned(),
        (ScheduleStep::Paused, _) => "drills on a schedule are paused".to_owned(),
        (ScheduleStep::Resumed, _) => "drills on a schedule go on".to_owned(),
        (ScheduleStep::Removed, _) => "a schedule of drills was removed".to_owned(),
        (ScheduleStep::Came, Some(Some(hurdle))) => {
            format!("the drill on a schedule was not held: {}", hurdle_of(hurdle, Language::En))
        }
        (ScheduleStep::Came, _) => "a drill on a schedule begins".to_owned(),
    },
    feigned: "is treated as unhealthy: a drill",
    not_feigned: "is not treated as unhealthy any more: the drill is over",
    failover_begins: "a failover record begins",
    failover_over: "the failover record is complete",
    failover_took: ["found after", "out of service after", "back after"],
    failover_lost: |count| format!("{count} requests lost"),
};

static KO: Words = Words {
    created: "생성됨",
    group_edited: "설정이 변경됨",
    deleted: "삭제됨",
    registered: "등록됨",
    edited: |address| format!("변경됨, 현재 주소 {address}"),
    renamed: |before| format!("이름 변경됨, 이전 이름 {before}"),
    deregistered: "등록 취소됨",
    passed: "상태 확인 통과",
    started: |version| format!("시작됨, 버전 {version}"),
    recording_stopped: |why| format!("기록할 수 없음: {why}"),
    recording_resumed: |lasted| match lasted {
        Some(lasted) => format!("기록 재개, 공백 {lasted}"),
        None => "기록 재개, 빠진 기록 없음".to_owned(),
    },
    paused: |lasted| format!("{lasted} 동안 멈춤, 그동안의 일은 알 수 없음"),
    again: |status, lasted| format!("{lasted} 만에 다시 {status}"),
    found: |after| format!("첫 실패 후 {after} 만에 감지"),
    scheduled: |step, last| match (step, last.map(|last| last.hurdle.as_ref())) {
        (ScheduleStep::Made, _) => "이제 일정에 따라 훈련함".to_owned(),
        (ScheduleStep::Paused, _) => "훈련 일정 일시 중지".to_owned(),
        (ScheduleStep::Resumed, _) => "훈련 일정 재개".to_owned(),
        (ScheduleStep::Removed, _) => "훈련 일정 제거".to_owned(),
        (ScheduleStep::Came, Some(Some(hurdle))) => {
            format!("일정에 따른 훈련을 하지 않음: {}", hurdle_of(hurdle, Language::Ko))
        }
        (ScheduleStep::Came, _) => "일정에 따른 훈련 시작".to_owned(),
    },
    feigned: "훈련: 비정상으로 간주함",
    not_feigned: "훈련 종료: 더는 비정상으로 간주하지 않음",
    failover_begins: "장애 조치 기록 시작",
    failover_over: "장애 조치 기록 완료",
    failover_took: ["감지까지", "서비스 제외까지", "복귀까지"],
    failover_lost: |count| format!("손실된 요청 {count}건"),
};

/// Why a drill that was due was not held.
pub(crate) fn hurdle_of(hurdle: &Hurdle, language: Language) -> &str {
    match (language, hurdle) {
        (Language::En, hurdle) => hurdle.sentence(),
        (Language::Ko, Hurdle::Late) => {
            "그때 Drainboard가 실행 중이 아니었거나 시계가 바뀌었습니다. 나중에 보충하지 않습니다."
        }
        (Language::Ko, Hurdle::Trouble) => "그룹의 대상이 비정상이어서 그룹을 건드리지 않았습니다.",
        (Language::Ko, Hurdle::Busy) => "그룹의 다른 훈련이 아직 진행 중이었습니다.",
        (Language::Ko, Hurdle::NotServing) => "훈련할 수 있는, 서비스 중인 대상이 없었습니다.",
        (Language::Ko, Hurdle::Refused(why)) => why,
    }
}
