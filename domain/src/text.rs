//! Text from outside: from forms, from targets, from certificates. None of it is trusted.

/// `text` without control and bidirectional formatting characters, trimmed, cut to `limit` characters.
///
/// Bidirectional overrides can make a line read as something else (Unicode TR36), so they go too.
pub fn clean(text: &str, limit: usize) -> String {
    let visible: String =
        text.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).filter(|c| is_visible(*c)).collect();
    let mut cut: String = visible.trim().chars().take(limit).collect();
    cut.truncate(cut.trim_end().len());
    cut
}

fn is_visible(c: char) -> bool {
    !c.is_control()
        && !matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_invisible_stays() {
        assert_eq!(clean("  a\r\nb\0c \u{202e}d ", 99), "a  bc d");
        assert_eq!(clean("대상 그룹", 2), "대상");
    }
}
