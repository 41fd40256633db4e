//! Drills: a loss on purpose, which makes a record with a verdict.

use domain::{
    Change, Criteria, DRILL_MAX_S, Drill, DrillKind, FloorRule, GroupName, Health, LabFault, TargetId, Timestamp,
    is_same_place,
};

use super::{DrainAsk, Engine};
use crate::{Author, ChangeError, DrillRefusal};

/// A drill as somebody asks for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DrillAsk {
    /// What is done.
    pub kind: DrillKind,
    /// How long it lasts, in seconds; at most [`DRILL_MAX_S`].
    pub lasts_s: u32,
    /// What it must not exceed.
    pub criteria: Criteria,
    /// A schedule asks, not a person.
    pub scheduled: bool,
}

impl Engine {
    /// Begins a drill on a target that serves. Its record is there as soon as the loss is seen.
    pub async fn drill(
        &self,
        group: GroupName,
        id: TargetId,
        ask: DrillAsk,
        author: Author,
    ) -> Result<(), ChangeError> {
        let at = self.clock().now();
        let until = at.plus_millis(i64::from(ask.lasts_s.clamp(1, DRILL_MAX_S)) * 1000);
        let address = self.may_drill(&group, id)?;
        let DrillAsk { kind, criteria, scheduled, .. } = ask;
        self.casebook.expect_drill(id, Drill { kind, at, until, criteria, scheduled });
        let begun = match kind {
            DrillKind::Kill => self.break_in_lab(&address, LabFault::Kill, until).await,
            DrillKind::Hang => self.break_in_lab(&address, LabFault::Hang, until).await,
            DrillKind::Drain => {
                let lease_s = Some(ask.lasts_s.clamp(1, DRILL_MAX_S));
                let ask = DrainAsk { lease_s, floor: FloorRule::Keep, ..DrainAsk::default() };
                self.drain(group, vec![id], ask, author).await
            }
            DrillKind::AsIfUnhealthy => self.change(Change::Feign(group, id, Some(until)), author).await,
        };
        if begun.is_err() {
            self.casebook.forget_drill(id);
        }
        begun
    }

    /// Ends a drill before its time: what it did is undone. Nothing happens where no drill goes on.
    pub async fn end_drill(&self, group: GroupName, id: TargetId, author: Author) -> Result<(), ChangeError> {
        let (address, is_feigned, is_drained) = self.with_board(|board| {
            let state = board.groups.get(&group).ok_or_else(|| ChangeError::NoSuchGroup(group.clone()))?;
            let target = state.targets.get(&id).ok_or(ChangeError::NoSuchTarget(id))?;
            Ok::<_, ChangeError>((target.target.address(), target.feigned.is_some(), target.drain.is_some()))
        })?;
        match self.casebook.drill_of(id).map(|drill| drill.kind) {
            Some(DrillKind::AsIfUnhealthy) if is_feigned => self.change(Change::Feign(group, id, None), author).await,
            Some(DrillKind::Drain) if is_drained => self.return_to_service(group, vec![id], author).await,
            Some(DrillKind::Kill | DrillKind::Hang) => {
                let servers = self.bench.servers();
                let number =
                    servers.iter().find(|(_, server)| is_same_place(server, &address)).map(|(number, _)| *number);
                number.into_iter().for_each(|number| self.casebook.bring_back(number, self.clock().now()));
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// The address of a target on which a drill may be held: it serves, and so do others.
    fn may_drill(&self, group: &GroupName, id: TargetId) -> Result<String, ChangeError> {
        self.with_board(|board| {
            let state = board.groups.get(group).ok_or_else(|| ChangeError::NoSuchGroup(group.clone()))?;
            let target = state.targets.get(&id).ok_or(ChangeError::NoSuchTarget(id))?;
            if !board.bindings.values().any(|state| state.binding.group == *group) {
                return Err(DrillRefusal::NotServed.into());
            }
            if !matches!(target.health, Health::Healthy { .. }) || !board.serves(state, target) {
                return Err(DrillRefusal::NotServing.into());
            }
            if board.in_service(state).len() < 2 {
                return Err(DrillRefusal::NobodyElse.into());
            }
            Ok(target.target.address())
        })
    }

    async fn break_in_lab(&self, address: &str, fault: LabFault, until: Timestamp) -> Result<(), ChangeError> {
        let servers = self.bench.servers();
        let number = servers.iter().find(|(_, server)| is_same_place(server, address)).map(|(number, _)| *number);
        let number = number.ok_or(DrillRefusal::NotInLab)?;
        let done = self.lab().inflict(number, fault).await;
        done.map_err(|error| DrillRefusal::Lab(error.to_string()))?;
        self.casebook.bring_back(number, until);
        Ok(())
    }
}
