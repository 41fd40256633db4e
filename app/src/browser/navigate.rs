//! From page to page without loading the document again. Where this does not run, links and forms do the same.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, Event, HtmlAnchorElement, HtmlElement, HtmlInputElement, MouseEvent, SubmitEvent};

use crate::live::{Live, Wish};
use crate::{Filter, Route};

use super::{fetch, on, on_document, past_form};

/// Shows other pages of the console.
#[derive(Clone, Copy)]
pub(super) struct Navigation {
    live: Live,
    /// So many pages were asked for; an answer to an earlier question is not shown.
    asked: StoredValue<u32>,
}

/// Whether the address becomes an entry of the history.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Entry {
    New,
    Same,
    /// It takes the place of the one that is open.
    Replaced,
}

impl Navigation {
    /// Follows links, the search field and the history.
    pub(super) fn start(live: Live) -> Self {
        let navigation = Self { live, asked: StoredValue::new(0) };
        on_document("click", move |event: MouseEvent| navigation.on_click(&event));
        on_document("submit", move |event: Event| navigation.on_search(&event));
        on_document("submit", move |event: SubmitEvent| {
            if let Some(url) = past_form::address(&event) {
                event.prevent_default();
                navigation.go(url);
            }
        });
        on_document("input", move |event: Event| navigation.on_typing(&event));
        on(&window(), "popstate", move |_: Event| navigation.on_return());
        Effect::watch(move || live.wish.get(), move |wish, _, _| navigation.grant(wish.as_ref()), false);
        navigation
    }

    /// Goes to a page.
    pub(super) fn go(self, url: String) {
        self.show(url, Entry::New);
    }

    fn grant(self, wish: Option<&Wish>) {
        if let Some(Wish { url, is_step }) = wish.cloned() {
            self.show(url, if is_step { Entry::New } else { Entry::Replaced });
        }
    }

    fn show(self, url: String, entry: Entry) {
        let (path, query) = split(&url);
        if self.narrows(path) {
            remember(&url, entry);
            let filter = Filter::parse(query);
            let is_other_part = filter.page != self.live.filter.with_untracked(|filter| filter.page);
            self.live.filter.set(filter);
            if is_other_part && entry == Entry::New {
                request_animation_frame(move || arrive(entry));
            }
            return;
        }
        self.asked.update_value(|asked| *asked += 1);
        let question = self.asked.get_value();
        spawn_local(async move {
            let (address, _) = url.split_once('#').unwrap_or((&url, ""));
            let page = fetch::page_data(self.live, address).await;
            let is_prepared = self.live.prepare(address).await;
            match page.filter(|data| is_prepared && self.live.understands(data)) {
                Some(data) if self.asked.get_value() == question => {
                    remember(&url, entry);
                    if let Some(data) = self.live.turn(data) {
                        self.live.show(data);
                        request_animation_frame(move || arrive(entry));
                    }
                }
                Some(_) => {}
                // The browser says best what is wrong.
                None => drop(window().location().assign(&url)),
            }
        });
    }

    /// Whether the page that is open has that path, and a list that a query narrows.
    fn narrows(self, path: &str) -> bool {
        let open = self.live.page.with_untracked(|page| page.path.split('?').next() == Some(path));
        open && Route::parse(path).is_some_and(|route| route.has_list())
            && self.live.page.with_untracked(|page| page.found)
    }

    /// Back, forward, or another place of the page that is open: then only the fragment differs, and what was typed stays.
    fn on_return(self) {
        let address = here();
        let is_open = self.live.page.with_untracked(|page| page.path == address);
        if !is_open || self.narrows(split(&address).0) {
            self.show(address, Entry::Same);
        }
    }

    fn on_click(self, event: &MouseEvent) {
        let has_modifier = event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key();
        let element = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let link = element.and_then(|element| element.closest("a[href]").ok().flatten());
        let Some(link) = link.and_then(|link| link.dyn_into::<HtmlAnchorElement>().ok()) else { return };
        if link.has_attribute("data-reload") {
            event.prevent_default();
            return drop(window().location().reload());
        }
        let is_plain = !has_modifier && event.button() == 0 && link.target().is_empty() && !event.default_prevented();
        let is_ours = window().location().origin().is_ok_and(|origin| link.origin() == origin);
        if is_plain && is_ours && link.hash().is_empty() && Route::parse(&link.pathname()).is_some() {
            event.prevent_default();
            self.go(format!("{}{}", link.pathname(), link.search()));
        }
    }

    fn on_search(self, event: &Event) {
        let form = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let Some(form) = form.filter(|form| form.class_name() == "search") else { return };
        event.prevent_default();
        let input = form.query_selector("input").ok().flatten();
        let text = input.and_then(|input| input.dyn_into::<HtmlInputElement>().ok()).map(|input| input.value());
        let action = form.get_attribute("action").unwrap_or_else(|| "/".to_owned());
        let kept = if self.narrows(&action) { self.live.filter.get_untracked() } else { Filter::default() };
        self.go(format!("{action}{}", Filter { text: text.unwrap_or_default().trim().to_owned(), page: 0, ..kept }));
    }

    /// Narrows the list while it is typed, where the page has one.
    fn on_typing(self, event: &Event) {
        let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
        let Some(input) = input.filter(|input| input.id() == "search") else { return };
        let address = here();
        let (path, _) = split(&address);
        if self.narrows(path) {
            self.live.filter.update(|filter| (filter.text, filter.page) = (input.value(), 0));
            let query = self.live.filter.with_untracked(ToString::to_string);
            remember_in_place(&format!("{path}{query}"));
        }
    }
}

/// Where the browser is.
fn here() -> String {
    let location = window().location();
    format!("{}{}", location.pathname().unwrap_or_default(), location.search().unwrap_or_default())
}

fn split(url: &str) -> (&str, &str) {
    let address = url.split('#').next().unwrap_or_default();
    address.split_once('?').unwrap_or((address, ""))
}

fn remember(url: &str, entry: Entry) {
    // Refused only when called absurdly often; the page is shown all the same.
    match (entry, window().history()) {
        (Entry::New, Ok(history)) => drop(history.push_state_with_url(&JsValue::NULL, "", Some(url))),
        (Entry::Replaced, _) => remember_in_place(url),
        _ => {}
    }
}

/// The address of the page that is open is another, and nothing is asked for.
pub(crate) fn remember_in_place(url: &str) {
    if let Ok(history) = window().history() {
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(url));
    }
}

/// A new page is read from its beginning, by eye and by screen reader.
fn arrive(entry: Entry) {
    let find = |selector| document().query_selector(selector).ok().flatten();
    let place = find("[autofocus]").or_else(|| find("#main"));
    if let Some(place) = place.and_then(|place| place.dyn_into::<HtmlElement>().ok()) {
        let _ = place.focus();
    }
    // After the focus, which scrolls too.
    if entry == Entry::New {
        window().scroll_to_with_x_and_y(0.0, 0.0);
    }
}
