//! The forms that bind a backend to a group, change what we may do there, and remove the binding.

use domain::{BindingState, Board, CHANGES_PER_MINUTE, Mode, ProxyKind, ProxyState};
use leptos::prelude::*;

use crate::route::pairs;
use crate::text::Text;
use crate::{FormState, PageData, Route};

use super::frame::{Frame, Place, actions, danger};
use super::held::held;
use super::sheet::{Entry, Sheet};

/// Binds a backend.
pub(super) fn bind(data: &PageData, board: &Board, proxy: &ProxyState) -> AnyView {
    let state = data.typed().unwrap_or_else(|| fresh(data));
    let sheet = Sheet::new(&state, data.language, Some("backend"));
    let words = sheet.words().proxy;
    let name = &proxy.proxy.name;
    let frame =
        Frame { place: Place::Proxy(name), title: (words.bind)(name.as_str()), lead: words.bind_lead.to_owned() };
    let groups: Vec<_> = board.groups.keys().map(|name| (name.as_str(), name.to_string())).collect();
    let backends = free_backends(board, proxy);
    let backend = match &backends {
        Some(names) if names.is_empty() => return frame.around(&sheet, note(words.all_bound)),
        Some(names) => sheet.choice("backend", &names.iter().map(|name| (name, name.clone())).collect::<Vec<_>>()),
        None => sheet.line("backend", Entry::Code),
    };
    if groups.is_empty() {
        return frame.around(&sheet, note(words.no_groups));
    }
    let form = view! {
        <form method="post" action=Route::Bind(name.clone()).to_string() class="form" novalidate>
            <div class="card form-card">
                <div class="form-row">{backend}{sheet.choice("group", &groups)}</div>
                {conduct(&sheet, data, proxy.proxy.kind)}
                {sheet.line("why", Entry::Line)}
            </div>
            {actions(&sheet, words.bind_do.to_owned(), None, &Route::Proxy(name.clone()))}
        </form>
    };
    frame.around(&sheet, form.into_any())
}

fn note(text: &'static str) -> AnyView {
    view! { <p class="card form-card">{text}</p> }.into_any()
}

/// The form as it begins: with what the link says, observing only.
fn fresh(data: &PageData) -> FormState {
    let query = data.path.split_once('?').map_or("", |(_, query)| query);
    let mut state =
        FormState::with([("mode", Mode::Observe.to_string()), ("changes_per_minute", CHANGES_PER_MINUTE.to_string())]);
    state.fields.extend(pairs(query).into_iter().filter(|(name, _)| matches!(name.as_str(), "backend" | "group")));
    state
}

/// The backends that are not bound yet; none where the proxy was not looked at.
fn free_backends(board: &Board, proxy: &ProxyState) -> Option<Vec<String>> {
    let look = proxy.look.as_ref()?;
    let is_bound = |backend: &str| {
        let bindings = board.bindings.values().map(|state| &state.binding);
        bindings.filter(|binding| binding.proxy == proxy.proxy.name).any(|binding| binding.backend == backend)
    };
    Some(look.backends.iter().map(|backend| backend.name.clone()).filter(|name| !is_bound(name)).collect())
}

/// What we may do, each way explained, and the limits of the automatic one.
fn conduct(sheet: &Sheet<'_>, data: &PageData, kind: ProxyKind) -> AnyView {
    let words = Text::of(data.language).proxy();
    let modes = Mode::ALL.map(|mode| (mode.as_str(), (words.mode)(mode), (words.mode_says)(mode)));
    view! {
        {sheet.radios("mode", &modes)}
        {sheet.line("changes_per_minute", Entry::Number)}
        {(kind == ProxyKind::Haproxy).then(|| sheet.switch("cut_unhealthy"))}
    }
    .into_any()
}

/// Gives a binding another mode or limit.
pub(super) fn edit(data: &PageData, board: &Board, binding: &BindingState) -> AnyView {
    let binding = &binding.binding;
    let proxy = board.proxies.get(&binding.proxy);
    let kind = proxy.map_or(ProxyKind::Haproxy, |state| state.proxy.kind);
    let filled = || {
        FormState::with([
            ("mode", binding.mode.to_string()),
            ("changes_per_minute", binding.changes_per_minute.to_string()),
            ("cut_unhealthy", binding.cut_unhealthy.to_string()),
        ])
    };
    let state = data.typed().unwrap_or_else(filled);
    let sheet = Sheet::new(&state, data.language, None);
    let words = sheet.words();
    let frame = Frame {
        place: Place::Proxy(&binding.proxy),
        title: (words.proxy.edit_binding)(&binding.backend),
        lead: (words.proxy.edit_binding_lead)(&binding.backend, binding.group.as_str()),
    };
    let action = Route::EditBinding(binding.proxy.clone(), binding.id);
    let form = view! {
        <form method="post" action=action.to_string() class="form" novalidate>
            <div class="card form-card">
                {conduct(&sheet, data, kind)}
                {sheet.line("why", Entry::Line)}
            </div>
            {actions(&sheet, words.save.to_owned(), None, &Route::Proxy(binding.proxy.clone()))}
        </form>
    };
    frame.around(&sheet, form.into_any())
}

/// Asks before a binding is removed.
pub(super) fn unbind(data: &PageData, state: &BindingState) -> AnyView {
    let form = data.typed().unwrap_or_else(FormState::of_removal);
    let sheet = Sheet::new(&form, data.language, None);
    let words = sheet.words().proxy;
    let binding = &state.binding;
    let frame = Frame {
        place: Place::Proxy(&binding.proxy),
        title: (words.unbind)(&binding.backend, binding.group.as_str()),
        lead: words.unbind_lead.to_owned(),
    };
    let action = Route::Unbind(binding.proxy.clone(), binding.id);
    let form = view! {
        <form method="post" action=action.to_string() class="form" novalidate>
            <div class="card form-card">
                {held(&sheet, &[state])}
                {sheet.line("why", Entry::Line)}
            </div>
            {danger(&sheet, words.unbind_do.to_owned(), &Route::Proxy(binding.proxy.clone()))}
        </form>
    };
    frame.around(&sheet, form.into_any())
}
