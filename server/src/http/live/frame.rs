//! A frame: what an edition is told of events, as one server-sent event.

use app::ssr::overview_news;
use domain::{EventNumber, News, Scope};
use engine::{Engine, Published};
use serde::Serialize;

use super::edition::Edition;
use super::gzip;
use super::press::Frame;
use crate::http::sse;

/// The frame of these consecutive events, the first of which comes right after `after`.
pub(super) fn of_events(engine: &Engine, edition: &Edition, after: EventNumber, events: &[Published]) -> Frame {
    let upto = events.last().map_or(after, |last| last.event.number);
    let json = match edition {
        Edition::Board(scope) => to_json(&news(scope, after, upto, events)),
        Edition::Overview(language) => to_json(&overview_news(engine, *language, true, after, events)),
        Edition::Events(language) => to_json(&overview_news(engine, *language, false, after, events)),
    };
    let text = sse::frame(Some(upto), "news", &json);
    // The number stands in the open, so that whoever watches the wire can tell frames apart.
    let (head, rest) = text.split_at(text.find('\n').map_or(0, |end| end + 1));
    let gzip = [gzip::stored(head.as_bytes()), gzip::deflated(rest.as_bytes())].concat();
    Frame { after, upto, gzip: gzip.into(), plain: text.into() }
}

fn news(scope: &Scope, after: EventNumber, upto: EventNumber, events: &[Published]) -> News {
    let told = events.iter().filter(|published| scope.tells(&published.event.kind, published.is_news));
    News { after, upto, events: told.map(|published| (*published.event).clone()).collect() }
}

/// It cannot fail: every key of its maps is a text.
fn to_json(news: &impl Serialize) -> String {
    serde_json::to_string(news).unwrap_or_default()
}
