//! Checks as lines of CSV (RFC 4180).

use csv::{Terminator, Writer, WriterBuilder};
use domain::{Micros, Observation, TargetPast};

/// The columns.
const COLUMNS: [&str; 10] =
    ["at", "outcome", "reason", "detail", "status_code", "dns_ms", "connect_ms", "tls_ms", "first_byte_ms", "total_ms"];

/// The columns before these where each check says whose it is.
const TARGET_COLUMNS: [&str; 3] = ["target", "name", "address"];

/// The names of the columns.
pub(super) fn head(tells_targets: bool) -> Vec<u8> {
    let whose = TARGET_COLUMNS.into_iter().filter(|_| tells_targets);
    let mut writer = writer();
    // Writing to memory cannot fail, and every line has as many columns.
    let _ = writer.write_record(whose.chain(COLUMNS));
    writer.into_inner().unwrap_or_default()
}

/// A line for each check.
pub(super) fn rows(checks: &[Observation], whose: Option<&TargetPast>) -> Vec<u8> {
    let whose: Vec<String> = whose.map_or_else(Vec::new, |target| {
        vec![target.id.to_string(), harmless(target.name.clone()), harmless(target.address.clone())]
    });
    let mut writer = writer();
    for check in checks {
        let _ = writer.write_record(whose.iter().cloned().chain(row(check)));
    }
    writer.into_inner().unwrap_or_default()
}

fn writer() -> Writer<Vec<u8>> {
    WriterBuilder::new().terminator(Terminator::CRLF).from_writer(Vec::new())
}

fn row(check: &Observation) -> [String; COLUMNS.len()] {
    let ms = |time: Option<Micros>| time.map(|time| time.as_millis_f64().to_string()).unwrap_or_default();
    let phases = &check.phases;
    [
        check.at.to_string(),
        check.outcome.as_str().to_owned(),
        check.outcome.reason().map(|reason| reason.to_string()).unwrap_or_default(),
        check.outcome.detail().map(harmless).unwrap_or_default(),
        check.status_code.map(|code| code.to_string()).unwrap_or_default(),
        ms(phases.dns),
        ms(phases.connect),
        ms(phases.tls),
        ms(phases.first_byte),
        ms(Some(phases.total)),
    ]
}

/// The detail may hold what a target said. A spreadsheet takes a text that begins like this for a formula, unless an
/// apostrophe stands before it (OWASP, CSV injection).
pub(in crate::http::api) fn harmless(text: String) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) { format!("'{text}") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{Failure, Outcome, OwnFault, Phases, Timestamp};

    fn seen(outcome: Outcome) -> Observation {
        let phases =
            Phases { dns: None, connect: Some(Micros(210)), tls: None, first_byte: None, total: Micros(2_000_400) };
        Observation { at: Timestamp::from_millis(1_795_341_852_481), phases, status_code: Some(503), outcome }
    }

    fn check(outcome: Outcome, expected: &str) {
        let text = String::from_utf8(rows(&[seen(outcome)], None)).unwrap();
        assert_eq!(text, format!("2026-11-22T10:04:12.481Z,{expected},503,,0.21,,,2000.4\r\n"));
    }

    #[test]
    fn the_columns_have_names() {
        let columns = "at,outcome,reason,detail,status_code,dns_ms,connect_ms,tls_ms,first_byte_ms,total_ms\r\n";
        assert_eq!(String::from_utf8(head(false)).unwrap(), columns);
        assert_eq!(String::from_utf8(head(true)).unwrap(), format!("target,name,address,{columns}"));
        assert_eq!(rows(&[], None), b"");
    }

    #[test]
    fn what_is_absent_is_empty_and_what_a_target_said_is_quoted() {
        check(Outcome::Pass, "pass,,");
        check(
            Outcome::Fail(Failure::Connection("say \"no\", twice".to_owned())),
            "fail,Target.FailedHealthChecks,\"connection failed: say \"\"no\"\", twice\"",
        );
    }

    #[test]
    fn no_text_becomes_a_formula() {
        for begin in ["=", "+", "-", "@"] {
            let fault = OwnFault::Other(format!("{begin}cmd"));
            check(Outcome::Unknown(fault), &format!("unknown,Elb.InternalError,'{begin}cmd"));
        }
    }
}
