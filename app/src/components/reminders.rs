//! What somebody may have forgotten, and where the proxies disagree: pointed out on the page of all groups.

use domain::{FORGOTTEN_MAX, Forgotten, GroupName, Overview, TargetId, Timestamp};
use leptos::prelude::*;

use crate::Route;
use crate::live::{Live, Topic};

use super::{Moment, Precision};

/// The server is asked so often for a drain that should be among those that were forgotten.
const ASK_EVERY_MS: u64 = 10_000;

/// A drain that somebody should look at.
type Named = (GroupName, TargetId, String, Timestamp);

/// All of them: how many, the first by name, and when the next one will be one of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Drains {
    count: usize,
    first: Vec<Named>,
    next_at: Option<Timestamp>,
}

impl Drains {
    fn of(overview: &Overview) -> Self {
        let mut all = Self::default();
        for (name, glance) in &overview.groups {
            let Some(Forgotten { count, first, next_at }) = &glance.forgotten else { continue };
            all.count += usize::try_from(*count).unwrap_or(usize::MAX);
            let room = FORGOTTEN_MAX - all.first.len();
            all.first.extend(first.iter().take(room).map(|(id, target, at)| (name.clone(), *id, target.clone(), *at)));
            all.next_at = [all.next_at, *next_at].into_iter().flatten().min();
        }
        all
    }
}

/// Banners; none while nothing is to be pointed out.
#[component]
pub(crate) fn Reminders() -> impl IntoView {
    let live = Live::here();
    let text = live.text();
    let drains = Memo::new(move |_| live.overview(Topic::Counts, Drains::of));
    let disputes = Memo::new(move |_| {
        live.overview(Topic::Counts, |overview| {
            overview.groups.values().map(|glance| glance.disagreements).sum::<u32>() as usize
        })
    });
    // Time alone makes a drain one that was forgotten. Asked again until the server says so, too.
    let due = Memo::new(move |_| {
        let now = live.now.get();
        drains.with(|drains| drains.next_at.filter(|at| *at <= now).map(|at| now.millis_since(at) / ASK_EVERY_MS))
    });
    let ask = move |due: &Option<u64>| {
        if due.is_some() {
            live.demands.update(|demands| *demands += 1);
        }
    };
    Effect::watch(move || due.get(), move |due, _, _| ask(due), false);
    let drains = move || {
        let Drains { count, first, .. } = drains.get();
        let items = first.iter().map(item).collect_view();
        let lead = text.drain_one(|words| words.forgotten)(count);
        (0 < count).then(|| view! { <div class="banner warn forgotten"><p><b>{lead}</b>{items}</p></div> })
    };
    let disputes = move || {
        let count = disputes.get();
        let said = text.proxy_one(|words| words.disagreements_count)(count);
        let href = Route::Proxies.to_string();
        (0 < count).then(|| view! { <p class="banner warn"><a href=href><b>{said}</b></a></p> })
    };
    view! { {drains} {disputes} }.into_any()
}

fn item((group, id, name, at): &Named) -> AnyView {
    let since = Live::here().text().drain_one(|words| words.forgotten_since);
    let href = Route::Target(group.clone(), *id).to_string();
    view! {
        " "<a href=href>{format!("{group} / {name}")}</a>" ("{since}" "
        <Moment at=*at precision=Precision::Seconds/>")"
    }
    .into_any()
}
