//! Which page an address shows.

pub(crate) mod content;
mod events;
mod group;
mod group_proxies;
mod lab;
mod not_found;
mod overview;
mod past;
mod proxies;
mod proxy;
mod settings;
mod still;
mod target;
mod targets;

pub(crate) use targets::{ROWS_MAX, Rows};

use leptos::prelude::*;

use crate::components::{Banners, Header, Help, Toast};
use crate::live::{Freshness, Live};
use crate::{PageData, Route, Tab};

/// The console.
#[component]
pub fn App(
    /// What the first page shows.
    data: PageData,
) -> impl IntoView {
    let live = Live::new(data);
    provide_context(live);
    #[cfg(feature = "hydrate")]
    Effect::new(move |_| crate::browser::start(live));
    let is_wall = Memo::new(move |_| live.route() == Some(Route::Wall));
    let class = move || match (live.freshness.get(), is_wall.get()) {
        (Freshness::Stale(_), _) => "stale",
        (_, true) => "wall",
        (_, false) => "",
    };
    view! {
        <a class="skip" href="#main">{live.text().shell.skip}</a>
        <Header/>
        <main id="main" tabindex="-1" class=class>
            <Banners/>
            {move || content::content(&live.page.get())}
        </main>
        <Help/>
        <Toast/>
    }
}

/// The title of a page, with how many targets are down. `subject` is the name of the target that it is about.
pub(crate) fn title(data: &PageData, subject: Option<&str>, down: u32) -> String {
    let text = crate::text::Text::of(data.language);
    let route = Route::parse(data.path.split('?').next().unwrap_or_default()).filter(|_| data.found);
    let name = match &route {
        Some(Route::Target(group, _)) => subject.map(|target| format!("{target} · {group} · ")),
        Some(Route::TargetHistory(group, _)) => {
            subject.map(|target| format!("{} · {target} · {group} · ", text.past_one(|words| words.tab)))
        }
        Some(Route::Group(group, Tab::History)) => {
            Some(format!("{} · {group} · ", text.group_one(|words| words.tabs[1])))
        }
        Some(Route::Group(group, Tab::Events)) => {
            Some(format!("{} · {group} · ", text.group_one(|words| words.tabs[2])))
        }
        Some(Route::Group(group, Tab::Proxies)) => {
            Some(format!("{} · {group} · ", text.group_one(|words| words.tabs[3])))
        }
        Some(Route::Group(group, Tab::Settings)) => {
            Some(format!("{} · {group} · ", text.group_one(|words| words.tabs[4])))
        }
        Some(Route::Proxies | Route::NewProxy) => Some(format!("{} · ", text.proxy_one(|words| words.title))),
        Some(Route::Events) => Some(format!("{} · ", text.events.title)),
        Some(Route::Failovers | Route::Failover(_)) => Some(format!("{} · ", text.shell.failovers)),
        Some(Route::Lab | Route::LabStandbys) => Some(format!("{} · ", text.lab_one(|words| words.title))),
        Some(route) => {
            let group = route.group().map(|group| format!("{group} · "));
            group.or_else(|| route.proxy().map(|proxy| format!("{proxy} · ")))
        }
        None => Some(format!("{} · ", text.shell.not_found)),
    };
    let down = if down == 0 { String::new() } else { (text.shell.down)(down) };
    format!("{down}{}Drainboard", name.unwrap_or_default())
}
