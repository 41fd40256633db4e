//! What the browser keeps for the reader: language, theme, time zone, and what the last action did.

use crate::route::{decode, encode};
use crate::state::{Language, Notice, Theme, Zone};

use super::{Desk, PageResponse};

const YEAR_S: u32 = 365 * 24 * 3600;

/// A notice that no page told by then is not told any more.
const NOTICE_S: u32 = 30;

/// The value of a cookie.
pub(super) fn value<'a>(cookies: &'a str, name: &str) -> Option<&'a str> {
    let mut pairs = cookies.split(';').filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(key, _)| *key == name).map(|(_, value)| value)
}

/// The language by cookie, else by `Accept-Language`.
pub(super) fn language(cookies: &str, accept_language: &str) -> Language {
    value(cookies, "lang").and_then(read_language).unwrap_or_else(|| accepted(accept_language))
}

/// The theme by cookie.
pub(super) fn theme(cookies: &str) -> Theme {
    value(cookies, "theme").and_then(read_theme).unwrap_or_default()
}

/// The time zone by cookie.
pub(super) fn zone(cookies: &str) -> Zone {
    value(cookies, "time").and_then(read_zone).unwrap_or_default()
}

/// The notice that waits to be told.
pub(super) fn pending_notice(cookies: &str) -> Option<Notice> {
    serde_json::from_str(&decode(value(cookies, "notice")?)).ok()
}

/// Keeps a notice for the next page.
pub(super) fn notice(notice: &Notice) -> String {
    let json = serde_json::to_string(notice).unwrap_or_default();
    format!("notice={}; Path=/; SameSite=Lax; HttpOnly; Max-Age={NOTICE_S}", encode(&json))
}

/// The notice is told.
pub(super) fn forget_notice() -> String {
    "notice=; Path=/; SameSite=Lax; HttpOnly; Max-Age=0".to_owned()
}

/// Keeps what the reader prefers, and goes back to where they were.
pub(super) fn prefer(desk: &Desk<'_>, form: &[(String, String)]) -> PageResponse {
    let field = |name: &str| form.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    let back = field("back").filter(|back| is_local(back)).unwrap_or("/");
    let mut response = desk.see_other(back, None);
    let kept = [
        ("lang", field("language").and_then(read_language).map(Language::as_str)),
        ("theme", field("theme").and_then(read_theme).map(Theme::as_str)),
        ("time", field("time").and_then(read_zone).map(Zone::as_str)),
    ];
    for (name, value) in kept {
        if let Some(value) = value {
            let cookie = format!("{name}={value}; Path=/; SameSite=Lax; Max-Age={YEAR_S}");
            response.headers.push(("Set-Cookie", cookie));
        }
    }
    response
}

/// A path of ours: `//host` and `/\host` would lead elsewhere.
fn is_local(path: &str) -> bool {
    let second = path.as_bytes().get(1);
    path.starts_with('/') && !matches!(second, Some(b'/' | b'\\')) && path.bytes().all(|b| b.is_ascii_graphic())
}

fn read_language(text: &str) -> Option<Language> {
    [Language::En, Language::Ko].into_iter().find(|language| language.as_str() == text)
}

fn read_theme(text: &str) -> Option<Theme> {
    [Theme::System, Theme::Light, Theme::Dark].into_iter().find(|theme| theme.as_str() == text)
}

fn read_zone(text: &str) -> Option<Zone> {
    [Zone::Local, Zone::Utc].into_iter().find(|zone| zone.as_str() == text)
}

/// The language of ours with the greatest weight (RFC 9110 §12.5.4).
fn accepted(header: &str) -> Language {
    let mut best = (0.0, Language::default());
    for part in header.split(',') {
        let (range, weight) = part.split_once(";q=").unwrap_or((part, "1"));
        let primary = range.trim().split('-').next().unwrap_or_default().to_ascii_lowercase();
        let weight = weight.trim().parse::<f32>().unwrap_or(0.0);
        if let Some(language) = read_language(&primary).filter(|_| best.0 < weight) {
            best = (weight, language);
        }
    }
    best.1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_is_the_cookies_or_the_most_wanted() {
        assert_eq!(language("a=b; lang=ko", "en"), Language::Ko);
        assert_eq!(language("lang=xx", "ko-KR,ko;q=0.9,en-US;q=0.8"), Language::Ko);
        assert_eq!(language("", "en-US,en;q=0.9,ko;q=0.8"), Language::En);
        assert_eq!(language("", "fr, ko;q=0.5"), Language::Ko);
        assert_eq!(language("", ""), Language::En);
    }

    #[test]
    fn a_notice_comes_back_from_its_cookie() {
        let told = Notice::TargetSaved("웹; 1=\"a\"".to_owned());
        let cookie = notice(&told);
        let sent = cookie.split(';').next().unwrap_or_default();
        assert_eq!(pending_notice(&format!("theme=dark; {sent}")), Some(told));
        assert_eq!(pending_notice("notice=%7B"), None);
    }

    #[test]
    fn nobody_is_sent_to_another_host() {
        assert!(is_local("/groups/web?q=a"));
        for elsewhere in ["", "https://a", "//a", "/\\a", "/a\r\nX: y", "a"] {
            assert!(!is_local(elsewhere), "{elsewhere:?}");
        }
    }
}
