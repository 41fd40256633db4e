//! Search among all groups. Their page holds no targets, so the server says where one is found.

use std::time::Duration;

use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::Filter;
use crate::live::Live;

use super::fetch;

/// Who types is not asked after each letter.
const REST: Duration = Duration::from_millis(100);

/// What was found is looked up again so often: targets come and go.
const AGAIN_MS: i64 = 2000;

/// Keeps true where a target is found.
pub(super) fn start(live: Live) {
    let round = Memo::new(move |_| live.now.get().as_millis() / AGAIN_MS);
    let wanted = Memo::new(move |_| {
        let is_here = live.route().is_some_and(|route| route.is_overview());
        Some(live.filter.get().trimmed()).filter(|filter| is_here && !filter.text.is_empty())
    });
    let pending: StoredValue<Option<TimeoutHandle>> = StoredValue::new(None);
    let ask = move |filter: &Filter| {
        let filter = filter.clone();
        if let Some(pending) = pending.try_update_value(Option::take).flatten() {
            pending.clear();
        }
        pending.set_value(set_timeout_with_handle(move || find(live, filter), REST).ok());
    };
    let due = move || (wanted.get(), round.get());
    Effect::watch(due, move |(wanted, _), _, _| wanted.iter().for_each(ask), false);
}

fn find(live: Live, filter: Filter) {
    spawn_local(async move {
        let found = fetch::found(live, &filter).await;
        let is_wanted = live.filter.with_untracked(|now| now.clone().trimmed() == filter);
        if let Some(found) = found.filter(|_| is_wanted) {
            let answer = (filter, found);
            if live.found.with_untracked(|known| *known != answer) {
                live.found.set(answer);
            }
        }
    });
}
