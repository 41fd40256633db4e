//! The form with a target's role.

use domain::{GroupName, Invalid, Problem, Role, StarterName, TargetId, Tier};

use crate::ssr::Desk;
use crate::{FormState, Notice, Route, Tab};

use super::{Answer, Refusal, told};

/// Promotes the target, lets it fall back, or gives it another role.
pub(super) async fn standby(
    desk: &Desk<'_>,
    name: &GroupName,
    id: TargetId,
    form: &FormState,
) -> Result<Answer, Refusal> {
    let shown = |target: &domain::TargetState| target.target.display_name();
    let called = desk.engine.with_board(|board| board.target(name, id).map(shown)).ok_or(Refusal::Gone)?;
    let author = desk.author(form.why());
    let back = Route::Group(name.clone(), Tab::Targets);
    if form.asks_for("promote") {
        let done = desk.engine.promote(name.clone(), id, author).await;
        return told(desk, done, back, Notice::StandbyPromoted(called));
    }
    if form.asks_for("fall_back") {
        let done = desk.engine.fall_back(name.clone(), id, author).await;
        return told(desk, done, back, Notice::StandbyFallsBack(called));
    }
    desk.engine.set_role(name.clone(), id, role(form)?, author).await?;
    Ok(Answer::Done(back, Notice::TargetSaved(called)))
}

fn role(form: &FormState) -> Result<Role, Refusal> {
    let wrong = |field: &str, problem| Refusal::Wrong(vec![Invalid::new(field, problem)]);
    let tier: Tier = match form.text("standby_role") {
        "active" => return Ok(Role::Active),
        text => {
            let choices = || Problem::OneOf("active, hot, warm, cold".to_owned());
            text.parse().map_err(|()| wrong("standby_role", choices()))?
        }
    };
    match (tier, form.text("starter")) {
        (Tier::Hot | Tier::Warm, _) => Ok(Role::Standby(tier, None)),
        (Tier::Cold, "") => Err(wrong("starter", Problem::Missing)),
        (Tier::Cold, text) => {
            let starter: StarterName =
                text.parse().map_err(|_| wrong("starter", Problem::NoSuch(domain::clean(text, 100))))?;
            Ok(Role::Standby(tier, Some(starter)))
        }
    }
}
