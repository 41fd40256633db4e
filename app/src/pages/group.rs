//! A group: its name, its rule in a sentence, and its tabs.

use domain::{Group, GroupName};
use leptos::prelude::*;

use crate::components::{EventList, FailOpen, PolicyWaits, ServingLine, UnfitStandbys};
use crate::live::{Live, Topic};
use crate::parts::{self, Part};
use crate::text::Text;
use crate::{Route, Tab};

use super::{group_proxies, not_found, settings, targets};

/// The page.
pub(super) fn page(name: GroupName, tab: Tab) -> AnyView {
    let live = Live::here();
    let of_group = name.clone();
    let group = Memo::new(move |_| {
        live.board(Topic::Groups, |_| ());
        live.board(Topic::Members(of_group.clone()), |board| {
            board.groups.get(&of_group).map(|state| state.group.clone())
        })
    });
    let is_there = Memo::new(move |_| group.with(Option::is_some));
    let body = move || {
        let name = name.clone();
        if is_there.get() { whole(name, tab, group) } else { not_found::page() }
    };
    body.into_any()
}

fn whole(name: GroupName, tab: Tab, group: Memo<Option<Group>>) -> AnyView {
    let live = Live::here();
    let text = live.text();
    let content = match tab {
        Tab::Targets => targets::table(name.clone()),
        Tab::Events => view! { <section class="card"><EventList empty=text.group().no_events/></section> }.into_any(),
        Tab::History => history(&name),
        Tab::Proxies => group_proxies::tab(name.clone()),
        Tab::Settings => settings::tables(name.clone(), group),
    };
    // Among the targets the sentence about who serves says it, with who is down and who is drained.
    let serving =
        (tab != Tab::Targets).then(|| view! { <FailOpen name=name.clone()/> <ServingLine name=name.clone()/> });
    let lead = move || group.with(|group| group.as_ref().map(|group| lead(group, text)));
    let description = move || group.with(|group| group.as_ref().map(|group| group.description.to_string()));
    view! {
        <nav class="crumb" aria-label=text.group().trail><a href="/">{text.shell.groups}</a>" /"</nav>
        <div class="head">
            <div>
                <h1>{name.to_string()}</h1>
                <p class="sub">{lead}</p>
                <p class="sub described">{description}</p>
            </div>
            <span class="grow"></span>
            <a class="btn" href=Route::Drill(name.clone()).to_string()>{text.group().drill}</a>
            <a class="btn" href=Route::EditGroup(name.clone()).to_string()>{text.group().edit}</a>
            <a class="btn primary" href=Route::AddTargets(name.clone()).to_string()>{text.group().add}</a>
        </div>
        {tabs(&name, tab, text)}
        {serving}
        <PolicyWaits name=name.clone()/>
        <UnfitStandbys name=name.clone()/>
        {content}
    }
    .into_any()
}

fn history(name: &GroupName) -> AnyView {
    let page = Live::here().page.get_untracked();
    parts::show(Part::Past, &Route::Group(name.clone(), Tab::History), &page)
}

fn lead(group: &Group, text: &Text) -> String {
    let rule = if group.check.enabled { (text.group().rule)(&group.check) } else { text.group().off.to_owned() };
    format!("{} {} · {rule}", group.protocol, group.port)
}

fn tabs(name: &GroupName, open: Tab, text: &'static Text) -> impl IntoView + use<> {
    let tabs =
        [Tab::Targets, Tab::History, Tab::Events, Tab::Proxies, Tab::Settings].into_iter().zip(text.group().tabs);
    let tabs: Vec<_> = tabs
        .map(|(tab, title)| {
            let href = Route::Group(name.clone(), tab).to_string();
            view! { <a href=href aria-current=(tab == open).then_some("page")>{title}</a> }
        })
        .collect();
    view! { <nav class="tabs" aria-label=text.group().tabs_label>{tabs}</nav> }
}
