//! The browser's files, embedded in the program.

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
    /// The content.
    pub(crate) identity: &'static [u8],
    /// The content, compressed beforehand.
    pub(crate) brotli: Option<&'static [u8]>,
    /// The content, compressed beforehand.
    pub(crate) gzip: Option<&'static [u8]>,
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

    fn content(&self, accepted: &str) -> (Option<&'static str>, &'static [u8]) {
        match (self.brotli, self.gzip) {
            (Some(brotli), _) if accepts(accepted, "br") => (Some("br"), brotli),
            (_, Some(gzip)) if accepts(accepted, "gzip") => (Some("gzip"), gzip),
            _ => (None, self.identity),
        }
    }
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

    #[test]
    fn a_file_that_the_browser_has_is_not_sent_again() {
        let etag = format!("\"{BUILD_ID}\"").parse().unwrap();
        let headers = HeaderMap::from_iter([(header::IF_NONE_MATCH, etag)]);
        assert_eq!(find("/robots.txt", &headers).unwrap().status(), StatusCode::NOT_MODIFIED);
    }
}
