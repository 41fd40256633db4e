//! Gathers what a page shows.

use domain::{
    Board, Counts, Event, EventNumber, Group, GroupName, GroupState, Observation, Overview, ProxyName, ProxyState,
    Recording, Scope, Timestamp, TranscriptLine,
};
use engine::{Engine, EventFilter, ReadError};
use futures_util::future::join;

use crate::pages::Rows;
use crate::still;
use crate::text::{Text, line};
use crate::{Filter, LabIs, Later, PageData, Route, Tab};

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
    let filter = Filter::parse(&request.query);
    let now = desk.engine.clock().now();
    let seen = desk.engine.with_board(|board| Seen::of(board, route.as_ref(), &filter, now));
    let (found, is_known) = match &route {
        Some(_) if seen.is_there => (true, true),
        Some(route) => match was_there(desk, route).await {
            Ok(was_there) => (was_there, true),
            // The page says so.
            Err(_) => (true, false),
        },
        None => (false, true),
    };
    let still = match &route {
        Some(route) if found => still::make(desk, route, None).await,
        _ => None,
    };
    let found = found && (still.is_some() || !route.as_ref().is_some_and(Route::is_still));
    let history = async {
        match &route {
            Some(route) if found => history(desk, route).await,
            _ => (Vec::new(), Vec::new(), false),
        }
    };
    let uptimes = async {
        match &route {
            Some(Route::Overview | Route::Wall) => past::uptimes(desk).await,
            _ => Vec::new(),
        }
    };
    // Together, so that a disk that hangs is waited for once.
    let ((events, observations, history_unread), uptimes) = join(history, uptimes).await;
    let past = match &route {
        Some(route) if found => past::past(desk, route).await,
        _ => None,
    };
    let is_past = matches!(route, Some(Route::TargetHistory(..) | Route::Group(_, Tab::History)));
    let is_known = is_known && (past.is_some() || !found || !is_past);
    let language = desk.language();
    let text = Text::of(language);
    let events = desk.engine.with_board(|board| {
        let told = events.iter().map(|event| line(event, board, &events, text));
        told.collect()
    });
    let question_mark = if request.query.is_empty() { "" } else { "?" };
    let lab = desk.engine.lab().view();
    PageData {
        path: format!("{}{question_mark}{}", request.path, request.query),
        host: request.host.clone(),
        boot: desk.engine.boot(),
        build: desk.assets.build.to_owned(),
        now,
        language,
        theme: cookies::theme(&request.cookies),
        zone: cookies::zone(&request.cookies),
        number: seen.number,
        recording: seen.recording,
        counts: seen.counts,
        subject: seen.subject,
        overview: seen.overview,
        matches: seen.matches,
        board: seen.board.map(Later::from).unwrap_or_default(),
        events,
        observations,
        history_unread: history_unread || !is_known,
        form: Later::default(),
        notice: cookies::pending_notice(&request.cookies),
        trials: Later::default(),
        proxy_trial: Later::default(),
        transcript: transcript(desk, route.as_ref()).into(),
        past: past.into(),
        uptimes,
        starters: match &route {
            Some(Route::StandbyTarget(..)) => desk.engine.starters().into(),
            _ => Later::default(),
        },
        storage: match &route {
            // Without it the page says what it can.
            Some(Route::Events) => desk.engine.storage().await.ok(),
            _ => None,
        },
        lab_is: LabIs::from(&lab),
        lab: if route == Some(Route::Lab) { lab.into() } else { Later::default() },
        still,
        found,
    }
}

/// What a page takes from the board, all as of one event.
struct Seen {
    is_there: bool,
    number: EventNumber,
    recording: Recording,
    counts: Counts,
    subject: Option<String>,
    overview: Option<Overview>,
    matches: Vec<GroupName>,
    board: Option<Board>,
}

impl Seen {
    fn of(board: &Board, route: Option<&Route>, filter: &Filter, now: Timestamp) -> Self {
        let is_there = route.is_some_and(|route| is_there(route, board));
        let is_overview = route.is_some_and(Route::is_overview);
        let scope = route.and_then(Route::scope);
        let target = route.and_then(|route| board.target(route.group()?, route.target()?));
        Self {
            is_there,
            number: board.number,
            recording: board.recording.clone(),
            counts: board.counts(),
            subject: target.map(|target| target.target.display_name()),
            overview: is_overview.then(|| board.overview(now)),
            matches: if is_overview && !filter.text.is_empty() { matches(board, filter) } else { Vec::new() },
            board: scope.map(|scope| view_of(board, route, &scope, filter)),
        }
    }
}

/// The groups in which the filter of a query lets a target stay.
pub fn found(engine: &Engine, query: &str) -> Vec<GroupName> {
    let filter = Filter::parse(query);
    engine.with_board(|board| matches(board, &filter))
}

fn matches(board: &Board, filter: &Filter) -> Vec<GroupName> {
    let has_match = |group: &&GroupState| {
        let Group { name, description, .. } = &group.group;
        group.targets.values().any(|target| {
            let (called, address) = (target.target.display_name(), target.target.address());
            filter.lets(target.status(&group.group), &[name.as_str(), description.as_str(), &called, &address])
        })
    };
    board.groups.values().filter(has_match).map(|group| group.group.name.clone()).collect()
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

/// Whether it is the past of a target that was deregistered from a group that is there.
async fn was_there(desk: &Desk<'_>, route: &Route) -> Result<bool, ReadError> {
    match route {
        Route::TargetHistory(group, id) if desk.engine.with_board(|board| board.groups.contains_key(group)) => {
            Ok(desk.engine.last_life(group, *id).await?.is_some())
        }
        _ => Ok(false),
    }
}

/// What the proxy of a page was asked, and what it answered.
fn transcript(desk: &Desk<'_>, route: Option<&Route>) -> Vec<TranscriptLine> {
    match route {
        Some(Route::Proxy(name)) => desk.engine.transcript(name),
        _ => Vec::new(),
    }
}

/// So many servers of all proxies are on every page that holds a board; with more, it has only those of its own proxies.
const SERVERS_EVERYWHERE_MAX: usize = 2000;

/// The board as far as the page shows it, and without what unrelated proxies said where that is much.
fn view_of(board: &Board, route: Option<&Route>, scope: &Scope, filter: &Filter) -> Board {
    let mut view = board.seen_in(scope);
    tell_beats(board, route, filter, &mut view);
    if SERVERS_EVERYWHERE_MAX < servers(board) {
        let unrelated = view.proxies.iter_mut().filter(|(name, _)| !shows(board, route, name));
        unrelated.for_each(|(_, state)| *state = unseen(state));
    }
    view
}

/// Puts in the last checks of the targets whose bars are shown.
fn tell_beats(board: &Board, route: Option<&Route>, filter: &Filter, view: &mut Board) {
    let Some(name) = route.and_then(Route::group) else { return };
    let (Some(group), Some(seen)) = (board.groups.get(name), view.groups.get_mut(name)) else { return };
    let shown = match route {
        Some(Route::Group(_, Tab::Targets)) => Rows::of(group, filter).ids,
        Some(Route::Target(_, id)) => vec![*id],
        _ => Vec::new(),
    };
    for id in shown {
        if let (Some(target), Some(seen)) = (group.targets.get(&id), seen.targets.get_mut(&id)) {
            seen.beats = target.beats.clone();
        }
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
        // The list of proxies has all of them.
        Some((None, None)) | None => true,
    }
}

/// A proxy without what it said. The next look brings the page only what changed, so nothing may be shown from it.
fn unseen(state: &ProxyState) -> ProxyState {
    ProxyState { link: state.link.clone(), ..ProxyState::new(state.proxy.clone()) }
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
