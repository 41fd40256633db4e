//! Checks as lines of CSV (RFC 4180).

use csv::{Terminator, Writer, WriterBuilder};
use domain::{Micros, Observation};

/// The columns.
const COLUMNS: [&str; 10] =
    ["at", "outcome", "reason", "detail", "status_code", "dns_ms", "connect_ms", "tls_ms", "first_byte_ms", "total_ms"];

/// A line for each check, after the names of the columns where they are wanted.
pub(super) fn rows(checks: &[Observation], with_names: bool) -> Vec<u8> {
    let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(Vec::new());
    // Writing to memory cannot fail, and every line has as many columns.
    if with_names {
        let _ = writer.write_record(COLUMNS);
    }
    checks.iter().for_each(|check| row(&mut writer, check));
    writer.into_inner().unwrap_or_default()
}

fn row(writer: &mut Writer<Vec<u8>>, check: &Observation) {
    let ms = |time: Option<Micros>| time.map(|time| time.as_millis_f64().to_string()).unwrap_or_default();
    let phases = &check.phases;
    let _ = writer.write_record([
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
    ]);
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
        let text = String::from_utf8(rows(&[seen(outcome)], false)).unwrap();
        assert_eq!(text, format!("2026-11-22T10:04:12.481Z,{expected},503,,0.21,,,2000.4\r\n"));
    }

    #[test]
    fn the_first_page_names_its_columns() {
        let text = String::from_utf8(rows(&[], true)).unwrap();
        assert_eq!(text, "at,outcome,reason,detail,status_code,dns_ms,connect_ms,tls_ms,first_byte_ms,total_ms\r\n");
        assert_eq!(rows(&[], false), b"");
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
