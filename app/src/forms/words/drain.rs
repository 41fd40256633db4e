//! What the forms say that take targets out of service.

/// The texts of one language.
pub(crate) struct DrainWords {
    pub(crate) title: fn(&[String]) -> String,
    pub(crate) lead: fn(usize) -> String,
    pub(crate) submit: fn(usize) -> String,
    pub(crate) change: fn(&str) -> String,
    pub(crate) change_lead: &'static str,
    pub(crate) not_bound: &'static str,
    pub(crate) bind_first: &'static str,
    pub(crate) consequence: &'static str,
    pub(crate) stays: fn(u32, u32, u32) -> String,
    pub(crate) under_way: fn(u32) -> String,
    pub(crate) remaining: fn(u32, u32) -> String,
    pub(crate) will_finish: fn(u64) -> String,
    pub(crate) not_observable: &'static str,
    pub(crate) observed_only: fn(&str) -> String,
    pub(crate) told_later: fn(&str) -> String,
    pub(crate) missing: fn(u32) -> String,
    pub(crate) web_sockets: fn(&str) -> String,
    pub(crate) breaks_floor: fn(u32, u32) -> String,
    pub(crate) type_name: fn(&str) -> String,
    pub(crate) type_to_deregister: fn(&str) -> String,
    pub(crate) drained_first: fn(usize) -> String,
    pub(crate) durations: [&'static str; 5],
    pub(crate) after_delay: [&'static str; 2],
}

pub(super) static EN: DrainWords = DrainWords {
    title: |names| match names {
        [name] => format!("Drain {name}?"),
        _ => format!("Drain {} targets?", names.len()),
    },
    lead: |count| match count {
        1 => "It gets no new requests; open connections may finish. It stays registered, and checks go on.".to_owned(),
        _ => {
            "They get no new requests; open connections may finish. They stay registered, and checks go on.".to_owned()
        }
    },
    submit: |count| match count {
        1 => "Drain".to_owned(),
        _ => format!("Drain {count} targets"),
    },
    change: |name| format!("Change the drain of {name}"),
    change_lead: "It stays out of service. Its lease and the deregistration delay begin anew.",
    not_bound: "No proxy in which Drainboard may drain stands before this group.",
    bind_first: "Bind a backend to it first, by hand or automatic.",
    consequence: "What stays",
    stays: |stays, of, floor| format!("{stays} of {of} healthy targets stay in service; the minimum is {floor}."),
    under_way: |count| match count {
        1 => "1 other target is drained already.".to_owned(),
        _ => format!("{count} other targets are drained already."),
    },
    remaining: |stays, of| format!("{stays} of {of} stay in service"),
    will_finish: |sessions| match sessions {
        0 => "no session is open".to_owned(),
        1 => "1 session will finish".to_owned(),
        _ => format!("{sessions} sessions will finish"),
    },
    not_observable: "sessions are not observable",
    observed_only: |proxy| format!("{proxy} is only observed: it goes on sending."),
    told_later: |proxy| format!("{proxy} cannot be reached: it is told when it is back."),
    missing: |count| match count {
        1 => "1 of the targets has no server there.".to_owned(),
        _ => format!("{count} of the targets have no server there."),
    },
    web_sockets: |proxy| format!("All WebSockets of {proxy} close when it is told."),
    breaks_floor: |stays, floor| match stays {
        0 => format!("No healthy target would stay in service, and the minimum is {floor}. Users would be hurt."),
        _ => format!("Only {stays} would stay in service, and the minimum is {floor}."),
    },
    type_name: |name| format!("Type {name} to drain all the same"),
    type_to_deregister: |name| format!("Type {name} to deregister all the same"),
    drained_first: |count| match count {
        1 => "It is drained first, and deregistered when it is empty or after the deregistration delay.".to_owned(),
        _ => {
            "They are drained first, and deregistered when they are empty or after the deregistration delay.".to_owned()
        }
    },
    durations: ["when somebody returns it", "after 15 minutes", "after 1 hour", "after 4 hours", "after 1 day"],
    after_delay: ["may take as long as they like", "are cut"],
};

pub(super) static KO: DrainWords = DrainWords {
    title: |names| match names {
        [name] => format!("{name} 대상을 드레이닝하시겠습니까?"),
        _ => format!("대상 {}개를 드레이닝하시겠습니까?", names.len()),
    },
    lead: |_| "새 요청은 받지 않고 열린 연결은 끝날 때까지 유지됩니다. 등록과 상태 확인은 계속됩니다.".to_owned(),
    submit: |count| match count {
        1 => "드레이닝 시작".to_owned(),
        _ => format!("대상 {count}개 드레이닝 시작"),
    },
    change: |name| format!("{name} 드레이닝 변경"),
    change_lead: "대상은 계속 서비스에서 제외됩니다. 기간과 등록 취소 지연이 다시 시작됩니다.",
    not_bound: "이 그룹 앞에 Drainboard가 드레이닝할 수 있는 프록시가 없습니다.",
    bind_first: "먼저 백엔드를 수동 또는 자동 모드로 바인딩하세요.",
    consequence: "남는 대상",
    stays: |stays, of, floor| format!("정상 대상 {of}개 중 {stays}개가 계속 서비스합니다. 최소 {floor}개입니다."),
    under_way: |count| format!("다른 대상 {count}개가 이미 드레이닝 중입니다."),
    remaining: |stays, of| format!("{of}개 중 {stays}개가 계속 서비스"),
    will_finish: |sessions| match sessions {
        0 => "열린 세션 없음".to_owned(),
        sessions => format!("세션 {sessions}개가 끝날 때까지 유지됨"),
    },
    not_observable: "세션을 관찰할 수 없음",
    observed_only: |proxy| format!("{proxy}은(는) 관찰만 하므로 요청을 계속 보냅니다."),
    told_later: |proxy| format!("{proxy}에 연결할 수 없습니다. 다시 연결되면 지시합니다."),
    missing: |count| format!("대상 {count}개는 거기에 서버가 없습니다."),
    web_sockets: |proxy| format!("지시하는 순간 {proxy}의 모든 WebSocket이 닫힙니다."),
    breaks_floor: |stays, floor| match stays {
        0 => format!("서비스에 남는 정상 대상이 없고 최소는 {floor}개입니다. 사용자가 영향을 받습니다."),
        _ => format!("{stays}개만 서비스에 남고 최소는 {floor}개입니다."),
    },
    type_name: |name| format!("그래도 드레이닝하려면 {name}을(를) 입력하세요"),
    type_to_deregister: |name| format!("그래도 등록을 취소하려면 {name}을(를) 입력하세요"),
    drained_first: |_| "먼저 드레이닝하고, 비거나 등록 취소 지연이 지나면 등록을 취소합니다.".to_owned(),
    durations: ["직접 복귀시킬 때까지", "15분 뒤", "1시간 뒤", "4시간 뒤", "1일 뒤"],
    after_delay: ["그대로 둡니다", "끊습니다"],
};
