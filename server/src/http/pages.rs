//! Every other path: a file, or a page with its HTML and its JSON face and its forms.

use app::ssr::{PageRequest, PageResponse};
use axum::body::Body;
use axum::extract::{FromRequest as _, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse as _, Response};

use super::body::FormFields;
use super::caller::Caller;
use super::problem::{Kind, Problem};
use super::{Site, assets};

/// Whatever no other route takes.
pub(crate) async fn any(State(site): State<Site>, caller: Caller, request: Request) -> Response {
    let method = request.method().clone();
    let path = request.uri().path();
    let page = page_request(request.uri(), request.headers(), &caller);
    match method {
        _ if path.starts_with("/api/") => no_such_route(path).into_response(),
        Method::GET | Method::HEAD => match assets::find(path, request.headers()) {
            Some(file) => file,
            None if assets::is_asset_path(path) => no_such_file().into_text(),
            None => answer(app::ssr::page(&site.engine, &assets::names(), page).await),
        },
        Method::POST => submit(&site, page, request).await,
        _ => ([(header::ALLOW, "GET,HEAD,POST")], method_not_allowed().into_text()).into_response(),
    }
}

/// `GET /find?q=TEXT`: the groups in which a target is found, for the page of all groups, which holds none.
pub(crate) async fn find(State(site): State<Site>, uri: Uri) -> Response {
    axum::Json(app::ssr::found(&site.engine, uri.query().unwrap_or_default())).into_response()
}

/// Whatever a route of the API does not take.
pub(crate) async fn not_allowed(uri: Uri) -> Response {
    let problem = method_not_allowed();
    if uri.path().starts_with("/api/") { problem.into_response() } else { problem.into_text() }
}

async fn submit(site: &Site, page: PageRequest, request: Request) -> Response {
    match FormFields::from_request(request, &()).await {
        Ok(FormFields(fields)) => answer(app::ssr::submit(&site.engine, &assets::names(), page, fields).await),
        Err(problem) if page.wants_json => problem.into_response(),
        Err(problem) => problem.into_text(),
    }
}

fn page_request(uri: &Uri, headers: &HeaderMap, caller: &Caller) -> PageRequest {
    PageRequest {
        path: uri.path().to_owned(),
        query: uri.query().unwrap_or("").to_owned(),
        host: joined(headers, header::HOST, ""),
        cookies: joined(headers, header::COOKIE, "; "),
        accept_language: joined(headers, header::ACCEPT_LANGUAGE, ", "),
        wants_json: wants_json(&joined(headers, header::ACCEPT, ", ")),
        client: caller.address,
    }
}

fn joined(headers: &HeaderMap, name: HeaderName, separator: &str) -> String {
    headers.get_all(name).iter().filter_map(|value| value.to_str().ok()).collect::<Vec<_>>().join(separator)
}

/// Browsers that open a page take anything, and JSON only by `*/*`.
pub(crate) fn wants_json(accept: &str) -> bool {
    accept.split(',').any(|part| part.split(';').next().unwrap_or("").trim() == "application/json")
}

fn answer(page: PageResponse) -> Response {
    let mut response = Response::new(Body::from(page.body));
    *response.status_mut() = StatusCode::from_u16(page.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(page.content_type));
    for (name, value) in page.headers {
        match (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_str(&value)) {
            (Ok(name), Ok(value)) => {
                headers.append(name, value);
            }
            _ => tracing::error!(header = name, "a page answered with a header that cannot be sent"),
        }
    }
    headers.entry(header::VARY).or_insert(HeaderValue::from_static("accept"));
    response
}

fn no_such_route(path: &str) -> Problem {
    let path = domain::clean(path, 100);
    Problem::new(Kind::NotFound, format!("There is no {path}. See /api/v1/openapi.json for what there is."))
}

fn no_such_file() -> Problem {
    Problem::new(Kind::NotFound, "This file belongs to another version of Drainboard. Load the page again.")
}

fn method_not_allowed() -> Problem {
    Problem::new(Kind::MethodNotAllowed, "This does not take that method. The Allow header names the ones it takes.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_of_a_page_are_sent_as_often_as_they_are_given() {
        let headers =
            vec![("Set-Cookie", "a=1".to_owned()), ("Set-Cookie", "b=2".to_owned()), ("Bad", "\n".to_owned())];
        let page = PageResponse { status: 303, content_type: "text/html", headers, body: String::new() };
        let response = answer(page);
        assert_eq!(response.status(), StatusCode::SEE_OTHER);
        assert_eq!(response.headers().get_all("set-cookie").iter().collect::<Vec<_>>(), ["a=1", "b=2"]);
        assert!(!response.headers().contains_key("bad"));
    }

    #[test]
    fn only_who_asks_for_json_by_name_gets_it() {
        assert!(wants_json("application/json"));
        assert!(wants_json("application/json;q=0.9, */*"));
        assert!(!wants_json("text/html,application/xhtml+xml,*/*;q=0.8"));
        assert!(!wants_json("application/jsonp"));
        assert!(!wants_json(""));
    }
}
