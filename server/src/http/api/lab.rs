//! `/api/v1/lab`: three servers and a load balancer on this machine, to break and to watch.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use domain::{LAB_RATE, LAB_RATE_MAX, LabFault, LabView};

use super::fields::{Fields, in_range};
use super::view::lab::{ComparisonView, LabAnswerView, LabBackendView};
use crate::http::Site;
use crate::http::body::JsonObject;
use crate::http::caller::Caller;
use crate::http::problem::{Kind, Problem};

/// The lab, whether one runs or not.
pub(crate) async fn show(State(site): State<Site>) -> Json<LabAnswerView> {
    Json(LabAnswerView::from(site.engine.lab().view()))
}

/// Begins to set one up; how far it is tells `GET`.
pub(crate) async fn start(
    State(site): State<Site>,
    caller: Caller,
    JsonObject(body): JsonObject,
) -> Result<Response, Problem> {
    let rate_per_s = rate(body)?;
    site.engine.lab().start(rate_per_s, caller.author()).await?;
    Ok((StatusCode::ACCEPTED, show(State(site)).await).into_response())
}

/// Sends so many requests in a second from now on.
pub(crate) async fn edit(
    State(site): State<Site>,
    JsonObject(body): JsonObject,
) -> Result<Json<LabAnswerView>, Problem> {
    site.engine.lab().set_rate(rate(body)?)?;
    Ok(show(State(site)).await)
}

/// Removes all of it.
pub(crate) async fn end(State(site): State<Site>, caller: Caller) -> Result<StatusCode, Problem> {
    site.engine.lab().end(caller.author()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What came of the last comparison of standbys, or how far it is.
pub(crate) async fn comparison(State(site): State<Site>) -> Result<Json<ComparisonView>, Problem> {
    let comparison = site.engine.lab().comparison();
    let none = || Problem::new(Kind::NotFound, "No standbys were compared in this lab yet.".to_owned());
    comparison.as_ref().map(ComparisonView::from).map(Json).ok_or_else(none)
}

/// Begins to compare standbys; how far it is tells `GET`.
pub(crate) async fn compare(State(site): State<Site>, caller: Caller) -> Result<StatusCode, Problem> {
    site.engine.lab().compare(caller.author()).await?;
    Ok(StatusCode::ACCEPTED)
}

/// Breaks a server or brings it back, and answers once its process is so.
pub(crate) async fn inflict(
    State(site): State<Site>,
    Path((number, fault)): Path<(String, String)>,
) -> Result<Json<LabBackendView>, Problem> {
    let number = number.parse().map_err(|_| no_such("server", &number))?;
    let fault: LabFault = fault.parse().map_err(|()| no_such("fault", &fault))?;
    let lab = site.engine.lab();
    lab.inflict(number, fault).await?;
    match lab.view() {
        LabView::Open(lab) => lab.backend(number).map(LabBackendView::from),
        LabView::Closed | LabView::Idle { .. } => None,
    }
    .map(Json)
    .ok_or_else(|| Problem::from(engine::LabError::NotRunning))
}

fn rate(body: serde_json::Map<String, serde_json::Value>) -> Result<u32, Problem> {
    let mut fields = Fields::new(body);
    let mut text = String::new();
    fields.number("rate_per_s", &mut text);
    let rate = match text.as_str() {
        "" => Ok(LAB_RATE),
        text => in_range(text, 1, LAB_RATE_MAX),
    };
    let rate = fields.keep("rate_per_s", rate);
    fields.finish(rate)
}

fn no_such(what: &str, name: &str) -> Problem {
    Problem::new(Kind::NotFound, format!("The lab has no {what} {}.", domain::clean(name, 50)))
}
