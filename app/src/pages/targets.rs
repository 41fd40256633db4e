//! The targets of a group: who serves, counts that are filters, and a row a target.

use domain::{Board, GroupName, GroupState, TargetId, TargetState};
use leptos::prelude::*;

use crate::Route;
use crate::components::{
    Address, BeatBar, Chips, DrainPanel, FailOpen, Fronts, Pager, Serving, StatusCell, Verdict, latency, role_of,
};
use crate::live::{Live, Topic};
use crate::text::{Text, clock_utc};

mod row_acts;
mod rows;

pub(crate) use rows::{ROWS_MAX, Rows};

use row_acts::RowActs;

/// The tab.
pub(super) fn table(name: GroupName) -> AnyView {
    let live = Live::here();
    let of_group = name.clone();
    let is_empty = Memo::new(move |_| {
        live.board(Topic::Members(of_group.clone()), |board| {
            board.groups.get(&of_group).is_none_or(|group| group.targets.is_empty())
        })
    });
    (move || if is_empty.get() { empty(&name) } else { full(name.clone()) }).into_any()
}

fn empty(name: &GroupName) -> AnyView {
    let text = Live::here().text();
    view! {
        <FailOpen name=name.clone()/>
        <div class="card first">
            <h2>{text.group().empty}</h2>
            <p class="sub">{text.group().empty_lead}</p>
            <p><a class="btn primary" href=Route::AddTargets(name.clone()).to_string()>{text.group().add}</a></p>
        </div>
    }
    .into_any()
}

fn full(name: GroupName) -> AnyView {
    let live = Live::here();
    let of_counts = name.clone();
    let counts = Memo::new(move |_| live.group(&of_counts, GroupState::counts).unwrap_or_default());
    let of_restored = name.clone();
    let restored = Memo::new(move |_| live.group(&of_restored, GroupState::is_unconfirmed).unwrap_or_default());
    let path = Route::Group(name.clone(), crate::Tab::Targets).to_string();
    view! {
        <Serving name=name.clone()/>
        <Chips path counts restored/>
        <Table name/>
    }
    .into_any()
}

/// The rows of the table.
fn shown(live: Live, name: &GroupName) -> Rows {
    let filter = live.filter.get();
    // With a filter the list depends on every status, without one only on who is registered.
    let topic = if filter.is_empty() { Topic::Members(name.clone()) } else { Topic::Group(name.clone()) };
    live.board(topic, |board| board.groups.get(name).map(|group| Rows::of(group, &filter)).unwrap_or_default())
}

/// What stands before the group: whether proxies say anything of its targets, and whether we may drain there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Before {
    is_bound: bool,
    can_drain: bool,
}

impl Before {
    /// Columns of the table.
    fn columns(self) -> &'static str {
        if self.is_bound { "8" } else { "7" }
    }
}

#[component]
fn Table(name: GroupName) -> impl IntoView {
    let live = Live::here();
    let action = Route::Deregister(name.clone()).to_string();
    let of_list = name.clone();
    let rows = Memo::new(move |_| shown(live, &of_list));
    let ids = Memo::new(move |_| rows.with(|rows| rows.ids.clone()));
    follow_demand(live, name.clone(), ids);
    let path = Route::Group(name.clone(), crate::Tab::Targets).to_string();
    let of_pager = path.clone();
    let of_group = name.clone();
    let before = Memo::new(move |_| {
        live.board(Topic::Bindings(of_group.clone()), |board| Before {
            is_bound: board.is_bound(&of_group),
            can_drain: board.can_drain(&of_group),
        })
    });
    let words = &live.text().overview;
    let bulk_name = name.clone();
    view! {
        <form method="post" action=action class="targets-form">
            <div class="card">
                <table class="rows targets">
                    <caption class="quiet">{live.text().group().caption}</caption>
                    {head(before)}
                    <tbody>
                        <For each=move || ids.get() key=|id| *id let(id)><Row name=name.clone() id before/></For>
                    </tbody>
                </table>
                <p class="empty-note" hidden=move || !ids.with(Vec::is_empty)>
                    {words.nothing_here}" "<a href=path>{words.show_all}</a>
                </p>
                <Pager path=of_pager rows/>
            </div>
            {bulk(bulk_name, before)}
        </form>
    }
    .into_any()
}

/// Has the last checks of targets fetched that came into the list. Only the browser's program runs this.
fn follow_demand(live: Live, name: GroupName, ids: Memo<Vec<TargetId>>) {
    Effect::new(move |_| {
        let is_untold =
            |id: &TargetId, board: &Board| board.target(&name, *id).is_some_and(|target| !target.beats.are_told());
        if ids.with(|ids| live.board_untracked(|board| ids.iter().any(|id| is_untold(id, board)))) {
            live.demands.update(|demands| *demands += 1);
        }
    });
}

fn head(before: Memo<Before>) -> impl IntoView {
    let text = Live::here().text();
    let [target, status, beats, latency, check] = text.group().columns;
    let fronts = move || before.get().is_bound.then(|| view! { <th scope="col">{text.drain().column}</th> });
    view! {
        <thead>
            <tr>
                <td class="pick"><input type="checkbox" data-select-all="" aria-label=text.group().select_all/></td>
                <th scope="col">{target}</th>
                <th scope="col">{status}</th>
                <th scope="col">{beats}</th>
                <th scope="col" class="num hide">{latency}</th>
                <th scope="col" class="hide">{check}</th>
                {fronts}
                <td></td>
            </tr>
        </thead>
    }
}

/// What can be done with all rows that are ticked.
fn bulk(name: GroupName, before: Memo<Before>) -> impl IntoView {
    let text = Live::here().text();
    let drains = move || {
        let (drain, back) = (Route::Drain(name.clone()).to_string(), Route::Return(name.clone()).to_string());
        let words = text.drain();
        before.get().can_drain.then(|| {
            view! {
                <button class="btn" type="submit" formaction=drain data-act="drain">{words.drain_selected}</button>
                <button class="btn" type="submit" formaction=back data-act="return">{words.return_selected}</button>
            }
        })
    };
    view! {
        <div class="bulk">
            <span class="count"></span>
            <span>{text.group().selected}</span>
            <span class="grow"></span>
            {drains}
            <button class="btn danger" type="submit">{text.group().deregister_selected}</button>
        </div>
    }
}

#[component]
fn Row(name: GroupName, id: TargetId, before: Memo<Before>) -> impl IntoView {
    let live = Live::here();
    let text = live.text();
    let href = Route::Target(name.clone(), id).to_string();
    let back = Route::ReturnTarget(name.clone(), id).to_string();
    let name = StoredValue::new(name);
    let verdict = Memo::new(move |_| {
        name.with_value(|name| live.target(name, id, |group, target| Verdict::of(group, target, text)))
            .unwrap_or_else(Verdict::gone)
    });
    let who = Memo::new(move |_| {
        let who = |_: &GroupState, t: &TargetState| (t.target.display_name(), t.target.address());
        name.with_value(|name| live.target(name, id, who)).unwrap_or_default()
    });
    let beats = Memo::new(move |_| {
        name.with_value(|name| live.target(name, id, |_, target| target.beats.clone())).unwrap_or_default()
    });
    let took = Memo::new(move |_| name.with_value(|name| live.target(name, id, |_, target| latency(target, text))));
    let is_drained = Memo::new(move |_| {
        name.with_value(|name| live.target(name, id, |_, target| target.drain.is_some())).unwrap_or_default()
    });
    let called = Signal::derive(move || who.get().0);
    let class = row_class(live, name, id, verdict);
    let role = Memo::new(move |_| {
        name.with_value(|name| {
            let look = |board: &Board| role_of(board, board.target(name, id)?, text.standby());
            live.board(Topic::Front(id), |_| ());
            live.board(Topic::Target(id), look)
        })
    });
    let role = move || role.get().map(|role| view! { <span class="role">{role}</span> });
    let address = move || who.with(|(name, address)| (name != address).then(|| address.clone()));
    let fronts = move || before.get().is_bound.then(|| view! { <td class="wide fronts"><Fronts name id/></td> });
    let panel = move || {
        let back = back.clone();
        let columns = move || before.get().columns();
        is_drained.get().then(|| {
            view! { <tr class="panel"><td colspan=columns><DrainPanel name id back/></td></tr> }
        })
    };
    view! {
        <tr class=class data-row="">
            <td class="pick">
                <input type="checkbox" name="id" value=id.to_string() aria-label=move || (text.group().select)(&who.get().0)/>
            </td>
            <th scope="row">
                <a class="name" href=href><Address text=called/></a>
                {role}
                <span class="note mono">{move || address().map(|text| view! { <Address text/> })}</span>
            </th>
            <td><StatusCell verdict text/></td>
            <td class="wide"><BeatBar beats/></td>
            <td class="num hide">{move || took.get()}</td>
            <td class="age hide"><NextCheck name id/></td>
            {fronts}
            <td class="acts"><RowActs name id called before is_drained/></td>
        </tr>
        {panel}
    }
    .into_any()
}

/// A row that is down stands out; one whose status changed flashes, each time by another class so that it starts anew.
fn row_class(live: Live, name: StoredValue<GroupName>, id: TargetId, verdict: Memo<Verdict>) -> impl Fn() -> String {
    let since = Memo::new(move |_| name.with_value(|name| live.target(name, id, |_, target| target.since)));
    let flash = Memo::new(move |before: Option<&(u32, Option<domain::Timestamp>)>| {
        let since = since.get();
        match before {
            None => (0, since),
            Some((count, before)) if *before == since => (*count, since),
            Some((count, _)) => (count + 1, since),
        }
    });
    move || {
        let hot = if verdict.with(Verdict::is_bad) { "hot" } else { "" };
        let flash = match flash.get().0 {
            0 => "",
            count if count % 2 == 1 => " flash-a",
            _ => " flash-b",
        };
        format!("{hot}{flash}")
    }
}

/// When the next check is due.
#[component]
pub(super) fn NextCheck(
    /// The group.
    name: StoredValue<GroupName>,
    /// The target.
    id: TargetId,
) -> impl IntoView {
    let live = Live::here();
    let text = live.text();
    let due = Memo::new(move |_| {
        let due =
            |group: &GroupState, target: &TargetState| (group.group.check.enabled, target.next_check_at(&group.group));
        name.with_value(|name| live.target(name, id, due)).unwrap_or((false, None))
    });
    move || match due.get() {
        (false, _) => text.target().paused.to_owned(),
        (true, None) => text.target().now.to_owned(),
        (true, Some(due)) => {
            // Without the browser's program nothing counts down, so the moment is told instead.
            if live.is_mounted.get() {
                in_tenths(due.millis_since(live.now.get()), text)
            } else {
                format!("{} UTC", clock_utc(due).get(..8).unwrap_or_default())
            }
        }
    }
}

fn in_tenths(ms: u64, text: &Text) -> String {
    match ms {
        0..=99 => text.target().now.to_owned(),
        100..=9_999 => (text.target().next)(&(text.tenths)(ms / 100)),
        _ => (text.target().next)(&(text.span)(ms)),
    }
}
