//! What a server of the lab answers: its number and its process, for people, for scripts and for the synthetic client.

use std::convert::Infallible;
use std::time::Duration;

use domain::LabManners;
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::header::{ACCEPT, CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use hyper::{Request, Response, StatusCode};
use tokio::sync::watch;

use super::super::visit::NUMBER_HEADER;

/// A slow answer comes after so long: above what counts as slow, below the timeout of the lab's checks, so that the
/// server stays healthy and its users suffer.
const LATE: Duration = Duration::from_millis(300);

/// The background of a server's page, so that one sees who answered.
const COLOURS: [&str; 3] = ["#2b66b8", "#7a4bb0", "#0f7f86"];

/// Answers any request.
pub(super) async fn answer(
    request: Request<Incoming>,
    number: u8,
    manners: watch::Receiver<LabManners>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let manners = *manners.borrow();
    if manners == LabManners::Slowly {
        tokio::time::sleep(LATE).await;
    }
    let is_browser = request.headers().get(ACCEPT).is_some_and(|accept| accept.as_bytes().starts_with(b"text/html"));
    let is_api = request.uri().path().starts_with("/api/");
    let (body, content_type) = match is_browser {
        true => (page(number, is_api, manners), "text/html; charset=utf-8"),
        false => (line(number, is_api, manners), "text/plain; charset=utf-8"),
    };
    let mut response = Response::new(Full::new(Bytes::from(body)));
    if manners == LabManners::With503 {
        *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
    }
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(NUMBER_HEADER, HeaderValue::from(u16::from(number)));
    Ok(response)
}

fn line(number: u8, is_api: bool, manners: LabManners) -> String {
    let place = if is_api { " for /api/" } else { "" };
    let trouble = if manners == LabManners::With503 { ", and has nothing to say" } else { "" };
    format!("server {number}{place}, process {}{trouble}\n", std::process::id())
}

/// A page whose number and colour say who answered. Its icon is in it, so that a browser asks once a reload.
fn page(number: u8, is_api: bool, manners: LabManners) -> String {
    let place = usize::from(number.saturating_sub(1)) % COLOURS.len();
    let colour =
        if manners == LabManners::With503 { "#a3271c" } else { COLOURS.get(place).copied().unwrap_or_default() };
    let said = line(number, is_api, manners);
    format!(
        "<!DOCTYPE html><html lang=\"en\"><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <link rel=\"icon\" href=\"data:,\"><title>server {number}</title>\
         <body style=\"margin:0;min-height:100vh;display:grid;place-content:center;text-align:center;\
         background:{colour};color:#fff;font-family:system-ui,sans-serif\">\
         <p style=\"margin:0;font-size:40vmin;font-weight:700;line-height:1\">{number}</p>\
         <p style=\"margin:2vmin 0 0;font-size:1.1rem\">{said}</p></body></html>"
    )
}
