//! A server as its proxy tells it, in a row. What is not told is "not observable", never a zero.

use domain::{AdminState, BindingId, BindingState, Board, GroupName, HoldCause, ProxyName, ServerView, TargetId};
use leptos::prelude::*;

use crate::Route;
use crate::components::outside_form;
use crate::live::Live;
use crate::matching;
use crate::text::ProxyText;

/// What a row says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct ServerLine {
    address: Option<String>,
    says: String,
    tone: &'static str,
    admin: String,
    admin_tone: &'static str,
    weight: String,
    is_backup: bool,
    figures: [String; 4],
    last_check: String,
    target: Option<(GroupName, TargetId, String)>,
    outside: Option<BindingId>,
}

impl ServerLine {
    /// Of a server in a backend of a proxy.
    pub(super) fn of(
        board: &Board,
        proxy: &ProxyName,
        backend: &str,
        server: &str,
        words: &'static ProxyText,
    ) -> Option<Self> {
        let look = board.proxies.get(proxy)?.look.as_ref()?;
        let listed = look.backends.iter().find(|other| other.name == backend);
        let view = listed.and_then(|backend| backend.servers.iter().find(|other| other.name == server));
        let binding = bound(board, proxy, backend);
        let is_held = binding.is_some_and(|binding| binding.holds.contains_key(server));
        match view {
            Some(view) => Some(Self::listed(board, binding, view, words)),
            // A server that we took out of the list is not forgotten.
            None if is_held => Some(Self::absent(board, binding?, server, words)),
            None => None,
        }
    }

    fn listed(board: &Board, binding: Option<&BindingState>, view: &ServerView, words: &'static ProxyText) -> Self {
        let figure = |figure: Option<u64>| figure.map_or_else(|| words.not_observable.to_owned(), |n| n.to_string());
        let target = binding.and_then(|binding| matching::target_of(board, binding, view));
        let is_out = view.admin.state != AdminState::Ready;
        let held = binding.and_then(|binding| held(board, binding, &view.name, words));
        let admin = if is_out { (words.out)(view.admin) } else { words.ready.to_owned() };
        Self {
            address: view.address.clone().filter(|address| *address != view.name),
            says: view.says.clone(),
            tone: match (is_out, view.is_up) {
                (true, _) => "says s-draining",
                (false, Some(false)) => "says s-unhealthy",
                (false, _) => "says",
            },
            admin: held.unwrap_or(admin),
            admin_tone: if is_out { "s-draining" } else { "" },
            weight: figure(view.weight.map(u64::from)),
            is_backup: view.backup,
            figures: [view.sessions, view.queue, view.errors, view.retries].map(figure),
            last_check: view.last_check.clone().unwrap_or_else(|| words.not_observable.to_owned()),
            target: target.map(|target| (target.group.clone(), target.id, target.display_name())),
            outside: binding.filter(|b| b.outside.contains_key(&view.name)).map(|b| b.binding.id),
        }
    }

    fn absent(board: &Board, binding: &BindingState, server: &str, words: &'static ProxyText) -> Self {
        let view = ServerView { name: server.to_owned(), says: words.absent.to_owned(), ..ServerView::default() };
        Self { tone: "says s-draining", admin_tone: "s-draining", ..Self::listed(board, Some(binding), &view, words) }
    }
}

/// The binding of a backend.
pub(super) fn bound<'a>(board: &'a Board, proxy: &ProxyName, backend: &str) -> Option<&'a BindingState> {
    board.bindings.values().find(|state| state.binding.proxy == *proxy && state.binding.backend == backend)
}

/// Why we hold a server, in the words of whoever wants it.
fn held(board: &Board, binding: &BindingState, server: &str, words: &ProxyText) -> Option<String> {
    let hold = binding.holds.get(server)?;
    let target = hold.target.and_then(|id| board.target(&binding.binding.group, id));
    let drain = target.and_then(|target| target.drain.as_ref()).filter(|_| hold.cause == HoldCause::Person);
    Some((words.held)(hold.cause, drain.map(|drain| drain.reason.as_str())))
}

/// The row.
#[component]
pub(super) fn ServerRow(
    /// The proxy.
    proxy: StoredValue<ProxyName>,
    /// Its backend.
    backend: StoredValue<String>,
    /// Its name of the server.
    server: String,
    /// The query that leads back to this page.
    back: &'static str,
) -> impl IntoView {
    let live = Live::here();
    let words = live.text().proxy();
    let name = server.clone();
    let line = Memo::new(move |_| {
        proxy.with_value(|proxy| {
            let line = |board: &Board, _: &_| {
                backend.with_value(|backend| ServerLine::of(board, proxy, backend, &server, words))
            };
            live.proxy(proxy, line).flatten().unwrap_or_default()
        })
    });
    let buttons = {
        let name = name.clone();
        let outside = Memo::new(move |_| line.with(|line| line.outside));
        move || outside.get().map(|id| proxy.with_value(|proxy| outside_form(proxy, id, &name, back)))
    };
    let backup = move || line.with(|line| line.is_backup).then(|| view! { " "<span class="tag">{words.backup}</span> });
    let figure = move |index: usize| move || line.with(|line| line.figures.get(index).cloned());
    view! {
        <tr data-row="">
            <th scope="row">
                <span class="name">{name}</span>{backup}
                <span class="note mono">{move || line.with(|line| line.address.clone())}</span>
                <span class="note">{target(line)}</span>
            </th>
            <td><b class=move || line.with(|line| line.tone)>{move || line.with(|line| line.says.clone())}</b></td>
            <td class="wide">
                <span class=move || line.with(|line| line.admin_tone)>{move || line.with(|line| line.admin.clone())}</span>
                {buttons}
            </td>
            <td class="num hide">{move || line.with(|line| line.weight.clone())}</td>
            <td class="num" data-label=words.server_columns[4]>{figure(0)}</td>
            <td class="num hide">{figure(1)}</td>
            <td class="num hide">{figure(2)}</td>
            <td class="num hide">{figure(3)}</td>
            <td class="wide age hide">{move || line.with(|line| line.last_check.clone())}</td>
        </tr>
    }
    .into_any()
}

/// The target that the server is.
fn target(line: Memo<ServerLine>) -> impl Fn() -> Option<AnyView> {
    let target = Memo::new(move |_| line.with(|line| line.target.clone()));
    move || {
        let (group, id, name) = target.get()?;
        let href = Route::Target(group, id).to_string();
        Some(view! { "→ "<a href=href>{name}</a> }.into_any())
    }
}
