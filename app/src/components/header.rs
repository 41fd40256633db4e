//! The bar at the top: where one can go, what one can find, and whether what is shown is true now.

use domain::Timestamp;
use leptos::prelude::*;

use crate::live::{Freshness, Live};
use crate::{LabIs, Route, Tab, Theme, Zone};

use super::moment::in_words;
use super::{Precision, ZoneNote};

/// The bar at the top.
#[component]
pub(crate) fn Header() -> impl IntoView {
    let live = Live::here();
    let shell = &live.text().shell;
    let place = Memo::new(move |_| match live.route() {
        Some(Route::Lab | Route::LabStandbys) => 3,
        Some(Route::Failovers | Route::Failover(_)) => 4,
        Some(Route::Events) => 2,
        Some(Route::Proxies | Route::NewProxy) => 1,
        Some(route) if route.proxy().is_some() => 1,
        _ => 0,
    });
    let current = move |here: u8| (place.get() == here).then_some("page");
    let has_lab = Memo::new(move |_| live.lab_is.get() == LabIs::Open);
    let lab = move || {
        let title = live.text().lab_one(|words| words.title);
        (has_lab.get() || place.get() == 3)
            .then(|| view! { <a href="/lab" aria-current=move || current(3)>{title}</a> })
    };
    view! {
        <header class="bar-top">
            <a class="brand" href="/">
                <svg width="22" height="22" viewBox="0 0 22 22" aria-hidden="true">
                    <rect class="mark" x="1" y="3" width="4.4" height="16" rx="1.6"></rect>
                    <rect class="mark" x="8.8" y="3" width="4.4" height="16" rx="1.6"></rect>
                    <rect class="mark low" x="16.6" y="12.5" width="4.4" height="6.5" rx="1.6"></rect>
                </svg>
                <span>"Drainboard"</span>
            </a>
            <nav class="nav" aria-label=shell.navigation>
                <a href="/" aria-current=move || current(0)>{shell.groups}</a>
                <a href="/proxies" aria-current=move || current(1)>{shell.proxies}</a>
                <a href="/failovers" aria-current=move || current(4)>{shell.failovers}</a>
                <a href="/events" aria-current=move || current(2)>{shell.events}</a>
                {lab}
            </nav>
            <span class="grow"></span>
            <Search/>
            <Pill/>
            <Preferences/>
        </header>
    }
    .into_any()
}

/// Finds groups and targets: in the list of the page where there is one, else among all.
#[component]
fn Search() -> impl IntoView {
    let live = Live::here();
    let text = live.text();
    let place = Memo::new(move |_| match live.route() {
        Some(route @ Route::Group(_, Tab::Targets)) => (route.to_string(), text.group_one(|words| words.search)),
        _ => ("/".to_owned(), text.shell.search),
    });
    let typed = move || live.filter.with(|filter| filter.text.clone());
    view! {
        <form class="search" role="search" method="get" action=move || place.get().0>
            <input
                id="search"
                type="search"
                name="q"
                autocomplete="off"
                aria-label=move || place.get().1
                placeholder=move || place.get().1
                value=live.filter.with_untracked(|filter| filter.text.clone())
                prop:value=typed
            />
            <kbd aria-hidden="true">"/"</kbd>
        </form>
    }
    .into_any()
}

/// Whether what is shown is true now: shape, word and age.
#[component]
fn Pill() -> impl IntoView {
    let live = Live::here();
    let shell = &live.text().shell;
    let time = move |at: Timestamp| in_words(live, at, Precision::Seconds);
    let class = move || match live.freshness.get() {
        Freshness::Made(_) => "live made",
        Freshness::Live(_) => "live on",
        Freshness::Stale(_) => "live off",
    };
    let said = move || match live.freshness.get() {
        Freshness::Made(at) => (shell.as_of)(&time(at)),
        Freshness::Live(tenths) => (shell.live)(&format!("{}.{}", tenths / 10, tenths % 10)),
        Freshness::Stale(since) => (shell.stale)(&time(since)),
    };
    view! { <span class=class data-testid="live"><i aria-hidden="true"></i><span>{said}</span></span> }.into_any()
}

/// Language, theme and time zone; kept in cookies, so the server renders them from the first byte.
#[component]
fn Preferences() -> impl IntoView {
    let live = Live::here();
    let text = live.text();
    let shell = &text.shell;
    let (theme, zone) = live.page.with_untracked(|page| (page.theme, page.zone));
    let back = move || live.page.with(|page| page.path.clone());
    let languages = [("en", "English", "EN"), ("ko", "한국어", "KO")].map(|(value, name, short)| {
        let is_on = value == live.language().as_str();
        view! { <button class="choice" name="language" value=value lang=value title=name aria-pressed=is_on.to_string()>{short}</button> }
    });
    let themes = [Theme::System, Theme::Light, Theme::Dark].into_iter().zip(shell.themes);
    let themes: Vec<_> = themes.map(|(value, name)| choice("theme", value.as_str(), name, value == theme)).collect();
    let zones = [Zone::Local, Zone::Utc].into_iter().zip(shell.zones);
    let zones: Vec<_> = zones.map(|(value, name)| choice("time", value.as_str(), name, value == zone)).collect();
    view! {
        <details class="prefs">
            <summary class="tag" aria-label=shell.preferences title=shell.preferences>
                {live.language().as_str().to_uppercase()}
            </summary>
            <form method="post" action="/preferences" data-native="" class="prefs-menu">
                <input type="hidden" name="back" value=back/>
                <fieldset><legend>{shell.language}</legend>{languages.into_view()}</fieldset>
                <fieldset><legend>{shell.theme}</legend>{themes}</fieldset>
                <fieldset><legend>{shell.zone}</legend>{zones}</fieldset>
                <ZoneNote/>
                <button class="btn quiet" type="button" data-help="">{text.help.open}</button>
            </form>
        </details>
    }
    .into_any()
}

fn choice(field: &'static str, value: &'static str, name: &'static str, is_on: bool) -> impl IntoView {
    view! { <button class="choice" name=field value=value aria-pressed=is_on.to_string()>{name}</button> }
}
