//! The single checks of a target, sent as they are read, so that a long stretch needs no more memory than a short one.

use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::{HeaderName, header};
use axum::response::{IntoResponse as _, Response};
use domain::{Observation, Problem as Wrong, Span, TargetId, Timestamp};
use engine::{Engine, ReadError};
use futures_util::stream;

use super::targets::key;
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

/// The checks of a target that began in the stretch, oldest first.
pub(crate) async fn list(
    State(site): State<Site>,
    Path((name, id)): Path<(String, String)>,
    mut query: Query,
) -> Result<Response, Problem> {
    let (_, id) = site.with_target(&name, &id, |_, _, target| key(target))?;
    let span = query.span(site.engine.clock().now());
    let format = query.parsed("format", format).unwrap_or(Format::Json);
    query.finish()?;
    // The first page is read before the answer begins, so that an error is told as one.
    let first = site.engine.checks(id, span, None, PAGE).await?;
    let export = Export { engine: site.engine, id, span, format, place: Place::Head(first) };
    let body = Body::from_stream(stream::try_unfold(export, Export::next));
    Ok((format.headers(id), body).into_response())
}

fn format(text: &str) -> Result<Format, Wrong> {
    match text {
        "json" => Ok(Format::Json),
        "csv" => Ok(Format::Csv),
        _ => Err(Wrong::OneOf("json, csv".to_owned())),
    }
}

impl Format {
    fn headers(self, id: TargetId) -> [(HeaderName, String); 2] {
        let (media, ending) = match self {
            Self::Json => ("application/json", "json"),
            Self::Csv => ("text/csv; charset=utf-8", "csv"),
        };
        let name = format!("attachment; filename=\"checks-{id}.{ending}\"");
        [(header::CONTENT_TYPE, media.to_owned()), (header::CONTENT_DISPOSITION, name)]
    }
}

/// An answer under way.
struct Export {
    engine: Engine,
    id: TargetId,
    span: Span,
    format: Format,
    place: Place,
}

enum Place {
    /// Before everything, with the first page.
    Head(Vec<Observation>),
    /// After this check.
    After(Timestamp),
    /// After the last check.
    Tail,
    End,
}

impl Export {
    /// The next piece of the body. An error cuts it off, which a client can tell from an end.
    async fn next(mut self) -> Result<Option<(Bytes, Self)>, ReadError> {
        let (is_first, page) = match std::mem::replace(&mut self.place, Place::End) {
            Place::Head(first) => (true, first),
            Place::After(last) => (false, self.engine.checks(self.id, self.span, Some(last), PAGE).await?),
            Place::Tail => return Ok(Some((self.tail(), self))),
            Place::End => return Ok(None),
        };
        self.place = match page.last() {
            Some(last) if page.len() >= PAGE as usize => Place::After(last.at),
            _ => Place::Tail,
        };
        let piece = match self.format {
            Format::Json => json(&page, is_first),
            Format::Csv => csv::rows(&page, is_first),
        };
        Ok(Some((Bytes::from(piece), self)))
    }

    fn tail(&self) -> Bytes {
        Bytes::from_static(match self.format {
            Format::Json => b"],\"next_cursor\":null}\n",
            Format::Csv => b"",
        })
    }
}

/// The same shape as other lists have.
fn json(page: &[Observation], is_first: bool) -> Vec<u8> {
    let mut text = if is_first { b"{\"items\":[".to_vec() } else { Vec::new() };
    for (index, check) in page.iter().enumerate() {
        if !is_first || index > 0 {
            text.extend_from_slice(b",\n");
        }
        // Writing to memory cannot fail, and every key is a text.
        let _ = serde_json::to_writer(&mut text, &ObservationView::from(check));
    }
    text
}
