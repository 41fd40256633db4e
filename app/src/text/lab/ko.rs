//! Korean.

use domain::{LabAnswer, LabDoing, LabFault, LabManners, LabStage, LabStep, LabTrouble};

use super::{LabRefusal, LabText};

pub(in crate::text) static TEXT: LabText = LabText {
    title: "실습",
    lead: "이 컴퓨터에서 실제로 실행되는 프로세스입니다. 고장 내고, 누가 언제 알아차리는지와 그 대가를 지켜보세요.",
    start: "실습 시작",
    offer: "실습을 시작하면 고장 내고 지켜볼 서버 세 대와 로드 밸런서가 이 컴퓨터에 준비됩니다.",
    end: "실습 종료",

    closed: "실습을 사용할 수 없습니다",
    closed_lead: "실습은 프로세스를 시작하고 종료하므로 이 컴퓨터에서만 Drainboard에 접속할 수 있을 때만 제공됩니다. 루프백 주소에서 수신하도록 시작하세요:",
    idle: "고장 내고 지켜보기",
    idle_makes: [
        "자기 번호로 응답하는 서버 세 대(각각 별도의 프로세스)",
        "그 앞의 HAProxy: 네트워크 로드 밸런서(TCP, 라운드 로빈)와 애플리케이션 로드 밸런서(HTTP, 경로 기준)",
        "이 보드의 대상 그룹, 프록시, 바인딩(직접 만들 때와 같은 방법으로 생성)",
        "계속 요청을 보내고 누가 응답했는지 알려 주는 클라이언트",
    ],
    idle_ends: "모두 실제로 동작하며 루프백에서만 수신합니다. 실습을 종료하거나 Drainboard를 중지하면 모두 제거됩니다.",
    by_script: "터미널에서 하려면:",
    no_haproxy: "HAProxy가 설치되어 있지 않습니다.",
    no_haproxy_lead: "HAProxy가 없으면 로드 밸런서도 요청도 없이 실습이 실행됩니다. 설치한 뒤 실습을 다시 시작하세요:",

    stage: |stage| match stage {
        LabStage::Provisioning(_) => "프로비저닝 중",
        LabStage::Active => "활성",
        LabStage::Failed(_) => "실패",
        LabStage::Ending => "종료 중",
    },
    steps: "준비 과정",
    step: |step| match step {
        LabStep::Servers => "서버 시작",
        LabStep::Balancer => "HAProxy 시작",
        LabStep::Registration => "그룹, 대상, 바인딩 등록",
        LabStep::FirstChecks => "첫 상태 확인 통과와 첫 요청 응답",
    },
    step_done: "완료",
    step_now: "진행 중",
    step_to_come: "대기",
    trouble: |trouble| match trouble {
        LabTrouble::Directory(why) => format!("실습 디렉터리를 사용할 수 없습니다: {why}."),
        LabTrouble::Server(number, why) => format!("서버 {number}이(가) 시작되지 않았습니다: {why}."),
        LabTrouble::Balancer(why) => format!("HAProxy가 시작되지 않았습니다: {why}."),
        LabTrouble::Registration(why) => format!("실습과 보드가 일치하지 않습니다: {why}"),
        LabTrouble::Late(_) => "제시간에 준비되지 않았습니다. 종료한 뒤 다시 시작하세요.".to_owned(),
        LabTrouble::Broken => "실습의 일부가 스스로 종료되었습니다. 종료한 뒤 다시 시작하세요.".to_owned(),
    },

    answers: "누가 응답하나",
    answers_lead: |count| format!("네트워크 로드 밸런서를 거친 최근 요청 {count}개이며 오른쪽이 가장 최근입니다."),
    no_answers: "아직 끝난 요청이 없습니다.",
    answer: |answer| match answer {
        LabAnswer::Served(number) => format!("서버 {number}"),
        LabAnswer::Status(code, Some(number)) => format!("서버 {number}의 {code}"),
        LabAnswer::Status(code, None) => format!("로드 밸런서의 {code}"),
        LabAnswer::NotConnected => "연결 실패".to_owned(),
        LabAnswer::Closed => "응답 없이 연결이 닫힘".to_owned(),
        LabAnswer::TimedOut => "2초 안에 응답 없음".to_owned(),
        LabAnswer::Foreign => "다른 프로그램이 응답함".to_owned(),
    },
    slow: "느림",
    share: "응답 비율",
    server: |number| format!("서버 {number}"),
    percent: |percent| format!("{percent}%"),
    served: |count| format!("모두 {count}개"),
    figures: ["실패", "느림(200ms 이상)", "시작 후 실패", "보내지 않음"],
    of_last: |count, total| format!("최근 {total}개 중 {count}개"),
    rate: "초당 요청 수",
    set_rate: "적용",

    compare: "핫·웜·콜드 대기 비교",

    balancers: "로드 밸런서",
    network: "네트워크 로드 밸런서",
    network_lead: "주소와 포트만 압니다(4계층). 페이지를 새로 고치면 응답하는 서버가 바뀝니다.",
    application: "애플리케이션 로드 밸런서",
    application_lead: |web, api| {
        format!(
            "요청을 읽습니다(7계층). /api/…는 {api} 그룹으로, 나머지는 {web} 그룹으로 보냅니다. 서버 1은 /api/…를 받지 않습니다."
        )
    },
    haproxy: |pid| format!("둘 다 HAProxy이며 프로세스는 {pid}입니다"),
    haproxy_gone: "HAProxy가 종료되어 이 포트에서 아무도 응답하지 않습니다. 실습을 종료한 뒤 다시 시작하세요.",
    on_the_board: "보드에서 보기",

    servers: "서버",
    servers_lead: "여기서 고장 내거나 버튼 옆의 명령을 터미널에서 실행하세요. 어느 쪽이든 실습이 알아차립니다.",
    process: |pid| format!("프로세스 {pid}"),
    doing: |doing| match doing {
        LabDoing::Starting => "시작 중",
        LabDoing::Answering { manners: LabManners::Well, .. } => "응답함",
        LabDoing::Answering { manners: LabManners::With503, .. } => "503으로 응답함",
        LabDoing::Answering { manners: LabManners::Slowly, .. } => "늦게 응답함",
        LabDoing::Hanging { .. } => "멈춤",
        LabDoing::Gone => "프로세스 없음",
    },
    fault: |fault| match fault {
        LabFault::Kill => "강제 종료",
        LabFault::Stop => "종료",
        LabFault::Hang => "멈춤",
        LabFault::Answer503 => "503 응답",
        LabFault::Slow => "느리게",
        LabFault::BringBack => "되살리기",
    },
    fault_of: |fault, number| match fault {
        LabFault::Kill => format!("서버 {number} 강제 종료"),
        LabFault::Stop => format!("서버 {number} 종료"),
        LabFault::Hang => format!("서버 {number} 멈춤"),
        LabFault::Answer503 => format!("서버 {number} 503 응답"),
        LabFault::Slow => format!("서버 {number} 느리게"),
        LabFault::BringBack => format!("서버 {number} 되살리기"),
    },

    started: "실습을 준비하고 있습니다.",
    ended: "실습의 프로세스, 그룹, 바인딩, 파일을 모두 제거했습니다.",
    rate_set: |rate| format!("이제 초당 {rate}개의 요청을 보냅니다."),
    inflicted: |number, fault| match fault {
        LabFault::Kill => format!("서버 {number}을(를) 강제 종료했습니다."),
        LabFault::Stop => format!("서버 {number}을(를) 종료했습니다."),
        LabFault::Hang => format!("서버 {number}을(를) 멈췄습니다."),
        LabFault::Answer503 => format!("서버 {number}이(가) 503으로 응답합니다."),
        LabFault::Slow => format!("서버 {number}이(가) 늦게 응답합니다."),
        LabFault::BringBack => format!("서버 {number}이(가) 돌아왔습니다."),
    },
    refused: |refusal| match refusal {
        LabRefusal::Closed => "Drainboard가 루프백 주소에서 수신할 때만 실습을 사용할 수 있습니다.".to_owned(),
        LabRefusal::Running => "이미 실습이 실행 중입니다.".to_owned(),
        LabRefusal::NotRunning => "실행 중인 실습이 없습니다.".to_owned(),
        LabRefusal::NotNow(number, LabDoing::Gone) => format!("서버 {number}의 프로세스가 없습니다. 먼저 되살리세요."),
        LabRefusal::NotNow(number, LabDoing::Hanging { .. }) => {
            format!("서버 {number}이(가) 멈춰 있습니다. 먼저 되살리거나 강제 종료하세요.")
        }
        LabRefusal::NotNow(number, LabDoing::Starting) => format!("서버 {number}이(가) 시작되는 중입니다."),
        LabRefusal::NotNow(number, LabDoing::Answering { .. }) => format!("서버 {number}은(는) 이미 그런 상태입니다."),
        LabRefusal::NotYet(number) => format!("서버 {number}에 지시했지만 아직 반영되지 않았습니다."),
        LabRefusal::Other(why) => why.clone(),
    },
};
