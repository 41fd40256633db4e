//! What stands before every route: who may ask at all, and what browsers are told about every answer.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use domain::clean;

use super::Site;
use super::hosts::AllowedHosts;
use super::limits::URL_MAX;
use super::problem::{Kind, Problem};

/// Only our own files run, nothing of ours is framed, nothing leaves for elsewhere.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; \
    style-src 'self'; img-src 'self' data:; font-src 'self'; base-uri 'none'; frame-ancestors 'none'; \
    form-action 'self'; manifest-src 'self'";

/// Lets a request pass that is for this server and not from another site's page.
pub(crate) async fn admit(State(site): State<Site>, request: Request, next: Next) -> Response {
    match examine(&site.hosts, request.method(), request.uri(), request.headers()) {
        Ok(()) => next.run(request).await,
        Err(problem) if request.uri().path().starts_with("/api/") => problem.into_response(),
        Err(problem) => problem.into_text(),
    }
}

/// Tells browsers to be strict with every answer.
pub(crate) async fn harden(mut response: Response) -> Response {
    let strict = [
        (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ];
    let headers = response.headers_mut();
    for (name, value) in strict {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

fn examine(hosts: &AllowedHosts, method: &Method, uri: &Uri, headers: &HeaderMap) -> Result<(), Problem> {
    let length = uri.path().len() + uri.query().map_or(0, str::len);
    if length > URL_MAX {
        return Err(Problem::new(Kind::UrlTooLong, format!("Ask with a URL of at most {URL_MAX} bytes.")));
    }
    let host = text(headers, header::HOST).unwrap_or("");
    let asked_for = uri.authority().map_or(host, |authority| authority.as_str());
    if !hosts.allows(host) || !hosts.allows(asked_for) {
        return Err(misdirected(asked_for));
    }
    if !method.is_safe() && is_cross_site(host, headers) {
        let why = "A page of another site sent this, so it was not done. Use Drainboard's own pages, or a script.";
        return Err(Problem::new(Kind::CrossSite, why));
    }
    Ok(())
}

fn misdirected(host: &str) -> Problem {
    let host = clean(host, 100);
    let how = format!(
        "Drainboard does not answer to the name {host:?}. Open it by the address it listens on, or start it with \
         --allowed-host {host} if that name is meant to lead here."
    );
    Problem::new(Kind::Misdirected, how)
}

/// Browsers say where a request comes from; what says nothing is no browser. A page on another port of this machine
/// is `same-site`, and another origin all the same.
fn is_cross_site(host: &str, headers: &HeaderMap) -> bool {
    match (text(headers, HeaderName::from_static("sec-fetch-site")), text(headers, header::ORIGIN)) {
        (Some("same-origin" | "none"), _) => false,
        (Some(_), _) => true,
        (None, Some(origin)) => !origin.split_once("://").is_some_and(|(_, from)| from.eq_ignore_ascii_case(host)),
        (None, None) => headers.contains_key("sec-fetch-site") || headers.contains_key(header::ORIGIN),
    }
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(headers: &[(&str, &str)]) -> bool {
        let named = |&(name, value): &(&str, &str)| (name.parse().unwrap(), HeaderValue::from_str(value).unwrap());
        is_cross_site("127.0.0.1:3000", &headers.iter().map(named).collect())
    }

    #[test]
    fn own_pages_and_scripts_pass() {
        assert!(!check(&[]));
        assert!(!check(&[("sec-fetch-site", "same-origin")]));
        assert!(!check(&[("sec-fetch-site", "none")]));
        assert!(!check(&[("origin", "http://127.0.0.1:3000")]));
        assert!(!check(&[("origin", "https://127.0.0.1:3000")]));
    }

    #[test]
    fn pages_of_others_do_not_even_from_another_port_of_this_machine() {
        assert!(check(&[("sec-fetch-site", "cross-site")]));
        assert!(check(&[("sec-fetch-site", "same-site")]));
        assert!(check(&[("sec-fetch-site", "cross-site"), ("origin", "http://127.0.0.1:3000")]));
        assert!(check(&[("origin", "http://127.0.0.1:8000")]));
        assert!(check(&[("origin", "null")]));
        assert!(check(&[("origin", "http://evil.example")]));
    }
}
