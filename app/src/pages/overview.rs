//! All groups: a sentence about the state, counts that are filters, a row a group, and what happened.

use domain::{Board, Counts, GroupName, GroupState, Reason, Status};
use leptos::prelude::*;

use crate::components::{
    Ago, Chips, EventList, LaneBar, Reminders, Segments, is_unconfirmed, read_fails_open, segments,
};
use crate::live::{Live, Topic};
use crate::route::is_problem;
use crate::text::{Text, millis, share};
use crate::{Filter, LabIs, Route, Tab};

/// The page.
pub(super) fn page() -> AnyView {
    let live = Live::here();
    let is_first_run = Memo::new(move |_| live.board(Topic::Groups, |board| board.groups.is_empty()));
    (move || if is_first_run.get() { first_run().into_any() } else { board().into_any() }).into_any()
}

/// An empty board says what to do next.
fn first_run() -> impl IntoView {
    let live = Live::here();
    let text = live.text();
    let script = move || {
        let origin = if live.is_mounted.get() { origin() } else { None };
        let origin = origin.unwrap_or_else(|| live.page.with(|page| format!("http://{}", page.host)));
        format!("curl -X POST {origin}/api/v1/target-groups \\\n  -H 'content-type: application/json' \\\n  {EXAMPLE}")
    };
    let offer = move || (live.lab_is.get() == LabIs::Idle).then(lab_offer);
    view! {
        <div class="first">
            <h1>{text.overview.first_run}</h1>
            <p class="sub">{text.overview.first_run_lead}</p>
            <div class="first-acts">
                <a class="btn primary" href="/groups/new">{text.overview.create}</a>
                {offer}
            </div>
            <p class="sub">{text.overview.first_run_script}</p>
            <pre tabindex="0"><code>{script}</code></pre>
        </div>
    }
}

/// Something to watch at once.
fn lab_offer() -> impl IntoView {
    let (start, offer) = Live::here().text().lab_one(|words| (words.start, words.offer));
    view! {
        <form method="post" action=Route::Lab.to_string()>
            <button class="btn" name="action" value="start" aria-describedby="lab-offer">{start}</button>
        </form>
        <p class="sub" id="lab-offer">{offer}</p>
    }
}

const EXAMPLE: &str = r#"-d '{"name":"web","protocol":"HTTP","port":8000}'"#;

/// Where this console is, as the browser knows it.
fn origin() -> Option<String> {
    if cfg!(feature = "hydrate") { window().location().origin().ok() } else { None }
}

fn board() -> impl IntoView {
    let live = Live::here();
    let text = live.text();
    let counts = Memo::new(move |_| live.board(Topic::Counts, Board::counts));
    let restored = Memo::new(move |_| live.board(Topic::Counts, |board| board.groups.values().any(is_unconfirmed)));
    let path = live.page.with_untracked(|page| page.path.split('?').next().unwrap_or("/").to_owned());
    view! {
        <div class="head">
            <Headline/>
            <span class="grow"></span>
            <a class="btn primary" href=Route::NewGroup.to_string()>{text.overview.create}</a>
        </div>
        <Reminders/>
        <Chips path counts restored/>
        <div class="card"><Groups/></div>
        <section class="card below" aria-labelledby="events-title">
            <h2 class="card-title" id="events-title">
                {text.events.title}
                <a href="/events">{text.events.all}</a>
            </h2>
            <EventList empty=text.events.empty/>
        </section>
    }
}

/// The state in a sentence.
#[component]
fn Headline() -> impl IntoView {
    let live = Live::here();
    let text = live.text();
    let said = Memo::new(move |_| {
        live.board(Topic::Groups, |_| ());
        live.board(Topic::Counts, |board| headline(board, text))
    });
    view! {
        <div>
            <h1>{move || said.get().0}</h1>
            <p class="sub">{move || said.get().1}</p>
        </div>
    }
    .into_any()
}

fn headline(board: &Board, text: &Text) -> (String, String) {
    let words = &text.overview;
    let counts = board.counts();
    let down: Vec<(&GroupState, Counts)> =
        board.groups.values().map(|group| (group, group.counts())).filter(|(_, counts)| 0 < counts.unhealthy).collect();
    let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    let groups = (words.in_groups)(number(board.groups.len()));
    let (title, sub) = match (down.len(), counts) {
        (0, counts) if counts.total() == 0 => (words.no_targets.to_owned(), words.no_targets_lead.to_owned()),
        (0, Counts { unavailable: 1.., .. }) => ((words.not_seen)(counts.unavailable), groups),
        (0, Counts { initial: 1.., .. }) => ((words.first_checks)(counts.initial), groups),
        (0, counts) if counts.healthy < counts.total() => {
            (text.drain_one(|words| words.in_service)(counts.healthy, counts.total()), groups)
        }
        (0, counts) => ((words.all_healthy)(counts.total()), groups),
        (count, _) => {
            let lines = down.iter().take(3).map(|(group, counts)| match counts.healthy {
                0 => (words.is_down)(&group.group.name, counts.total()),
                healthy => (words.runs_on)(&group.group.name, healthy, counts.total()),
            });
            ((words.need_you)(number(count)), lines.collect::<Vec<_>>().join(" "))
        }
    };
    let is_restored = board.groups.values().any(is_unconfirmed);
    (title, if is_restored { format!("{sub} {}", text.group_one(|words| words.not_confirmed)) } else { sub })
}

#[component]
fn Groups() -> impl IntoView {
    let live = Live::here();
    let words = &live.text().overview;
    let shown = Memo::new(move |_| {
        let filter = live.filter.get();
        live.board(Topic::Groups, |_| ());
        live.board(Topic::Counts, |board| {
            let groups = board.groups.values().filter(|group| is_shown(group, &filter));
            groups.map(|group| group.group.name.clone()).collect::<Vec<GroupName>>()
        })
    });
    let [group, targets, lane, p95, change] = words.columns;
    let proxies = live.text().proxy_one(|words| words.title);
    let (uptime, uptime_lead) = live.text().past_one(|words| (words.overview, words.uptime_lead));
    view! {
        <table class="rows groups">
            <caption class="quiet">{words.caption}</caption>
            <thead>
                <tr>
                    <th scope="col">{group}</th>
                    <th scope="col">{targets}</th>
                    <th scope="col">{lane}</th>
                    <th scope="col" class="num hide"><abbr title=words.p95_title>{p95}</abbr></th>
                    <th scope="col" class="num hide"><abbr title=uptime_lead>{uptime}</abbr></th>
                    <th scope="col" class="hide">{proxies}</th>
                    <th scope="col">{change}</th>
                </tr>
            </thead>
            <tbody>
                <For each=move || shown.get() key=Clone::clone let(name)><Row name/></For>
            </tbody>
        </table>
        <p class="empty-note" hidden=move || !shown.with(Vec::is_empty)>
            {words.nothing_here}" "<a href="/">{words.show_all}</a>
        </p>
    }
    .into_any()
}

/// A group stays if its name or any of its targets does.
fn is_shown(group: &GroupState, filter: &Filter) -> bool {
    let name = group.group.name.as_str();
    let by_target = group.targets.values().any(|target| {
        let status = target.status(&group.group);
        filter.lets(
            status,
            &[name, group.group.description.as_str(), &target.target.display_name(), &target.target.address()],
        )
    });
    let by_name = Filter { text: filter.text.clone(), ..Filter::default() };
    let has_no_status = filter.status.is_none() && !filter.problems;
    by_target || has_no_status && by_name.lets(Status::Unused, &[name, group.group.description.as_str()])
}

#[component]
fn Row(name: GroupName) -> impl IntoView {
    let live = Live::here();
    let text = live.text();
    let href = Route::Group(name.clone(), Tab::Targets).to_string();
    let name = StoredValue::new(name);
    fn read<T: Default>(live: Live, name: StoredValue<GroupName>, read: impl FnOnce(&GroupState) -> T) -> T {
        name.with_value(|name| live.group(name, read)).unwrap_or_default()
    }
    let counts = Memo::new(move |_| read(live, name, GroupState::counts));
    let is_hot = move || counts.with(|counts| 0 < counts.unhealthy);
    let parts = Memo::new(move |_| read(live, name, segments));
    let lane = Signal::derive(move || read(live, name, |group| group.lane.clone()));
    let p95 = Memo::new(move |_| read(live, name, |group| group.latency_p95().map(millis)));
    let note = Memo::new(move |_| read(live, name, note));
    let fails_open = Memo::new(move |_| name.with_value(|name| read_fails_open(live, name)));
    let fail_open = move || {
        fails_open.get().then(|| view! { " "<b class="tag alarm">{text.proxy_one(|words| words.fail_open_mark)}</b> })
    };
    let before = proxies(live, name);
    let healthy = move || match counts.with(Counts::total) {
        0 => text.overview.empty.to_owned(),
        total => (text.overview.healthy_of)(counts.with(|counts| counts.healthy), total),
    };
    view! {
        <tr class:hot=is_hot data-row="">
            <th scope="row">
                <a class="name" href=href>{name.with_value(ToString::to_string)}</a>
                <span class="note">{move || note.get()}</span>
            </th>
            <td>
                <Segments segments=parts/>
                <span class="note">{healthy}{fail_open}</span>
            </td>
            <td class="wide"><LaneBar lane/></td>
            <td class="num hide">{move || p95.get().unwrap_or_else(|| "–".to_owned())}</td>
            <td class="num hide uptimes">{uptimes(live, name)}</td>
            <td class="hide before">{before}</td>
            <td class="wide change"><Change name/></td>
        </tr>
    }
    .into_any()
}

/// How long a group could serve, over a day and over thirty, as of when the page was made.
fn uptimes(live: Live, name: StoredValue<GroupName>) -> impl Fn() -> Vec<AnyView> {
    let figures = Memo::new(move |_| {
        live.page.with(|page| {
            let of_group = page.uptimes.iter().find(|(group, _)| name.with_value(|name| group == name));
            of_group.map_or([None; 2], |(_, uptimes)| uptimes.map(domain::Uptime::share))
        })
    });
    move || {
        let figure = |known: Option<f64>| match known {
            Some(known) => view! { <span>{share(known)}</span> }.into_any(),
            None => view! { <span class="unknown">"–"</span> }.into_any(),
        };
        let [day, month] = figures.get().map(figure);
        vec![day, " · ".into_any(), month]
    }
}

/// The proxies that stand before a group.
fn proxies(live: Live, name: StoredValue<GroupName>) -> impl Fn() -> String {
    let names = Memo::new(move |_| {
        let topic = name.with_value(|name| Topic::Bindings(name.clone()));
        live.board(topic, |board| {
            let bindings = board.bindings.values().map(|state| &state.binding);
            let bound = bindings.filter(|binding| name.with_value(|name| binding.group == *name));
            let mut names: Vec<String> = bound.map(|binding| binding.proxy.to_string()).collect();
            names.dedup();
            if names.is_empty() { "–".to_owned() } else { names.join(", ") }
        })
    });
    move || names.get()
}

/// How the group is checked, in a line.
fn note(group: &GroupState) -> String {
    let group = &group.group;
    let path = group.check.protocol.is_http().then(|| format!(" · {}", group.check.path));
    format!("{} {}{}", group.protocol, group.port, path.unwrap_or_default())
}

/// The last change of a status in the group.
#[component]
fn Change(name: StoredValue<GroupName>) -> impl IntoView {
    let live = Live::here();
    let text = live.text();
    let change =
        Memo::new(move |_| name.with_value(|name| live.group(name, |group| group.last_change.clone())).flatten());
    move || match change.get() {
        None => view! { <span class="age">{text.overview.no_change}</span> }.into_any(),
        Some(change) => {
            let is_bad = is_problem(change.transition.to);
            let reason = change.transition.reason.filter(|_| is_bad).map(Reason::as_str);
            let word = (text.status_inside)(change.transition.to);
            view! {
                <span>{change.target}" "{word}{reason.map(|reason| format!(" · {reason}"))}" · "<Ago at=change.at/></span>
            }
            .into_any()
        }
    }
}
