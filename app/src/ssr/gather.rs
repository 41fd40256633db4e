//! Gathers what a page shows.

use domain::{
    Beats, Board, Event, GroupState, LabView, Observation, ProxyName, ProxyState, TargetState, TranscriptLine,
};
use engine::{EventFilter, ReadError};

use crate::{PageData, Route, Tab};

use super::{Desk, cookies};

mod past;

/// So many events a page begins with.
const EVENTS_MAX: u32 = 100;

/// So many events the overview begins with.
const EVENTS_OF_OVERVIEW: u32 = 20;

/// So many observations the page of a target begins with.
const OBSERVATIONS_MAX: u32 = 60;

/// What the page of the request shows.
pub(super) async fn page_data(desk: &Desk<'_>) -> PageData {
    let request = desk.request;
    let route = Route::parse(&request.path);
    let board = desk.engine.with_board(|board| view_of(board, route.as_ref()));
    let found = route.as_ref().is_some_and(|route| is_there(route, &board));
    let (events, observations, history_unread) = match &route {
        Some(route) if found => history(desk, route).await,
        _ => (Vec::new(), Vec::new(), false),
    };
    let question_mark = if request.query.is_empty() { "" } else { "?" };
    PageData {
        path: format!("{}{question_mark}{}", request.path, request.query),
        host: request.host.clone(),
        boot: desk.engine.boot(),
        build: desk.assets.build.to_owned(),
        now: desk.engine.clock().now(),
        language: cookies::language(&request.cookies, &request.accept_language),
        theme: cookies::theme(&request.cookies),
        zone: cookies::zone(&request.cookies),
        board,
        events,
        observations,
        history_unread,
        form: None,
        notice: cookies::pending_notice(&request.cookies),
        trials: Vec::new(),
        proxy_trial: None,
        transcript: transcript(desk, route.as_ref()),
        past: match &route {
            Some(route) if found => past::past(desk, route).await,
            _ => None,
        },
        uptimes: match &route {
            Some(Route::Overview | Route::Wall) => past::uptimes(desk).await,
            _ => Vec::new(),
        },
        lab: lab(desk, route.as_ref()),
        found,
    }
}

/// Whether the page has something to show.
fn is_there(route: &Route, board: &Board) -> bool {
    if route.is_post_only() {
        return false;
    }
    let has_target =
        route.target().is_none_or(|id| route.group().is_some_and(|group| board.target(group, id).is_some()));
    let has_binding = route.binding().is_none_or(|id| {
        let binding = board.bindings.get(&id).map(|state| &state.binding);
        binding.is_some_and(|binding| Some(&binding.proxy) == route.proxy())
    });
    has_target
        && has_binding
        && route.group().is_none_or(|group| board.groups.contains_key(group))
        && route.proxy().is_none_or(|proxy| board.proxies.contains_key(proxy))
}

/// The lab; other pages than its own only say that there is one.
fn lab(desk: &Desk<'_>, route: Option<&Route>) -> LabView {
    let mut view = desk.engine.lab().view();
    if let LabView::Open(lab) = &mut view
        && route != Some(&Route::Lab)
    {
        lab.answers.clear();
    }
    view
}

/// What the proxy of a page was asked, and what it answered.
fn transcript(desk: &Desk<'_>, route: Option<&Route>) -> Vec<TranscriptLine> {
    match route {
        Some(Route::Proxy(name)) => desk.engine.transcript(name),
        _ => Vec::new(),
    }
}

/// So many servers of all proxies are on every page; with more, a page has only those of its own proxies.
const SERVERS_EVERYWHERE_MAX: usize = 2000;

/// The board with the beats of one group only, since the others show none, and without what unrelated proxies said
/// where that is much.
fn view_of(board: &Board, route: Option<&Route>) -> Board {
    let group = route.and_then(Route::group);
    let groups = board.groups.iter().map(|(name, state)| {
        let own = group == Some(name);
        let targets = state.targets.iter().map(|(id, target)| (*id, view_of_target(target, own))).collect();
        let last_change = state.last_change.clone();
        (name.clone(), GroupState { group: state.group.clone(), targets, lane: state.lane.clone(), last_change })
    });
    let is_small = servers(board) <= SERVERS_EVERYWHERE_MAX;
    let proxies = board.proxies.iter().map(|(name, state)| {
        let is_whole = is_small || shows(board, route, name);
        (name.clone(), if is_whole { state.clone() } else { unseen(state) })
    });
    Board {
        number: board.number,
        recording: board.recording.clone(),
        groups: groups.collect(),
        proxies: proxies.collect(),
        bindings: board.bindings.clone(),
    }
}

fn servers(board: &Board) -> usize {
    let looks = board.proxies.values().filter_map(|state| state.look.as_ref());
    looks.flat_map(|look| &look.backends).map(|backend| backend.servers.len()).sum()
}

/// Whether something on the page is made from what this proxy says.
fn shows(board: &Board, route: Option<&Route>, proxy: &ProxyName) -> bool {
    match route.map(|route| (route.group(), route.proxy())) {
        Some((Some(group), _)) => {
            let bindings = board.bindings.values().map(|state| &state.binding);
            bindings.filter(|binding| binding.group == *group).any(|binding| binding.proxy == *proxy)
        }
        Some((None, Some(own))) => own == proxy,
        // Lists of everything count disagreements.
        Some((None, None)) | None => true,
    }
}

/// A proxy without what it said. The next look brings the page only what changed, so nothing may be shown from it.
fn unseen(state: &ProxyState) -> ProxyState {
    ProxyState { link: state.link.clone(), ..ProxyState::new(state.proxy.clone()) }
}

fn view_of_target(target: &TargetState, with_beats: bool) -> TargetState {
    TargetState {
        target: target.target.clone(),
        health: target.health.clone(),
        blind: target.blind.clone(),
        since: target.since,
        streak_since: target.streak_since,
        last: target.last.clone(),
        restored: target.restored,
        due_at: target.due_at,
        sentinel: target.sentinel.clone(),
        drain: target.drain.clone(),
        beats: if with_beats { target.beats.clone() } else { Beats::default() },
    }
}

/// Events and observations of a page, and whether they could not be read.
async fn history(desk: &Desk<'_>, route: &Route) -> (Vec<Event>, Vec<Observation>, bool) {
    let events = match events_of(route) {
        Some(filter) => desk.engine.events(filter).await,
        None => Ok(Vec::new()),
    };
    let observations = match route {
        Route::Target(_, id) => desk.engine.observations(*id, None, OBSERVATIONS_MAX).await,
        _ => Ok(Vec::new()),
    };
    both(events, observations).unwrap_or((Vec::new(), Vec::new(), true))
}

fn both(
    events: Result<Vec<Event>, ReadError>,
    observations: Result<Vec<Observation>, ReadError>,
) -> Result<(Vec<Event>, Vec<Observation>, bool), ReadError> {
    Ok((events?, observations?, false))
}

/// The events that a page shows.
fn events_of(route: &Route) -> Option<EventFilter> {
    let limit = if matches!(route, Route::Overview | Route::Wall) { EVENTS_OF_OVERVIEW } else { EVENTS_MAX };
    let filter = EventFilter { limit, ..EventFilter::default() };
    match route {
        Route::Overview | Route::Wall | Route::Events => Some(filter),
        Route::Group(name, Tab::Events) => Some(EventFilter { group: Some(name.clone()), ..filter }),
        Route::Proxy(name) => Some(EventFilter { proxy: Some(name.clone()), ..filter }),
        Route::Target(name, id) => Some(EventFilter { group: Some(name.clone()), target: Some(*id), ..filter }),
        _ => None,
    }
}
