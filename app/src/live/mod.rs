//! What changes while a page is open: the board, told in pieces, so that only what changed is drawn again.

mod freshness;
mod glances;
mod hearing;
mod paging;
mod topic;
mod whole;

use std::collections::HashMap;
use std::mem::take;
use std::sync::Arc;

use domain::{
    Board, Counts, EventNumber, GroupName, GroupState, LabView, Observation, Overview, ProxyName, ProxyState,
    Recording, Scope, TargetId, TargetState, Timestamp,
};
use leptos::prelude::*;

use crate::text::Text;
use crate::{Filter, LabIs, Language, Later, Line, Notice, PageData, Past, Route, Still};

pub(crate) use freshness::Freshness;
#[cfg(feature = "ssr")]
pub(crate) use hearing::EVENTS_MAX;
pub(crate) use topic::Topic;

/// The page that is open, and what it holds: all groups at a glance, or a board. Found by [`Live::here`] in every
/// component.
#[derive(Clone, Copy)]
pub(crate) struct Live {
    /// What the page was made from, without what is here beside it. Set when another page is shown, not when the board
    /// changes.
    pub(crate) page: RwSignal<Arc<PageData>>,
    /// What lists are narrowed to.
    pub(crate) filter: RwSignal<Filter>,
    /// Newest first: the events that the page shows.
    pub(crate) events: RwSignal<Vec<Line>>,
    /// Newest first: the observations of the target that the page shows.
    pub(crate) observations: RwSignal<Vec<Observation>>,
    /// The server's time, as far as the browser knows it.
    pub(crate) now: RwSignal<Timestamp>,
    /// The hours of that time: what depends on the day follows it, without being drawn anew all the time.
    pub(crate) hour: Memo<i64>,
    /// Whether what is shown is true now.
    pub(crate) freshness: RwSignal<Freshness>,
    /// Whether the browser's program has taken over.
    pub(crate) is_mounted: RwSignal<bool>,
    /// Whether the server runs another build than this page.
    pub(crate) is_outdated: RwSignal<bool>,
    /// What one's own last action did.
    pub(crate) notice: RwSignal<Option<Notice>>,
    /// What changed by itself, for those who listen.
    pub(crate) announced: RwSignal<String>,
    /// What a page about the past shows.
    pub(crate) past: RwSignal<Later<Option<Past>>>,
    /// What the server alone has drawn.
    pub(crate) still: RwSignal<Option<Arc<Still>>>,
    /// Another address of the page that is open is wanted.
    pub(crate) wish: RwSignal<Option<Wish>>,
    /// Whether there is a lab.
    pub(crate) lab_is: RwSignal<LabIs>,
    /// The lab, while its page is open.
    pub(crate) lab: RwSignal<Later<LabView>>,
    /// Takes in what is said of the lab: its page does, since no other can read it.
    pub(crate) hear_lab: StoredValue<Option<HearLab>>,
    /// All targets of all groups by status.
    pub(crate) counts: RwSignal<Counts>,
    /// Whether what is shown is stored.
    pub(crate) recording: RwSignal<Recording>,
    /// The name of the target that the page is about.
    pub(crate) subject: RwSignal<Option<String>>,
    /// Of the page of all groups: where a target was found, and what was searched for then.
    pub(crate) found: RwSignal<(Filter, Vec<GroupName>)>,
    /// So often the page came to hold what the stream does not go on from: what was earlier, or is of another scope.
    pub(crate) breaks: RwSignal<u32>,
    /// So often a list came to show what the page was not told.
    pub(crate) demands: RwSignal<u32>,
    /// The parts of the program that are loaded.
    #[cfg(feature = "split")]
    pub(crate) parts: StoredValue<crate::parts::Loaded>,
    boot: StoredValue<u64>,
    number: StoredValue<EventNumber>,
    overview: StoredValue<Overview>,
    board: StoredValue<Later<Board>>,
    reader: StoredValue<Option<BoardReader>>,
    triggers: StoredValue<HashMap<Topic, ArcTrigger>>,
}

/// Takes in what the stream says of the lab.
pub(crate) type HearLab = fn(Live, &str);

/// What reads boards. It is in parts of the browser's program, so that the first has not to.
#[derive(Clone, Copy)]
struct BoardReader {
    /// Takes in what the stream says; false where that does not follow on what is known.
    hear: fn(Live, &str) -> bool,
    /// Whether the board of a page can be read.
    reads: fn(&Later<Board>) -> bool,
}

/// Another address of the page that is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Wish {
    /// Path and query.
    pub(crate) url: String,
    /// Whether it becomes an entry of the browser's history.
    pub(crate) is_step: bool,
}

impl Live {
    /// For a first page.
    pub(crate) fn new(mut data: PageData) -> Self {
        let now = RwSignal::new(data.now);
        Self {
            filter: RwSignal::new(filter_of(&data)),
            events: RwSignal::new(take(&mut data.events)),
            observations: RwSignal::new(take(&mut data.observations)),
            now,
            hour: Memo::new(move |_| now.get().as_millis() / 3_600_000),
            freshness: RwSignal::new(Freshness::Made(data.now)),
            is_mounted: RwSignal::new(false),
            is_outdated: RwSignal::new(false),
            notice: RwSignal::new(data.notice.take()),
            announced: RwSignal::new(String::new()),
            past: RwSignal::new(take(&mut data.past)),
            still: RwSignal::new(data.still.take().map(Arc::new)),
            wish: RwSignal::new(None),
            lab_is: RwSignal::new(data.lab_is),
            lab: RwSignal::new(take(&mut data.lab)),
            hear_lab: StoredValue::new(None),
            counts: RwSignal::new(data.counts),
            recording: RwSignal::new(take(&mut data.recording)),
            subject: RwSignal::new(data.subject.take()),
            found: RwSignal::new(found_in(&mut data)),
            breaks: RwSignal::new(0),
            demands: RwSignal::new(0),
            #[cfg(feature = "split")]
            parts: StoredValue::new(use_context().unwrap_or_default()),
            boot: StoredValue::new(data.boot),
            number: StoredValue::new(data.number),
            overview: StoredValue::new(data.overview.take().unwrap_or_default()),
            board: StoredValue::new(take(&mut data.board)),
            reader: StoredValue::new(None),
            triggers: StoredValue::new(HashMap::new()),
            page: RwSignal::new(Arc::new(data)),
        }
    }

    /// The one of this page.
    pub(crate) fn here() -> Self {
        expect_context()
    }

    /// The reader's language.
    pub(crate) fn language(self) -> Language {
        self.page.with_untracked(|page| page.language)
    }

    /// Everything that is said, in the reader's language.
    pub(crate) fn text(self) -> &'static Text {
        Text::of(self.language())
    }

    /// The route of the page; none where there is no page.
    pub(crate) fn route(self) -> Option<Route> {
        self.page.with(|page| route_of(page))
    }

    /// Reads all groups at a glance; the caller runs again when the topic does.
    pub(crate) fn overview<T>(self, topic: Topic, read: impl FnOnce(&Overview) -> T) -> T {
        self.track(topic);
        self.overview.with_value(read)
    }

    /// Reads the board; the caller runs again when the topic does. Not for what the first part of the program shows.
    pub(crate) fn board<T>(self, topic: Topic, read: impl FnOnce(&Board) -> T) -> T {
        self.track(topic);
        self.board_untracked(read)
    }

    /// Reads the board once.
    pub(crate) fn board_untracked<T>(self, read: impl FnOnce(&Board) -> T) -> T {
        self.board.with_value(|board| read(board))
    }

    /// Reads a group; the caller runs again when anything in it changes.
    pub(crate) fn group<T>(self, name: &GroupName, read: impl FnOnce(&GroupState) -> T) -> Option<T> {
        self.board(Topic::Group(name.clone()), |board| board.groups.get(name).map(read))
    }

    /// Reads a target with its group; the caller runs again when the target changes.
    pub(crate) fn target<T>(
        self,
        name: &GroupName,
        id: TargetId,
        read: impl FnOnce(&GroupState, &TargetState) -> T,
    ) -> Option<T> {
        self.board(Topic::Target(id), |board| {
            let group = board.groups.get(name)?;
            group.targets.get(&id).map(|target| read(group, target))
        })
    }

    /// Reads a target with what proxies say of it; the caller runs again when any of that changes.
    pub(crate) fn fronts<T>(
        self,
        name: &GroupName,
        id: TargetId,
        read: impl FnOnce(&Board, &GroupState, &TargetState) -> T,
    ) -> Option<T> {
        self.track(Topic::Front(id));
        self.board(Topic::Target(id), |board| {
            let group = board.groups.get(name)?;
            group.targets.get(&id).map(|target| read(board, group, target))
        })
    }

    /// Reads a proxy; the caller runs again when anything about it changes.
    pub(crate) fn proxy<T>(self, name: &ProxyName, read: impl FnOnce(&Board, &ProxyState) -> T) -> Option<T> {
        self.board(Topic::Proxy(name.clone()), |board| board.proxies.get(name).map(|proxy| read(board, proxy)))
    }

    /// Reads what a page about the past shows; the caller runs again when another stretch is shown.
    pub(crate) fn past<T>(self, read: impl FnOnce(&Past) -> T) -> Option<T> {
        self.past.with(|past| past.as_ref().map(read))
    }

    /// The path of the page that is open.
    pub(crate) fn path(self) -> String {
        self.page.with_untracked(|page| page.path.split('?').next().unwrap_or_default().to_owned())
    }

    fn track(self, topic: Topic) {
        let known = self.triggers.with_value(|triggers| triggers.get(&topic).cloned());
        let trigger = known.unwrap_or_else(|| {
            let trigger = ArcTrigger::new();
            self.triggers.update_value(|triggers| drop(triggers.insert(topic, trigger.clone())));
            trigger
        });
        trigger.track();
    }
}

/// What a page shows; none where there is no page.
pub(crate) fn route_of(page: &PageData) -> Option<Route> {
    Route::parse(page.path.split('?').next().unwrap_or_default()).filter(|_| page.found)
}

/// Which part of the board a page shows in full; none for one that holds no board.
pub(crate) fn scope_of(page: &PageData) -> Option<Scope> {
    route_of(page).and_then(|route| route.scope())
}

fn found_in(page: &mut PageData) -> (Filter, Vec<GroupName>) {
    (filter_of(page).trimmed(), take(&mut page.matches))
}

fn filter_of(page: &PageData) -> Filter {
    Filter::parse(page.path.split_once('?').map_or("", |(_, query)| query))
}
