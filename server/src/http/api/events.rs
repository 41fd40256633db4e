//! `/api/v1/events`: what is on record, as a list or as a stream.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse as _, Response};
use domain::{EventNumber, GroupName, Problem as Wrong, ProxyName};
use engine::EventFilter;

use super::events_stream;
use super::view::List;
use super::view::event::EventView;
use crate::http::Site;
use crate::http::live::last_event_id;
use crate::http::problem::Problem;
use crate::http::query::{Page, Query};

/// Events in a page of the list, unless another number is asked for.
const PAGE: u32 = 100;

/// Which events are wanted.
#[derive(Clone, Debug)]
pub(crate) struct Wanted {
    pub(crate) since: Option<EventNumber>,
    pub(crate) group: Option<GroupName>,
    pub(crate) proxy: Option<ProxyName>,
}

/// With `since` the oldest first, else the newest first; as a stream if the client accepts one.
pub(crate) async fn events(
    State(site): State<Site>,
    mut query: Query,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let since = query.number("since").map(EventNumber);
    let group = query.parsed("group", |text| text.parse().map_err(|_| Wrong::GroupName));
    let proxy = query.parsed("proxy", |text| match (text.parse(), &group) {
        (_, Some(_)) => Err(Wrong::Malformed("Give a group or a proxy, not both.".to_owned())),
        (proxy, None) => proxy.map_err(|_| Wrong::GroupName),
    });
    let page = query.page(PAGE);
    let from_page_before = page.cursor.as_deref().map(cursor).transpose()?;
    query.finish()?;
    if wants_stream(&headers) {
        let wanted = Wanted { since: last_event_id(&headers).or(since), group, proxy };
        return events_stream::respond(site, wanted);
    }
    let filter = filter(&Wanted { since, group, proxy }, &page, from_page_before);
    let events = site.engine.events(filter).await?;
    let items = events.iter().map(EventView::from).collect();
    Ok(Json(List::page(items, page.limit, |event: &EventView| event.number.to_string())).into_response())
}

/// One more than the page holds, to know whether there is a next page.
fn filter(wanted: &Wanted, page: &Page, cursor: Option<EventNumber>) -> EventFilter {
    let limit = u32::try_from(page.limit + 1).unwrap_or(u32::MAX);
    let (group, proxy) = (wanted.group.clone(), wanted.proxy.clone());
    let wanted = match wanted.since {
        Some(since) => EventFilter { since: Some(cursor.unwrap_or(since)), ..EventFilter::default() },
        None => EventFilter { before: cursor, ..EventFilter::default() },
    };
    EventFilter { group, proxy, limit, ..wanted }
}

fn cursor(text: &str) -> Result<EventNumber, Problem> {
    let wrong =
        || domain::Invalid::new("cursor", Wrong::Malformed("Give the next_cursor of the page before.".to_owned()));
    text.parse().map(EventNumber).map_err(|_| Problem::invalid(vec![wrong()]))
}

fn wants_stream(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or("");
    accept.split(',').any(|part| part.split(';').next().unwrap_or("").trim() == "text/event-stream")
}
