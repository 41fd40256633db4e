//! A record as a page of Markdown, to be put into a report.

use domain::Failover;

use super::story::lines;
use crate::http::api::view::failover::named;

/// The page.
pub(super) fn write(failover: &Failover) -> String {
    let mut page = format!(
        "# Failover of {} in {}\n\n* Target: {} ({})\n* Cause: {}{}\n* Began: {}\n* Ended: {}\n\n",
        plain(&failover.name),
        failover.group,
        plain(&failover.name),
        failover.address,
        failover.cause.as_str(),
        failover.failure.as_ref().map(|failure| format!(" ({})", plain(&failure.to_string()))).unwrap_or_default(),
        failover.started_at,
        failover
            .ended_at
            .zip(failover.ending)
            .map_or("not yet".to_owned(), |(at, how)| format!("{at} ({})", how.as_str())),
    );
    page.push_str("| figure | measured | bound by the settings |\n|---|---:|---:|\n");
    for (name, figure) in named(&failover.figures()) {
        let value = match (figure.value, figure.missing) {
            (Some(value), _) => format!("{value}"),
            (None, Some(why)) => format!("– ({})", why.as_str()),
            (None, None) => "–".to_owned(),
        };
        let bound = figure.bound.map_or("–".to_owned(), |bound| bound.to_string());
        page.push_str(&format!("| `{name}` | {value} | {bound} |\n"));
    }
    page.push_str("\n| after ms | who | what |\n|---:|---|---|\n");
    for line in lines(failover) {
        let (what, detail) = (plain(&line.what), plain(&line.detail));
        page.push_str(&format!("| {} | {} | {what} {detail} |\n", line.after_ms(failover), plain(&line.source)));
    }
    page
}

/// A text that ends no cell and begins no markup.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '|' | '*' | '_' | '`' | '<' | '[' | '#' | '\\' => plain.extend(['\\', letter]),
            letter if letter.is_control() => plain.push(' '),
            letter => plain.push(letter),
        }
    }
    plain
}
