//! Keeps the failover records: follows the events, asks the synthetic client what it saw, and stores what is found.
//!
//! What belongs into a record, and when it begins and ends, [`domain::Chronicle`] decides.

mod registrar;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::{Brief, Chronicle, Drill, Failover, FailoverId, Fault, GroupName, TargetId, Timestamp};

pub(crate) use registrar::Registrar;

/// The records that are open, for those who inflict faults and for those who look. Clones are the same.
#[derive(Clone, Debug, Default)]
pub(crate) struct Casebook {
    chronicle: Arc<Mutex<Chronicle>>,
    /// Servers of the lab that a drill has broken, and when they are brought back.
    broken: Arc<Mutex<Vec<(u8, Timestamp)>>>,
}

impl Casebook {
    /// A fault is about to be inflicted on these targets.
    pub(crate) fn inflicted(&self, targets: &[TargetId], fault: Fault) {
        let mut chronicle = self.chronicle();
        targets.iter().for_each(|target| chronicle.inflicted(*target, fault));
    }

    /// What happens to the target from now on is a drill.
    pub(crate) fn expect_drill(&self, target: TargetId, drill: Drill) {
        self.chronicle().expect_drill(target, drill);
    }

    /// It is no drill after all.
    pub(crate) fn forget_drill(&self, target: TargetId) {
        self.chronicle().forget_drill(target);
    }

    /// Whether a drill of one of these targets is not over yet.
    pub(crate) fn has_drill(&self, targets: impl IntoIterator<Item = TargetId>, now: Timestamp) -> bool {
        let chronicle = self.chronicle();
        targets.into_iter().any(|target| chronicle.has_drill(target, now))
    }

    /// The drill of a target, while its record is open.
    pub(crate) fn drill_of(&self, target: TargetId) -> Option<Drill> {
        self.chronicle().open().find(|open| open.target == target)?.drill.clone()
    }

    /// A server of the lab is brought back then, and not at another time.
    pub(crate) fn bring_back(&self, number: u8, at: Timestamp) {
        let mut broken = self.broken.lock().unwrap_or_else(PoisonError::into_inner);
        broken.retain(|(other, _)| *other != number);
        broken.push((number, at));
    }

    /// The servers of the lab that are to be brought back now; each is told once.
    fn due(&self, now: Timestamp) -> Vec<u8> {
        let mut broken = self.broken.lock().unwrap_or_else(PoisonError::into_inner);
        let due = broken.iter().filter(|(_, at)| *at <= now).map(|(number, _)| *number).collect();
        broken.retain(|(_, at)| now < *at);
        due
    }

    /// A record that is open.
    pub(crate) fn open(&self, id: FailoverId) -> Option<Failover> {
        self.chronicle().open().find(|open| open.id == id).cloned()
    }

    /// The records that are open, newest first.
    pub(crate) fn briefs(&self, group: Option<&GroupName>) -> Vec<Brief> {
        let chronicle = self.chronicle();
        let ours = chronicle.open().filter(|open| group.is_none_or(|group| open.group == *group));
        let mut briefs: Vec<Brief> = ours.map(Failover::brief).collect();
        briefs.sort_unstable_by_key(|brief| std::cmp::Reverse(brief.id));
        briefs
    }

    fn chronicle(&self) -> MutexGuard<'_, Chronicle> {
        self.chronicle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
