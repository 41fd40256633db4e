//! What is wrong with a field, as a sentence in the reader's language.

use domain::Problem;

use crate::Language;

/// The sentence.
pub fn sentence(problem: &Problem, language: Language) -> String {
    match language {
        Language::En => problem.to_string(),
        Language::Ko => korean(problem),
    }
}

fn korean(problem: &Problem) -> String {
    match problem {
        Problem::Missing => "필수 항목입니다.".to_owned(),
        Problem::GroupName => "영문자, 숫자, 하이픈 1~32자를 사용하고 하이픈으로 시작하거나 끝내지 마세요.".to_owned(),
        Problem::GroupNameTaken => "같은 이름의 대상 그룹이 이미 있습니다. 다른 이름을 사용하세요.".to_owned(),
        Problem::Range { min, max } => format!("{min}에서 {max} 사이의 숫자를 입력하세요."),
        Problem::NotANumber => "정수를 입력하세요.".to_owned(),
        Problem::TooLong(max) => format!("최대 {max}자까지 입력할 수 있습니다."),
        Problem::OneOf(words) => format!("다음 중 하나를 사용하세요: {words}."),
        Problem::TimeoutOverInterval(interval) => format!("제한 시간은 간격({interval}ms)보다 길 수 없습니다."),
        Problem::FastOverInterval(interval) => format!("빠른 간격은 간격({interval}ms)보다 길 수 없습니다."),
        Problem::Path => "경로는 /로 시작해야 하며 공백이나 제어 문자를 쓸 수 없습니다.".to_owned(),
        Problem::HostHeader => "shop.example 또는 10.0.0.5:8080처럼 호스트 이름이나 주소를 입력하세요.".to_owned(),
        Problem::Matcher => "200, 200,204 또는 200-399처럼 100에서 599까지의 상태 코드를 입력하세요.".to_owned(),
        Problem::NotWith(protocol) => format!("{protocol} 확인에는 사용할 수 없습니다. 비워 두세요."),
        Problem::ScheduledToo => {
            "일정이 채워져 있습니다. 일정 버튼을 쓰거나, 바로 시작하려면 요일과 시각을 비우세요.".to_owned()
        }
        Problem::TimeOfDay => "03:30처럼 UTC 시각을 입력하세요.".to_owned(),
        Problem::Host => "IPv4 또는 IPv6 주소나 DNS 이름을 입력하세요.".to_owned(),
        Problem::ForbiddenHost => {
            "링크 로컬 주소(169.254.0.0/16, fe80::/10)와 메타데이터 서비스는 확인하지 않습니다. 다른 주소를 입력하세요."
                .to_owned()
        }
        Problem::NotAMachine(address) => {
            format!("{address}은(는) 한 기기의 주소가 아닙니다. 대상이 수신하는 주소를 입력하세요.")
        }
        Problem::Punycode => {
            "이름을 퓨니코드(xn--…)로 입력하세요. DNS 이름에는 영문자, 숫자, 하이픈만 쓸 수 있습니다.".to_owned()
        }
        Problem::InLine { line, problem } => format!("{line}번째 줄: {}", korean(problem)),
        Problem::Repeated { address, first } => format!("{address}은(는) 이미 {first}번째 줄에 있습니다."),
        Problem::Port => "1에서 65535 사이의 포트를 입력하세요.".to_owned(),
        Problem::Duplicate(address) => format!("{address}은(는) 이미 이 그룹에 있습니다."),
        Problem::TargetLine { line, text } => format!(
            "{line}번째 줄 “{text}”을(를) 읽을 수 없습니다. host:port, host, [IPv6]:port 또는 10.0.0.[1-8]:8080 같은 범위로 입력하세요."
        ),
        Problem::ReplayMoreOften(ms) => {
            format!("저장된 확인의 간격은 {ms}ms입니다. 그 사이의 상태는 알 수 없으니 {ms}ms 이상을 입력하세요.")
        }
        Problem::ReplayNotAMultiple(ms) => {
            format!("저장된 확인의 간격인 {ms}ms의 배수를 입력하세요. 다른 시점에는 확인하지 않았습니다.")
        }
        Problem::TooMany(max) => format!("최대 {max}개까지 허용됩니다."),
        Problem::ProxyAddress => "unix:/경로, tcp://호스트:포트 또는 http://호스트:포트를 입력하세요.".to_owned(),
        Problem::ProxyAddressKind(kind, address) => format!("{kind}의 주소는 {address} 형식입니다. 그렇게 입력하세요."),
        Problem::ProxyNameTaken => "같은 이름의 프록시가 이미 있습니다. 다른 이름을 사용하세요.".to_owned(),
        Problem::NoSuch(name) => format!("{name}이(가) 없습니다. 있는 것을 선택하세요."),
        Problem::BackendBound => "이 백엔드는 이미 바인딩되어 있습니다. 먼저 그 바인딩을 제거하세요.".to_owned(),
        Problem::CannotCut(kind) => format!("{kind}는 지시로 세션을 닫지 않습니다. 꺼 두세요."),
        Problem::UnknownField => "없는 필드입니다.".to_owned(),
        Problem::NameNotTyped(name) => format!("확인하려면 {name}을(를) 그대로 입력하세요."),
        Problem::Malformed(text) => text.clone(),
    }
}
