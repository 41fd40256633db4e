//! What a page that holds no board is told while it is open.

use domain::{Board, Event, EventNumber, is_seen_at_a_glance};
use engine::{Engine, Published};

use crate::live::EVENTS_MAX;
use crate::text::{Text, line};
use crate::{Language, OverviewNews};

/// What these consecutive events, the first of which comes right after `after`, mean to a page that holds no board: to one
/// that shows all groups with a digest of them.
pub fn overview_news(
    engine: &Engine,
    language: Language,
    has_digest: bool,
    after: EventNumber,
    events: &[Published],
) -> OverviewNews {
    let upto = events.last().map_or(after, |last| last.event.number);
    let kinds = || events.iter().map(|published| (&published.event.kind, published.is_news));
    let is_quiet = !kinds().any(|(kind, is_news)| is_seen_at_a_glance(kind, is_news));
    let told = events.iter().map(|published| &*published.event).filter(|event| event.kind.is_on_record());
    let told: Vec<Event> = told.rev().take(EVENTS_MAX).cloned().collect();
    let now = engine.clock().now();
    engine.with_board(|board| OverviewNews {
        after,
        upto,
        digest: has_digest.then(|| board.digest(kinds(), now)),
        counts: (!is_quiet).then(|| Board::counts(board)),
        recording: board.recording.clone(),
        lines: told.iter().map(|event| line(event, board, &told, Text::of(language))).collect(),
    })
}
