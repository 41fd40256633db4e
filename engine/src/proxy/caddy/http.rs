//! HTTP to the admin API: a connection for each exchange, because every change of the configuration replaces Caddy's
//! admin server.

use std::fmt;
use std::time::Duration;

use domain::ProxyAddress;
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::http1;
use hyper::{Method, Request, Response, header};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::super::ProxyError;

/// A whole exchange takes no longer. A change makes Caddy load its whole configuration again.
const DEADLINE: Duration = Duration::from_secs(5);
/// So often a question is asked when no answer comes.
const TRIES_MAX: usize = 3;
/// A longer body is none.
const BODY_BYTES_MAX: usize = 8 * 1024 * 1024;

/// What is asked.
#[derive(Clone, Debug)]
pub(super) struct Question<'a> {
    pub(super) method: Method,
    pub(super) path: &'a str,
    pub(super) if_match: Option<&'a str>,
    pub(super) body: Option<String>,
}

impl<'a> Question<'a> {
    pub(super) fn get(path: &'a str) -> Self {
        Self { method: Method::GET, path, if_match: None, body: None }
    }
}

impl fmt::Display for Question<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.path)?;
        self.body.as_ref().map_or(Ok(()), |body| write!(f, " {body}"))
    }
}

/// What came back.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) etag: Option<String>,
    pub(super) body: String,
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let gap = if self.body.is_empty() { "" } else { " " };
        write!(f, "{}{gap}{}", self.status, self.body)
    }
}

/// Asks, and reads the whole answer. Asks again when the connection was closed without one: just after a change a new
/// connection may still reach the admin server that goes. A write can be repeated, for it says what it wants to change.
pub(super) async fn exchange(address: &ProxyAddress, question: &Question<'_>) -> Result<Answer, ProxyError> {
    let ProxyAddress::Http(place) = address else {
        return Err(ProxyError::wrong_address(address, "http://host:port"));
    };
    let request = request(place, question).map_err(|error| ProxyError::refused(&error.to_string()))?;
    // Boxed: hyper's futures are big, and they would be in every future of those who ask.
    let tries = Box::pin(async {
        for _ in 0..TRIES_MAX {
            let stream = TcpStream::connect(place).await.map_err(|error| ProxyError::io(address, &error))?;
            if let Some(answer) = talk(stream, request.clone()).await? {
                return Ok(answer);
            }
        }
        Err(ProxyError::hung_up(address))
    });
    timeout(DEADLINE, tries).await.unwrap_or_else(|_| Err(ProxyError::silent(address, DEADLINE)))
}

/// `Origin`: since CVE-2026-27589 Caddy may refuse what does not say that it comes from the admin's own address.
fn request(place: &str, question: &Question<'_>) -> Result<Request<Full<Bytes>>, hyper::http::Error> {
    let mut request = Request::builder()
        .method(&question.method)
        .uri(question.path)
        .header(header::HOST, place)
        .header(header::ORIGIN, format!("http://{place}"))
        .header(header::CONNECTION, "close")
        .header(header::TE, "trailers");
    if let Some(etag) = question.if_match {
        request = request.header(header::IF_MATCH, etag);
    }
    if question.body.is_some() {
        request = request.header(header::CONTENT_TYPE, "application/json");
    }
    request.body(Full::from(question.body.clone().unwrap_or_default()))
}

/// None if the connection was closed without an answer.
async fn talk(stream: TcpStream, request: Request<Full<Bytes>>) -> Result<Option<Answer>, ProxyError> {
    let Ok((mut sender, connection)) = http1::handshake(TokioIo::new(stream)).await else { return Ok(None) };
    let exchange = async {
        match sender.send_request(request).await {
            Ok(response) => read(response).await.map(Some),
            Err(error) if error.is_parse() => Err(ProxyError::garbage(&format!("no HTTP ({error})"))),
            Err(_) => Ok(None),
        }
    };
    tokio::pin!(exchange);
    tokio::select! {
        biased;
        answer = &mut exchange => answer,
        // What came before the end is in the hands of the exchange.
        _ = connection => exchange.await,
    }
}

/// Caddy 2.6 sends its ETag behind the body, as a trailer.
async fn read(response: Response<Incoming>) -> Result<Answer, ProxyError> {
    let status = response.status().as_u16();
    let header = response.headers().get(header::ETAG).cloned();
    let collected = Limited::new(response.into_body(), BODY_BYTES_MAX).collect().await.map_err(|error| {
        match error.downcast_ref::<LengthLimitError>() {
            Some(_) => ProxyError::garbage("an answer of more than 8 MiB"),
            None => ProxyError::garbage(&format!("an answer that breaks off: {error}")),
        }
    })?;
    let etag = header.or_else(|| collected.trailers()?.get(header::ETAG).cloned());
    let etag = etag.and_then(|etag| etag.to_str().ok().map(str::to_owned));
    Ok(Answer { status, etag, body: String::from_utf8_lossy(&collected.to_bytes()).into_owned() })
}
