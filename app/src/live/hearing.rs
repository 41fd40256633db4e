//! What the stream says, and who is told of it.

use std::collections::HashSet;

use domain::{Counts, EventNumber, Missed, Recording};
use leptos::prelude::*;

use crate::Line;

use super::{Live, Topic, glances};

/// So many events stay in a list that grows while it is looked at.
pub(crate) const EVENTS_MAX: usize = 200;

/// So many changes are told aloud at once; the list has them all.
pub(super) const ANNOUNCED_MAX: usize = 5;

#[cfg_attr(not(feature = "hydrate"), expect(dead_code, reason = "the server shows a page once"))]
impl Live {
    /// Takes in what the stream says; false where that does not follow on what is known, or cannot be read.
    pub(crate) fn hear(self, data: &str) -> bool {
        match (self.scope(), self.reader.get_value()) {
            (None, _) => glances::hear(self, data),
            (Some(_), Some(reader)) => (reader.hear)(self, data),
            (Some(_), None) => false,
        }
    }

    /// What comes after `after` is taken in only where nothing between is missing.
    pub(super) fn follows(self, after: EventNumber) -> Result<(), Missed> {
        let at = self.number();
        if at < after { Err(Missed { at, given: after.next() }) } else { Ok(()) }
    }

    pub(super) fn notify(self, topics: HashSet<Topic>) {
        let triggers: Vec<ArcTrigger> = self
            .triggers
            .with_value(|triggers| topics.iter().filter_map(|topic| triggers.get(topic).cloned()).collect());
        for trigger in triggers {
            trigger.notify();
        }
    }

    /// Tells changes of status, all of a frame at once.
    pub(super) fn announce<'a>(self, lines: impl Iterator<Item = &'a Line>) {
        let changes = lines.filter(|line| line.is_change).take(ANNOUNCED_MAX);
        let told: Vec<String> = changes.map(|Line { subject, verb, .. }| format!("{subject}: {verb}.")).collect();
        if !told.is_empty() {
            self.announced.set(told.join(" "));
        }
    }

    /// Puts lines that are new, newest first, on top of those of the page.
    pub(super) fn put_on_top(self, mut lines: Vec<Line>) {
        let known = self.events.with_untracked(|list| list.first().map(|line| line.number));
        lines.retain(|line| known < Some(line.number));
        if !lines.is_empty() {
            self.events.update(|list| prepend(list, lines, EVENTS_MAX));
        }
    }

    /// What is known of all targets, where that is another.
    pub(super) fn count(self, counts: Counts) {
        if self.counts.with_untracked(|known| *known != counts) {
            self.counts.set(counts);
        }
    }

    pub(super) fn record(self, recording: &Recording) {
        if self.recording.with_untracked(|known| known != recording) {
            self.recording.set(recording.clone());
        }
    }
}

/// Puts what is new on top of a list that is limited.
pub(super) fn prepend<T>(list: &mut Vec<T>, fresh: Vec<T>, max: usize) {
    list.splice(0..0, fresh);
    list.truncate(max);
}
