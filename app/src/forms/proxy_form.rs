//! The forms that connect a proxy, give it another address, and forget it.

use domain::{Board, ProxyKind, ProxyState};
use leptos::prelude::*;

use crate::{FormState, PageData, Route};

use super::frame::{Frame, Place, actions, danger, enter};
use super::held::held;
use super::proxy_trial;
use super::sheet::{Entry, Sheet};

/// Connects a proxy.
pub(super) fn connect(data: &PageData) -> AnyView {
    let state = data.typed().unwrap_or_else(|| FormState::with([("kind", "haproxy".to_owned())]));
    let sheet = Sheet::new(&state, data.language, Some("name"));
    let words = sheet.words().proxy;
    let frame = Frame { place: Place::Proxies, title: words.connect.to_owned(), lead: words.connect_lead.to_owned() };
    let kinds = ProxyKind::ALL.map(|kind| (kind.as_str(), kind.title().to_owned()));
    let form = view! {
        <form method="post" action=Route::NewProxy.to_string() class="form" novalidate>
            {enter()}
            <div class="card form-card">
                <div class="form-row">
                    {sheet.line("name", Entry::Code)}
                    {sheet.choice("kind", &kinds)}
                </div>
                {sheet.line("address", Entry::Code)}
                {sheet.line("why", Entry::Line)}
            </div>
            {actions(&sheet, words.connect_do.to_owned(), Some(test(&sheet, &Route::NewProxy)), &Route::Proxies)}
        </form>
        {proxy_trial::result(data, &state)}
    };
    frame.around(&sheet, form.into_any())
}

/// Gives a proxy another address.
pub(super) fn edit(data: &PageData, proxy: &ProxyState) -> AnyView {
    let proxy = &proxy.proxy;
    let filled = || FormState::with([("kind", proxy.kind.to_string()), ("address", proxy.address.to_string())]);
    let state = data.typed().unwrap_or_else(filled);
    let sheet = Sheet::new(&state, data.language, None);
    let words = sheet.words();
    let frame = Frame {
        place: Place::Proxy(&proxy.name),
        title: (words.proxy.edit)(proxy.name.as_str()),
        lead: words.proxy.edit_lead.to_owned(),
    };
    let action = Route::EditProxy(proxy.name.clone());
    let back = Route::Proxy(proxy.name.clone());
    let form = view! {
        <form method="post" action=action.to_string() class="form" novalidate>
            {enter()}
            <input type="hidden" name="kind" value=proxy.kind.as_str()/>
            <div class="card form-card">
                {sheet.line("address", Entry::Code)}
                {sheet.line("why", Entry::Line)}
            </div>
            {actions(&sheet, words.save.to_owned(), Some(test(&sheet, &action)), &back)}
        </form>
        {proxy_trial::result(data, &state)}
    };
    frame.around(&sheet, form.into_any())
}

/// The button that looks without saving. The page that comes back begins at the result.
fn test(sheet: &Sheet<'_>, action: &Route) -> AnyView {
    let words = sheet.words().proxy;
    let action = format!("{action}#trial");
    view! {
        <button type="submit" class="btn" name="action" value="test" formaction=action aria-describedby="test-lead">
            {words.test}
        </button>
        <span class="form-aside" id="test-lead">{words.test_lead}</span>
    }
    .into_any()
}

/// Asks before a proxy is forgotten.
pub(super) fn delete(data: &PageData, board: &Board, proxy: &ProxyState) -> AnyView {
    let state = data.typed().unwrap_or_else(FormState::of_removal);
    let sheet = Sheet::new(&state, data.language, None);
    let words = sheet.words().proxy;
    let name = &proxy.proxy.name;
    let bound: Vec<_> = board.bindings.values().filter(|state| state.binding.proxy == *name).collect();
    let frame = Frame {
        place: Place::Proxy(name),
        title: (words.delete)(name.as_str()),
        lead: (words.delete_lead)(bound.len()),
    };
    let form = view! {
        <form method="post" action=Route::DeleteProxy(name.clone()).to_string() class="form" novalidate>
            <div class="card form-card">
                {held(&sheet, &bound)}
                {sheet.line("why", Entry::Line)}
            </div>
            {danger(&sheet, words.delete_do.to_owned(), &Route::Proxy(name.clone()))}
        </form>
    };
    frame.around(&sheet, form.into_any())
}
