//! Korean.

use domain::{Admin, AdminCause, AdminState, Capabilities, Dispute, Doubt, HoldCause, Mode, ProxyWarning};

use super::ProxyText;

pub(in crate::text) static TEXT: ProxyText = ProxyText {
    title: "프록시",
    lead: "Drainboard가 살펴보고 대상을 드레이닝하는 로드 밸런서입니다.",
    connect: "프록시 연결",
    empty: "아직 연결된 프록시가 없습니다",
    empty_lead: "HAProxy나 Caddy를 관리 소켓으로 연결한 뒤 그 백엔드를 대상 그룹에 바인딩하세요.",
    columns: ["프록시", "연결 상태", "버전", "바인딩"],

    untried: "아직 조회하지 않음",
    reachable: "연결됨, 시작 시각",
    unreachable: "연결할 수 없음, 시작 시각",
    version: "버전",
    not_known: "알 수 없음",
    unbound: "바인딩 없음",

    disagreements: "불일치",
    disagreements_count: |count| format!("Drainboard와 프록시의 판단이 다른 서버가 {count}개 있습니다"),
    agree: "Drainboard와 응답하는 프록시의 판단이 모든 대상에서 같습니다.",
    agree_unseen: "바인딩된 백엔드가 없어 비교할 것이 없습니다.",
    disagreement_columns: ["대상", "Drainboard의 판단", "프록시의 판단", "내용", "지속 시간", "조치"],
    dispute: |dispute| match dispute {
        Dispute::ProxySaysDown => "Drainboard는 정상으로 보지만 프록시는 비정상으로 봅니다.",
        Dispute::ProxySaysUp => "Drainboard는 비정상으로 보지만 프록시는 계속 사용합니다.",
        Dispute::NotTakenOut => "서비스에서 빠져야 하지만 프록시는 계속 사용합니다.",
        Dispute::TakenOutOutside => "다른 누군가가 서비스에서 뺐습니다.",
        Dispute::BroughtBackOutside => "다른 누군가가 서비스로 되돌렸습니다.",
        Dispute::BackendGone => {
            "Drainboard가 뺐지만 프록시에 그 백엔드가 더 이상 없어 되돌릴 수 없습니다. 직접 되돌리거나 핸들러에 원래 @id를 지정하세요."
        }
    },
    disagrees: "불일치",
    wanted_in: "서비스 중",
    wanted_out: "서비스 제외",
    adopt: "받아들이기",
    overrule: "되돌리기",
    outside_lead: "받아들이기: 프록시의 현재 상태를 그대로 원하는 상태로 삼습니다. 되돌리기: Drainboard가 프록시에 다시 지시합니다.",

    edit: "편집",
    delete: "연결 해제",
    capabilities: "할 수 있는 일",
    capability: |kind| capability(kind.capabilities()),
    warning: |warning| match warning {
        ProxyWarning::ReadOnly => {
            "이 소켓은 조회만 할 수 있어 드레이닝할 수 없습니다. `stats socket` 줄에 `level admin`을 쓰고 HAProxy를 다시 로드하세요."
        }
        ProxyWarning::ClosesWebSockets => {
            "변경할 때마다 모든 WebSocket이 닫힙니다. 모든 `reverse_proxy`에 `stream_close_delay`를 설정하세요(Caddy 2.7 이상)."
        }
    },
    not_looked: "Drainboard가 시작된 뒤 아직 조회하지 않았습니다.",
    no_backends: "Drainboard가 사용할 수 있는 백엔드가 없습니다.",
    last_seen: "연결할 수 없습니다. 마지막으로 확인한 내용입니다.",

    backend: |name| format!("백엔드 {name}"),
    serves: "대상 그룹:",
    backend_gone: "지금 프록시에 이 백엔드가 없습니다.",
    bind: "바인딩",
    edit_binding: "모드 변경",
    unbind: "바인딩 해제",
    mode: |mode| match mode {
        Mode::Observe => "관찰",
        Mode::ByHand => "수동",
        Mode::Automatic => "자동",
    },
    mode_says: |mode| match mode {
        Mode::Observe => "프록시의 상태를 보여 주기만 하고 아무것도 바꾸지 않습니다.",
        Mode::ByHand => "사람이 지시한 드레이닝과 복귀만 실행합니다.",
        Mode::Automatic => "비정상 대상을 스스로 빼고, 정상이 되면 되돌립니다.",
    },
    cuts_unhealthy: "뺀 서버의 세션을 닫음",
    per_minute: |count| format!("분당 최대 {count}회 변경"),
    trouble: |server| format!("{server}에 대한 마지막 지시가 실패했습니다"),
    waits: "자동 모드가 기다리는 중",
    doubt: |doubt| match doubt {
        Doubt::Grace => "Drainboard가 방금 시작되어 모든 대상을 확인할 때까지 기다립니다",
        Doubt::Blind => "Drainboard 쪽 문제로 일부 대상을 확인할 수 없습니다",
        Doubt::WholeFleet => "모든 확인이 한꺼번에 실패합니다. Drainboard의 네트워크 문제일 수 있습니다",
        Doubt::Floor => "하나를 더 빼면 그룹의 최소 대상 수보다 적어집니다",
        Doubt::Rate => "1분 동안 허용된 변경 횟수를 모두 사용했습니다",
    },

    server_columns: ["서버", "프록시의 표현", "서비스", "가중치", "세션", "대기열", "오류", "재시도", "마지막 확인"],
    not_observable: "관찰할 수 없음",
    ready: "서비스 중",
    out,
    held: |cause, reason| {
        let why = match cause {
            HoldCause::Person => "드레이닝",
            HoldCause::Policy => "비정상",
            HoldCause::Deregistered => "등록 취소됨",
            HoldCause::Standby => "대기",
        };
        format!("Drainboard가 제외함: {}", reason.filter(|reason| !reason.is_empty()).unwrap_or(why))
    },
    backup: "백업",
    no_servers: "백엔드에 서버가 없습니다.",
    unmatched_servers: |count| format!("그룹의 대상이 아닌 서버가 {count}개 있습니다:"),
    unmatched_targets: |count| format!("여기에 서버가 없어 이 프록시의 요청을 받지 않는 대상이 {count}개 있습니다:"),
    register: |count| format!("대상 {count}개 등록"),

    events: "이벤트",
    no_events: "이 프록시에는 아직 이벤트가 없습니다.",
    transcript: "대화 기록",
    transcript_lead: "Drainboard가 보낸 명령과 프록시의 응답입니다. 최신순이며 이 페이지를 연 시점 기준입니다.",
    transcript_empty: "아직 보낸 명령이 없습니다.",
    answered_badly: "실패",

    not_in: |proxy| format!("{proxy}에 없음"),
    absent: "목록에서 제외됨",
    cannot_reach: "연결할 수 없음",

    group_unbound: "이 그룹에 바인딩된 프록시가 없습니다",
    group_unbound_lead: "프록시를 열고 그 백엔드를 이 그룹에 바인딩하세요. 그러면 대상을 드레이닝할 수 있습니다.",
    to_proxies: "모든 프록시",
    snippets: "대상이 중단되어도 요청을 잃지 않는 설정",
    snippets_lead: "이 그룹의 대상으로 만들었습니다. Drainboard는 파일을 바꾸지 않으니 필요한 부분을 복사하세요.",
    snippet_haproxy: "HAProxy",
    snippet_caddy: "Caddy (Caddyfile)",
    costs_haproxy: [
        ("option redispatch 1", "재시도를 다른 서버로 보냅니다. 고정된 클라이언트도 서버가 바뀔 수 있습니다."),
        ("retry-on", "응답이 없거나 잘못된 요청을 반복합니다. 중단된 서버가 이미 처리했다면 두 번 실행될 수 있습니다."),
        ("retry-on all-retryable-errors", "더 짧지만 500 응답과 거부된 early data까지 반복합니다."),
        ("inter 1s fall 3 rise 2", "3초 안에 중단된 서버를 찾습니다. 서버마다 초당 한 번 확인합니다."),
        ("on-marked-down shutdown-sessions", "비정상 서버의 열린 연결을 끊습니다. 끝날 수 있었던 연결도 끊깁니다."),
    ],
    costs_caddy: [
        ("lb_try_duration", "다른 업스트림을 시도하는 동안 요청을 잡아 두므로 클라이언트가 그만큼 기다릴 수 있습니다."),
        ("health_uri", "3초 안에 중단된 업스트림을 찾습니다. 업스트림마다 초당 한 번 확인합니다."),
        ("stream_close_delay", "대상을 뺄 때 WebSocket을 유지하지만 이전 설정의 메모리를 계속 사용합니다."),
    ],
    fail_open: "FAIL-OPEN",
    fail_open_lead: "서비스 중인 정상 대상이 없습니다. 프록시는 남은 대상에 요청을 보내거나 거부합니다. 대상을 복귀시키거나 복구하세요.",
    fail_open_mark: "fail-open",
};

fn capability(can: Capabilities) -> [&'static str; 4] {
    [
        match can.sessions_observable {
            true => "세션: 드레이닝 중에도 관찰할 수 있음.",
            false => "세션: 드레이닝 중에는 관찰할 수 없음. 드레이닝은 등록 취소 지연 시간만큼 기다립니다.",
        },
        match can.drain_keeps_sticky {
            true => "드레이닝 중에도 고정된 클라이언트는 떠날 때까지 그 서버에 연결됩니다.",
            false => "드레이닝하면 고정된 클라이언트도 다른 서버로 보냅니다.",
        },
        match can.survives_reload {
            true => "프록시를 다시 로드해도 드레이닝이 유지됩니다.",
            false => "다시 로드하면 드레이닝을 잊지만 Drainboard가 다시 지시합니다.",
        },
        match can.reports_own_health {
            true => "서버별 자체 상태 확인 결과를 알려 줍니다.",
            false => "자체 상태 확인 결과를 알려 주지 않습니다.",
        },
    ]
}

fn out(Admin { state, cause }: Admin) -> String {
    let state = match state {
        AdminState::Ready => return "서비스 중".to_owned(),
        AdminState::Drain => "드레이닝",
        AdminState::Maint => "유지 보수",
        AdminState::Absent => "목록에 없음",
    };
    match cause {
        Some(AdminCause::Forced) => format!("{state}, 명령에 의함"),
        Some(AdminCause::Inherited) => format!("{state}, 추적하는 서버에서 상속됨"),
        Some(AdminCause::Config) => format!("{state}, 프록시 설정에 의함"),
        None => state.to_owned(),
    }
}
