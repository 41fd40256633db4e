//! What is said about standbys.

use domain::Tier;

use super::Text;
use crate::Language;

/// Everything that is said about standbys in one language.
pub(crate) struct StandbyText {
    pub(crate) title: &'static str,
    pub(crate) manage: &'static str,
    pub(crate) active: &'static str,
    pub(crate) tier: fn(Tier) -> &'static str,
    /// A drill treats the target as unhealthy.
    pub(crate) feigned: &'static str,
    pub(crate) promoted: &'static str,
    pub(crate) starting: &'static str,
    pub(crate) waiting: &'static str,
    pub(crate) backup: &'static str,
    pub(crate) not_started: &'static str,
    pub(crate) stopping: &'static str,
    pub(crate) serving: &'static str,
    pub(crate) nobody: &'static str,
    pub(crate) not_known: &'static str,
    /// So many of so many.
    pub(crate) of: fn(usize, usize) -> String,
    pub(crate) next: &'static str,
    pub(crate) none_ready: &'static str,
    /// What is unhealthy, and for how long.
    pub(crate) unfit: fn(Tier, &str, &str) -> String,
    pub(crate) promotion_asked: &'static str,
    pub(crate) promotion_needed: &'static str,
    pub(crate) starter_finished: &'static str,
    pub(crate) brought_in: &'static str,
    pub(crate) fell_back: &'static str,
    pub(crate) failed: &'static str,
    pub(crate) calm: &'static str,
    pub(crate) stopped: &'static str,
    pub(crate) not_stopped: &'static str,
    pub(crate) lead: &'static str,
    pub(crate) no_starters: &'static str,
    pub(crate) promote: &'static str,
    pub(crate) promote_means: &'static str,
    pub(crate) promote_cold_means: &'static str,
    pub(crate) fall_back: &'static str,
    pub(crate) fall_back_means: &'static str,
    pub(crate) only_observed: &'static str,
    pub(crate) last_start: &'static str,
    pub(crate) last_stop: &'static str,
    pub(crate) fall_backs: [&'static str; 2],
}

impl Text {
    /// Everything that is said about standbys.
    pub(crate) fn standby(&self) -> &'static StandbyText {
        match self.language {
            Language::En => &EN,
            Language::Ko => &KO,
        }
    }
}

static EN: StandbyText = StandbyText {
    title: "Standby",
    manage: "Standby…",
    active: "active",
    tier: |tier| match tier {
        Tier::Hot => "hot standby",
        Tier::Warm => "warm standby",
        Tier::Cold => "cold standby",
    },
    feigned: "drill: as if unhealthy",
    promoted: "promoted",
    starting: "starting",
    waiting: "waits until healthy",
    backup: "the proxy's own backup",
    not_started: "not started",
    stopping: "being stopped",
    serving: "Serving",
    nobody: "nobody",
    not_known: "not known yet",
    of: |count, of| format!("{count} of {of}"),
    next: "Next",
    none_ready: "no standby is ready",
    unfit: |tier, name, lasted| {
        let tier = match tier {
            Tier::Hot => "hot",
            Tier::Warm => "warm",
            Tier::Cold => "cold",
        };
        format!("Your {tier} standby {name} has been unhealthy for {lasted}: it could not take over.")
    },
    promotion_asked: "promotion begins: a person asked for it",
    promotion_needed: "promotion begins: too few active targets serve",
    starter_finished: "its starter has ended; waits until it is healthy",
    brought_in: "promoted: healthy, and may serve",
    fell_back: "fell back: waits again",
    failed: "promotion came to nothing",
    calm: "watched before it falls back",
    stopped: "stopped again",
    not_stopped: "could not be stopped, and may still run",
    lead: "An active target serves. A standby waits until too few active ones are left.",
    no_starters: "Cold standbys need a starter in the configuration file (--config FILE). None is there.",
    promote: "Promote now",
    promote_means: "It is let into the proxies as soon as it is healthy, and stays until somebody lets it fall back.",
    promote_cold_means: "Its starter is run first. It is let into the proxies as soon as it is healthy, and stays until somebody lets it fall back.",
    fall_back: "Fall back now",
    fall_back_means: "It gets no new connections and waits again. If too few active targets serve, a standby is promoted again at once.",
    only_observed: "Proxies before this group are only observed, or there is none: nothing is told to them. A promotion is only noted here.",
    last_start: "The starter's last run",
    last_stop: "The stop command's last run",
    fall_backs: ["By itself, after the hold-down", "When a person says so"],
};

static KO: StandbyText = StandbyText {
    title: "대기",
    manage: "대기…",
    active: "활성",
    tier: |tier| match tier {
        Tier::Hot => "핫 대기",
        Tier::Warm => "웜 대기",
        Tier::Cold => "콜드 대기",
    },
    feigned: "훈련: 비정상으로 간주",
    promoted: "승격됨",
    starting: "시작 중",
    waiting: "정상이 될 때까지 기다리는 중",
    backup: "프록시의 백업 서버",
    not_started: "시작되지 않음",
    stopping: "중지하는 중",
    serving: "서비스 중",
    nobody: "없음",
    not_known: "아직 알 수 없음",
    of: |count, of| format!("{of}개 중 {count}개"),
    next: "다음",
    none_ready: "준비된 대기 없음",
    unfit: |tier, name, lasted| {
        let tier = match tier {
            Tier::Hot => "핫",
            Tier::Warm => "웜",
            Tier::Cold => "콜드",
        };
        format!("{tier} 대기 {name}이(가) {lasted} 동안 비정상입니다. 이어받을 수 없습니다.")
    },
    promotion_asked: "승격 시작: 사람의 요청",
    promotion_needed: "승격 시작: 서비스 중인 활성 대상이 부족함",
    starter_finished: "시작 명령이 끝남, 정상이 될 때까지 기다림",
    brought_in: "승격됨: 정상이며 서비스할 수 있음",
    fell_back: "대기로 돌아감",
    failed: "승격하지 못함",
    calm: "대기로 돌아가기 전 관찰 중",
    stopped: "다시 중지됨",
    not_stopped: "중지하지 못함, 아직 실행 중일 수 있음",
    lead: "활성 대상은 서비스합니다. 대기는 활성 대상이 부족해질 때까지 기다립니다.",
    no_starters: "콜드 대기에는 구성 파일(--config FILE)의 시작 명령이 필요합니다. 아직 없습니다.",
    promote: "지금 승격",
    promote_means: "정상이 되면 곧 프록시에서 사용되며, 누군가 대기로 돌릴 때까지 유지됩니다.",
    promote_cold_means: "먼저 시작 명령을 실행합니다. 정상이 되면 곧 프록시에서 사용되며, 누군가 대기로 돌릴 때까지 유지됩니다.",
    fall_back: "지금 대기로 되돌리기",
    fall_back_means: "새 연결을 받지 않고 다시 기다립니다. 서비스 중인 활성 대상이 부족하면 곧 다시 대기가 승격됩니다.",
    only_observed: "이 그룹 앞의 프록시는 관찰만 하거나 없습니다. 프록시에는 아무것도 지시하지 않으며 승격은 여기에만 기록됩니다.",
    last_start: "시작 명령의 마지막 실행",
    last_stop: "중지 명령의 마지막 실행",
    fall_backs: ["대기 시간이 지나면 스스로", "사람이 지시할 때"],
};
