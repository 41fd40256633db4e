//! The browser's files, embedded in the program.

use std::io::Read as _;
use std::sync::OnceLock;

use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};

include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// A file as `build.rs` embeds it.
#[derive(Debug)]
pub(crate) struct Asset {
    /// Its path in the URL.
    pub(crate) path: &'static str,
    /// Its type.
    pub(crate) content_type: &'static str,
    /// The name carries the content's hash, so it never changes.
    pub(crate) immutable: bool,
    /// What is in it.
    pub(crate) content: Content,
}

/// A file's content. What was compressed beforehand is not embedded a second time as it was: nearly every client takes it
/// compressed, and the others can be given what gzip holds.
#[derive(Debug)]
pub(crate) enum Content {
    /// As it is.
    Plain(&'static [u8]),
    /// Compressed beforehand.
    #[allow(dead_code, reason = "a build without the browser's files of a release has none")]
    Compressed {
        /// For every browser.
        brotli: &'static [u8],
        /// For most other clients.
        gzip: &'static [u8],
        /// For the rest: inflated when it is first asked for, then kept, so that asking again costs nothing.
        plain: OnceLock<Option<Bytes>>,
    },
}

/// The names of the files that pages refer to.
pub(crate) fn names() -> app::ssr::Assets {
    app::ssr::Assets { css: CSS_PATH, js: JS_PATH, wasm: WASM_PATH, glue: GLUE_PATH, parts: PARTS, build: BUILD_ID }
}

/// Whether the path is one under which only files are.
pub(crate) fn is_asset_path(path: &str) -> bool {
    path.starts_with("/assets/")
}

/// The file at this path, as the client wants it.
pub(crate) fn find(path: &str, headers: &HeaderMap) -> Option<Response> {
    let index = ASSETS.binary_search_by(|asset| asset.path.cmp(path)).ok()?;
    ASSETS.get(index).map(|asset| asset.respond(headers))
}

impl Asset {
    fn respond(&self, headers: &HeaderMap) -> Response {
        let etag = format!("\"{BUILD_ID}\"");
        if !self.immutable && text(headers, header::IF_NONE_MATCH).contains(&etag) {
            return (StatusCode::NOT_MODIFIED, [(header::ETAG, etag)]).into_response();
        }
        let (coding, content) = self.content(text(headers, header::ACCEPT_ENCODING));
        let mut response = ([(header::CONTENT_TYPE, self.content_type)], content).into_response();
        let headers = response.headers_mut();
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        if let Some(coding) = coding {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
        }
        let cache = if self.immutable { "public, max-age=31536000, immutable" } else { "no-cache" };
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
        if let (false, Ok(etag)) = (self.immutable, HeaderValue::from_str(&etag)) {
            headers.insert(header::ETAG, etag);
        }
        response
    }

    fn content(&self, accepted: &str) -> (Option<&'static str>, Bytes) {
        match &self.content {
            Content::Plain(plain) => (None, Bytes::from_static(plain)),
            Content::Compressed { brotli, .. } if accepts(accepted, "br") => (Some("br"), Bytes::from_static(brotli)),
            Content::Compressed { gzip, .. } if accepts(accepted, "gzip") => (Some("gzip"), Bytes::from_static(gzip)),
            Content::Compressed { gzip, plain, .. } => match plain.get_or_init(|| inflated(gzip)) {
                Some(plain) => (None, plain.clone()),
                None => (Some("gzip"), Bytes::from_static(gzip)),
            },
        }
    }
}

/// What a gzip file holds; nothing if it is damaged.
fn inflated(gzip: &[u8]) -> Option<Bytes> {
    let mut plain = Vec::new();
    let read = flate2::read::GzDecoder::new(gzip).read_to_end(&mut plain);
    if let Err(error) = &read {
        tracing::error!(%error, "an embedded file is damaged");
    }
    read.ok().map(|_| Bytes::from(plain))
}

fn text(headers: &HeaderMap, name: header::HeaderName) -> &str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or("")
}

/// Whether an Accept-Encoding header names this coding, and not with `q=0`.
pub(super) fn accepts(accepted: &str, coding: &str) -> bool {
    accepted.split(',').any(|part| {
        let (name, parameter) = part.split_once(';').unwrap_or((part, ""));
        let refused = parameter.trim().strip_prefix("q=").is_some_and(|q| q.parse() == Ok(0.0_f32));
        name.trim().eq_ignore_ascii_case(coding) && !refused
    })
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    #[test]
    fn a_coding_is_used_if_the_client_takes_it() {
        assert!(accepts("gzip, deflate, br", "br"));
        assert!(accepts("gzip;q=0.5", "gzip"));
        assert!(!accepts("gzip;q=0", "gzip"));
        assert!(!accepts("gzip;q=0.000", "gzip"));
        assert!(!accepts("", "br"));
        assert!(!accepts("brrr", "br"));
    }

    #[test]
    fn the_table_is_sorted_so_that_files_are_found() {
        assert!(ASSETS.is_sorted_by_key(|asset| asset.path));
        assert!(find("/robots.txt", &HeaderMap::new()).is_some());
        assert!(find("/robots.tx", &HeaderMap::new()).is_none());
    }

    #[tokio::test]
    async fn a_file_is_sent_as_the_client_takes_it() {
        const TEXT: &str = "a file that a client wants as it is";
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        gzip.write_all(TEXT.as_bytes()).unwrap();
        let gzip: &[u8] = gzip.finish().unwrap().leak();
        let content = Content::Compressed { brotli: b"brotli", gzip, plain: OnceLock::new() };
        let asset = Asset { path: "/a.css", content_type: "text/css", immutable: false, content };
        let cases: [(&str, Option<&str>, &[u8]); 5] = [
            ("gzip, deflate, br", Some("br"), b"brotli"),
            ("gzip, br;q=0", Some("gzip"), gzip),
            ("identity", None, TEXT.as_bytes()),
            ("", None, TEXT.as_bytes()),
            ("deflate, gzip;q=0", None, TEXT.as_bytes()),
        ];
        for (accepted, coding, content) in cases {
            let headers = HeaderMap::from_iter([(header::ACCEPT_ENCODING, accepted.parse().unwrap())]);
            let response = asset.respond(&headers);
            let header = |name| response.headers().get(name).map(|value| value.to_str().unwrap());
            assert_eq!(header(header::CONTENT_ENCODING), coding, "{accepted}");
            assert_eq!(header(header::VARY), Some("accept-encoding"));
            assert_eq!(header(header::ETAG), Some(format!("\"{BUILD_ID}\"").as_str()));
            assert_eq!(axum::body::to_bytes(response.into_body(), 100).await.unwrap(), content, "{accepted}");
        }
    }

    #[test]
    fn a_damaged_file_is_not_sent_in_part() {
        assert_eq!(inflated(b"\x1f\x8b\x08"), None);
    }

    #[test]
    fn every_embedded_file_can_be_sent_as_it_is() {
        for asset in &ASSETS {
            assert_eq!(asset.content("").0, None, "{}", asset.path);
        }
    }

    #[test]
    fn a_file_that_the_browser_has_is_not_sent_again() {
        let etag = format!("\"{BUILD_ID}\"").parse().unwrap();
        let headers = HeaderMap::from_iter([(header::IF_NONE_MATCH, etag)]);
        assert_eq!(find("/robots.txt", &headers).unwrap().status(), StatusCode::NOT_MODIFIED);
    }
}
