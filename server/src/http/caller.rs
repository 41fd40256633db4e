//! Who asks.

use std::convert::Infallible;
use std::net::IpAddr;

use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::request::Parts;
use domain::{Actor, Via, clean};
use engine::Author;

use super::connections::Peer;

/// A script may say in this header why it makes a change.
const WHY: &str = "drainboard-why";

/// So many characters of a reason are kept.
const WHY_MAX: usize = 200;

/// Who asks, by the address that the request came from, and why.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    /// The address that the request came from.
    pub(crate) address: Option<IpAddr>,
    why: Option<String>,
}

impl Caller {
    /// The author of a change by the API.
    pub(crate) fn author(self) -> Author {
        Author { actor: Actor { via: Via::Api, address: self.address }, why: self.why }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Caller {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let address = parts.extensions.get::<Peer>().map(|peer| peer.0);
        Ok(Self { address, why: why(&parts.headers) })
    }
}

fn why(headers: &HeaderMap) -> Option<String> {
    let text = String::from_utf8_lossy(headers.get(WHY)?.as_bytes());
    Some(clean(&text, WHY_MAX)).filter(|why| !why.is_empty())
}
