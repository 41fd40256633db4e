//! What is said about what is kept.

use domain::{Storage, Timestamp};

use super::measure::{date_utc, to_a_tenth};
use crate::Language;

/// Everything that is said about what is kept, as rows of a title and a value.
pub(crate) fn rows(language: Language, storage: &Storage) -> (&'static str, Vec<(&'static str, String)>) {
    let since = |at: Option<Timestamp>| at.map(|at| date_utc(at) + " UTC");
    let (checks, hours, events) = (storage.keep_checks_s, storage.keep_hours_s, storage.keep_events_s);
    match language {
        Language::En => {
            let kept = |seconds, oldest: Option<String>| match oldest {
                Some(oldest) => format!("{}, the oldest from {oldest}", days(seconds, "day", "days", "hours")),
                None => days(seconds, "day", "days", "hours"),
            };
            let rows = vec![
                (
                    "Every check",
                    format!("{} · about {}", kept(checks, since(storage.oldest_check)), bytes(storage.checks_bytes)),
                ),
                ("Sums of hours", kept(hours, since(storage.oldest_hour))),
                ("Events", kept(events, None)),
                ("Statuses", "for good".to_owned()),
                ("All but the checks", format!("about {}", bytes(storage.rest_bytes()))),
                (
                    "Data file",
                    format!(
                        "{}, of which {} is free for what comes",
                        bytes(storage.file_bytes),
                        bytes(storage.free_bytes)
                    ),
                ),
                (
                    "Change it",
                    "--keep-observations, --keep-hours, --keep-events; a copy: drainboard backup FILE".to_owned(),
                ),
            ];
            ("What is kept, and what it costs", rows)
        }
        Language::Ko => {
            let kept = |seconds, oldest: Option<String>| match oldest {
                Some(oldest) => format!("{}, 가장 오래된 것 {oldest}", days(seconds, "일", "일", "시간")),
                None => days(seconds, "일", "일", "시간"),
            };
            let rows = vec![
                (
                    "모든 상태 확인",
                    format!("{} · 약 {}", kept(checks, since(storage.oldest_check)), bytes(storage.checks_bytes)),
                ),
                ("시간별 합계", kept(hours, since(storage.oldest_hour))),
                ("이벤트", kept(events, None)),
                ("상태 기록", "계속 보관".to_owned()),
                ("상태 확인을 뺀 나머지", format!("약 {}", bytes(storage.rest_bytes()))),
                (
                    "데이터 파일",
                    format!("{}, 그중 {}은 앞으로 쓸 빈 공간", bytes(storage.file_bytes), bytes(storage.free_bytes)),
                ),
                (
                    "바꾸려면",
                    "--keep-observations, --keep-hours, --keep-events; 복사본: drainboard backup FILE".to_owned(),
                ),
            ];
            ("보관하는 것과 그 비용", rows)
        }
    }
}

fn days(seconds: u64, day: &str, more: &str, hours: &str) -> String {
    match seconds / 3600 {
        h if h < 48 => format!("{h} {hours}"),
        h if h / 24 == 1 => format!("1 {day}"),
        h => format!("{} {more}", h / 24),
    }
}

/// A size, three figures at most.
fn bytes(bytes: u64) -> String {
    let (mut size, mut unit) = (bytes as f64, "B");
    for next in ["kB", "MB", "GB", "TB"] {
        if size < 1000.0 {
            break;
        }
        (size, unit) = (size / 1000.0, next);
    }
    if size < 10.0 && unit != "B" {
        format!("{} {unit}", to_a_tenth(size))
    } else {
        format!("{} {unit}", size.round() as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_the_unit_that_fits() {
        for (size, expected) in
            [(0, "0 B"), (999, "999 B"), (1_500, "1.5 kB"), (25_000_000, "25 MB"), (2_340_000_000, "2.3 GB")]
        {
            assert_eq!(bytes(size), expected);
        }
    }
}
