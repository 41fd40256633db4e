//! Reading a request's body: its type, its size, and how long it takes.

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, header};
use serde_json::{Map, Value};
use tokio::time::timeout;

use super::limits::{BODY_READ_MAX, FORM_MAX, JSON_MAX};
use super::problem::{Kind, Problem};

/// A JSON object. What is in it is read field by field, so that everything that is wrong can be told at once.
#[derive(Debug)]
pub(crate) struct JsonObject(pub(super) Map<String, Value>);

impl<S: Send + Sync> FromRequest<S> for JsonObject {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        if !is_json(media_type(request.headers())) {
            return Err(Problem::new(Kind::MediaType, "Send JSON, with Content-Type: application/json."));
        }
        let bytes = read(request.into_body(), JSON_MAX).await?;
        match serde_json::from_slice(&bytes) {
            Ok(Value::Object(object)) => Ok(Self(object)),
            Ok(_) => Err(Problem::new(Kind::NotJson, "Send a JSON object: {\"…\": …}.")),
            Err(error) => Err(Problem::new(Kind::NotJson, format!("The body is not JSON: {error}."))),
        }
    }
}

/// The fields of a form in their order, names repeated where they were.
#[derive(Debug)]
pub(crate) struct FormFields(pub(super) Vec<(String, String)>);

impl<S: Send + Sync> FromRequest<S> for FormFields {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        if !media_type(request.headers()).eq_ignore_ascii_case("application/x-www-form-urlencoded") {
            let how = "Send a form, with Content-Type: application/x-www-form-urlencoded.";
            return Err(Problem::new(Kind::MediaType, how));
        }
        let bytes = read(request.into_body(), FORM_MAX).await?;
        Ok(Self(form_urlencoded::parse(&bytes).into_owned().collect()))
    }
}

async fn read(body: Body, max: usize) -> Result<Bytes, Problem> {
    match timeout(BODY_READ_MAX, axum::body::to_bytes(body, max)).await {
        Ok(Ok(bytes)) => Ok(bytes),
        // The other error is a connection that broke, and then nobody reads this.
        Ok(Err(_)) => Err(Problem::new(Kind::TooLarge, format!("Send at most {} KiB.", max / 1024))),
        Err(_) => Err(Problem::new(Kind::Slow, format!("Send the body within {} s.", BODY_READ_MAX.as_secs()))),
    }
}

/// The media type without parameters; empty where there is none.
fn media_type(headers: &HeaderMap) -> &str {
    let value = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
    value.split(';').next().unwrap_or("").trim()
}

fn is_json(media_type: &str) -> bool {
    let media_type = media_type.to_ascii_lowercase();
    media_type == "application/json" || (media_type.starts_with("application/") && media_type.ends_with("+json"))
}
