//! What is said about drains: the panel under a row, the buttons, the reminders.

use crate::Language;

/// Everything that is said about drains in one language.
pub(crate) struct DrainText {
    pub(crate) column: &'static str,
    pub(crate) drain: &'static str,
    pub(crate) back: &'static str,
    pub(crate) drain_selected: &'static str,
    pub(crate) return_selected: &'static str,
    pub(crate) return_to_service: &'static str,
    pub(crate) change: &'static str,

    pub(crate) empty: &'static str,
    pub(crate) left: fn(u64) -> String,
    pub(crate) none_new: fn(&str) -> String,
    pub(crate) not_observable: &'static str,
    pub(crate) still_new: &'static str,
    pub(crate) not_drained: fn(&str) -> String,
    pub(crate) idle: fn(&[String]) -> String,
    pub(crate) no_reason: &'static str,
    pub(crate) by: fn(&str) -> String,
    pub(crate) leaving: &'static str,
    pub(crate) stays: fn(&[String]) -> String,
    pub(crate) stays_many: fn(u32) -> String,
    pub(crate) nobody_stays: &'static str,
    pub(crate) after_wait: fn(&str) -> String,
    pub(crate) after_cut: fn(&str) -> String,
    pub(crate) over_wait: &'static str,
    pub(crate) over_cut: &'static str,
    pub(crate) meter: fn(&str) -> String,
    pub(crate) meter_over: &'static str,
    pub(crate) observed_only: fn(&str) -> String,
    pub(crate) told_later: fn(&str) -> String,
    pub(crate) returns: fn(&str) -> String,
    pub(crate) overdue: fn(&str) -> String,
    pub(crate) curve: fn(&str, &str) -> String,
    pub(crate) curve_says: fn(u64, u64, u64) -> String,

    pub(crate) draining: fn(&[String]) -> String,
    pub(crate) out: fn(&[String]) -> String,
    pub(crate) all_out: &'static str,
    pub(crate) spare: fn(u32, u32) -> String,
    pub(crate) forgotten: fn(usize) -> String,
    pub(crate) forgotten_since: &'static str,
    pub(crate) in_service: fn(u32, u32) -> String,
}

impl DrainText {
    /// Everything that is said in this language.
    pub(crate) fn of(language: Language) -> &'static Self {
        match language {
            Language::En => &EN,
            Language::Ko => &KO,
        }
    }
}

static EN: DrainText = DrainText {
    column: "Proxies say · sessions",
    drain: "Drain",
    back: "Return",
    drain_selected: "Drain selected",
    return_selected: "Return selected",
    return_to_service: "Return to service",
    change: "Change…",

    empty: "Empty: safe to work on",
    left: |sessions| match sessions {
        1 => "Draining: 1 session left".to_owned(),
        sessions => format!("Draining: {sessions} sessions left"),
    },
    none_new: |span| format!("none new for {span}"),
    not_observable: "Draining: sessions are not observable, so it waits for the deregistration delay",
    not_drained: |why| format!("Not drained: {why}"),
    idle: |names| match names {
        [name] => format!("{name} is healthy, and no proxy uses it."),
        names => format!("{} are healthy, and no proxy uses them.", names.join(", ")),
    },
    still_new: "It still receives new requests. Sticky clients, or somebody who goes around the proxy?",
    no_reason: "no reason given",
    by: |who| format!("by {who}"),
    leaving: "It is deregistered as soon as it is empty, or after the delay.",
    stays: |names| match names {
        [name] => format!("{name} stays in service."),
        names => format!("{} stay in service.", names.join(", ")),
    },
    stays_many: |count| format!("{count} targets stay in service."),
    nobody_stays: "No healthy target stays in service.",
    after_wait: |span| format!("Connections that are still open after {span} will be left alone, as chosen."),
    after_cut: |span| format!("Connections that are still open after {span} will be cut, as chosen."),
    over_wait: "The delay is over; open connections are left alone, as chosen.",
    over_cut: "The delay is over; open connections are cut, as chosen.",
    meter: |span| format!("Deregistration delay: {span} left"),
    meter_over: "Deregistration delay: over",
    observed_only: |proxy| format!("{proxy} is only observed: it goes on sending."),
    told_later: |proxy| format!("{proxy} cannot be reached: it is told when it is back."),
    returns: |time| format!("returns by itself at {time} if healthy"),
    overdue: |time| format!("should have returned at {time}, but is not healthy"),
    curve: |server, proxy| format!("Sessions of {server} on {proxy}"),
    curve_says: |first, most, last| format!("{first} at first, {most} at most, {last} now"),

    draining: |names| match names {
        [name] => format!("{name} is draining."),
        names => format!("{} are draining.", names.join(", ")),
    },
    out: |names| match names {
        [name] => format!("{name} is out of service."),
        names => format!("{} are out of service.", names.join(", ")),
    },
    all_out: "No target is in service: all of them are drained.",
    spare: |spare, floor| match spare {
        0 => format!("The group stands on its minimum of {floor}."),
        1 => format!("One more may fail before the group stands below its minimum of {floor}."),
        spare => format!("{spare} more may fail before the group stands below its minimum of {floor}."),
    },
    forgotten: |count| match count {
        1 => "1 drain may be forgotten:".to_owned(),
        count => format!("{count} drains may be forgotten:"),
    },
    forgotten_since: "drained since",
    in_service: |healthy, total| format!("{healthy} of {total} targets are healthy and in service"),
};

static KO: DrainText = DrainText {
    column: "프록시의 판단 · 세션",
    drain: "드레이닝",
    back: "복귀",
    drain_selected: "선택 항목 드레이닝",
    return_selected: "선택 항목 복귀",
    return_to_service: "서비스로 복귀",
    change: "변경…",

    empty: "비어 있음: 작업해도 안전합니다",
    left: |sessions| format!("드레이닝 중: 세션 {sessions}개 남음"),
    none_new: |span| format!("{span} 동안 새 세션 없음"),
    not_observable: "드레이닝 중: 세션을 관찰할 수 없음, 등록 취소 지연 시간만큼 기다립니다",
    not_drained: |why| format!("드레이닝되지 않음: {why}"),
    idle: |names| format!("정상이지만 사용하는 프록시가 없음: {}.", names.join(", ")),
    still_new: "아직 새 요청을 받고 있습니다. 고정된 클라이언트이거나 프록시를 거치지 않는 요청일 수 있습니다.",
    no_reason: "사유 없음",
    by: |who| format!("요청: {who}"),
    leaving: "비거나 지연 시간이 지나면 등록이 취소됩니다.",
    stays: |names| format!("계속 서비스 중: {}.", names.join(", ")),
    stays_many: |count| format!("대상 {count}개가 계속 서비스합니다."),
    nobody_stays: "서비스에 남는 정상 대상이 없습니다.",
    after_wait: |span| format!("{span} 뒤에도 열려 있는 연결은 선택한 대로 그대로 둡니다."),
    after_cut: |span| format!("{span} 뒤에도 열려 있는 연결은 선택한 대로 끊습니다."),
    over_wait: "지연 시간이 지났습니다. 열린 연결은 선택한 대로 그대로 둡니다.",
    over_cut: "지연 시간이 지났습니다. 열린 연결은 선택한 대로 끊습니다.",
    meter: |span| format!("등록 취소 지연: {span} 남음"),
    meter_over: "등록 취소 지연: 끝남",
    observed_only: |proxy| format!("{proxy}은(는) 관찰만 하므로 요청을 계속 보냅니다."),
    told_later: |proxy| format!("{proxy}에 연결할 수 없습니다. 다시 연결되면 지시합니다."),
    returns: |time| format!("정상이면 {time}에 스스로 복귀합니다"),
    overdue: |time| format!("{time}에 복귀해야 했지만 정상이 아닙니다"),
    curve: |server, proxy| format!("{proxy}의 {server} 세션"),
    curve_says: |first, most, last| format!("처음 {first}, 최대 {most}, 현재 {last}"),

    draining: |names| format!("드레이닝 중: {}.", names.join(", ")),
    out: |names| format!("서비스 제외: {}.", names.join(", ")),
    all_out: "서비스 중인 대상이 없습니다. 모두 드레이닝되었습니다.",
    spare: |spare, floor| match spare {
        0 => format!("그룹이 최소 대상 수 {floor}개에 있습니다."),
        spare => format!("{spare}개가 더 실패해도 최소 대상 수 {floor}개를 유지합니다."),
    },
    forgotten: |count| format!("잊혔을 수 있는 드레이닝이 {count}개 있습니다:"),
    forgotten_since: "드레이닝 시작",
    in_service: |healthy, total| format!("대상 {total}개 중 {healthy}개가 정상이며 서비스 중입니다"),
};
