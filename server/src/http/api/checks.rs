//! The single checks of a target or of a group, sent as they are read, so that a long stretch needs no more memory than a short one.

use std::collections::VecDeque;

use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::{HeaderName, header};
use axum::response::{IntoResponse as _, Response};
use domain::{Observation, Problem as Wrong, Span, TargetPast, Timestamp};
use engine::{Engine, Lived, ReadError};
use futures_util::stream;
use serde::Serialize;

use super::view::ObservationView;
use crate::http::Site;
use crate::http::problem::Problem;
use crate::http::query::Query;

pub(super) mod csv;

/// Checks are read in such pages.
const PAGE: u32 = 1000;

/// How the checks are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    Json,
    Csv,
}

/// The checks of a target that began in the stretch, oldest first. The target may be gone.
pub(crate) async fn of_target(
    State(site): State<Site>,
    Path((name, id)): Path<(String, String)>,
    mut query: Query,
) -> Result<Response, Problem> {
    let (group, target) = site.with_past_target(&name, &id).await?;
    let (span, format) = site.export(&mut query);
    query.finish()?;
    let mut lives = site.engine.lives_in(&group, span).await?;
    lives.retain(|life| life.past.id == target.id);
    let file = format!("checks-{}", target.id);
    Export::new(site.engine, lives, false).answer(span, format, &file).await
}

/// The checks of all targets of a group that began in the stretch, target after target, each oldest first; also of those
/// that are gone.
pub(crate) async fn of_group(
    State(site): State<Site>,
    Path(name): Path<String>,
    mut query: Query,
) -> Result<Response, Problem> {
    let group = site.with_group(&name, |_, state| state.group.name.clone())?;
    let (span, format) = site.export(&mut query);
    query.finish()?;
    let lives = site.engine.lives_in(&group, span).await?;
    let file = format!("checks-{group}");
    Export::new(site.engine, lives, true).answer(span, format, &file).await
}

impl Site {
    /// Takes what is to be exported, and how.
    fn export(&self, query: &mut Query) -> (Span, Format) {
        let span = query.span(self.engine.clock().now());
        (span, query.parsed("format", format).unwrap_or(Format::Json))
    }
}

fn format(text: &str) -> Result<Format, Wrong> {
    match text {
        "json" => Ok(Format::Json),
        "csv" => Ok(Format::Csv),
        _ => Err(Wrong::OneOf("json, csv".to_owned())),
    }
}

impl Format {
    fn headers(self, file: &str) -> [(HeaderName, String); 2] {
        let (media, ending) = match self {
            Self::Json => ("application/json", "json"),
            Self::Csv => ("text/csv; charset=utf-8", "csv"),
        };
        let name = format!("attachment; filename=\"{file}.{ending}\"");
        [(header::CONTENT_TYPE, media.to_owned()), (header::CONTENT_DISPOSITION, name)]
    }
}

/// An answer under way.
struct Export {
    engine: Engine,
    /// What targets were, the next one to be exported first.
    lives: VecDeque<Lived>,
    /// Each check says whose it is.
    tells_targets: bool,
    /// The next page is that after this check of the first target.
    after: Option<Timestamp>,
    /// Whether a check was written.
    has_any: bool,
}

/// What of the body is to come.
enum Place {
    Head,
    Rows,
    End,
}

impl Export {
    fn new(engine: Engine, lives: Vec<Lived>, tells_targets: bool) -> Self {
        Self { engine, lives: lives.into(), tells_targets, after: None, has_any: false }
    }

    async fn answer(mut self, span: Span, format: Format, file: &str) -> Result<Response, Problem> {
        // The first page is read before the answer begins, so that an error is told as one.
        let first = self.rows(span, format).await?;
        let pieces = (self, first, Place::Head);
        let next = move |(mut export, first, place): (Self, Option<Vec<u8>>, Place)| async move {
            let (piece, place) = match place {
                Place::Head => {
                    let mut piece = format.head(export.tells_targets);
                    piece.extend(first.unwrap_or_default());
                    (piece, Place::Rows)
                }
                Place::Rows => match export.rows(span, format).await? {
                    Some(piece) => (piece, Place::Rows),
                    None => (format.tail(), Place::End),
                },
                Place::End => return Ok::<_, ReadError>(None),
            };
            Ok(Some((Bytes::from(piece), (export, None, place))))
        };
        // An error cuts the body off, which a client can tell from an end.
        Ok((format.headers(file), Body::from_stream(stream::try_unfold(pieces, next))).into_response())
    }

    /// The next checks; none after the last ones.
    async fn rows(&mut self, span: Span, format: Format) -> Result<Option<Vec<u8>>, ReadError> {
        while let Some(life) = self.lives.front() {
            let page = self.engine.checks_of(life, span, self.after, PAGE).await?;
            let whose = self.tells_targets.then_some(&life.past);
            let rows = match format {
                Format::Json => json(&page, whose, !self.has_any),
                Format::Csv => csv::rows(&page, whose),
            };
            self.has_any |= !page.is_empty();
            self.after = page.last().map(|last| last.at).filter(|_| page.len() >= PAGE as usize);
            if self.after.is_none() {
                self.lives.pop_front();
            }
            if !page.is_empty() {
                return Ok(Some(rows));
            }
        }
        Ok(None)
    }
}

impl Format {
    fn head(self, tells_targets: bool) -> Vec<u8> {
        match self {
            Self::Json => b"{\"items\":[".to_vec(),
            Self::Csv => csv::head(tells_targets),
        }
    }

    fn tail(self) -> Vec<u8> {
        match self {
            Self::Json => b"],\"next_cursor\":null}\n".to_vec(),
            Self::Csv => Vec::new(),
        }
    }
}

/// A check, and whose it is.
#[derive(Debug, Serialize)]
struct CheckView<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    target: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    address: Option<&'a str>,
    #[serde(flatten)]
    check: ObservationView,
}

/// The same shape as other lists have.
fn json(page: &[Observation], whose: Option<&TargetPast>, is_first: bool) -> Vec<u8> {
    let mut text = Vec::new();
    for (index, check) in page.iter().enumerate() {
        if !is_first || index > 0 {
            text.extend_from_slice(b",\n");
        }
        let view = CheckView {
            target: whose.map(|target| target.id.to_string()),
            name: whose.map(|target| target.name.as_str()),
            address: whose.map(|target| target.address.as_str()),
            check: ObservationView::from(check),
        };
        // Writing to memory cannot fail, and every key is a text.
        let _ = serde_json::to_writer(&mut text, &view);
    }
    text
}
