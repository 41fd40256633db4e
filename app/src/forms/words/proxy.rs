//! What the forms about proxies say.

use domain::ProxyKind;

/// The texts of one language.
pub(crate) struct ProxyWords {
    pub(crate) connect: &'static str,
    pub(crate) connect_lead: &'static str,
    pub(crate) connect_do: &'static str,
    pub(crate) edit: fn(&str) -> String,
    pub(crate) edit_lead: &'static str,
    pub(crate) test: &'static str,
    pub(crate) test_lead: &'static str,
    pub(crate) trial: &'static str,
    pub(crate) found: fn(&str) -> String,
    pub(crate) may_change: &'static str,
    pub(crate) may_not_change: &'static str,
    pub(crate) backends: fn(usize) -> String,
    pub(crate) servers: fn(u32) -> String,
    pub(crate) no_backends: &'static str,
    pub(crate) failed: &'static str,
    pub(crate) refused: fn(&str) -> String,
    pub(crate) read_only: &'static str,
    pub(crate) garbage: fn(&str) -> String,
    pub(crate) fix: fn(ProxyKind) -> &'static str,
    pub(crate) fix_after: fn(ProxyKind) -> &'static str,

    pub(crate) delete: fn(&str) -> String,
    pub(crate) delete_lead: fn(usize) -> String,
    pub(crate) delete_do: &'static str,
    pub(crate) held: fn(usize) -> String,
    pub(crate) nothing_held: &'static str,

    pub(crate) bind: fn(&str) -> String,
    pub(crate) bind_lead: &'static str,
    pub(crate) bind_do: &'static str,
    pub(crate) no_groups: &'static str,
    pub(crate) all_bound: &'static str,
    pub(crate) edit_binding: fn(&str) -> String,
    pub(crate) edit_binding_lead: fn(&str, &str) -> String,
    pub(crate) unbind: fn(&str, &str) -> String,
    pub(crate) unbind_lead: &'static str,
    pub(crate) unbind_do: &'static str,
    pub(crate) group_is_bound: fn(usize) -> String,
}

pub(super) static EN: ProxyWords = ProxyWords {
    connect: "Connect a proxy",
    connect_lead: "Drainboard talks to its admin socket: it looks every second, and changes nothing until a backend is bound to a target group.",
    connect_do: "Connect",
    edit: |name| format!("Edit {name}"),
    edit_lead: "At another address it is another proxy: what was seen of it begins anew. Bindings stay.",
    test: "Test connection",
    test_lead: "Looks once and says what is there. Saves nothing.",
    trial: "Result of the test",
    found: |version| match version {
        "" => "It answers.".to_owned(),
        version => format!("It answers. Version {version}."),
    },
    may_change: "Admin level: drains can be carried out.",
    may_not_change: "Not of admin level: drains cannot be carried out.",
    backends: |count| match count {
        1 => "1 backend".to_owned(),
        count => format!("{count} backends"),
    },
    servers: |count| match count {
        1 => "1 server".to_owned(),
        count => format!("{count} servers"),
    },
    no_backends: "It has no backends that Drainboard can use.",
    failed: "The proxy could not be looked at",
    refused: |said| format!("The proxy refused: {said}"),
    read_only: "This socket may only look: it is not of level admin.",
    garbage: |said| format!("What answers is not the proxy that it should be; check kind and address. It said: {said}"),
    fix: |kind| match kind {
        ProxyKind::Haproxy => "Write this in the global section of the HAProxy configuration, and reload it:",
        ProxyKind::Caddy => "Write this at the top of the Caddyfile, and reload it:",
    },
    fix_after: |kind| match kind {
        ProxyKind::Haproxy => "Drainboard's user must be in the group of the socket.",
        ProxyKind::Caddy => {
            "A reload with a Caddyfile overwrites what was changed by the admin API; Drainboard then tells it again."
        }
    },

    delete: |name| format!("Disconnect {name}?"),
    delete_lead: |bound| match bound {
        0 => "Drainboard forgets it. The proxy itself goes on as it is.".to_owned(),
        1 => "Drainboard forgets it and its binding. The proxy itself goes on as it is.".to_owned(),
        bound => format!("Drainboard forgets it and its {bound} bindings. The proxy itself goes on as it is."),
    },
    delete_do: "Disconnect",
    held: |count| match count {
        1 => "Drainboard holds 1 server out of service there:".to_owned(),
        count => format!("Drainboard holds {count} servers out of service there:"),
    },
    nothing_held: "Drainboard holds no server out of service there.",

    bind: |name| format!("Bind a backend of {name}"),
    bind_lead: "Says which target group a backend serves, and what Drainboard may do there.",
    bind_do: "Bind",
    no_groups: "There is no target group yet. Create one first.",
    all_bound: "Every backend of this proxy is bound already.",
    edit_binding: |backend| format!("Binding of {backend}"),
    edit_binding_lead: |backend, group| format!("What Drainboard may do in {backend}, which serves {group}."),
    unbind: |backend, group| format!("Unbind {backend} from {group}?"),
    unbind_lead: "Drainboard no longer shows or changes this backend for the group.",
    unbind_do: "Unbind",
    group_is_bound: |count| match count {
        1 => "A proxy backend is bound to this group. The binding goes with it.".to_owned(),
        count => format!("{count} proxy backends are bound to this group. The bindings go with it."),
    },
};

pub(super) static KO: ProxyWords = ProxyWords {
    connect: "프록시 연결",
    connect_lead: "Drainboard가 관리 소켓으로 1초마다 조회합니다. 백엔드를 대상 그룹에 바인딩하기 전에는 아무것도 바꾸지 않습니다.",
    connect_do: "연결",
    edit: |name| format!("{name} 편집"),
    edit_lead: "주소를 바꾸면 다른 프록시로 보고 처음부터 조회합니다. 바인딩은 유지됩니다.",
    test: "연결 테스트",
    test_lead: "한 번 조회해 결과를 보여 줍니다. 아무것도 저장하지 않습니다.",
    trial: "테스트 결과",
    found: |version| match version {
        "" => "응답합니다.".to_owned(),
        version => format!("응답합니다. 버전 {version}."),
    },
    may_change: "관리자 수준: 드레이닝할 수 있습니다.",
    may_not_change: "관리자 수준이 아님: 드레이닝할 수 없습니다.",
    backends: |count| format!("백엔드 {count}개"),
    servers: |count| format!("서버 {count}개"),
    no_backends: "Drainboard가 사용할 수 있는 백엔드가 없습니다.",
    failed: "프록시를 조회할 수 없습니다",
    refused: |said| format!("프록시가 거부했습니다: {said}"),
    read_only: "이 소켓은 조회만 할 수 있습니다. admin 수준이 아닙니다.",
    garbage: |said| format!("응답한 것이 그 프록시가 아닙니다. 종류와 주소를 확인하세요. 응답: {said}"),
    fix: |kind| match kind {
        ProxyKind::Haproxy => "HAProxy 설정의 global 섹션에 다음을 쓰고 다시 로드하세요:",
        ProxyKind::Caddy => "Caddyfile 맨 위에 다음을 쓰고 다시 로드하세요:",
    },
    fix_after: |kind| match kind {
        ProxyKind::Haproxy => "Drainboard의 사용자가 소켓의 그룹에 속해야 합니다.",
        ProxyKind::Caddy => {
            "Caddyfile로 다시 로드하면 관리 API로 바꾼 내용이 덮어써지며, Drainboard가 다시 지시합니다."
        }
    },

    delete: |name| format!("{name} 프록시의 연결을 해제하시겠습니까?"),
    delete_lead: |bound| match bound {
        0 => "Drainboard가 이 프록시를 잊습니다. 프록시는 그대로 계속 동작합니다.".to_owned(),
        bound => {
            format!("Drainboard가 이 프록시와 바인딩 {bound}개를 잊습니다. 프록시는 그대로 계속 동작합니다.")
        }
    },
    delete_do: "연결 해제",
    held: |count| format!("Drainboard가 서비스에서 뺀 서버가 {count}개 있습니다:"),
    nothing_held: "Drainboard가 서비스에서 뺀 서버가 없습니다.",

    bind: |name| format!("{name}의 백엔드 바인딩"),
    bind_lead: "백엔드가 어떤 대상 그룹을 서비스하는지, Drainboard가 무엇을 할 수 있는지 정합니다.",
    bind_do: "바인딩",
    no_groups: "아직 대상 그룹이 없습니다. 먼저 생성하세요.",
    all_bound: "이 프록시의 모든 백엔드가 이미 바인딩되어 있습니다.",
    edit_binding: |backend| format!("{backend} 바인딩"),
    edit_binding_lead: |backend, group| {
        format!("{group} 그룹을 서비스하는 {backend}에서 Drainboard가 할 수 있는 일입니다.")
    },
    unbind: |backend, group| format!("{backend}와(과) {group} 그룹의 바인딩을 해제하시겠습니까?"),
    unbind_lead: "Drainboard가 더 이상 이 백엔드를 그룹에 보여 주거나 바꾸지 않습니다.",
    unbind_do: "바인딩 해제",
    group_is_bound: |count| {
        format!("이 그룹에 프록시 백엔드 {count}개가 바인딩되어 있습니다. 바인딩도 함께 삭제됩니다.")
    },
};
