//! Why the engine did not do what a form asked for, in the reader's language.

use engine::{ChangeError, DrillRefusal};

use crate::Language;
use crate::text::detail;

/// The HTTP status: whether it can be tried again as it is.
pub(super) fn status(error: &ChangeError) -> u16 {
    match error {
        ChangeError::NotRecorded(_) | ChangeError::Stopping | ChangeError::NotPutBack(_) => 503,
        _ => 409,
    }
}

/// The sentence.
pub(super) fn sentence(error: &ChangeError, language: Language) -> String {
    match language {
        Language::En => error.to_string(),
        Language::Ko => korean(error),
    }
}

fn no_drill(why: &DrillRefusal) -> &str {
    match why {
        DrillRefusal::NotServed => {
            "이 그룹을 서비스하는 프록시가 없어 장애 조치를 할 것이 없습니다. 먼저 백엔드를 바인딩하세요."
        }
        DrillRefusal::NotServing => "이 대상은 지금 서비스하지 않습니다. 정상이고 서비스 중인 대상으로 훈련하세요.",
        DrillRefusal::NobodyElse => {
            "서비스하는 다른 대상이 없어 훈련이 곧 장애가 됩니다. 먼저 다른 대상을 복귀시키세요."
        }
        DrillRefusal::NotInLab => {
            "Drainboard는 자기 실습의 서버만 죽이거나 멈출 수 있습니다. 다른 종류의 훈련을 고르세요."
        }
        DrillRefusal::Lab(words) => words,
    }
}

fn korean(error: &ChangeError) -> String {
    match error {
        ChangeError::NoSuchGroup(name) => format!("{name} 대상 그룹이 없습니다."),
        ChangeError::NoSuchTarget(id) => format!("이 그룹에 {id} 대상이 없습니다."),
        ChangeError::Invalid(_) => "요청이 올바르지 않습니다.".to_owned(),
        ChangeError::NoSuchProxy(name) => format!("{name} 프록시가 없습니다."),
        ChangeError::NoSuchBinding(id) => format!("{id} 바인딩이 없습니다."),
        ChangeError::NotBound(name) => format!(
            "{name} 대상 그룹 앞에 Drainboard가 드레이닝할 수 있는 프록시가 없습니다. 백엔드를 수동 또는 자동 모드로 바인딩하세요."
        ),
        ChangeError::Floor(consequence) => format!(
            "정상 대상이 {}개만 서비스에 남으며 그룹의 최소는 {}개입니다. 먼저 다른 대상을 복귀시키거나 확인용 이름을 입력하세요.",
            consequence.stays, consequence.floor
        ),
        ChangeError::NotAutomatic(name) => {
            format!("Drainboard가 {name} 대상을 스스로 제외하지 않습니다. 먼저 백엔드를 자동 모드로 바인딩하세요.")
        }
        ChangeError::NoDrill(why) => no_drill(why).to_owned(),
        ChangeError::NoSuchSchedule(_) => "이 훈련 일정은 이미 없습니다. 페이지를 다시 확인하세요.".to_owned(),
        ChangeError::NotAStandby(id) => format!("{id} 대상은 대기가 아닙니다. 먼저 대기로 지정하세요."),
        ChangeError::NoSuchStarter(name) => {
            format!("구성 파일에 {name} 시작 명령이 없습니다. 추가한 뒤 Drainboard를 다시 시작하세요.")
        }
        ChangeError::NotChangedOutside(server) => {
            format!("그사이 {server}을(를) 바꾼 사람이 없습니다. 페이지를 다시 확인하세요.")
        }
        ChangeError::NotPutBack(why) => format!(
            "{why} 아무것도 제거하지 않았습니다. 프록시가 응답할 때 다시 시도하거나, 서버를 그대로 두고 제거하세요."
        ),
        ChangeError::GroupIsBound(name) => {
            format!("{name} 대상 그룹이 프록시 백엔드에 바인딩되어 있습니다. 먼저 바인딩을 해제하거나 함께 삭제하세요.")
        }
        ChangeError::NotRecorded(why) => {
            format!("변경 사항을 저장할 수 없어 적용하지 않았습니다: {}", detail::store(why, Language::Ko))
        }
        ChangeError::Stopping => "Drainboard가 종료되는 중입니다. 다시 실행되면 시도하세요.".to_owned(),
    }
}
