//! How soon faults are found, and how it stands with sentinels.

use domain::{Bound, Detection, NotOpened};

use crate::Language;

use super::{Text, failure, own_fault};

/// The texts of one language.
pub(crate) struct DetectionText {
    pub(crate) sentinel: &'static str,
    pub(crate) held: &'static str,
    pub(crate) down: &'static str,
    pub(crate) not_yet: &'static str,
    pub(crate) pausing: &'static str,
    pub(crate) useless: fn(&str) -> String,
    pub(crate) not_opened: fn(&str) -> String,
    pub(crate) no_room: fn(u32) -> String,
    pub(crate) again: &'static str,
    promise: fn(&Detection) -> String,
}

pub(super) static EN: DetectionText = DetectionText {
    sentinel: "Sentinel",
    held: "held since",
    down: "opens when the target is healthy",
    not_yet: "opens with the next check that passes",
    pausing: "the server ended it and passes its checks",
    useless: |span| format!("of no use here: the server closes idle connections after {span}"),
    not_opened: |why| format!("not opened: {why}"),
    no_room: |max| format!("not held: Drainboard holds {max} already, and no more are allowed; raise --sentinels"),
    again: "tried again",
    promise: |Detection { killed, wrong, hang }| {
        let both = |bound: &Bound| {
            let (worst, mean) = (at_most(bound.worst_ms, Language::En), at_most(bound.mean_ms, Language::En));
            format!("{worst} ({mean} on average)")
        };
        let (wrong_in, hang_in) = (both(wrong), both(hang));
        match at_once(killed) {
            Some(0) => format!(
                "A killed process is found at once, whatever the interval, a wrong answer within {wrong_in}, a hang within {hang_in}."
            ),
            Some(ms) => format!(
                "A killed process is found about {} after its end, whatever the interval, a wrong answer within {wrong_in}, a hang within {hang_in}.",
                at_most(ms, Language::En)
            ),
            None if killed == wrong => {
                format!("A killed process or a wrong answer is found within {wrong_in}, a hang within {hang_in}.")
            }
            None => format!(
                "A killed process is found within {}, a wrong answer within {wrong_in}, a hang within {hang_in}.",
                both(killed)
            ),
        }
    },
};

pub(super) static KO: DetectionText = DetectionText {
    sentinel: "감시 연결",
    held: "유지 중, 시작",
    down: "대상이 정상이 되면 엽니다",
    not_yet: "다음에 통과하는 확인과 함께 엽니다",
    pausing: "서버가 연결을 끊었고 확인은 통과합니다",
    useless: |span| format!("이 서버에는 쓸모가 없습니다. 유휴 연결을 {span} 뒤에 끊습니다"),
    not_opened: |why| format!("열지 못함: {why}"),
    no_room: |max| format!("유지하지 않음: 허용된 {max}개를 이미 모두 유지하고 있습니다. --sentinels를 올리세요"),
    again: "다시 시도",
    promise: |Detection { killed, wrong, hang }| {
        let both = |bound: &Bound| {
            let (worst, mean) = (at_most(bound.worst_ms, Language::Ko), at_most(bound.mean_ms, Language::Ko));
            format!("{worst}(평균 {mean}) 안에")
        };
        let (wrong_in, hang_in) = (both(wrong), both(hang));
        match at_once(killed) {
            Some(0) => format!(
                "죽은 프로세스는 간격과 관계없이 바로, 잘못된 응답은 {wrong_in}, 응답 없는 대상은 {hang_in} 찾습니다."
            ),
            Some(ms) => format!(
                "죽은 프로세스는 간격과 관계없이 약 {} 뒤에, 잘못된 응답은 {wrong_in}, 응답 없는 대상은 {hang_in} 찾습니다.",
                at_most(ms, Language::Ko)
            ),
            None if killed == wrong => {
                format!("죽은 프로세스나 잘못된 응답은 {wrong_in}, 응답 없는 대상은 {hang_in} 찾습니다.")
            }
            None => format!(
                "죽은 프로세스는 {}, 잘못된 응답은 {wrong_in}, 응답 없는 대상은 {hang_in} 찾습니다.",
                both(killed)
            ),
        }
    },
};

impl Text {
    /// How soon settings that imply this find faults, as a sentence.
    pub(crate) fn promise(&self, detection: &Detection) -> String {
        (self.detection().promise)(detection)
    }

    /// Why a sentinel could not be opened.
    pub(crate) fn not_opened(&self, why: &NotOpened) -> String {
        let why = match why {
            NotOpened::Target(why) => failure(why, self.language),
            NotOpened::Own(why) => own_fault(why, self.language),
        };
        (self.detection().not_opened)(&why)
    }
}

/// The time that does not depend on any turn, where there is one.
fn at_once(bound: &Bound) -> Option<u64> {
    (bound.mean_ms == bound.worst_ms).then_some(bound.worst_ms)
}

/// A time that is promised: never shorter than it is, and no more exact than anybody needs.
fn at_most(ms: u64, language: Language) -> String {
    let (milli, second, minute, hour) = match language {
        Language::En => ("\u{a0}ms", "\u{a0}s", "\u{a0}min", "\u{a0}h"),
        Language::Ko => ("ms", "초", "분", "시간"),
    };
    let tenths = ms.div_ceil(100);
    match ms {
        0..1000 => format!("{ms}{milli}"),
        1000..60_000 if tenths.is_multiple_of(10) => format!("{}{second}", tenths / 10),
        1000..60_000 => format!("{}.{}{second}", tenths / 10, tenths % 10),
        60_000..3_600_000 => {
            let seconds = ms.div_ceil(1000);
            match seconds % 60 {
                0 => format!("{}{minute}", seconds / 60),
                rest => format!("{}{minute} {rest}{second}", seconds / 60),
            }
        }
        _ => format!("{}{hour} {}{minute}", ms / 3_600_000, (ms % 3_600_000).div_ceil(60_000)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{Check, Protocol};

    fn check(fast: Option<u32>, sentinel: bool, language: Language, expected: &str) {
        let check = Check { fast_interval_ms: fast, sentinel, ..Check::default_for(Protocol::Http) };
        assert_eq!(Text::of(language).promise(&check.detection()).replace('\u{a0}', " "), expected);
    }

    #[test]
    fn the_promise_of_settings_is_one_sentence() {
        use Language::{En, Ko};
        check(
            None,
            false,
            En,
            "A killed process or a wrong answer is found within 1 min (45 s on average), a hang within 1 min 6 s (51 s on average).",
        );
        check(
            Some(20),
            true,
            En,
            "A killed process is found about 20 ms after its end, whatever the interval, a wrong answer within 30.1 s (15.1 s on average), a hang within 42 s (27 s on average).",
        );
        check(
            Some(20),
            true,
            Ko,
            "죽은 프로세스는 간격과 관계없이 약 20ms 뒤에, 잘못된 응답은 30.1초(평균 15.1초) 안에, 응답 없는 대상은 42초(평균 27초) 안에 찾습니다.",
        );
    }

    #[test]
    fn a_promised_time_is_never_too_short() {
        let check = |ms, expected: &str| assert_eq!(at_most(ms, Language::En).replace('\u{a0}', " "), expected);
        check(999, "999 ms");
        check(1000, "1 s");
        check(30_020, "30.1 s");
        check(59_950, "60 s");
        check(60_001, "1 min 1 s");
        check(3_660_001, "1 h 2 min");
    }
}
