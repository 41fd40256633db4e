//! A target: its status in large, its last checks with their phases, and its changes.

use domain::{Board, GroupName, GroupState, TargetId, TargetState, Timestamp};
use leptos::prelude::*;

use crate::components::{
    BeatBar, DrainPanel, EventList, FailOpen, Fronts, Moment, Precision, SentinelLine, StatusCell, Verdict,
    return_from_page, role_of,
};
use crate::live::{Live, Topic};
use crate::parts::{self, Part};
use crate::text::Text;
use crate::{Route, Tab};

mod runs;

use runs::{Run, row, runs};

use super::not_found;
use super::targets::NextCheck;

/// The page.
pub(super) fn page(name: GroupName, id: TargetId, is_past: bool) -> AnyView {
    let live = Live::here();
    let of_group = name.clone();
    let is_there = Memo::new(move |_| {
        live.board(Topic::Groups, |_| ());
        live.board(Topic::Members(of_group.clone()), |board| board.target(&of_group, id).is_some())
    });
    // Its past stays when it is deregistered.
    let was_there = Memo::new(move |_| {
        let is_known = live.past(|past| past.life.is_some()).unwrap_or_default();
        is_past && (is_known || live.page.with(|page| page.history_unread))
    });
    let shown = move || match (is_there.get(), was_there.get()) {
        (true, _) => whole(name.clone(), id, is_past),
        (false, true) => gone(name.clone(), id),
        (false, false) => not_found::page(),
    };
    shown.into_any()
}

/// The past of a target that was deregistered.
fn gone(name: GroupName, id: TargetId) -> AnyView {
    let live = Live::here();
    let text = live.text();
    let group = name.to_string();
    let href = Route::Group(name.clone(), Tab::History).to_string();
    let past = untrack(|| live.past(|past| past.life.clone())).flatten();
    let called = past.as_ref().map_or_else(|| id.to_string(), |past| past.name.clone());
    let address = past.as_ref().map(|past| past.address.clone());
    let word = past.as_ref().map(|_| format!(" · {}", text.past().deregistered));
    let since = past.and_then(|past| past.until).map(|at| view! { " "<Moment at precision=Precision::Seconds/> });
    view! {
        <nav class="crumb" aria-label=text.group().trail>
            <a href="/">{text.shell.groups}</a>" / "<a href=href>{group}</a>" /"
        </nav>
        <div class="head">
            <div>
                <h1>{called}</h1>
                <p class="sub"><span class="mono">{address}</span>{word}{since}</p>
            </div>
        </div>
        {history(&name, id)}
    }
    .into_any()
}

fn whole(name: GroupName, id: TargetId, is_past: bool) -> AnyView {
    let text = Live::here().text();
    let group = name.to_string();
    let href = Route::Group(name.clone(), Tab::Targets).to_string();
    let content = if is_past { history(&name, id) } else { now(name.clone(), id) };
    view! {
        <nav class="crumb" aria-label=text.group().trail>
            <a href="/">{text.shell.groups}</a>" / "<a href=href>{group}</a>" /"
        </nav>
        <FailOpen name=name.clone()/>
        <Head name=name.clone() id/>
        {tabs(name, id, is_past, text)}
        {content}
    }
    .into_any()
}

fn tabs(name: GroupName, id: TargetId, is_past: bool, text: &'static Text) -> impl IntoView {
    let words = text.past();
    let now = Route::Target(name.clone(), id).to_string();
    let past = Route::TargetHistory(name, id).to_string();
    view! {
        <nav class="tabs" aria-label=words.tabs_label>
            <a href=now aria-current=(!is_past).then_some("page")>{words.tab_now}</a>
            <a href=past aria-current=is_past.then_some("page")>{words.tab}</a>
        </nav>
    }
}

fn history(name: &GroupName, id: TargetId) -> AnyView {
    let page = Live::here().page.get_untracked();
    parts::show(Part::Past, &Route::TargetHistory(name.clone(), id), &page)
}

/// What is true now.
fn now(name: GroupName, id: TargetId) -> AnyView {
    let text = Live::here().text();
    view! {
        <Facts name=name.clone() id/>
        {drain(name, id)}
        <div class="card"><Observations/></div>
        <section class="card below" aria-labelledby="changes-title">
            <h2 class="card-title" id="changes-title">{text.target().history}</h2>
            <EventList empty=text.overview.no_change/>
        </section>
    }
    .into_any()
}

/// Name, address, and what can be done.
#[component]
fn Head(name: GroupName, id: TargetId) -> impl IntoView {
    let live = Live::here();
    let text = live.text();
    let check = Route::CheckTarget(name.clone(), id).to_string();
    let edit = Route::EditTarget(name.clone(), id).to_string();
    let deregister = Route::DeregisterTarget(name.clone(), id).to_string();
    let drain = drain_button(live, name.clone(), id);
    let role = role(live, name.clone(), id);
    let who = Memo::new(move |_| {
        let who = |_: &GroupState, t: &TargetState| (t.target.display_name(), t.target.address());
        live.target(&name, id, who).unwrap_or_default()
    });
    view! {
        <div class="head">
            <div>
                <h1>{move || who.get().0}</h1>
                <p class="sub mono">{move || who.get().1}</p>
                {role}
            </div>
            <span class="grow"></span>
            <a class="btn quiet" href=deregister>{text.target().deregister}</a>
            <a class="btn" href=edit>{text.target().edit}</a>
            {drain}
            <form method="post" action=check><button class="btn primary" type="submit">{text.target().check_now}</button></form>
        </div>
    }
    .into_any()
}

/// What it is, which leads to where that is changed.
fn role(live: Live, name: GroupName, id: TargetId) -> AnyView {
    let words = live.text().standby();
    let href = Route::StandbyTarget(name.clone(), id).to_string();
    let role = Memo::new(move |_| {
        live.board(Topic::Front(id), |_| ());
        let look = |board: &Board| board.target(&name, id).and_then(|target| role_of(board, target, words));
        live.board(Topic::Target(id), look).unwrap_or_else(|| words.active.to_owned())
    });
    view! { <a class="role" href=href title=words.manage>{move || role.get()}</a> }.into_any()
}

/// The button that drains, or returns to service what is drained; nothing where neither can be done.
fn drain_button(live: Live, name: GroupName, id: TargetId) -> impl Fn() -> Option<AnyView> {
    let words = live.text().drain();
    let (drain, back) = (Route::DrainTarget(name.clone(), id).to_string(), return_from_page(&name, id));
    let state = Memo::new(move |_| {
        let can_drain = live.board(Topic::Bindings(name.clone()), |board| board.can_drain(&name));
        let is_drained = live.target(&name, id, |_, target| target.drain.is_some());
        (is_drained.unwrap_or_default(), can_drain)
    });
    move || match state.get() {
        (true, _) => {
            let button = view! { <button class="btn" type="submit" data-act="return">{words.back}</button> };
            Some(view! { <form method="post" action=back.clone()>{button}</form> }.into_any())
        }
        (false, true) => {
            Some(view! { <a class="btn" href=drain.clone() data-act="drain">{words.drain}</a> }.into_any())
        }
        (false, false) => None,
    }
}

/// How far its drain is; nothing while it is in service.
fn drain(name: GroupName, id: TargetId) -> AnyView {
    let live = Live::here();
    let back = return_from_page(&name, id);
    let action = back.clone();
    let name = StoredValue::new(name);
    let is_drained = Memo::new(move |_| {
        name.with_value(|name| live.target(name, id, |_, target| target.drain.is_some())).unwrap_or_default()
    });
    let panel = move || {
        let (action, back) = (action.clone(), back.clone());
        is_drained.get().then(|| {
            view! { <form method="post" action=action class="card panel-card"><DrainPanel name id back/></form> }
        })
    };
    panel.into_any()
}

/// Status since when, bar, and when the next check is due.
#[component]
fn Facts(name: GroupName, id: TargetId) -> impl IntoView {
    let live = Live::here();
    let text = live.text();
    let name = StoredValue::new(name);
    let verdict = Memo::new(move |_| {
        name.with_value(|name| live.target(name, id, |group, target| Verdict::of(group, target, text)))
            .unwrap_or_else(Verdict::gone)
    });
    let beats = Signal::derive(move || {
        name.with_value(|name| live.target(name, id, |_, target| target.beats.clone())).unwrap_or_default()
    });
    let since = Memo::new(move |_| {
        let since = name.with_value(|name| live.target(name, id, |_, target| target.since));
        since.unwrap_or(Timestamp::from_millis(0))
    });
    let is_bound = Memo::new(move |_| {
        name.with_value(|name| live.board(Topic::Bindings(name.clone()), |board| board.is_bound(name)))
    });
    let fronts = move || {
        is_bound.get().then(|| {
            view! { <div><p class="k">{text.drain().column}</p><div class="fronts"><Fronts name id/></div></div> }
        })
    };
    let class = move || if verdict.with(Verdict::is_bad) { "card head-facts hot" } else { "card head-facts" };
    view! {
        <div class=class>
            <div class="big">
                <StatusCell verdict text/>
                <p class="age">{text.target().since}" "<Moment at=since precision=Precision::Alone/></p>
            </div>
            <div class="big-beats"><p class="k">{text.target().beats_label}</p><BeatBar beats/></div>
            <div><p class="k">{text.target().next_check}</p><p class="v"><NextCheck name id/></p></div>
            {fronts}
            <SentinelLine name id/>
        </div>
    }
    .into_any()
}

/// The last checks with their phases, newest first.
#[component]
fn Observations() -> impl IntoView {
    let live = Live::here();
    let text = live.text();
    let head = text.target().observation_columns.map(|title| view! { <th scope="col">{title}</th> });
    let runs = Memo::new(move |_| live.observations.with(|seen| runs(seen)));
    let keys = move || runs.with(|runs| runs.iter().map(Run::key).collect::<Vec<_>>());
    view! {
        <table class="observations">
            <caption>{text.target().observations}</caption>
            <thead><tr>{head.into_view()}</tr></thead>
            <tbody>
                <For each=keys key=|key| *key let(key)>{row(runs, key)}</For>
            </tbody>
        </table>
        <p class="empty-note" hidden=move || !live.observations.with(Vec::is_empty)>{text.target().none_yet}</p>
    }
    .into_any()
}
