//! Forms in the browser: sent without a page load, and answered on the page that is open.
//!
//! One listener for all forms. Where it does not run, the browser sends the same form itself.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::{JsCast, JsValue, closure::Closure};
use serde::Deserialize;
use web_sys::{Element, FormData, HtmlElement, HtmlFormElement, RequestInit, Response, SubmitEvent, UrlSearchParams};

use crate::browser::{ask, page_data, text_of};
use crate::live::Live;
use crate::{PageData, wire};

/// Takes over every form that is posted. `go` shows another page of the console.
pub(crate) fn enhance(live: Live, go: impl Fn(String) + Copy + 'static) {
    let listener = Closure::<dyn Fn(SubmitEvent)>::new(move |event: SubmitEvent| {
        if let Some(sending) = Sending::of(&event) {
            event.prevent_default();
            if sending.begin() {
                spawn_local(sending.send(live, go));
            }
        }
    });
    let listens = document().add_event_listener_with_callback("submit", listener.as_ref().unchecked_ref());
    if listens.is_ok() {
        // It listens as long as the document lives.
        listener.forget();
    }
}

/// A form on its way.
struct Sending {
    form: HtmlFormElement,
    button: Option<HtmlElement>,
    url: String,
}

/// What the server answers: where to go, or the page of the form again.
enum Answer {
    Elsewhere(SeeOther),
    Page(Box<PageData>),
}

#[derive(Deserialize)]
struct SeeOther {
    see_other: String,
}

impl Answer {
    /// Reads one after the other: an untagged enum would compile all the code that reads a page a second time.
    fn read(text: &str) -> Result<Self, wire::Unreadable> {
        wire::read(text).map(Self::Elsewhere).or_else(|_| wire::read(text).map(Self::Page))
    }
}

/// Marks a form that the browser sends itself: what it changes is the whole document.
const NATIVE: &str = "data-native";

impl Sending {
    fn of(event: &SubmitEvent) -> Option<Self> {
        let form: HtmlFormElement = event.target()?.dyn_into().ok()?;
        let button: Option<HtmlElement> = event.submitter();
        // By attribute: a button called "action" hides the property.
        let of_button = button.as_ref().and_then(|button| button.get_attribute("formaction"));
        let url = of_button.or_else(|| form.get_attribute("action"))?;
        let is_post = form.get_attribute("method").is_some_and(|method| method.eq_ignore_ascii_case("post"));
        let is_ours = is_post && !form.has_attribute(NATIVE) && !event.default_prevented();
        is_ours.then_some(Self { form, button, url })
    }

    /// Marks the form as under way; false if it is already.
    fn begin(&self) -> bool {
        let is_idle = !self.form.has_attribute("aria-busy");
        // Marks are for the eye; sending goes on without them.
        let _ = self.form.set_attribute("aria-busy", "true");
        is_idle
    }

    async fn send(self, live: Live, go: impl Fn(String) + 'static) {
        let answer = self.answer(live).await;
        let _ = self.form.remove_attribute("aria-busy");
        match answer {
            Ok(Answer::Elsewhere(SeeOther { see_other })) if is_here(&see_other) => stay(live).await,
            Ok(Answer::Elsewhere(SeeOther { see_other })) => go(see_other),
            Ok(Answer::Page(data)) if live.understands(&data) && live.prepare(&data.path).await => show(live, *data),
            // Nothing was done, and the page that says so cannot be shown: the server is another one by now.
            Ok(Answer::Page(_)) => self.complain(live.text().sending.no_answer),
            Err(sentence) => self.complain(&sentence),
        }
    }

    async fn answer(&self, live: Live) -> Result<Answer, String> {
        let words = &live.text().sending;
        let response = self.fetch(live).await.map_err(|_| words.no_answer.to_owned())?;
        let text = text_of(&response).await.map_err(|_| words.no_answer.to_owned())?;
        Answer::read(&text).map_err(|_| (words.odd_answer)(response.status()))
    }

    async fn fetch(&self, live: Live) -> Result<Response, JsValue> {
        let request = RequestInit::new();
        request.set_method("POST");
        let body = self.body()?;
        request.set_body(&body);
        ask(live, &self.url, &request).await
    }

    /// The fields as the browser would send them, with the name of the button that was pressed.
    fn body(&self) -> Result<UrlSearchParams, JsValue> {
        let fields = FormData::new_with_form(&self.form)?;
        let pressed = self.button.as_ref().and_then(|b| Some((b.get_attribute("name")?, b.get_attribute("value")?)));
        if let Some((name, value)) = pressed {
            fields.append_with_str(&name, &value)?;
        }
        UrlSearchParams::new_with_str_sequence_sequence(&fields)
    }

    /// Says that nothing was done, above the form; everything typed is still in it.
    fn complain(&self, sentence: &str) {
        let old = document().query_selector(".form-offline").ok().flatten();
        let place = old.or_else(|| document().create_element("p").ok());
        if let Some(place) = place {
            place.set_class_name("form-summary form-offline");
            let _ = place.set_attribute("role", "alert");
            place.set_text_content(Some(sentence));
            let _ = self.form.before_with_node_1(&place);
        }
    }
}

fn is_here(url: &str) -> bool {
    window().location().pathname().is_ok_and(|path| path == url)
}

/// Takes in what was done without drawing the page anew: what is ticked, filtered or in focus stays.
async fn stay(live: Live) {
    let url = live.address();
    // Should it fail, the stream tells the same a moment later.
    let data = page_data(live, &url).await;
    if let Some(mut data) = data.filter(|_| live.address() == url) {
        live.renew(&mut data);
    }
}

/// Shows the page that came back, and brings the reader to what they have to see.
fn show(live: Live, data: PageData) {
    let is_elsewhere = window().location().pathname().is_ok_and(|path| path != data.path);
    if is_elsewhere && let Ok(history) = window().history() {
        // Without an entry of its own, "back" would leave the console.
        let _ = history.push_state_with_url(&JsValue::NULL, "", Some(&data.path));
    }
    live.show(data);
    request_animation_frame(look);
}

/// What was tried, what is wrong, or the headline.
fn look() {
    let find = |selector| document().query_selector(selector).ok().flatten();
    let found: Option<Element> = ["#trial", "[aria-invalid=true]", ".form-summary", "h1"].into_iter().find_map(find);
    if let Some(element) = found.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        if element.tab_index() < 0 {
            let _ = element.set_attribute("tabindex", "-1");
        }
        let _ = element.focus();
        element.scroll_into_view_with_bool(element.id() != "trial");
    }
}
