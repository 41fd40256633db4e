//! The same loss against a hot, a warm and a cold standby: one server of a group of its own is killed while the other
//! stands by, three times. What is measured is what visitors see: the first answer of the replacement.
//!
//! Roles, promotions and drains go through the same code as a user's; only the starter of the cold one is the lab's own.

use std::sync::Arc;
use std::time::Duration;

use domain::{
    Board, CompareStep, Conduct, FallBack, GroupDraft, GroupName, LAB_STARTER, LabAnswer, LabComparison, LabFault,
    LabStage, Mode, Protocol, ProxyName, Role, StandbyRule, TargetId, TargetState, Tier, TierRun, Timestamp,
};
use tokio::time::{MissedTickBehavior, interval, timeout};

use super::haproxy::STANDBY;
use super::place::Manifest;
use super::register::target;
use super::running::Running;
use super::visit;
use super::{Lab, LabError, faults};
use crate::{Author, ChangeError, Engine, FailoverFilter, PutBack, WithBindings};

/// The server that is lost, and the one that stands by.
const LOST: u8 = 1;
const REPLACEMENT: u8 = 2;

/// From one request to the next.
const ASK_EVERY: Duration = Duration::from_millis(20);

/// A step may take so long.
const STEP_WITHIN: Duration = Duration::from_secs(30);

/// So often it is looked whether the board is as it should be.
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// So many requests must be answered by the server before it is killed.
const BEFORE: usize = 5;

impl Lab {
    /// What came of the last comparison of this lab, or how far it is.
    pub fn comparison(&self) -> Option<LabComparison> {
        self.bench.running()?.comparison()
    }

    /// Begins to compare. How far it is tells [`Self::comparison`].
    pub async fn compare(&self, author: Author) -> Result<(), LabError> {
        let _gate = self.bench.gate.lock().await;
        let running = self.bench.running().ok_or(LabError::NotRunning)?;
        if running.view(None).stage != LabStage::Active || running.network_port().is_none() {
            return Err(LabError::NotRunning);
        }
        let is_going_on = running.comparison().is_some_and(|comparison| comparison.now.is_some());
        if is_going_on {
            return Err(LabError::Comparing);
        }
        let group = running.choose_compared(&self.engine)?;
        running.set_comparison(LabComparison {
            started_at: running.clock.now(),
            group: group.clone(),
            runs: Vec::new(),
            now: Some((Tier::Hot, CompareStep::Preparing)),
            failed: None,
        });
        let (engine, own) = (self.engine.clone(), Arc::clone(&running));
        running.spawn(async move {
            let failed = Comparison { engine: &engine, running: &own, group, author }.run().await.err();
            own.end_comparison(failed);
        });
        Ok(())
    }
}

/// A comparison under way.
struct Comparison<'a> {
    engine: &'a Engine,
    running: &'a Arc<Running>,
    group: GroupName,
    author: Author,
}

/// Why a comparison did not get to its end, as a sentence.
type Failed = String;

impl Comparison<'_> {
    async fn run(&self) -> Result<(), Failed> {
        // Just after a start nothing is taken out by itself: that wait says nothing of standbys.
        self.engine.grace_over().await;
        let [lost, replacement] = self.set_up().await.map_err(|error| error.to_string())?;
        let mut outcome = Ok(());
        for tier in Tier::ALL {
            outcome = self.compare(tier, lost, replacement).await;
            if outcome.is_err() {
                break;
            }
        }
        // Whatever became of it, the lab is as it was.
        for number in [LOST, REPLACEMENT] {
            self.inflict(number, LabFault::BringBack).await.ok();
        }
        let removed =
            self.engine.delete_group(self.group.clone(), WithBindings::Remove(PutBack::Yes), self.author.clone());
        removed.await.map_err(|error| error.to_string())?;
        // Somebody may give its name to a group of their own from now on.
        self.running.note_compared(None).map_err(|error| error.to_string())?;
        outcome
    }

    /// A group that sees a loss at once, and waits for nobody's leave to take out its last server: the standby is there.
    async fn set_up(&self) -> Result<[TargetId; 2], ChangeError> {
        let lab = self.running.view(None);
        let ports = [LOST, REPLACEMENT].map(|number| lab.backend(number).map_or(0, |server| server.port));
        let mut draft = GroupDraft { name: self.group.to_string(), ..GroupDraft::default_for(Protocol::Http) };
        draft.port = ports[0].to_string();
        draft.minimum_healthy_targets = "0".to_owned();
        draft.check.interval_ms = "200".to_owned();
        draft.check.timeout_ms = "200".to_owned();
        draft.check.healthy_threshold = "2".to_owned();
        draft.check.unhealthy_threshold = "2".to_owned();
        let mut group = draft.validate().map_err(ChangeError::Invalid)?;
        (group.check.fast_interval_ms, group.check.sentinel) = (Some(20), true);
        group.standby = StandbyRule { wanted_active: Some(1), hold_down_s: 1, fall_back: FallBack::ByItself };
        self.engine.create_group(group, self.author.clone()).await?;
        let drafts = [LOST, REPLACEMENT].into_iter().zip(ports).map(|(number, port)| target(number, port));
        let drafts: Vec<_> = drafts.filter_map(Result::ok).collect();
        let made = self.engine.register(self.group.clone(), drafts, self.author.clone()).await?;
        let proxy: Option<ProxyName> = self.running.proxy();
        if let Some(proxy) = proxy {
            let conduct = Conduct { mode: Mode::Automatic, changes_per_minute: 60, ..Conduct::default() };
            self.engine.bind(proxy, STANDBY.to_owned(), self.group.clone(), conduct, self.author.clone()).await?;
        }
        match made.as_slice() {
            [lost, replacement] => Ok([lost.id, replacement.id]),
            _ => Err(ChangeError::NoSuchGroup(self.group.clone())),
        }
    }

    async fn compare(&self, tier: Tier, lost: TargetId, replacement: TargetId) -> Result<(), Failed> {
        self.running.step_comparison(tier, CompareStep::Preparing);
        if tier == Tier::Cold {
            self.inflict(REPLACEMENT, LabFault::Stop).await?;
        }
        let starter = (tier == Tier::Cold).then(|| LAB_STARTER.parse().ok()).flatten();
        let role = Role::Standby(tier, starter);
        let set = self.engine.set_role(self.group.clone(), replacement, role, self.author.clone()).await;
        set.map_err(|error| error.to_string())?;
        self.until("the standby is ready", |board| self.is_ready(board, tier, lost, replacement)).await?;

        let run = self.lose(tier).await?;
        self.running.step_comparison(tier, CompareStep::Restoring);
        self.inflict(LOST, LabFault::BringBack).await?;
        let is_restored = |board: &Board| {
            let target = |id| board.target(&self.group, id);
            let serves = board.groups.get(&self.group).zip(target(lost)).is_some_and(|(g, t)| board.serves(g, t));
            serves && target(replacement).is_some_and(TargetState::stands_by)
        };
        self.until("the standby waits again", is_restored).await?;
        let filter = FailoverFilter { group: Some(self.group.clone()), before: None, limit: 10 };
        let records = self.engine.failovers(filter).await.unwrap_or_default();
        let failover = records.iter().find(|record| record.target == lost && run.at <= record.started_at);
        self.running.add_run(TierRun { failover: failover.map(|record| record.id), ..run });
        Ok(())
    }

    /// Whether the server serves, and the standby is as its tier has it.
    fn is_ready(&self, board: &Board, tier: Tier, lost: TargetId, replacement: TargetId) -> bool {
        let Some(group) = board.groups.get(&self.group) else { return false };
        let (Some(active), Some(standby)) = (group.targets.get(&lost), group.targets.get(&replacement)) else {
            return false;
        };
        let fronts = board.fronts(&standby.target);
        let is_held = fronts.iter().any(|front| front.hold().is_some_and(|hold| hold.told.is_some()));
        let is_up = fronts.iter().any(|front| front.server.is_some_and(|server| server.is_up == Some(true)));
        let is_as_wanted = match tier {
            Tier::Hot => standby.is_fit() && !is_held && is_up,
            Tier::Warm => standby.is_fit() && is_held,
            Tier::Cold => !standby.is_fit() && is_held,
        };
        let has_sentinel = matches!(active.sentinel, Some(domain::Sentinel::Held { .. }));
        board.serves(group, active) && has_sentinel && is_as_wanted
    }

    /// Kills the server while visitors ask, until the replacement answers.
    async fn lose(&self, tier: Tier) -> Result<TierRun, Failed> {
        self.running.step_comparison(tier, CompareStep::Losing);
        let (tell, mut answers) = tokio::sync::mpsc::unbounded_channel();
        let asking = async {
            let mut ticks = interval(ASK_EVERY);
            ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
            let mut waiting = tokio::task::JoinSet::new();
            loop {
                ticks.tick().await;
                let (socket, tell, clock) = (self.running.place.visit_socket(), tell.clone(), self.running.clock);
                waiting.spawn(async move {
                    let (at, begun) = (clock.now(), clock.instant());
                    let answer = visit::visit_socket(&socket).await;
                    let took = clock.instant().saturating_duration_since(begun);
                    // Whoever counts may have stopped.
                    let _ = tell.send((at, begun, took, answer));
                });
                while waiting.try_join_next().is_some() {}
            }
        };
        let losing = async {
            let mut served = 0;
            while served < BEFORE {
                let (.., answer) = answers.recv().await.ok_or("nobody asks any more")?;
                served = if answer == LabAnswer::Served(LOST) { served + 1 } else { 0 };
            }
            let (at, killed) = (self.running.clock.now(), self.running.clock.instant());
            self.inflict(LOST, LabFault::Kill).await?;
            let mut run = TierRun { tier, at, in_service_us: None, asked: 0, lost: 0, failover: None };
            let counting = async {
                while let Some((_, begun, took, answer)) = answers.recv().await {
                    if begun < killed {
                        continue;
                    }
                    run.asked += 1;
                    match answer {
                        LabAnswer::Served(REPLACEMENT) => {
                            let since = begun.saturating_duration_since(killed) + took;
                            run.in_service_us = u64::try_from(since.as_micros()).ok();
                            return;
                        }
                        LabAnswer::Served(_) => {}
                        _ => run.lost += 1,
                    }
                }
            };
            // What did not come in time is told as such.
            let _ = timeout(STEP_WITHIN, counting).await;
            Ok::<TierRun, Failed>(run)
        };
        tokio::select! {
            () = asking => Err("nobody asks any more".to_owned()),
            run = timeout(2 * STEP_WITHIN, losing) => run.unwrap_or_else(|_| Err("the server does not answer".to_owned())),
        }
    }

    async fn inflict(&self, number: u8, fault: LabFault) -> Result<(), Failed> {
        let targets = self.engine.lab().targets_of(self.running, number);
        let note = |at: Timestamp| self.engine.casebook().inflicted(&targets, domain::Fault { at, what: fault });
        let done = faults::inflict(self.running, number, fault, note).await;
        self.running.look();
        match done {
            // It is so already.
            Ok(()) | Err(LabError::NotNow(..)) => Ok(()),
            Err(error) => Err(error.to_string()),
        }
    }

    async fn until(&self, what: &str, holds: impl Fn(&Board) -> bool) -> Result<(), Failed> {
        let look = async {
            while !self.engine.with_board(&holds) {
                tokio::time::sleep(LOOK_EVERY).await;
            }
        };
        timeout(STEP_WITHIN, look).await.map_err(|_| format!("in vain it was waited until {what}"))
    }
}

impl Running {
    /// A name that nothing on the board has, written down before the group is made.
    fn choose_compared(&self, engine: &Engine) -> Result<GroupName, LabError> {
        let names = (1..100).map(|n| if n == 1 { "lab-standby".to_owned() } else { format!("lab-standby-{n}") });
        let mut free = names.filter_map(|name| name.parse::<GroupName>().ok());
        let free = free.find(|name| engine.with_board(|board| !board.groups.contains_key(name)));
        let group = free.ok_or_else(|| LabError::Directory("no name is free".to_owned()))?;
        self.note_compared(Some(group.clone()))?;
        Ok(group)
    }

    /// Writes down which group is made for a comparison, so that it is removed with the lab.
    fn note_compared(&self, group: Option<GroupName>) -> Result<(), LabError> {
        let failed = |error: std::io::Error| LabError::Directory(error.to_string());
        let mut manifest: Manifest = self.place.manifest().map_err(failed)?.ok_or(LabError::NotRunning)?;
        manifest.compared = group;
        self.place.write_manifest(&manifest).map_err(failed)
    }
}
