//! The facade: the verbs that people and scripts can do.

use std::sync::Arc;

use domain::{
    Board, Check, Event, EventNumber, Group, GroupName, Host, Observation, Target, TargetDraft, TargetId, Timestamp,
};

use crate::{Author, ChangeError, CheckNowError, Clock, Config, EventFilter, Follower, ReadError, StartError, Vitals};

/// A running engine. Cheap to clone; all clones are the same engine.
#[derive(Clone, Debug)]
pub struct Engine {
    inner: Arc<()>,
}

impl Engine {
    /// Opens the store, puts the board back as it was, and begins to check.
    pub async fn start(config: Config) -> Result<Self, StartError> {
        let _ = config;
        todo!()
    }

    /// Stops checking, empties the recorder, closes the store. Streams of events end.
    pub async fn stop(&self) {
        todo!()
    }

    /// Waits until a part of the engine ends by itself, and says which. The program must end then.
    pub async fn failed(&self) -> String {
        todo!()
    }

    /// Ends the streams of events; the first step of a stop.
    pub fn end_streams(&self) {
        todo!()
    }

    /// The clock of this engine.
    pub fn clock(&self) -> Clock {
        Clock
    }

    /// A number that is another at each start: a browser that sees it change takes the whole board again.
    pub fn boot(&self) -> u64 {
        todo!()
    }

    /// Reads the board. Keep it short: events wait meanwhile.
    pub fn with_board<T>(&self, read: impl FnOnce(&Board) -> T) -> T {
        let _ = read;
        todo!()
    }

    /// Follows the events after `after`.
    pub fn follow(&self, after: EventNumber) -> Follower {
        let _ = after;
        todo!()
    }

    /// Makes a group.
    pub async fn create_group(&self, group: Group, author: Author) -> Result<(), ChangeError> {
        let _ = (group, author);
        todo!()
    }

    /// Gives a group other settings; its name stays. Takes effect at once, health stays.
    pub async fn edit_group(&self, group: Group, author: Author) -> Result<(), ChangeError> {
        let _ = (group, author);
        todo!()
    }

    /// Deletes a group with its targets.
    pub async fn delete_group(&self, name: GroupName, author: Author) -> Result<(), ChangeError> {
        let _ = (name, author);
        todo!()
    }

    /// Registers targets, all or none.
    pub async fn register(
        &self,
        group: GroupName,
        targets: Vec<TargetDraft>,
        author: Author,
    ) -> Result<Vec<Target>, ChangeError> {
        let _ = (group, targets, author);
        todo!()
    }

    /// Gives a target another label, host or port.
    pub async fn edit_target(
        &self,
        group: GroupName,
        id: TargetId,
        target: TargetDraft,
        author: Author,
    ) -> Result<Target, ChangeError> {
        let _ = (group, id, target, author);
        todo!()
    }

    /// Deregisters targets, all or none.
    pub async fn deregister(&self, group: GroupName, ids: Vec<TargetId>, author: Author) -> Result<(), ChangeError> {
        let _ = (group, ids, author);
        todo!()
    }

    /// Checks a registered target at once; the result counts like any other.
    pub async fn check_now(&self, group: &GroupName, id: TargetId) -> Result<Observation, CheckNowError> {
        let _ = (group, id);
        todo!()
    }

    /// Tries a check on any host without saving anything.
    pub async fn try_check(&self, check: &Check, host: &Host, port: u16) -> Observation {
        let _ = (check, host, port);
        todo!()
    }

    /// The stored observations of a target before `before` (or the newest), newest first, at most `limit`.
    pub async fn observations(
        &self,
        target: TargetId,
        before: Option<Timestamp>,
        limit: u32,
    ) -> Result<Vec<Observation>, ReadError> {
        let _ = (target, before, limit);
        todo!()
    }

    /// The stored events that the filter lets through.
    pub async fn events(&self, filter: EventFilter) -> Result<Vec<Event>, ReadError> {
        let _ = filter;
        todo!()
    }

    /// How the engine itself is doing.
    pub fn vitals(&self) -> &Vitals {
        todo!()
    }

    /// Whether every enabled target has been checked once since the start.
    pub fn first_sweep_is_done(&self) -> bool {
        todo!()
    }
}
