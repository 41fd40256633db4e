//! Where we say one thing of a target and a proxy another.

use crate::{AdminState, Board, DrainStage, Front, GroupName, GroupState, Health, TargetState, Timestamp};

/// What is not agreed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Dispute {
    /// We find it healthy; the proxy holds it down.
    ProxySaysDown,
    /// We find it unhealthy; the proxy goes on using it.
    ProxySaysUp,
    /// It is to be out of service; the proxy goes on using it.
    NotTakenOut,
    /// It is to be in service; somebody else took it out.
    TakenOutOutside,
    /// It is to be out of service; somebody else brought it back.
    BroughtBackOutside,
    /// We took it out, and cannot bring it back: the proxy has no such backend any more.
    BackendGone,
}

impl Dispute {
    /// The API's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ProxySaysDown => "proxy_says_down",
            Self::ProxySaysUp => "proxy_says_up",
            Self::NotTakenOut => "not_taken_out",
            Self::TakenOutOutside => "taken_out_outside",
            Self::BroughtBackOutside => "brought_back_outside",
            Self::BackendGone => "backend_gone",
        }
    }
}

/// A target on which a proxy and we do not agree.
#[derive(Clone, Debug, PartialEq)]
pub struct Disagreement<'a> {
    /// The group.
    pub group: &'a GroupName,
    /// The target.
    pub target: &'a TargetState,
    /// The server.
    pub front: Front<'a>,
    /// What about.
    pub dispute: Dispute,
    /// Since when; none where that is not known.
    pub since: Option<Timestamp>,
}

impl Front<'_> {
    /// What is not agreed on about this server of the target.
    pub fn dispute(&self, target: &TargetState) -> Option<Dispute> {
        // Of a proxy that does not answer nothing is known.
        let (true, Some(admin)) = (self.proxy.link.is_up(), self.admin()) else { return None };
        let is_out = admin != AdminState::Ready;
        let wanted_out = target.drain.is_some() && self.binding.binding.mode.drains();
        match (self.outside(), is_out) {
            (Some(_), true) => return Some(Dispute::TakenOutOutside),
            (Some(_), false) => return Some(Dispute::BroughtBackOutside),
            (None, _) => {}
        }
        if wanted_out {
            // An order that is on its way is no dispute yet; one that failed is.
            let failed = self.trouble().is_some();
            return (!is_out && failed).then_some(Dispute::NotTakenOut);
        }
        if self.hold().is_some() && self.binding.backend(self.proxy).is_none() {
            return Some(Dispute::BackendGone);
        }
        let says = self.server.and_then(|server| server.is_up);
        match (&target.health, says, is_out) {
            (Health::Healthy { .. }, Some(false), false) => Some(Dispute::ProxySaysDown),
            (Health::Unhealthy { .. }, up, false) if up != Some(false) => Some(Dispute::ProxySaysUp),
            _ => None,
        }
    }

    fn dispute_since(&self, target: &TargetState, dispute: Dispute) -> Option<Timestamp> {
        match dispute {
            Dispute::TakenOutOutside | Dispute::BroughtBackOutside => self.outside().map(|outside| outside.since),
            Dispute::NotTakenOut => target.drain.as_ref().map(|drain| drain.at),
            Dispute::BackendGone => self.hold().map(|hold| hold.at),
            Dispute::ProxySaysDown | Dispute::ProxySaysUp => self.since().map(|since| since.max(target.since)),
        }
    }
}

impl Board {
    /// Every disagreement, group by group.
    pub fn disagreements(&self) -> Vec<Disagreement<'_>> {
        let bound = self.groups.iter().filter(|(name, _)| self.is_bound(name));
        bound.flat_map(|(name, state)| self.disagreements_of(name, state)).collect()
    }

    /// The disagreements about a group.
    pub fn disagreements_of<'a>(&'a self, group: &'a GroupName, state: &'a GroupState) -> Vec<Disagreement<'a>> {
        let mut all = Vec::new();
        for (target, fronts) in self.fronts_of_all(state) {
            for front in fronts {
                if let Some(dispute) = front.dispute(target) {
                    let since = front.dispute_since(target, dispute);
                    all.push(Disagreement { group, target, front, dispute, since });
                }
            }
        }
        all
    }

    /// Whether a proxy stands before the group.
    pub fn is_bound(&self, group: &GroupName) -> bool {
        self.bindings.values().any(|state| state.binding.group == *group)
    }

    /// Whether a proxy stands before the group in which a drain is carried out.
    pub fn can_drain(&self, group: &GroupName) -> bool {
        self.bindings.values().any(|state| state.binding.group == *group && state.binding.mode.drains())
    }
}

impl GroupState {
    /// The targets that are being taken out now.
    pub fn draining(&self) -> usize {
        let stages = self.targets.values().filter_map(|target| target.drain.as_ref());
        stages.filter(|drain| drain.stage == DrainStage::Draining).count()
    }
}
