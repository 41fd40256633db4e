//! A frame: events as a scope is told them, as one server-sent event.

use std::collections::BTreeMap;

use domain::{EventKind, EventNumber, GroupName, News, Scope, Timestamp};
use engine::{Engine, Published};

use super::gzip;
use super::press::Frame;
use crate::http::sse;

/// The frame of these consecutive events, the first of which comes right after `after`.
pub(super) fn of_events(engine: &Engine, scope: &Scope, after: EventNumber, events: &[Published]) -> Frame {
    let upto = events.last().map_or(after, |last| last.event.number);
    let since = outlined(scope, events);
    let pulses = engine.with_board(|board| {
        since.into_iter().filter_map(|(name, at)| Some((name.clone(), board.pulse(name, at)?))).collect()
    });
    let told = events.iter().filter(|published| scope.tells(&published.event.kind, published.is_news));
    let events = told.map(|published| (*published.event).clone()).collect();
    let news = News { after, upto, events, pulses };
    // It cannot fail: every key of its maps is a text.
    let json = serde_json::to_string(&news).unwrap_or_default();
    let text = sse::frame(Some(upto), "news", &json);
    // The number stands in the open, so that whoever watches the wire can tell frames apart.
    let (head, rest) = text.split_at(text.find('\n').map_or(0, |end| end + 1));
    let gzip = [gzip::stored(head.as_bytes()), gzip::deflated(rest.as_bytes())].concat();
    Frame { after, upto, gzip: gzip.into(), plain: text.into() }
}

/// The groups that are told in outline, and since when they were checked. A page of one group shows no bar of another.
fn outlined<'a>(scope: &Scope, events: &'a [Published]) -> BTreeMap<&'a GroupName, Timestamp> {
    let mut since = BTreeMap::new();
    if *scope != Scope::Outline {
        return since;
    }
    for published in events {
        if let EventKind::Checked { group, observation, .. } = &published.event.kind {
            let first = since.entry(group).or_insert(observation.at);
            *first = observation.at.min(*first);
        }
    }
    since
}
