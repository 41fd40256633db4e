//! Takes secrets out of what is shown. Works on any text, also on JSON that was cut in the middle.

use std::ops::Range;

/// What stands for a secret.
const REDACTED: &str = "\"[redacted]\"";

/// A JSON key that has one of these in it holds a secret.
const SECRET_PARTS: [&str; 9] =
    ["password", "passwd", "secret", "token", "api_key", "apikey", "auth", "credential", "signature"];
/// A JSON key that is one of these holds a secret.
const SECRET_KEYS: [&str; 6] = ["key", "cookie", "set_cookie", "private_key", "x_pass", "pass"];

/// `text` without the values of JSON keys that name secrets, and without the user in URLs.
pub(super) fn redact(text: &str) -> String {
    without_users(&without_secret_values(text))
}

fn without_secret_values(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(string) = next_string(rest) {
        let is_secret = is_secret(rest.get(string.clone()).unwrap_or_default());
        let (before, after) = rest.split_at(string.end);
        kept.push_str(before);
        rest = after;
        let value = rest.trim_start().strip_prefix(':').map(str::trim_start);
        if let Some(value) = value.filter(|_| is_secret) {
            kept.push(':');
            kept.push_str(REDACTED);
            rest = &value[value_length(value)..];
        }
    }
    kept + rest
}

/// Where the next JSON string is, quotes included.
fn next_string(text: &str) -> Option<Range<usize>> {
    let start = text.find('"')?;
    Some(start..start + string_length(&text[start..]))
}

/// Bytes of the JSON string at the start of `text`; all of it if it does not end.
fn string_length(text: &str) -> usize {
    let mut is_escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = true,
            b'"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// Bytes of the JSON value at the start of `text`; all of it if it does not end.
fn value_length(text: &str) -> usize {
    let (mut at, mut depth) = (0, 0_usize);
    while let Some(byte) = text.as_bytes().get(at) {
        match byte {
            b'"' => {
                at += string_length(&text[at..]);
                if depth == 0 {
                    return at;
                }
                continue;
            }
            b'[' | b'{' => depth += 1,
            b']' | b'}' if depth <= 1 => return at + depth,
            b']' | b'}' => depth -= 1,
            b',' if depth == 0 => return at,
            _ => {}
        }
        at += 1;
    }
    text.len()
}

fn is_secret(key: &str) -> bool {
    let key = key.trim_matches('"').to_ascii_lowercase().replace('-', "_");
    SECRET_KEYS.contains(&key.as_str()) || SECRET_PARTS.iter().any(|part| key.contains(part))
}

fn without_users(text: &str) -> String {
    let mut parts = text.split("://");
    let mut kept = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let authority = part.split(|c: char| "/?#\"'\\".contains(c) || c.is_whitespace()).next().unwrap_or_default();
        let user = authority.rfind('@').map_or(0, |at| at + 1);
        kept.push_str("://");
        kept.push_str(&part[user..]);
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(text: &str, expected: &str) {
        assert_eq!(redact(text), expected, "{text:?}");
    }

    #[test]
    fn values_of_secret_keys_go() {
        check(r#"{"dial":"a:1","Password" : "p\"w","n":1}"#, r#"{"dial":"a:1","Password":"[redacted]","n":1}"#);
        check(r#"{"set":{"Authorization":["Basic x","y"]},"b":2}"#, r#"{"set":{"Authorization":"[redacted]"},"b":2}"#);
        check(r#"{"api_key":{"a":["]"]},"b":2}"#, r#"{"api_key":"[redacted]","b":2}"#);
        check(r#"{"token":12}"#, r#"{"token":"[redacted]"}"#);
        check(r#"{"key":"not ended"#, r#"{"key":"[redacted]""#);
        check(r#"{"keys":"kept"} ["password","kept"]"#, r#"{"keys":"kept"} ["password","kept"]"#);
    }

    #[test]
    fn users_in_urls_go() {
        check("GET http://user:pass@host/a@b", "GET http://host/a@b");
        check(r#"{"url":"https://u@h","v":"a@b"}"#, r#"{"url":"https://h","v":"a@b"}"#);
    }

    proptest! {
        #[test]
        fn any_text_can_be_redacted(text in r#"([\[\]{}:,"\\a@/ é]|key|://){0,40}"#) {
            redact(&text);
        }

        #[test]
        fn no_secret_is_left(secret in "[A-Z]{8}", key in "(my_)?(Password|TOKEN|client_secret)", cut in 0..60_usize) {
            let json = format!(r#"{{"dial":"x","{key}":["{secret}",{{"a":"{secret}"}}]}}"#);
            let cut: String = json.chars().take(cut).collect();
            prop_assert!(!redact(&cut).contains(&secret), "{}", redact(&cut));
        }
    }
}
