//! A record as lines of CSV (RFC 4180), one for each thing that was seen or told.

use csv::{Terminator, WriterBuilder};
use domain::Failover;

use super::story::lines;
use crate::http::api::checks::csv::harmless;

/// The whole file.
pub(super) fn write(failover: &Failover) -> Vec<u8> {
    let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(Vec::new());
    // Writing to memory cannot fail, and every line has as many columns.
    let _ = writer.write_record(["at", "after_ms", "source", "what", "detail"]);
    for line in lines(failover) {
        let (at, after) = (line.at.to_string(), line.after_ms(failover).to_string());
        let _ = writer.write_record([at, after, harmless(line.source), harmless(line.what), harmless(line.detail)]);
    }
    writer.into_inner().unwrap_or_default()
}
