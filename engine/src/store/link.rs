//! What is said over the writer's connection, inside of a transaction.

use std::collections::HashMap;

use domain::{
    Board, Event, EventKind, EventNumber, Gap, Group, Health, Observation, Outcome, StandingChange, Target, TargetId,
    Timestamp, Transition,
};
use serde::Serialize;
use sqlx::{Row, SqliteConnection};

use super::checks;
use super::rows::{self, BeliefRow, Query, TargetRow, text};
use super::standings::{self, Mark, Standings};
use super::{Batch, ReadError, WriteError, sql};

/// So many rows go into one JSON list.
const ROWS_PER_LIST: usize = 1000;

/// So many checks go into one row of the log.
const CHECKS_PER_ROW: usize = 2048;

/// The writer's connection, and what is known of what was written over it. All of it ends with the connection, so it is
/// never ahead of the store.
#[derive(Debug)]
pub(super) struct Link {
    pub(super) connection: SqliteConnection,
    syncs_every_commit: bool,
    /// What the store has of the targets that were checked lately.
    written: HashMap<TargetId, Written>,
    /// None after targets were changed.
    keys: Option<Keys>,
    /// The last row of the log; none if that is not known yet.
    last_row: Option<i64>,
    /// What this transaction wrote, for those who keep it in memory, too.
    pub(super) news: News,
    pub(super) memory: Memory,
}

/// What is kept in memory of what is stored. Clones are the same.
#[derive(Clone, Debug, Default)]
pub(super) struct Memory {
    pub(super) head: checks::Head,
    pub(super) standings: Standings,
}

/// What a transaction wrote that is kept in memory, too.
#[derive(Debug, Default)]
pub(super) struct News {
    /// Rows of the log.
    pub(super) checks: Vec<(i64, Vec<(i64, Observation)>)>,
    /// The newest of each target.
    pub(super) standings: HashMap<i64, Mark>,
    pub(super) gaps: Vec<Gap>,
}

/// The small keys of targets, and the groups of those who have them.
#[derive(Debug, Default)]
struct Keys {
    by_id: HashMap<TargetId, i64>,
    groups: HashMap<i64, String>,
}

/// What the store has of a target.
#[derive(Debug)]
struct Written {
    health: Health,
    outcome: Outcome,
}

impl Written {
    fn covers(&self, observation: &Observation, health: &Health) -> bool {
        self.health == *health && is_same_view(&self.outcome, &observation.outcome)
    }
}

/// Whether both leave the same in the row of a target: what failed is in the health, what blinds us is not.
fn is_same_view(a: &Outcome, b: &Outcome) -> bool {
    a == b || matches!((a, b), (Outcome::Fail(_), Outcome::Fail(_)))
}

impl Link {
    pub(super) fn new(connection: SqliteConnection, memory: Memory) -> Self {
        let (written, news) = (HashMap::new(), News::default());
        Self { connection, syncs_every_commit: false, written, keys: None, last_row: None, news, memory }
    }

    /// Takes into memory what was committed.
    pub(super) fn remember(&mut self) -> Result<(), WriteError> {
        let News { checks, standings, gaps } = std::mem::take(&mut self.news);
        for (row, entries) in checks {
            self.memory.head.push(row, entries.iter().map(|(key, check)| (*key, check)))?;
        }
        gaps.into_iter().for_each(|gap| self.memory.standings.push_gap(gap));
        standings.into_iter().for_each(|(key, mark)| self.memory.standings.set(key, mark));
        Ok(())
    }

    /// The small key of a target; none if it is not there.
    pub(super) async fn key_of(&mut self, id: TargetId) -> Result<Option<i64>, ReadError> {
        Ok(self.keys().await?.by_id.get(&id).copied())
    }

    /// The group of the target with this small key, also if the target is not there any more.
    pub(super) async fn group_of(&mut self, key: i64) -> Result<Option<String>, ReadError> {
        if let Some(group) = self.keys().await?.groups.get(&key) {
            return Ok(Some(group.clone()));
        }
        Ok(sqlx::query_scalar(sql::GROUP_OF_KEY).bind(key).fetch_optional(&mut self.connection).await?)
    }

    /// The small keys of the targets that are there.
    pub(super) async fn is_there(&mut self) -> Result<impl Fn(i64) -> bool + use<'_>, ReadError> {
        let keys = self.keys().await?;
        Ok(|key| keys.groups.contains_key(&key))
    }

    async fn keys(&mut self) -> Result<&Keys, ReadError> {
        if self.keys.is_none() {
            let mut keys = Keys::default();
            for row in sqlx::query(sql::KEYS).fetch_all(&mut self.connection).await? {
                let key = row.try_get("key")?;
                let id = text(&row, "id")?.parse().map_err(|_| ReadError::Corrupt("target id"))?;
                keys.by_id.insert(id, key);
                keys.groups.insert(key, text(&row, "group_name")?);
            }
            self.keys = Some(keys);
        }
        self.keys.as_ref().ok_or(ReadError::Corrupt("targets"))
    }

    /// The last row of the log.
    pub(super) async fn last_row(&mut self) -> Result<i64, ReadError> {
        match self.last_row {
            Some(row) => Ok(row),
            None => {
                let row = sqlx::query_scalar(sql::LAST_ROW).fetch_one(&mut self.connection).await?;
                self.last_row = Some(row);
                Ok(row)
            }
        }
    }

    fn forget_targets(&mut self) {
        self.written.clear();
        self.keys = None;
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

    /// Whether these are checks after which a commit has nothing to write but them; if so they are committed, in one
    /// step. No transaction must be open.
    pub(super) async fn put_checks_alone(&mut self, events: &[Event]) -> Result<bool, WriteError> {
        let covered = |event: &Event| match &event.kind {
            EventKind::Checked { target, observation, health, transition: None, .. } => {
                self.written.get(target).is_some_and(|written| written.covers(observation, health))
            }
            _ => false,
        };
        if self.syncs_every_commit || !events.iter().all(covered) {
            return Ok(false);
        }
        let (Some(last), Some((row, packed))) =
            (events.iter().map(|event| event.number).max(), self.pack_checks(checks_in(events)).await?)
        else {
            return Ok(false);
        };
        self.run(sqlx::query(sql::CHECKS_ALONE).bind(row).bind(packed).bind(position(last))).await?;
        Ok(true)
    }

    /// The order of these is what makes it right: groups and targets as they are, what passed meanwhile, and what the board
    /// says at the end.
    pub(super) async fn put_board(&mut self, board: &Board, batches: &[Batch]) -> Result<(), WriteError> {
        self.forget_targets();
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
        self.put_what_passed(batches).await?;
        self.put_proxies(board).await?;
        self.put_standbys(board).await?;
        self.put_schedules(board).await?;
        let last = states().filter_map(|state| Some((state.target.id, state.last.as_ref()?)));
        self.put_missing(last).await?;
        let beliefs: Vec<_> = states().map(BeliefRow::of_state).collect::<Result<_, _>>()?;
        self.run_lists(sql::PUT_HEALTH, &beliefs).await?;
        self.forget_targets();
        self.set_last_event(board.number).await
    }

    /// What a board does not hold: checks, and events on record. Nothing else of the events is done again, since groups,
    /// targets and what is wanted of them are those of the board.
    async fn put_what_passed(&mut self, batches: &[Batch]) -> Result<(), WriteError> {
        let checks: Vec<_> = batches.iter().flat_map(|batch| checks_in(&batch.events)).collect();
        for checks in checks.chunks(CHECKS_PER_ROW) {
            self.put_log(checks.iter().copied()).await?;
        }
        let events = batches.iter().flat_map(|batch| batch.events.iter());
        for event in events.filter(|event| event.kind.is_on_record()) {
            self.put_record(event).await?;
        }
        Ok(())
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
            self.forget_targets();
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
                self.delete_standby(*id).await?;
                self.run(sqlx::query(sql::DELETE_TARGET).bind(id.to_string())).await
            }
            EventKind::Started { gap: Some(gap), .. } | EventKind::Paused { gap } => self.put_gap(*gap).await,
            EventKind::RoleChanged { .. } | EventKind::StandbyMoved { .. } => {
                self.put_standby_change(&event.kind).await
            }
            EventKind::DrillScheduled { step, schedule } => self.put_schedule_change(*step, schedule).await,
            kind => self.put_proxy_change(kind).await,
        }
    }

    async fn put_checks(&mut self, run: &[Event]) -> Result<(), WriteError> {
        self.put_log(checks_in(run)).await?;
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
        let written = Written { health: health.clone(), outcome: observation.outcome.clone() };
        self.written.insert(*target, written);
        Some(BeliefRow::of_check(*target, observation, health, event.at))
    }

    /// Writes these checks into the log.
    async fn put_log<'a>(
        &mut self,
        checks: impl Iterator<Item = (TargetId, &'a Observation)>,
    ) -> Result<(), WriteError> {
        match self.pack_checks(checks).await? {
            Some((row, packed)) => self.run(sqlx::query(sql::PUT_CHECKS).bind(row).bind(packed)).await,
            None => Ok(()),
        }
    }

    /// The next row of the log; none if the targets of all of these are gone.
    async fn pack_checks<'a>(
        &mut self,
        checks: impl Iterator<Item = (TargetId, &'a Observation)>,
    ) -> Result<Option<(i64, Vec<u8>)>, WriteError> {
        let row = self.last_row().await? + 1;
        let by_id = &self.keys().await?.by_id;
        let entries: Vec<checks::Entry<'_>> =
            checks.filter_map(|(id, check)| by_id.get(&id).map(|key| (*key, check))).collect();
        if entries.is_empty() {
            return Ok(None);
        }
        let packed = checks::pack(&entries)?;
        let entries = entries.into_iter().map(|(key, check)| (key, check.clone())).collect();
        self.news.checks.push((row, entries));
        self.last_row = Some(row);
        Ok(Some((row, packed)))
    }

    /// Writes those of these checks into the log that are not there yet.
    async fn put_missing<'a>(
        &mut self,
        last: impl Iterator<Item = (TargetId, &'a Observation)>,
    ) -> Result<(), WriteError> {
        let mut missing = Vec::new();
        let written = self.news.checks.iter().flat_map(|(_, checks)| checks);
        let written: HashMap<i64, Timestamp> = written.map(|(key, check)| (*key, check.at)).collect();
        for (id, check) in last {
            let key = self.key_of(id).await?;
            let stored = key.and_then(|key| written.get(&key).copied().or_else(|| self.memory.head.last_at(key)));
            if stored.is_none_or(|stored| stored < check.at) {
                missing.push((id, check));
            }
        }
        self.put_log(missing.into_iter()).await
    }

    /// Writes what is new of these, in their order.
    pub(super) async fn put_standings(&mut self, changes: &[StandingChange]) -> Result<(), WriteError> {
        for change in changes {
            let Some(key) = self.key_of(change.target).await? else { continue };
            let Some(mark) = self.memory.standings.next(key, change, &self.news) else { continue };
            let [up, down, out] = mark.sums;
            let query = sqlx::query(sql::PUT_STANDING)
                .bind(key)
                .bind(mark.at)
                .bind(standings::number_of(mark.status))
                .bind(mark.reason.map(domain::Reason::code))
                .bind(up)
                .bind(down)
                .bind(out);
            self.run(query).await?;
            self.news.standings.insert(key, mark);
        }
        Ok(())
    }

    pub(super) async fn put_gap(&mut self, gap: Gap) -> Result<(), WriteError> {
        if gap.from < gap.to {
            let (from, to) = (gap.from.as_millis(), gap.to.as_millis());
            self.run(sqlx::query(sql::PUT_GAP).bind(from).bind(to)).await?;
            self.news.gaps.push(gap);
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
        self.forget_targets();
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

/// The checks among these events.
fn checks_in(events: &[Event]) -> impl Iterator<Item = (TargetId, &Observation)> {
    events.iter().filter_map(|event| match &event.kind {
        EventKind::Checked { target, observation, .. } => Some((*target, observation)),
        _ => None,
    })
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
