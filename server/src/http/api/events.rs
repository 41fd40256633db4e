//! `/api/v1/events`: what is on record, as a list or as a stream.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse as _, Response};
use domain::{Event, EventKind, EventNumber, GroupName, Problem as Wrong};
use engine::EventFilter;
use serde::Serialize;

use super::events_stream;
use super::view::{ActorView, GapView, GroupSettings, List, ObservationView, Time, TransitionView};
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
}

/// With `since` the oldest first, else the newest first; as a stream if the client accepts one.
pub(crate) async fn events(
    State(site): State<Site>,
    mut query: Query,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let since = query.number("since").map(EventNumber);
    let group = query.parsed("group", |text| text.parse().map_err(|_| Wrong::GroupName));
    let page = query.page(PAGE);
    let from_page_before = page.cursor.as_deref().map(cursor).transpose()?;
    query.finish()?;
    if wants_stream(&headers) {
        let wanted = Wanted { since: last_event_id(&headers).or(since), group };
        return events_stream::respond(site, wanted);
    }
    let filter = filter(&Wanted { since, group }, &page, from_page_before);
    let events = site.engine.events(filter).await?;
    let items = events.iter().map(EventView::from).collect();
    Ok(Json(List::page(items, page.limit, |event: &EventView| event.number.to_string())).into_response())
}

/// One more than the page holds, to know whether there is a next page.
fn filter(wanted: &Wanted, page: &Page, cursor: Option<EventNumber>) -> EventFilter {
    let limit = u32::try_from(page.limit + 1).unwrap_or(u32::MAX);
    let group = wanted.group.clone();
    match wanted.since {
        Some(since) => EventFilter { since: Some(cursor.unwrap_or(since)), group, limit, ..EventFilter::default() },
        None => EventFilter { before: cursor, group, limit, ..EventFilter::default() },
    }
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

/// An event. What goes with its kind is there, the rest is absent.
#[derive(Debug, Serialize)]
pub(crate) struct EventView {
    number: EventNumber,
    at: Time,
    kind: &'static str,
    group: Option<String>,
    target: Option<String>,
    by: Option<ActorView>,
    why: Option<String>,
    #[serde(flatten)]
    details: Details,
}

#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Details {
    Group { settings: Box<GroupSettings> },
    Target { settings: TargetSettings },
    Status { transition: Option<TransitionView>, check: ObservationView },
    Started { version: String, gap: Option<GapView> },
    Stopped { cause: String },
    Resumed { gap: GapView },
    None {},
}

#[derive(Debug, Serialize)]
struct TargetSettings {
    label: String,
    host: String,
    port: u16,
}

impl From<&Event> for EventView {
    fn from(event: &Event) -> Self {
        Self {
            number: event.number,
            at: Time(event.at),
            kind: event.kind.as_str(),
            group: event.kind.group().map(ToString::to_string),
            target: event.kind.target().map(|target| target.to_string()),
            by: event.by.as_ref().map(ActorView::from),
            why: event.why.clone(),
            details: Details::from(&event.kind),
        }
    }
}

impl From<&EventKind> for Details {
    fn from(kind: &EventKind) -> Self {
        match kind {
            EventKind::GroupCreated(group) | EventKind::GroupEdited(group) => {
                Self::Group { settings: Box::new(GroupSettings::from(group)) }
            }
            EventKind::GroupDeleted(_) => Self::None {},
            EventKind::TargetRegistered(target)
            | EventKind::TargetEdited(target)
            | EventKind::TargetDeregistered(target) => Self::Target {
                settings: TargetSettings {
                    label: target.label.as_str().to_owned(),
                    host: target.host.to_string(),
                    port: target.port,
                },
            },
            EventKind::Checked { observation, transition, .. } => Self::Status {
                transition: transition.as_ref().map(TransitionView::from),
                check: ObservationView::from(observation),
            },
            EventKind::Started { version, gap } => {
                Self::Started { version: version.clone(), gap: gap.as_ref().map(GapView::from) }
            }
            EventKind::RecordingStopped { why } => Self::Stopped { cause: why.clone() },
            EventKind::RecordingResumed { gap } => Self::Resumed { gap: GapView::from(gap) },
            _ => Self::None {},
        }
    }
}
