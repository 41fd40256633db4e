//! Where Drainboard and a proxy say different things of a server: both words, for how long, and what can be done.

use domain::{AdminState, BindingId, Disagreement, Dispute, GroupName, ProxyName, TargetId, Timestamp};
use leptos::prelude::*;

use crate::Route;
use crate::components::outside_form;
use crate::live::{Live, Topic};
use crate::text::Text;

/// A row of the list.
#[derive(Clone, Debug, PartialEq)]
struct Line {
    group: GroupName,
    target: TargetId,
    name: String,
    proxy: ProxyName,
    binding: BindingId,
    place: String,
    server: String,
    we: String,
    they: String,
    dispute: Dispute,
    since: Option<Timestamp>,
}

impl Line {
    fn of(disagreement: &Disagreement<'_>, text: &Text) -> Self {
        let Disagreement { group, target, front, dispute, since } = disagreement;
        let words = text.proxy();
        let binding = &front.binding.binding;
        let server = front.name.cloned().unwrap_or_default();
        let is_about_health = matches!(dispute, Dispute::ProxySaysDown | Dispute::ProxySaysUp);
        let status = front_status(disagreement);
        let we = match (is_about_health, target.drain.is_some()) {
            (true, _) => (text.status_inside)(status).to_owned(),
            (false, true) => words.wanted_out.to_owned(),
            (false, false) => words.wanted_in.to_owned(),
        };
        let they = match (front.server, front.admin()) {
            (Some(server), Some(AdminState::Ready)) => server.says.clone(),
            (Some(server), _) => format!("{} · {}", server.says, (words.out)(server.admin)),
            (None, _) => words.absent.to_owned(),
        };
        Self {
            group: (*group).clone(),
            target: target.target.id,
            name: target.target.display_name(),
            proxy: binding.proxy.clone(),
            binding: binding.id,
            place: format!("{} / {} / {server}", binding.proxy, binding.backend),
            server,
            we,
            they,
            dispute: *dispute,
            since: *since,
        }
    }

    /// All of it: a row whose words changed is another row.
    fn key(&self) -> String {
        format!("{self:?}")
    }
}

/// What we believe, whatever is wanted.
fn front_status(disagreement: &Disagreement<'_>) -> domain::Status {
    match disagreement.dispute {
        Dispute::ProxySaysUp => domain::Status::Unhealthy,
        _ => domain::Status::Healthy,
    }
}

/// The list.
#[component]
pub(super) fn Disagreements() -> impl IntoView {
    let live = Live::here();
    let text = live.text();
    let words = text.proxy();
    let lines = Memo::new(move |_| {
        live.board(Topic::Disputes, |board| {
            board.disagreements().iter().map(|disagreement| Line::of(disagreement, text)).collect::<Vec<_>>()
        })
    });
    let is_empty = Memo::new(move |_| lines.with(Vec::is_empty));
    let is_bound = Memo::new(move |_| live.board(Topic::Proxies, |board| !board.bindings.is_empty()));
    let nothing = move || if is_bound.get() { words.agree } else { words.agree_unseen };
    let has_outside = Memo::new(move |_| lines.with(|lines| lines.iter().any(|line| is_outside(line.dispute))));
    let head = words.disagreement_columns.map(|title| view! { <th scope="col">{title}</th> });
    view! {
        <table class="rows disagreements" hidden=move || is_empty.get()>
            <caption class="quiet">{words.disagreements}</caption>
            <thead><tr>{head.into_view()}</tr></thead>
            <tbody>
                <For each=move || lines.get() key=Line::key let(line)>{row(&line)}</For>
            </tbody>
        </table>
        <p class="card-note" hidden=move || !has_outside.get()>{words.outside_lead}</p>
        <p class="empty-note" hidden=move || !is_empty.get()>{nothing}</p>
    }
    .into_any()
}

fn is_outside(dispute: Dispute) -> bool {
    matches!(dispute, Dispute::TakenOutOutside | Dispute::BroughtBackOutside)
}

fn row(line: &Line) -> AnyView {
    let live = Live::here();
    let text = live.text();
    let words = text.proxy();
    let target = Route::Target(line.group.clone(), line.target).to_string();
    let proxy = Route::Proxy(line.proxy.clone()).to_string();
    let since = line.since;
    let lasted = Memo::new(move |_| {
        since.map_or_else(|| words.not_known.to_owned(), |at| (text.span)(live.now.get().millis_since(at)))
    });
    let acts = is_outside(line.dispute).then(|| outside_form(&line.proxy, line.binding, &line.server, "?back=proxies"));
    view! {
        <tr data-row="">
            <th scope="row">
                <a class="name" href=target>{format!("{} / {}", line.group, line.name)}</a>
                <span class="note"><a href=proxy>{line.place.clone()}</a></span>
            </th>
            <td><b>{line.we.clone()}</b></td>
            <td><b class="s-draining">{line.they.clone()}</b></td>
            <td class="wide">{(words.dispute)(line.dispute)}</td>
            <td class="age">{move || lasted.get()}</td>
            <td class="acts">{acts}</td>
        </tr>
    }
    .into_any()
}
