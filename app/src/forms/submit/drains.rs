//! Forms that take targets out of service and bring them back.

use domain::{AfterDelay, Consequence, DrainReason, FloorRule, GroupName, Invalid, LEASE_MAX_S, Problem, TargetId};
use engine::{ChangeError, DrainAsk};

use crate::forms::consequence::name_to_type;
use crate::ssr::Desk;
use crate::{FormState, Notice, Route, Tab};

use super::{Answer, Refusal, told};

/// Drains targets once the reader has seen what stays. Those that are gone already need nothing.
pub(super) async fn drain(
    desk: &Desk<'_>,
    name: &GroupName,
    ids: &[TargetId],
    form: &FormState,
) -> Result<Answer, Refusal> {
    let there = Chosen::of(desk, name, ids)?;
    let back = Route::Group(name.clone(), Tab::Targets);
    if there.ids.is_empty() {
        return Ok(Answer::Done(back, Notice::NothingChosen));
    }
    if form.text("confirm") != "yes" {
        return Ok(Answer::Asked);
    }
    let floor = there.floor(form);
    let ask = ask(form);
    let (floor, (ask, reason)) = match (floor, ask) {
        (Ok(floor), Ok(ask)) => (floor, ask),
        (floor, ask) => {
            let wrong = floor.err().into_iter().chain(ask.err().unwrap_or_default());
            return Err(Refusal::Wrong(wrong.collect()));
        }
    };
    let count = there.count();
    let drained =
        desk.engine.drain(name.clone(), there.ids.clone(), DrainAsk { floor, ..ask }, desk.author(Some(reason)));
    drained.await.map_err(|error| there.refusal(error))?;
    Ok(Answer::Done(back, Notice::TargetsDrained(count)))
}

/// What was typed, without the group's minimum: how to drain, and why.
fn ask(form: &FormState) -> Result<(DrainAsk, String), Vec<Invalid>> {
    let mut wrong = Vec::new();
    let reason = form.text("reason").trim();
    if reason.is_empty() {
        wrong.push(Invalid::new("reason", Problem::Missing));
    }
    if DrainReason::MAX < reason.chars().count() {
        wrong.push(Invalid::new("reason", Problem::TooLong(DrainReason::MAX as u32)));
    }
    let lease_s = match form.text("duration").trim() {
        "" => None,
        text => match text.parse::<u32>() {
            Ok(seconds) if (1..=LEASE_MAX_S).contains(&seconds) => Some(seconds),
            _ => {
                wrong.push(Invalid::new("duration", Problem::Range { min: 1, max: LEASE_MAX_S }));
                None
            }
        },
    };
    let after_delay = match form.text("after_delay") {
        "" => AfterDelay::default(),
        text => text.parse().unwrap_or_else(|()| {
            wrong.push(Invalid::new("after_delay", Problem::OneOf("wait, cut".to_owned())));
            AfterDelay::default()
        }),
    };
    let ask = DrainAsk { lease_s, after_delay, floor: FloorRule::Keep };
    if wrong.is_empty() { Ok((ask, DrainReason::new(reason).as_str().to_owned())) } else { Err(wrong) }
}

/// Brings targets back into service.
pub(super) async fn bring_back(
    desk: &Desk<'_>,
    name: &GroupName,
    ids: &[TargetId],
    form: &FormState,
) -> Result<Answer, Refusal> {
    let there = Chosen::of(desk, name, ids)?;
    let back = match (desk.request.query.as_str(), ids) {
        ("back=target", [id]) => Route::Target(name.clone(), *id),
        _ => Route::Group(name.clone(), Tab::Targets),
    };
    if there.ids.is_empty() {
        return Ok(Answer::Done(back, Notice::NothingChosen));
    }
    let count = there.count();
    let returned = desk.engine.return_to_service(name.clone(), there.ids, desk.author(form.why())).await;
    told(desk, returned, back, Notice::TargetsReturned(count))
}

/// Targets that were chosen and are still there, and what taking them out would do.
pub(super) struct Chosen {
    pub(super) ids: Vec<TargetId>,
    consequence: Consequence,
    can_drain: bool,
    /// What must be typed to go below the minimum.
    name: String,
}

impl Chosen {
    pub(super) fn of(desk: &Desk<'_>, name: &GroupName, ids: &[TargetId]) -> Result<Self, Refusal> {
        let read = |board: &domain::Board| {
            let group = board.groups.get(name)?;
            let ids: Vec<TargetId> = ids.iter().copied().filter(|id| group.targets.contains_key(id)).collect();
            let names = ids.iter().filter_map(|id| group.targets.get(id)).map(|target| target.target.display_name());
            Some(Self {
                consequence: board.consequence(name, &ids)?,
                can_drain: board.can_drain(name),
                name: name_to_type(&names.collect::<Vec<_>>(), name),
                ids,
            })
        };
        desk.engine.with_board(read).ok_or(Refusal::Gone)
    }

    pub(super) fn count(&self) -> u32 {
        u32::try_from(self.ids.len()).unwrap_or(u32::MAX)
    }

    /// Whether the group's minimum holds: it is overridden only by somebody who saw the warning and typed the name.
    pub(super) fn floor(&self, form: &FormState) -> Result<FloorRule, Invalid> {
        match self.can_drain && self.consequence.breaks_floor {
            false => Ok(FloorRule::Keep),
            true if form.text("typed_name").trim() == self.name => Ok(FloorRule::Override),
            true => Err(self.not_typed()),
        }
    }

    /// Something else went down between the page and now: the page that comes back asks for the name.
    pub(super) fn refusal(&self, error: ChangeError) -> Refusal {
        match error {
            ChangeError::Floor(_) => Refusal::Wrong(vec![self.not_typed()]),
            error => error.into(),
        }
    }

    fn not_typed(&self) -> Invalid {
        Invalid::new("typed_name", Problem::NameNotTyped(self.name.clone()))
    }
}
