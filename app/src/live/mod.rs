//! What changes while a page is open: the board, told in pieces, so that only what changed is drawn again.

mod freshness;
mod topic;

use std::collections::{HashMap, HashSet};
use std::mem::take;
use std::sync::Arc;

use domain::{
    Board, Event, EventKind, EventNumber, GroupName, GroupState, LabView, Missed, News, Observation, ProxyName,
    ProxyState, Recording, Scope, TargetId, TargetState, Timestamp,
};
use leptos::prelude::*;

use crate::components::told;
use crate::text::{Sentence, Text};
use crate::{Filter, LabIs, Language, Later, Notice, PageData, Past, Route, Still};

pub(crate) use freshness::Freshness;
pub(crate) use topic::Topic;

/// So many events stay in a list that grows while it is looked at.
const EVENTS_MAX: usize = 200;

/// So many changes are told aloud at once; the list has them all.
const ANNOUNCED_MAX: usize = 5;

/// So many observations stay in the list of a target.
const OBSERVATIONS_MAX: usize = 60;

/// The page that is open, and the board behind it. Found by [`Live::here`] in every component.
#[derive(Clone, Copy)]
pub(crate) struct Live {
    /// What the page was made from, without what is here beside it. Set when another page is shown, not when the board
    /// changes.
    pub(crate) page: RwSignal<Arc<PageData>>,
    /// What lists are narrowed to.
    pub(crate) filter: RwSignal<Filter>,
    /// Newest first: the events that the page shows.
    pub(crate) events: RwSignal<Vec<Event>>,
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
    /// So often the board became one that the stream does not go on from: an earlier one, or of another scope.
    pub(crate) breaks: RwSignal<u32>,
    /// So often a list came to show what the page was not told.
    pub(crate) demands: RwSignal<u32>,
    /// The parts of the program that are loaded.
    #[cfg(feature = "split")]
    pub(crate) parts: StoredValue<crate::parts::Loaded>,
    boot: StoredValue<u64>,
    board: StoredValue<Board>,
    triggers: StoredValue<HashMap<Topic, ArcTrigger>>,
}

/// Takes in what the stream says of the lab.
pub(crate) type HearLab = fn(Live, &str);

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
            breaks: RwSignal::new(0),
            demands: RwSignal::new(0),
            #[cfg(feature = "split")]
            parts: StoredValue::new(use_context().unwrap_or_default()),
            boot: StoredValue::new(data.boot),
            board: StoredValue::new(take(&mut data.board)),
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

    /// Reads the board; the caller runs again when the topic does.
    pub(crate) fn board<T>(self, topic: Topic, read: impl FnOnce(&Board) -> T) -> T {
        self.track(topic);
        self.board.with_value(read)
    }

    /// Reads the board once.
    pub(crate) fn board_untracked<T>(self, read: impl FnOnce(&Board) -> T) -> T {
        self.board.with_value(read)
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

    /// Whether what is shown is stored.
    pub(crate) fn recording(self) -> Recording {
        self.board(Topic::Recording, |board| board.recording.clone())
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

/// What the stream and the navigation do.
#[cfg_attr(not(feature = "hydrate"), expect(dead_code, reason = "the server shows a page once"))]
impl Live {
    /// The last event that is on the board.
    pub(crate) fn number(self) -> EventNumber {
        self.board.with_value(|board| board.number)
    }

    /// Which part of the board the page shows in full.
    pub(crate) fn scope(self) -> Scope {
        self.page.with_untracked(|page| scope_of(page))
    }

    /// The address of what is shown: that of the page, with what its list is narrowed to.
    pub(crate) fn address(self) -> String {
        let path = self.page.with_untracked(|page| page.path.clone());
        let has_list = self.page.with_untracked(|page| route_of(page)).is_some_and(|route| route.has_list());
        let narrowed = |path: &str| format!("{}{}", path, self.filter.with_untracked(ToString::to_string));
        if has_list { narrowed(path.split('?').next().unwrap_or_default()) } else { path }
    }

    /// The start of the engine that the board is of.
    pub(crate) fn boot(self) -> u64 {
        self.boot.get_value()
    }

    /// Whether the page is the lab's own, which hears of every answer.
    pub(crate) fn is_lab(self) -> bool {
        self.route() == Some(Route::Lab)
    }

    /// Takes in what is new, and tells those who read what changed.
    pub(crate) fn take(self, mut news: News) -> Result<(), Missed> {
        let known = self.number();
        let mut changed: HashSet<Topic> = news.pulses.keys().cloned().map(Topic::Group).collect();
        let told = self
            .board
            .try_update_value(|board| board.take_news(&news, |event, board| topic::of(event, board, &mut changed)));
        self.notify(changed);
        let events = news.events.split_off(news.events.partition_point(|event| event.number <= known));
        self.announce(&events);
        self.take_history(events);
        told.unwrap_or(Ok(()))
    }

    /// Shows another stretch of time on the page that is open, without drawing the whole of it anew; gives the page back
    /// where it is another.
    pub(crate) fn turn(self, mut data: PageData) -> Option<PageData> {
        let is_same = !data.past.is_untold()
            && !self.past.with_untracked(Later::is_untold)
            && self.page.with_untracked(|page| route_of(page) == route_of(&data));
        if !is_same {
            return Some(data);
        }
        self.renew(&mut data);
        let past = take(&mut data.past);
        self.page.update_untracked(|page| *page = Arc::new(data));
        self.past.set(past);
        None
    }

    /// Shows what the server has drawn anew of the page that is open.
    pub(crate) fn draw_still(self, data: &mut PageData) {
        if self.still.with_untracked(|still| still.as_deref() != data.still.as_ref()) {
            self.still.set(data.still.take().map(Arc::new));
        }
    }

    /// Loads what the program needs to show this page; false where that cannot be had.
    #[cfg(feature = "hydrate")]
    pub(crate) async fn prepare(self, path: &str) -> bool {
        #[cfg(feature = "split")]
        {
            let parts = self.parts.get_value();
            parts.load(crate::parts::Part::of_path(path)).await.is_ok()
        }
        #[cfg(not(feature = "split"))]
        {
            let _ = path;
            true
        }
    }

    /// Shows another page. Who calls this has [prepared](Self::prepare) for it.
    pub(crate) fn show(self, mut data: PageData) {
        self.renew(&mut data);
        self.past.set(take(&mut data.past));
        data.still = None;
        self.filter.set(filter_of(&data));
        self.page.set(Arc::new(data));
    }

    /// Takes the whole board again, on the page that is open, and all else out of `data` that is new on it.
    pub(crate) fn renew(self, data: &mut PageData) {
        let is_earlier = data.board.number < self.number();
        let is_other_boot = data.boot != self.boot();
        let is_other_scope = scope_of(data) != self.scope();
        self.boot.set_value(data.boot);
        self.board.set_value(take(&mut data.board));
        if is_earlier || is_other_boot || is_other_scope {
            self.breaks.update(|breaks| *breaks += 1);
        }
        self.events.set(take(&mut data.events));
        self.observations.set(take(&mut data.observations));
        self.lab_is.set(data.lab_is);
        // The page that is left is still there.
        if !data.lab.is_untold() {
            self.lab.set(take(&mut data.lab));
        }
        self.draw_still(data);
        if let Some(notice) = data.notice.take() {
            self.notice.set(Some(notice));
        }
        let everything = self.triggers.with_value(|triggers| triggers.keys().cloned().collect());
        self.notify(everything);
    }

    fn notify(self, topics: HashSet<Topic>) {
        let triggers: Vec<ArcTrigger> = self
            .triggers
            .with_value(|triggers| topics.iter().filter_map(|topic| triggers.get(topic).cloned()).collect());
        for trigger in triggers {
            trigger.notify();
        }
    }

    /// Tells changes of status, all of a frame at once.
    fn announce(self, events: &[Event]) {
        let is_change = |event: &&Event| matches!(event.kind, EventKind::Checked { transition: Some(_), .. });
        let told = events.iter().filter(is_change).take(ANNOUNCED_MAX).map(|event| {
            let Sentence { subject, verb, .. } = told(self, event);
            format!("{subject}: {verb}.")
        });
        let told: Vec<String> = told.collect();
        if !told.is_empty() {
            self.announced.set(told.join(" "));
        }
    }

    /// Puts what is on the record, and what the target of the page did, on top of the page's lists.
    fn take_history(self, events: Vec<Event>) {
        let Some(route) = self.page.with_untracked(|page| route_of(page)) else { return };
        let known = self.events.with_untracked(|list| list.first().map(|event| event.number));
        if let Route::Target(_, id) = route {
            let latest = self.observations.with_untracked(|list| list.first().map(|seen| seen.at));
            let seen = events.iter().rev().filter_map(|event| match &event.kind {
                EventKind::Checked { target, observation, .. } if *target == id => Some(observation),
                _ => None,
            });
            let fresh: Vec<Observation> = seen.filter(|seen| latest < Some(seen.at)).cloned().collect();
            if !fresh.is_empty() {
                self.observations.update(|list| prepend(list, fresh, OBSERVATIONS_MAX));
            }
        }
        let shown = |event: &Event| {
            event.kind.is_on_record() && known < Some(event.number) && topic::is_shown_on(&route, &event.kind)
        };
        let fresh: Vec<Event> = events.into_iter().filter(shown).rev().collect();
        if !fresh.is_empty() {
            self.events.update(|list| prepend(list, fresh, EVENTS_MAX));
        }
    }
}

fn prepend<T>(list: &mut Vec<T>, fresh: Vec<T>, max: usize) {
    list.splice(0..0, fresh);
    list.truncate(max);
}

fn route_of(page: &PageData) -> Option<Route> {
    Route::parse(page.path.split('?').next().unwrap_or_default()).filter(|_| page.found)
}

fn scope_of(page: &PageData) -> Scope {
    Route::parse(page.path.split('?').next().unwrap_or_default()).map_or(Scope::Outline, |route| route.scope())
}

fn filter_of(page: &PageData) -> Filter {
    Filter::parse(page.path.split_once('?').map_or("", |(_, query)| query))
}
