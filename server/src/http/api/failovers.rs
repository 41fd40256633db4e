//! `/api/v1/failovers`: what failovers took and cost.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderName, header};
use axum::response::{IntoResponse as _, Response};
use domain::{Failover, FailoverId, Problem as Wrong};
use engine::FailoverFilter;

use super::view::List;
use super::view::failover::{BriefView, FailoverView};
use crate::http::Site;
use crate::http::problem::{Kind, Problem};
use crate::http::query::Query;

mod csv;
mod markdown;
mod story;

/// Records of a page, unless another number is asked for.
const PAGE: u32 = 50;

/// How a record is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    Json,
    Csv,
    Markdown,
}

/// The records, newest first.
pub(crate) async fn list(State(site): State<Site>, mut query: Query) -> Result<Json<List<BriefView>>, Problem> {
    let group = query.parsed("group", |text| text.parse().map_err(|_| Wrong::GroupName));
    let page = query.page(PAGE);
    query.finish()?;
    let before = match &page.cursor {
        Some(cursor) => Some(cursor.parse().map_err(|_| bad_cursor())?),
        None => None,
    };
    let limit = u32::try_from(page.limit + 1).unwrap_or(u32::MAX);
    let briefs = site.engine.failovers(FailoverFilter { group, before, limit }).await?;
    let items = briefs.iter().map(BriefView::from).collect();
    Ok(Json(List::page(items, page.limit, |brief: &BriefView| brief.id.clone())))
}

/// A record: JSON, or a file of the format that is asked for.
pub(crate) async fn show(
    State(site): State<Site>,
    Path(id): Path<String>,
    mut query: Query,
) -> Result<Response, Problem> {
    let format = query.parsed("format", format);
    query.finish()?;
    let found = match id.parse::<FailoverId>() {
        Ok(id) => site.engine.failover(id).await?,
        Err(_) => None,
    };
    let failover = found.ok_or_else(|| {
        Problem::new(Kind::NotFound, format!("There is no failover record {}.", domain::clean(&id, 50)))
    })?;
    Ok(match format {
        None => Json(FailoverView::from(&failover)).into_response(),
        Some(format) => format.file(&failover),
    })
}

fn bad_cursor() -> Problem {
    Problem::invalid(vec![domain::Invalid::new(
        "cursor",
        Wrong::Malformed("Take the cursor from next_cursor of the page before.".to_owned()),
    )])
}

fn format(text: &str) -> Result<Format, Wrong> {
    match text {
        "json" => Ok(Format::Json),
        "csv" => Ok(Format::Csv),
        "markdown" => Ok(Format::Markdown),
        _ => Err(Wrong::OneOf("json, csv, markdown".to_owned())),
    }
}

impl Format {
    fn file(self, failover: &Failover) -> Response {
        let (media, ending) = match self {
            Self::Json => ("application/json", "json"),
            Self::Csv => ("text/csv; charset=utf-8", "csv"),
            Self::Markdown => ("text/markdown; charset=utf-8", "md"),
        };
        let name = format!("attachment; filename=\"failover-{}.{ending}\"", failover.id);
        let headers: [(HeaderName, String); 2] =
            [(header::CONTENT_TYPE, media.to_owned()), (header::CONTENT_DISPOSITION, name)];
        match self {
            Self::Json => (headers, Json(FailoverView::from(failover)).into_response().into_body()).into_response(),
            Self::Csv => (headers, csv::write(failover)).into_response(),
            Self::Markdown => (headers, markdown::write(failover)).into_response(),
        }
    }
}
