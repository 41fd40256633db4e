//! Pages and forms on the server: gather the data, then render it or send it as JSON.

use std::net::IpAddr;

use domain::{Actor, Via};
use engine::{Author, Engine};
use serde_json::json;

use crate::{Language, Notice, PageData, Route, forms, shell};

mod cookies;
mod gather;
mod news;

pub use gather::found;
pub use news::overview_news;

/// A request for a page, as the server read it.
#[derive(Clone, Debug)]
pub struct PageRequest {
    /// The path.
    pub path: String,
    /// The query without its question mark.
    pub query: String,
    /// The `Host` header.
    pub host: String,
    /// The `Cookie` header.
    pub cookies: String,
    /// The `Accept-Language` header.
    pub accept_language: String,
    /// Whether data is wanted, not a page.
    pub wants_json: bool,
    /// Where the request came from.
    pub client: Option<IpAddr>,
}

/// What to answer.
#[derive(Clone, Debug)]
pub struct PageResponse {
    /// The HTTP status.
    pub status: u16,
    /// The media type of the body.
    pub content_type: &'static str,
    /// Other headers.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub body: String,
}

/// Names of the browser's files, as the server serves them. Empty where they are not built in.
#[derive(Clone, Copy, Debug, Default)]
pub struct Assets {
    /// The stylesheet.
    pub css: &'static str,
    /// The module that starts the browser's program.
    pub js: &'static str,
    /// The browser's program.
    pub wasm: &'static str,
    /// The module that the starting one imports.
    pub glue: &'static str,
    /// The parts of the program that not every page needs, and their files.
    pub parts: &'static [(&'static str, &'static [&'static str])],
    /// Differs when any of the files does.
    pub build: &'static str,
}

/// Answers a GET.
pub async fn page(engine: &Engine, assets: &Assets, request: PageRequest) -> PageResponse {
    let desk = Desk { engine, assets, request: &request };
    let data = desk.data().await;
    let status = if data.found { 200 } else { 404 };
    desk.show(status, &data)
}

/// Answers a POST with these urlencoded fields.
pub async fn submit(
    engine: &Engine,
    assets: &Assets,
    request: PageRequest,
    form: Vec<(String, String)>,
) -> PageResponse {
    let desk = Desk { engine, assets, request: &request };
    match Route::parse(&request.path) {
        Some(Route::Preferences) => cookies::prefer(&desk, &form),
        Some(route) => forms::submit(&desk, route, form).await,
        None => desk.show(404, &desk.data().await),
    }
}

/// One request, and what answers to it are made with.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Desk<'a> {
    /// The engine.
    pub(crate) engine: &'a Engine,
    /// The browser's files.
    pub(crate) assets: &'a Assets,
    /// The request.
    pub(crate) request: &'a PageRequest,
}

impl Desk<'_> {
    /// What the page of the request shows.
    pub(crate) async fn data(&self) -> PageData {
        gather::page_data(self).await
    }

    /// Who asks.
    pub(crate) fn author(&self, why: Option<String>) -> Author {
        Author { actor: Actor { via: Via::Console, address: self.request.client }, why }
    }

    /// The reader's language. A page that is open asks for data in its own, whatever was chosen elsewhere since.
    pub(crate) fn language(&self) -> Language {
        let PageRequest { cookies, accept_language, wants_json, .. } = self.request;
        let is_said = *wants_json && !accept_language.is_empty();
        cookies::language(if is_said { "" } else { cookies }, accept_language)
    }

    /// The page, or its data.
    pub(crate) fn show(&self, status: u16, data: &PageData) -> PageResponse {
        let mut headers = vec![("Vary", "Accept, Accept-Language, Cookie".to_owned())];
        if data.notice.is_some() {
            headers.push(("Set-Cookie", cookies::forget_notice()));
        }
        if self.request.wants_json {
            headers.push(("Cache-Control", "no-store".to_owned()));
            return PageResponse { status, content_type: "application/json", headers, body: to_json(data) };
        }
        headers.push(("Cache-Control", "no-cache".to_owned()));
        let body = shell::document(data, self.assets);
        PageResponse { status, content_type: "text/html; charset=utf-8", headers, body }
    }

    /// Sends the reader to another page, which tells `notice`.
    pub(crate) fn see_other(&self, url: &str, notice: Option<&Notice>) -> PageResponse {
        let mut headers: Vec<_> = notice.map(|notice| ("Set-Cookie", cookies::notice(notice))).into_iter().collect();
        if self.request.wants_json {
            let body = json!({ "see_other": url }).to_string();
            return PageResponse { status: 200, content_type: "application/json", headers, body };
        }
        headers.push(("Location", url.to_owned()));
        PageResponse { status: 303, content_type: "text/plain; charset=utf-8", headers, body: String::new() }
    }
}

/// The data as JSON. It cannot fail: every key of its maps is a text.
pub(crate) fn to_json(data: &PageData) -> String {
    serde_json::to_string(data).unwrap_or_else(|_| "null".to_owned())
}
