//! From page to page: what the one that is open holds, and how another takes its place.

use std::mem::take;
use std::sync::Arc;

use domain::{EventNumber, Scope};
use leptos::prelude::*;

use crate::{Later, PageData, Route};

use super::{Live, filter_of, found_in, route_of, scope_of};

#[cfg_attr(not(feature = "hydrate"), expect(dead_code, reason = "the server shows a page once"))]
impl Live {
    /// The last event that is in what the page holds.
    pub(crate) fn number(self) -> EventNumber {
        self.number.get_value()
    }

    /// Which part of the board the page shows in full; none for one that holds no board.
    pub(crate) fn scope(self) -> Option<Scope> {
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
        let told = |live: Self| (live.scope(), untrack(|| live.route()).is_some_and(|route| route.is_overview()));
        let before = told(self);
        self.take(&mut data);
        self.past.set(take(&mut data.past));
        data.still = None;
        self.filter.set(filter_of(&data));
        self.page.set(Arc::new(data));
        if told(self) != before {
            self.breaks.update(|breaks| *breaks += 1);
        }
    }

    /// Whether this program understands all that is in the data of a page.
    pub(crate) fn understands(self, data: &PageData) -> bool {
        self.page.with_untracked(|page| page.build == data.build)
    }

    /// Takes everything again, on the page that is open. False where it cannot be read; then all stays as it is.
    pub(crate) fn renew(self, data: &mut PageData) -> bool {
        // A page that holds no board has no use for one, such as the page of what is not there.
        let has_use = self.scope().is_some() && !data.board.is_untold();
        let is_read = !has_use || self.reader.get_value().is_some_and(|reader| (reader.reads)(&data.board));
        if is_read {
            self.take(data);
        }
        is_read
    }

    fn take(self, data: &mut PageData) {
        let is_earlier = data.number < self.number();
        let is_other_boot = data.boot != self.boot();
        self.boot.set_value(data.boot);
        self.number.set_value(data.number);
        self.overview.set_value(data.overview.take().unwrap_or_default());
        self.board.set_value(take(&mut data.board));
        if is_earlier || is_other_boot {
            self.breaks.update(|breaks| *breaks += 1);
        }
        self.counts.set(data.counts);
        self.recording.set(take(&mut data.recording));
        self.subject.set(data.subject.take());
        self.found.set(found_in(data));
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
}
