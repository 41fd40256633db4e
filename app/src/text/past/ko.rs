//! Korean.

use domain::BadSpan;

use super::PastText;

pub(in crate::text) static TEXT: PastText = PastText {
    tab_now: "현재",
    tab: "기록",
    tabs_label: "현재와 지난 기록",
    unread: "지금은 저장된 기록을 읽을 수 없습니다. 페이지를 새로 고치세요.",

    ranges: "기간",
    range: ["1시간", "6시간", "24시간", "7일", "30일", "90일"],
    from: "시작",
    to: "끝",
    utc: "UTC",
    show: "보기",
    wrong: |wrong| match wrong {
        BadSpan::Window => "기간을 읽을 수 없습니다. 90m, 24h, 30d처럼 입력하세요. 최근 24시간을 표시합니다.",
        BadSpan::From | BadSpan::To => "시각을 읽을 수 없습니다. 날짜와 시각을 입력하세요. 최근 24시간을 표시합니다.",
        BadSpan::NoFrom => "시작 시각도 입력하세요. 최근 24시간을 표시합니다.",
        BadSpan::Backwards => "끝은 시작보다 뒤여야 합니다. 최근 24시간을 표시합니다.",
        BadSpan::TooLong => "한 번에 최대 400일까지 볼 수 있습니다. 최근 24시간을 표시합니다.",
    },

    curve: "응답 시간",
    phases_label: "확인 단계",
    phases: ["전체", "DNS", "연결", "TLS", "첫 바이트"],
    earlier: "이전",
    later: "이후",
    closer: "확대",
    wider: "축소",
    keys: "구간을 드래그하거나 점을 클릭하면 확대됩니다. 화살표 키와 +, − 키도 쓸 수 있고, Ctrl을 누르면 휠로 확대·축소합니다.",
    summary: |from, to, checks| format!("{from}부터 {to}까지의 응답 시간. {checks}."),
    no_pass: "이 기간에 통과한 확인이 없습니다.",
    nothing: "이 기간에는 확인하지 않았습니다.",
    from_hours: "시간 단위 요약으로 작성",
    each_point: |step| format!("점 하나는 {step}"),
    checks: |passes, fails, unknown| match unknown {
        "0" => format!("확인 통과 {passes}회, 실패 {fails}회"),
        _ => format!("확인 통과 {passes}회, 실패 {fails}회, 확인 불가 {unknown}회"),
    },
    point: |passes, fails, unknown| match (fails, unknown) {
        ("0", "0") => format!("통과 {passes}"),
        (_, "0") => format!("통과 {passes}, 실패 {fails}"),
        _ => format!("통과 {passes}, 실패 {fails}, 확인 불가 {unknown}"),
    },
    no_data: "데이터 없음",
    legend_fails: "실패한 확인",

    uptime: "가동률",
    uptime_lead: "정상 시간과 비정상 시간의 비율입니다. 데이터가 없는 시간은 가동이 아니라 알 수 없음으로 셉니다.",
    uptime_lead_group: "모든 대상의 시간을 더한 값입니다. 데이터가 없는 시간은 가동이 아니라 알 수 없음으로 셉니다.",
    known_for: |time| format!("확인된 시간 {time}"),
    down_for: |time| format!("중단 {time}"),
    out_for: |time| format!("서비스 제외 {time}"),
    not_known: "알 수 없음",
    this_stretch: "표시 기간",

    whole: |off| format!("기간 전체의 백분위수(오차 {off} % 이내)"),
    part: "단계",
    failures: "실패한 확인의 이유",
    no_failures: "실패한 확인이 없습니다.",

    evidence: "개별 확인, 오래된 순",
    none_here: "이 기간의 개별 확인이 남아 있지 않습니다.",
    first: "처음부터",
    next: "다음 25개",
    export: "이 기간 내보내기",

    what_if: "설정을 바꿨다면",
    what_if_lead: "이 기간의 확인을 다른 설정으로 다시 판정합니다. 아무것도 바뀌지 않습니다.",
    fields: ["간격(ms)", "정상 판정 통과 횟수", "비정상 판정 실패 횟수", "통과로 볼 상태 코드"],
    try_it: "다시 판정",
    tried: |now, all| format!("확인 {all}회 중 {now}회를 실행했을 것입니다."),
    no_checks: "이 기간에는 다시 판정할 확인이 없습니다.",
    fewer_changes: |then, now, avoided| {
        format!("정상과 비정상 사이의 변경이 {then}회에서 {now}회로 줄어 {avoided}회를 피했을 것입니다.")
    },
    more_changes: |then, now, more| {
        format!("정상과 비정상 사이의 변경이 {then}회에서 {now}회로 {more}회 늘었을 것입니다.")
    },
    same_changes: |changes| format!("정상과 비정상 사이의 변경은 지금과 같은 {changes}회입니다."),
    missed: |missed, all| format!("장애 {all}건 중 {missed}건은 발견하지 못했을 것입니다."),
    added: |added| format!("지금 설정으로는 보이지 않는 장애 {added}건이 새로 보였을 것입니다."),
    none_missed: |all| match all {
        "0" => "장애가 없었습니다.".to_owned(),
        _ => format!("장애 {all}건을 모두 발견했을 것입니다."),
    },
    later_by: |time| format!("장애를 평균 {time} 늦게 발견했을 것입니다."),
    sooner_by: |time| format!("장애를 평균 {time} 일찍 발견했을 것입니다."),
    as_soon: "장애를 지금과 같은 시점에 발견했을 것입니다.",
    detections: "첫 실패부터 비정상 판정까지",
    detection_columns: ["첫 실패", "지금 설정", "바꾼 설정"],
    not_found: "발견 못 함",
    more_outages: |more| format!("외 {more}건은 API에서 모두 볼 수 있습니다"),

    scrub: "그때의 상태판",
    scrub_lead: "막대 위에서 커서를 움직이면 그때 알고 있던 모든 대상의 상태를 보여 줍니다.",
    moment: "시점",
    go_to: "이동",
    change_before: "이전 변경",
    change_after: "다음 변경",
    play: "재생",
    pause: "일시 정지",
    speed: "속도",
    permalink: "이 시점의 링크",
    alike: |first, more| format!("{first} 외 {more}개 동일"),
    more_lanes: |more| format!("막대 {more}개 더 보기"),
    was_not_there: "등록되지 않음",
    is_gone: "이후 등록 취소됨",
    no_targets: "이 기간에 등록된 대상이 없습니다.",
    none_then: "그때는 등록된 대상이 없었습니다.",
    overview: "가동률 24시간 · 30일",
};
