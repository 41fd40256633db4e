//! A page that holds a board: what is new comes as events, which it takes in as the server did.

use std::collections::HashSet;

use domain::{Board, Event, EventKind, Missed, News, Observation};
use leptos::prelude::*;

use crate::text::line;
use crate::{Later, Route, wire};

use super::hearing::{ANNOUNCED_MAX, prepend};
use super::{BoardReader, Live, Topic, route_of, topic};

/// So many observations stay in the list of a target.
const OBSERVATIONS_MAX: usize = 60;

impl Live {
    /// Reads boards from now on: for parts of the program that show one.
    pub(crate) fn read_boards(self) {
        self.reader.set_value(Some(BoardReader { hear, reads: Later::can_be_read }));
    }
}

fn hear(live: Live, data: &str) -> bool {
    wire::read::<News>(data).is_ok_and(|news| take(live, news).is_ok())
}

fn take(live: Live, mut news: News) -> Result<(), Missed> {
    live.follows(news.after)?;
    let known = live.number();
    live.number.set_value(known.max(news.upto));
    let mut changed: HashSet<Topic> = HashSet::new();
    let mut look = |event: &Event, board: &Board| topic::of(event, board, &mut changed);
    let told = live.board.try_update_value(|board| board.change(|board| board.take_news(&news, &mut look)));
    let route = live.page.with_untracked(|page| route_of(page));
    live.board_untracked(|board| live.record(&board.recording));
    if changed.contains(&Topic::Counts) {
        live.count(live.board_untracked(Board::counts));
    }
    if let Some(Route::Target(group, id) | Route::TargetHistory(group, id)) = &route
        && (changed.contains(&Topic::Target(*id)) || changed.contains(&Topic::Groups))
    {
        let subject = live.board_untracked(|board| board.target(group, *id).map(|target| target.target.display_name()));
        if live.subject.with_untracked(|known| *known != subject) {
            live.subject.set(subject);
        }
    }
    live.notify(changed);
    let mut events = news.events.split_off(news.events.partition_point(|event| event.number <= known));
    events.reverse();
    tell(live, route.as_ref(), &events);
    told.unwrap_or(Ok(()))
}

/// Tells what changed, and puts what is on the record, and what the target of the page did, on top of the page's lists.
/// Newest first.
fn tell(live: Live, route: Option<&Route>, events: &[Event]) {
    let told = |event: &Event| live.board_untracked(|board| line(event, board, events, live.text()));
    let changes =
        events.iter().rev().filter(|event| matches!(event.kind, EventKind::Checked { transition: Some(_), .. }));
    let changes: Vec<_> = changes.take(ANNOUNCED_MAX).map(told).collect();
    live.announce(changes.iter());
    let Some(route) = route else { return };
    if let Route::Target(_, id) = route {
        let latest = live.observations.with_untracked(|list| list.first().map(|seen| seen.at));
        let seen = events.iter().filter_map(|event| match &event.kind {
            EventKind::Checked { target, observation, .. } if target == id => Some(observation),
            _ => None,
        });
        let fresh: Vec<Observation> = seen.filter(|seen| latest < Some(seen.at)).cloned().collect();
        if !fresh.is_empty() {
            live.observations.update(|list| prepend(list, fresh, OBSERVATIONS_MAX));
        }
    }
    let shown = |event: &&Event| event.kind.is_on_record() && topic::is_shown_on(route, &event.kind);
    live.put_on_top(events.iter().filter(shown).map(told).collect());
}
