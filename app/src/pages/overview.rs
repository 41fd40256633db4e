//! All groups: a sentence about the state, counts that are filters, a row a group, and what happened.

use domain::{Changed, Counts, Glance, GroupName, Overview, Reason, Status};
use leptos::prelude::*;

use crate::components::{Ago, Chips, EventList, LaneBar, Reminders, Segments, segments};
use crate::live::{Live, Topic};
use crate::route::is_problem;
use crate::text::{Text, millis, share};
use crate::{Filter, LabIs, Route, Tab};

/// The page.
pub(super) fn page() -> AnyView {
    let live = Live::here();
    let is_first_run = Memo::new(move |_| live.overview(Topic::Groups, |overview| overview.groups.is_empty()));
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
    let restored = Memo::new(move |_| live.overview(Topic::Counts, is_unconfirmed));
    let path = live.page.with_untracked(|page| page.path.split('?').next().unwrap_or("/").to_owned());
    view! {
        <div class="head">
            <Headline/>
            <span class="grow"></span>
            <a class="btn primary" href=Route::NewGroup.to_string()>{text.overview.create}</a>
        </div>
        <Reminders/>
        <Chips path counts=live.counts restored/>
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
        live.overview(Topic::Groups, |_| ());
        live.overview(Topic::Counts, |overview| headline(overview, text))
    });
    view! {
        <div>
            <h1>{move || said.get().0}</h1>
            <p class="sub">{move || said.get().1}</p>
        </div>
    }
    .into_any()
}

fn is_unconfirmed(overview: &Overview) -> bool {
    overview.groups.values().any(|glance| glance.unconfirmed)
}

fn headline(overview: &Overview, text: &Text) -> (String, String) {
    let words = &text.overview;
    let counts = overview.counts();
    let all = overview.groups.iter().map(|(name, glance)| (name, glance.counts));
    let down: Vec<(&GroupName, Counts)> = all.filter(|(_, counts)| 0 < counts.unhealthy).collect();
    let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    let groups = (words.in_groups)(number(overview.groups.len()));
    let (title, sub) = match (down.len(), counts) {
        (0, counts) if counts.total() == 0 => (words.no_targets.to_owned(), words.no_targets_lead.to_owned()),
        (0, Counts { unavailable: 1.., .. }) => ((words.not_seen)(counts.unavailable), groups),
        (0, Counts { initial: 1.., .. }) => ((words.first_checks)(counts.initial), groups),
        (0, counts) if counts.healthy < counts.total() => {
            (text.drain_one(|words| words.in_service)(counts.healthy, counts.total()), groups)
        }
        (0, counts) => ((words.all_healthy)(counts.total()), groups),
        (count, _) => {
            let lines = down.iter().take(3).map(|(name, counts)| match counts.healthy {
                0 => (words.is_down)(name, counts.total()),
                healthy => (words.runs_on)(name, healthy, counts.total()),
            });
            ((words.need_you)(number(count)), lines.collect::<Vec<_>>().join(" "))
        }
    };
    (
        title,
        if is_unconfirmed(overview) { format!("{sub} {}", text.group_one(|words| words.not_confirmed)) } else { sub },
    )
}

#[component]
fn Groups() -> impl IntoView {
    let live = Live::here();
    let words = &live.text().overview;
    let shown = Memo::new(move |_| {
        let filter = live.filter.get().trimmed();
        live.overview(Topic::Groups, |_| ());
        live.found.with(|(asked, found)| {
            // Until there is an answer, it is among what was found before.
            let found = if filter.narrows(asked) { found.as_slice() } else { &[] };
            live.overview(Topic::Counts, |overview| {
                let groups = overview.groups.iter().filter(|(name, glance)| is_shown(name, glance, &filter, found));
                groups.map(|(name, _)| name.clone()).collect::<Vec<GroupName>>()
            })
        })
    });
    let is_asking = Memo::new(move |_| {
        let filter = live.filter.get().trimmed();
        !filter.text.is_empty() && live.found.with(|(asked, _)| *asked != filter)
    });
    let is_none = move || shown.with(Vec::is_empty) && !is_asking.get();
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
        <p class="empty-note" hidden=move || !is_none()>
            {words.nothing_here}" "<a href="/">{words.show_all}</a>
        </p>
    }
    .into_any()
}

/// A group stays if it has a target with such a status. Where something is searched for, its name or what it is for may
/// have that in it; whether a target has, only the server knows, which `found` it.
fn is_shown(name: &GroupName, glance: &Glance, filter: &Filter, found: &[GroupName]) -> bool {
    if !filter.text.is_empty() && found.contains(name) {
        return true;
    }
    let by_name = Filter { text: filter.text.clone(), ..Filter::default() };
    if !by_name.lets(Status::Unused, &[name.as_str(), glance.description.as_str()]) {
        return false;
    }
    let is_wanted =
        |status: &Status| filter.status.is_none_or(|only| only == *status) && (!filter.problems || is_problem(*status));
    let has_no_status = filter.status.is_none() && !filter.problems;
    has_no_status || Status::ALL.iter().filter(|status| is_wanted(status)).any(|status| 0 < glance.counts.of(*status))
}

/// Reads a group at a glance; nothing of one that is no more.
fn read<T: Default>(live: Live, name: StoredValue<GroupName>, read: impl FnOnce(&Glance) -> T) -> T {
    let topic = name.with_value(|name| Topic::Group(name.clone()));
    live.overview(topic, |overview| name.with_value(|name| overview.groups.get(name).map(read))).unwrap_or_default()
}

#[component]
fn Row(name: GroupName) -> impl IntoView {
    let live = Live::here();
    let text = live.text();
    let href = Route::Group(name.clone(), Tab::Targets).to_string();
    let name = StoredValue::new(name);
    let counts = Memo::new(move |_| read(live, name, |glance| glance.counts));
    let is_hot = move || counts.with(|counts| 0 < counts.unhealthy);
    let parts = Memo::new(move |_| read(live, name, segments));
    let lane = Signal::derive(move || read(live, name, |glance| glance.lane.clone()));
    let p95 = Memo::new(move |_| read(live, name, |glance| glance.latency_p95.map(millis)));
    let note = Memo::new(move |_| read(live, name, note));
    let fails_open = Memo::new(move |_| read(live, name, |glance| glance.fails_open));
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
        let names: Vec<String> = read(live, name, |glance| glance.proxies.iter().map(ToString::to_string).collect());
        if names.is_empty() { "–".to_owned() } else { names.join(", ") }
    });
    move || names.get()
}

/// How the group is checked, in a line.
fn note(glance: &Glance) -> String {
    let path = glance.path.as_ref().map(|path| format!(" · {path}"));
    format!("{} {}{}", glance.protocol, glance.port, path.unwrap_or_default())
}

/// The last change of a status in the group.
#[component]
fn Change(name: StoredValue<GroupName>) -> impl IntoView {
    let live = Live::here();
    let text = live.text();
    let change = Memo::new(move |_| read(live, name, |glance| glance.last_change.clone()));
    move || match change.get() {
        None => view! { <span class="age">{text.overview.no_change}</span> }.into_any(),
        Some(Changed { at, target, to, reason }) => {
            let reason = reason.filter(|_| is_problem(to)).map(Reason::as_str);
            let word = (text.status_inside)(to);
            view! {
                <span>{target}" "{word}{reason.map(|reason| format!(" · {reason}"))}" · "<Ago at/></span>
            }
            .into_any()
        }
    }
}
