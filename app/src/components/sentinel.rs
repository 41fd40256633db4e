//! How it stands with the sentinel of a target.

use domain::{GroupName, Sentinel, TargetId};
use leptos::prelude::*;

use crate::components::{Moment, Precision};
use crate::live::Live;

/// A line of it; nothing where no sentinel is wanted.
#[component]
pub(crate) fn SentinelLine(
    /// The group.
    name: StoredValue<GroupName>,
    /// The target.
    id: TargetId,
) -> impl IntoView {
    let live = Live::here();
    let state = Memo::new(move |_| {
        let read = |group: &domain::GroupState, target: &domain::TargetState| {
            let check = &group.group.check;
            (check.enabled && check.sentinel).then(|| target.sentinel.clone())
        };
        name.with_value(|name| live.target(name, id, read)).flatten()
    });
    let title = live.text().detection().sentinel;
    move || {
        state.get().map(|sentinel| {
            view! { <p class="sentinel" id="sentinel"><span class="k">{title}</span>" "{in_words(live, sentinel.as_ref())}</p> }
        })
    }
}

fn in_words(live: Live, sentinel: Option<&Sentinel>) -> AnyView {
    let text = live.text();
    let words = text.detection();
    let said = match sentinel {
        None => words.not_yet.to_owned(),
        Some(Sentinel::Held { since }) => {
            return view! { {words.held}" "<Moment at=*since precision=Precision::Alone/> }.into_any();
        }
        Some(Sentinel::Down) => words.down.to_owned(),
        Some(Sentinel::Pausing { .. }) => words.pausing.to_owned(),
        Some(Sentinel::Useless { closed_after_ms, .. }) => (words.useless)(&(text.span)(*closed_after_ms)),
        Some(Sentinel::NotOpened { why, .. }) => text.not_opened(why),
        Some(Sentinel::NoRoom { max, .. }) => (words.no_room)(*max),
    };
    let again = sentinel.and_then(Sentinel::until).map(|until| {
        view! { " · "{words.again}" "<Moment at=until precision=Precision::Seconds/> }
    });
    view! { {said}{again} }.into_any()
}
