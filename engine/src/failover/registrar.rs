//! The task that keeps the records.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use domain::{EventKind, Failover, FailoverId, FailoverNote, GroupName, TargetId, Timestamp};
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

use super::Casebook;
use crate::bus::{Follow, Published};
use crate::lab::Bench;
use crate::monitor::recorder::{Gone, Inbox};
use crate::monitor::shared::Shared;
use crate::store::Reader;

/// Open records are looked at so often: traffic is put in, what is over is frozen.
const PERIOD: Duration = Duration::from_millis(250);

/// An open record is stored so often at most, in periods.
const STORE_EVERY: u32 = 8;

/// So many records that are frozen may wait for a store that cannot write.
const WAITING_MAX: usize = 500;

/// A request of the synthetic client is given up before, in milliseconds.
const REQUEST_MAX_MS: i64 = 5_000;

pub(crate) struct Registrar {
    shared: Arc<Shared>,
    recorder: Inbox,
    casebook: Casebook,
    bench: Arc<Bench>,
    /// Open records as they are stored.
    stored: HashMap<FailoverId, Failover>,
    /// Frozen records that are not stored yet.
    waiting: VecDeque<Failover>,
    periods: u32,
}

impl Registrar {
    pub(crate) fn new(shared: Arc<Shared>, recorder: Inbox, casebook: Casebook, bench: Arc<Bench>) -> Self {
        let (stored, waiting) = (HashMap::new(), VecDeque::new());
        Self { shared, recorder, casebook, bench, stored, waiting, periods: 0 }
    }

    /// Ends the records that an earlier run has left open.
    pub(crate) async fn close_leftovers(&mut self, reader: &Reader) {
        match reader.open_failovers().await {
            Ok(open) => self.waiting.extend(open.into_iter().map(|mut failover| {
                failover.interrupt();
                failover
            })),
            Err(error) => tracing::warn!(%error, "failover records of an earlier run could not be read"),
        }
    }

    /// Runs until `stop`, or until the recorder is gone.
    pub(crate) async fn run(mut self, stop: CancellationToken) {
        let begin = self.shared.with_board(|board| board.number);
        let mut follower = self.shared.bus.follow(begin, stop);
        let mut pace = tokio::time::interval(PERIOD);
        pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let done = tokio::select! {
                biased;
                news = follower.next() => match news {
                    Follow::Events(events) => self.take(&events).await,
                    Follow::Lagged => {
                        let now = self.shared.clock.now();
                        let number = self.shared.with_board(|board| {
                            self.casebook.chronicle().missed(board, now);
                            board.number
                        });
                        follower.skip_to(number);
                        Ok(())
                    }
                    Follow::Stopped => break,
                },
                _ = pace.tick() => self.turn().await,
            };
            if done.is_err() {
                return;
            }
        }
        self.see_traffic();
        let frozen = self.casebook.chronicle().interrupt().frozen;
        // What cannot be stored now is closed by the next start.
        for failover in self.waiting.drain(..).chain(frozen) {
            if !matches!(self.recorder.keep(Box::new(failover)).await, Ok(true)) {
                return;
            }
        }
    }

    async fn take(&mut self, events: &[Published]) -> Result<(), Gone> {
        let mut began = Vec::new();
        {
            let mut chronicle = self.casebook.chronicle();
            let known: Vec<FailoverId> = chronicle.open().map(|open| open.id).collect();
            let concerned: Vec<_> = events.iter().filter(|p| chronicle.is_concerned(&p.event.kind)).collect();
            if concerned.is_empty() {
                return Ok(());
            }
            self.shared.with_board(|board| {
                for published in concerned {
                    chronicle.take(board, &published.event, FailoverId::from_uuid(uuid::Uuid::now_v7()));
                }
            });
            let new = chronicle.open().filter(|open| !known.contains(&open.id));
            began.extend(new.map(|open| EventKind::FailoverRecorded(Box::new(FailoverNote::of(open)))));
        }
        if began.is_empty() {
            return Ok(());
        }
        self.periods = 0;
        // First the record, then the word that it is there.
        self.store_open().await?;
        self.recorder.report(began, false).await?.ok();
        Ok(())
    }

    async fn turn(&mut self) -> Result<(), Gone> {
        for number in self.casebook.due(self.shared.clock.now()) {
            // A lab that has ended meanwhile, or a server that somebody has brought back, needs nothing.
            self.bench.bring_back(number).await;
        }
        self.see_traffic();
        let frozen = self.casebook.chronicle().turn(self.shared.clock.now()).frozen;
        let notes: Vec<EventKind> =
            frozen.iter().map(|over| EventKind::FailoverRecorded(Box::new(FailoverNote::of(over)))).collect();
        self.waiting.extend(frozen);
        self.waiting.drain(..self.waiting.len().saturating_sub(WAITING_MAX));
        // First the record, then the word that it is there.
        while let Some(failover) = self.waiting.front() {
            if !self.recorder.keep(Box::new(failover.clone())).await? {
                break;
            }
            self.stored.remove(&failover.id);
            self.waiting.pop_front();
        }
        if !notes.is_empty() {
            self.recorder.report(notes, false).await?.ok();
        }
        self.periods += 1;
        if self.periods.is_multiple_of(STORE_EVERY) { self.store_open().await } else { Ok(()) }
    }

    /// Stores the open records that are otherwise than they are stored.
    async fn store_open(&mut self) -> Result<(), Gone> {
        let open: Vec<Failover> = self.casebook.chronicle().open().cloned().collect();
        for failover in open {
            let is_stored = self.stored.get(&failover.id) == Some(&failover);
            if !is_stored && self.recorder.keep(Box::new(failover.clone())).await? {
                self.stored.insert(failover.id, failover);
            }
        }
        Ok(())
    }

    /// Asks the synthetic client of the lab what it saw since a little before each record.
    fn see_traffic(&self) {
        let mut chronicle = self.casebook.chronicle();
        let open: Vec<(TargetId, GroupName, String, Timestamp)> =
            chronicle.open().map(|open| (open.target, open.group.clone(), open.address.clone(), open.from())).collect();
        if open.is_empty() {
            return;
        }
        let Some((web, servers)) = self.bench.served() else { return };
        let names: BTreeMap<u8, String> = self.shared.with_board(|board| {
            let targets = board.groups.get(&web).map(|group| &group.targets);
            let name = |address: &String| {
                let mut targets = targets.into_iter().flat_map(|targets| targets.values());
                targets.find(|target| target.target.address() == *address).map(|target| target.target.display_name())
            };
            servers.iter().filter_map(|(number, address)| Some((*number, name(address)?))).collect()
        });
        let now = self.shared.clock.now();
        for (target, _, address, from) in open.into_iter().filter(|(_, group, ..)| *group == web) {
            let own = servers.iter().find(|(_, server)| *server == address).map(|(number, _)| *number);
            // Requests are noted when they end, so those that were under way before are wanted, too.
            let requests = self.bench.requests(from.plus_millis(-REQUEST_MAX_MS));
            chronicle.see_traffic(target, &requests, names.clone(), own, now);
        }
    }
}
