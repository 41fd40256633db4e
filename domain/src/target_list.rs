//! Many targets from a text: one a line, pasted in bulk, by range.

use serde::{Deserialize, Serialize};

use crate::{Invalid, Problem, TargetDraft, clean};

/// So many targets may be registered at once.
pub const TARGETS_PER_REQUEST_MAX: usize = 1000;

/// A line of a list of targets as it was understood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TargetLine {
    /// Number of the line, from 1.
    pub line: u32,
    /// The target.
    pub target: TargetDraft,
}

/// Reads a list of targets: `host`, `host:port`, `[v6]:port`, each with an optional label after white space or a comma
/// (the targets of a range are numbered by it),
/// ranges as `10.0.0.[1-8]:8080` or `web-[01-12].example`; empty lines and lines that begin with `#` say nothing.
/// All problems are told at once, each with its line.
pub fn parse_target_list(text: &str, default_port: u16) -> Result<Vec<TargetLine>, Vec<Invalid>> {
    let mut targets: Vec<TargetLine> = Vec::new();
    let mut wrong = Vec::new();
    for (number, line) in (1u32..).zip(text.lines()) {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let room = TARGETS_PER_REQUEST_MAX.saturating_sub(targets.len());
        match parse_line(line, default_port, room) {
            Ok(drafts) => targets.extend(drafts.into_iter().map(|target| TargetLine { line: number, target })),
            Err(Problem::TargetLine { .. }) => {
                wrong.push(Problem::TargetLine { line: number, text: clean(line, 80) });
            }
            Err(other) if other == too_many() => wrong.push(other),
            Err(other) => wrong.push(in_line(number, other)),
        }
        if wrong.len() >= PROBLEMS_MAX || wrong.last() == Some(&too_many()) {
            break;
        }
    }
    wrong.extend(repeated(&targets).take(PROBLEMS_MAX.saturating_sub(wrong.len())));
    if wrong.is_empty() && targets.is_empty() {
        wrong.push(Problem::Missing);
    }
    match wrong.is_empty() {
        true => Ok(targets),
        false => Err(wrong.into_iter().map(|problem| Invalid::new("targets", problem)).collect()),
    }
}

/// So many problems of one list are told.
const PROBLEMS_MAX: usize = 10;

fn too_many() -> Problem {
    Problem::TooMany(TARGETS_PER_REQUEST_MAX as u32)
}

fn in_line(line: u32, problem: Problem) -> Problem {
    Problem::InLine { line, problem: Box::new(problem) }
}

fn repeated(targets: &[TargetLine]) -> impl Iterator<Item = Problem> {
    let mut seen = std::collections::BTreeMap::new();
    targets.iter().filter_map(move |TargetLine { line, target }| {
        let first = *seen.entry((&target.host, target.port)).or_insert(line);
        // Ranges do not repeat themselves, so the other one stands on another line.
        (first != line).then(|| in_line(*line, Problem::Repeated { address: target.address(), first: *first }))
    })
}

fn parse_line(line: &str, default_port: u16, room: usize) -> Result<Vec<TargetDraft>, Problem> {
    let (address, label) = line.split_once([' ', '\t', ',', ';']).unwrap_or((line, ""));
    let label = label.trim_matches([' ', '\t', ',', ';']);
    if !address.contains(['.', ':', '[']) && begins_with_an_address(label) {
        return Err(unreadable());
    }
    let addresses = expand(address, room)?;
    let label_of = |number: usize| match (addresses.len(), label) {
        (1, _) | (_, "") => label.to_owned(),
        _ => format!("{label}-{number}"),
    };
    let numbered = addresses.iter().zip(1..);
    numbered.map(|(address, number)| parse_address(address, &label_of(number), default_port)).collect()
}

/// Whether a label looks like what should stand before it: the two were swapped, or the first word is a slip.
fn begins_with_an_address(label: &str) -> bool {
    let word = label.split([' ', '\t', ',', ';']).next().unwrap_or("");
    let has_port = word.rsplit_once(':').is_some_and(|(host, port)| !host.is_empty() && !port.is_empty());
    has_port || word.parse::<std::net::IpAddr>().is_ok()
}

fn parse_address(address: &str, label: &str, default_port: u16) -> Result<TargetDraft, Problem> {
    let is_bare_v6 = !address.starts_with('[') && address.matches(':').count() > 1;
    let (host, port) = match address.rsplit_once(':') {
        Some((host, port)) if !is_bare_v6 && !address.ends_with(']') => {
            // "web:" is a slip, not a wish for the default.
            (host, if port.is_empty() { "?" } else { port })
        }
        _ => (address, ""),
    };
    TargetDraft::parse(host, port, label, default_port).map_err(|wrong| match wrong.into_iter().next() {
        Some(Invalid { problem: Problem::Missing | Problem::Host | Problem::Port, .. }) | None => unreadable(),
        Some(Invalid { problem, .. }) => problem,
    })
}

fn unreadable() -> Problem {
    Problem::TargetLine { line: 0, text: String::new() }
}

/// `a[1-3]b` to `a1b`, `a2b`, `a3b`. Digits keep their width: `[01-03]`. Several ranges multiply.
fn expand(text: &str, room: usize) -> Result<Vec<String>, Problem> {
    let range = text.match_indices('[').find_map(|(open, _)| {
        let close = open + text.get(open..)?.find(']')?;
        let (first, last) = text.get(open + 1..close)?.split_once('-')?;
        Some((open, close, first, last))
    });
    let Some((open, close, first, last)) = range else {
        return if room == 0 { Err(too_many()) } else { Ok(vec![text.to_owned()]) };
    };
    let (from, to) = (number(first)?, number(last)?);
    if from > to {
        return Err(unreadable());
    }
    let rests = expand(text.get(close + 1..).unwrap_or(""), room)?;
    let count = (u64::from(to - from) + 1).saturating_mul(rests.len() as u64);
    if count > room as u64 {
        return Err(too_many());
    }
    let head = text.get(..open).unwrap_or("");
    let width = first.len();
    Ok((from..=to).flat_map(|n| rests.iter().map(move |rest| format!("{head}{n:0width$}{rest}"))).collect())
}

fn number(text: &str) -> Result<u32, Problem> {
    let digits = (1..=9).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    text.parse().ok().filter(|_| digits).ok_or_else(unreadable)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(text: &str, expected: &[&str]) {
        let lines = parse_target_list(text, 80).unwrap();
        let addresses: Vec<_> = lines.iter().map(|line| line.target.address()).collect();
        assert_eq!(addresses, expected, "{text:?}");
    }

    fn refused(text: &str) -> Vec<Problem> {
        parse_target_list(text, 80).unwrap_err().into_iter().map(|invalid| invalid.problem).collect()
    }

    #[test]
    fn one_a_line_with_and_without_port() {
        check(
            "10.0.0.5:8080\n\n# later\nweb.example\r\n[::1]:81\n2001:db8::1\n[::2]",
            &["10.0.0.5:8080", "web.example:80", "[::1]:81", "[2001:db8::1]:80", "[::2]:80"],
        );
    }

    #[test]
    fn labels_follow_the_address() {
        let lines = parse_target_list("10.0.0.5:8080 web 1\n10.0.0.6,결제-2", 80).unwrap();
        assert_eq!(lines[0].target.label.as_str(), "web 1");
        assert_eq!(lines[1].target.label.as_str(), "결제-2");
    }

    #[test]
    fn ranges() {
        check("10.0.0.[9-11]:8080", &["10.0.0.9:8080", "10.0.0.10:8080", "10.0.0.11:8080"]);
        check("web-[01-02].example", &["web-01.example:80", "web-02.example:80"]);
        check("127.0.0.[1-2]:810[0-1]", &["127.0.0.1:8100", "127.0.0.1:8101", "127.0.0.2:8100", "127.0.0.2:8101"]);
    }

    #[test]
    fn every_bad_line_is_named() {
        let line = |line, text: &str| Problem::TargetLine { line, text: text.to_owned() };
        assert_eq!(
            refused("good\nbad:port\n[3-1].x\nhttp://a/"),
            [line(2, "bad:port"), line(3, "[3-1].x"), line(4, "http://a/"),]
        );
        assert_eq!(refused("\n169.254.169.254"), [in_line(2, Problem::ForbiddenHost)]);
        assert_eq!(refused("상점.example"), [in_line(1, Problem::Punycode)]);
        assert_eq!(refused(" \n"), [Problem::Missing]);
    }

    #[test]
    fn what_stands_twice_is_told_with_both_lines() {
        let told: Vec<_> = refused("127.0.0.1:8101\n\n127.0.0.1:8101 again").iter().map(Problem::to_string).collect();
        assert_eq!(told, ["Line 3: 127.0.0.1:8101 stands on line 1 already."]);
        let repeated = |line| in_line(line, Problem::Repeated { address: "a:80".to_owned(), first: 1 });
        assert_eq!(refused("a:80\na\na"), [repeated(2), repeated(3)]);
    }

    #[test]
    fn a_label_before_its_address_is_refused() {
        for text in ["bad host:xx", "web-1 10.0.0.5:8080", "web-1,10.0.0.5"] {
            assert_eq!(refused(text), [Problem::TargetLine { line: 1, text: text.to_owned() }]);
        }
        check("web v1.2: the new one", &["web:80"]);
        check("web:81 next to 10.0.0.5:8080", &["web:81"]);
    }

    #[test]
    fn the_targets_of_a_range_are_numbered() {
        let lines = parse_target_list("10.0.0.[7-9] w\n10.0.1.[1-1] v\n10.0.2.[1-2]", 80).unwrap();
        let labels: Vec<_> = lines.iter().map(|line| line.target.label.as_str()).collect();
        assert_eq!(labels, ["w-1", "w-2", "w-3", "v", "", ""]);
    }

    #[test]
    fn a_huge_range_is_refused_before_it_is_made() {
        assert_eq!(refused("10.[0-999999999].[0-999999999].1"), [Problem::TooMany(1000)]);
        assert_eq!(refused("10.0.[0-255].[0-255]"), [Problem::TooMany(1000)]);
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "[\\[\\]0-9a-c.:, \n-]{0,60}") {
            if let Ok(lines) = parse_target_list(&text, 80) {
                prop_assert!((1..=TARGETS_PER_REQUEST_MAX).contains(&lines.len()));
            }
        }

        #[test]
        fn what_is_printed_parses_to_the_same(a in any::<[u8; 4]>(), port in 1u16..) {
            let text = format!("{}.{}.{}.{}:{port}", a[0].max(1) % 127, a[1], a[2], a[3]);
            if let Ok(lines) = parse_target_list(&text, 80) {
                prop_assert_eq!(lines[0].target.address(), text);
            }
        }
    }
}
