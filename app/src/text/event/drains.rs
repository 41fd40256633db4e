//! What is wanted of targets, as sentences. The reason stands behind them, as for every change.

use domain::{Drain, DrainStage, EventKind, Purpose, ReturnCause};

use crate::Language;
use crate::text::Text;

/// What a drain began with, or came to.
pub(super) fn verb(kind: &EventKind, drain: &Drain, text: &Text) -> String {
    let is_new = matches!(kind, EventKind::TargetDrained { .. });
    let lease = drain.expires_at.filter(|_| is_new).map(|at| (text.span)(at.millis_since(drain.at)));
    match text.language {
        Language::En => english(drain, is_new, lease),
        Language::Ko => korean(drain, is_new, lease),
    }
}

fn english(drain: &Drain, is_new: bool, lease: Option<String>) -> String {
    let what = match (is_new, drain.stage, drain.overdue_since, drain.purpose) {
        (true, _, _, Purpose::Deregistration) => "draining, to be deregistered",
        (false, _, Some(_), _) => "should have returned by itself, but is not healthy",
        (false, DrainStage::Empty, ..) => "empty: no proxy uses it",
        _ => "draining",
    };
    match lease {
        Some(lease) => format!("{what}, returns by itself after {lease} if healthy"),
        None => what.to_owned(),
    }
}

fn korean(drain: &Drain, is_new: bool, lease: Option<String>) -> String {
    let what = match (is_new, drain.stage, drain.overdue_since, drain.purpose) {
        (true, _, _, Purpose::Deregistration) => "등록 취소를 위한 드레이닝",
        (false, _, Some(_), _) => "스스로 복귀해야 했지만 정상이 아님",
        (false, DrainStage::Empty, ..) => "비어 있음: 사용하는 프록시 없음",
        _ => "드레이닝",
    };
    match lease {
        Some(lease) => format!("{what}, 정상이면 {lease} 뒤 스스로 복귀"),
        None => what.to_owned(),
    }
}

/// Why a target came back.
pub(super) fn returned(cause: ReturnCause, text: &Text) -> &'static str {
    match (text.language, cause) {
        (Language::En, ReturnCause::Asked) => "returned to service",
        (Language::En, ReturnCause::Expired) => "returned to service by itself: its time was over and it is healthy",
        (Language::En, ReturnCause::Unbound) => {
            "no longer drained: no proxy in which Drainboard may drain stands before it"
        }
        (Language::Ko, ReturnCause::Unbound) => {
            "더 이상 드레이닝하지 않음: Drainboard가 드레이닝할 수 있는 프록시가 없음"
        }
        (Language::Ko, ReturnCause::Asked) => "서비스로 복귀",
        (Language::Ko, ReturnCause::Expired) => "시간이 끝났고 정상이어서 스스로 서비스로 복귀",
    }
}
