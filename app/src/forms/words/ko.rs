//! Korean, as the AWS console says it.

use super::{FieldWords, Words, drain, proxy};

pub(super) const WORDS: Words = Words {
    groups: "대상 그룹",
    proxies: "프록시",
    proxy: &proxy::KO,
    drain: &drain::KO,
    trail: "현재 위치",

    create_group: "대상 그룹 생성",
    create_group_lead: "같은 일을 하고 같은 방식으로 확인하는 대상의 모음입니다. 채워진 값은 ELBv2의 기본값이며, 이름 외에는 나중에 바꿀 수 있습니다.",
    create_group_do: "대상 그룹 생성",
    edit_group: |name| format!("{name} 편집"),
    edit_group_lead: "변경 사항은 바로 적용됩니다. 대상의 상태는 그대로 유지됩니다.",
    save: "변경 사항 저장",
    cancel: "돌아가기",
    optional: "선택 사항",
    basics: "기본 구성",
    health_check: "상태 확인",
    health_check_lead: "대상을 어떻게 확인하고, 결과가 연속 몇 번이면 상태를 바꿀지 정합니다.",
    advanced: "고급 상태 확인 설정",
    same_protocol: "그룹과 동일",
    field,
    default_port: |port| format!("포트를 쓰지 않은 대상에는 그룹의 포트 {port}번을 사용합니다."),

    add_targets: |group| format!("{group}에 대상 등록"),
    add_targets_lead: "등록한 대상은 1초 안에 확인을 시작합니다.",
    add_targets_do: "대상 등록",
    example: "10.0.0.5:8080\n10.0.0.6:8080 web-2\nweb-[01-04].example",
    test: "테스트",
    test_lead: "확인을 한 번 실행해 결과를 보여 줍니다. 아무것도 저장하지 않습니다.",
    understood: |count| format!("대상 {count}개로 인식했습니다"),
    trial: "테스트 결과",
    nothing_saved: "아직 아무것도 저장하지 않았습니다.",
    target: "대상",
    verdict: "결과",
    phases: ["DNS", "연결", "TLS", "첫 바이트", "전체"],
    status_code: "상태 코드",
    pass: "통과",
    fail: "실패",
    unknown: "알 수 없음",

    edit_target: |name| format!("{name} 편집"),
    edit_target_lead: "호스트나 포트를 바꾸면 다른 서버로 보고 상태를 처음부터 확인합니다. 이름만 바꾸면 다른 것은 그대로입니다.",

    deregister: |names| match names {
        [name] => format!("{name} 대상의 등록을 취소하시겠습니까?"),
        _ => format!("대상 {}개의 등록을 취소하시겠습니까?", names.len()),
    },
    deregister_lead: |_, group| {
        format!(
            "더 이상 확인하지 않으며 {group} 그룹에서 빠집니다. 지난 결과는 보존 기간까지 남지만 화면에는 더 이상 표시되지 않습니다."
        )
    },
    deregister_left: |left, healthy| match left {
        0 => "그룹에 남는 대상이 없습니다.".to_owned(),
        _ => format!("그룹에 대상 {left}개가 남고, 그중 {healthy}개가 정상입니다."),
    },
    deregister_do: |count| match count {
        1 => "등록 취소".to_owned(),
        _ => format!("대상 {count}개 등록 취소"),
    },
    nothing_chosen_title: "선택한 대상 없음",
    nothing_chosen: "먼저 표에서 대상을 선택하세요.",

    delete_group: |name| format!("{name} 대상 그룹을 삭제하시겠습니까?"),
    delete_empty: "그룹에 대상이 없습니다. 그룹의 설정이 삭제됩니다.",
    delete_lead: |count| format!("그룹의 설정이 삭제되고, 대상 {count}개를 더 이상 확인하지 않습니다."),
    delete_type: |name| format!("확인하려면 {name}을(를) 입력하세요"),
    delete_do: "대상 그룹 삭제",
    cannot_undo: "되돌릴 수 없습니다. 이벤트는 기록에 남습니다.",

    summary: |count| format!("값을 고쳐야 하는 필드가 {count}개 있습니다. 아무것도 저장하지 않았습니다."),
    refused: "아무것도 저장하지 않았습니다. 입력한 내용은 그대로 있으니 원인이 해결되면 다시 시도하세요.",
};

fn field(name: &str) -> FieldWords {
    let (label, hint) = match name {
        "name" => ("이름", "영문자, 숫자, 하이픈 1~32자입니다. 나중에 바꿀 수 없습니다."),
        "description" => ("설명", "그룹의 용도입니다. 최대 200자까지 자유롭게 입력하세요."),
        "protocol" => ("프로토콜", "대상이 서비스하는 방식입니다."),
        "port" => ("포트", "포트 없이 등록한 대상에 사용합니다. 1~65535."),
        "enabled" => ("대상의 상태 확인", "끄면 모든 대상이 사용할 수 없음으로 표시됩니다."),
        "check_protocol" => {
            ("상태 확인 프로토콜", "TCP는 포트가 열리는지, HTTP와 HTTPS는 요청에 응답하는지 확인합니다.")
        }
        "path" => ("경로", "/로 시작하며 쿼리를 붙일 수 있습니다."),
        "matcher" => ("성공 코드", "예: 200, 200,204 또는 200-399."),
        "interval_ms" => ("간격(ms)", "200~300000. 30000은 30초입니다."),
        "timeout_ms" => ("제한 시간(ms)", "20~120000이며 간격보다 길 수 없습니다. 확인 전체에 적용됩니다."),
        "healthy_threshold" => ("정상 임계값", "연속 통과 1~10회. 새 대상은 한 번이면 됩니다."),
        "unhealthy_threshold" => ("비정상 임계값", "연속 실패 1~10회."),
        "fast_confirm" => (
            "실패를 빠르게 확정",
            "처음 실패하면 확실해질 때까지 빠른 간격으로 확인합니다. 정상일 때는 비용이 없지만, 잠깐의 장애로도 비정상이 되기 쉬워집니다.",
        ),
        "fast_interval_ms" => ("빠른 간격(ms)", "20부터 간격까지."),
        "sentinel" => (
            "감시 연결 유지",
            "대상마다 유휴 연결을 하나 유지하고, 끊기면 바로 확인합니다. 이쪽에서 파일 디스크립터 하나, 대상에서 쓰지 않는 연결 하나를 차지합니다. 유휴 연결을 끊는 서버에는 쓸모가 없습니다.",
        ),
        "cut_unhealthy" => (
            "자동 모드가 뺀 서버의 세션 닫기",
            "비정상 서버를 기다리는 클라이언트를 바로 놓아주어(shutdown sessions) 다른 서버가 응답할 수 있습니다. 그 서버가 응답했을 수도 있는 요청은 실패합니다.",
        ),
        "check_port" => ("상태 확인 포트", "traffic-port는 대상이 서비스하는 포트입니다. 또는 1~65535."),
        "method" => ("메서드", "HEAD는 본문을 요청하지 않습니다."),
        "host" => ("Host 헤더", "비워 두면 대상의 호스트와 포트를 사용합니다."),
        "body_contains" => {
            ("본문에 포함할 텍스트", "본문의 처음 64KiB 안에 있어야 합니다. 비워 두면 확인하지 않습니다.")
        }
        "tls_verify" => ("인증서 검증", "만료되었거나 이름이 다른 인증서는 실패로 판단합니다."),
        "server_name" => ("TLS 서버 이름", "요청하고 검증할 이름입니다. 비워 두면 호스트를 사용합니다."),
        "deregistration_delay_s" => ("등록 취소 지연(초)", "대상이 연결을 마칠 수 있는 시간입니다. 0~3600."),
        "try_on" => ("시험할 대상", "대상의 host:port. 예: 127.0.0.1:8000."),
        "targets" => (
            "대상",
            "한 줄에 하나씩 host:port를 쓰고 뒤에 이름을 붙일 수 있습니다. 10.0.0.[1-8]:8080 같은 범위도 됩니다. 최대 1000개.",
        ),
        "label" => ("화면에 표시할 이름", "최대 64자까지 자유롭게 입력하세요. 비워 두면 주소를 표시합니다."),
        "target_host" => ("호스트", "IPv4 또는 IPv6 주소, 또는 DNS 이름."),
        "target_port" => ("포트", "1~65535."),
        "minimum_healthy_targets" => {
            ("최소 정상 대상 수", "서비스에 이보다 적게 남기는 드레이닝은 거부합니다. 0~1000, 0은 제한 없음.")
        }
        "wanted_active" => (
            "필요한 활성 대상 수",
            "서비스 중인 활성 대상이 이보다 적으면 대기를 승격합니다. 비워 두면 최소 정상 대상 수(최소 1)입니다.",
        ),
        "hold_down_s" => ("유지 시간(초)", "활성 대상이 이만큼 계속 충분해야 대기로 돌아갑니다."),
        "fall_back" => ("대기로 복귀", "승격을 끝내는 방법입니다."),
        "standby_role" => ("역할", "핫과 웜은 실행되며 확인됩니다. 콜드는 필요할 때 시작됩니다."),
        "starter" => ("시작 명령", "콜드 대기용입니다. 구성 파일에서만 지정할 수 있습니다."),
        "kind" => ("종류", "나중에 바꿀 수 없습니다."),
        "address" => ("주소", "HAProxy는 unix:/경로 또는 tcp://호스트:포트, Caddy는 http://호스트:포트."),
        "backend" => ("백엔드", "프록시에서 쓰는 이름입니다. Caddy에서는 핸들러의 @id, 없으면 그 위치입니다."),
        "group" => ("대상 그룹", "서버가 속하는 그룹입니다. 주소와 포트로 대상과 연결합니다."),
        "mode" => ("Drainboard가 할 수 있는 일", "언제든지 바꿀 수 있습니다."),
        "changes_per_minute" => ("분당 변경 횟수", "1~60. 자동 모드에만 적용됩니다."),
        "reason" => ("사유", "대상 옆에 표시하고 기록에 남깁니다. 최대 200자."),
        "duration" => ("스스로 복귀", "그때 대상이 정상이면 복귀하고, 아니면 알립니다."),
        "after_delay" => {
            ("등록 취소 지연 뒤에도 열려 있는 연결", "HAProxy는 끊을 수 있고, Caddy는 자체 설정에 따라 닫습니다.")
        }
        "put_back" => (
            "Drainboard가 뺀 서버를 서비스로 되돌리기",
            "선택하지 않으면 제외된 서버는 누군가 프록시에서 되돌릴 때까지 제외된 채로 남습니다.",
        ),
        "typed_name" => ("확인용 이름", "대소문자까지 똑같이 입력하세요."),
        "why" => ("사유", "변경 기록에 남습니다."),
        _ => ("", ""),
    };
    FieldWords { label, hint }
}
