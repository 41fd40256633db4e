//! The HTML document around a page.

use leptos::prelude::*;

use crate::pages::{self, App};
use crate::parts::Part;
use crate::ssr::{Assets, to_json};
use crate::state::{Later, PageData, Theme};

/// The whole document. Its data comes last: nothing that is seen waits for it.
pub(crate) fn document(data: &PageData, assets: &Assets) -> String {
    let language = data.language.as_str();
    let theme = match data.theme {
        Theme::System => String::new(),
        theme => format!(" data-theme=\"{}\"", theme.as_str()),
    };
    let title = escape(&pages::title(data, data.subject.as_deref(), data.counts.unhealthy));
    let files = files(data, assets);
    let body = body(data);
    let data = blocks(data);
    format!(
        "<!DOCTYPE html><html lang=\"{language}\"{theme}><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <title>{title}</title>{files}</head><body>{body}\
         {data}</body></html>"
    )
}

/// The page itself, as the browser will take it over.
pub(crate) fn body(data: &PageData) -> String {
    let data = data.clone();
    let owner = Owner::new_root(None);
    owner.with(|| view! { <App data/> }.to_html())
}

/// Stylesheet and scripts; without the scripts every page still reads and every form still works.
fn files(data: &PageData, assets: &Assets) -> String {
    let Assets { css, js, wasm, glue, parts, .. } = assets;
    let mut files = String::from("<link rel=\"icon\" id=\"favicon\" href=\"/favicon.svg\" type=\"image/svg+xml\">");
    if !css.is_empty() {
        files.push_str(&format!("<link rel=\"stylesheet\" href=\"{css}\">"));
    }
    if !js.is_empty() {
        files.push_str(&format!(
            "<link rel=\"modulepreload\" href=\"{glue}\">\
             <link rel=\"preload\" href=\"{wasm}\" as=\"fetch\" type=\"application/wasm\" crossorigin>\
             <script type=\"module\" async src=\"{js}\"></script>"
        ));
        let needed = Part::of_path(&data.path).iter().map(|part| part.name());
        let of_page = needed.filter_map(|name| parts.iter().find(|(part, _)| *part == name));
        // What loads parts is a module that the program's own imports, so it is wanted on every page.
        let loader = parts.iter().flat_map(|(_, files)| files.iter().copied()).filter(|path| path.ends_with(".js"));
        let mut paths: Vec<&str> = of_page.flat_map(|(_, files)| files.iter().copied()).chain(loader).collect();
        paths.sort_unstable();
        paths.dedup();
        paths.iter().for_each(|path| files.push_str(&preload(path)));
    }
    files
}

/// What the program will ask for as soon as it runs.
fn preload(path: &str) -> String {
    match path.ends_with(".js") {
        true => format!("<link rel=\"modulepreload\" href=\"{path}\">"),
        false => {
            format!("<link rel=\"preload\" href=\"{path}\" as=\"fetch\" type=\"application/wasm\" crossorigin>")
        }
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// The page's data, and apart from that its board, which the browser's program reads later.
fn blocks(data: &PageData) -> String {
    let rest = to_json(&PageData { board: Later::default(), ..data.clone() });
    let board = match data.board.is_nothing() {
        true => String::new(),
        false => block("page-board", &serde_json::to_string(&*data.board).unwrap_or_default()),
    };
    format!("{board}{}", block("page-data", &rest))
}

/// JSON that cannot end the script element it stands in.
fn block(id: &str, json: &str) -> String {
    format!("<script type=\"application/json\" id=\"{id}\">{}</script>", json.replace('<', "\\u003c"))
}

#[cfg(test)]
mod tests;
