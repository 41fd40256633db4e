//! What each proxy says of a target, beside what we say: a line a server.

use domain::{AdminState, Board, Front, GroupName, TargetId, TargetState};
use leptos::prelude::*;

use crate::Route;
use crate::live::Live;
use crate::text::{ProxyText, Text};

/// A line: a proxy, its word, and the sessions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FrontLine {
    proxy: String,
    said: Said,
    sessions: Sessions,
    is_disputed: bool,
}

/// What a proxy says of a server.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Said {
    /// Its own word, and what that is worth.
    Word(String, Tone),
    /// We took the server out of its list.
    Absent,
    /// It has no such server.
    NotIn,
    /// It does not answer, so that its last word is worth nothing.
    Unreachable,
    /// It was not looked at yet.
    NotLooked,
}

/// What a word is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tone {
    Plain,
    Out,
    Bad,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sessions {
    Count(u64),
    NotObservable,
    /// There is no server that could have any.
    Nobodys,
}

impl FrontLine {
    /// The lines of a target.
    pub(crate) fn of(board: &Board, target: &TargetState) -> Vec<Self> {
        let fronts = board.fronts(&target.target);
        let place = |front: &Front<'_>| (front.binding.binding.proxy.clone(), front.binding.binding.backend.clone());
        let line = |front: &Front<'_>| {
            let (proxy, backend) = place(front);
            let of_proxy = fronts.iter().map(place).filter(|(other, _)| *other == proxy);
            // With several servers in one proxy, its name alone does not say which; nor does its backend with several in that.
            let (servers, in_backend) =
                of_proxy.fold((0, 0), |(all, here), (_, other)| (all + 1, here + usize::from(other == backend)));
            let proxy = match (servers, in_backend, front.name) {
                (1, ..) => proxy.to_string(),
                (_, 2.., Some(server)) => format!("{proxy} {backend}/{server}"),
                _ => format!("{proxy} {backend}"),
            };
            let (said, sessions) = said(front);
            Self { proxy, said, sessions, is_disputed: front.dispute(target).is_some() }
        };
        fronts.iter().map(line).collect()
    }
}

fn said(front: &Front<'_>) -> (Said, Sessions) {
    if !front.proxy.link.is_up() {
        let said = if front.proxy.link.since().is_some() { Said::Unreachable } else { Said::NotLooked };
        return (said, Sessions::Nobodys);
    }
    match (front.server, front.name) {
        (Some(server), _) => {
            let tone = match (server.admin.state, server.is_up) {
                (AdminState::Ready, Some(false)) => Tone::Bad,
                (AdminState::Ready, _) => Tone::Plain,
                _ => Tone::Out,
            };
            let sessions = server.sessions.map_or(Sessions::NotObservable, Sessions::Count);
            (Said::Word(server.says.clone(), tone), sessions)
        }
        (None, Some(_)) => (Said::Absent, Sessions::NotObservable),
        (None, None) if front.proxy.look.is_none() => (Said::NotLooked, Sessions::Nobodys),
        (None, None) => (Said::NotIn, Sessions::Nobodys),
    }
}

/// What the proxies say of a target.
#[component]
pub(crate) fn Fronts(
    /// The group.
    name: StoredValue<GroupName>,
    /// The target.
    id: TargetId,
) -> impl IntoView {
    let live = Live::here();
    let text = live.text();
    let lines = Memo::new(move |_| {
        let lines = name.with_value(|name| live.fronts(name, id, |board, _, target| FrontLine::of(board, target)));
        lines.unwrap_or_default()
    });
    move || lines.with(|lines| lines.iter().map(|line| shown(line, text)).collect_view())
}

fn shown(line: &FrontLine, text: &'static Text) -> AnyView {
    let words: &ProxyText = text.proxy();
    let said = match &line.said {
        Said::NotIn => view! { <span class="age">{(words.not_in)(&line.proxy)}</span> }.into_any(),
        Said::Unreachable => quiet(&line.proxy, words.cannot_reach),
        Said::NotLooked => quiet(&line.proxy, words.not_known),
        Said::Absent => word(&line.proxy, words.absent.to_owned(), Tone::Out),
        Said::Word(says, tone) => word(&line.proxy, says.clone(), *tone),
    };
    let sessions = match line.sessions {
        Sessions::Count(count) => Some(format!(" · {count}")),
        Sessions::NotObservable => Some(format!(" · {}", words.not_observable)),
        Sessions::Nobodys => None,
    };
    let dispute = line.is_disputed.then(|| {
        view! { " "<a class="dispute" href=Route::Proxies.to_string()>{words.disagrees}</a> }
    });
    view! { <span class="front">{said}{sessions}{dispute}</span> }.into_any()
}

fn word(proxy: &str, says: String, tone: Tone) -> AnyView {
    let class = match tone {
        Tone::Plain => "says",
        Tone::Out => "says s-draining",
        Tone::Bad => "says s-unhealthy",
    };
    view! { <span>{proxy.to_owned()}</span>" "<b class=class>{says}</b> }.into_any()
}

fn quiet(proxy: &str, what: &'static str) -> AnyView {
    view! { <span class="age">{proxy.to_owned()}" "{what}</span> }.into_any()
}
