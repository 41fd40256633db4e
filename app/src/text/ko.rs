//! Korean, in the words of the AWS console.

use domain::{Check, Status};

use crate::{Language, Notice};

use super::{Events, GroupText, Help, Overview, Sending, Settings, Shell, TargetText, Text, lab};

pub(super) static TEXT: Text = Text {
    language: Language::Ko,
    shell: SHELL,
    overview: OVERVIEW,
    events: Events {
        title: "이벤트",
        lead: "변경 사항을 최신순으로 보여 줍니다.",
        empty: "아직 발생한 이벤트가 없습니다.",
        all: "모든 이벤트",
    },
    sending: Sending {
        no_answer: "Drainboard가 응답하지 않습니다. 아무것도 저장하지 않았습니다. 다시 시도하세요.",
        odd_answer: |status| {
            format!(
                "Drainboard가 상태 코드 {status}(으)로 응답했으며 아무것도 저장하지 않았습니다. 페이지를 새로 고친 뒤 다시 시도하세요."
            )
        },
    },
    help: Help {
        title: "단축키와 모양",
        open: "도움말: 단축키와 모양",
        keys: [
            ("/", "검색"),
            ("j", "다음 행"),
            ("k", "이전 행"),
            ("Enter", "행 열기"),
            ("x", "행 선택"),
            ("d", "선택한 행 또는 현재 행 드레이닝"),
            ("r", "서비스로 복귀"),
            ("g", "모든 그룹"),
            ("?", "이 도움말"),
        ],
        shapes: "상태마다 모양이 다르므로 색을 구별하지 않아도 알 수 있습니다.",
    },
    status,
    status_inside: status,
    ago: |ms| match ms {
        0..=999 => "방금".to_owned(),
        ms => format!("{} 전", span(ms)),
    },
    tenths: |tenths| format!("{}.{}초", tenths / 10, tenths % 10),
    span,
};

const SHELL: Shell = Shell {
    skip: "본문으로 건너뛰기",
    navigation: "주 메뉴",
    groups: "그룹",
    proxies: "프록시",
    failovers: "장애 조치",
    events: "이벤트",
    search: "그룹 또는 대상 찾기",
    live: |age| format!("실시간 · {age}초"),
    as_of: |time| format!("{time} 기준"),
    stale: |time| format!("{time} 이후 갱신 없음, 다시 연결 중"),
    language: "언어",
    theme: "테마",
    themes: ["시스템", "밝게", "어둡게"],
    zone: "시간",
    zones: ["현지", "UTC"],
    times_in: |zone| format!("시간대: {zone}"),
    preferences: "환경 설정",
    outdated: "새 버전의 Drainboard가 실행 중입니다.",
    reload: "새로 고침",
    renew: "최신 내용 보기",
    not_recorded: "확인은 계속되어 메모리에 남지만, 다음 시각 이후 기록되지 않고 있습니다:",
    history_unread: "지금은 기록을 읽을 수 없어 이벤트와 확인 목록이 완전하지 않습니다. 실시간 상태는 정확합니다.",
    not_found: "페이지를 찾을 수 없습니다",
    not_found_lead: "삭제되었거나 주소가 잘못되었을 수 있습니다.",
    to_overview: "모든 그룹",
    close: "닫기",
    down: |count| format!("({count}개 비정상) "),
    notice,
};

const OVERVIEW: Overview = Overview {
    first_run: "아직 감시하는 대상이 없습니다",
    first_run_lead: "대상 그룹을 만들고 같은 일을 하는 서버를 추가한 뒤 정상이 되는 것을 지켜보세요.",
    first_run_script: "스크립트로 하려면:",
    all_healthy: |targets| format!("대상 {targets}개가 모두 정상입니다"),
    no_targets: "아직 대상이 없습니다",
    no_targets_lead: "그룹을 열고 그 뒤에 있는 서버를 추가하세요.",
    need_you: |groups| format!("그룹 {groups}개를 확인해야 합니다"),
    not_seen: |targets| format!("대상 {targets}개를 판단할 수 없습니다"),
    first_checks: |_| "첫 상태 확인이 진행 중입니다".to_owned(),
    runs_on: |group, healthy, total| format!("{group}: {total}개 중 {healthy}개로 서비스 중."),
    is_down: |group, total| format!("{group}: 대상 {total}개 중 정상인 대상이 없습니다."),
    in_groups: |groups| format!("그룹 {groups}개, 마지막 확인 기준."),
    create: "대상 그룹 생성",
    caption: "대상 그룹",
    columns: ["그룹", "대상", "최근 44개 간격", "p95", "마지막 변경"],
    p95_title: "통과한 각 대상의 마지막 확인 시간의 95번째 백분위수",
    healthy_of: |healthy, total| format!("{total}개 중 {healthy}개 정상"),
    empty: "대상 없음",
    nothing_here: "일치하는 항목이 없습니다.",
    targets: |_| "대상",
    problems_only: "문제만 보기",
    filters: "상태별 필터",
    show_all: "모두 보기",
    no_change: "아직 변경 없음",
    lane: |pass, fail, unknown| format!("최근 간격: 실패 없음 {pass}, 실패 있음 {fail}, 확인 못 함 {unknown}"),
};

pub(super) static GROUP: GroupText = GroupText {
    trail: "현재 위치",
    tabs: ["대상", "기록", "이벤트", "프록시", "설정"],
    tabs_label: "그룹",
    drill: "훈련",
    edit: "상태 확인 편집",
    add: "대상 추가",
    rule,
    off: "상태 확인 꺼짐",
    serving: |names| format!("서비스 중: {}.", names.join(", ")),
    serving_many: |count| format!("서비스 중: 대상 {count}개."),
    down_since: ["비정상,", "부터."],
    and_more_down: |count| format!("그 밖에 {count}개가 비정상입니다."),
    none_healthy: "정상인 대상이 없습니다.",
    none_healthy_lead: "fail-open 방식의 로드 밸런서는 이제 모든 대상에 보내고, 그 밖의 로드 밸런서는 모든 요청을 거부합니다.",
    not_confirmed: "재시작 전 기준이며 아직 확인되지 않았습니다.",
    not_judged: "아직 판단된 대상이 없습니다. 첫 상태 확인이 진행 중입니다.",
    blind: "일부 대상을 판단할 수 없습니다. 아래의 이유를 확인하세요.",
    columns: ["대상", "상태", "최근 40회 확인", "지연 시간", "다음 확인"],
    caption: "대상",
    empty: "이 그룹에는 아직 대상이 없습니다.",
    empty_lead: "이 일을 하는 서버를 추가하세요. 한 줄에 하나씩, 여러 줄을 한꺼번에, 또는 범위로 입력할 수 있습니다.",
    search: "대상 찾기",
    select: |name| format!("{name} 선택"),
    select_all: "모두 선택",
    selected: "개 선택됨",
    deregister_selected: "선택 항목 등록 취소",
    no_events: "이 그룹에는 아직 이벤트가 없습니다.",
    parts: "목록 이동",
    part: |first, last, total| format!("{total}개 중 {first}~{last}"),
    part_before: "이전",
    part_after: "다음",
};

pub(super) static TARGET: TargetText = TargetText {
    check_now: "지금 확인",
    edit: "편집",
    deregister: "등록 취소",
    fails: |done, of, why| format!("실패 {of}회 중 {done}회: {why}"),
    passes: |done, of| format!("복귀까지 통과 {of}회 중 {done}회"),
    pips: |done, of| format!("{of} 중 {done}"),
    restored: "재시작 전의 상태",
    first_check: "첫 확인 진행 중",
    disabled: "상태 확인 꺼짐",
    next: |time| format!("{time} 후"),
    now: "지금",
    paused: "꺼짐",
    last_failed: "실패",
    since: "시작 시각",
    beats: |pass, fail, unknown| {
        format!("최근 {}회 확인: 통과 {pass}, 실패 {fail}, 확인 못 함 {unknown}", pass + fail + unknown)
    },
    no_beats: "아직 확인 없음",
    beats_untold: "최근 확인 결과를 가져오는 중",
    beats_keys: "화살표 키로 각 확인을 읽을 수 있습니다",
    beats_label: "최근 40회 확인",
    observations: "최근 확인",
    observation_columns: ["시각", "결과", "코드", "DNS", "연결", "TLS", "첫 바이트", "전체"],
    pass: "통과",
    none_yet: "아직 끝난 확인이 없습니다.",
    history: "변경 기록",
    again: |count| format!("그 전에 같은 결과 {count}회, 최초"),
    more: |name| format!("{name}: 더 보기"),
    next_check: "다음 확인",
};

pub(super) static SETTINGS: Settings = Settings {
    group: "대상 그룹",
    check: "상태 확인",
    rows: [
        "이름",
        "설명",
        "프로토콜",
        "포트",
        "등록 취소 지연",
        "최소 정상 대상 수",
        "상태 확인",
        "프로토콜",
        "포트",
        "경로",
        "메서드",
        "Host 헤더",
        "성공 코드",
        "본문에 포함할 텍스트",
        "TLS 인증서 검증",
        "TLS 서버 이름",
        "간격 · 제한 시간",
        "정상 임계값",
        "비정상 임계값",
        "빠른 확정",
        "감시 연결",
    ],
    every: |span| format!("실패 후 {span}마다"),
    traffic_port: "트래픽 포트",
    on: "켜짐",
    off: "꺼짐",
    unset: "설정 안 함",
    edit: "설정 편집",
    delete: "그룹 삭제",
    in_a_row: |count| format!("연속 {count}회"),
};

fn status(status: Status) -> &'static str {
    match status {
        Status::Initial => "초기",
        Status::Healthy => "정상",
        Status::Unhealthy => "비정상",
        Status::Draining => "드레이닝",
        Status::Unused => "미사용",
        Status::Unavailable => "사용할 수 없음",
    }
}

fn rule(check: &Check) -> String {
    let how = match check.protocol.is_http() {
        true => format!("{} {}", check.method, check.path),
        false => "TCP 연결".to_owned(),
    };
    let every = span(u64::from(check.interval_ms));
    let (fall, rise) = (check.unhealthy_threshold, check.healthy_threshold);
    format!("{every}마다 {how}, 연속 {fall}회 실패하면 비정상, 연속 {rise}회 통과하면 정상")
}

fn span(ms: u64) -> String {
    let (s, min, h) = (ms / 1000, ms / 60_000, ms / 3_600_000);
    match ms {
        0..1000 => format!("{ms}ms"),
        1000..10_000 if ms.is_multiple_of(1000) => format!("{s}초"),
        1000..10_000 => format!("{s}.{}초", ms % 1000 / 100),
        10_000..60_000 => format!("{s}초"),
        60_000..3_600_000 if s % 60 == 0 || 10 <= min => format!("{min}분"),
        60_000..3_600_000 => format!("{min}분 {}초", s % 60),
        3_600_000..86_400_000 if min.is_multiple_of(60) => format!("{h}시간"),
        3_600_000..86_400_000 => format!("{h}시간 {}분", min % 60),
        _ => format!("{}일", h / 24),
    }
}

fn notice(notice: &Notice) -> String {
    match notice {
        Notice::GroupCreated(name) => format!("{name} 그룹을 생성했습니다. 이제 대상을 추가하세요."),
        Notice::GroupSaved(name) => format!("{name} 설정을 저장했습니다. 지금부터 적용됩니다."),
        Notice::GroupDeleted(name) => format!("{name} 그룹을 삭제했습니다."),
        Notice::TargetsRegistered(count) => format!("대상 {count}개를 등록했습니다. 첫 확인이 진행 중입니다."),
        Notice::TargetSaved(name) => format!("{name} 대상을 저장했습니다."),
        Notice::StandbyPromoted(name) => format!("{name} 대기를 승격합니다."),
        Notice::StandbyFallsBack(name) => format!("{name} 대상을 대기로 되돌립니다."),
        Notice::TargetsDeregistered(count) => format!("대상 {count}개의 등록을 취소했습니다."),
        Notice::NothingChosen => "선택한 대상이 없어 아무것도 하지 않았습니다.".to_owned(),
        Notice::CheckPassed(name) => format!("{name} 확인 결과: 통과."),
        Notice::CheckFailed(name) => format!("{name} 확인 결과: 통과하지 못함."),
        Notice::NotChecked(why) => format!("확인하지 못했습니다: {why}"),
        Notice::TargetsLeaving(count) => {
            format!("대상 {count}개를 먼저 드레이닝하고, 비거나 지연 시간이 지나면 등록을 취소합니다.")
        }
        Notice::TargetsDrained(count) => format!("대상 {count}개를 드레이닝합니다."),
        Notice::TargetsReturned(count) => format!("대상 {count}개를 서비스로 복귀시켰습니다."),
        Notice::ProxyCreated(name) => format!("{name} 프록시를 연결했습니다. 이제 백엔드를 대상 그룹에 바인딩하세요."),
        Notice::ProxySaved(name) => format!("{name} 프록시를 저장했습니다."),
        Notice::ProxyDeleted(name) => format!("{name} 프록시의 연결을 해제했습니다."),
        Notice::Bound(backend, group) => format!("{backend} 백엔드를 {group} 그룹에 바인딩했습니다."),
        Notice::BindingSaved(backend) => format!("{backend} 바인딩을 저장했습니다."),
        Notice::Unbound(backend, group) => format!("{backend} 백엔드와 {group} 그룹의 바인딩을 해제했습니다."),
        Notice::Adopted(server) => format!("{server}의 현재 상태를 받아들였습니다."),
        Notice::Overruled(server) => format!("{server}에 대해 프록시에 다시 지시합니다."),
        Notice::LabStarted => lab::KO.started.to_owned(),
        Notice::ComparisonBegun => "비교를 시작했습니다. 30초쯤 걸립니다.".to_owned(),
        Notice::DrillPlanned => "훈련 일정을 바꿨습니다.".to_owned(),
        Notice::DrillEnded => "훈련을 끝냈습니다. 바꾼 것을 되돌리는 중입니다.".to_owned(),
        Notice::DrillBegun => "훈련을 시작했습니다. 손실이 보이는 대로 기록이 여기에 나타납니다.".to_owned(),
        Notice::LabEnded => lab::KO.ended.to_owned(),
        Notice::LabRate(rate) => (lab::KO.rate_set)(*rate),
        Notice::LabFault(number, fault) => (lab::KO.inflicted)(*number, *fault),
        Notice::NotDone(why) => format!("아무것도 하지 않았습니다: {why}"),
    }
}
