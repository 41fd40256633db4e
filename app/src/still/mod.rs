//! Pages that the server alone draws: the browser's program puts them in as they are, and asks for them again while they
//! grow. They cost the browser no code.
//!
//! A `<time data-local>` is put into the reader's zone by the browser.

mod drill;
mod failover;
mod schedules;
mod standbys;

use domain::Timestamp;
use engine::{FailoverFilter, ReadError};
use leptos::prelude::*;

use crate::route::pairs;
use crate::ssr::Desk;
use crate::text::{Text, clock_utc, date_utc};
use crate::{FormState, Route, Still};

/// So many records are on one page of the list.
const LIST: u32 = 50;

/// The page of a route that the server alone draws, with a form as it came back; none where there is no such page, or nothing at its address.
pub(crate) async fn make(desk: &Desk<'_>, route: &Route, form: Option<&FormState>) -> Option<Still> {
    let text = Text::of(desk.language());
    let made = match route {
        Route::Failovers => list(desk, text).await.map(Some),
        Route::Failover(id) => {
            let record = desk.engine.failover(*id).await;
            record.map(|record| Some(failover::record(&record?, desk.engine.clock().now(), text)))
        }
        Route::LabStandbys => Ok(Some(standbys::compare(desk))),
        Route::Drill(name) => {
            let filter = FailoverFilter { group: Some(name.clone()), before: None, limit: LIST };
            // Without the records there is no link to them, and the form is there all the same.
            let briefs = desk.engine.failovers(filter).await.unwrap_or_default();
            Ok(drill::form(desk, name, form, &briefs))
        }
        _ => Ok(None),
    };
    made.unwrap_or_else(|_| Some(unread(text)))
}

async fn list(desk: &Desk<'_>, text: &'static Text) -> Result<Still, ReadError> {
    let query: Vec<(String, String)> = pairs(&desk.request.query);
    let value = |name: &str| query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    let filter = FailoverFilter {
        group: value("group").and_then(|group| group.parse().ok()),
        before: value("before").and_then(|id| id.parse().ok()),
        limit: LIST + 1,
    };
    let group = filter.group.clone();
    let mut briefs = desk.engine.failovers(filter).await?;
    let goes_on = LIST < u32::try_from(briefs.len()).unwrap_or(u32::MAX);
    briefs.truncate(usize::try_from(LIST).unwrap_or(usize::MAX));
    Ok(failover::list(&briefs, group.as_ref(), goes_on, text))
}

fn unread(text: &'static Text) -> Still {
    still(false, || view! { <p class="card empty-note">{text.shell.history_unread}</p> }.into_any())
}

/// Draws a page.
fn still(refreshes: bool, draw: impl FnOnce() -> AnyView) -> Still {
    let owner = Owner::new_root(None);
    Still { html: owner.with(|| draw().to_html()), refreshes }
}

/// A moment with its date, which the browser puts into the reader's zone.
fn moment(at: Timestamp) -> AnyView {
    let (iso, shown) = (at.to_string(), format!("{} {} UTC", &date_utc(at)[..10], clock_utc(at)));
    view! { <time datetime=iso.clone() title=iso data-local="">{shown}</time> }.into_any()
}
