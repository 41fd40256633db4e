//! What is said over the writer's connection, inside of a transaction.

use std::collections::HashMap;

use domain::{
    Board, Event, EventKind, EventNumber, Group, Health, Observation, Outcome, Target, TargetId, Timestamp, Transition,
};
use serde::Serialize;
use sqlx::SqliteConnection;

use super::rows::{self, BeliefRow, ObservationRow, Query, TargetRow};
use super::{WriteError, sql};

/// `last_at` of a target that is checked may be so old, so that not every check has to write it.
pub(super) const LAST_AT_AGE_MS: i64 = 60_000;

/// So many rows go into one JSON list.
const ROWS_PER_LIST: usize = 1000;

/// The writer's connection, and what is known of what was written over it.
#[derive(Debug)]
pub(super) struct Link {
    pub(super) connection: SqliteConnection,
    syncs_every_commit: bool,
    /// What the store has of the targets that were checked lately. It ends with the connection, so it is never ahead of
    /// the store.
    written: HashMap<TargetId, Written>,
}

/// What the store has of a target.
#[derive(Debug)]
struct Written {
    health: Health,
    outcome: Outcome,
    at: Timestamp,
}

impl Written {
    fn covers(&self, observation: &Observation, health: &Health) -> bool {
        let age = observation.at.as_millis() - self.at.as_millis();
        self.health == *health
            && is_same_view(&self.outcome, &observation.outcome)
            && (0..LAST_AT_AGE_MS).contains(&age)
    }
}

/// Whether both leave the same in the row of a target: what failed is in the health, what blinds us is not.
fn is_same_view(a: &Outcome, b: &Outcome) -> bool {
    a == b || matches!((a, b), (Outcome::Fail(_), Outcome::Fail(_)))
}

impl Link {
    pub(super) fn new(connection: SqliteConnection) -> Self {
        Self { connection, syncs_every_commit: false, written: HashMap::new() }
    }

    /// Begins a transaction; `durable`: its commit waits for the disk.
    pub(super) async fn begin(&mut self, durable: bool) -> Result<(), WriteError> {
        if self.syncs_every_commit != durable {
            self.execute(if durable { sql::SYNC_EVERY_COMMIT } else { sql::SYNC_AT_CHECKPOINTS }).await?;
            self.syncs_every_commit = durable;
        }
        self.execute(sql::BEGIN).await
    }

    pub(super) async fn put_events(&mut self, events: &[Event]) -> Result<(), WriteError> {
        for run in events.chunk_by(is_one_run) {
            self.put_run(run).await?;
            for event in run.iter().filter(|event| event.kind.is_on_record()) {
                self.put_record(event).await?;
            }
        }
        match events.iter().map(|event| event.number).max() {
            Some(last) => self.set_last_event(last).await,
            None => Ok(()),
        }
    }

    /// The order of these is what makes it right: groups and targets as they are, the events on them, and what the
    /// board says at the end.
    pub(super) async fn put_board(&mut self, board: &Board, events: &[Event]) -> Result<(), WriteError> {
        self.written.clear();
        let names: Vec<_> = board.groups.keys().collect();
        self.run(sqlx::query(sql::DELETE_OTHER_GROUPS).bind(serde_json::to_string(&names)?)).await?;
        for group in board.groups.values() {
            let last_change = group.last_change.as_ref().map(serde_json::to_string).transpose()?;
            self.put_group(&group.group, last_change).await?;
        }
        let states = || board.groups.values().flat_map(|group| group.targets.values());
        let targets: Vec<TargetRow> = states().map(|state| TargetRow::new(&state.target, state.since)).collect();
        self.run(sqlx::query(sql::DELETE_OTHER_TARGETS).bind(serde_json::to_string(&targets)?)).await?;
        self.put_targets(&targets).await?;
        self.put_events(events).await?;
        self.put_proxies(board).await?;
        let last = states().filter_map(|state| Some((state.target.id, state.last.as_ref()?)));
        self.put_observations(last).await?;
        let beliefs: Vec<_> = states().map(BeliefRow::of_state).collect::<Result<_, _>>()?;
        self.run_lists(sql::PUT_HEALTH, &beliefs).await?;
        self.written.clear();
        self.set_last_event(board.number).await
    }

    /// Deletes the oldest rows, at most `limit` of each kind.
    pub(super) async fn prune(
        &mut self,
        observations: Timestamp,
        events: Timestamp,
        limit: u32,
    ) -> Result<u64, WriteError> {
        let mut gone = 0;
        for (statement, before) in [(sql::PRUNE_OBSERVATIONS, observations), (sql::PRUNE_EVENTS, events)] {
            let query = sqlx::query(statement).bind(before.as_millis()).bind(limit);
            gone += query.execute(&mut self.connection).await?.rows_affected();
        }
        Ok(gone)
    }

    pub(super) async fn execute(&mut self, statement: &'static str) -> Result<(), WriteError> {
        self.run(sqlx::query(statement)).await
    }

    /// What events change in groups, targets, health and observations.
    async fn put_run(&mut self, run: &[Event]) -> Result<(), WriteError> {
        match run {
            [Event { kind: EventKind::Checked { .. }, .. }, ..] => self.put_checks(run).await,
            [Event { kind: EventKind::TargetRegistered(_), .. }, ..] => {
                let targets = run.iter().filter_map(|event| match &event.kind {
                    EventKind::TargetRegistered(target) => Some(TargetRow::new(target, event.at)),
                    _ => None,
                });
                self.put_targets(&targets.collect::<Vec<_>>()).await
            }
            run => {
                for event in run {
                    self.put_change(event).await?;
                }
                Ok(())
            }
        }
    }

    async fn put_change(&mut self, event: &Event) -> Result<(), WriteError> {
        if changes_targets(&event.kind) {
            self.written.clear();
        }
        match &event.kind {
            EventKind::GroupCreated(group) => self.put_group(group, None).await,
            EventKind::GroupEdited(group) => {
                self.begin_anew_if_switched(group, event.at).await?;
                self.put_group(group, None).await
            }
            EventKind::GroupDeleted(name) => self.run(sqlx::query(sql::DELETE_GROUP).bind(name.as_str())).await,
            EventKind::TargetRegistered(target) | EventKind::TargetEdited { target, .. } => {
                self.put_targets(&[TargetRow::new(target, event.at)]).await
            }
            EventKind::TargetDeregistered(Target { id, .. }) => {
                self.delete_drain(*id).await?;
                self.run(sqlx::query(sql::DELETE_TARGET).bind(id.to_string())).await
            }
            kind => self.put_proxy_change(kind).await,
        }
    }

    async fn put_checks(&mut self, run: &[Event]) -> Result<(), WriteError> {
        let observations = run.iter().filter_map(|event| match &event.kind {
            EventKind::Checked { target, observation, .. } => Some((*target, observation)),
            _ => None,
        });
        self.put_observations(observations).await?;
        let beliefs: Vec<BeliefRow> =
            run.iter().filter_map(|event| self.changed_belief(event)).collect::<Result<_, _>>()?;
        self.run_lists(sql::PUT_CHECKED_HEALTH, &beliefs).await?;
        for event in run {
            if let EventKind::Checked { group, target, transition: Some(transition), .. } = &event.kind {
                self.put_transition(group.as_str(), *target, transition, event.at).await?;
            }
        }
        Ok(())
    }

    /// The row of a check that changes more than observations.
    fn changed_belief(&mut self, event: &Event) -> Option<Result<BeliefRow, serde_json::Error>> {
        let EventKind::Checked { target, observation, health, .. } = &event.kind else { return None };
        if self.written.get(target).is_some_and(|written| written.covers(observation, health)) {
            return None;
        }
        let written = Written { health: health.clone(), outcome: observation.outcome.clone(), at: observation.at };
        self.written.insert(*target, written);
        Some(BeliefRow::of_check(*target, observation, health, event.at))
    }

    async fn put_observations<'a>(
        &mut self,
        observations: impl Iterator<Item = (TargetId, &'a Observation)>,
    ) -> Result<(), WriteError> {
        let rows = observations.map(|(target, seen)| ObservationRow::new(target, seen));
        let rows: Vec<_> = rows.collect::<Result<_, _>>()?;
        for rows in rows.chunks(sql::OBSERVATIONS_AT_ONCE) {
            let places = (0..sql::OBSERVATIONS_AT_ONCE).map(|place| rows.get(place));
            let query = sqlx::query(sql::PUT_OBSERVATIONS);
            self.run(places.fold(query, |query, row| ObservationRow::bind(row, query))).await?;
        }
        Ok(())
    }

    async fn put_group(&mut self, group: &Group, last_change: Option<String>) -> Result<(), WriteError> {
        let settings = serde_json::to_string(group)?;
        self.run(sqlx::query(sql::PUT_GROUP).bind(group.name.as_str()).bind(settings).bind(last_change)).await
    }

    async fn begin_anew_if_switched(&mut self, group: &Group, at: Timestamp) -> Result<(), WriteError> {
        let query = sqlx::query(sql::BEGIN_ANEW_IF_SWITCHED);
        self.run(query.bind(group.name.as_str()).bind(at.as_millis()).bind(group.check.enabled)).await
    }

    /// Keeps what we believe of targets that are known at the same address.
    async fn put_targets(&mut self, targets: &[TargetRow]) -> Result<(), WriteError> {
        self.written.clear();
        self.run_lists(sql::FORGET_MOVED_TARGETS, targets).await?;
        self.run_lists(sql::PUT_TARGETS, targets).await?;
        self.run_lists(sql::PUT_NEW_HEALTH, targets).await
    }

    async fn put_transition(
        &mut self,
        group: &str,
        target: TargetId,
        transition: &Transition,
        at: Timestamp,
    ) -> Result<(), WriteError> {
        let target = target.to_string();
        self.run(sqlx::query(sql::SET_SINCE).bind(target.as_str()).bind(at.as_millis())).await?;
        let transition = serde_json::to_string(transition)?;
        let query = sqlx::query(sql::SET_LAST_CHANGE);
        self.run(query.bind(group).bind(at.as_millis()).bind(target.as_str()).bind(transition)).await
    }

    async fn put_record(&mut self, event: &Event) -> Result<(), WriteError> {
        let transition = match &event.kind {
            EventKind::Checked { transition, .. } => transition.as_ref(),
            _ => None,
        };
        let query = sqlx::query(sql::PUT_EVENT)
            .bind(position(event.number))
            .bind(event.at.as_millis())
            .bind(event.kind.as_str())
            .bind(event.kind.group().map(|group| group.as_str()))
            .bind(event.kind.target().map(|target| target.to_string()))
            .bind(event.by.as_ref().map(|by| rows::via_word(by.via)))
            .bind(event.by.as_ref().and_then(|by| by.address).map(|address| address.to_string()))
            .bind(event.why.as_deref())
            .bind(transition.map(|transition| transition.from.as_str()))
            .bind(transition.map(|transition| transition.to.as_str()))
            .bind(serde_json::to_string(&event.kind)?)
            .bind(event.kind.proxy().map(|proxy| proxy.as_str()));
        self.run(query).await
    }

    async fn set_last_event(&mut self, number: EventNumber) -> Result<(), WriteError> {
        self.run(sqlx::query(sql::SET_LAST_EVENT).bind(position(number))).await
    }

    async fn run_lists(&mut self, statement: &'static str, rows: &[impl Serialize]) -> Result<(), WriteError> {
        for rows in rows.chunks(ROWS_PER_LIST) {
            self.run(sqlx::query(statement).bind(serde_json::to_string(rows)?)).await?;
        }
        Ok(())
    }

    pub(super) async fn run(&mut self, query: Query<'_>) -> Result<(), WriteError> {
        query.execute(&mut self.connection).await?;
        Ok(())
    }
}

/// Checks that follow each other are written together, and so are registrations.
fn is_one_run(a: &Event, b: &Event) -> bool {
    matches!(
        (&a.kind, &b.kind),
        (EventKind::Checked { .. }, EventKind::Checked { .. })
            | (EventKind::TargetRegistered(_), EventKind::TargetRegistered(_))
    )
}

fn position(number: EventNumber) -> i64 {
    i64::try_from(number.0).unwrap_or(i64::MAX)
}

/// Whether what is known of targets that were written has to be looked at again.
fn changes_targets(kind: &EventKind) -> bool {
    matches!(
        kind,
        EventKind::GroupCreated(_)
            | EventKind::GroupEdited(_)
            | EventKind::GroupDeleted(_)
            | EventKind::TargetRegistered(_)
            | EventKind::TargetEdited { .. }
            | EventKind::TargetDeregistered(_)
    )
}
